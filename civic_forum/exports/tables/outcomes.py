"""Outcomes that were published: decided or not, why, what follows, at what cost."""

import sqlalchemy as sa

from civic_forum.district.models import Department
from civic_forum.kernel.i18n import _, _l
from civic_forum.outcomes import labels
from civic_forum.outcomes.models import Outcome
from civic_forum.outcomes.queries.listing import EVERYWHERE, OutcomeFilter, conditions, totals
from civic_forum.outcomes.queries.subjects import decidable
from civic_forum.outcomes.queries.way import steps_of
from civic_forum.outcomes.rules import Decision, Progress

from .. import policy
from ..rules import Column, Filter, Table
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
    Column(_l("여기까지 온 길"), _l("제안부터 실행까지예요.")),
    Column(_l("주소"), _l("사이트에서 이 결과를 보는 주소예요.")),
)


def rows(chosen, _by):
    department, neighbourhood, year = numbers(chosen, "department", "neighbourhood", "year")
    decision, progress, kind = (chosen.get(name) for name in ("decision", "progress", "kind"))
    wanted = OutcomeFilter(decision and Decision(decision), progress and Progress(progress), kind,
                    department, neighbourhood, year)
    found = (sa.select(Outcome.id, Outcome.subject, Outcome.title, Outcome.decision, Outcome.reasons,
                       Outcome.what_follows, Outcome.cost, Department.name, Outcome.decided_on, Outcome.published_at,
                       Outcome.version, Outcome.promised_on, Outcome.progress, Outcome.reported_on, Outcome.spent,
                       Outcome.way)
             .join(Department, Department.id == Outcome.department_id).where(*conditions(wanted)))
    decisions, subjects, stages = spoken(labels.DECISION), _subjects(), spoken(labels.PROGRESS)
    for number, subject, title, decision, *rest, promised, how_far, reported, spent, way in whole(found, Outcome.id):
        yield (number, subjects[subject], title, decisions[decision], *rest, promised,
               stages[how_far] if promised else None, reported, spent,
               " > ".join(step.label for step in steps_of(way)), f"/outcomes/{number}")


def _subjects() -> dict[str, str]:
    return {kind.name: str(kind.label) for kind, _decidable in decidable()}


def _years() -> list[tuple[str, object]]:
    return [(str(year), _("%(year)s년", year=year)) for year in totals(OutcomeFilter()).years]


TABLE = Table(
    "outcomes", _l("결과"), _l("의제, 투표, 제안이 어떻게 되었는지예요."), COLUMNS, rows, policy.may_take,
    (filters.of_words("decision", _l("결정"), labels.DECISION), filters.of_words("progress", _l("실행"), labels.PROGRESS),
     Filter("kind", _l("무엇의 결과"), lambda: list(_subjects().items())), filters.DEPARTMENT,
     Filter("neighbourhood", _l("동"), lambda: [(str(EVERYWHERE), _("구 전체")), *filters.NEIGHBOURHOOD.choices()]),
     Filter("year", _l("연도"), _years)))
