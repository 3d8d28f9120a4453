"""Four eyes: one official proposes, another one confirms, and what was confirmed is done in the same transaction.

Destroying the key and publishing go on in `services.publication`, step by step.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from civic_forum.accounts import passwords
from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people, users
from civic_forum.kernel.base import database_now, db
from civic_forum.kernel.errors import Conflict, Denied, Refusal
from civic_forum.kernel.i18n import Language, _, moment, speaking
from civic_forum.kernel.policy import require
from civic_forum.kernel.work import Work, use_case

from .. import heads, keyring, records, subjects
from ..events import BoxClosed, BoxOpened, BoxPublished, ConfirmationProposed, VoteNoticed
from ..models import BallotBox, Confirmation, VoteNotice
from ..policy.desk import same_person
from ..policy.officials import may_officiate
from ..queries import boxes, confirmations, rolls
from ..rules.boxes import (POSSIBLE_AT, BoxStage, ConfirmationState, ConfirmedAction, confirmation_state,
                           second_person, stage_of)
from ..steps import closing, locking, opening

NOTICE = "notice"
NOTE_LEAST, NOTE_MOST = 2, 500


def confirm_password(password: str, *, by: User) -> None:
    """What pages and commands ask before a confirmation; it hashes, so never in a use-case. Raises Refusal."""
    known = users.credentials_of(by.id)
    db.session.rollback()
    if known is None or not passwords.verify(password, known.password_hash):
        raise Refusal(_("비밀번호가 맞지 않아요. 다시 확인해 주세요."), field="password")


def propose(action: ConfirmedAction, box_id: bytes, *, seen: bytes | None = None, by: User) -> Confirmation:
    """Propose an action on a box. `seen` is the fingerprint of the page that the official looked at.

    Raises Denied, and Conflict when the box has not come that far, when something changed since `seen`, or when
    the same is proposed already.
    """
    with use_case(by) as work:
        require(people.held(by.id)[by.id], may_officiate)
        box = _held(box_id)
        now = database_now()
        fingerprint = confirmations.fingerprint(action, box)
        _refuse_unseen(fingerprint, seen)
        if reason := why_not(action, box, now):
            raise Conflict(reason)
        before = confirmations.pending(box.id, action, lock=True)
        if before is not None:
            if confirmation_state(before, fingerprint, work.at) is ConfirmationState.PENDING:
                raise Conflict(_("이미 제안했어요. 다른 담당자의 확인을 기다리고 있어요."))
            before.ended_at = work.at
            work.session.flush()
        proposed = Confirmation(box_id=box.id, action=action, fingerprint=fingerprint, proposed_by_id=by.id,
                                proposed_at=work.at)
        work.session.add(proposed)
        work.record(f"ballots.{action}_proposed", proposed)
        work.tell(ConfirmationProposed(proposed.id))
        return proposed


def withdraw(confirmation_id: int, *, by: User) -> None:
    """Take a proposal back: who proposed it, or any other official."""
    with use_case(by) as work:
        require(people.held(by.id)[by.id], may_officiate)
        proposed = confirmations.held(confirmation_id)
        if proposed.ended_at is not None:
            raise Conflict(_("이미 끝난 제안이에요."))
        proposed.ended_at = work.at
        work.record(f"ballots.{proposed.action}_withdrawn", proposed)


def confirm(confirmation_id: int, *, seen: bytes | None = None, note: str | None = None, by: User) -> Confirmation:
    """Confirm what another person proposed, and do it. Of several who confirm at once one succeeds.

    `note` says which copies of a key are gone, and is needed for destroying it.
    Raises Denied for the proposer, and Conflict when it is void: after 24 hours, when anything changed, when the
    proposer may not do it any more, or when the box cannot be opened, closed or published as it is.
    """
    with use_case(by) as work:
        actor = people.held(by.id)[by.id]
        require(actor, may_officiate)
        box = _held(confirmations.box_of(confirmation_id), alone=True)
        proposed = confirmations.held(confirmation_id)
        fingerprint = confirmations.fingerprint(proposed.action, box)
        _refuse_unseen(fingerprint, seen)
        _refuse_void(proposed, fingerprint, work.at)
        _refuse_same_person(proposed, actor)
        now = database_now()
        if reason := why_not(proposed.action, box, now):
            raise Conflict(reason)
        if proposed.action is ConfirmedAction.DESTROY_KEY:
            proposed.note = _checked_note(note)
        proposed.confirmed_by_id, proposed.confirmed_at, proposed.ended_at = actor.id, work.at, work.at
        work.record(f"ballots.{proposed.action}_confirmed", proposed, proposed_by=proposed.proposed_by_id)
        _DO.get(proposed.action, _nothing_more)(work, box, now)
    heads.keep(box.id)
    return proposed


def why_not(action: ConfirmedAction, box: BallotBox, now: datetime) -> str | None:
    """What keeps this action from being proposed or confirmed now; `now` by the database's clock."""
    stage = stage_of(box, now)
    if stage not in POSSIBLE_AT[action]:
        return _NOT_YET[action](stage)
    if action is ConfirmedAction.OPEN:
        return _why_not_open(box, now)
    if action is ConfirmedAction.PUBLISH:
        return _why_not_publish(box)
    if action is ConfirmedAction.EXPORT_KEY and not keyring.is_there(box.id):
        return _("열쇠 보관함에 이 투표함의 열쇠가 없어요.")
    return None


