"""Somebody wrote below what one has written."""

from civic_forum.blocks import kinds
from civic_forum.comments.events import CommentWritten
from civic_forum.comments.models import Comment, Thread
from civic_forum.kernel import hooks
from civic_forum.proposals.models import Proposal

from .. import steps
from ..queries import recipients
from ..rules import NoticeKind

PROPOSAL = "proposal"


@hooks.on(CommentWritten)
def tell_of_comment(fact: CommentWritten, session) -> None:
    """Tell of a comment, first who is answered: an author whose comment is answered below the own proposal is told
    once."""
    comment, thread = session.get_one(Comment, fact.comment_id), session.get_one(Thread, fact.thread_id)
    title = kinds.discussed_titles(thread.kind, [thread.owner_id]).get(thread.owner_id, "")
    said = {"kind": NoticeKind.REPLY, "about": f"{thread.kind}:{thread.owner_id}", "title": title,
            "url": f"/comments/{comment.id}", "once": f"comment:{comment.id}", "at": comment.at}
    if comment.parent_id is not None:
        answered = session.get_one(Comment, comment.parent_id)
        steps.tell(session, recipients.one(answered.author_id), step="replied", **said)
    if thread.kind == PROPOSAL:
        author_id = session.get_one(Proposal, thread.owner_id).author_id
        steps.tell(session, recipients.one(author_id), step="commented", **said)
