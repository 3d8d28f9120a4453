"""Items are brought to what becomes of them, one or many in one act; what a department answers is written back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import same_person
from civic_forum.answers import operations as duties
from civic_forum.blocks import about
from civic_forum.blocks.kinds import Decidable, Ref
from civic_forum.blocks import kinds
from civic_forum.district import queries as district
from civic_forum.journeys import operations as journeys
from civic_forum.opinions import operations as opinions
from civic_forum.opinions import queries as opinion_queries
from civic_forum.opinions.policy import stage_of
from civic_forum.opinions.rules import Origin, Stage, StatementState
from civic_forum.platform import plain_text
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.folding import folded
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case
from civic_forum.proposals import operations as proposals
from civic_forum.proposals.rules import Text

from .. import queries, rules
from ..events import ItemSorted
from ..models import IntakeItem
from ..policy import may_sort
from ..rules import Became, ItemState


@dataclass(frozen=True, kw_only=True)
class Sorting:
    """End of some items, as it is chosen for all of them."""

    became: Became
    into: about.Named | None = None
    """Proposal, consultation or agenda to which they belong."""
    number: str = ""
    """Of the item, or of the statement of a consultation, that says the same."""
    department_id: int = 0
    """Of who answers by a day, or of whose post it was that answered on the spot."""
    days: int = 0
    reply: str = ""
    replied_by: str = ""
    """Post of who answered, or the office that is asked."""
    title: str = ""
    problem: str = ""
    wish: str = ""
    category: str = ""


def sort(item_ids: Sequence[int], sorting: Sorting, *, by: User) -> list[IntakeItem]:
    """Say what becomes of these items, all or none. Of those that make a new proposal the first is it, and the others
    join it. Raises Denied, Refusal with `field`, and Conflict for one that was sorted or taken back meanwhile."""
    return sort_each({sorting: item_ids}, by=by)


def sort_each(groups: Mapping[Sorting, Sequence[int]], *, by: User) -> list[IntakeItem]:
    """The same with several ends, all or none; of several a Refusal begins with the number of the item."""
    with use_case(by) as work:
        items = {item.id: item for item in queries.held([item_id for ids in groups.values() for item_id in ids])}
        require(by, may_sort)
        # In one order, for what they are brought to is locked.
        for sorting, ids in sorted(groups.items(), key=lambda group: (str(group[0].into), group[0].number)):
            _end(work, [items[item_id] for item_id in sorted(set(ids))], sorting, by, is_alone=len(groups) == 1)
        return list(items.values())


def _end(work: Work, items: list[IntakeItem], sorting: Sorting, by: User, *, is_alone: bool) -> None:
    for item in items:
        _check(work, item, sorting.became, by)
        item.became, item.sorted_by_id, item.sorted_at = sorting.became, by.id, work.at
    try:
        ENDS[sorting.became](work, items, sorting)
    except Refusal as refusal:
        if is_alone:
            raise
        raise Refusal(f"{items[0].number}: {refusal}", field="lines") from refusal
    work.session.flush()
    for item in items:
        work.record("intake.sorted", item, became=item.became)
        if item.became is not None:
            work.emit(ItemSorted(item.id))


def _check(work: Work, item: IntakeItem, became: Became, by: User) -> None:
    if item.state is not ItemState.CHECKED:
        raise Conflict(_("%(number)s: 이미 나눴거나 거둔 것이에요. 새로 고친 뒤 다시 골라 주세요.", number=item.number))
    if became is Became.PROPOSAL and same_person(work.session.get_one(User, item.typed_by_id), by):
        raise Denied(_("%(number)s: 적은 사람이 아닌 다른 사람이 제안으로 만들어야 해요.", number=item.number))


def _propose(work: Work, items: list[IntakeItem], sorting: Sorting) -> None:
    first, *others = items
    if (category := sorting.category or first.category) not in district.open_categories():
        raise Refusal(_("분야를 골라 주세요."), field="category")
    # These are the words of who sorts: whose item it is becomes the author by claiming it, not before.
    proposal = proposals.take_in(
        work, Text(sorting.title, sorting.problem, sorting.wish), category=category,
        author=proposals.nobody(work.session, at=work.at), neighbourhood_id=first.neighbourhood_id,
        channel=rules.channel_of(first.form, at_desk=first.forum_id is None),
        language=first.language)
    for other in others:
        other.became = Became.JOINED
    _tie(work, items, kinds.of_record(proposal).ref(proposal), proposal.journey_id)


def _join(work: Work, items: list[IntakeItem], sorting: Sorting) -> None:
    if sorting.into is not None:
        return _into(work, items, sorting)
    other = queries.by_number(sorting.number)
    if not other.is_public or other in items:
        raise Refusal(_("같은 말로 이을 다른 접수번호를 적어 주세요."), field="number")
    for item in items:
        item.about = Ref(rules.ITEM, other.id)


def _into(work: Work, items: list[IntakeItem], sorting: Sorting) -> None:
    record = _tied(items, sorting)
    _tie(work, items, kinds.of_record(record).ref(record), record.journey_id)


def _tied(items: list[IntakeItem], sorting: Sorting) -> Any:
    """The thing, locked, that everybody may read."""
    if sorting.into is None or rules.TIES.get(sorting.into[0]) is not sorting.became:
        raise Refusal(_("무엇에 담을지 골라 주세요."), field="agenda_slug")
    about.write(items[0], sorting.into)
    tied = items[0].about
    return kinds.with_capability(tied.kind, Decidable).locked(tied.id) if tied else None


def _tie(work: Work, items: list[IntakeItem], ref: Ref, journey_id: int) -> None:
    for item in items:
        item.about = ref
        journeys.add(work.session, journey_id, "heard", at=work.at, evidence=item.number,
                     link=f"/intake/{item.number}", once=f"heard:{item.number}")


def _state(work: Work, items: list[IntakeItem], sorting: Sorting) -> None:
    """Statements with the words of the items; one that says the same is there already."""
    consultation = _tied(items, sorting)
    if sorting.number:
        said_there = opinion_queries.statement(consultation.id, plain_text.number(sorting.number) or 0)
        for item in items:
            item.about = Ref("statement", said_there.id)
        return
    if stage_of(consultation) is Stage.CLOSED:
        raise Refusal(_("이미 마친 질문이에요. 다른 질문을 골라 주세요."), field="agenda_slug")
    there = {folded(statement.text): statement for statement in opinion_queries.statements(consultation.id)
             if statement.state is not StatementState.REFUSED}
    for item in items:
        text = opinions.statement_text(item.text)
        statement = there.get(folded(text)) or opinions.add_statement(
            work, consultation, text, Origin.RESIDENT, source=f"{rules.KIND}:{item.id}")
        work.session.flush()
        there[folded(text)] = statement
        item.about = Ref("statement", statement.id)


def _owe(work: Work, items: list[IntakeItem], sorting: Sorting) -> None:
    for item in items:
        duties.owe(work, Ref(rules.ITEM, item.id), sorting.department_id, sorting.days)


def _say(_work: Work, items: list[IntakeItem], sorting: Sorting) -> None:
    """Answered on the spot, which a second person confirms (`replies`); kept; or asked of another office."""
    least = 0 if sorting.became is Became.KEPT else 2
    reply = words_given(sorting.reply, least if sorting.became is Became.ANSWERED else 0, rules.REPLY_MOST, "reply")
    replied_by = words_given(sorting.replied_by, least, rules.REPLIED_BY_MOST, "replied_by")
    if sorting.became is Became.KEPT and replied_by:
        raise Refusal(_("누가 그 자리에서 답했다면 '그 자리에서 답했어요'를 눌러 주세요."), field="replied_by")
    if sorting.department_id and district.open_department(sorting.department_id) is None:
        raise Refusal(_("부서를 목록에서 골라 주세요."), field="answering")
    for item in items:
        if sorting.became is Became.ANSWERED:
            item.became, item.typed_reply = None, {"reply": reply, "replied_by": replied_by}
            item.answering_department_id = sorting.department_id or None
        else:
            item.reply, item.replied_by = reply, replied_by or None


ENDS: Mapping[Became, Callable[[Work, list[IntakeItem], Sorting], None]] = {
    Became.PROPOSAL: _propose, Became.JOINED: _join, Became.STATEMENT: _state, Became.AGENDA: _into, Became.DUTY: _owe,
    Became.ANSWERED: _say, Became.KEPT: _say, Became.ELSEWHERE: _say}