_NOT_YET = {
    ConfirmedAction.OPEN: lambda _stage: _("이미 열린 투표예요."),
    ConfirmedAction.CLOSE_EARLY: lambda _stage: _("열려 있는 투표만 일찍 끝낼 수 있어요."),
    ConfirmedAction.EXPORT_KEY: lambda _stage: _("이 투표의 열쇠는 이미 없앴어요."),
    ConfirmedAction.DESTROY_KEY: lambda stage: (
        _("열쇠는 이미 없앴어요.") if stage.reached(BoxStage.KEY_DESTROYED)
        else _("세고, 기록을 만들어 확인하고, 투표지를 지운 뒤에 열쇠를 없앨 수 있어요.")),
    ConfirmedAction.PUBLISH: lambda stage: (
        _("이미 공개했어요.") if stage is BoxStage.PUBLISHED else _("열쇠를 없앤 뒤에만 결과를 공개할 수 있어요.")),
}


def _why_not_open(box: BallotBox, now: datetime) -> str | None:
    subject = subjects.of(box)
    if opening.defined(box, subject.definition(box)).decode() != box.definition:
        return _("투표의 내용이 그 사이에 바뀌었어요. 투표함을 다시 준비해 주세요.")
    return subject.why_not_open(box) or opening.why_not_open(box, now)


def _why_not_publish(box: BallotBox) -> str | None:
    if box.rehearsal:
        return _("예행연습은 결과로 공개할 수 없어요.")
    if keyring.is_there(box.id) or keyring.tombstone_of(box.id) is None:
        return _("열쇠가 아직 남아 있어요. 없앤 뒤에만 결과를 공개할 수 있어요.")
    if not records.are_as_written(box):
        return _("기록 파일이 만들 때와 달라요. 복사본을 되돌려 놓은 뒤에 다시 해 주세요.")
    return None


def _open(work: Work, box: BallotBox, now: datetime) -> None:
    opening.open_box(box, at=now)
    work.tell(BoxOpened(box.id, box.subject))


def _close_early(work: Work, box: BallotBox, now: datetime) -> None:
    """The definition stays as it was; that it closed early shows in the closing head's instant, and in a notice."""
    closing.close(box.id, now)
    with speaking(Language.KO):  # for everybody, whatever language the page of the official is in
        notice = VoteNotice(
            subject=box.subject, kind=NOTICE, at=work.at, by_id=work.actor.id, title=_("투표를 일찍 끝냈어요"),
            text=_("%(closed)s에 투표를 끝냈어요. 처음에 알린 때는 %(closes)s이에요. 두 담당자가 함께 결정했어요.",
                   closed=moment(now), closes=moment(box.closes_at)))
    work.session.add(notice)
    work.session.flush()
    work.tell(VoteNoticed(box.subject, notice.id))
    work.tell(BoxClosed(box.id, box.subject))


