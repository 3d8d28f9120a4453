"""Fragments of tables, rendered again when something happens at them. What a table writes goes to that table alone."""

from collections.abc import Iterable

from flask import render_template

from civic_forum.platform import clock

from ..fragments import Patch, draws
from ..models import Forum, ForumEvent
from ..rules import ForumEventKind
from . import queries
from .models import ForumTable, Seat

SHARED = {ForumEventKind.TABLES_SEATED, ForumEventKind.TABLES_OPENED, ForumEventKind.TABLES_CLOSED}
"""What changes the question of all tables, or their time."""


@draws("table")
def draw_tables(forum: Forum, events: list[ForumEvent]) -> list[Patch]:
    """Cards and doors of the tables concerned; who sits there; what was said; results."""
    kinds = {event.kind for event in events}
    cards = {card.table.number: card for card in queries.cards(forum.id)}
    puts = [Patch("tables-state", state(forum))] if kinds & SHARED else []
    concerned = cards if any(_is_of_all(event) for event in events) else _numbers(events, cards)
    sitting = queries.seats([cards[number].table.id for number in concerned])
    for number in concerned:
        puts += _of_card(forum, cards[number], sitting.get(cards[number].table.id, []))
    for number in _numbers([event for event in events if event.kind is ForumEventKind.TABLE_HANDED], cards):
        puts.append(Patch(f"table-result-{cards[number].table.id}", result(forum, cards[number]), into="table-results"))
    if kinds & {ForumEventKind.TABLE_PROJECTED, ForumEventKind.TABLE_HANDED}:
        puts.append(Patch("table-projected", projected(forum)))
    return puts + _removed(events) + _said(events)


def _is_of_all(event: ForumEvent) -> bool:
    """True if tables were made, or people seated; not that one table was set, or the question."""
    return event.kind is ForumEventKind.TABLES_SEATED and event.subject_id is None and "question" not in event.details


def _numbers(events: Iterable[ForumEvent], cards: dict[int, queries.TableCard]) -> list[int]:
    """Numbers of the tables that these events are about, as far as they are still there."""
    by_id = {card.table.id: number for number, card in cards.items()}
    moved = [event for event in events if event.kind is not ForumEventKind.TABLE_SAID]
    named = {event.details.get(end) for event in moved for end in ("was", "to")}
    return sorted(number for number in named | {by_id.get(event.subject_id) for event in moved} if number in cards)


def _of_card(forum: Forum, card: queries.TableCard, seats: list[Seat]) -> list[Patch]:
    table = card.table
    return [Patch(f"table-card-{table.id}", drawn_card(forum, card), into="tables-list"),
            Patch(f"table-door-{table.id}", door(forum, card), into="table-doors"),
            Patch(f"table-seats-{table.id}", people(table, seats), table_id=table.id)]


def _removed(events: list[ForumEvent]) -> list[Patch]:
    return [Patch(f"table-{what}-{event.subject_id}") for event in events if event.details.get("removed")
            for what in ("card", "door")]


def _said(events: list[ForumEvent]) -> list[Patch]:
    messages: dict[int, list[int]] = {}
    for event in events:
        if event.kind is ForumEventKind.TABLE_SAID:
            messages.setdefault(event.table_id, []).append(event.subject_id)
    return [Patch(f"table-message-{message.id}", render_template("forums/pieces/table_message.html", message=message),
                into=f"table-messages-{table_id}", table_id=table_id)
            for table_id, ids in messages.items() for message in queries.messages(table_id, ids)]


@draws("note")
def draw_notes(forum: Forum, events: list[ForumEvent]) -> list[Patch]:
    """The groups whose notes changed, for those who sit at the table; what others see of it they see when it is handed
    over, and on its page."""
    puts = []
    for number in sorted({event.details["number"] for event in events}):
        table = queries.numbered(forum.id, number)
        here = [event for event in events if event.details["number"] == number]
        puts += _of_board(table, here)
        if table.projected and any("strongest" in event.details or event.details.get("removed") for event in here):
            puts.append(Patch("table-projected", projected(forum)))
    return puts


def _of_board(table: ForumTable, events: list[ForumEvent]) -> list[Patch]:
    of_groups = [event for event in events if event.kind is ForumEventKind.NOTE_GROUPED]
    notes = {event.subject_id for event in events} - {event.subject_id for event in of_groups}
    groups = {event.subject_id for event in of_groups} | {
        event.details[end] for event in events for end in ("was", "group") if end in event.details}
    board = queries.board(table)
    touched = [grouped for grouped in board
               if (grouped.group and grouped.group.id) in groups or notes & {note.id for note in grouped.notes}]
    puts = [Patch(name(grouped), group(grouped), into=f"notes-{table.id}", table_id=table.id) for grouped in touched]
    there = {grouped.group.id for grouped in board if grouped.group}
    puts += [Patch(f"note-group-{gone}", table_id=table.id) for gone in sorted(groups - there - {None})]
    if of_groups:
        puts.append(Patch(f"group-choices-{table.id}", render_template(
            "forums/pieces/group_choices.html", table=table, groups=board), table_id=table.id))
    return puts


def name(grouped: queries.GroupedNotes) -> str:
    return f"note-group-{grouped.group.id}" if grouped.group else f"loose-notes-{grouped.table.id}"


def state(forum: Forum) -> str:
    return render_template("forums/pieces/tables_state.html", forum=forum, are_open=queries.are_open(forum),
                           close_at=queries.close_at(forum), now=clock.now())


def drawn_card(forum: Forum, card: queries.TableCard) -> str:
    return render_template("forums/pieces/table_card.html", forum=forum, card=card)


def door(forum: Forum, card: queries.TableCard) -> str:
    return render_template("forums/pieces/table_door.html", forum=forum, card=card)


def result(forum: Forum, card: queries.TableCard) -> str:
    return render_template("forums/pieces/table_result.html", forum=forum, card=card)


def people(table: ForumTable, seats: list[Seat]) -> str:
    return render_template("forums/pieces/table_seats.html", table=table, seats=seats)


def projected(forum: Forum) -> str:
    return render_template("forums/pieces/table_projected.html", projected=queries.projected(forum.id))


def group(grouped: queries.GroupedNotes) -> str:
    return render_template("forums/pieces/note_group.html", one=grouped, table=grouped.table)
