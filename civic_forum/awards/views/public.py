"""Public pages of awards, and an author who does not want one."""

from flask import render_template
from flask_login import login_required

from civic_forum.blocks.pages import ask_first, saved
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_user, never_cached, visitor

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
    return ask_first(
        _("포상 받지 않기"), _("포상을 받지 않을까요?"),
        _("후보에서 빠지고 심사하지 않아요. 제안과 부서 답변은 그대로 남아요. 다시 후보가 될 수는 없어요."),
        act=f"/award-nominees/{case.nominee.id}/declinations", label=_("받지 않기"),
        back=f"/proposals/{case.proposal.number}",
        trail=[(case.proposal.title, f"/proposals/{case.proposal.number}"), (_("포상 받지 않기"), None)])


@bp.post("/award-nominees/<id:nominee_id>/declinations")
@never_cached
@login_required
@by_user
def declined(nominee_id: int):
    case = queries.case(nominee_id)
    services.decline(nominee_id, by=visitor())
    return saved(_("포상을 받지 않기로 했어요. 후보에서 뺐어요."), f"/proposals/{case.proposal.number}")
