"""Outcomes that were published: decided or not, why, what follows, at what cost."""

from dataclasses import replace

import sqlalchemy as sa

from civic_forum.blocks import listing
from civic_forum.blocks.listing import Column
from civic_forum.blocks.orders import Order
from civic_forum.district.models import Department
from civic_forum.platform.i18n import _l
from civic_forum.outcomes import labels
from civic_forum.outcomes.models import Outcome
from civic_forum.outcomes.queries.listing import OUTCOMES
from civic_forum.outcomes.queries.way import steps_of

from .. import policy
from . import table
from .table import Table

COLUMNS = (
    Column("id", _l("번호"), _l("결과마다 하나예요."), type="number"),
    Column("subject", _l("무엇의 결과"), _l("의제, 투표, 제안, 사업, 함께 정한 것, 부서 답변 가운데 하나예요."),
           value=lambda row: str(labels.subject(row.subject))),
    Column("title", _l("제목"), _l("결과의 제목이에요.")),
    Column("decision", _l("결정"), _l("무엇을 정했는지예요."), labels=labels.DECISION),
    Column("reasons", _l("이유"), _l("왜 그렇게 정했는지예요.")),
    Column("what_follows", _l("이어질 일"), _l("무엇을 할지예요.")),
    Column("cost", _l("비용(원)"), _l("알려진 비용이에요."), type="number"),
    Column("department", _l("부서"), _l("맡은 부서예요.")),
    Column("decided_on", _l("정한 날"), _l("한국 날짜예요."), type="day"),
    Column("published_at", _l("알린 때"), _l("한국 시각이에요."), type="moment"),
    Column("version", _l("판"), _l("1보다 크면 바로잡은 결과예요."), type="number"),
    Column("promised_on", _l("약속한 날"), _l("이날까지 하기로 했어요."), type="day"),
    Column("progress", _l("실행"), _l("얼마나 했는지 마지막으로 알린 것이에요."), labels=labels.PROGRESS,
           value=lambda row: row.progress if row.promised_on else None),
    Column("reported_on", _l("마지막으로 알린 날"), _l("한국 날짜예요."), type="day"),
    Column("spent", _l("쓴 돈(원)"), _l("마지막으로 알린 금액이에요."), type="number"),
    Column("way", _l("여기까지 온 길"), _l("제안부터 실행까지예요."),
           value=lambda row: " > ".join(step.label for step in steps_of(row.way))),
    Column("address", _l("주소"), _l("사이트에서 이 결과를 보는 주소예요."), value=lambda row: f"/outcomes/{row.id}"),
)


def _statement() -> sa.Select:
    return (sa.select(Outcome.id, Outcome.subject, Outcome.title, Outcome.decision, Outcome.reasons,
                      Outcome.what_follows, Outcome.cost, Department.name.label("department"), Outcome.decided_on,
                      Outcome.published_at, Outcome.version, Outcome.promised_on, Outcome.progress, Outcome.reported_on,
                      Outcome.spent, Outcome.way)
            .join(Department, Department.id == Outcome.department_id).where(Outcome.published_at.is_not(None)))


CHOICES = {"decision": labels.DECISION, "kind": labels.subjects, "department": table.departments}
"""Of filters that say more, or less, than on the page of the list."""
TABLE = Table(
    listing.declare(replace(
        OUTCOMES, name="table outcomes", select=_statement, columns=COLUMNS, orders=(Order("id", None, (Outcome.id,)),),
        filters=tuple(replace(filter_, choices=CHOICES.get(filter_.key, filter_.choices))
                      for filter_ in OUTCOMES.filters))),
    _l("결과"), _l("의제, 투표, 제안이 어떻게 되었는지예요."), policy.may_take)
