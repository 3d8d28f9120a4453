"""The ledger of speaking time, reckoned from all turns in one statement."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civic_forum.district.models import Neighbourhood
from civic_forum.platform import clock
from civic_forum.platform.base import db

from ..models import Forum, ProgrammeItem
from ..rules import AgeGroup, Stage
from . import rules
from .models import Turn
from .queries import voices
from .rules import CountedTurn, TimeLine


@dataclass(frozen=True)
class Ledger:
    """Speaking time of people and groups."""

    total_s: int
    turns: int
    people: int
    roles: list[TimeLine]
    items: list[TimeLine]
    titles: dict[int, str]
    """Of the items, by their numbers."""
    first_times: list[TimeLine]
    """Of those who took part: first-time speakers and others."""
    neighbourhoods: list[tuple[TimeLine, int]] | None
    """With whole minutes; None while the forum runs."""
    age_groups: list[tuple[TimeLine, int]] | None


def of(forum: Forum, now: datetime | None = None) -> Ledger:
    rows = _rows(forum.id)
    turns = [_spoken(row, now or clock.now()) for row in rows]
    over = forum.stage is Stage.FINISHED
    return Ledger(
        sum(turn.seconds for turn in turns), len(turns), len({turn.voice for turn in turns}),
        rules.by(turns, lambda turn: turn.role),
        sorted(rules.by(turns, lambda turn: turn.item), key=lambda line: (line.key is None, line.key)),
        {row.number: row.title for row in rows if row.number},
        rules.by([turn for turn in turns if turn.role == "participant"], lambda turn: turn.first_time),
        _personal(turns, lambda turn: turn.neighbourhood) if over else None,
        _personal(turns, lambda turn: turn.age_group) if over else None)


def _personal(turns: list[CountedTurn], key) -> list[tuple[TimeLine, int]]:
    lines = rules.by_personal(turns, key)
    return list(zip(lines, rules.minutes(lines), strict=True))


def _rows(forum_id: int) -> list[sa.Row]:
    return db.session.execute(
        sa.select(Turn.user_id, Turn.name, Turn.role, Turn.first_time, Turn.age_group, Turn.started_at, Turn.ended_at,
                  ProgrammeItem.number, ProgrammeItem.title, Neighbourhood)
        .outerjoin(ProgrammeItem, ProgrammeItem.id == Turn.item_id)
        .outerjoin(Neighbourhood, Neighbourhood.id == Turn.neighbourhood_id)
        .where(Turn.forum_id == forum_id).order_by(Turn.started_at, Turn.id)).all()


def _spoken(row, now: datetime) -> CountedTurn:
    seconds = int(((row.ended_at or max(now, row.started_at)) - row.started_at).total_seconds())
    voice = min(voices(row.user_id, row.name, None))
    return CountedTurn(voice, seconds, row.role, row.number, row.Neighbourhood and row.Neighbourhood.name,
                  row.age_group and AgeGroup(row.age_group).value, row.first_time)
