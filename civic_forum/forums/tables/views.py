"""Pages of tables, and what people write at them."""

from collections.abc import Callable, Sequence
from secrets import randbelow

from flask import render_template, request

from civic_forum.platform import plain_text
from civic_forum.platform.errors import Invalid, Refusal, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_saver, visitor

from .. import labels, pages
from ..models import Forum
from ..pages import NOTHING, Refused, bp, by_hand, roles
from ..policy import ForumContext, runs
from . import forms, notes, policy, queries, seating, services

SEEDS = 2**31


@bp.get("/<slug>/tables")
def list_tables(slug: str):
    return page(pages.forum_at(slug))


@bp.get("/<slug>/tables/<id:number>")
def show_table(slug: str, number: int):
    """One table: to those at it while it works, to everybody once it handed its result over."""
    return page(pages.forum_at(slug), number)


@pages.shows("/tables")
def page(forum: Forum, number: int | None = None, refused: Refused = NOTHING):
    return _one(forum, number, refused) if number else _all(forum, refused)


def _shared(forum: Forum, at: ForumContext, refused: Refused, back: str) -> dict[str, object]:
    return {"forum": forum, "at": at, "standing": at.standing, "now": at.now, "refused": refused, "labels": labels,
            "runs": runs(visitor(), at), "roles": roles(at), "back": back,
            "are_open": queries.are_open(forum), "close_at": queries.close_at(forum)}


def _all(forum: Forum, refused: Refused):
    at = pages.context(forum)
    tables = queries.part(forum, visitor())
    return render_template("forums/tables.html", **_shared(forum, at, refused, "/tables"), tables=tables,
                           why_not_sit=policy.may_take_seat(visitor(), at))


def _one(forum: Forum, number: int, refused: Refused):
    table = queries.numbered(forum.id, number)
    at = pages.context(forum)
    at = ForumContext(at.forum, at.standing, at.now, table)
    require(visitor(), policy.may_see_table, at)
    hears, board = policy.may_hear_table(visitor(), at) is None, queries.board(table)
    strongest = tuple(note.text for grouped in board for note in grouped.notes if note.strongest)
    return render_template(
        "forums/table.html", **_shared(forum, at, refused, f"/tables/{number}"), table=table, groups=board,
        card=queries.TableCard(table, 0, strongest=strongest), hears=hears, sits=policy.sits_at(at),
        seats=queries.seats([table.id]).get(table.id, []) if hears else [],
        messages=queries.messages(table.id) if hears else [], why_not_write=policy.may_write_at(visitor(), at),
        **{f"may_{name}": _may_now_or_soon(ask, at) for name, ask in ASKED.items()})


ASKED = {"write": policy.may_write_at, "arrange": policy.may_arrange, "mark": policy.may_mark, "lead": policy.may_lead,
         "hand_in": policy.may_hand_in, "type": policy.may_type, "take_away": policy.may_take_away}


def _may_now_or_soon(ask: Callable, at: ForumContext) -> bool:
    """Forms stand there before the tables open, since pages are not loaded anew when they do."""
    reason = ask(visitor(), at)
    return reason is None or at.forum.tables_opened_at is None and reason == policy.why_closed(at.forum) and (
        policy.sits_at(at) or runs(visitor(), at))


@bp.post("/<slug>/tables/question")
@pages.answering("tables_question", "#tables-host")
def ask_tables(forum: Forum):
    form = forms.QuestionForm()
    services.ask_tables(forum.id, form.question.data or "", form.sent_as, by=visitor())


@bp.post("/<slug>/tables/making")
@pages.answering("tables_making", "#tables-host")
def make_tables(forum: Forum):
    form = forms.MakeForm()
    services.make_tables(forum.id, forms.number_in(form.size) or 0, form.sent_as, who_came=forum.opened_at is not None,
                         by=visitor())


@bp.post("/<slug>/tables")
@pages.answering("table", "#tables-host")
def add_table(forum: Forum):
    _set(forum, None)


@bp.post("/<slug>/tables/<id:number>")
@pages.answering("table", "#lead")
def change_table(forum: Forum, number: int):
    _set(forum, number)


