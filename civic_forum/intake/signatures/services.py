"""Names on sheets: two people type how many can be read, nothing else; the sheets are kept, then shredded."""

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import same_person
from civic_forum.blocks.kinds import Ref
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import _, day
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case
from civic_forum.proposals import operations as proposals
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.policy import why_closed
from civic_forum.proposals.queries import records

from .. import queries as items
from .. import rules
from ..events import ItemChecked, ItemsTaken
from ..models import IntakeItem
from ..policy import may_serve
from ..rules import Became, ItemForm, ItemRecord, ItemState, TakenState
from ..services import take_in
from . import queries


def count_first(record: ItemRecord, proposal_number: str, *, by: User) -> IntakeItem:
    """Write down, as the first of two, how many names on a sheet can be read. A number of a sheet is taken once; the
    same row again is the first one. Raises Refusal, NotFound, Conflict."""
    _require_count(record.names)
    proposal_id = records.by_number(proposal_number).id
    with use_case(by) as work:
        require(by, may_serve, record.neighbourhood_id)
        known = items.of_keys([record.key]).get(record.key)
        if known is not None:
            return known
        proposal = _held(work, proposal_id)
        taken, item = take_in(work, record, None, by)
        if item is None:
            raise Refusal(taken.why, field="number")
        if taken.state is TakenState.CLASH:
            raise Conflict(_("이 번호의 종이는 이미 적었어요. 아래 목록에서 찾아 주세요."), field="number")
        item.about = Ref("proposal", proposal.id)
        item.submission.code_hash = None  # of a sheet for one person: nobody takes back the names of many
        work.record("intake.names_counted", item)
        work.emit(ItemsTaken((item.id,)))
        return item


def count_again(item_id: int, names: int | None, *, by: User) -> IntakeItem:
    """Count a sheet as the second person: the same number counts, another one lets both begin anew, and tells nobody
    the number of the other. Raises Denied for who counted first, Conflict."""
    _require_count(names)
    with use_case(by) as work:
        item = _sheet(item_id)
        require(by, may_serve)
        if item.state is ItemState.RETURNED:
            item.names, item.typed_by_id, item.typed_at, item.returned_because = names, by.id, work.at, None
            work.record("intake.names_counted", item)
            return item
        if item.state is not ItemState.WRITTEN:
            raise Conflict(_("이미 두 사람이 센 종이예요."))
        if same_person(work.session.get_one(User, item.typed_by_id), by):
            raise Denied(_("먼저 센 사람이 아닌 다른 사람이 세어야 해요."))
        if names != item.names:
            item.names, item.returned_because = None, rules.DIFFERS
            work.record("intake.counts_differ", item)
            return item
        proposal = proposals.locked(work.session, [item.about_id or 0])[item.about_id or 0]
        proposal.paper_count += names or 0
        item.checked_by_id, item.checked_at, item.became = by.id, work.at, Became.COUNTED
        item.sorted_by_id, item.sorted_at = by.id, work.at
        work.record("intake.names_agreed", item)
        work.emit(ItemChecked(item.id))
        return item


def open_duty(proposal_number: str, *, looked: bool, by: User) -> Proposal:
    """Oblige the office where supports and names together are enough, as somebody else than those who counted first,
    who looked at the paper. Raises Refusal, Denied, Conflict."""
    if not looked:
        raise Refusal(_("종이를 직접 본 뒤에 골라 주세요."), field="looked")
    proposal_id = records.by_number(proposal_number).id
    with use_case(by) as work:
        require(by, may_serve)
        proposal = _held(work, proposal_id)
        if any(same_person(other, by) for other in (*queries.first_counters(proposal.id), proposal.author)):
            raise Denied(_("먼저 센 사람과 제안한 사람이 아닌 다른 사람이 해야 해요."))
        proposals.reach_with_paper(work, proposal)
        work.record("intake.paper_reached", proposal)
        return proposal


def shred(item_id: int, *, by: User) -> IntakeItem:
    """Write down that a sheet was destroyed. Raises Conflict before its day, and where it was."""
    with use_case(by) as work:
        item = _sheet(item_id)
        require(by, may_serve)
        if item.shredded_from is None or item.shredded_on is not None:
            raise Conflict(_("아직 세지 않았거나 이미 파쇄한 종이예요."))
        if items.today() < item.shredded_from:
            raise Conflict(_("%(day)s부터 파쇄할 수 있어요. 그때까지 잠가 두세요.", day=day(item.shredded_from)))
        item.shredded_on, item.shredded_by_id = items.today(), by.id
        work.record("intake.sheet_shredded", item)
        return item


def _held(work: Work, proposal_id: int) -> Proposal:
    proposal = proposals.locked(work.session, [proposal_id])[proposal_id]
    if (why := why_closed(proposal)) is not None:
        raise Conflict(why)
    return proposal


def _require_count(names: int | None) -> None:
    if not rules.is_count(names):
        raise Refusal(_("읽을 수 있는 이름 수를 1부터 %(most)s까지 적어 주세요.", most=rules.NAMES_MOST), field="names")


def _sheet(item_id: int) -> IntakeItem:
    item = items.locked(item_id)
    if item.form is not ItemForm.SIGNATURE:
        raise items.missing()
    return item
