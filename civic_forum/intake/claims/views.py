"""Pages of claims: one's own, and at the desk."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from civic_forum.blocks.pages import handle, saved
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_user, never_cached, shown_to, visitor

from .. import labels, queries
from ..forms import CodeForm, LookUpForm
from ..models import IntakeItem
from ..policy import may_settle_claims
from ..views.desk import desk, trail
from ..views.public import bp, item_page
from . import services


@bp.post("/<number>/claim")
@login_required
@by_user
@never_cached
def claim(number: str) -> ResponseReturnValue:
    form = CodeForm()
    return handle(form, lambda: services.claim(number, form.code.data or "", by=visitor()),
                  lambda: item_page(queries.by_number(number), form), lambda made: saved(
                      _("이제 내 것이에요.") if made.is_granted else _("담당자 두 사람이 확인한 뒤에 알려 드릴게요."),
                      f"/intake/{made.item.number}"))


@desk.route("/claims", methods=["GET", "POST"])
@shown_to(may_settle_claims)
@by_user
@never_cached
def claims() -> ResponseReturnValue:
    """Claims that wait for two clerks, and the field that finds items by a name."""
    form = LookUpForm()
    if request.method != "POST":
        return _page(form)
    return handle(form, lambda: services.look_up(form.name.data or "", form.reason.data or "", by=visitor()),
                  lambda: _page(form), lambda items: _page(form, items))


def _page(form: LookUpForm, items: list[IntakeItem] | None = None) -> str:
    waiting = [(waits, services.SETTLING.pending(services.subject_of(waits.id))) for waits in queries.open_claims()]
    return render_template("intake/desk_claims.html", trail=trail(), form=form, items=items, waiting=waiting,
                           labels=labels)


@desk.post("/claims/<id:claim_id>")
@shown_to(may_settle_claims)
@by_user
def settle(claim_id: int) -> ResponseReturnValue:
    """One clerk proposes, another confirms; each may decline."""
    acts = {"propose": (services.SETTLING.propose, _("다른 담당자가 한 번 더 확인해요.")),
            "confirm": (services.SETTLING.confirm, _("확인했어요.")),
            "decline": (services.decline, _("그대로 두기로 했어요."))}
    act, sentence = acts.get(request.form.get("act", ""), (None, ""))
    if act is None:
        raise Refusal(_("하나를 골라 주세요."))
    act(services.subject_of(claim_id), by=visitor())
    return saved(sentence, "/desk/intake/claims")
