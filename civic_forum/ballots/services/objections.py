"""Objections to a vote: lodged by observers, answered in the name of a department, withheld only with a reason."""

from secrets import token_bytes

from civic_forum.accounts.queries import people
from civic_forum.district.models import Department
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from ..events import VoteObjected, VoteObjectionAnswered
from ..models import Objection
from ..policy import may_answer, may_object, may_withhold
from ..queries import boxes, objections
from ..steps.locking import acting, take_lock

LENGTHS = {"title": (5, 200), "text": (10, 3_000), "answer": (10, 3_000), "outcome": (2, 200), "reason": (5, 300)}
MOST_EACH = 30
"""Of one observer to one vote."""
N_BYTES = 32


def lodge(box_id: bytes, title: str, text: str, *, by) -> Objection:
    """Object to a vote that was opened. Before the final head it becomes a leaf; later it stands on the page only.
    Nobody but its author and those who answer sees it before the close."""
    with use_case(by) as work:
        actor = people.held(by.id)[by.id]
        at = take_lock(box_id)
        box = boxes.required(box_id)
        db.session.refresh(box)
        require(actor, may_object, box)
        _check("title", title, _("제목을 5자부터 200자까지 적어 주세요."))
        _check("text", text, _("무엇이 왜 잘못됐는지 10자부터 3,000자까지 적어 주세요."))
        if objections.number_of(box_id, actor.id) >= MOST_EACH:
            raise Conflict(_("한 투표에 이의를 %(most)s건까지 제기할 수 있어요. 앞서 낸 이의의 답변을 기다려 주세요.",
                             most=MOST_EACH))
        objection = Objection(box_id=box_id, by_id=actor.id, title=title, text=text, lodged_at=at,
                              n=token_bytes(N_BYTES) if box.finished_at is None else None)
        work.session.add(objection)
        work.session.flush()
        work.record("ballots.objection_lodged", objection)
        work.emit(VoteObjected(objection.id))
        return objection


def answer(box_id: bytes, objection_id: int, outcome: str, text: str, *, department_id: int, by) -> None:
    """Answer in the name of one's department; answering again replaces what was said, and the log keeps both acts."""
    with use_case(by) as work:
        actor = acting(by, may_answer, department_id)
        objection = _found(box_id, objection_id)
        _check("outcome", outcome, _("어떻게 하기로 했는지 2자부터 200자까지 적어 주세요."))
        _check("answer", text, _("답변을 10자부터 3,000자까지 적어 주세요."))
        again = objection.answered_at is not None
        objection.outcome, objection.answer = outcome, text
        objection.answered_at, objection.answered_by_id = work.at, actor.id
        objection.answered_for = db.session.get_one(Department, department_id).name_ko
        work.record("ballots.objection_answered", objection, department=department_id, again=again)
        work.emit(VoteObjectionAnswered(objection.id))


def withhold(box_id: bytes, objection_id: int, reason: str, *, by) -> None:
    """Keep the words of an objection from the public; that it was lodged, and the reason, everybody sees."""
    with use_case(by) as work:
        acting(by, may_withhold)
        objection = _not_in_a_record(box_id, objection_id)
        _check("reason", reason, _("왜 가리는지 5자부터 300자까지 적어 주세요."))
        objection.withheld = reason
        work.record("ballots.objection_withheld", objection)


def show_again(box_id: bytes, objection_id: int, *, by) -> None:
    """The words were withheld in error."""
    with use_case(by) as work:
        acting(by, may_withhold)
        objection = _not_in_a_record(box_id, objection_id)
        if objection.withheld is None:
            raise Conflict(_("가려진 글이 아니에요."))
        objection.withheld = None
        work.record("ballots.objection_shown_again", objection)


def _found(box_id: bytes, objection_id: int) -> Objection:
    objection = objections.by_id(box_id, objection_id, lock=True)
    if objection is None:
        raise NotFound(_("그런 이의가 없어요. 목록을 새로 열어 확인해 주세요."))
    return objection


def _not_in_a_record(box_id: bytes, objection_id: int) -> Objection:
    """From the count on the record is written, and what it says of a leaf cannot be changed any more. The box is locked
    first, as finishing the log and counting do."""
    box = boxes.held(box_id)
    objection = _found(box_id, objection_id)
    if objection.leaf_number is not None and box.counted_at is not None:
        raise Conflict(_("이 글은 이미 공개 기록에 들어갔어요. 이제 가리거나 다시 보일 수 없어요."))
    return objection


def _check(field: str, text: str, sentence: str) -> None:
    least, most = LENGTHS[field]
    if not least <= len(text.strip()) <= most:
        raise Refusal(sentence, field=field)
    refuse_secret(**{field: text})
