"""Evaluations for everybody."""

from fractions import Fraction
from typing import Any

from flask.typing import ResponseReturnValue

from civic_forum.answers import labels as answers
from civic_forum.blocks import sections
from civic_forum.platform.i18n import today
from civic_forum.platform.web import visitor

from .. import labels, pictures, queries
from ..models import ChangeVote, Evaluation, Recommendation
from ..policy import may_handle, may_read
from ..rules import LEAST_SHOWN, EvaluationStage, Score
from .blueprint import bp


@bp.get("/evaluations")
def index() -> str:
    return sections.page(_index)


def _index() -> tuple[str, dict[str, Any]]:
    evaluations = queries.listed()
    return "evaluations/list.html", {"evaluations": evaluations, "labels": labels}


@bp.get("/evaluations/<slug>")
def show(slug: str) -> ResponseReturnValue:
    evaluation = queries.by_slug(slug)
    if may_read(visitor(), evaluation):
        raise queries.missing()
    return sections.page(_show, slug, queries.sheet(evaluation, visitor()).membership is not None,
                         may_handle(visitor(), evaluation) is None)


def _show(slug: str, sits: bool, handles: bool) -> tuple[str, dict[str, Any]]:
    return "evaluations/show.html", {"sits": sits, "handles": handles, **facts(queries.by_slug(slug))}


def facts(evaluation: Evaluation) -> dict[str, Any]:
    """Facts of its page."""
    scores = queries.scores(evaluation)
    rows = sorted(((item, scores.get(item.id)) for item in queries.items(evaluation.id)),
                  key=lambda row: (-_mean(row[1]), row[0].id))
    means = [score.mean for _item, score in rows if score and score.mean is not None]
    changes = queries.changes(ChangeVote.evaluation_id == evaluation.id)
    recommendations = queries.recommendations(queries.CONFIRMED, Recommendation.evaluation_id == evaluation.id)
    return {"evaluation": evaluation, "labels": labels, "rows": rows, "changes": changes, "today": today(),
            "pictures": pictures, "recommendations": recommendations, "answers": answers,
            "mean": sum(means, Fraction()) / len(means) if means else None, "least_shown": LEAST_SHOWN,
            "graders": queries.number_of_graders(evaluation.id) if evaluation.body_id else 0,
            "drawn": queries.drawn(evaluation) if evaluation.body_id else 0,
            "meetings": [meeting for meeting in queries.meetings(evaluation) if meeting.forum.announced_at],
            "is_released": evaluation.stage is EvaluationStage.RELEASED,
            "answered": sum(bool(duty and duty.published) for _each, duty in recommendations)}


def _mean(score: Score | None) -> Fraction:
    return (score.mean if score else None) or Fraction(-1)
