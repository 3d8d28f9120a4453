"""The desk of intake: typing, checking as a second person."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from civic_forum.attachments import queries as attachments
from civic_forum.attachments.rules import MAX_BYTES_EACH
from civic_forum.attachments.services import prepare
from civic_forum.blocks.pages import handle, saved
from civic_forum.platform import plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.typed_codes import grouped
from civic_forum.platform.web import accepts_files, by_user, shown_to, visitor

from .. import labels, queries, services
from ..forms import CheckForm, ItemTypingForm, MendForm
from ..models import IntakeItem
from ..policy import may_take
from ..rules import WAITING, Taken, TakenState

desk = Blueprint("intake_desk", __name__, url_prefix="/desk/intake")
STAYS = ("visit", "form", "category", "neighbourhood")
"""Fields that keep what was chosen for the next item."""
NUMBER_SHOWN = 20
FILE_MOST = MAX_BYTES_EACH + 64 * 1024
"""Bytes of a form with a photograph."""


@desk.route("", methods=["GET", "POST"])
@shown_to(may_take)
@by_user
@accepts_files(FILE_MOST)
def write() -> ResponseReturnValue:
    """Type in one item after the other."""
    form = ItemTypingForm()
    if request.method != "POST":
        form.number.data = request.args.get("number", "")[:NUMBER_SHOWN]
        return _page(form)

    def take() -> Taken:
        record, file = form.record, form.photograph.data
        prepared = prepare(file, by=visitor()) if file else None
        taken = answer_of(*services.take([record], form.forum_id, by=visitor()))
        if prepared is not None:
            services.photograph(record.key, prepared, by=visitor())
        return taken

    return handle(form, take, lambda: _page(form), lambda taken: _page(
        ItemTypingForm(formdata=None, data={name: form[name].data for name in STAYS}), taken))


def answer_of(taken: Taken) -> Taken:
    """Answer to a single row. Raises Refusal."""
    if taken.state is TakenState.REFUSED:
        raise Refusal(taken.why, field="text")
    return taken


def _page(form: ItemTypingForm, taken: Taken | None = None) -> str:
    return render_template(
        "intake/desk_write.html", trail=trail(), form=form, taken=taken,
        code=grouped(taken.code) if taken and taken.code else None,
        typed=queries.typed_by(visitor().id), labels=labels, states=TakenState,
        waiting=queries.to_check(visitor().id))


@desk.route("/items/<id:item_id>/check", methods=["GET", "POST"])
@login_required
@by_user
def check(item_id: int) -> ResponseReturnValue:
    """The text beside its original, for a second person."""
    item = queries.by_id(item_id)
    require(visitor(), may_take)
    form = CheckForm()
    if request.method != "POST":
        return _check_page(item, form)
    sends_back = "back" in request.form
    return handle(form, lambda: services.send_back(item_id, form.reason.data or "", by=visitor()) if sends_back else
                  services.check(item_id, form.text.data or "", by=visitor()), lambda: _check_page(item, form),
                  lambda _item: saved(_("돌려보냈어요.") if sends_back else _("확인했어요."), _next(item_id)))


def _check_page(item: IntakeItem, form: CheckForm) -> str:
    return render_template("intake/desk_check.html", trail=trail(), item=item, form=form, labels=labels,
                           other=item.clash and queries.by_number(item.clash.number),
                           waits=item.state in WAITING and item.typed_by_id != visitor().id,
                           photographs=attachments.of_set(item.attachment_set_id))


@desk.route("/checks", methods=["GET", "POST"])
@shown_to(may_take)
@by_user
def checks() -> ResponseReturnValue:
    """Texts that others typed, a sheet of notes or as many others, for a second person: all but those that are ticked
    are as their originals say."""
    if request.method != "POST":
        return _checks_page(Form())
    ids, texts, wrong = (request.form.getlist(name) for name in ("item", "text", "wrong"))
    shown = {plain_text.number(item_id) or 0: plain_text.clean(text, lines=True)
             for item_id, text in zip(ids, texts, strict=False) if item_id not in wrong}
    form = Form()
    return handle(form, lambda: services.check_each(shown, by=visitor()), lambda: _checks_page(form),
                  lambda _items: saved(_("확인했어요."), "/desk/intake/checks"))


def _checks_page(form: Form) -> str:
    items = queries.of_one_sheet(queries.to_check(visitor().id))
    return render_template("intake/desk_checks.html", trail=trail(), items=items, form=form, labels=labels,
                           photographs=attachments.of_set(items[0].attachment_set_id) if items else ())


def _next(item_id: int) -> str:
    """The page of the next item that waits, or the desk."""
    waits = [item.id for item in queries.to_check(visitor().id) if item.id != item_id]
    return f"/desk/intake/items/{waits[0]}/check" if waits else "/desk/intake"


@desk.route("/items/<id:item_id>/text", methods=["GET", "POST"])
@login_required
@by_user
def mend(item_id: int) -> ResponseReturnValue:
    """A text that its typist writes anew."""
    item = queries.by_id(item_id)
    require(visitor(), may_take, item.forum)
    form = MendForm() if request.method == "POST" else MendForm(formdata=None, data={"text": item.text})

    def page() -> str:
        return render_template("intake/desk_mend.html", trail=trail(), item=item, form=form)

    if request.method != "POST":
        return page()
    return handle(form, lambda: services.mend(item_id, form.text.data or "", by=visitor()), page,
                  lambda _item: saved(_("고쳤어요. 다른 사람이 다시 확인해요."), "/desk/intake"))


def trail() -> list[tuple[str, str | None]]:
    """Way to the pages of intake, at the desk."""
    return [(_("업무 화면"), "/desk")]
