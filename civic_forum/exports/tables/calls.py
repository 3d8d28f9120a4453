"""Applications of one call, for the department that holds it: a column for each question whose answers it reads."""

from dataclasses import replace
from functools import partial
from typing import Any

import sqlalchemy as sa

from civic_forum.blocks import questions
from civic_forum.blocks.listing import Column
from civic_forum.blocks.orders import Order
from civic_forum.blocks.submissions import Submission
from civic_forum.calls import labels
from civic_forum.calls.judging.policy import may_handle
from civic_forum.calls.judging.queries import APPLICATIONS, RESULT, applies
from civic_forum.calls.models import Call, CallApplication
from civic_forum.calls.queries import questions_of
from civic_forum.calls.rules import ApplicationState
from civic_forum.platform import plain_text
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.question_rows import AnswerSheet, Question, QuestionType, Reader

from .table import Table

PREFIX = "applications-"
COLUMNS = (
    Column("number", _l("접수번호")), Column("title", _l("제목")), Column("group_name", _l("모임 이름")),
    Column("people", _l("사람")), Column("theme", _l("주제")), Column("asked", _l("바라는 돈")),
    Column("channel", _l("낸 곳"), labels=labels.CHANNEL), Column("result", _l("결과"), labels=labels.STATE),
    Column("mean", _l("점수"), value=lambda row: row.mean_bottom and row.mean_top / row.mean_bottom),
    Column("won", _l("얼마(원)")), Column("reserve_place", _l("예비 차례")),
    Column("why_not", _l("뽑히지 않은 이유"), labels=labels.WHY_NOT), Column("reason", _l("이유")))


def applications(name: str) -> Table | None:
    """The table of this name; what is sealed has no column, and of files there is only the page of the application."""
    call = db.session.get(Call, plain_text.number(name.removeprefix(PREFIX)) or 0) if name.startswith(PREFIX) else None
    if call is None:
        return None
    listing = replace(
        APPLICATIONS, name=f"table {name}", select=partial(_rows, call.id), filters=APPLICATIONS.filters[:1],
        orders=(Order("id", None, (CallApplication.id,)),), columns=(*COLUMNS, *(
            Column(questions.name_of(row), row.label, questions.who_reads(row), value=partial(_answer, row))
            for row in questions_of(call) if row.reader is not Reader.SEALED and row.type is not QuestionType.FILE)))
    return Table(listing, _("신청: %(title)s", title=call.title), _("봉인한 답은 들어 있지 않아요."), partial(_why_not, call),
                 personal=True, scope=lambda user: user.department_ids())


def _rows(call_id: int) -> sa.Select[Any]:
    return (sa.select(
        CallApplication.id, Submission.number, CallApplication.title, CallApplication.group_name,
        CallApplication.people, CallApplication.theme, CallApplication.asked, CallApplication.channel,
        RESULT.label("result"), CallApplication.mean_top, CallApplication.mean_bottom, CallApplication.won,
        CallApplication.reserve_place, CallApplication.why_not, CallApplication.reason, AnswerSheet.answers)
        .join(CallApplication.submission).outerjoin(AnswerSheet, AnswerSheet.submission_id == Submission.id)
        .where(CallApplication.call_id == call_id, CallApplication.state != ApplicationState.DRAFT))


def _answer(question: Question, row: Any) -> object:
    """Numbers stay numbers."""
    [answer] = questions.answers(row, [question], {question.reader})
    return answer.value if question.type is QuestionType.NUMBER else answer.text


def _why_not(call: Call, user: Any, _subject: object = None) -> str | None:
    if reason := may_handle(user, call):
        return reason
    return _("내가 신청한 모집이라 다른 담당자가 해요.") if applies(user, call.id) else None
