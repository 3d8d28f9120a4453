"""Labels of answers, duties and those who work on them."""

from datetime import datetime
from typing import Any

from civic_forum.district.queries import reasons
from civic_forum.platform.i18n import _, _l

from .rules import (AnswerKind, AnswerState, AssignmentState, Disclosure, DutyEnd, DutyKind, Job, Missing,
                    ReplyOutcome, SignedAs)

KIND = {AnswerKind.INTERIM: _l("중간 답변"), AnswerKind.FINAL: _l("최종 답변")}
STATE = {
    AnswerState.DRAFT: _l("쓰는 중"),
    AnswerState.AWAITING_APPROVAL: _l("승인을 기다려요"),
    AnswerState.PUBLISHED: _l("공개했어요"),
}
DISCLOSURE = {Disclosure.OPEN: _l("공개"), Disclosure.PARTLY_OPEN: _l("부분 공개"), Disclosure.CLOSED: _l("비공개")}
ASSIGNMENT = {
    AssignmentState.ASKED: _l("확인을 기다려요"), AssignmentState.TAKEN: _l("맡았어요"),
    AssignmentState.RETURNED: _l("돌려보냈어요"), AssignmentState.ENDED: _l("이제 맡지 않아요"),
}
DUTY = {
    DutyKind.THRESHOLD: _l("공감 목표를 채운 날"),
    DutyKind.FORMAL: _l("정식 제안을 접수한 날"),
    DutyKind.SECOND_REVIEW: _l("재심사를 요청한 날"),
    DutyKind.STEP: _l("다음 단계에 이른 날"), DutyKind.MAYOR: _l("구청장이 답할 단계에 이른 날"),
    DutyKind.LATER: _l("답하기로 한 날"),
}
"""What the day is called on which the clock began."""
DUTY_ENDED = {
    DutyEnd.ANSWERED: _l("답했어요."), DutyEnd.WITHDRAWN: _l("답하기로 한 것을 거둬서 답변할 일이 끝났어요."),
    DutyEnd.HIDDEN: _l("글을 가려서 답변할 일이 끝났어요. 다시 보이면 기한 그대로 이어져요."),
}
"""Ends of duties about other things than proposals."""
MISSING = {
    Missing.TEXT: _l("답변을 10자 이상 적어 주세요."),
    Missing.OUTCOME: _l("결과를 하나 골라 주세요."),
    Missing.REASON: _l("제안대로 하지 않는 이유를 10자 이상 적어 주세요."),
    Missing.NOTHING_ELSE: _l("안 하기로 했으면 언제까지와 드는 돈을 비워 주세요. 다른 것을 하면 ‘다르게 하기로 했어요’를 골라 주세요."),
    Missing.BY_WHEN: _l("언제까지 할지 적어 주세요."),
    Missing.DOCUMENT_NUMBER: _l("문서 번호를 민원과-1234처럼 적어 주세요."),
}
JOB = {
    Job.ALL: _l("모든 일"), Job.TRIAGE: _l("분류"), Job.WRITE: _l("답변 쓰기"), Job.APPROVE: _l("답변 승인"),
    Job.WAIT: _l("보완 기다리기"),
}
REPLY_OUTCOME = {ReplyOutcome.ADOPTED: _l("반영"), ReplyOutcome.PARTLY: _l("일부"), ReplyOutcome.DIFFICULT: _l("어려움")}
SIGNED_AS = {SignedAs.DEPARTMENT: _l("부서"), SignedAs.NEIGHBOURHOOD_HEAD: _l("동장"), SignedAs.MAYOR: _l("구청장")}

AUTHORS_ACT = {
    "formal": _l("공감이 모자라도 한 달 안에 담당 부서가 답변해요. 이름과 연락처는 잠가서 보관하고 맡은 부서만 봐요."),
    "completion": _l("답하면 멈췄던 답변 기한이 다시 가요. 적은 내용은 맡은 부서가 봐요."),
    "second-review": _l("안 하기로 한 답변을 한 번 더 검토해 달라고 할 수 있어요. 답변이 나온 뒤 15일 안에 한 번만 요청할 수 있어요."),
}
"""What an author can do about the answer, before they do it."""


def outcome(key: str, at: datetime | None = None) -> str:
    """Name of a reason, by the name that it had then, in the language of the page."""
    reason = reasons()[key]
    return reason.names[reason.name_at(at)]


def signature(answer: Any) -> str:
    """Name under which an answer stands: the department, or for whom it signs."""
    if answer.signed_as is SignedAs.DEPARTMENT:
        return str(answer.department.name)
    return _("%(who)s (대신 씀: %(department)s)", who=SIGNED_AS[answer.signed_as], department=answer.department.name)
