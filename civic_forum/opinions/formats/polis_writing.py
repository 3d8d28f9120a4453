"""Polis CSV files of a conversation.

votes.csv has times, so it is written only for a conversation that came with them; comments.csv names authors only by
the numbers that the conversation gives, which are nobody's in the matrix unless it came so.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timezone
from string import ascii_lowercase
from typing import Any

import numpy as np

from civic_forum.opinions.mapping import Map
from civic_forum.opinions.mapping.model import order_of_id
from civic_forum.platform.spreadsheets import csv_chunks

from .polis import COMMENTS, PARTICIPANTS, SUMMARY, VOTES, Conversation

COMMENT_GROUPS = "comment-groups.csv"
Rows = Iterable[Iterable[object]]


def files(conversation: Conversation, opinion_map: Map | None = None) -> dict[str, Iterator[bytes]]:
    """Content of each file by its name. comment-groups.csv needs the map."""
    written: dict[str, Rows] = {
        PARTICIPANTS[0]: _participants(conversation), COMMENTS: _comments(conversation),
        SUMMARY: _summary(conversation)}
    if conversation.votes:
        written[VOTES] = _votes(conversation)
    if opinion_map is not None:
        written[COMMENT_GROUPS] = _groups(conversation, opinion_map)
    return {name: csv_chunks(rows) for name, rows in written.items()}


def _participants(conversation: Conversation) -> Rows:
    matrix = conversation.matrix
    yield ["participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", *matrix.statements]
    wrote: dict[str, int] = {}
    for comment in conversation.comments:
        wrote[comment.author] = wrote.get(comment.author, 0) + 1
    order = np.argsort(matrix.rows, kind="stable")
    starts = np.searchsorted(matrix.rows[order], np.arange(len(matrix.participants) + 1)).tolist()
    for place, participant in enumerate(matrix.participants):
        of = order[starts[place]:starts[place + 1]]
        cells: list[Any] = [""] * len(matrix.statements)
        values = matrix.values[of].tolist()
        for column, value in zip(matrix.columns[of].tolist(), values):
            cells[column] = value
        yield [participant, conversation.groups.get(participant, ""), wrote.get(participant, 0), len(values),
               values.count(1), values.count(-1), *cells]


def _counted(conversation: Conversation) -> dict[str, tuple[int, int, int]]:
    """Agrees, disagrees and all responses of each statement."""
    matrix = conversation.matrix
    parts = [np.bincount(matrix.columns[mask], minlength=len(matrix.statements)).tolist()
             for mask in (matrix.values > 0, matrix.values < 0, matrix.values < 2)]
    return dict(zip(matrix.statements, zip(*parts)))


def _comments(conversation: Conversation) -> Rows:
    yield ["timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated", "is-meta", "is-seed",
           "comment-body"]
    counted = _counted(conversation)
    for comment in conversation.comments:
        agrees, disagrees, _ = counted.get(comment.id, (comment.agrees, comment.disagrees, 0))
        yield [comment.created, _said(comment.created), comment.id, comment.author, agrees, disagrees,
               comment.moderated, str(comment.meta).lower(), str(comment.seed).lower(), comment.body]


def _votes(conversation: Conversation) -> Rows:
    yield ["timestamp", "datetime", "comment-id", "voter-id", "vote"]
    for vote in conversation.votes:
        yield [vote.at, _said(vote.at), vote.comment, vote.voter, vote.value]


def _summary(conversation: Conversation) -> Rows:
    counts: Mapping[str, object] = {
        "voters": len(conversation.matrix.participants), "voters-in-conv": len(conversation.groups),
        "commenters": len({comment.author for comment in conversation.comments if comment.author}),
        "comments": len(conversation.comments), "groups": len(set(conversation.groups.values()))}
    yield from ({"topic": "", "url": "", "views": "", **counts, **conversation.summary}).items()


def _groups(conversation: Conversation, opinion_map: Map) -> Rows:
    """Counts by group; groups are lettered in the order of their names."""
    names = sorted(opinion_map.counts, key=order_of_id)
    parts = ("votes", "agrees", "disagrees", "passes")
    yield ["comment-id", "comment", *(f"total-{part}" for part in parts),
           *(f"group-{_letter(place)}-{part}" for place in range(len(names)) for part in parts)]
    for comment in conversation.comments:
        cells = [counts.get(comment.id, (0, 0, 0))
                 for counts in (opinion_map.totals, *(opinion_map.counts[name] for name in names))]
        yield [comment.id, comment.body, *(part for cell in cells for part in _four(cell))]


def _four(cell: tuple[int, int, int]) -> tuple[int, int, int, int]:
    agrees, disagrees, seen = cell
    return seen, agrees, disagrees, seen - agrees - disagrees


def _letter(place: int) -> str:
    return ascii_lowercase[place] if place < len(ascii_lowercase) else f"{place + 1}"


def _said(milliseconds: int) -> str:
    """Moment in words, empty where it is unknown or no date."""
    if not 0 < milliseconds < 253_402_300_800_000:
        return ""
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc).isoformat(timespec="seconds")