def _set(forum: Forum, number: int | None) -> None:
    form = forms.TableForm()
    services.set_table(forum.id, number, form.sent_as, name=form.name.data or "",
                       places=forms.number_in(form.places) or 0, way=form.for_way,
                       host_account=form.host_account.data or "", host_name=form.host_name.data or "", by=visitor())


@bp.post("/<slug>/tables/<id:number>/removal")
@pages.answering("table_removal")
def remove_table(forum: Forum, number: int):
    services.remove_table(forum.id, number, by=visitor())


@bp.post("/<slug>/tables/seating")
@pages.answering("tables_seating", "#tables-host")
def seat_people(forum: Forum):
    form = forms.SeatForm()
    seating.seat(forum.id, form.chosen, randbelow(SEEDS), form.sent_as, who_came=form.who.data != "all", by=visitor())


@bp.post("/<slug>/tables/opening")
@pages.answering("tables_opening", "#tables-host")
def open_tables(forum: Forum):
    form = forms.OpenForm()
    services.open_tables(forum.id, forms.number_in(form.minutes) or 0, form.sent_as, by=visitor())


@bp.post("/<slug>/tables/closing")
@pages.answering("tables_closing", "#tables-host")
def close_tables(forum: Forum):
    services.close_tables(forum.id, by=visitor())


@bp.post("/<slug>/tables/projection")
@pages.answering("projection", "#tables-host")
def project_table(forum: Forum):
    """Without a number what is on the projector is taken off."""
    services.project(forum.id, forms.number_in(forms.NumberForm().number), by=visitor())


@bp.post("/<slug>/tables/seat")
@by_hand
@pages.answering("seat", "#tables")
def take_seat(forum: Forum):
    form = forms.NumberForm()
    seating.take_seat(forum.id, forms.number_in(form.number), form.sent_as, by=visitor())


@bp.post("/<slug>/tables/leaving")
@by_hand
@pages.answering("leaving", "#tables")
def leave_table(forum: Forum):
    seating.leave_table(forum.id, by=visitor())


@bp.post("/<slug>/tables/<id:number>/people")
@pages.answering("move", "#people")
def move_person(forum: Forum, number: int):
    """To another table; without one, away from this."""
    form = forms.MoveForm()
    person, to = plain_text.number(form.person.data), forms.number_in(form.to)
    if person is None:
        raise Refusal(_("옮길 사람을 골라 주세요."))
    if to is None:
        seating.unseat(forum.id, person, by=visitor())
    else:
        seating.move(forum.id, person, to, by=visitor())


@bp.post("/<slug>/tables/<id:number>/without-device")
@by_hand
@pages.answering("without_device", "#lead")
def count_without_device(forum: Forum, number: int):
    people = forms.number_in(forms.NumberForm().number)
    services.count_without_device(forum.id, number, -1 if people is None else people, by=visitor())


@bp.post("/<slug>/tables/<id:number>/result")
@by_hand
@pages.answering("result", "#lead")
def hand_in(forum: Forum, number: int):
    form = forms.ResultForm()
    services.hand_in(forum.id, number, form.result.data or "", form.sent_as, by=visitor())


@bp.post("/<slug>/tables/<id:number>/notes")
@by_saver
@pages.answering("note", "#notes")
def write_note(forum: Forum, number: int):
    form = forms.NoteForm()
    notes.write(forum.id, number, form.text.data or "", form.sent_as, by=visitor())


@bp.post("/<slug>/tables/<id:number>/paper-notes")
@by_saver
@pages.answering("paper_note", "#lead")
def type_note(forum: Forum, number: int):
    form = forms.NoteForm()
    notes.type_note(forum.id, number, form.text.data or "", form.sent_as, by=visitor())


@bp.post("/<slug>/tables/<id:number>/messages")
@by_saver
@pages.answering("message", "#talk")
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
@pages.answering("arrange", "#notes")
def arrange(forum: Forum, number: int):
    """Whatever is done with the notes that were ticked: the button says which."""
    form = forms.ArrangeForm()
    doing = existing(DOINGS.get(form.do.data or ""), lambda: Invalid(_("무엇을 할지 알 수 없어요. 단추를 다시 눌러 주세요.")))
    doing(forum, number, [plain_text.number(note_id) or 0 for note_id in request.form.getlist("note")], form)
