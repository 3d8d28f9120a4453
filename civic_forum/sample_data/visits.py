"""Visits of the sample district, a session of a course, and what residents asked for; steps/forums.json says when."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from civic_forum.accounts.models import User
from civic_forum.district import queries as district
from civic_forum.forums import queries as forums
from civic_forum.forums.minutes import services as minutes
from civic_forum.forums.minutes.services import Heard
from civic_forum.forums.models import Forum
from civic_forum.forums.preparing import services as preparing
from civic_forum.forums.preparing.parts import Access, Holder, Item, Times, Visiting, Wording
from civic_forum.forums.preparing.process import ITEMS, PROCESS
from civic_forum.forums.rules import Duty, Form
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.platform.settings import DistrictSetting
from civic_forum.platform.work import use_case
from civic_forum.visits import services
from civic_forum.visits.models import VisitRequest
from civic_forum.visits.parts import Asking

from .people import read
from .timeline import resolved

if TYPE_CHECKING:
    from .steps import Script

moment = datetime.fromisoformat
WEEKDAYS = "월화수목금토일"
PLACES = 50


def decide() -> None:
    """Kinds of visits, and how many each neighbourhood is to have in a year."""
    with use_case(None) as work:
        work.session.add_all(DistrictSetting(name=name, value=value, earlier=[])
                             for name, value in read("visits")["settings"].items())
        work.record("sample_data.settings", "district_setting")


def write_down(key: str, request_id: int | None = None, *, script: "Script", by: User) -> Forum:
    """A visit or a session as it was written down; one that was asked for is there already."""
    entry = _entry("visits", key, script)
    offices = district.ids_by_name(district.departments())
    heard = [Heard(text=words["text"], answer=words.get("answer", ""),
                   later=(offices[later["department"]], later["days"]) if (later := words.get("later")) else None)
             for words in entry["heard"]]
    if request_id is None:
        held = minutes.write_down((*_parts(entry), _visiting(entry)), heard, entry["came"], by=by)
    else:
        visit = db.session.get_one(VisitRequest, request_id).visit
        assert visit is not None
        PROCESS.write(visit.id, _visiting(entry), version=visit.version, by=by)
        held = minutes.write_down_announced(visit.id, heard, entry["came"], _visiting(entry), by=by)
    return _invented(held.id, entry)


def announce(key: str, *, script: "Script", by: User) -> Forum:
    """A visit that is to come."""
    entry = _entry("visits", key, script)
    number = preparing.create(None, *_parts(entry), by=by).id

    def version() -> int:
        return db.session.get_one(Forum, number).version

    PROCESS.write(number, _visiting(entry), version=version(), by=by)
    PROCESS.write(number, Access((), None, entry["recording"]), version=version(), by=by)
    ITEMS.add(number, Item(entry["item"], 120), version=version(), by=by)
    preparing.appoint(number, Duty.HOST, sign_in_name=by.sign_in_name, version=version(), by=by)
    PROCESS.announce(number, by=by)
    return _invented(number, entry)


def ask(key: str, *, script: "Script", by: User) -> VisitRequest:
    entry = _entry("asked_for", key, script)
    place = district.ids_by_name(district.neighbourhoods())[entry["neighbourhood"]]
    return services.ask(Asking(neighbourhood_id=place, place=entry["place"], why=entry["why"], names=entry["names"]),
                        by=by)


def answer(key: str, request_id: int, *, script: "Script", by: User) -> None:
    entry = _entry("asked_for", key, script)
    if "visit" in entry:
        times = _parts(_entry("visits", entry["visit"], script))[2]
        services.agree(request_id, times.starts_at, times.ends_at, shows=True, by=by)
    else:
        services.decline(request_id, entry["refused"], date.fromisoformat(entry["again_on"]), shows=True, by=by)


def _entry(rows: str, key: str, script: "Script") -> dict[str, Any]:
    return resolved(next(entry for entry in read("visits")[rows] if entry["key"] == key), script.loaded)


def _parts(entry: dict[str, Any]) -> tuple[Holder, Wording, Times]:
    """One with a weekday is on it, or on the last one before its day."""
    offices, places = map(district.ids_by_name, (district.departments(), district.neighbourhoods()))
    starts, ends = moment(entry["starts_at"]), moment(entry["ends_at"])
    back = timedelta(days=(local(starts).weekday() - WEEKDAYS.index(entry["weekday"])) % 7 if "weekday" in entry else 0)
    coming = {"on_site_places": PLACES} if entry["came"] is None else {}
    return (Holder(Form(entry["form"]), offices.get(entry.get("department")), places.get(entry.get("neighbourhood"))),
            Wording(entry["title"], entry["question"], description=entry.get("note", "")),
            Times(entry["place"], starts - back, ends - back, **coming))


def _visiting(entry: dict[str, Any]) -> Visiting:
    return Visiting(entry.get("kind"), entry.get("went"), entry.get("moved"))


def _invented(forum_id: int, entry: dict[str, Any]) -> Forum:
    with use_case(None) as work:
        forum = forums.locked(forum_id)
        forum.invented = entry["invented"]
        work.record("sample_data.forum", f"forum:{forum.slug}")
        return forum
