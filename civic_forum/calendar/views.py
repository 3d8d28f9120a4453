"""The calendar by month, and its file."""

from typing import Any

from babel.dates import get_day_names
from flask import Blueprint, Response, request, url_for

from civic_forum.blocks import sections
from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.listing import Picker
from civic_forum.blocks.pages import MENU, Navigation
from civic_forum.district import queries as district
from civic_forum.platform import calendar_file, settings
from civic_forum.platform.delivery import becomes_another
from civic_forum.platform.i18n import _, _l, end_of, language
from civic_forum.platform.web import visitor

from . import queries

bp = Blueprint("calendar", __name__)
MENU["calendar"] = Navigation(_l("달력"), "calendar.show", 32, "gatherings")


@bp.get("/calendar")
def show():
    return sections.page(_month, *(request.args.get(name) for name in ("month", "neighbourhood", "department")),
                         getattr(visitor(), "neighbourhood_id", None))


def _month(text: str | None, neighbourhood: str | None, department: str | None,
           own: int | None) -> tuple[str, dict[str, Any]]:
    wanted = queries.wanted(neighbourhood, department)
    month, places = queries.month(text, wanted), district.neighbourhood_names()
    becomes_another(end_of(month.today), *([month.next.day.moment] if month.next else []))
    chosen = {"neighbourhood": wanted.neighbourhood, "department": wanted.department}
    there = district.open_neighbourhood_names()
    choices = [("neighbourhood", _("모든 동"), there),
               ("department", _("모든 부서"), district.open_department_names())]

    def address(**other: object) -> str:
        return url_for("calendar.show", **(chosen | {"month": text and month.name} | other))

    return "calendar/month.html", {
        "month": month, "places": places, "open_places": there, "address": address, "own": places.get(own) and own,
        "weekdays": get_day_names("abbreviated", locale=language().mark), "place_names": tuple(places.items()),
        "weekday_names": tuple(name for _number, name in sorted(get_day_names(locale=language().mark).items())),
        "wanted": wanted, "visits": wanted.visits(), "file": url_for("calendar.file", **chosen),
        "pickers": [Picker(key, every, [("", every), *((str(id_), name) for id_, name in names.items())],
                           str(chosen[key] or ""), written=True) for key, every, names in choices],
        "of": ", ".join(name for name in (places.get(wanted.neighbourhood), wanted.department and
                                          district.department_names()[wanted.department]) if name)}


@bp.get("/calendar.ics")
def file():
    wanted = queries.wanted(request.args.get("neighbourhood"), request.args.get("department"))
    entries = [occasion.day.entry(Ref(occasion.kind, occasion.id), occasion.version, occasion.since, occasion.url)
               for occasion in queries.around_today(wanted)]
    return Response(calendar_file.calendar(entries, settings.value("SITE_NAME"), settings.value("SITE_NAME")),
                    mimetype="text/calendar")
