"""Four eyes: one official proposes, another one confirms, and what was confirmed is done in the same transaction.

Destroying the key and publishing go on in `services.publication`, step by step.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from civic_forum.accounts import passwords
from civic_forum.accounts.models import User
from civic_forum.accounts.queries import users
from civic_forum.accounts.rules import same_person
from civic_forum.kernel.base import database_now, db
from civic_forum.kernel.errors import Conflict, Denied, Refusal
from civic_forum.kernel.i18n import Language, _, _l, moment, speaking
from civic_forum.kernel.work import Work, use_case

from .. import backup_list, heads, keyring, records, subjects
from ..box import draws, ending
from ..box.draws import DrawKind
from ..box.alarms import announce
from ..events import BoxClosed, BoxOpened, BoxPublished, ConfirmationProposed
from ..models import BallotBox, Confirmation
from ..policy import may_officiate
from ..queries import boxes, confirmations, rolls, tallies
from ..record import figures
from ..rules.boxes import POSSIBLE_AT, BoxStage, ConfirmationState, ConfirmedAction, confirmation_state, stage_of
from ..rules.encoding import canonical_json
from ..steps import locking, opening
from . import closing

NOTE_LEAST, NOTE_MOST = 2, 500


def confirm_password(password: str, *, by: User) -> None:
    """Check the password asked for before a confirmation; it hashes, so never in a use-case. Raises Refusal."""
    known = users.credentials_of(by.id)
    db.session.rollback()
    if known is None or not passwords.verify(password, known.password_hash):
        raise Refusal(_("비밀번호가 맞지 않아요. 다시 확인해 주세요."), field="password")


def propose(action: ConfirmedAction, box_id: bytes, *, seen: bytes | None = None, note: str | None = None,
            by: User) -> Confirmation:
    """Propose an action on a box. `seen` is the fingerprint of the page that the official looked at. `note` is what was
    drawn, where that is proposed. Raises Denied, Refusal for what is no draw, and Conflict when the box has not come
    that far, when something changed since `seen`, or when the same is proposed already."""
    with use_case(by) as work:
        locking.acting(by, may_officiate)
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
        if action is ConfirmedAction.DRAW:
            proposed.note = _typed_draw(box, note)
        work.session.add(proposed)
        work.record(f"ballots.{action}_proposed", proposed)
        work.tell(ConfirmationProposed(proposed.id))
        return proposed


def withdraw(confirmation_id: int, *, by: User) -> None:
    """Take a proposal back: who proposed it, or any other official."""
    with use_case(by) as work:
        locking.acting(by, may_officiate)
        proposed = confirmations.held(confirmation_id)
        if proposed.ended_at is not None:
            raise Conflict(_("이미 끝난 제안이에요."))
        proposed.ended_at = work.at
        work.record(f"ballots.{proposed.action}_withdrawn", proposed)


def confirm(confirmation_id: int, *, seen: bytes | None = None, note: str | None = None, by: User) -> Confirmation:
    """Confirm what another person proposed, and do it. Of several who confirm at once one succeeds. `note` says which
    copies of a key are gone, why a vote ends early, why it is counted although something is amiss, or what was drawn:
    the same that the other official typed. Raises Denied for the proposer, and Conflict when it is void: after 24
    hours, when anything changed, when the proposer may not do it any more, or when the box cannot be opened, closed or
    published as it is."""
    with use_case(by) as work:
        actor = locking.acting(by, may_officiate)
        box = _held(confirmations.box_of(confirmation_id), alone=True)
        proposed = confirmations.held(confirmation_id)
        fingerprint = confirmations.fingerprint(proposed.action, box)
        _refuse_unseen(fingerprint, seen)
        _refuse_void(proposed, fingerprint, work.at)
        _refuse_same_person(proposed, actor)
        now = database_now()
        if reason := why_not(proposed.action, box, now):
            raise Conflict(reason)
        if asked := SAYS.get(proposed.action):
            proposed.note = (note or "").strip()
            if not NOTE_LEAST <= len(proposed.note) <= NOTE_MOST:
                raise Refusal(str(asked), field="note")
        if proposed.action is ConfirmedAction.DRAW and _typed_draw(box, note) != proposed.note:
            raise Refusal(_("다른 담당자가 적은 것과 달라요. 추첨 결과를 다시 보고 그대로 적어 주세요."), field="note")
        proposed.confirmed_by_id, proposed.confirmed_at, proposed.ended_at = actor.id, work.at, work.at
        work.record(f"ballots.{proposed.action}_confirmed", proposed, proposed_by=proposed.proposed_by_id)
        if do := _DO.get(proposed.action):
            do(work, box, now, proposed.note)
    heads.keep(box.id)
    return proposed


def why_not(action: ConfirmedAction, box: BallotBox, now: datetime) -> str | None:
    """Reason that keeps this action from being proposed or confirmed now; `now` by the database's clock."""
    stage = stage_of(box, now)
    if stage not in POSSIBLE_AT[action]:
        return _NOT_YET[action](stage)
    return _AGAINST[action](box, now) if action in _AGAINST else None


