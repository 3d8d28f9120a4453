"""Four eyes: one official proposes, another one confirms, and what was confirmed is done in the same transaction.

Destroying the key and publishing go on in `services.publication`, step by step.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from civic_forum.accounts.models import User
from civic_forum.accounts.operations import require_proof
from civic_forum.accounts.rules import same_person
from civic_forum.platform.base import database_now, db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import Language, _, _l, end, moment, speaking
from civic_forum.platform.plain_text import clean
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from .. import voted
from .. import operations as ballots
from .. import queries as boxes
from ..box import definition, ending, locking
from ..box import closing as draws
from ..box.closing import DrawKind
from ..box.watching import announce, decided_by
from ..counting import closing
from ..events import BoxClosed, BoxOpened, BoxPublished, ConfirmationProposed
from ..models import BallotBox, Confirmation
from ..observing import queries as observed
from ..officers import queries as officers
from ..officers.rules import Office, granted_one_another
from ..policy import may_confirm, may_officiate
from ..published import heads
from ..rolls import queries as rolls
from ..rules.boxes import (BoxStage, ConfirmationState, ConfirmedAction, PAGES_OF_THEIR_OWN,
                           POSSIBLE_AT, REASONED, confirmation_state, stage_of)
from ..rules.log import canonical_json
from . import queries, shown
from .conditions import why_not

NOTE_LEAST, NOTE_MOST, ANSWER_MOST = 2, 500, 1000


def propose(action: ConfirmedAction, box_id: bytes, *, seen: bytes | None = None, note: str | None = None,
            by: User) -> Confirmation:
    """Propose an action on a box. `seen` is the fingerprint of the page that the official looked at. `note` says why a
    vote ends early, why it is counted although something is amiss, which copies of a key are gone, or what was drawn.
    Raises Denied, Refusal at `note`, and Conflict when the box has not come that far, when something changed since
    `seen`, or when the same is proposed already."""
    with use_case(by) as work:
        actor = locking.acting(by, may_officiate)
        _refuse_special(action)
        box = _held(box_id)
        officers.required(actor, box)
        now = database_now()
        fingerprint = queries.fingerprint(action, box)
        _refuse_unseen(fingerprint, seen)
        if reason := why_not(action, box, now):
            raise Conflict(reason)
        before = queries.pending(box.id, action, lock=True)
        if before is not None:
            if confirmation_state(before, queries.now_of(before, box), work.at) is ConfirmationState.PENDING:
                raise Conflict(_("이미 제안했어요. 다른 담당관의 확인을 기다리고 있어요."))
            before.ended_at = work.at
            work.session.flush()
        words = _said(action, box, note)
        proposed = Confirmation(box_id=box.id, action=action, note=words, proposed_by_id=by.id, proposed_at=work.at,
                                fingerprint=queries.fingerprint(action, box, words), shown=shown.as_kept(box))
        work.session.add(proposed)
        work.record(f"ballots.{action}_proposed", proposed)
        work.emit(ConfirmationProposed(proposed.id))
        return proposed


def withdraw(confirmation_id: int, *, by: User) -> None:
    """Take a proposal back: who proposed it, or any other officer of the vote."""
    with use_case(by) as work:
        actor = locking.acting(by, may_officiate)
        officers.required(actor, boxes.required(queries.box_of(confirmation_id)))
        proposed = queries.held(confirmation_id)
        if proposed.ended_at is not None:
            raise Conflict(_("이미 끝난 제안이에요."))
        _refuse_special(proposed.action)
        proposed.ended_at = work.at
        work.record(f"ballots.{proposed.action}_withdrawn", proposed)


def confirm(confirmation_id: int, *, seen: bytes | None = None, note: str | None = None, by: User) -> Confirmation:
    """Confirm what another person proposed, with the words that they said to it, and do it. Of several who confirm at
    once one succeeds. `note` is what was drawn, typed again; elsewhere only the words of the proposal, if any. Raises
    Denied for the proposer of all but a rehearsal, and Conflict when it is void: after 24 hours, when anything changed,
    when the proposer may not do it any more, or when the box cannot be opened, closed or published as it is."""
    with use_case(by) as work:
        actor = locking.acting(by, may_officiate)
        box = _held(queries.box_of(confirmation_id), alone=True)
        proposed = queries.held(confirmation_id)
        _refuse_special(proposed.action)
        _refuse_unseen(queries.now_of(proposed, box), seen)
        now = settle(work, proposed, box, actor)
        _refuse_other_words(proposed, box, note)
        if do := _DO.get(proposed.action):
            do(work, box, now, proposed.note)
    heads.keep(box.id)
    return proposed


def settle(work: Work, proposed: Confirmation, box: BallotBox, actor: User) -> datetime:
    """Mark a proposal as confirmed; box and proposal are held. Returns the database's clock. Raises as `confirm`."""
    own, now = officers.required(actor, box), database_now()
    require(actor, may_confirm, own)
    require_proof(work.actor, work.at, passkey=actor.confirms_by_passkey)
    _refuse_void(proposed, queries.now_of(proposed, box), work.at)
    if not is_confirmed_alone(proposed.action, box.id):
        _refuse_same_person(proposed, actor)
    _refuse_proposer(proposed, box, actor, own)
    if reason := why_not(proposed.action, box, now):
        raise Conflict(reason)
    proposed.confirmed_by_id, proposed.confirmed_at, proposed.ended_at = actor.id, work.at, work.at
    work.record(f"ballots.{proposed.action}_confirmed", proposed, proposed_by=proposed.proposed_by_id)
    return now


