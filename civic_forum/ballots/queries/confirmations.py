"""Proposals of officials and their confirmations."""

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _

from ..models import BallotBox, Confirmation
from ..rules.boxes import POSSIBLE_AT, REASONED, ConfirmationState, ConfirmedAction, confirmation_state, stage_of
from ..rules.encoding import Canonical, digest, parse_canonical
from ..rules.observing import Statement
from . import boxes, observed, rolls

NOTHING = b""
AFTER_REFUSALS = frozenset({ConfirmedAction.ANSWER_REFUSAL, ConfirmedAction.DESTROY_KEY, ConfirmedAction.PUBLISH})
"""Void when another observer refuses."""
OF_THE_RESULT = AFTER_REFUSALS | {ConfirmedAction.SET_BACK, ConfirmedAction.WITHOUT_SIGNATURES}
BOTH = joinedload(Confirmation.proposed_by), joinedload(Confirmation.confirmed_by)
"""The official who proposed it, and the one who confirmed it."""


def fingerprint(action: ConfirmedAction, box: BallotBox, note: str | None = None) -> bytes:
    """Of all that is confirmed by this action as it stands now: any change makes a pending confirmation void. `note`:
    the words of whoever proposed it, which are confirmed with it; a draw is not, since both type it."""
    return _with_words(action, fingerprints(action, [box])[box.id], note)


def _with_words(action: ConfirmedAction, found: bytes, note: str | None) -> bytes:
    return found if note is None or action not in REASONED else digest("reasoned/1", found, note.encode())


def now_of(proposed: Confirmation, box: BallotBox) -> bytes:
    """The fingerprint that a confirmation of this proposal would have now."""
    return fingerprint(proposed.action, box, proposed.note)


def fingerprints(action: ConfirmedAction, found: Iterable[BallotBox]) -> dict[bytes, bytes]:
    """The same of several boxes, by their ids, in as few statements."""
    found = list(found)
    rolled = {box.roll_id for box in found if action is ConfirmedAction.OPEN and box.roll_id is not None}
    standings = rolls.standings(rolled) if rolled else {}
    return {box.id: _fingerprint(action, box, standings) for box in found}


def _fingerprint(action: ConfirmedAction, box: BallotBox, standings: Mapping[int, bytes],
                 refusals: Sequence[Statement] | None = None) -> bytes:
    what = [action.encode("ascii"), box.fingerprint]
    if action is ConfirmedAction.OPEN and box.roll_id is not None:
        what += [b"%d" % box.roll_id, standings[box.roll_id]]
    if action in OF_THE_RESULT:
        what += [(box.result or "").encode(), box.public_sha256 or NOTHING, box.observers_sha256 or NOTHING]
    if action in AFTER_REFUSALS:
        what += [bytes.fromhex(one.signature) for one in (observed.refusals(box) if refusals is None else refusals)]
    return digest("confirmation/1", *what)


def answering(box: BallotBox, refusals: Sequence[Statement], words: str | None) -> bytes:
    """The fingerprint of an answer in these words to exactly these refusals."""
    action = ConfirmedAction.ANSWER_REFUSAL
    return _with_words(action, _fingerprint(action, box, {}, refusals), words)


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


Proposed = dict[bytes, Confirmation]
"""Proposals by box."""


def proposed(action: ConfirmedAction, prints: Mapping[bytes, bytes]) -> tuple[Proposed, Proposed]:
    """Proposals of an action without a reason, with who proposed them, in one statement: those that another official
    can confirm now, and of each box the last one beside it. `prints` is what `fingerprints` says of these boxes."""
    now, alive, before = clock.now(), {}, {}
    of_these = sa.select(sa.func.max(Confirmation.id)).where(Confirmation.box_id.in_(prints)).filter_by(action=action)
    last = of_these.where(Confirmation.ended_at.is_not(None)).group_by(Confirmation.box_id)
    unended = of_these.where(Confirmation.ended_at.is_(None)).group_by(Confirmation.box_id)
    for one in db.session.scalars(sa.select(Confirmation).order_by(Confirmation.id).options(*BOTH).where(
            Confirmation.id.in_(last) | Confirmation.id.in_(unended)).execution_options(populate_existing=True)):
        pending = confirmation_state(one, prints[one.box_id], now) is ConfirmationState.PENDING
        (alive if pending else before)[one.box_id] = one
    return alive, before


def state_of(confirmation: Confirmation, box: BallotBox) -> ConfirmationState:
    """The state that says whether it can still be confirmed, and if not, why."""
    now = clock.now()
    state = confirmation_state(confirmation, now_of(confirmation, box), now)
    over = now >= box.closes_at and confirmation.action is ConfirmedAction.OPEN
    if state is ConfirmationState.PENDING and (over or stage_of(box, now) not in POSSIBLE_AT[confirmation.action]):
        return ConfirmationState.TOO_LATE
    return state


def confirmed(box_id: bytes, action: ConfirmedAction) -> Confirmation | None:
    """The last one that a second official confirmed."""
    return db.session.scalar(
        sa.select(Confirmation).filter_by(box_id=box_id, action=action).where(Confirmation.confirmed_at.is_not(None))
        .order_by(Confirmation.id.desc()).limit(1).options(*BOTH))


def destruction(box: BallotBox) -> Confirmation | None:
    """The destruction of its key as two officials confirmed it for this very record."""
    found = confirmed(box.id, ConfirmedAction.DESTROY_KEY)
    return found if found is not None and found.fingerprint == now_of(found, box) else None


def draw_of(box_id: bytes) -> dict[str, Canonical]:
    """The draw as it stands in the record; {} where no tie needed one, or nobody has confirmed it yet, or the vote was
    set back since."""
    found, back = confirmed(box_id, ConfirmedAction.DRAW), confirmed(box_id, ConfirmedAction.SET_BACK)
    return parse_canonical(found.note.encode()) if found and (back is None or back.id < found.id) else {}


def before(box_id: bytes, action: ConfirmedAction, pending: Confirmation | None) -> Confirmation | None:
    """The last proposal of this action before the one that can be confirmed now, or the last of all."""
    found = sa.select(Confirmation).filter_by(box_id=box_id, action=action)
    return db.session.scalar((found.where(Confirmation.id < pending.id) if pending is not None else found)
                             .order_by(Confirmation.id.desc()).limit(1).options(*BOTH))


def all_confirmed(box_id: bytes, action: ConfirmedAction) -> list[Confirmation]:
    """Every one that a second official confirmed, the oldest first."""
    return list(db.session.scalars(
        sa.select(Confirmation).filter_by(box_id=box_id, action=action).where(Confirmation.confirmed_at.is_not(None))
        .order_by(Confirmation.id).options(*BOTH)))


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
    """Box that a proposal is about. Raises NotFound."""
    return _there(db.session.scalar(sa.select(Confirmation.box_id).filter_by(id=confirmation_id)))


def _there(found):
    if found is None:
        raise NotFound(_("그런 제안이 없어요."))
    return found
