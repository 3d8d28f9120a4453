"""The file `<keys>/<box>.acts`: acts of staff that each signed count of a box tells, so that a count stays as it was
signed whatever becomes of the tables."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from civic_forum.accounts.queries import people
from civic_forum.district import queries as district

from ..desk import counts as desk_counts
from ..keys import keyring
from ..models import BallotBox
from ..rolls import queries as rolls
from ..rules.log import Canonical, KEPT_FORMAT

SUFFIX = ".acts"
REFUSED, ADDED, CHANGED, BOUND = "refused", "added_", "paper_changed", "first_ballot"
"""Kinds beside `StaffAct`: wrong names and birth dates; people added to the roll, by the way they had been verified,
with a provider's key; papers spoiled, taken back or whose return was undone; first ballots of accounts into which staff
could have got."""
NO_DESK = "-"
Acts = list[Mapping[str, Canonical]]


def so_far(box: BallotBox, now: datetime) -> Acts:
    """Acts of staff on accounts of the district since the opening, and additions to the roll, by kind and desk."""
    opened = box.opened_at or now
    names: dict[int | None, str] = {place.id: place.name_at(box.created_at)
                                    for place in district.neighbourhoods(closed=True)}
    sums: Counter[tuple[str, str]] = Counter()
    for (desk, _day, kind), number in people.acts_by_desk(opened, now).items():
        sums[kind, names.get(desk, NO_DESK)] += number
    for way, provider, number in rolls.additions_by_way(box):
        sums[f"{ADDED}{':'.join(filter(None, (way, provider)))}", NO_DESK] += number
    for count in desk_counts.of_box(box.id):
        sums[CHANGED, names.get(count.desk, NO_DESK)] += count.changed
        sums[BOUND, NO_DESK] += count.bound
    sums[REFUSED, NO_DESK] += people.wrong_names(opened)[0]
    return [{"desk": desk, "kind": kind, "number": number} for (kind, desk), number in sorted(sums.items()) if number]


def keep(box_id: bytes, number: int, acts: Acts) -> None:
    """Write down acts that the count of this number tells, inside the transaction that has it. Raises Unavailable."""
    keyring.write_file(keyring.beside_keys(box_id, SUFFIX), json.dumps(_kept(box_id) | {str(number): acts}).encode())


def of(box: BallotBox, numbers: Iterable[int]) -> list[Acts | None]:
    """Acts that each of these counts tells; None in a box of format 2."""
    kept = None if box.format == KEPT_FORMAT else _kept(box.id)
    return [None if kept is None else kept.get(str(number), []) for number in numbers]


def _kept(box_id: bytes) -> dict[str, Acts]:
    path = keyring.beside_keys(box_id, SUFFIX)
    return json.loads(path.read_bytes()) if path.exists() else {}
