"""Answers that were published, and how each department keeps its duty to answer."""

from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa

from civic_forum.answers import labels
from civic_forum.answers.models import Answer, Assignment, Duty
from civic_forum.answers.rules import AnswerState, DutyEnd, is_late
from civic_forum.blocks import listing
from civic_forum.blocks.filters import Filter
from civic_forum.blocks.listing import Column, Listing
from civic_forum.blocks.orders import Order
from civic_forum.district.models import Department, Reason
from civic_forum.district.queries import reason_names
from civic_forum.platform import clock
from civic_forum.platform.i18n import _, _l, local
from civic_forum.proposals.models import Proposal

from .. import policy
from . import table
from .table import Table

ANSWER_COLUMNS = (
    Column("number", _l("접수번호"), _l("답변한 제안이에요.")),
    Column("title", _l("제목"), _l("제안의 제목이에요.")),
    Column("department", _l("부서"), _l("답변한 부서예요.")),
    Column("kind", _l("종류"), _l("중간 답변인지 최종 답변인지예요."), labels=labels.KIND),
    Column("outcome", _l("결과"), _l("최종 답변에만 있어요.")),
    Column("text", _l("답변"), _l("답변의 글이에요.")),
    Column("by_when", _l("언제까지"), _l("날이나 달, 분기(Q), 해예요. 예전 답변에는 적힌 대로 있어요.")),
    Column("cost", _l("비용(원)"), _l("부서가 적은 비용이에요."), type="number"),
    Column("reason", _l("안 하는 이유"), _l("안 하기로 한 답변에만 있어요.")),
    Column("document_number", _l("문서 번호"), _l("구청의 문서 번호예요.")),
    Column("dated_on", _l("문서 날짜"), _l("한국 날짜예요."), type="day"),
    Column("published_at", _l("공개한 때"), _l("한국 시각이에요."), type="moment"),
    Column("version", _l("판"), _l("1보다 크면 바로잡은 답변이에요."), type="number"),
    Column("understood", _l("이해했어요"), _l("답변을 이해했다고 한 회원 수예요."), type="number"),
    Column("not_understood", _l("이해하기 어려워요"), _l("이해하기 어렵다고 한 회원 수예요."), type="number"),
)
DUTY_COLUMNS = (
    Column("department", _l("부서"), _l("답변을 맡은 부서예요. 아직 정하지 않은 제안은 따로 세요.")),
    Column("open", _l("답변할 제안"), _l("기한이 있고 아직 답하지 않은 제안 수예요."), type="number"),
    Column("late", _l("그 가운데 늦은 것"), _l("기한이 지난 제안 수예요."), type="number"),
    Column("paused", _l("그 가운데 멈춘 것"), _l("내용을 보태 달라고 하고 기다리는 제안 수예요."), type="number"),
    Column("answered", _l("답변함"), _l("최종 답변을 한 횟수예요."), type="number"),
    Column("in_time", _l("그 가운데 기한 안"), _l("기한이 지나기 전에 답한 횟수예요."), type="number"),
    Column("referred", _l("다른 곳에 넘김"), _l("민원이나 다른 기관으로 넘긴 제안 수예요. 기한을 따지지 않아요."), type="number"),
)


def _answers() -> sa.Select:
    return (sa.select(Answer.id, Proposal.number, Proposal.title, Department.name.label("department"), Answer.kind,
                      Reason.name.label("outcome"), Answer.text, Answer.by_when, Answer.cost, Answer.reason,
                      Answer.document_number, Answer.dated_on, Answer.published_at, Answer.version,
                      Answer.understood, Answer.not_understood)
            .join(Proposal, Proposal.id == Answer.proposal_id).join(Department, Department.id == Answer.department_id)
            .outerjoin(Reason, Reason.key == Answer.outcome)
            .where(Answer.state == AnswerState.PUBLISHED, Proposal.hidden_at.is_(None)))


@dataclass
class Figures:
    """Figures on how a department keeps its duty."""

    open: int = 0
    late: int = 0
    paused: int = 0
    answered: int = 0
    in_time: int = 0
    referred: int = 0

    def count(self, duty, today) -> None:
        if duty.ended_at is None:
            self.open += 1
            self.paused += duty.paused_on is not None
            self.late += is_late(duty.due_on, duty.paused_on, today)
        elif duty.ended_how is DutyEnd.ANSWERED:
            self.answered += 1
            self.in_time += local(duty.ended_at).date() <= duty.due_on
        elif duty.ended_how is DutyEnd.REFERRED:
            self.referred += 1


def _duties() -> sa.Select:
    """Every duty with the department that led the proposal last."""
    last_lead = sa.select(sa.func.max(Assignment.id)).where(
        Assignment.proposal_id == Duty.proposal_id, Assignment.is_lead).correlate(Duty).scalar_subquery()
    return (sa.select(Duty.id, Duty.due_on, Duty.paused_on, Duty.ended_at, Duty.ended_how, Department.position,
                      Department.name.label("department"))
            .join(Proposal, Proposal.id == Duty.proposal_id).outerjoin(Assignment, Assignment.id == last_lead)
            .outerjoin(Department, Department.id == Assignment.department_id).where(Proposal.hidden_at.is_(None)))


def _of_departments(duties):
    """One row a department."""
    figures, today, nobody = defaultdict(Figures), local(clock.now()).date(), _("부서를 정하고 있어요")
    for (duty,) in duties:
        figures[duty.position or 0, duty.department or nobody].count(duty, today)
    for (_position, department), totals in sorted(figures.items(), key=lambda pair: pair[0]):
        yield department, totals.open, totals.late, totals.paused, totals.answered, totals.in_time, totals.referred


ANSWERS = Table(
    listing.declare(Listing(
        "table answers", _answers, (Order("id", None, (Answer.id,)),), columns=ANSWER_COLUMNS,
        filters=(table.department(Answer.department_id),
                 Filter("outcome", _l("결과"), Answer.outcome, reason_names)))),
    _l("부서 답변"), _l("공개한 답변이에요. 가린 제안의 답변은 빠져요."), policy.may_take)
DUTIES = Table(
    listing.declare(Listing("table duties", _duties, (Order("id", None, (Duty.id,)),), (table.YEAR,),
                            (Column("duty", _l("답변할 제안"), value=lambda row: row),))),
    _l("부서별 답변 기한"), _l("부서마다 답변 기한을 얼마나 지켰는지예요."), policy.may_take, summed=_of_departments,
    columns_of_sums=DUTY_COLUMNS)
