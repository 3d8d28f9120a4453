"""Reports, and who made them."""

from dataclasses import dataclass

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.blocks.kinds import Ref
from civic_forum.comments.models import Comment
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _

from ..models import Report
from .texts import texts, whose


@dataclass(frozen=True)
class Reported:
    """A thing that is about to be reported."""

    kind: str
    id: int
    label: str
    url: str

    @property
    def about(self) -> str:
        return str(Ref(self.kind, self.id))


def reported(kind: str, subject_id: int, viewer) -> Reported:
    """The thing of this registered kind; raises NotFound also where the viewer cannot see it."""
    of, moderated = texts().get(kind, (None, None))
    thing = moderated.find(viewer, subject_id) if moderated else None
    if of is None or moderated is None or thing is None:
        raise _missing()
    return Reported(kind, subject_id, moderated.excerpt(thing), of.url(thing))


def reported_as(about: str, viewer) -> Reported:
    """The thing that an address calls `comment:12`."""
    ref = Ref.read(about)
    if ref is None:
        raise _missing()
    return reported(ref.kind, ref.id, viewer)


def _missing() -> NotFound:
    return NotFound(_("신고하려는 글이 없거나 지금은 볼 수 없어요."))


def report_of(thing: Reported, user: User) -> Report | None:
    return db.session.scalar(sa.select(Report).filter_by(subject_kind=thing.kind, subject_id=thing.id,
                                                         by_id=user.id))


def reports_by(user: User) -> list[Report]:
    return list(db.session.scalars(sa.select(Report).filter_by(by_id=user.id).order_by(Report.id)))


def count_by(user: User) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Report).filter_by(by_id=user.id)) or 0


def author_of(kind: str, subject_id: int) -> int:
    """Author of the text. Raises NotFound."""
    found = kind in texts() and db.session.scalar(whose(kind, subject_id))
    if not found:
        raise _missing()
    return found


def is_gone(kind: str, subject_id: int) -> bool:
    """True if the author deleted it."""
    return kind == "comment" and db.session.scalar(
        sa.select(Comment.deleted_at).filter_by(id=subject_id)) is not None


def is_open(kind: str, subject_id: int, seen: int) -> bool:
    """True if one of the reports up to this number still waits."""
    return db.session.scalar(_of(kind, subject_id).where(Report.id <= seen, Report.closed_at.is_(None)).limit(1)
                             ) is not None


def last_closed(kind: str, subject_id: int) -> Report | None:
    return db.session.scalar(_of(kind, subject_id).where(Report.closed_at.is_not(None))
                             .order_by(Report.closed_at.desc(), Report.id.desc()).limit(1))


def _of(kind: str, subject_id: int) -> sa.Select:
    return sa.select(Report).filter_by(subject_kind=kind, subject_id=subject_id)
