"""What is reported, and by whom."""

import re
from dataclasses import dataclass

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.kernel.base import db
from civic_forum.kernel.errors import NotFound
from civic_forum.kernel.i18n import _
from civic_forum.kernel.registries import registries

from ..models import Report

ABOUT = re.compile(r"([a-z_]{1,30}):([1-9][0-9]{0,17})")


@dataclass(frozen=True)
class Reported:
    """A thing that is about to be reported."""

    kind: str
    id: int
    label: str
    url: str

    @property
    def about(self) -> str:
        return f"{self.kind}:{self.id}"


def reported(kind: str, subject_id: int, viewer) -> Reported:
    """The thing of this registered kind; raises NotFound also where the viewer cannot see it."""
    known = registries.reportable.get(kind)
    thing = known.find(viewer, subject_id) if known else None
    if thing is None:
        raise _missing()
    return Reported(kind, subject_id, known.label(thing), known.url(thing))


def reported_as(about: str, viewer) -> Reported:
    """The thing that an address calls `comment:12`."""
    parts = ABOUT.fullmatch(about)
    if parts is None:
        raise _missing()
    return reported(parts[1], int(parts[2]), viewer)


def _missing() -> NotFound:
    return NotFound(_("신고하려는 글이 없거나 지금은 볼 수 없어요."))


def report_of(thing: Reported, user: User) -> Report | None:
    return db.session.scalar(sa.select(Report).filter_by(subject_kind=thing.kind, subject_id=thing.id,
                                                         by_id=user.id))


def reports_by(user: User) -> list[Report]:
    return list(db.session.scalars(sa.select(Report).filter_by(by_id=user.id).order_by(Report.id)))
