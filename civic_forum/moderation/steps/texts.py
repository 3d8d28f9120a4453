"""Texts with all that counts them, held in one order: an act on many comments counts them anew at many proposals."""

from collections.abc import Collection

import sqlalchemy as sa

from civic_forum.budgets.projects import hiding as projects
from civic_forum.comments.models import Comment, Thread
from civic_forum.proposals.models import Proposal


def hold_texts(session, comment_ids: Collection[int], proposal_ids: Collection[int],
               project_ids: Collection[int] = ()) -> None:
    """The rounds of projects, then threads, then comments, then the proposals themselves and those that the comments
    are about."""
    if project_ids:
        projects.hold_rounds(session, project_ids)
    threads = sa.select(Comment.thread_id).where(Comment.id.in_(comment_ids))
    wanted = ((Thread, Thread.id.in_(threads)), (Comment, Comment.id.in_(comment_ids)),
              (Proposal, sa.or_(Proposal.id.in_(proposal_ids), Proposal.thread_id.in_(threads))))
    for table, which in wanted if comment_ids else wanted[2:] if proposal_ids else ():
        session.execute(sa.select(table.id).where(which).order_by(table.id).with_for_update(key_share=True)).all()
