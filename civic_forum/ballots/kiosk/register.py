"""The register of a desk: a sheet with numbered lines, on which people sign for the codes that they got."""

from collections.abc import Callable
from datetime import date

from flask import request

from civic_forum.district import queries as district
from civic_forum.platform import clock, plain_text
from civic_forum.platform.i18n import local

from .codes import desk_of

LINES = 25
"""Of one sheet."""


def sheet(actor, last_number: Callable[[int | None, date], int], address: Callable[..., str],
          check: Callable[[int | None], None] | None = None) -> dict[str, object]:
    """Today's sheet of one's own desk for `ballots/register_sheet.html`; a moderator's also of another, where `check`
    raises nothing. Only numbers: what is written by hand stands nowhere else."""
    own, asked = actor.neighbourhood_ids(), plain_text.number(request.args.get("desk"))
    desk = asked if asked and (check or asked in own) else desk_of(actor, None)
    if check is not None:
        check(desk)
    day = local(clock.now()).date()
    last = last_number(desk, day)
    number = plain_text.number(request.args.get("sheet"), digits=4) or last // LINES + 1
    places = district.neighbourhood_names()
    desks = [{"label": places[place], "url": address(desk=place), "current": place == desk} for place in sorted(own)]
    return {"desk": desk, "day": day, "given": last, "sheet": number, "places": places, "desks": desks,
            "next_sheet": address(desk=desk, sheet=number + 1),
            "numbers": range((number - 1) * LINES + 1, number * LINES + 1)}
