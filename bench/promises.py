"""Pages of the ledger of promises at 5,000 commitments in a district of 100,000 proposals."""

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.commitments.models import (
    Commitment, CommitmentEntry, commitment_neighbourhood,
)
from civic_forum.commitments.rules import EntryKind, EntryState, FAR, FARTHER, Status
from civic_forum.district import queries as district
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local

from .districts import Districts, filled
from .figures import Figure
from .growth import MANY
from .pages import sign_in, whole_cost
from .servers import free_port, serving

COMMITMENTS = 5_000
HOME, LIST, QUERIES = "≤ 10", "≤ 15", "≤ 12"
TITLE = "골목을 비우고 걷는 길 내기"


def promises(districts: Districts) -> list[Figure]:
    """CPU of pages, all of them made, over an empty one of the same run, and their statements."""
    data = _kept(districts.of(MANY), districts.folder)
    pages = (("board", "/commitments", None, LIST), ("board, late", "/commitments?standing=late", None, LIST),
             ("one promise", "/commitments/1", None, LIST), ("figures", "/figures", None, HOME),
             ("promises of a department", "/desk/commitments", "official1", LIST), ("desk", "/desk", "official1", LIST))
    figures = []
    with serving("empty", data, free_port()) as empty, serving("made", data, free_port()) as site:
        for name, path, who, goal in pages:
            sign_in(site, who)
            figures += whole_cost(site, empty, name, path, goal, QUERIES)
    return figures


def _kept(data: Path, folder: Path) -> Path:
    """A copy of this district with so many commitments, every second one of the first department."""
    return filled(data, folder / "kept-promises", _fill)


def _fill() -> None:
    now, today = clock.now(), local(clock.now()).date()
    own = next(iter(db.session.scalars(sa.select(User).filter_by(sign_in_key="official1")).one().department_ids()))
    departments, places = [one.id for one in district.departments()], [one.id for one in district.neighbourhoods()]
    fields, statuses = list(district.category_keys()), list(Status)
    first = (db.session.scalar(sa.select(sa.func.max(Commitment.id))) or 0) + 1
    numbers = range(first, first + COMMITMENTS)

    def promise(n: int) -> dict[str, object]:
        status = statuses[n % len(statuses)] if n % 3 else Status.ON_TRACK
        over, due = status in (Status.DONE, Status.DROPPED), today + timedelta(days=n % 900 - 200)
        next_due = None if over or status is Status.ON_HOLD else due
        return {"id": n, "origin": "election_pledge", "title": f"{TITLE} {n}", "goal": TITLE, "with_all": False,
                "field": fields[n % len(fields)], "kinds": [], "unit": "thousand", "status": status,
                "department_id": own if n % 2 else departments[n % len(departments)], "version": 2, "waiting": 0,
                "promised_on": today - timedelta(days=n % 2_000), "due_on": due, "first_due_on": due,
                "done_on": due if status is Status.DONE else None, "next_due_on": next_due, "progress": n % 101,
                "sort_on": FARTHER if over else next_due or FAR, "reached": n % 4, "steps": 4, "planned": n * 1_000,
                "secured": n * 900, "executed": n * 400, "origin_lost": False}

    for model, rows in (
            (Commitment, map(promise, numbers)),
            (CommitmentEntry, ({"commitment_id": n, "number": 1, "kind": EntryKind.FACTS, "place": 1, "on": today,
                                "state": EntryState.APPROVED, "content": {"title": f"{TITLE} {n}"}, "at": now,
                                "decided_at": now} for n in numbers))):
        db.session.execute(sa.insert(model), list(rows))
    db.session.execute(sa.insert(commitment_neighbourhood), [
        {"commitment_id": n, "neighbourhood_id": places[n % len(places)]} for n in numbers if n % 4])
