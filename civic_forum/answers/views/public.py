"""Public pages: late answers by department, the versions of an answer; and whether it was understood."""

from flask import flash, redirect, render_template, request
from flask_login import login_required

from civic_forum.blocks.listing import Link
from civic_forum.platform import clock
from civic_forum.platform.errors import Invalid
from civic_forum.platform.i18n import _, local
from civic_forum.platform.web import by_user, visitor
from civic_forum.proposals import policy as proposal_policy
from civic_forum.proposals import queries as proposals

from .. import queries, rules, services, labels
from ..models import Answer
from ..queries import late as late_queries
from .blueprint import bp


@bp.get("/answers/late")
def late():
    today, wanted = local(clock.now()).date(), late_queries.LATE.read(request.args)
    page = late_queries.late(wanted, today, request.args.get("after"))
    groups, chosen = late_queries.by_department(wanted, today), wanted["department"]
    chips = [Link(_("모든 부서"), wanted.address(department=None), chosen is None, sum(group[2] for group in groups)), *(
        Link(name or late_queries.UNDECIDED, wanted.address(department=department), chosen == department, number)
        for department, name, number in groups)]
    return render_template("answers/late.html", page=page, chips=chips, wanted=wanted,
                           days_late=lambda one: -rules.days_left(one.due_on, today),
                           after_url=page.after and wanted.address(after=page.after))


@bp.get("/answers/<id:answer_id>/versions")
def versions(answer_id: int):
    answer = _readable(answer_id)
    return render_template("answers/versions.html", answer=answer, p=answer.proposal, labels=labels,
                           versions=queries.versions(answer.id))


@bp.post("/answers/<id:answer_id>/understandings")
@login_required
@by_user
def judge(answer_id: int):
    answer = _readable(answer_id)
    given = request.form.get("understood")
    if given not in ("yes", "no"):
        raise Invalid(_("이해했는지 골라 주세요."))
    services.judge(answer.id, understood=given == "yes", by=visitor())
    flash(_("의견을 받았어요. 고마워요."), "success")
    return redirect(f"/proposals/{answer.proposal.number}#understood-{answer.id}", 303)


def _readable(answer_id: int) -> Answer:
    """An answer to a proposal that this person may read. Raises NotFound."""
    answer = queries.answer(answer_id)
    if (proposal_policy.may_read(visitor(), answer.proposal)
            or proposal_policy.may_read_hidden(visitor(), answer.proposal)):
        raise proposals.missing()
    return answer
