"""Pages of the desk: proposals that are held until a moderator has read them."""

from flask import render_template, request, url_for
from flask_login import login_required

from civic_forum.blocks.pages import handle, saved
from civic_forum.blocks.several import act_on_several
from civic_forum.platform import plain_text
from civic_forum.platform.errors import Conflict
from civic_forum.platform.forms import SeenForm
from civic_forum.platform.i18n import _, _n
from civic_forum.platform.policy import require
from civic_forum.platform.web import never_cached, visitor

from .. import forms, policy
from . import bp
from ..queries import drafts
from ..services import publication
from .public import found


@never_cached
@login_required
def held():
    require(visitor(), policy.may_check)
    return _checking_page(forms.ReasonForm(formdata=None), only=request.args.get("number"))


@login_required
def approve_several():
    """Publish those that were ticked, each in the version that was read."""
    require(visitor(), policy.may_check)

    def approve_one(tick: str) -> None:
        number, _dash, seen = tick.rpartition("/")
        publication.approve(found(number).id, seen=plain_text.version(seen), by=visitor())

    return act_on_several(approve_one, lambda done: _n("제안 %(num)s건을 공개했어요.", "제안 %(num)s건을 공개했어요.", done),
                          url_for("proposals.held"), lambda ticks: {tick: tick.rpartition("/")[0] for tick in ticks})


@bp.record
def lay_on_the_desk(state) -> None:
    """The pages of this feature that lie elsewhere."""
    state.app.add_url_rule("/desk/held", "proposals.held", held)
    state.app.add_url_rule("/desk/held/approvals", "proposals.approve_several", approve_several, methods=["POST"])


def _checking_page(form, refused_number: str | None = None, only: str | None = None) -> str:
    return render_template("proposals/held.html", proposals=drafts.held(only), form=form, only=only,
                           refused_number=refused_number)


@bp.post("/<number>/approval")
@login_required
def approve(number: str):
    form = SeenForm()
    try:
        proposal = publication.approve(found(number).id, seen=form.read_version, by=visitor())
    except Conflict as conflict:
        shown = forms.ReasonForm(formdata=None)
        shown.refuse(conflict)
        return _checking_page(shown, only=number), conflict.status
    return saved(_("%(number)s 제안을 공개했어요.", number=proposal.number), url_for("proposals.held"), 302)


@bp.post("/<number>/return")
@login_required
def give_back(number: str):
    form = forms.ReasonForm()
    return handle(form, lambda: publication.give_back(found(number).id, reason=form.reason.data or "", by=visitor()),
                  lambda: _checking_page(form, number),
                  lambda _made: saved(_("이유를 적어 제안한 사람에게 돌려보냈어요."), url_for("proposals.held"), 302),
                  at_fields=True)
