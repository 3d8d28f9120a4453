"""Pages of decisions, as the host writes them down."""

from flask import render_template
from flask_login import login_required

from civic_forum.kernel.policy import require
from civic_forum.kernel.web import never_cached, visitor

from ..forms.decisions import DecisionForm
from ..models import Decision, Forum
from ..fragments import Patch, draws
from ..policy.decisions import may_decide
from ..queries import decisions as queries
from ..services import decisions
from . import answers, gate
from .answers import NOTHING, Refused
from .blueprint import bp

LIST = "decision-list"


@bp.post("/<slug>/decisions")
@answers.answering("decision", "#decisions-host")
def decide(forum: Forum):
    form = DecisionForm()
    decisions.decide(forum.id, form.decided(), form.sent_as, by=visitor())


@bp.get("/<slug>/decisions/<id:decision_id>")
@never_cached
@login_required
def decision(slug: str, decision_id: int):
    """Page on which a decision is changed or taken away."""
    forum = gate.found(slug)
    return decision_page(forum, decision_id)


@answers.shows("/decisions")
def decision_page(forum: Forum, decision_id: int | None = None, refused: Refused = NOTHING):
    require(visitor(), may_decide, gate.at(forum))
    found = queries.of_ids(forum.id, [decision_id])
    if not found:
        raise decisions.missing()
    one = found[0]
    form = DecisionForm(formdata=None, text=refused.text("decision", "text") or one.text,
                        department=one.department_id or 0, due_on=one.due_on)
    return render_template("forums/decision.html", forum=forum, decision=one, form=form, refused=refused,
                           back=f"/decisions/{one.id}")


@bp.post("/<slug>/decisions/<id:decision_id>")
@answers.answering("decision")
def change_decision(forum: Forum, decision_id: int):
    form = DecisionForm()
    decisions.change(forum.id, decision_id, form.decided(), form.sent_as, by=visitor())


@bp.post("/<slug>/decisions/<id:decision_id>/removal")
@answers.answering("removal")
def take_decision_away(forum: Forum, decision_id: int):
    decisions.take_away(forum.id, decision_id, by=visitor())


@draws("decision")
def draw_decisions(forum: Forum, events) -> list[Patch]:
    """Every one stays on the page, also one that was taken away."""
    return [Patch(f"decision-{one.id}", drawn(one), into=LIST)
            for one in queries.of_ids(forum.id, sorted({event.subject_id for event in events}))]


def drawn(one: Decision) -> str:
    return render_template("forums/pieces/decision.html", decision=one)