def _publish(work: Work, box: BallotBox, now: datetime) -> None:
    box.published_at = now
    work.tell(BoxPublished(box.id, box.subject))


def _checked_note(note: str | None) -> str:
    text = (note or "").strip()
    if not NOTE_LEAST <= len(text) <= NOTE_MOST:
        raise Refusal(_("열쇠의 복사본을 어떻게 했는지 %(least)s자부터 %(most)s자까지 적어 주세요. 없으면 없다고 적어 주세요.",
                        least=NOTE_LEAST, most=NOTE_MOST), field="note")
    return text


def _nothing_more(_work: Work, _box: BallotBox, _now: datetime) -> None:
    """Taking the key out and destroying it happen outside the database, after this is written."""


_DO = {ConfirmedAction.OPEN: _open, ConfirmedAction.CLOSE_EARLY: _close_early, ConfirmedAction.PUBLISH: _publish}


def _held(box_id: bytes, *, alone: bool = False) -> BallotBox:
    """The box and its roll, locked; `alone` also waits for casts that are under way and holds what the vote is of."""
    if alone:
        _hold_subject(box_id)
        locking.take_lock_alone(box_id)
    box = boxes.held(box_id)
    if box.roll_id is not None:
        db.session.expire(box, ["roll"])
        rolls.held(box.roll_id)
    return box


def _hold_subject(box_id: bytes) -> None:
    """Before the box: whoever changes what it is the vote of locks in this order too."""
    box = boxes.by_id(box_id)
    if box is not None:
        subjects.of(box).hold(box)


def _refuse_unseen(fingerprint: bytes, seen: bytes | None) -> None:
    if seen is not None and seen != fingerprint:
        raise Conflict(_("화면을 연 뒤에 내용이 바뀌었어요. 다시 읽고 결정해 주세요."))


def _refuse_void(proposed: Confirmation, fingerprint: bytes, now: datetime) -> None:
    state = confirmation_state(proposed, fingerprint, now)
    sentence = {
        ConfirmationState.CONFIRMED: _("다른 담당자가 이미 확인했어요."),
        ConfirmationState.EXPIRED: _("제안한 지 24시간이 지났어요. 다시 제안해 주세요."),
        ConfirmationState.CHANGED: _("제안한 뒤에 내용이 바뀌었어요. 다시 제안해 주세요."),
        ConfirmationState.WITHDRAWN: _("거둔 제안이에요. 다시 제안해 주세요."),
    }.get(state)
    if sentence:
        raise Conflict(sentence)


def _refuse_same_person(proposed: Confirmation, actor: User) -> None:
    """Two people, not two accounts; and the first must still be one who may."""
    proposer = proposed.proposed_by
    if not second_person(proposed, actor.id) or same_person(proposer, actor):
        raise Denied(_("제안한 사람이 아닌 다른 담당자가 확인해야 해요."))
    if proposer.left_at is not None or may_officiate(proposer) is not None:
        raise Conflict(_("제안한 사람이 이제 담당자가 아니에요. 다시 제안해 주세요."))


@dataclass(frozen=True)
class Offer:
    """An action as an official sees it: what they would propose or confirm, and why not."""

    action: ConfirmedAction
    fingerprint: bytes
    pending: Confirmation | None
    """What somebody proposed and can still be confirmed."""
    why_not: str | None


def offers(box: BallotBox) -> list[Offer]:
    """Every action that a page can do at this stage. Taking the key out is a command's."""
    now = database_now()
    stage = stage_of(box, now)
    return [Offer(action, confirmations.fingerprint(action, box), confirmations.alive(box.id, action),
                  why_not(action, box, now))
            for action in ConfirmedAction if action is not ConfirmedAction.EXPORT_KEY and stage in POSSIBLE_AT[action]]


def stage_now(box: BallotBox) -> BoxStage:
    """By the database's clock."""
    return stage_of(box, database_now())


def stages_now(found: Iterable[BallotBox]) -> dict[bytes, BoxStage]:
    """Of several boxes, by one reading of the clock."""
    now = database_now()
    return {box.id: stage_of(box, now) for box in found}
