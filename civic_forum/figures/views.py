"""Pages of figures: for everybody, and for the office."""

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any

from flask import Blueprint, render_template

from civic_forum.blocks import sections
from civic_forum.blocks.extensions import FIGURES
from civic_forum.platform import settings
from civic_forum.platform.downloads import csv_on_the_way
from civic_forum.platform.i18n import _, language
from civic_forum.platform.web import by_download, shown_to

from . import pictures, policy, services
from .queries import Figures
from .rules import LEAST, Group

bp = Blueprint("figures", __name__)
desk = Blueprint("figures_desk", __name__, url_prefix="/desk/figures")
bp.record_once(lambda state: state.app.register_blueprint(desk))


@bp.get("/figures")
def index():
    return sections.page(_index)


def _index() -> tuple[str, dict[str, Any]]:
    return "figures/index.html", _facts(services.newest()) | {"sections": _sections()}


def _sections() -> list[str]:
    return [part for answer in FIGURES.answers if (part := sections.kept(_section, answer)) is not None]


def _section(make: Callable[[], Any]) -> str | None:
    section = make()
    return None if section is None else sections.written(section.template, section=section)


def _facts(figures: Figures) -> dict[str, Any]:
    part, ages = figures.participation, pictures.names_of_ages()
    places = pictures.names_of_places(part)
    most = part.places.most()
    return {"part": part, "numbers": figures.numbers, "answers": figures.answers.all, "pictures": pictures,
            "source": source(), "least": LEAST, "names": places, "most_place": most and places[most.key],
            "missing_places": _named(part.places.missing(), places), "missing_ages": _named(part.ages.missing(), ages)}


def _named(groups: Iterable[Group], names: dict) -> str:
    return ", ".join(names[group.key] for group in groups)


def source() -> str:
    """Source of the numbers of residents; empty without them."""
    residents = settings.value("RESIDENTS")
    return residents.get(f"source_{language()}") or residents.get("source", "")


@bp.get("/figures.csv")
@by_download
def as_table():
    header = (_("무엇"), _("누구나 언제"), _("어떻게"), _("수"))
    added = chain.from_iterable(section.rows for answer in FIGURES.answers if (section := answer()) is not None)
    return csv_on_the_way("figures", header, chain(pictures.rows(services.newest()), added))


@desk.get("")
@shown_to(policy.may_see_desk)
def show():
    figures = services.newest()
    return render_template("figures/desk.html", **_facts(figures), sections=_sections(),
                           departments=pictures.table_of_departments(figures.answers.departments))
