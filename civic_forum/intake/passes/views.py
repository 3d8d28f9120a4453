"""Pages of passes: made and ended at the desk, used on the device of a helper, who sees nothing else."""

from datetime import timedelta
from functools import partial

from flask import Blueprint, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import login_required
from flask_wtf.csrf import generate_csrf

from civic_forum.blocks.pages import handle, saved
from civic_forum.platform import clock, cookies
from civic_forum.platform.errors import existing
from civic_forum.platform.i18n import _
from civic_forum.platform.typed_codes import grouped
from civic_forum.platform.web import by_address, by_user, never_cached, shown_to, visitor

from .. import labels
from .. import queries as items
from ..forms import CodeForm, ItemTypingForm, read_rows
from ..policy import may_take
from ..views.desk import answer_of, desk, trail
from ..views.typing import answered, sent_by
from . import queries, services

COOKIE, ADDRESS, KEPT_FOR = "intake_pass", "/intake/helper", timedelta(days=7)
helpers = Blueprint("intake_helper", __name__, url_prefix=ADDRESS)


@desk.route("/passes", methods=["GET", "POST"])
@shown_to(may_take)
@by_user
def passes() -> ResponseReturnValue:
    """Passes for visits; the code of a new one is shown once."""
    form = ItemTypingForm(may=lambda visit: may_take(visitor(), visit) is None)
    form.visit.choices = form.visit.choices[1:]
    page = partial(render_template, "intake/desk_passes.html", trail=trail(), form=form, passes=queries.coming)
    return page() if request.method != "POST" else handle(
        form, lambda: services.make(form.forum_id or 0, by=visitor()), page, lambda code: page(code=grouped(code)))


@desk.post("/passes/<id:pass_id>/end")
@login_required
@by_user
def end_pass(pass_id: int) -> ResponseReturnValue:
    services.end(pass_id, by=visitor())
    return saved(_("끝냈어요. 그 기기로는 더 적을 수 없어요."), "/desk/intake/passes")


@helpers.route("", methods=["GET", "POST"])
@by_address
@never_cached
def type_in() -> ResponseReturnValue:
    """Typing, on the device that has a pass; on any other a field for its code."""
    helper, sends, now = queries.pass_of(queries.SECRET, _secret()), request.method == "POST", clock.now()
    types = helper is not None and services.may_type(helper, now)
    if helper is not None and (types or services.may_send(helper, now) and not sends):
        form = ItemTypingForm(of_visits=False)
        page = partial(render_template, "intake/helper.html", form=form, helper=helper, ended=not types, labels=labels,
                       grouped=grouped, typed_by=items.typed_by)
        return page() if not sends else handle(
            form, lambda: answer_of(*services.take([form.record], _secret())), page,
            lambda taken: page(form=ItemTypingForm(None, of_visits=False), taken=taken))
    code = CodeForm()
    page = partial(render_template, "intake/helper_code.html", form=code, helper=helper)
    return handle(code, lambda: services.join(code.code.data or ""), page, _bound) if sends else page()


def _secret() -> str:
    return cookies.value(COOKIE)[:100]


def _bound(secret: str) -> ResponseReturnValue:
    answer = redirect(ADDRESS, 303)
    cookies.put(answer, COOKIE, secret, KEPT_FOR, path=ADDRESS)
    return answer


@helpers.route("/batches", methods=["GET", "POST"])
@by_address
@never_cached
def send_rows() -> ResponseReturnValue:
    """As `typing.batches`, of the device with a pass."""
    helper = existing(queries.pass_of(queries.SECRET, _secret()), queries.over)
    account = f"pass:{helper.id}"
    if request.method != "POST":
        return jsonify(account=account, token=generate_csrf())
    records, refused = read_rows(sent_by(account).get("rows"))
    return answered([*services.take(records, _secret()), *refused])
