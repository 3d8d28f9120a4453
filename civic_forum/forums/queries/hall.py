"""Content of the pages of a running forum, most subjects in one statement."""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from civic_forum.kernel import clock
from civic_forum.kernel.base import is_sqlite
from civic_forum.kernel.combined_query import Rows, Together

from ..models import Forum, ForumDuty
from . import captions, chat, decisions, mutes, programme, tables

DUTIES = Rows(sa.select(ForumDuty).where(ForumDuty.forum_id == sa.bindparam("forum_id")), (ForumDuty.id,))


@cache
def _asked(names: tuple[str, ...], _on_sqlite: bool) -> Together:
    """Request for the floor as a part of a statement, which each database writes differently."""
    rows = {"programme": programme.ROWS, "captions": captions.ROWS, "tables": tables.rows(),
            "decisions": decisions.ROWS,
            "chat": chat.ROWS, "mutes": mutes.ROWS}
    return Together({"duties": DUTIES} | {name: rows[name] for name in names})


def parts(forum: Forum, viewer, names: tuple[str, ...]) -> dict[str, object]:
    """Results of `part` of each of these subjects; and the forum's duties are read with them."""
    asked, now = [name for name in names if name != "mutes" or viewer.is_authenticated], clock.now()
    found = _asked(tuple(asked), is_sqlite()).read(forum_id=forum.id, **{"now": now} if "mutes" in asked else {})
    set_committed_value(forum, "duties", [duty for duty, in found["duties"]])
    made = {
        "programme": lambda rows: programme.of_rows(forum, rows, now), "captions": captions.of_rows,
        "tables": lambda rows: tables.of_rows(forum, rows, viewer), "decisions": decisions.of_rows,
        "chat": chat.of_rows, "mutes": lambda rows: mutes.of_rows(rows, viewer),
    }
    return {name: made[name](found.get(name, [])) for name in names}
