"""Public pages of awards, and an author who does not want one."""

from flask import flash, redirect, render_template
from flask_login import login_required

from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import require
from civic_forum.kernel.web import by_user, never_cached, visitor

from .. import policy, queries, rules, services
from .blueprint import bp


@bp.get("/awards")
def index():
    return render_template("awards/list.html", rounds=queries.rounds(only_public=True), awarded=queries.awarded())


@bp.get("/awards/<id:round_id>")
def show(round_id: int):
    return render_template("awards/show.html", panel=queries.public(round_id), rules=rules)


@bp.get("/award-nominees/<id:nominee_id>/declining")
@never_cached
@login_required
def decline(nominee_id: int):
    case = queries.case(nominee_id)
    require(visitor(), policy.may_decline, case)
    return render_template("awards/decline.html", case=case)


@bp.post("/award-nominees/<id:nominee_id>/declinations")
@never_cached
@login_required
@by_user
def declined(nominee_id: int):
    case = queries.case(nominee_id)
    services.decline(nominee_id, by=visitor())
    flash(_("포상을 받지 않기로 했어요. 후보에서 뺐어요."), "success")
    return redirect(f"/proposals/{case.proposal.number}", 303)
