"""Outcomes that were published: decided or not, why, what follows, at what cost."""

import sqlalchemy as sa

from civic_forum.district.models import Department
from civic_forum.kernel.i18n import _l
from civic_forum.outcomes import words
from civic_forum.outcomes.models import Outcome

from .. import policy
from ..rules import Column, Table
from . import filters
from .batches import numbers, whole
from .batches import words as spoken

COLUMNS = (
    Column(_l("번호"), _l("결과마다 하나예요.")),
    Column(_l("무엇의 결과"), _l("의제, 투표, 제안 가운데 하나예요.")),
    Column(_l("제목"), _l("결과의 제목이에요.")),
    Column(_l("결정"), _l("무엇을 정했는지예요.")),
    Column(_l("까닭"), _l("왜 그렇게 정했는지예요.")),
    Column(_l("이어질 일"), _l("무엇을 할지예요.")),
    Column(_l("비용(원)"), _l("알려진 비용이에요.")),
    Column(_l("부서"), _l("맡은 부서예요.")),
    Column(_l("정한 날"), _l("한국 날짜예요.")),
    Column(_l("알린 때"), _l("한국 시각이에요.")),
    Column(_l("판"), _l("1보다 크면 바로잡은 결과예요.")),
    Column(_l("약속한 날"), _l("이날까지 하기로 했어요.")),
    Column(_l("실행"), _l("얼마나 했는지 마지막으로 알린 것이에요.")),
    Column(_l("마지막으로 알린 날"), _l("한국 날짜예요.")),
    Column(_l("쓴 돈(원)"), _l("마지막으로 알린 금액이에요.")),
)


def rows(chosen, _by):
    found = (sa.select(Outcome.id, Outcome.subject, Outcome.title, Outcome.decision, Outcome.reasons,
                       Outcome.what_follows, Outcome.cost, Department.name, Outcome.decided_on, Outcome.published_at,
                       Outcome.version, Outcome.promised_on, Outcome.progress, Outcome.reported_on, Outcome.spent)
             .outerjoin(Department, Department.id == Outcome.department_id).where(Outcome.published_at.is_not(None)))
    department, = numbers(chosen, "department")
    if department is not None:
        found = found.where(Outcome.department_id == department)
    if decision := chosen.get("decision"):
        found = found.where(Outcome.decision == decision)
    decisions, subjects = spoken(words.DECISION), spoken(words.SUBJECT)
    progress = spoken(words.PROGRESS)
    for number, subject, title, decision, *rest, promised, how_far, reported, spent in whole(found, Outcome.id):
        yield (number, subjects[subject], title, decisions.get(decision), *rest, promised,
               progress[how_far] if promised else None, reported, spent)


TABLE = Table("outcomes", _l("결과"), _l("의제, 투표, 제안이 어떻게 되었는지예요."), COLUMNS, rows, policy.may_take,
              (filters.of_words("decision", _l("결정"), words.DECISION), filters.DEPARTMENT))
