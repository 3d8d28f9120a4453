"""Commitments: what was promised, how far it is, and its money."""

from dataclasses import replace

import sqlalchemy as sa

from civic_forum.blocks import listing
from civic_forum.blocks.listing import Column
from civic_forum.blocks.orders import Order
from civic_forum.commitments import labels
from civic_forum.commitments.models import Commitment
from civic_forum.commitments.queries.board import COMMITMENTS, STANDING
from civic_forum.district.models import Department
from civic_forum.platform.i18n import _l

from .. import policy
from .table import Table

COLUMNS = (
    Column("id", _l("번호"), _l("약속마다 하나예요."), type="number"),
    Column("code", _l("코드"), _l("보고서에서 부르는 번호예요.")),
    Column("title", _l("약속"), _l("하기로 한 일이에요.")),
    Column("field", _l("분야"), _l("무엇에 관한 일인지예요.")),
    Column("department", _l("부서"), _l("맡은 부서예요.")),
    Column("origin", _l("어디서 나왔나요"), _l("제안의 답변, 결과, 사업, 의결, 계획, 공약 가운데 하나예요."),
           value=lambda row: str(labels.origin(row.origin))),
    Column("standing", _l("어떻게 되었나요"), _l("오늘까지 알려진 대로예요. 지켰다는 것은 증거가 있거나 다른 담당자가 마쳤다는 글을 승인했을 때예요."),
           labels=labels.STANDING),
    Column("status", _l("상태"), _l("부서가 알린 상태예요."), labels=labels.STATUS),
    Column("progress", _l("이행률(%)"), _l("증거가 있는 단계의 몫을 더한 것이에요."), type="number"),
    Column("promised_on", _l("약속한 때"), _l("한국 날짜예요."), type="day"),
    Column("first_due_on", _l("처음 정한 날"), _l("이날까지 하기로 했어요."), type="day"),
    Column("due_on", _l("지금 정한 날"), _l("옮겼으면 옮긴 날이에요."), type="day"),
    Column("done_on", _l("마친 날"), _l("한국 날짜예요."), type="day"),
    Column("planned", _l("계획(원)"), _l("총사업비를 알면 총사업비, 모르면 적은 계획을 더한 것이에요. 모르면 비어 있어요."),
           type="number"),
    Column("secured", _l("확보(원)"), _l("모든 해와 재원을 더한 것이에요."), type="number"),
    Column("executed", _l("집행(원)"), _l("모든 해와 재원을 더한 것이에요."), type="number"),
    Column("address", _l("주소"), _l("사이트에서 이 약속을 보는 주소예요."), value=lambda row: f"/commitments/{row.id}"),
)


def _statement() -> sa.Select:
    department = sa.select(Department.name).where(Department.id == Commitment.department_id).scalar_subquery()
    return sa.select(
        Commitment.id, Commitment.code, Commitment.title, Commitment.field, department.label("department"),
        Commitment.origin, STANDING.label("standing"), Commitment.status, Commitment.progress, Commitment.promised_on,
        Commitment.first_due_on, Commitment.due_on, Commitment.done_on, Commitment.planned, Commitment.secured,
        Commitment.executed)


TABLE = Table(
    listing.declare(replace(COMMITMENTS, name="table commitments", select=_statement, columns=COLUMNS,
                            orders=(Order("id", None, (Commitment.id,)),))),
    _l("약속"), _l("하기로 한 일이 어디까지 왔는지예요."), policy.may_take)
