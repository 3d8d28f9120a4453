"""Residents ask for a visit; the office says when it comes, or why not."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from civic_forum.accounts.models import User
from civic_forum.district import queries as district
from civic_forum.forums.models import Forum
from civic_forum.forums.preparing.parts import Holder, Times, Wording
from civic_forum.forums.preparing.process import new
from civic_forum.forums.rules import Form
from civic_forum.platform import plain_text
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case

from . import queries
from .events import VisitAnswered
from .models import VisitRequest
from .parts import Asking
from .policy import may_answer, may_ask
from .rules import ANSWERED_WITHIN, WHY_MOST


def ask(asking: Asking, *, by: User) -> VisitRequest:
    """Ask that the office comes. Raises Refusal at the field, Conflict for who waits for an answer already, Denied."""
    asking = replace(asking, place=plain_text.clean(asking.place), why=plain_text.clean(asking.why, lines=True))
    with use_case(by) as work:
        require(by, may_ask)
        request = VisitRequest(by_id=by.id, asked_at=work.at,
                               due_on=local(work.at).date() + timedelta(days=ANSWERED_WITHIN))
        asking.write(request)
        if district.open_neighbourhood(request.neighbourhood_id) is None:
            raise Refusal(_("목록에 있는 것 가운데 골라 주세요."), field="neighbourhood_id")
        if queries.is_open(by.id, request.neighbourhood_id):
            raise Conflict(_("이 동에는 이미 청했어요. 답을 받은 뒤에 다시 청할 수 있어요."), field="neighbourhood_id")
        work.store(request)
        work.record("visits.asked", request)
        return request


def agree(request_id: int, starts_at: datetime, ends_at: datetime, *, shows: bool, by: User) -> Forum:
    """Say when the office comes: a visit is made, to be prepared as every other. `shows`: everybody may read place and
    reason. Raises Refusal, Conflict for what has an answer, Denied."""
    with use_case(by) as work:
        request = _waiting(work, request_id, by)
        if starts_at <= work.at:
            raise Refusal(_("앞으로 올 때를 적어 주세요."), field="starts_at")
        name = district.neighbourhood_names()[request.neighbourhood_id]
        visit = new(work, None, Holder(Form.VISIT, min(by.department_ids(), default=None), request.neighbourhood_id),
                    Wording(_("%(name)s에 찾아가요", name=name), _("무엇이 불편한가요?")),
                    Times(request.place, starts_at, ends_at))
        work.record("forums.made", visit)
        request.visit_id = visit.id
        _answer(work, request, shows)
        return visit


def decline(request_id: int, why: str, again_on: date | None = None, *, shows: bool, by: User) -> VisitRequest:
    """Say why the office does not come, and from when on it can be asked again. Raises as `agree` does."""
    why = words_given(why, 5, WHY_MOST, "why")
    with use_case(by) as work:
        request = _waiting(work, request_id, by)
        if again_on is not None and again_on <= local(work.at).date():
            raise Refusal(_("앞으로 올 날을 적어 주세요."), field="again_on")
        request.refused_because, request.ask_again_on = why, again_on
        _answer(work, request, shows)
        return request


def _waiting(work: Work, request_id: int, by: User) -> VisitRequest:
    asked = queries.asked_of(request_id, lock=True)
    require(by, may_answer, asked)
    if asked.request.answered_at is not None:
        raise Conflict(_("이미 답했어요. 새로 고친 뒤 확인해 주세요."))
    return asked.request


def _answer(work: Work, request: VisitRequest, shows: bool) -> None:
    request.answered_at, request.answered_by_id, request.is_shown = work.at, work.actor.id, shows
    work.record("visits.answered", request, agreed=request.visit_id is not None)
    work.emit(VisitAnswered(request.id))
