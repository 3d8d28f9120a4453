"""Confirmations, refusals and answers, and what lies safe before a vote opens."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import joinedload

from civic_forum.platform import clock, last_backup
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _

from .. import queries as boxes
from ..models import BallotBox, Confirmation
from ..observing import queries as observed
from ..observing.rules import Statement, verdicts
from ..rolls import queries as rolls
from ..rules.boxes import ConfirmationState, ConfirmedAction, POSSIBLE_AT, REASONED, confirmation_state, stage_of
from ..rules.log import Canonical, digest, parse_canonical

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


def _with_words(action: ConfirmedAction, fingerprint: bytes, note: str | None) -> bytes:
    return fingerprint if note is None or action not in REASONED else digest("reasoned/1", fingerprint, note.encode())


def now_of(proposed: Confirmation, box: BallotBox) -> bytes:
    """The fingerprint that a confirmation of this proposal would have now."""
    return fingerprint(proposed.action, box, proposed.note)


def fingerprints(action: ConfirmedAction, ballot_boxes: Iterable[BallotBox]) -> dict[bytes, bytes]:
    """The same of several boxes, by their ids, in as few statements."""
    ballot_boxes = list(ballot_boxes)
    rolled = {box.roll_id for box in ballot_boxes if action is ConfirmedAction.OPEN and box.roll_id is not None}
    standings = rolls.standings(rolled) if rolled else {}
    return {box.id: _fingerprint(action, box, standings) for box in ballot_boxes}


def _fingerprint(action: ConfirmedAction, box: BallotBox, standings: Mapping[int, bytes],
                 refusals: Sequence[Statement] | None = None) -> bytes:
    what = [action.encode("ascii"), box.fingerprint]
    if action is ConfirmedAction.OPEN and box.roll_id is not None:
        what += [b"%d" % box.roll_id, standings[box.roll_id]]
    if action in OF_THE_RESULT:
        what += [(box.result or "").encode(), box.public_sha256 or NOTHING, box.observers_sha256 or NOTHING]
    if action in AFTER_REFUSALS:
        what += [bytes.fromhex(refusal.signature)
                 for refusal in (observed.refusals(box) if refusals is None else refusals)]
    return digest("confirmation/1", *what)


def answering(box: BallotBox, refusals: Sequence[Statement], words: str | None) -> bytes:
    """The fingerprint of an answer in these words to exactly these refusals."""
    action = ConfirmedAction.ANSWER_REFUSAL
    return _with_words(action, _fingerprint(action, box, {}, refusals), words)


def held(confirmation_id: int) -> Confirmation:
    """Read again and locked until the transaction ends. Raises NotFound."""
    return existing(db.session.get(Confirmation, confirmation_id, with_for_update=True, populate_existing=True),
                    _missing)


def pending(box_id: bytes, action: ConfirmedAction, *, lock: bool = False) -> Confirmation | None:
    """The one that nobody has ended; whether it can still be confirmed is `rules.boxes.confirmation_state`'s to say."""
    query = sa.select(Confirmation).filter_by(box_id=box_id, action=action, ended_at=None)
    query = query.execution_options(populate_existing=True)
    return db.session.scalar(query.with_for_update() if lock else query.options(joinedload(Confirmation.proposed_by)))


def alive(box_id: bytes, action: ConfirmedAction) -> Confirmation | None:
    """The one that another official can confirm now. Raises NotFound where there is no such box."""
    box, proposal = boxes.required(box_id), pending(box_id, action)
    return proposal if proposal is not None and state_of(proposal, box) is ConfirmationState.PENDING else None


Proposed = dict[bytes, Confirmation]
"""Proposals by box."""


def proposed(action: ConfirmedAction, prints: Mapping[bytes, bytes]) -> tuple[Proposed, Proposed]:
    """Proposals of an action without a reason, with who proposed them, in one statement: those that another official
    can confirm now, and of each box the last one beside it. `prints` is what `fingerprints` says of these boxes."""
    now, alive, before = clock.now(), {}, {}
    of_these = sa.select(sa.func.max(Confirmation.id)).where(Confirmation.box_id.in_(prints)).filter_by(action=action)
    last = of_these.where(Confirmation.ended_at.is_not(None)).group_by(Confirmation.box_id)
    unended = of_these.where(Confirmation.ended_at.is_(None)).group_by(Confirmation.box_id)
    for confirmation in db.session.scalars(sa.select(Confirmation).order_by(Confirmation.id).options(*BOTH).where(
            Confirmation.id.in_(last) | Confirmation.id.in_(unended)).execution_options(populate_existing=True)):
        pending = confirmation_state(confirmation, prints[confirmation.box_id], now) is ConfirmationState.PENDING
        (alive if pending else before)[confirmation.box_id] = confirmation
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
    confirmation = confirmed(box.id, ConfirmedAction.DESTROY_KEY)
    return confirmation if confirmation is not None and confirmation.fingerprint == now_of(confirmation, box) else None


def draw_of(box_id: bytes) -> dict[str, Canonical]:
    """The draw as it stands in the record; {} where no tie needed one, or nobody has confirmed it yet, or the vote was
    set back since."""
    draw, back = confirmed(box_id, ConfirmedAction.DRAW), confirmed(box_id, ConfirmedAction.SET_BACK)
    return parse_canonical(draw.note.encode()) if draw and (back is None or back.id < draw.id) else {}


