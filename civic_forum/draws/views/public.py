"""A draw for everybody, with the own number in front; the letter of who is in the list; its record."""

from collections import Counter
from fractions import Fraction
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from civic_forum.ballots.rules.log import stamp
from civic_forum.blocks import sections
from civic_forum.blocks.listing import Given
from civic_forum.blocks.pages import handle, saved
from civic_forum.calls import queries as calls
from civic_forum.calls.applying import queries as applying
from civic_forum.platform.i18n import _, local
from civic_forum.platform.web import by_address, by_user, never_cached, visitor

from .. import labels, operations, queries, records
from ..forms import ObservedForm
from ..models import Draw, DrawPerson, cells_in
from ..rules import filling, lots
from ..services import lists, values
from .blueprint import bp


@bp.get("/check")
@bp.get("/<slug>/<int(max=999):attempt>/check")
def check(slug: str = "", attempt: int = 0) -> ResponseReturnValue:
    """Drawing again on the device of the reader; with the members of one draw filled in."""
    draw = queries.published(slug, attempt) if slug else None
    entry = queries.values(draw.id) if draw else None
    return render_template("draws/check.html", draw=draw, beacon=entry.signature if entry else "",
                           passed=records.passed_json(draw) if draw else "",
                           late=stamp(draw.late_at) if draw and draw.late_at else "")


@bp.get("")
def show_list() -> ResponseReturnValue:
    return sections.page(_list, queries.DRAWS.given(request.args))


def _list(words: Given) -> tuple[str, dict[str, object]]:
    """All draws, with the lottery that each waits for."""
    wanted = queries.DRAWS.read(words)
    page = wanted.page(words.get("after"))
    return "draws/list.html", {"draws": [(row.Draw, local(values.lottery_at(row.Draw))) for row in page.items],
                               "after_url": page.after and wanted.address(after=page.after)}


@bp.get("/<slug>")
@bp.get("/<slug>/<int(max=999):attempt>")
@never_cached
def show(slug: str, attempt: int | None = None) -> ResponseReturnValue:
    return _page(queries.published(slug, attempt), ObservedForm(formdata=None))


def _page(draw: Draw, form: ObservedForm) -> str:
    lottery = values.lottery_at(draw)
    mine = queries.own(draw, visitor().id) if current_user.is_authenticated else ()
    entry = queries.values(draw.id)
    return render_template(
        "draws/show.html", draw=draw, call=draw.call, known=draw.known, labels=labels, form=form, entry=entry,
        lottery_at=local(lottery), round_at=local(lots.round_at(draw.known["round"])), passed=queries.passed(draw.id),
        own=[_own(draw, person) for person in mine], earlier=queries.earlier(draw), chance=_chance(draw),
        is_far=filling.far_apart(_shares(draw)), observed=queries.observed(draw.id),
        result=_result(draw), out=_out(draw), next_up=_next_up(draw) if entry and not draw.is_tie else {},
        names={each["key"]: each["name"] for each in draw.observers},
        corrected=queries.corrected(entry) if entry else ())


def _own(draw: Draw, person: DrawPerson) -> dict[str, Any]:
    """Number, cell and salt of somebody, for themselves."""
    number = operations.number_of(person)
    drawn, place = next(((name, own.index(number) + 1) for name, own in _result(draw) if number in own), (None, 0))
    return {"number": number, "cell": draw.cell_of[number], "drawn": drawn, "place": place,
            "passed": number in {each.number for each in queries.passed(draw.id) if each.restored_at is None},
            "salt": operations.salt(draw.call, draw.attempt, draw.key_id, number).hex()}


def _chance(draw: Draw) -> dict[str, int]:
    """Cell → how often of a hundred times somebody of it is drawn; nothing until it is reckoned."""
    return {cell: filling.in_hundred(share) for cell, share in _shares(draw).items()}


