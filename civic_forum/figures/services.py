"""Figures in a row of the database: counted by a job, read by every page."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from civic_forum.forums.rules import AgeGroup
from civic_forum.platform import clock, jobs
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.platform.work import use_case

from . import queries
from .models import FigureCount
from .queries import Answers, Figures, Numbers, Participation
from .rules import Act, Answered, Breakdown, Group, Means, Step, months


@jobs.every(60, "figures", at_start=True)
def count() -> None:
    """Count them anew; whoever asks meanwhile reads the row of before."""
    today = local(clock.now()).date()
    counts = as_json(queries.figures(today))
    with use_case(None) as work:
        work.session.execute(sa.delete(FigureCount).where(FigureCount.day != today))
        work.session.merge(FigureCount(day=today, counts=counts))


def newest() -> Figures:
    """As the job counted them last; counted here only where it never did."""
    counts = db.session.scalar(sa.select(FigureCount.counts).order_by(FigureCount.day.desc()).limit(1))
    return from_json(counts) if counts else queries.figures(local(clock.now()).date())


def as_json(figures: Figures) -> dict[str, Any]:
    part, answers = figures.participation, figures.answers
    return {"today": figures.today.isoformat(), "people": part.people,
            "acts": [[*key, list(numbers)] for key, numbers in part.acts.items()],
            "names": [[place, names] for place, names in part.names.items()],
            "places": _broken_down(part.places), "ages": _broken_down(part.ages),
            "numbers": vars(figures.numbers) | {"steps": dict(figures.numbers.steps)},
            "all": _answered(answers.all),
            "departments": [[department, _answered(some)] for department, some in answers.departments.items()]}


def _broken_down(groups: Breakdown[Any]) -> dict[str, Any]:
    return {"groups": [[group.key, group.people, group.residents] for group in groups.groups],
            "said": groups.said, "unsaid": groups.unsaid}


def _answered(answers: Answered) -> dict[str, Any]:
    return vars(answers) | {"classes": list(answers.classes)}


def from_json(counts: Mapping[str, Any]) -> Figures:
    today, numbers = date.fromisoformat(counts["today"]), counts["numbers"]
    return Figures(
        today, Participation(
            tuple(months(today)), {(Act(act), Means(means)): row for act, means, row in counts["acts"]},
            counts["people"], dict(counts["names"]),
            _breakdown(counts["places"], int), _breakdown(counts["ages"], AgeGroup)),
        Numbers(**numbers | {"steps": {Step(step): many for step, many in numbers["steps"].items()}}),
        Answers(_read_answered(counts["all"]),
                {department: _read_answered(some) for department, some in counts["departments"]}))


def _breakdown(counts: Mapping[str, Any], key: Any) -> Breakdown[Any]:
    return Breakdown(tuple(Group(key(name), people, residents) for name, people, residents in counts["groups"]),
                     counts["said"], counts["unsaid"])


def _read_answered(counts: Mapping[str, Any]) -> Answered:
    return Answered(**counts | {"classes": tuple(counts["classes"])})