def is_confirmed_alone(action: ConfirmedAction, box_id: bytes) -> bool:
    """True where whoever proposed may confirm too: in a rehearsal that was opened, by what is kept beside the keys and
    not by a table. Copies of keys, and strikes, which reach every vote of a roll, always take two."""
    return action not in PAGES_OF_THEIR_OWN and bool((definition.of(box_id) or {}).get("rehearsal"))


def _open(work: Work, box: BallotBox, now: datetime, _note: str | None) -> None:
    ballots.open_box(box, at=now)
    work.emit(BoxOpened(box.id, box.subject))


def _close_early(work: Work, box: BallotBox, now: datetime, reason: str | None) -> None:
    """The definition stays as it was; that it closed early shows in the closing head's instant, in the record, and in a
    notice with the reason."""
    if closing.is_closed_apart(box):
        box.closed_at = now  # its head follows, by whoever reads it next
    else:
        ending.close(box.id, now)
    with speaking(Language.KO):  # for everybody, whatever language the page of the official is in
        announce(work, box.subject, kind="notice", title=_("투표를 일찍 끝냈어요"), text=_(
            "%(closed)s에 투표를 끝냈어요. 처음에 알린 때는 %(closes)s이에요. %(decided)s 이유: %(reason)s",
            closed=moment(now), closes=end(box.closes_at), decided=decided_by(box), reason=reason))
    work.emit(BoxClosed(box.id, box.subject))


def _count_anyway(work: Work, box: BallotBox, _now: datetime, reason: str | None) -> None:
    """The count goes on in spite of what does not agree; the reason stands in the record and on the page."""
    with speaking(Language.KO):
        announce(work, box.subject, kind="notice", title=_("이상이 있는 채로 세기로 했어요"), text=_(
            "맞지 않는 것이 있지만 있는 것으로 세요. %(decided)s 이유: %(reason)s",
            decided=decided_by(box), reason=reason))


def _go_on_without_signatures(work: Work, box: BallotBox, _now: datetime, reason: str | None) -> None:
    with speaking(Language.KO):
        announce(work, box.subject, kind="notice", title=_("참관인의 서명이 모자란 채로 이어 가기로 했어요"), text=_(
            "참관인 %(needed)s명이 맞다고 서명해야 하는데 %(agreed)s명이 서명했어요. 두 담당관이 함께 결정했어요. 이유: %(reason)s",
            needed=observed.needed(box), agreed=observed.counted(box).agreed, reason=reason))


def _publish(work: Work, box: BallotBox, now: datetime, _note: str | None) -> None:
    box.published_at = now
    work.emit(BoxPublished(box.id, box.subject))


