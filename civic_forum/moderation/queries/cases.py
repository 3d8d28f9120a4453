"""One reported thing with what stands around it, for whoever decides about it."""

from dataclasses import dataclass

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.moderated import Surroundings
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, NotFound
from civic_forum.platform.i18n import _

from ..models import ModerationAction, Report, Signal
from .texts import texts, whose

MOST_REPORTS = 500
"""Of one thing at once, open ones first; the next come once these are closed."""


@dataclass(frozen=True)
class ReviewCase:
    kind: str
    id: int
    author: User | None
    """None: they left."""
    around: Surroundings
    reports: list[Report]
    """The open ones, the oldest first."""
    closed: list[Report]
    signals: list[Signal]
    acts: list[ModerationAction]
    """On this text and on its author, those that stand first, then the latest first."""
    is_protected: bool
    """Whether the author is an administrator."""

    @property
    def about(self) -> str:
        return str(Ref(self.kind, self.id))

    @property
    def seen(self) -> int:
        return max((report.id for report in self.reports), default=0)

    @property
    def is_hidden(self) -> bool:
        return self.around.passage.hidden_rule is not None


def case(kind: str, subject_id: int, by: User) -> ReviewCase:
    """The thing as this moderator reads it. Raises NotFound and Denied."""
    of, moderated = texts().get(kind, (None, None))
    row = of.record(subject_id) if of is not None else None
    around = moderated.around(row) if moderated is not None and row is not None else None
    if around is None:
        raise _missing()
    require_report(kind, subject_id, by)
    author_id = author_of(kind, subject_id)
    reports = list(db.session.scalars(sa.select(Report).filter_by(subject_kind=kind, subject_id=subject_id)
                                      .order_by(Report.closed_at.is_not(None), Report.id).limit(MOST_REPORTS)))
    return ReviewCase(
        kind=kind, id=subject_id, author=db.session.get(User, author_id) if author_id else None, around=around,
        reports=[report for report in reports if report.closed_at is None],
        closed=[report for report in reports if report.closed_at is not None],
        signals=list(db.session.scalars(sa.select(Signal).filter_by(subject_kind=kind, subject_id=subject_id)
                                        .order_by(Signal.id))),
        acts=_acts(kind, subject_id, author_id),
        is_protected=bool(people.administrators_among({author_id} - {None})))


def author_of(kind: str, subject_id: int) -> int | None:
    """Author of a text, None where they left and nobody needs to know. Raises NotFound where there is none."""
    row = db.session.execute(whose(kind, subject_id)).first() if kind in texts() else None
    if row is None or not (row[0] or texts()[kind][1].is_anonymous):
        raise _missing()
    return row[0]


def require_report(kind: str, subject_id: int, by: User) -> None:
    """A moderator looks at an anonymous text, and learns whose it is, by an act or the report of somebody else. Raises
    NotFound where there is none, Denied where they alone reported it."""
    if kind not in texts() or not texts()[kind][1].is_anonymous:
        return
    about = {"subject_kind": kind, "subject_id": subject_id}
    reporters = set(db.session.scalars(sa.select(Report.by_id).filter_by(**about).distinct().limit(2)))
    if reporters - {by.id} or db.session.scalar(sa.select(ModerationAction.id).filter_by(**about).limit(1)):
        return
    raise Denied(_("혼자 신고한 의견은 다른 운영자가 살펴봐요.")) if reporters else _missing()


def _missing() -> NotFound:
    return NotFound(_("없는 글이에요. 신고 목록에서 다시 골라 주세요."))


def _acts(kind: str, subject_id: int, author_id: int | None) -> list[ModerationAction]:
    here = sa.and_(ModerationAction.subject_kind == kind, ModerationAction.subject_id == subject_id)
    return list(db.session.scalars(sa.select(ModerationAction).where(
        sa.or_(here, ModerationAction.user_id == author_id) if author_id else here)
        .order_by(ModerationAction.ended_at.is_not(None), ModerationAction.id.desc()).limit(30)))
