"""Registrations of comments with the rest of the site: search, one's own data."""

from civic_forum.accounts.models import User
from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.accounts.queries import users
from civic_forum.blocks import sections
from civic_forum.blocks.extensions import ME
from civic_forum.platform import hooks, rich_text
from civic_forum.platform.i18n import _, day
from civic_forum.search import operations as search

from .events import CommentChanged, CommentRemoved, CommentsHidden, CommentsShown, CommentWritten
from .kinds import COMMENT
from .models import Comment
from .queries import records

KIND = COMMENT.name


@hooks.on(CommentWritten)
@hooks.on(CommentChanged)
def make_findable(fact, session) -> None:
    comment = session.get_one(Comment, fact.comment_id)
    search.put(session, KIND, comment.id, title="", body=rich_text.text_of(comment.html), at=comment.at)


@hooks.on(CommentRemoved)
def forget_text(fact: CommentRemoved, session) -> None:
    search.remove(session, KIND, fact.comment_id)


@hooks.on(CommentsHidden)
def forget_texts(fact: CommentsHidden, session) -> None:
    search.remove_all(session, KIND, fact.comment_ids)


@hooks.on(CommentsShown)
def make_findable_again(fact: CommentsShown, session) -> None:
    search.put_all(session, [(KIND, comment.id, "", rich_text.text_of(comment.html), comment.at)
                             for comment in records.shown_of(fact.comment_ids)])


def _collect(user: User) -> dict[str, list[dict[str, object]]]:
    return {
        "written": [{"address": f"/comments/{comment.id}", "stance": comment.stance, "text": comment.source,
                     "at": comment.at.isoformat(), "edited_at": comment.edited_at and comment.edited_at.isoformat()}
                    for comment in records.written_by(user)],
        "supported": [{"address": f"/comments/{row.comment_id}", "at": row.at.isoformat()}
                      for row in records.supported_by(user)],
    }


PERSONAL_DATA["comments"] = PersonalData(collect=_collect, erase=lambda user, session: None)


MOST_OWN, WORDS = 20, 80


def own_comments(user: User) -> dict[str, object]:
    return sections.kept_for_one(_comments, user.id)


def _comments(user_id: int) -> dict[str, object]:
    comments, total = records.newest_by(users.by_id(user_id), MOST_OWN)
    return {"label": _("쓴 댓글"), "key": "comments", "place": 40, "total": total, "items": [
        (rich_text.excerpt(comment.html, WORDS), f"/comments/{comment.id}", day(comment.at)) for comment in comments]}


ME.add(own_comments)
