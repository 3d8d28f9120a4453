"""The page on which the office answers a request for a visit."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from civic_forum.blocks.pages import handle, saved
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.web import shown_to, visitor

from .. import queries, services
from ..forms import AnswerForm
from ..policy import may_answer

desk = Blueprint("visit_desk", __name__, url_prefix="/desk/visits")


@desk.route("/<id:request_id>", methods=["GET", "POST"])
@shown_to(may_answer)
def answer(request_id: int) -> ResponseReturnValue:
    asked = queries.asked_of(request_id)
    require(visitor(), may_answer, asked)

    def page(form: AnswerForm) -> str:
        return render_template("visits/desk_answer.html", request_for=asked.request, form=form)

    if request.method != "POST":
        return page(AnswerForm(formdata=None))
    form = AnswerForm()
    return handle(form, lambda: _answered(request_id, form), lambda: page(form),
                  lambda url: saved(_("답했어요. 청한 사람에게 알렸어요."), url))


def _answered(request_id: int, form: AnswerForm) -> str:
    """Address of the next page: of the visit, which is to be prepared, or of the list."""
    facts: dict[str, Any] = {"shows": bool(form.shows.data), "by": visitor()}
    if form.verdict.data == "decline":
        again_on = form.again_on.needed if form.again_on.data else None
        services.decline(request_id, form.why.data or "", again_on, **facts)
        return "/visits"
    if form.verdict.data != "agree":
        raise Refusal(_("하나를 골라 주세요."), field="verdict")
    visit = services.agree(request_id, form.starts_at.needed, form.ends_at.needed, **facts)
    return f"/desk/forums/{visit.slug}"