def before(box_id: bytes, action: ConfirmedAction, pending: Confirmation | None) -> Confirmation | None:
    """The last proposal of this action before the one that can be confirmed now, or the last of all."""
    query = sa.select(Confirmation).filter_by(box_id=box_id, action=action)
    return db.session.scalar((query.where(Confirmation.id < pending.id) if pending is not None else query)
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
    by_box: dict[bytes, list[Confirmation]] = {}
    for confirmation in db.session.scalars(sa.select(Confirmation).where(
            Confirmation.box_id.in_(list(box_ids)), Confirmation.ended_at.is_(None))
            .options(joinedload(Confirmation.proposed_by)).execution_options(populate_existing=True)):
        by_box.setdefault(confirmation.box_id, []).append(confirmation)
    return by_box


def box_of(confirmation_id: int) -> bytes:
    """Box that a proposal is about. Raises NotFound."""
    return existing(db.session.scalar(sa.select(Confirmation.box_id).filter_by(id=confirmation_id)), _missing)


def _missing() -> NotFound:
    return NotFound(_("그런 제안이 없어요."))


class Answer(NamedTuple):
    """The words of two officials."""

    text: str
    at: datetime
    refusals: list[Statement]
    """All that there were by then; a later one needs an answer of its own."""


class Watched(NamedTuple):
    """One observer of a vote with everything that they said, each with the answer to it."""

    name: str
    key: bytes
    agrees: bool | None
    """None: they signed nothing."""
    said: list[tuple[Statement, Answer | None]]


class Told(NamedTuple):
    """Everything that observers of a vote said and were told."""

    observers: list[Watched]
    """In the order of the definition."""
    needed: int
    agreed: int
    reason: Confirmation | None
    """Of two officials, for going on with too few signatures."""


def told(box: BallotBox) -> Told:
    """For everybody once the vote is published, for observers and officials before."""
    statements, observers = observed.statements(box), observed.observers(box)
    verdict, replies = verdicts(statements), answers(box)
    answer = {refusal.signature: reply for reply in reversed(replies) for refusal in reply.refusals}
    watched = [Watched(observer.name, observer.key, verdict.get(observer.key),
                       [(statement, answer.get(statement.signature)) for statement in statements
                        if statement.public_key == observer.key.hex()]) for observer in observers]
    agreed, needed = [*verdict.values()].count(True), observed.needed(box)
    return Told(watched, needed, agreed, reason(box) if agreed < needed else None)


def answers(box: BallotBox) -> list[Answer]:
    """Answers that were confirmed, the oldest first."""
    refused = observed.refusals(box)
    if not refused:
        return []
    return [Answer(confirmation.note or "", confirmation.confirmed_at, refused[:count])
            for confirmation in all_confirmed(box.id, ConfirmedAction.ANSWER_REFUSAL)
            for count in range(1, len(refused) + 1)
            if confirmation.fingerprint == answering(box, refused[:count], confirmation.note)]


def unanswered(box: BallotBox) -> list[Statement]:
    """Refusals that no answer of two officials names."""
    return observed.refusals(box)[max((len(answer.refusals) for answer in answers(box)), default=0):]


def reason(box: BallotBox) -> Confirmation | None:
    """The public reason of two officials for going on with too few signatures, where they gave one for this result."""
    confirmation = confirmed(box.id, ConfirmedAction.WITHOUT_SIGNATURES)
    return confirmation if confirmation is not None and confirmation.fingerprint == now_of(confirmation, box) else None


def named(box: BallotBox, statements: Iterable[Statement]) -> list[tuple[str, Statement]]:
    """Statements with the public names of those who made them."""
    known = {observer.key.hex(): observer.name for observer in observed.observers(box)}
    return [(known[statement.public_key], statement) for statement in statements]


def is_needed(box: BallotBox) -> bool:
    """Rehearsals, and votes of a marked sample, open without; the page says so."""
    return not box.rehearsal and not current_app.config["SAMPLE"]


def copied(box: BallotBox) -> Confirmation | None:
    """The confirmation by which K was copied last."""
    return confirmed(box.id, ConfirmedAction.EXPORT_KEY)


def is_backed_up(box: BallotBox) -> bool:
    """True if a backup was begun after the box was prepared."""
    made = last_backup.last()
    return made is not None and made.at >= box.created_at


def told_before_opening(box: BallotBox) -> dict[str, object]:
    """State of copy and backup of a box that nobody has opened yet, for the page of its officials."""
    return {"is_needed": is_needed(box), "copied": copied(box), "proposed": alive(box.id, ConfirmedAction.EXPORT_KEY),
            "is_backed_up": is_backed_up(box), "last": last_backup.last(), "asked": last_backup.asked()}


def why_not(box: BallotBox) -> str | None:
    """The first thing that is missing, with what to do."""
    if not is_needed(box):
        return None
    if copied(box) is None:
        return _("열쇠를 아직 복사하지 않았어요. ‘투표 진행하기’ 화면에서 두 담당관이 열쇠를 복사해 주세요.")
    if not is_backed_up(box):
        return _("투표함을 준비한 뒤에 만든 백업이 없어요. ‘투표 진행하기’ 화면에서 백업을 만들어 주세요.")
    return None