def _shares(draw: Draw) -> dict[str, Fraction]:
    return filling.shares(draw.chance, draw.cell_of) if draw.chance else {}


def _result(draw: Draw) -> list[tuple[str, list[int]]]:
    """Name of each lot and who it drew."""
    return [(lot["name"], own["numbers"]) for lot, own in zip(draw.lots, draw.drawn, strict=False)]


def _out(draw: Draw) -> Counter[str]:
    """Cell → people of it who were drawn."""
    return Counter(draw.cell_of[number] for _name, numbers in _result(draw) for number in numbers)


def _next_up(draw: Draw) -> dict[tuple[str, str], int | None]:
    """Lot and cell → who comes if somebody of it leaves; nothing where somebody came back, whose place goes before."""
    entry, entries = queries.values(draw.id), operations.entries_of(draw)
    if entry is None or any(each.restored for each in entries):
        return {}
    return {(draw.lots[place - 1]["name"], cell): number for place, cell, number in _newcomers(
        tuple(operations.lots_of(draw)), draw.list_text, operations.seed_of(draw, entry), frozenset(
            each.number for each in entries))}


@lru_cache(maxsize=8)
def _newcomers(drawn_by: tuple[lots.Lot, ...], list_text: str, seed: bytes,
               gone: frozenset[int]) -> list[tuple[int, str, int | None]]:
    """Drawn anew for each lot and cell, and so not for each visitor."""
    return list(filling.newcomers(drawn_by, cells_in(list_text), seed, gone))


@bp.get("/<slug>/<int(max=999):attempt>/list.txt")
def lines(slug: str, attempt: int) -> Response:
    return Response(queries.published(slug, attempt).list_text, mimetype="text/plain")


@bp.get("/<slug>/<int(max=999):attempt>/definition.json")
def definition(slug: str, attempt: int) -> Response:
    return Response(queries.published(slug, attempt).definition, mimetype="application/json")


@bp.get("/<slug>/<int(max=999):attempt>/record.zip")
def record(slug: str, attempt: int) -> Response:
    draw = queries.published(slug, attempt)
    return Response(records.record(draw), mimetype="application/zip", headers={
        "Content-Disposition": f'attachment; filename="draw-{slug}-{attempt}.zip"'})


@bp.get("/<slug>/mine/<number>")
@login_required
@never_cached
def letter(slug: str, number: str) -> ResponseReturnValue:
    """Number, salt and hash of the own application, by its receipt number, to print."""
    return letter_page(slug, applying.owned(calls.slugged(slug), number, visitor()).id)


@cache
def _checker() -> str:
    """SHA-256 of the program with which people draw again."""
    return sha256(Path(current_app.static_folder or "", "js/draw-check.js").read_bytes()).hexdigest()


def letter_page(slug: str, application_id: int) -> str:
    """The letter of whoever is in the list of a draw that stands; the last one, where theirs ended. Raises NotFound."""
    draw = queries.draw_with(application_id) or queries.published(slug)
    return render_template("draws/letter.html", draw=draw, call=draw.call, known=draw.known, chance=_chance(draw),
                           lottery_at=local(values.lottery_at(draw)), checker=_checker(),
                           own=_own(draw, queries.person(draw, application_id)))


@bp.post("/<slug>/mine/<number>/agreement")
@login_required
@by_user
def agree(slug: str, number: str) -> ResponseReturnValue:
    lists.agree(slug, number, by=visitor())
    return saved(_("동의를 적었어요."), f"/calls/{slug}/mine/{number}")


@bp.post("/<slug>/observations")
@by_address
@never_cached
def observe(slug: str) -> ResponseReturnValue:
    form = ObservedForm()
    return handle(form, lambda: values.observe(
        slug, form.key.data or "", form.agrees.data == "1", form.text.data or "", form.signature.data or ""),
        lambda: _page(queries.published(slug), form), lambda _made: saved(_("서명을 받았어요."), f"/draws/{slug}"))
