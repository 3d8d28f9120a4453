"""Tables: all of them, one of them, and what the host does with them."""

from collections.abc import Callable
from secrets import randbelow

from flask import render_template

from civic_forum.kernel import plain_text
from civic_forum.kernel.errors import Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import require
from civic_forum.kernel.web import visitor

from .. import labels
from ..forms import tables as forms
from ..models import Forum
from ..policy import tables as policy
from ..policy.acting import ForumContext, runs
from ..queries import tables as queries
from ..services import seating, tables
from . import answers, gate
from .answers import NOTHING, Refused
from .blueprint import bp
from .surroundings import by_hand, roles

SEEDS = 2**31


@bp.get("/<slug>/tables")
def list_tables(slug: str):
    return page(gate.found(slug))


@bp.get("/<slug>/tables/<id:number>")
def show_table(slug: str, number: int):
    """One table: to those at it while it works, to everybody once it handed its result over."""
    return page(gate.found(slug), number)


@answers.shows("/tables")
def page(forum: Forum, number: int | None = None, refused: Refused = NOTHING):
    return _one(forum, number, refused) if number else _all(forum, refused)


def _shared(forum: Forum, at: ForumContext, refused: Refused, back: str) -> dict[str, object]:
    return {"forum": forum, "at": at, "standing": at.standing, "now": at.now, "refused": refused, "labels": labels,
            "runs": runs(visitor(), at), "roles": roles(at), "back": back,
            "are_open": queries.are_open(forum), "close_at": queries.close_at(forum)}


def _all(forum: Forum, refused: Refused):
    at = gate.at(forum)
    found = queries.part(forum, visitor())
    return render_template("forums/tables.html", **_shared(forum, at, refused, "/tables"), tables=found,
                           why_not_sit=policy.may_take_seat(visitor(), at))


def _one(forum: Forum, number: int, refused: Refused):
    table = queries.numbered(forum.id, number)
    at = gate.at(forum)
    at = ForumContext(at.forum, at.standing, at.now, table)
    require(visitor(), policy.may_see_table, at)
    hears, board = policy.may_hear_table(visitor(), at) is None, queries.board(table)
    strongest = tuple(note.text for one in board for note in one.notes if note.strongest)
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
@answers.answering("tables_question", "#tables-host")
def ask_tables(forum: Forum):
    form = forms.QuestionForm()
    tables.ask_tables(forum.id, form.question.data or "", form.sent_as, by=visitor())


@bp.post("/<slug>/tables/making")
@answers.answering("tables_making", "#tables-host")
def make_tables(forum: Forum):
    form = forms.MakeForm()
    tables.make_tables(forum.id, forms.number_in(form.size) or 0, form.sent_as, who_came=forum.opened_at is not None,
                       by=visitor())


@bp.post("/<slug>/tables")
@answers.answering("table", "#tables-host")
def add_table(forum: Forum):
    _set(forum, None)


@bp.post("/<slug>/tables/<id:number>")
@answers.answering("table", "#lead")
def change_table(forum: Forum, number: int):
    _set(forum, number)


def _set(forum: Forum, number: int | None) -> None:
    form = forms.TableForm()
    tables.set_table(forum.id, number, form.sent_as, name=form.name.data or "",
                     places=forms.number_in(form.places) or 0, way=form.for_way,
                     host_account=form.host_account.data or "", host_name=form.host_name.data or "", by=visitor())


@bp.post("/<slug>/tables/<id:number>/removal")
@answers.answering("table_removal")
def remove_table(forum: Forum, number: int):
    tables.remove_table(forum.id, number, by=visitor())


@bp.post("/<slug>/tables/seating")
@answers.answering("tables_seating", "#tables-host")
def seat_people(forum: Forum):
    form = forms.SeatForm()
    seating.seat(forum.id, form.chosen, randbelow(SEEDS), form.sent_as, who_came=form.who.data != "all", by=visitor())


@bp.post("/<slug>/tables/opening")
@answers.answering("tables_opening", "#tables-host")
def open_tables(forum: Forum):
    form = forms.OpenForm()
    tables.open_tables(forum.id, forms.number_in(form.minutes) or 0, form.sent_as, by=visitor())


@bp.post("/<slug>/tables/closing")
@answers.answering("tables_closing", "#tables-host")
def close_tables(forum: Forum):
    tables.close_tables(forum.id, by=visitor())


@bp.post("/<slug>/tables/projection")
@answers.answering("projection", "#tables-host")
def project_table(forum: Forum):
    """Without a number what is on the projector is taken off."""
    tables.project(forum.id, forms.number_in(forms.NumberForm().number), by=visitor())


@bp.post("/<slug>/tables/seat")
@by_hand
@answers.answering("seat", "#tables")
def take_seat(forum: Forum):
    form = forms.NumberForm()
    seating.take_seat(forum.id, forms.number_in(form.number), form.sent_as, by=visitor())


@bp.post("/<slug>/tables/leaving")
@by_hand
@answers.answering("leaving", "#tables")
def leave_table(forum: Forum):
    seating.leave_table(forum.id, by=visitor())


@bp.post("/<slug>/tables/<id:number>/people")
@answers.answering("move", "#people")
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
@answers.answering("without_device", "#lead")
def count_without_device(forum: Forum, number: int):
    people = forms.number_in(forms.NumberForm().number)
    tables.count_without_device(forum.id, number, -1 if people is None else people, by=visitor())


@bp.post("/<slug>/tables/<id:number>/result")
@by_hand
@answers.answering("result", "#lead")
def hand_in(forum: Forum, number: int):
    form = forms.ResultForm()
    tables.hand_in(forum.id, number, form.result.data or "", form.sent_as, by=visitor())
