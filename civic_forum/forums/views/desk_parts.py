"""The programme of a forum that is prepared, who does what at it, and its documents."""

from flask import flash, redirect, render_template, request, url_for

from civic_forum.blocks.pages import handle, saved
from civic_forum.kernel import plain_text
from civic_forum.kernel.i18n import _
from civic_forum.kernel.web import accepts_files, shown_to, visitor

from .. import labels
from ..forms.preparing import DocumentForm, DutyForm, ItemForm
from ..models import Forum
from ..policy import preparing as policy
from ..policy.acting import may_prepare
from ..queries import preparing, records
from ..services import arranging
from .blueprint import desk

MOST_BYTES = 22 * 1024 * 1024


@desk.route("/<slug>/items", methods=["GET", "POST"])
@shown_to(may_prepare)
def items(slug: str):
    found = preparing.whole(slug)
    if request.method == "GET":
        return _items(found, ItemForm(formdata=None, data={"version": found.version}))
    form = ItemForm()
    return handle(form, lambda: arranging.add_item(found.id, form.title.data or "", form.minutes.number,
                                                   form.text.data or "", version=form.read_version, by=visitor()),
                  lambda: _items(found, form),
                  lambda made: saved(_("순서를 넣었어요."), url_for(".items", slug=slug)))


def _items(found: Forum, form: ItemForm):
    return render_template("forums/desk/items.html", forum=found, form=form, planned=preparing.planned(found),
                           fit=preparing.fit(found), why_not=policy.may_arrange(visitor(), found))


@desk.route("/<slug>/items/<int:number>", methods=["GET", "POST"])
@shown_to(may_prepare)
def item(slug: str, number: int):
    found = preparing.whole(slug)
    one = preparing.item(found.id, number)
    if request.method == "GET":
        return _item(found, one, ItemForm.of(one, found.version))
    form = ItemForm()
    return handle(form, lambda: arranging.edit_item(found.id, number, form.title.data or "", form.minutes.number,
                                                    form.text.data or "", version=form.read_version, by=visitor()),
                  lambda: _item(found, one, form),
                  lambda made: saved(_("저장했어요."), url_for(".items", slug=slug)))


def _item(found: Forum, one, form: ItemForm):
    return render_template("forums/desk/item.html", forum=found, item=one, form=form,
                           why_not=policy.may_arrange(visitor(), found))


@desk.post("/<slug>/items/<int:number>/moves")
@shown_to(may_prepare)
def move_item(slug: str, number: int):
    found = records.by_slug(slug)
    to = plain_text.number(request.form.get("to", ""), digits=3) or 0
    arranging.move_item(found.id, number, to, version=_version(), by=visitor())
    return redirect(url_for(".items", slug=slug), 303)


@desk.post("/<slug>/items/<int:number>/removals")
@shown_to(may_prepare)
def remove_item(slug: str, number: int):
    arranging.remove_item(records.by_slug(slug).id, number, version=_version(), by=visitor())
    flash(_("순서를 뺐어요."), "success")
    return redirect(url_for(".items", slug=slug), 303)


@desk.route("/<slug>/duties", methods=["GET", "POST"])
@shown_to(may_prepare)
def duties(slug: str):
    found = preparing.whole(slug)
    if request.method == "GET":
        return _duties(found, DutyForm(formdata=None, data={"version": found.version}))
    form = DutyForm()
    def act():
        duty, given = form.part()
        arranging.appoint(found.id, duty, **given, version=form.read_version, by=visitor())

    return handle(form, act, lambda: _duties(found, form),
                  lambda made: saved(_("맡은 사람을 넣었어요."), url_for(".duties", slug=slug)))


def _duties(found: Forum, form: DutyForm):
    return render_template("forums/desk/duties.html", forum=found, form=form, labels=labels,
                           why_not=policy.may_edit(visitor(), found))


@desk.post("/<slug>/duties/<id:duty_id>/removals")
@shown_to(may_prepare)
def dismiss(slug: str, duty_id: int):
    arranging.dismiss(records.by_slug(slug).id, duty_id, version=_version(), by=visitor())
    flash(_("뺐어요."), "success")
    return redirect(url_for(".duties", slug=slug), 303)


@desk.route("/<slug>/documents", methods=["GET", "POST"])
@accepts_files(MOST_BYTES)
@shown_to(may_prepare)
def documents(slug: str):
    found = preparing.whole(slug)
    if request.method == "GET":
        return _documents(found, DocumentForm(formdata=None, data={"version": found.version}))
    form = DocumentForm()
    return handle(form, lambda: arranging.add_document(found.id, form.chosen_file, form.description.data or "",
                                                       version=form.read_version, by=visitor()),
                  lambda: _documents(found, form),
                  lambda made: saved(_("자료를 올렸어요."), url_for(".documents", slug=slug)))


def _documents(found: Forum, form: DocumentForm):
    return render_template("forums/desk/documents.html", forum=found, form=form, documents=preparing.documents(found),
                           why_not=policy.may_edit(visitor(), found))


@desk.post("/<slug>/documents/<key>/removals")
@shown_to(may_prepare)
def remove_document(slug: str, key: str):
    arranging.remove_document(records.by_slug(slug).id, key, version=_version(), by=visitor())
    flash(_("자료를 뺐어요."), "success")
    return redirect(url_for(".documents", slug=slug), 303)


def _version() -> int:
    """Version that the small form's page had read."""
    return plain_text.version(request.form.get("version"))
