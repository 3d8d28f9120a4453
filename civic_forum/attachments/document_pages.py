"""Desk pages on which an office puts files beside a record of a process, and takes them away."""

from typing import Any

from flask import render_template, request, url_for

from civic_forum.blocks.pages import handle, saved
from civic_forum.blocks.process import R
from civic_forum.blocks.process_pages import Desk, sent_version
from civic_forum.platform.i18n import _
from civic_forum.platform.web import accepts_files, shown_to, visitor

from .document_form import MOST_BYTES, DocumentForm
from .documents import Documents


def mount(desk: Desk[R], files: Documents[R], about: Any) -> None:
    """Add `documents` and `remove_document` below the record's address; `about` says, in a lazy text, what becomes of
    the files."""

    @desk.bp.route(f"{desk.rule}/documents", methods=["GET", "POST"])
    @accepts_files(MOST_BYTES)
    @shown_to(desk.may_make)
    def documents(slug: str):
        record: Any = desk.find(slug)
        if request.method != "POST":
            return page(record, DocumentForm(formdata=None, data={"version": record.version}))
        form = DocumentForm()
        return handle(form, lambda: files.add(record.id, form.chosen_file, form.description.data or "",
                                              version=form.read_version, by=visitor()),
                      lambda: page(record, form),
                      lambda made: saved(_("자료를 올렸어요."), url_for(".documents", slug=slug)))

    def page(record: R, form: DocumentForm) -> str:
        return render_template("blocks/process/documents.html", desk=desk, record=record, form=form,
                               documents=files.of(record), about=about, why_not=files.may_edit(visitor(), record))

    @desk.bp.post(f"{desk.rule}/documents/<key>/removals")
    @shown_to(desk.may_make)
    def remove_document(slug: str, key: str):
        record: Any = desk.find(slug)
        files.remove(record.id, key, version=sent_version(), by=visitor())
        return saved(_("자료를 뺐어요."), url_for(".documents", slug=slug))
