"""A clerk takes down what somebody at the window says or does; nothing of it as the clerk."""

from collections.abc import Callable
from dataclasses import replace

from civic_forum.accounts import desk_numbers
from civic_forum.accounts import operations as accounts
from civic_forum.accounts.models import AccessRecord, User
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import LOOK_UP_LEAST, LOOK_UP_MOST, Role, marks_of, same_person
from civic_forum.accounts.wrong_names import note_wrong_name, refuse_guessing
from civic_forum.blocks import submissions
from civic_forum.blocks.kinds import Ref
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case
from civic_forum.proposals.policy import may_write

from .. import queries as items
from .. import rules
from ..events import ItemChecked, ItemsTaken, TakenForSomebody
from ..models import IntakeItem
from ..policy import may_see_contact, may_serve
from ..rules import WAITING, ItemRecord, ItemState, Taken, TakenState
from ..services import take_in
from . import queries
from .operations import ACTS, Facts

AT_A_WINDOW = (Role.CLERK, Role.MODERATOR)


def take_request(record: ItemRecord, *, contact: str, by: User) -> Taken:
    """Write down what somebody asks for who wants to be called back. Raises Refusal."""
    _require_contact(contact)
    return _take(record, contact, "", "request", by, lambda _work, _item, _owner: None)


def take(record: ItemRecord, facts: Facts, *, contact: str = "", desk_number: str = "", by: User) -> Taken:
    """Take down an act of somebody (`record.act`): done at once where it needs no second clerk, else it waits for
    `confirm`. Raises Refusal, Denied, Conflict."""
    act = ACTS[record.act]
    ready = act.ready(facts)
    if act.needs_contact and not desk_number:
        _require_contact(contact)

    def begin(work: Work, item: IntakeItem, owner: User | None) -> None:
        if act.at_once:
            return _end(work, item, ready.carry_out(work, item, owner))
        ready.refuse(work, owner)
        item.facts = dict(facts)

    taken = _take(replace(record, text=ready.title, key=ready.key or record.key, category=facts.get("category")),
                  contact, desk_number, record.act, by, begin)
    if not taken.number:
        raise Conflict(_("다른 담당자가 이미 받았어요. 두 번째 담당자는 ‘종이로 받기’에서 적어 주세요."))
    return taken


def _require_contact(contact: str) -> None:
    if not contact:
        raise Refusal(_("다시 연락할 이름과 전화번호를 적어 주세요."), field="contact")


def _take(record: ItemRecord, contact: str, desk_number: str, name: str, by: User,
          begin: Callable[[Work, IntakeItem, User | None], None]) -> Taken:
    """Answer to the row; where it is new `begin` gets its item, and the account that showed its number."""
    with use_case(by) as work:
        owner_id = desk_numbers.account_in(desk_number)
        held = people.held(*{by.id, owner_id} - {None})
        require(held[by.id], may_serve, record.neighbourhood_id)
        if (known := items.of_keys([record.key]).get(record.key)) is not None:
            return Taken(record.key, TakenState.SAME, known.number if known.typed_by_id == by.id else "")
        if desk_number:
            refuse_guessing(work, held[by.id])
        owner = _showing(work, held.get(owner_id or 0), desk_number)
        if owner is not None or not desk_number:
            taken, item = _taken(work, record, contact)
            item.submission.owner_id = owner and owner.id
            begin(work, item, owner)
            work.record(f"intake.{name}_taken", item)
            if owner is not None:
                work.emit(TakenForSomebody(item.id, owner.id))
            return taken
        note_wrong_name(work)
    raise Refusal(_("창구 번호가 맞지 않거나 시간이 지났어요. 본인이 주민 확인 화면을 새로 열게 해 주세요."), field="desk_number")


def _end(work: Work, item: IntakeItem, ref: Ref | None) -> None:
    """Note what came of it, where its words stand from now on; without a thing it waits for a second person."""
    if ref is not None:
        item.facts, item.about, item.became, item.sorted_by_id, item.sorted_at = (
            None, ref, ACTS[item.act].became, work.actor.id, work.at)


def _taken(work: Work, record: ItemRecord, contact: str) -> tuple[Taken, IntakeItem]:
    taken, item = take_in(work, record, None, work.actor)
    if item is None:
        raise Refusal(taken.why)
    if contact:
        submissions.seal_contact(item.submission, contact, items.today() + rules.FORGOTTEN_AFTER)
    work.emit(ItemsTaken((item.id,)))
    return taken, item


