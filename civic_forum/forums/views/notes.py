"""Pages of a table: notes, paper notes, changes of notes, and messages."""

from collections.abc import Sequence

from flask import request

from civic_forum.kernel import plain_text
from civic_forum.kernel.errors import Invalid
from civic_forum.kernel.i18n import _
from civic_forum.kernel.web import by_saver, visitor

from ..forms import tables as forms
from ..models import Forum
from ..services import notes
from . import answers
from .blueprint import bp


@bp.post("/<slug>/tables/<id:number>/notes")
@by_saver
@answers.answering("note", "#notes")
def write_note(forum: Forum, number: int):
    form = forms.NoteForm()
    notes.write(forum.id, number, form.text.data or "", form.sent_as, by=visitor())


@bp.post("/<slug>/tables/<id:number>/paper-notes")
@by_saver
@answers.answering("paper_note", "#lead")
def type_note(forum: Forum, number: int):
    form = forms.NoteForm()
    notes.type_note(forum.id, number, form.text.data or "", form.sent_as, by=visitor())


@bp.post("/<slug>/tables/<id:number>/messages")
@by_saver
@answers.answering("message", "#talk")
def talk(forum: Forum, number: int):
    form = forms.MessageForm()
    notes.say(forum.id, number, form.text.data or "", form.sent_as, by=visitor())


def _into_a_new_group(forum: Forum, number: int, ids: Sequence[int], form: forms.ArrangeForm) -> None:
    notes.make_group(forum.id, number, form.title.data or "", form.sent_as, ids, by=visitor())


def _into_a_group(forum: Forum, number: int, ids: Sequence[int], form: forms.ArrangeForm) -> None:
    notes.put_into(forum.id, number, ids, form.group_id, by=visitor())


def _rename(forum: Forum, number: int, _ids: Sequence[int], form: forms.ArrangeForm) -> None:
    notes.rename_group(forum.id, number, form.group_id or 0, form.title.data or "", by=visitor())


def _take_group_away(forum: Forum, number: int, _ids: Sequence[int], form: forms.ArrangeForm) -> None:
    notes.take_group_away(forum.id, number, form.group_id or 0, by=visitor())


def _mark(forum: Forum, number: int, ids: Sequence[int], _form: forms.ArrangeForm) -> None:
    notes.mark(forum.id, number, ids, True, by=visitor())


def _unmark(forum: Forum, number: int, ids: Sequence[int], _form: forms.ArrangeForm) -> None:
    notes.mark(forum.id, number, ids, False, by=visitor())


def _take_away(forum: Forum, number: int, ids: Sequence[int], _form: forms.ArrangeForm) -> None:
    notes.take_away(forum.id, number, ids, by=visitor())


DOINGS = {"make": _into_a_new_group, "put": _into_a_group, "rename": _rename, "drop": _take_group_away, "mark": _mark,
          "unmark": _unmark, "remove": _take_away}


@bp.post("/<slug>/tables/<id:number>/arrangement")
@by_saver
@answers.answering("arrange", "#notes")
def arrange(forum: Forum, number: int):
    """Whatever is done with the notes that were ticked: the button says which."""
    form = forms.ArrangeForm()
    doing = DOINGS.get(form.do.data or "")
    if doing is None:
        raise Invalid(_("무엇을 할지 알 수 없어요. 단추를 다시 눌러 주세요."))
    doing(forum, number, [plain_text.number(one) or 0 for one in request.form.getlist("note")], form)
