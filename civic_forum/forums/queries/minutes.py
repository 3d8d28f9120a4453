"""Minutes and their corrections."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from civic_forum.accounts.models import User
from civic_forum.kernel.base import db
from civic_forum.kernel.errors import NotFound
from civic_forum.kernel.i18n import _

from ..models import Correction, Forum, ForumTable, Minutes, Note, Question
from ..rules.kinds import CorrectionState
from ..rules.minutes import corrections_until


@dataclass(frozen=True)
class MinutesState:
    """Progress of the minutes of a forum."""

    latest: Minutes | None
    drafted_at: datetime | None
    """When the first version was published: the week of corrections began."""
    open_corrections: int

    @property
    def corrections_until(self) -> datetime | None:
        return self.drafted_at and corrections_until(self.drafted_at)


NONE = MinutesState(None, None, 0)


def missing() -> NotFound:
    return NotFound(_("아직 회의록이 없어요. 공론장을 마친 뒤에 만들어요."))


def standing(forum_id: int) -> MinutesState:
    first = sa.select(sa.func.min(Minutes.published_at)).filter_by(forum_id=forum_id).scalar_subquery()
    waiting = (sa.select(sa.func.count()).select_from(Correction)
               .filter_by(forum_id=forum_id, state=CorrectionState.OPEN).scalar_subquery())
    row = db.session.execute(sa.select(Minutes, first, waiting).filter_by(forum_id=forum_id)
                             .order_by(Minutes.version.desc()).limit(1)).one_or_none()
    return MinutesState(*row) if row else NONE


def versions(forum_id: int) -> list[Minutes]:
    """All versions, oldest first, without their text."""
    return list(db.session.scalars(sa.select(Minutes).filter_by(forum_id=forum_id).order_by(Minutes.version)
                                   .options(defer(Minutes.sections))))


def version(forum_id: int, number: int) -> Minutes:
    """Raises NotFound."""
    found = db.session.scalar(sa.select(Minutes).filter_by(forum_id=forum_id, version=number))
    if found is None:
        raise missing()
    return found


def corrections(forum_id: int) -> list[Correction]:
    """Wishes for correction, oldest first, with their names."""
    return list(db.session.scalars(sa.select(Correction).filter_by(forum_id=forum_id).order_by(Correction.id)
                                   .options(joinedload(Correction.user))))


def accepted(forum_id: int) -> list[tuple[str, str, str]]:
    """Place, words and what becomes of them, in the order in which they were accepted."""
    rows = db.session.execute(
        sa.select(Correction.place, Correction.was, Correction.becomes)
        .filter_by(forum_id=forum_id, state=CorrectionState.ACCEPTED).order_by(Correction.replied_at, Correction.id))
    return [tuple(row) for row in rows]


def correction(forum_id: int, correction_id: int) -> Correction:
    """Raises NotFound."""
    found = db.session.scalar(sa.select(Correction).filter_by(forum_id=forum_id, id=correction_id))
    if found is None:
        raise NotFound(_("이 회의록에 그런 고칠 곳이 없어요."))
    return found


@dataclass(frozen=True)
class Beside:
    """Facts that the text of minutes does not hold itself."""

    names: dict[int, str]
    """What people are called by now; who left has no name any more."""
    withheld: frozenset[str]
    """Refs of what is hidden or was taken away by now: no version shows it any more."""


def beside(forum: Forum, user_ids: Iterable[int | None]) -> Beside:
    wanted = sorted({one for one in user_ids if one is not None})
    called = sa.select(sa.literal("user").label("what"), User.id.label("id"), User.nickname.label("name")).where(
        User.id.in_(wanted))
    hidden = sa.select(sa.literal("question"), Question.id, sa.null()).where(
        Question.forum_id == forum.id, Question.hidden_at.is_not(None))
    removed = (sa.select(sa.literal("note"), Note.id, sa.null()).join(ForumTable, ForumTable.id == Note.table_id)
               .where(ForumTable.forum_id == forum.id, Note.removed_at.is_not(None)))
    names, refs = {}, set()
    for what, row_id, name in db.session.execute(sa.union_all(called, hidden, removed)):
        if what == "user":
            names[row_id] = name or _("탈퇴한 회원")
        else:
            refs |= {f"{what}:{row_id}", f"{'answer' if what == 'question' else what}:{row_id}"}
    return Beside(names, frozenset(refs))
