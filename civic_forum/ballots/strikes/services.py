"""Use-cases of striking somebody from the roll of an opened vote: one official proposes, another confirms."""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform import keys
from civic_forum.platform.base import database_now
from civic_forum.platform.errors import Conflict, NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case

from .. import operations as opening
from .. import queries as boxes
from ..box import locking
from ..events import ConfirmationProposed, EntryStruck
from ..models import BallotBox, Confirmation
from ..officers import queries as officers
from ..officials import queries as confirmations
from ..officials import services as four_eyes
from ..policy import may_officiate
from ..rolls import queries as rolls
from ..rolls.rules import MOST_REASON
from ..rolls.services import to_strike
from ..rules.boxes import BoxStage, ConfirmedAction, stage_of
from . import queries
from .models import Strike

REASON_LEAST = 2


def propose(box_id: bytes, person: bytes, reason: str, *, account_id: int | None = None, by: User) -> Confirmation:
    """Propose to strike somebody from the roll of an opened vote; the account is told when it is done. Raises Denied,
    Refusal at `reason`, NotFound for somebody who is not in the roll, and Conflict for one who is struck or proposed
    already, before the opening and after the close."""
    with use_case(by) as work:
        actor = locking.acting(by, may_officiate)
        reason = words_given(reason, REASON_LEAST, MOST_REASON, "reason")
        together = _held(box_id)
        box = next(box for box in together if box.id == box_id)
        officers.required(actor, box, *filter(_is_open, together))
        _refuse_closed(together)
        if why := four_eyes.why_not(ConfirmedAction.STRIKE, box, database_now()):
            raise Conflict(why)
        to_strike(box.roll_id, person)
        if before := queries.of_person(box.roll_id, person):
            if queries.can_be_confirmed(before):
                raise Conflict(_("이미 제안했어요. 다른 담당관의 확인을 기다리고 있어요."))
            _end(work, before)
        proposed = work.store(Confirmation(box_id=box.id, action=ConfirmedAction.STRIKE, proposed_by_id=by.id,
                                           fingerprint=confirmations.fingerprint(ConfirmedAction.STRIKE, box),
                                           proposed_at=work.at))
        work.session.add(Strike(confirmation_id=proposed.id, roll_id=box.roll_id, person=person, reason=reason,
                                account=account_id and keys.seal(queries.SEALED, str(account_id))))
        work.record("ballots.strike_proposed", proposed)
        work.emit(ConfirmationProposed(proposed.id))
        return proposed


def confirm(confirmation_id: int, *, by: User) -> Confirmation:
    """Strike whom another official proposed, in every vote of this roll; a ballot already cast stays. The proposal is
    forgotten, and the person told. Raises as `propose`, and as `confirmations.confirm`."""
    with use_case(by) as work:
        actor = locking.acting(by, may_officiate)
        together = _held(confirmations.box_of(confirmation_id))
        proposed = confirmations.held(confirmation_id)
        box = next(box for box in together if box.id == proposed.box_id)
        officers.required(actor, box, *filter(_is_open, together))
        strike = work.session.get(Strike, proposed.id)
        _refuse_closed(together)
        four_eyes.settle(work, proposed, box, actor)
        if strike is None:
            raise NotFound(_("그런 제안이 없어요."))
        entry = to_strike(strike.roll_id, strike.person)
        entry.struck_at, entry.struck_reason, entry.struck_by_id = work.at, strike.reason, actor.id
        account_id = queries.account_of(strike)
        work.session.delete(strike)
        work.session.flush()
        opening.follow_roll(box.roll_id)
        work.record("ballots.roll_entry_struck", box.roll)
        if account_id is not None:
            work.emit(EntryStruck(box.id, account_id, proposed.id))
        return proposed


def withdraw(confirmation_id: int, *, by: User) -> None:
    """Take a proposal back: who made it, or any other official."""
    with use_case(by) as work:
        actor = locking.acting(by, may_officiate)
        officers.required(actor, boxes.required(confirmations.box_of(confirmation_id)))
        proposed = confirmations.held(confirmation_id)
        if proposed.action is not ConfirmedAction.STRIKE or proposed.ended_at is not None:
            raise Conflict(_("이미 끝난 제안이에요."))
        _end(work, proposed)
        work.record("ballots.strike_withdrawn", proposed)


def forget_void() -> int:
    """End proposals that nobody can confirm any more, so that no person stays in them; returns how many."""
    with use_case(None) as work:
        over = [proposal for proposal in queries.all_pending() if not queries.can_be_confirmed(proposal)]
        for proposal in over:
            _end(work, proposal)
        return len(over)


def _end(work: Work, proposed: Confirmation) -> None:
    proposed.ended_at = work.at
    work.session.execute(sa.delete(Strike).filter_by(confirmation_id=proposed.id))
    work.session.flush()


def _held(box_id: bytes) -> list[BallotBox]:
    """The boxes of the roll of this one, locked in one order so that no cast is under way in any; then the roll."""
    roll_id = existing(boxes.required(box_id).roll_id, lambda: Conflict(_("이 투표에는 투표인 명부가 없어요.")))
    ids = sorted(box.id for box in rolls.boxes_of(roll_id))
    locking.take_lock_alone(*ids)
    together = [boxes.held(number) for number in ids]
    rolls.held(roll_id)
    if box_id not in {box.id for box in together if box.roll_id == roll_id}:
        raise Conflict(_("그 사이에 내용이 바뀌었어요. 다시 한번 확인해 주세요."))
    return together


def _is_open(box: BallotBox) -> bool:
    return box.opened_at is not None and not box.rehearsal


def _refuse_closed(together: list[BallotBox]) -> None:
    now = database_now()
    if any(stage_of(box, now).reached(BoxStage.CLOSED) for box in filter(_is_open, together)):
        raise Conflict(_("투표가 끝난 뒤에는 명부를 고칠 수 없어요."))
