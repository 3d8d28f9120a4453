"""The desk's first page: what this person may do, and how much of it waits."""

from dataclasses import dataclass

from flask import render_template, url_for

from civic_forum.accounts.words import ROLE
from civic_forum.kernel import policy
from civic_forum.kernel.registries import registries
from civic_forum.kernel.web import visitor

from ..policy import may_enter
from ..words import AREA, OTHER
from .gate import bp, shown_to


@dataclass(frozen=True)
class Tile:
    label: object
    url: str
    waiting: int | None


@bp.get("")
@shown_to(may_enter)
def show():
    user = visitor()
    groups: dict[str, list[Tile]] = {}
    for entry in registries.desk.values():
        if policy.can(user, entry.permission):
            area = entry.permission.split(".")[0]
            groups.setdefault(area, []).append(Tile(entry.label, url_for(entry.endpoint), entry.count(user)))
    ordered = sorted(groups.items(), key=lambda group: list(AREA).index(group[0]) if group[0] in AREA else len(AREA))
    return render_template("desk/show.html", posts=posts(user),
                           groups=[(AREA.get(area, OTHER), area, tiles) for area, tiles in ordered])


def posts(user) -> list[str]:
    """`동 담당자(시흥1동)`: what this person is, and for where."""
    names = []
    for grant in user.counting_grants:
        place = grant.department or grant.neighbourhood
        names.append(f"{ROLE[grant.role]}({place.name})" if place else str(ROLE[grant.role]))
    return names
