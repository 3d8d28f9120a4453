"""The tables as they stand: what may only grow, and what undoing has to bring back as it was, column by column."""

import sqlalchemy as sa

from civic_forum.platform.base import db

MAY_CHANGE = {
    "agenda_descent": {"undone_at"},
    "agenda_link": {"ended_at", "ended_by_id", "ended_why", "told_at"},
    "agenda_version": set(),
    "author_objection": {"answer", "answered_at", "answered_by_id"},
    "comment": {"support_count"},
    "journey_entry": set(),
    "merge_opt_out": set(),
    "merge_reply": {"reply", "at"},
    "proposal_merge": {"undone_at", "undone_by_id", "undone_reason"},
    "proposal_version": set(),
}
"""Tables of which no row ever goes, and what is said in a row later on."""

TOLD = {"audit_entry", "delivery", "notice", "site_version"}
"""Sentences that merging and undoing tell to somebody: they stay told."""
GROWS = {"agenda_descent": "undone_at", "duty": "ended_at", "journey_entry": "at", "merge_opt_out": "at",
         "proposal_merge": "undone_at"}
"""Records of what was done: rows are added, those from before stay as they were. What was added is over: this column
says since when."""
TOLD_AT = ("agenda_link", "told_at")
"""The moment when an author heard last where the proposal stands, from which the days to object are counted."""


def everything() -> dict[str, set[tuple]]:
    """Every row of every table, but what somebody was told."""
    db.session.rollback()
    return {table.name: _rows(table, {TOLD_AT[1]} if table.name == TOLD_AT[0] else set())
            for table in db.metadata.sorted_tables if table.name not in TOLD}


def kept() -> dict[str, set[tuple]]:
    """The columns that must stay for ever of the rows that only grow in number."""
    db.session.rollback()
    return {name: _rows(db.metadata.tables[name], may_change) for name, may_change in MAY_CHANGE.items()}


def _rows(table: sa.Table, but: set[str]) -> set[tuple]:
    columns = [column for column in table.columns if column.name not in but]
    rows = {tuple(map(repr, row)) for row in db.session.execute(sa.select(*columns))}
    if table.name == "proposal_tally":
        return {row for row in rows if row[-1] != "0"}
    return rows


def lost(before: dict[str, set[tuple]], after: dict[str, set[tuple]]) -> dict[str, set[tuple]]:
    """Rows that are no more, or say something else."""
    return {name: gone for name, rows in before.items() if (gone := rows - after[name])}


def differences(before: dict[str, set[tuple]], after: dict[str, set[tuple]]) -> dict[str, set[tuple]]:
    """Rows that are not as they were, and rows that should not be there."""
    return lost(before, after) | {name: wrong for name, rows in before.items()
                                  if (wrong := {row for row in after[name] - rows if not _is_over(name, row)})}


def _is_over(name: str, row: tuple) -> bool:
    columns = list(db.metadata.tables[name].columns.keys())
    return name in GROWS and row[columns.index(GROWS[name])] != "None"
