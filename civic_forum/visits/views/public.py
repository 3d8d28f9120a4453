"""Requests for a visit with their answers, and the form to ask."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from civic_forum.blocks import sections
from civic_forum.blocks.pages import handle, saved
from civic_forum.forums.settings import decided
from civic_forum.platform import clock
from civic_forum.platform.i18n import _, local
from civic_forum.platform.web import by_user, shown_to, visitor

from .. import queries, services
from ..parts import Asking
from ..policy import may_ask
from .desk import desk

bp = Blueprint("visits", __name__, url_prefix="/visits")
bp.record_once(lambda state: state.app.register_blueprint(desk))


@bp.get("")
def show_list() -> ResponseReturnValue:
    return sections.page(_list)


def _list() -> tuple[str, dict[str, Any]]:
    return "visits/list.html", {
        "requests": queries.listed(), "today": local(clock.now()).date(), "least": decided("VISIT_NAMES")}


@bp.route("/ask", methods=["GET", "POST"])
@shown_to(may_ask)
@by_user
def ask() -> ResponseReturnValue:
    form_type = Asking.form()

    def page(form: Any) -> str:
        return render_template("visits/ask.html", form=form, least=decided("VISIT_NAMES"))

    if request.method != "POST":
        return page(form_type(formdata=None))
    form = form_type()
    return handle(form, lambda: services.ask(form.part(), by=visitor()), lambda: page(form),
                  lambda made: saved(_("청했어요. 답이 오면 알려 드려요."), f"/visits#request-{made.id}"))