def _showing(work: Work, user: User | None, desk_number: str) -> User | None:
    """Account that shows this number now. Raises Denied where it cannot propose."""
    if user is None or not desk_numbers.holds(desk_number, work.at):
        return None
    if same_person(user, work.actor):
        raise Denied(_("내 일을 내가 처리할 수는 없어요. 다른 담당자에게 부탁해 주세요."))
    _require_author(user)
    return user


def _require_author(user: User) -> None:
    if user.person_id is None:
        raise Denied(_("본인 확인을 한 분만 이름을 걸고 낼 수 있어요. 창구 번호 없이 받거나 먼저 확인해 주세요."))
    if may_write(user) is not None:
        raise Denied(_("이 계정으로는 지금 제안할 수 없어요."))


def confirm(item_id: int, seen: str, *, by: User) -> IntakeItem:
    """Carry it out as a second clerk, who read beside the paper the words with this fingerprint. In the name of
    somebody it takes the strict rule of two people. Raises Denied, Conflict."""
    facts = queries.facts(item_id)
    ready = ACTS[items.by_id(item_id).act].ready(facts)
    with use_case(by) as work:
        item, owner = _second(work, item_id)
        if item.facts != facts or rules.fingerprint(facts) != seen:
            raise Conflict(_("그 사이에 글이 바뀌었어요. 지금 글을 확인해 주세요."))
        if owner is not None:
            _require_author(owner)
        item.checked_by_id, item.checked_at = by.id, work.at
        _end(work, item, ready.carry_out(work, item, owner))
        work.record("intake.act_confirmed", item)
        work.emit(ItemChecked(item.id))
        return item


def send_back(item_id: int, reason: str, *, by: User) -> None:
    """Send it back as a second clerk, to who wrote it down. Raises Denied, Conflict."""
    reason = words_given(reason, 2, 300, "reason")
    with use_case(by) as work:
        item, _owner = _second(work, item_id)
        item.returned_because = reason
        work.record("intake.sent_back", item)


def _second(work: Work, item_id: int) -> tuple[IntakeItem, User | None]:
    """An act that waits for another clerk than wrote it down, with whose it is."""
    known = items.by_id(item_id)
    held = people.held(*{work.actor.id, known.typed_by_id, known.submission.owner_id} - {None})
    item, second = items.locked(item_id), held[work.actor.id]
    require(second, may_serve)
    if item.facts is None or item.state is not ItemState.WRITTEN:
        raise Conflict(_("이미 확인했거나 거둔 것이에요."))
    owner, first = held.get(item.submission.owner_id or 0), held[item.typed_by_id]
    if same_person(first, second):
        raise Denied(_("적은 사람이 아닌 다른 사람이 확인해야 해요."))
    if owner is not None and (why := people.why_not_another(first, second, AT_A_WINDOW, [marks_of(owner)])):
        raise Denied(why)
    return item, owner


def write_again(item_id: int, facts: Facts, *, by: User) -> None:
    """Write it anew: who wrote it down, until a second clerk confirmed it. Raises Denied, Conflict."""
    queries.facts(item_id)
    ready = ACTS[items.by_id(item_id).act].ready(facts)
    with use_case(by) as work:
        item = items.locked(item_id)
        require(by, may_serve)
        if item.typed_by_id != by.id:
            raise Denied(_("적은 사람만 고칠 수 있어요."))
        if item.facts is None or item.state not in WAITING:
            raise Conflict(_("이미 확인했거나 거둔 것이에요."))
        ready.refuse(work, work.session.get(User, item.submission.owner_id or 0))
        item.text, item.facts, item.returned_because = ready.title, dict(facts), None
        item.category = facts.get("category") or None
        work.record("intake.mended", item)


def see_contact(item_id: int, reason: str, *, by: User) -> str:
    """Name and telephone of who handed something in, for whoever calls back; the reason is kept in the access log.
    Raises NotFound once they are erased."""
    with use_case(by) as work:
        item = items.by_id(item_id)
        require(by, may_see_contact, items.reached(item))
        accounts.require_proof(by, work.at)
        if not LOOK_UP_LEAST <= len(reason) <= LOOK_UP_MOST:
            raise Refusal(_("왜 보는지 5자부터 200자까지 적어 주세요."), field="reason")
        contact = submissions.contact(item.submission)
        if contact is None:
            raise NotFound(_("연락처를 받지 않았거나 이미 지웠어요."))
        work.session.add(AccessRecord(
            by_id=by.id, user_id=item.submission.owner_id, reason=reason, at=work.at))
        work.record("intake.contact_seen", item)
        return contact
