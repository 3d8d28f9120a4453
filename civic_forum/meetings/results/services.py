"""Results of single items: noted while a meeting runs, corrected by two people once the record is out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.blocks.two_people import Strength, TwoPeople
from civic_forum.bodies import queries as bodies
from civic_forum.forums.events import DecisionWritten, ForumEdited
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.work import Work, use_case

from .. import labels, queries
from ..events import ResultCorrected
from ..models import Meeting, MeetingItem
from ..policy import may_sign
from ..queries import MeetingCase
from ..rules import PASSED, ItemResult, Votes
from ..services import count_members, held
from ..signing.services import ANY_TIME, publish, signatory


def note(item_id: int, result: ItemResult | None, votes: Votes | None, present: int | None, *, by: User) -> MeetingItem:
    """Write down the result of an item while its meeting runs, and how many with a vote were there. Raises Refusal, and
    Conflict where that is done."""
    with use_case(by) as work:
        item, case = held(work, item_id)
        meeting = item.meeting
        work.session.refresh(meeting)
        if item.result is not None or not meeting.is_running:
            raise Conflict(_("이미 적은 결과예요: %(result)s", result=labels.RESULT[item.result]) if item.result else
                           _("지금 열리는 회의가 아니에요."))
        count_members(case, meeting, None)
        _check(meeting, result, present)
        item.count(result, votes and _numbers(votes), present)
        work.record("meetings.noted", item, result=result)
        return item


def _check(meeting: Meeting, result: ItemResult | None, present: int | None) -> None:
    """Raises Refusal."""
    if result is None:
        raise Refusal(_("결과를 골라 주세요."), field="result")
    if present is not None and present > (meeting.members or present):
        raise Refusal(_("온 사람이 위원보다 많아요. 수를 다시 확인해 주세요."), field="present")


def _numbers(votes: Votes) -> Sequence[int]:
    return [votes.yes, votes.no, votes.abstained]


def correct(item_id: int, result: ItemResult | None, votes: Votes | None, present: int | None, *,
            by: User) -> MeetingItem:
    """Propose that the result of an item reads differently in a record that is out. Raises Refusal, and Conflict for a
    record that nobody signed yet, and for numbers that follow from answers."""
    with use_case(by) as work:
        item, case = held(work, item_id)
        meeting = item.meeting
        work.session.refresh(meeting)
        if not item.is_correctable:
            raise Conflict(_("실린 회의록의 결과만 고칠 수 있어요."))
        _check(meeting, result, present)
        proposed = {"result": result, "present": present, "votes": votes and _numbers(votes)}
        if proposed == item.counted:
            raise Refusal(_("바뀐 것이 없어요."), field="result")
        item.corrected = proposed
        CORRECTIONS.begin(work, corrected_as(item.id), ItemCase(meeting, case, frozenset(), item=item))
        work.record("meetings.correction_proposed", item)
        return item


@dataclass(frozen=True)
class ItemCase(MeetingCase):
    """An item whose result is to be corrected, with its meeting."""

    item: MeetingItem = field(kw_only=True)


def corrected_as(item_id: int) -> str:
    """Name of an item where its correction waits for a second person."""
    return f"meeting_item:{item_id}"


def _to_correct(subject: str, signers: frozenset[int]) -> ItemCase:
    """Under the lock of the body, with the accounts of those who sign. Raises NotFound."""
    number = int(subject.partition(":")[2])
    case = bodies.case(queries.item(number).meeting.body_id)
    people.held(*signers)
    item = queries.item(number)
    return ItemCase(item.meeting, case, frozenset(), item=item)


def _carry_out(work: Work, case: ItemCase) -> None:
    """The result reads differently. What was not decided after all undoes nothing, and departments need not do it."""
    item, undid_id = case.item, None
    becomes: Any = item.corrected
    act = CORRECTIONS.pending(corrected_as(item.id))
    item.earlier = [*item.earlier, item.counted | {"at": work.at.isoformat()}]
    item.count(**becomes)
    item.corrected = None
    if item.result not in PASSED:
        undid_id, item.undoes_id = item.undoes_id, None
        for decision in queries.standing(item):
            decision.removed_at = work.at
            work.emit(DecisionWritten(decision.id))
    work.session.flush()
    work.session.expire(item, ["undoes"])
    if case.meeting.is_signed:
        publish(work, case, act, work.at, _("안건 %(number)s의 결과를 고쳤어요.", number=item.number))
    work.emit(ResultCorrected(item.id, undid_id))
    work.emit(ForumEdited(case.meeting.forum_id))


CORRECTIONS: TwoPeople[ItemCase] = TwoPeople(
    name="meetings.correction", strength=Strength.PLAIN, lasts=ANY_TIME, held=_to_correct, signatory=signatory,
    may=lambda actor, case: may_sign(actor, case.body), held_for=people.held_for, carry_out=_carry_out,
    shown=lambda case: [case.item.title, case.item.counted, case.item.corrected, len(case.item.earlier)])