_NOT_YET = {
    ConfirmedAction.OPEN: lambda _stage: _("이미 열린 투표예요."),
    ConfirmedAction.CLOSE_EARLY: lambda _stage: _("열려 있는 투표만 일찍 끝낼 수 있어요."),
    ConfirmedAction.COUNT_ANYWAY: lambda _stage: _("끝났고 아직 세지 않은 투표만 까닭을 적고 셀 수 있어요."),
    ConfirmedAction.DRAW: lambda _stage: _("끝났고 아직 세지 않은 투표에만 추첨을 적을 수 있어요."),
    ConfirmedAction.EXPORT_KEY: lambda _stage: _("이 투표의 열쇠는 이미 없앴어요."),
    ConfirmedAction.DESTROY_KEY: lambda stage: (
        _("열쇠는 이미 없앴어요.") if stage.reached(BoxStage.KEY_DESTROYED)
        else _("세고, 기록을 만들어 확인하고, 투표지를 지운 뒤에 열쇠를 없앨 수 있어요.")),
    ConfirmedAction.PUBLISH: lambda stage: (
        _("이미 공개했어요.") if stage is BoxStage.PUBLISHED else _("열쇠를 없앤 뒤에만 결과를 공개할 수 있어요.")),
}


def _why_not_open(box: BallotBox, now: datetime) -> str | None:
    subject = subjects.of(box)
    if not opening.is_defined_by(box, subject.definition(box)):
        return _("투표의 내용이 그 사이에 바뀌었어요. 투표함을 다시 준비해 주세요.")
    return subject.why_not_open(box) or opening.why_not_open(box, now)


def _why_not_count_anyway(box: BallotBox, _now: datetime) -> str | None:
    if box.finished_at is None:
        return _("종이와 이의까지 마무리한 뒤에 정할 수 있어요.")
    found = tallies.ended(box).alarms
    if not figures.need_reasons(found):
        return _("투표함과 장부가 서로 맞아요. 그대로 세면 돼요.")
    return _("이미 까닭을 적고 확인했어요. 이제 세면 돼요.") if found["reasons"] else None


def _why_not_draw(box: BallotBox, now: datetime) -> str | None:
    if box.tied_at is None:
        return _("추첨으로 정할 것이 없어요. 표가 똑같아서 세다가 멈춘 투표에만 추첨을 적어요.")
    if confirmations.draw_of(box.id):
        return _("이미 추첨을 적고 확인했어요. 이제 세면 돼요.")
    if opening.parts_of(box)["draw"] == DrawKind.LOTTERY:
        number = draws.lottery_number(heads.closing(box.id).at)
        if now < draws.lottery_held_at(number):
            return _("로또 6/45 %(number)s회 추첨(%(moment)s)을 기다려요.", number=number,
                     moment=moment(draws.lottery_held_at(number)))
    return None


def _why_not_destroy(box: BallotBox, _now: datetime) -> str | None:
    if names := backup_list.left(box.id):
        return _("투표 중에 만든 백업이 %(count)s개 남아 있어요: %(names)s. 모두 지우고 하나씩 이름을 적은 뒤에 열쇠를 없앨 수 있어요.",
                 count=len(names), names=", ".join(names))
    return None


def _why_not_publish(box: BallotBox, _now: datetime) -> str | None:
    if box.rehearsal:
        return _("예행연습은 결과로 공개할 수 없어요.")
    if keyring.remains(box.id) or keyring.tombstone_of(box.id) is None:
        return _("열쇠가 아직 남아 있어요. 없앤 뒤에만 결과를 공개할 수 있어요.")
    if not records.are_as_written(box):
        return _("기록 파일이 만들 때와 달라요. 복사본을 되돌려 놓은 뒤에 다시 해 주세요.")
    return None


_AGAINST = {
    ConfirmedAction.OPEN: _why_not_open, ConfirmedAction.PUBLISH: _why_not_publish, ConfirmedAction.DRAW: _why_not_draw,
    ConfirmedAction.COUNT_ANYWAY: _why_not_count_anyway, ConfirmedAction.DESTROY_KEY: _why_not_destroy,
    ConfirmedAction.EXPORT_KEY: lambda box, _now: (
        None if keyring.is_there(box.id) else _("열쇠 보관함에 이 투표함의 열쇠가 없어요.")),
}


def _open(work: Work, box: BallotBox, now: datetime, _note: str | None) -> None:
    opening.open_box(box, at=now)
    work.tell(BoxOpened(box.id, box.subject))


