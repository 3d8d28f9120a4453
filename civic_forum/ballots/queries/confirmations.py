"""Proposals of officials and their confirmations."""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.kernel import clock
from civic_forum.kernel.base import db
from civic_forum.kernel.errors import NotFound
from civic_forum.kernel.i18n import _

from ..models import BallotBox, Confirmation
from ..rules.boxes import POSSIBLE_AT, ConfirmationState, ConfirmedAction, confirmation_state, stage_of
from ..rules.encoding import Canonical, digest, parse_canonical
from . import boxes, rolls

NOTHING = b""
BOTH = joinedload(Confirmation.proposed_by), joinedload(Confirmation.confirmed_by)
"""The official who proposed it, and the one who confirmed it."""


def fingerprint(action: ConfirmedAction, box: BallotBox) -> bytes:
    """Of all that is confirmed by this action as it stands now: any change makes a pending confirmation void."""
    return fingerprints(action, [box])[box.id]


def fingerprints(action: ConfirmedAction, found: Iterable[BallotBox]) -> dict[bytes, bytes]:
    """The same of several boxes, by their ids, in as few statements."""
    found = list(found)
    rolled = {box.roll_id for box in found if action is ConfirmedAction.OPEN and box.roll_id is not None}
    standings = rolls.standings(rolled) if rolled else {}
    return {box.id: _fingerprint(action, box, standings) for box in found}


def _fingerprint(action: ConfirmedAction, box: BallotBox, standings: Mapping[int, bytes]) -> bytes:
    what = [action.encode("ascii"), box.fingerprint]
    if action is ConfirmedAction.OPEN and box.roll_id is not None:
        what += [b"%d" % box.roll_id, standings[box.roll_id]]
    if action in (ConfirmedAction.DESTROY_KEY, ConfirmedAction.PUBLISH):
        what += [(box.result or "").encode(), box.public_sha256 or NOTHING, box.observers_sha256 or NOTHING]
    return digest("confirmation/1", *what)


def held(confirmation_id: int) -> Confirmation:
    """Read again and locked until the transaction ends. Raises NotFound."""
    return _there(db.session.get(Confirmation, confirmation_id, with_for_update=True, populate_existing=True))


def pending(box_id: bytes, action: ConfirmedAction, *, lock: bool = False) -> Confirmation | None:
    """The one that nobody has ended; whether it can still be confirmed is `rules.boxes.confirmation_state`'s to say."""
    found = sa.select(Confirmation).filter_by(box_id=box_id, action=action, ended_at=None)
    found = found.execution_options(populate_existing=True)
    return db.session.scalar(found.with_for_update() if lock else found.options(joinedload(Confirmation.proposed_by)))


def alive(box_id: bytes, action: ConfirmedAction) -> Confirmation | None:
    """The one that another official can confirm now. Raises NotFound where there is no such box."""
    box, found = boxes.required(box_id), pending(box_id, action)
    return found if found is not None and state_of(found, box) is ConfirmationState.PENDING else None


def all_alive(action: ConfirmedAction, prints: Mapping[bytes, bytes]) -> dict[bytes, Confirmation]:
    """Those that another official can confirm now, by box, with who proposed them; `prints` is what `fingerprints`
    says of these boxes."""
    now = clock.now()
    return {box_id: one for box_id, found in pending_of(prints).items() for one in found if one.action is action
            and confirmation_state(one, prints[box_id], now) is ConfirmationState.PENDING}


def state_of(confirmation: Confirmation, box: BallotBox) -> ConfirmationState:
    """The state that says whether it can still be confirmed, and if not, why."""
    now = clock.now()
    state = confirmation_state(confirmation, fingerprint(confirmation.action, box), now)
    over = now >= box.closes_at and confirmation.action is ConfirmedAction.OPEN
    if state is ConfirmationState.PENDING and (over or stage_of(box, now) not in POSSIBLE_AT[confirmation.action]):
        return ConfirmationState.TOO_LATE
    return state


def confirmed(box_id: bytes, action: ConfirmedAction) -> Confirmation | None:
    """The last one that a second official confirmed."""
    return db.session.scalar(
        sa.select(Confirmation).filter_by(box_id=box_id, action=action).where(Confirmation.confirmed_at.is_not(None))
        .order_by(Confirmation.id.desc()).limit(1).options(*BOTH))


def draw_of(box_id: bytes) -> dict[str, Canonical]:
    """The draw as it stands in the record; {} where no tie needed one, or nobody has confirmed it yet."""
    found = confirmed(box_id, ConfirmedAction.DRAW)
    return parse_canonical(found.note.encode()) if found else {}


def of_box(box_id: bytes) -> list[Confirmation]:
    """All of a box, the newest first."""
    return list(db.session.scalars(
        sa.select(Confirmation).filter_by(box_id=box_id).order_by(Confirmation.id.desc()).limit(100).options(*BOTH)))


def pending_of(box_ids: Iterable[bytes]) -> dict[bytes, list[Confirmation]]:
    """Those that nobody has ended, by box; in one query, read again."""
    found: dict[bytes, list[Confirmation]] = {}
    for one in db.session.scalars(sa.select(Confirmation).where(
            Confirmation.box_id.in_(list(box_ids)), Confirmation.ended_at.is_(None))
            .options(joinedload(Confirmation.proposed_by)).execution_options(populate_existing=True)):
        found.setdefault(one.box_id, []).append(one)
    return found


def box_of(confirmation_id: int) -> bytes:
    """Which box a proposal is about. Raises NotFound."""
    return _there(db.session.scalar(sa.select(Confirmation.box_id).filter_by(id=confirmation_id)))


def _there(found):
    if found is None:
        raise NotFound(_("그런 제안이 없어요."))
    return found
