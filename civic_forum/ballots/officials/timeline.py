"""The way of a vote from its preparation to its publication: done by whom, missing, and next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import database_now, db
from civic_forum.platform.i18n import _

from ..keys import backups as backup_list
from ..models import BallotBox, Confirmation
from ..observing import queries as observed
from ..officers import queries as officers
from ..paper import queries as papers
from ..rules.boxes import ConfirmedAction
from . import queries


@dataclass(frozen=True)
class Step:
    """A step as the page tells it."""

    name: str
    """One of `words.STEP`."""
    done: bool
    at: datetime | None = None
    """Instant at which it was done."""
    due: datetime | None = None
    """Instant at which it comes by the clock, or can be done."""
    by: str = ""
    missing: str = ""
    is_next: bool = False
    is_passed: bool = False
    """Not done, and nobody waits for it any more."""


def of_box(box: BallotBox, confirmed: Iterable[Confirmation]) -> list[Step]:
    """All steps that this vote has; the first that is not done is the next one. `confirmed`: what officials proposed
    and confirmed, the newest first."""
    steps = list(_steps(box, _last(confirmed), database_now()))
    following = next((step for step in steps if not step.done and not step.is_passed), None)
    return [step if step is not following else Step(**vars(step) | {"is_next": True}) for step in steps]


def _last(confirmed: Iterable[Confirmation]) -> dict[ConfirmedAction, Confirmation]:
    """The newest of each action that a second official confirmed."""
    newest: dict[ConfirmedAction, Confirmation] = {}
    for confirmation in confirmed:
        if confirmation.confirmed_at is not None:
            newest.setdefault(confirmation.action, confirmation)
    return newest


def _steps(box: BallotBox, confirmed: dict[ConfirmedAction, Confirmation], now: datetime):
    """In their order. A step that is done before the opening stands between the first two."""
    ended, opened = box.closed_at is not None, box.opened_at is not None
    yield Step("prepared", True, at=box.created_at)
    if missing := officers.why_not_open(box, officers.parts_of(box)) if not opened else "":
        yield Step("officers", False, missing=missing)
    elif seats := officers.current(box, now):
        yield Step("officers", True, by=", ".join(seat.position for seat in seats))
    copied = confirmed.get(ConfirmedAction.EXPORT_KEY)
    if copied or not opened and queries.is_needed(box):
        missing = "" if opened else queries.why_not(box) or ""
        yield Step("safe", not missing, at=copied and copied.confirmed_at, by=_both(copied), missing=missing)
    yield Step("opened", opened, at=box.opened_at, due=box.opens_at, by=_both(confirmed.get(ConfirmedAction.OPEN)))
    yield Step("started", opened and (ended or now >= box.opens_at), due=box.opens_at)
    yield Step("ended", ended, at=box.closed_at, due=box.closes_at,
               by=_both(confirmed.get(ConfirmedAction.CLOSE_EARLY)))
    waits = papers.why_not_finished(box, now) if ended and box.finished_at is None else None
    yield Step("paper", ended and not waits, at=box.finished_at, due=papers.last_return(box), missing=waits or "")
    yield Step("counted", box.recorded_at is not None, at=box.recorded_at, by=_counted_by(box),
               missing=_("표를 셌고, 기록을 아직 만들지 않았어요.") if box.counted_at and not box.recorded_at else "")
    if not box.rehearsal and observed.observers(box):
        yield _observed(box)
    if backups := backup_list.listed(box.id):
        left = [backup.name for backup in backups if backup.gone_at is None]
        yield Step("backups", not left,
                   missing=_("지웠다고 적지 않은 백업이 %(count)s개 있어요.", count=len(left)) if left and ended else "")
    yield Step("destroyed", box.key_destroyed_at is not None, at=box.key_destroyed_at,
               by=_both(confirmed.get(ConfirmedAction.DESTROY_KEY)))
    if not box.rehearsal:
        yield Step("published", box.published_at is not None, at=box.published_at,
                   by=_both(confirmed.get(ConfirmedAction.PUBLISH)))


def _observed(box: BallotBox) -> Step:
    """Nobody waits for signatures any more once the ballots are deleted."""
    tally, needed = observed.counted(box), observed.needed(box)
    told = _("맞다 %(agreed)s명, 틀렸다 %(refused)s명. 맞다고 서명할 사람으로 정한 수는 %(needed)s명이에요.",
             agreed=tally.agreed, refused=tally.refused, needed=needed) if box.recorded_at else ""
    done = box.recorded_at is not None and tally.agreed >= needed
    return Step("observed", done, by=told if done else "", missing="" if done else told,
                is_passed=not done and box.erased_at is not None)


def _both(confirmed: Confirmation | None) -> str:
    """Both officials, and the words that they confirmed."""
    if confirmed is None:
        return ""
    names = _("%(one)s 님 제안, %(other)s 님 확인", one=confirmed.proposed_by.name, other=confirmed.confirmed_by.name)
    return f"{names}: {confirmed.note}" if confirmed.note else names


def _counted_by(box: BallotBox) -> str:
    names = db.session.scalars(
        sa.select(User).join(AuditEntry, AuditEntry.actor_id == User.id).order_by(AuditEntry.id)
        .where(AuditEntry.subject == f"ballot_box:{box.id.hex()}",
               AuditEntry.action.in_(("ballots.counted", "ballots.record_written"))))
    people = list(dict.fromkeys(user.name for user in names)) if box.counted_at else []
    return _("%(names)s 님이 했어요", names=", ".join(people)) if people else ""