SAYS = {
    ConfirmedAction.CLOSE_EARLY: _l("왜 일찍 끝내는지 2자부터 500자까지 적어 주세요. 모두가 보고 기록에 그대로 남아요."),
    ConfirmedAction.COUNT_ANYWAY: _l("왜 서로 다른지, 그래도 왜 세는지 2자부터 500자까지 적어 주세요. 모두가 보고 기록에 그대로 남아요."),
    ConfirmedAction.SET_BACK: _l("왜 되돌리는지 2자부터 500자까지 적어 주세요. 모두에게 보여요."),
    ConfirmedAction.DESTROY_KEY: _l("금고나 봉투에 둔 열쇠의 복사본을 어떻게 없앴는지 2자부터 500자까지 적어 주세요. 없으면 없다고 적어 주세요. 모두가 보고 기록 곁에 그대로 "
                                    "남아요."),
    ConfirmedAction.ANSWER_REFUSAL: _l("무엇을 확인했고 왜 이어 가는지 2자부터 1,000자까지 적어 주세요. 참관인의 말 옆에 그대로 공개해요."),
    ConfirmedAction.WITHOUT_SIGNATURES: _l("왜 서명이 모자란 채로 이어 가는지 2자부터 1,000자까지 적어 주세요. 모두가 봐요."),
}
"""Actions that are proposed in words, and what is asked for."""
LONG = frozenset({ConfirmedAction.ANSWER_REFUSAL, ConfirmedAction.WITHOUT_SIGNATURES})
"""Those in which up to 1,000 characters may be said, and not 500."""
DRAWN = {
    DrawKind.LOTTERY: _l("로또 6/45 당첨 번호 여섯 개를 적고, 맨 뒤에 보너스 번호를 적어 주세요. 예: 3 11 15 29 35 44 10"),
    DrawKind.DICE: _l("주사위 20개의 눈을 던진 차례대로 모두 적어 주세요. 예: 26113 54216 33541 62452"),
}
"""Hints for what each official types of a draw, without seeing what the other typed."""


def _said(action: ConfirmedAction, box: BallotBox, note: str | None) -> str | None:
    """The words that belong to a proposal; None where it has none. Raises Refusal."""
    if action is ConfirmedAction.DRAW:
        return _typed_draw(box, note)
    if action not in REASONED:
        return None
    words = clean(note or "", lines=True)
    if not NOTE_LEAST <= len(words) <= (ANSWER_MOST if action in LONG else NOTE_MOST):
        raise Refusal(str(SAYS[action]), field="note")
    return words


def _refuse_other_words(proposed: Confirmation, box: BallotBox, note: str | None) -> None:
    if proposed.action is ConfirmedAction.DRAW:
        if _typed_draw(box, note) != proposed.note:
            raise Refusal(_("다른 담당관이 적은 것과 달라요. 추첨 결과를 다시 보고 그대로 적어 주세요."), field="note")
    elif note is not None and clean(note, lines=True) != (proposed.note or ""):
        raise Conflict(_("제안한 사람이 적은 말과 달라요. 적힌 그대로 확인하거나, 거두고 다시 제안해 주세요."))


def hints(box: BallotBox) -> dict[ConfirmedAction, str]:
    """By action: what whoever proposes it has to write."""
    drawn = ballots.parts_of(box).get("draw")
    return SAYS | ({ConfirmedAction.DRAW: DRAWN[drawn]} if drawn else {})


def _typed_draw(box: BallotBox, note: str | None) -> str:
    """The draw that the definition names, as the record has it. Raises Refusal."""
    kind = DrawKind(ballots.parts_of(box)["draw"])
    try:
        return canonical_json(draws.typed(kind, note or "", heads.closing(box.id).at)).decode()
    except ValueError as wrong:
        raise Refusal(str(DRAWN[kind]), field="note") from wrong


_DO = {ConfirmedAction.OPEN: _open, ConfirmedAction.CLOSE_EARLY: _close_early, ConfirmedAction.PUBLISH: _publish,
       ConfirmedAction.COUNT_ANYWAY: _count_anyway,
       ConfirmedAction.SET_BACK: lambda work, box, _now, reason: ballots.set_back(work, box, reason or ""),
       ConfirmedAction.WITHOUT_SIGNATURES: _go_on_without_signatures}
"""Destroying the key happens outside the database, after this is written."""


def _held(box_id: bytes, *, alone: bool = False) -> BallotBox:
    """The box and its roll, locked; `alone` also waits for casts that are under way and holds what the vote is of."""
    if alone:
        if (box := boxes.by_id(box_id)) is not None:  # first: whoever changes its subject locks in this order too
            voted.of(box).hold()
        locking.take_lock_alone(box_id)
    box = boxes.held(box_id)
    if box.roll_id is not None:
        db.session.expire(box, ["roll"])
        rolls.held(box.roll_id)
    return box


