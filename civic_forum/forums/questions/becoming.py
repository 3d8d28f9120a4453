"""Notes and questions that somebody may carry on as a proposal: their own, and for moderators those without an account.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.statements import made_once
from civic_forum.platform.work import use_case
from civic_forum.proposals import operations as proposals
from civic_forum.proposals.models import Proposal

from .. import labels, operations
from ..models import Forum
from ..tables.models import ForumTable, Note
from .models import Question
from .policy import may_propose

MOST = 200
KINDS = {"note": Note, "question": Question}


@dataclass(frozen=True)
class Seed:
    """A note or a question, and the proposal that it became."""

    kind: str
    id: int
    text: str
    is_mine: bool
    draft_key: str | None
    number: str | None


def seeds(forum: Forum, user_id: int, *, moderates: bool) -> list[Seed]:
    """Newest first."""
    notes = (_seed("note", Note, user_id).join(ForumTable, ForumTable.id == Note.table_id)
             .where(ForumTable.forum_id == forum.id, Note.removed_at.is_(None), _whose(Note, user_id, moderates)))
    questions = (_seed("question", Question, user_id)
                 .where(Question.forum_id == forum.id, Question.hidden_at.is_(None),
                        _whose(Question, user_id, moderates)))
    rows = db.session.execute(sa.union_all(notes, questions).order_by(sa.text("3 DESC"), sa.text("1")).limit(MOST))
    return [Seed(kind, row_id, text, bool(mine), key if mine or author == user_id else None, number)
            for kind, text, row_id, mine, key, number, author in rows]


def _seed(kind: str, table: type[Note] | type[Question], user_id: int) -> sa.Select:
    mine = sa.case((table.user_id == user_id, 1), else_=0)
    return sa.select(sa.literal(kind), table.text, table.id, mine, Proposal.draft_key, Proposal.number,
                     Proposal.author_id).select_from(table).outerjoin(Proposal, Proposal.id == table.proposal_id)


def _whose(table: type[Note] | type[Question], user_id: int, moderates: bool) -> sa.ColumnElement[bool]:
    own = table.user_id == user_id
    return sa.or_(own, table.user_id.is_(None)) if moderates else own


def seed_of(forum: Forum, kind: str, row_id: int) -> Note | Question:
    """Raises NotFound for what is not at this forum, hidden or taken away."""
    seed = db.session.scalar(_one(forum, kind, row_id).with_for_update(of=KINDS[kind]))
    return existing(seed, lambda: NotFound(_("이 글은 이제 없어요.")))


def _one(forum: Forum, kind: str, row_id: int) -> sa.Select:
    if kind == "question":
        return sa.select(Question).where(Question.forum_id == forum.id, Question.id == row_id,
                                         Question.hidden_at.is_(None))
    return (sa.select(Note).join(ForumTable, ForumTable.id == Note.table_id)
            .where(ForumTable.forum_id == forum.id, Note.id == row_id, Note.removed_at.is_(None)))


def begun_at(proposal_id: int) -> list[sa.Row[tuple[str, str]]]:
    """Slug and title of the forums where a proposal began."""
    return list(db.session.execute(_begun_at(), {"proposal": proposal_id}))


@made_once
def _begun_at() -> sa.Select:
    proposal_id = sa.bindparam("proposal", type_=Proposal.id.type)
    note = (sa.select(ForumTable.forum_id).join(Note, Note.table_id == ForumTable.id)
            .where(Note.proposal_id == proposal_id, Note.removed_at.is_(None)))
    question = sa.select(Question.forum_id).where(Question.proposal_id == proposal_id, Question.hidden_at.is_(None))
    return (sa.select(Forum.slug, Forum.title).where(sa.or_(Forum.id.in_(note), Forum.id.in_(question)))
            .order_by(Forum.id).limit(3))


def propose(forum_id: int, kind: str, row_id: int, *, by: User) -> Proposal:
    """Begin the draft of a proposal with these words in it. Again gives the draft of the first time; raises Conflict
    where somebody else has begun one."""
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_propose, lambda forum: seed_of(forum, kind, row_id))
        seed = at.thing
        if seed.proposal_id is not None:
            begun = work.session.get_one(Proposal, seed.proposal_id)
            if begun.author_id != by.id:
                raise Conflict(_("이미 다른 분이 제안으로 이어 가고 있어요."))
            return begun
        problem = _("%(gathering)s 「%(title)s」에서 나온 말이에요.", gathering=labels.named(at.forum.form),
                    title=at.forum.title) + f"\n\n{seed.text}"
        draft = proposals.begin_with(work.session, seed.text, problem, by=by, at=work.at)
        seed.proposal_id = draft.id
        work.record("forums.proposal_begun", draft, **{kind: row_id})
        return draft
