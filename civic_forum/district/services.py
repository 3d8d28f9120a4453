"""Setting up a district."""

from collections.abc import Iterable, Mapping

from civic_forum.platform.base import db
from civic_forum.platform.work import use_case

from . import queries
from .models import Audience, Department, Neighbourhood

Names = Iterable[Mapping[str, str]]


def set_up(*, neighbourhoods: Names, departments: Names, audiences: Names, by) -> None:
    """Add the neighbourhoods, departments and audiences that are not there yet, in this order; the others get the
    names in other languages that are given, but for those that were renamed since.

    Each is a mapping with `name_ko` and `name_<language>`.
    """
    with use_case(by) as work:
        for kind, names, known in ((Neighbourhood, neighbourhoods, queries.neighbourhoods(closed=True)),
                                   (Department, departments, queries.departments(closed=True)),
                                   (Audience, audiences, queries.audiences(closed=True))):
            ids = queries.ids_by_name(known)
            there = {entry.id: entry for entry in known}
            for position, name in enumerate(names, 1):
                words = {field.removeprefix("name_"): text for field, text in name.items() if text != name["name_ko"]}
                if (entry := there.get(ids.get(name["name_ko"]))) is None:
                    db.session.add(kind(position=position, name_ko=name["name_ko"], words=words))
                elif entry.name_ko == name["name_ko"]:
                    entry.words = entry.words | words
        work.record("district.set_up", "district:1")
