"""The first page of the desk: what waits for somebody, by the day it is due, and what they can begin."""

from datetime import date
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

from flask import request, url_for

from civic_forum.accounts.labels import ROLE
from civic_forum.accounts.policy import may_grant_role
from civic_forum.accounts.queries import absences, users
from civic_forum.blocks import sections
from civic_forum.blocks.listing import Link
from civic_forum.platform import clock, policy, waiting
from civic_forum.platform.delivery import becomes_another
from civic_forum.platform.filters import one_of, unknown
from civic_forum.platform.i18n import _, local
from civic_forum.platform.waiting import DUE, Due, ENTRIES, Item, Source, Tally
from civic_forum.platform.web import visitor

from .. import queries
from ..labels import AREA, NEXT, OTHER
from ..pages import bp, shown_to
from ..policy import may_enter
from ..rules import FirstDay

ALL = "all"


@bp.get("")
@shown_to(may_enter)
def show():
    due, kind = one_of(Due, request.args.get("due")) or Due.ALL, request.args.get("kind") or ALL
    return sections.page(_show, visitor().id, due, kind, request.args.get("after"))


def _show(user_id: int, due: Due, kind: str, after: str | None) -> tuple[str, dict[str, Any]]:
    user, now = users.with_grants(user_id), clock.now()
    today = local(now).date()
    desk = absences.desk(user, today)
    kinds = waiting.sources(user, today, elsewhere=desk.elsewhere, stands_in=desk.stands_in)
    if kind != ALL and all(source.name != kind for source in kinds):
        raise unknown()
    tallies = waiting.tallies(kinds, today)
    wanted = [source for source in kinds if kind in (ALL, source.name) and tallies[source.name].of(due)]
    page = waiting.listed(wanted, due=due, today=today, after=after)
    return "desk/show.html", {
        "posts": posts(user), "now": now, "today": today, "page": page, "days": _by_day(page.items, today),
        "dues": _dues(tallies, due, kind), "kinds": _kinds(kinds, tallies, due, kind), "pages": _pages(user),
        "labels": {source.name: str(source.work.label) for source in kinds},
        "stands_in": [name for _id, name in desk.stands_in], "narrowed": due is not Due.ALL or kind != ALL,
        "first_day": _first_day(user), "after_url": page.after and _address(due, kind, after=page.after)}


def _first_day(user) -> FirstDay | None:
    """Facts for the card of the first day, while something is left."""
    day = queries.first_day() if may_grant_role(user, None) is None else None
    if day and day.officers_from:
        becomes_another(day.officers_from)
    return day if day and day.left else None


@lru_cache(maxsize=512)
def _url(due: Due, kind: str) -> str:
    return _address(due, kind)


def _address(due: Due, kind: str, **more: str) -> str:
    chosen = {name: value for name, value in (("due", due.value), ("kind", kind)) if value != ALL}
    return url_for(".show", **chosen, **more)


def _dues(tallies: dict[str, Tally], due: Due, kind: str) -> list[Link]:
    """Numbers by deadline, of the kind that is shown."""
    total = sum((tally for name, tally in tallies.items() if kind in (ALL, name)), Tally())
    return [Link(str(DUE[when]), _url(when, kind), when is due, total.of(when), when.value) for when in Due]


def _kinds(kinds: list[Source], tallies: dict[str, Tally], due: Due, kind: str) -> list[Link]:
    """Numbers by kind, of the deadline that is shown; kinds of which nothing waits are left out."""
    every = Link(_("모든 일"), _url(due, ALL), kind == ALL, sum(tally.of(due) for tally in tallies.values()))
    return [every, *(
        Link(str(source.work.label), _url(due, source.name), kind == source.name, tallies[source.name].of(due))
        for source in kinds if tallies[source.name].all or kind == source.name)]


def _by_day(items: list[Item], today: date) -> list[tuple[object, list[Item]]]:
    """Late, today, later: each with its heading."""

    def heading(item: Item) -> Due:
        return Due.LATE if item.due_on < today else Due.TODAY if item.due_on == today else Due.ALL

    return [(NEXT if when is Due.ALL else DUE[when], list(group)) for when, group in groupby(items, heading)]


def _pages(user) -> list[tuple[str, list[tuple[str, str]]]]:
    """Pages of work that can be begun, by area."""
    areas: dict[str, list[tuple[str, str]]] = {}
    for entry in ENTRIES.values():
        if policy.can(user, entry.permission):
            area = entry.permission.split(".")[0]
            areas.setdefault(area if area in AREA else "", []).append((str(entry.label), _entry_url(entry.endpoint)))
    return [(str(AREA.get(area, OTHER)), areas[area]) for area in [*AREA, ""] if area in areas]


@cache
def _entry_url(endpoint: str) -> str:
    return url_for(endpoint)


def posts(user) -> list[str]:
    """`동 담당자(시흥1동)`: what this person is, and for where."""
    names = []
    for grant in user.counting_grants:
        place = grant.department or grant.neighbourhood
        names.append(f"{ROLE[grant.role]}({place.name})" if place else str(ROLE[grant.role]))
    return names
