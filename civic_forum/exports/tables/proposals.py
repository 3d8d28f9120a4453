"""Proposals: where each stands, how many support it, who has to answer by when."""

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from civic_forum.answers.models import Answer, Assignment, Duty
from civic_forum.answers.rules import AnswerKind, AnswerState
from civic_forum.blocks import listing
from civic_forum.blocks.listing import Column
from civic_forum.blocks.orders import Order
from civic_forum.district.models import Category, Department, Neighbourhood, Reason
from civic_forum.platform import clock
from civic_forum.platform.i18n import _l
from civic_forum.proposals import labels
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries.listing import PROPOSALS, public
from civic_forum.proposals.rules import state_now

from .. import policy
from .table import Table


def _state_now(row):
    return state_now(row.state, row.gathering_ends_at, clock.now())


COLUMNS = (
    Column("number", _l("접수번호"), _l("제안마다 하나예요.")),
    Column("title", _l("제목"), _l("제안의 제목이에요.")),
    Column("state", _l("단계"), _l("지금 어느 단계인지예요."), labels=labels.STATE, value=_state_now),
    Column("category", _l("분야"), _l("제안한 사람이 고른 분야예요.")),
    Column("place", _l("동"), _l("비어 있으면 구 전체에 대한 제안이에요.")),
    Column("published_at", _l("접수한 날"), _l("한국 날짜예요."), type="day"),
    Column("support_count", _l("공감"), _l("합쳐진 제안까지, 공감한 회원 수예요. 한 사람은 한 번만 셌어요."), type="number"),
    Column("resident_support_count", _l("주민 공감"), _l("공감할 때 주민이었던 회원 수예요."), type="number"),
    Column("merged_support_count", _l("합쳐진 제안의 공감"), _l("그 가운데 합쳐진 제안에만 공감한 회원 수예요."), type="number"),
    Column("threshold", _l("공감 목표"), _l("이만큼 모이면 구청이 답해요."), type="number"),
    Column("comment_count", _l("댓글"), _l("보이는 댓글 수예요."), type="number"),
    Column("department", _l("담당 부서"), _l("답변을 맡은 부서예요. 아직 정하지 않았으면 비어 있어요.")),
    Column("started_at", _l("답변 의무가 생긴 날"), _l("공감 목표를 채웠거나 정식 제안을 접수한 날이에요."), type="day"),
    Column("due_on", _l("답변 기한"), _l("이날까지 답변해야 해요."), type="day"),
    Column("ended_at", _l("답변 의무가 끝난 날"), _l("최종 답변을 하거나 다른 곳에 넘긴 날이에요."), type="day"),
    Column("outcome", _l("답변 결과"), _l("마지막 최종 답변의 결과예요.")),
    Column("into", _l("이어 간 제안"), _l("합쳐졌다면 이어 가는 제안의 접수번호예요.")),
)


def _statement() -> sa.Select:
    own, into = Proposal.id, aliased(Proposal)
    last_duty = sa.select(sa.func.max(Duty.id)).where(Duty.proposal_id == own).correlate(Proposal).scalar_subquery()
    last_answer = sa.select(sa.func.max(Answer.id)).where(
        Answer.proposal_id == own, Answer.state == AnswerState.PUBLISHED,
        Answer.kind == AnswerKind.FINAL).correlate(Proposal).scalar_subquery()
    last_lead = sa.select(sa.func.max(Assignment.id)).where(
        Assignment.proposal_id == own, Assignment.is_lead).correlate(Proposal).scalar_subquery()
    return (public().with_only_columns(
        own, Proposal.number, Proposal.title, Proposal.state, Proposal.gathering_ends_at,
        Category.name.label("category"), Neighbourhood.name.label("place"),
        Proposal.published_at, Proposal.support_count,
        Proposal.resident_support_count, Proposal.merged_support_count, Proposal.threshold, Proposal.comment_count,
        Department.name.label("department"), Duty.started_at, Duty.due_on, Duty.ended_at, Reason.name.label("outcome"),
        into.number.label("into"))
        .outerjoin(Neighbourhood, Neighbourhood.id == Proposal.neighbourhood_id)
        .outerjoin(Category, Category.key == Proposal.category)
        .outerjoin(Assignment, Assignment.id == last_lead)
        .outerjoin(Department, Department.id == Assignment.department_id)
        .outerjoin(Duty, Duty.id == last_duty).outerjoin(Answer, Answer.id == last_answer)
        .outerjoin(Reason, Reason.key == Answer.outcome)
        .outerjoin(into, into.id == Proposal.merged_into_id))


TABLE = Table(
    listing.declare(replace(
        PROPOSALS, name="table proposals", select=_statement, columns=COLUMNS,
        orders=(Order("id", None, (Proposal.id,)),))),
    _l("제안"), _l("공개한 제안이에요. 제안한 사람은 들어 있지 않고, 운영 원칙에 따라 가린 제안은 빠져요."), policy.may_take)