def _close_early(work: Work, box: BallotBox, now: datetime, reason: str | None) -> None:
    """The definition stays as it was; that it closed early shows in the closing head's instant, in the record, and in a
    notice with the reason."""
    if closing.is_closed_apart(box):
        box.closed_at = now  # its head follows, by whoever reads it next
    else:
        ending.close(box.id, now)
    with speaking(Language.KO):  # for everybody, whatever language the page of the official is in
        announce(work, box.subject, kind="notice", title=_("투표를 일찍 끝냈어요"), text=_(
            "%(closed)s에 투표를 끝냈어요. 처음에 알린 때는 %(closes)s이에요. 두 담당자가 함께 결정했어요. 까닭: %(reason)s",
            closed=moment(now), closes=moment(box.closes_at), reason=reason))
    work.tell(BoxClosed(box.id, box.subject))


def _count_anyway(work: Work, box: BallotBox, _now: datetime, reason: str | None) -> None:
    """The count goes on in spite of what does not agree; the reason stands in the record and on the page."""
    with speaking(Language.KO):
        announce(work, box.subject, kind="notice", title=_("이상이 있는 채로 세기로 했어요"), text=_(
            "투표함과 장부, 종이가 서로 다르지만 있는 것으로 세요. 두 담당자가 함께 결정했어요. 까닭: %(reason)s", reason=reason))


def _publish(work: Work, box: BallotBox, now: datetime, _note: str | None) -> None:
    box.published_at = now
    work.tell(BoxPublished(box.id, box.subject))


SAYS = {
    ConfirmedAction.CLOSE_EARLY: _l("왜 일찍 끝내는지 2자부터 500자까지 적어 주세요. 모두가 보고 기록에 그대로 남아요."),
    ConfirmedAction.COUNT_ANYWAY: _l("왜 서로 다른지, 그래도 왜 세는지 2자부터 500자까지 적어 주세요. 모두가 보고 기록에 그대로 남아요."),
    ConfirmedAction.DESTROY_KEY: _l("금고나 봉투에 둔 열쇠의 복사본을 어떻게 없앴는지 2자부터 500자까지 적어 주세요. 없으면 없다고 적어 주세요."),
}
"""Actions that are confirmed in words, and what is asked for."""
DRAWN = {
    DrawKind.LOTTERY: _l("로또 6/45 당첨 번호 여섯 개를 적고, 맨 뒤에 보너스 번호를 적어 주세요. 예: 3 11 15 29 35 44 10"),
    DrawKind.DICE: _l("주사위 20개의 눈을 던진 차례대로 적어 주세요. 예: 2 6 1 1 3"),
}
"""Hints for what each official types of a draw, without seeing what the other typed."""


def _typed_draw(box: BallotBox, note: str | None) -> str:
    """The draw that the definition names, as the record has it. Raises Refusal."""
    kind = DrawKind(opening.parts_of(box)["draw"])
    try:
        return canonical_json(draws.typed(kind, note or "", heads.closing(box.id).at)).decode()
    except ValueError as wrong:
        raise Refusal(str(DRAWN[kind]), field="note") from wrong


_DO = {ConfirmedAction.OPEN: _open, ConfirmedAction.CLOSE_EARLY: _close_early, ConfirmedAction.PUBLISH: _publish,
       ConfirmedAction.COUNT_ANYWAY: _count_anyway}
"""Taking the key out and destroying it happen outside the database, after this is written."""


def _held(box_id: bytes, *, alone: bool = False) -> BallotBox:
    """The box and its roll, locked; `alone` also waits for casts that are under way and holds what the vote is of."""
    if alone:
        if (box := boxes.by_id(box_id)) is not None:  # first: whoever changes its subject locks in this order too
            subjects.of(box).hold(box)
        locking.take_lock_alone(box_id)
    box = boxes.held(box_id)
    if box.roll_id is not None:
        db.session.expire(box, ["roll"])
        rolls.held(box.roll_id)
    return box


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
    if same_person(proposer, actor):
        raise Denied(_("제안한 사람이 아닌 다른 담당자가 확인해야 해요."))
    if proposer.left_at is not None or may_officiate(proposer) is not None:
        raise Conflict(_("제안한 사람이 이제 담당자가 아니에요. 다시 제안해 주세요."))


class Offer(NamedTuple):
    """An action as an official sees it: what they would propose or confirm, and why not."""

    action: ConfirmedAction
    fingerprint: bytes
    pending: Confirmation | None
    """Proposal that can still be confirmed."""
    why_not: str | None


def offers(box: BallotBox) -> list[Offer]:
    """Every action that a page can do at this stage. Taking the key out is a command's."""
    now = database_now()
    stage = stage_of(box, now)
    return [Offer(action, confirmations.fingerprint(action, box), confirmations.alive(box.id, action),
                  why_not(action, box, now))
            for action in ConfirmedAction if action is not ConfirmedAction.EXPORT_KEY and stage in POSSIBLE_AT[action]
            and (action is not ConfirmedAction.COUNT_ANYWAY or why_not(action, box, now) is None)
            and (action is not ConfirmedAction.DRAW or box.tied_at is not None)]


def stages_now(found: Iterable[BallotBox]) -> dict[bytes, BoxStage]:
    """By one reading of the database's clock."""
    now = database_now()
    return {box.id: stage_of(box, now) for box in found}
