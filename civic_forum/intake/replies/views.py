"""The desk of who confirms replies that were given on the spot."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from civic_forum.blocks.pages import handle, saved
from civic_forum.blocks.several import FIELD, chosen
from civic_forum.platform import plain_text
from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_user, shown_to, visitor

from .. import queries
from ..policy import may_confirm_replies
from ..views.desk import desk, trail
from . import services


@desk.route("/replies", methods=["GET", "POST"])
@shown_to(may_confirm_replies)
@by_user
def replies() -> ResponseReturnValue:
    """Replies that wait: those that are ticked are confirmed at once."""
    form = Form()

    def confirm() -> None:
        pairs = [value.partition(":") for value in chosen()]
        services.confirm({plain_text.number(number) or 0: mark for number, _sign, mark in pairs}, by=visitor())

    return _page(form) if request.method != "POST" else handle(
        form, confirm, lambda: _page(form), lambda _done: saved(_("확인했어요. 이제 모두 볼 수 있어요."), "/desk/intake/replies"))


def _page(form: Form) -> str:
    return render_template("intake/desk_replies.html", trail=trail(), form=form, shown=services.shown,
                           items=queries.to_confirm(visitor()), ticked=set(request.form.getlist(FIELD)))
