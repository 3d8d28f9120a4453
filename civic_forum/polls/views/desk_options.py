"""The options of a poll: add, edit, put in order, with a picture that says what it shows."""

from flask import flash, redirect, render_template, request, url_for

from civic_forum.blocks import part_tables
from civic_forum.blocks.pages import handle, saved
from civic_forum.platform import plain_text
from civic_forum.platform.i18n import _
from civic_forum.platform.web import accepts_files, shown_to, visitor

from .. import policy, process
from ..forms import OptionForm
from ..models import Poll
from ..parts import OptionText
from ..policy import may_make
from ..process import OPTIONS, add_option, edit_option
from ..queries import records
from ..rules import MOST_OPTIONS
from .blueprint import desk
from .desk import DESK, version_of

MOST_BYTES = 22 * 1024 * 1024


@desk.route("/polls/<slug>/options", methods=["GET", "POST"])
@accepts_files(MOST_BYTES)
@shown_to(may_make)
def options(slug: str):
    poll = records.whole(slug)
    if request.method == "GET":
        return _list(poll, OptionForm(formdata=None, data={"version": poll.version}))
    form = OptionForm()
    return handle(form, lambda: add_option(poll.id, form.part(), version=form.read_version, picture=form.file(),
                                                   description=form.picture_description.data or "", by=visitor()),
                  lambda: _list(poll, form), lambda made: saved(_("항목을 넣었어요."), url_for(".options", slug=slug)))


@desk.route("/polls/<slug>/options/table", methods=["GET", "POST"])
@shown_to(may_make)
def options_table(slug: str):
    """Several options at once."""
    poll, back = records.whole(slug), url_for(".options", slug=slug)
    return part_tables.answer(
        OptionText, MOST_OPTIONS, lambda parts, version: OPTIONS.add_all(poll.id, parts, version=version, by=visitor()),
        lambda form, columns: render_template(
            "blocks/process/table.html", desk=DESK, record=records.whole(slug), form=form, columns=columns, back=back,
            name=_("표로 넣기"), why_not=policy.may_edit(visitor(), poll)), back)


@desk.route("/polls/<slug>/options/<int:number>", methods=["GET", "POST"])
@accepts_files(MOST_BYTES)
@shown_to(may_make)
def option(slug: str, number: int):
    poll = records.whole(slug)
    found = records.option(poll.id, number)
    if request.method == "GET":
        said = found.picture.description if found.picture else ""
        return _one(poll, found, OptionForm.of(found, poll.version, picture_description=said))
    form = OptionForm()
    return handle(form, lambda: edit_option(
        poll.id, number, form.part(), version=form.read_version, picture=form.file(),
        description=form.picture_description.data or "", by=visitor()),
        lambda: _one(poll, found, form), lambda made: saved(_("저장했어요."), url_for(".options", slug=slug)))


@desk.post("/polls/<slug>/options/<int:number>/removals")
@shown_to(may_make)
def remove_option(slug: str, number: int):
    OPTIONS.remove(records.by_slug(slug).id, number, version=version_of(request.form), by=visitor())
    flash(_("항목을 뺐어요. 뒤의 번호가 하나씩 당겨졌어요."), "success")
    return redirect(url_for(".options", slug=slug), 303)


@desk.post("/polls/<slug>/options/<int:number>/moves")
@shown_to(may_make)
def move_option(slug: str, number: int):
    to = plain_text.number(request.form.get("to"), digits=4) or 0
    OPTIONS.move(records.by_slug(slug).id, number, to, version=version_of(request.form), by=visitor())
    return redirect(url_for(".options", slug=slug), 303)


@desk.post("/polls/<slug>/options/<int:number>/picture-removals")
@shown_to(may_make)
def remove_picture(slug: str, number: int):
    process.remove_picture(records.by_slug(slug).id, number, version=version_of(request.form), by=visitor())
    flash(_("그림을 뺐어요."), "success")
    return redirect(url_for(".option", slug=slug, number=number), 303)


def _list(poll: Poll, form: OptionForm):
    return render_template("polls/desk/options.html", poll=poll, desk=DESK, form=form, **_rights(poll))


def _one(poll: Poll, found, form: OptionForm):
    return render_template("polls/desk/option.html", poll=poll, desk=DESK, option=found, form=form, **_rights(poll))


def _rights(poll: Poll) -> dict[str, object]:
    return {"why_not": policy.may_edit(visitor(), poll), "may_arrange": policy.may_arrange(visitor(), poll) is None}