def _refuse_special(action: ConfirmedAction) -> None:
    """Confirmed by password alone, a copy would stand in the log that nobody has."""
    if action in PAGES_OF_THEIR_OWN:
        raise Refusal(_("화면을 새로 열고 다시 해 주세요."))


def _refuse_unseen(fingerprint: bytes, seen: bytes | None) -> None:
    if seen is not None and seen != fingerprint:
        raise Conflict(_("화면을 연 뒤에 내용이 바뀌었어요. 다시 읽고 결정해 주세요."))


def _refuse_void(proposed: Confirmation, fingerprint: bytes, now: datetime) -> None:
    state = confirmation_state(proposed, fingerprint, now)
    sentence = {
        ConfirmationState.CONFIRMED: _("다른 담당관이 이미 확인했어요."),
        ConfirmationState.EXPIRED: _("제안한 지 24시간이 지났어요. 다시 제안해 주세요."),
        ConfirmationState.CHANGED: _("제안한 뒤에 내용이 바뀌었어요. 다시 제안해 주세요."),
        ConfirmationState.WITHDRAWN: _("거둔 제안이에요. 다시 제안해 주세요."),
    }.get(state)
    if sentence:
        raise Conflict(sentence)


def _refuse_same_person(proposed: Confirmation, actor: User) -> None:
    """Two people, not two accounts."""
    if same_person(proposed.proposed_by, actor):
        raise Denied(_("제안한 사람이 아닌 다른 담당관이 확인해야 해요."))


def _refuse_proposer(proposed: Confirmation, box: BallotBox, actor: User, own: Office) -> None:
    """Neither may have made the other an officer, and the first must still be one who may."""
    proposer = proposed.proposed_by
    first = officers.office(box, proposer)
    if granted_one_another(first, proposer.id, own, actor.id):
        raise Denied(_("두 담당관 가운데 한 명이 다른 한 명을 담당관으로 정했어요. 다른 담당관이 확인해야 해요."))
    if proposer.left_at is not None or may_officiate(proposer, first) is not None:
        raise Conflict(_("제안한 사람이 이제 담당관이 아니에요. 다시 제안해 주세요."))


WHERE_NEEDED = LONG | {ConfirmedAction.COUNT_ANYWAY}
"""Actions that no page mentions before they are called for."""


class ActionOffer(NamedTuple):
    """An action as an official sees it: what they would propose or confirm, and why not."""

    action: ConfirmedAction
    fingerprint: bytes
    pending: Confirmation | None
    """Proposal that can still be confirmed."""
    why_not: str | None
    before: Confirmation | None
    """The last proposal of the same before this one."""
    changed: list[str]
    """Sentences on what is not as it was then."""
    alone: bool
    """Whoever proposed may confirm too."""

    @property
    def is_void(self) -> bool:
        """True where nobody can confirm what was proposed last, because it is not the same any more."""
        return self.pending is None and self.before is not None and self.before.ended_at is None and bool(self.changed)


def offers(box: BallotBox) -> list[ActionOffer]:
    """Every action of this stage but those with a page of their own."""
    now = database_now()
    stage = stage_of(box, now)
    return [_offer(action, box, now)
            for action in ConfirmedAction if action not in PAGES_OF_THEIR_OWN and stage in POSSIBLE_AT[action]
            and not (action is ConfirmedAction.PUBLISH and box.rehearsal)
            and (action not in WHERE_NEEDED or why_not(action, box, now) is None)
            and (action is not ConfirmedAction.DRAW or box.tied_at is not None)]


def _offer(action: ConfirmedAction, box: BallotBox, now: datetime) -> ActionOffer:
    pending = queries.alive(box.id, action)
    seen = queries.fingerprint(action, box) if pending is None else queries.now_of(pending, box)
    before = queries.before(box.id, action, pending)
    return ActionOffer(action, seen, pending, why_not(action, box, now), before, shown.changed(before, box),
                 is_confirmed_alone(action, box.id))


def stages_now(ballot_boxes: Iterable[BallotBox]) -> dict[bytes, BoxStage]:
    """By one reading of the database's clock."""
    now = database_now()
    return {box.id: stage_of(box, now) for box in ballot_boxes}
