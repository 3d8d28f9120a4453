"""Signals that a text may be worth a look. Pure; they never decide."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from civic_forum.platform import folding, personal_numbers

from .rules import SignalKind

MANY_LINKS = 3
SAME_TEXT = 3
"""So many comments that say the same, among the latest."""
SHORTEST_SAME = 10
"""Characters; shorter ones, like thanks, are often the same."""
BURST, BURST_WITHIN = 10, timedelta(minutes=10)
"""So many new accounts in so short a time."""
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


def signals_of(text: str, words: Iterable[str]) -> set[SignalKind]:
    """Signals of this text alone; `words` are those of the moderators' list."""
    seen = set()
    if folding.holds(text, words):
        seen.add(SignalKind.WATCHED_WORD)
    if len(_LINK.findall(text)) >= MANY_LINKS:
        seen.add(SignalKind.MANY_LINKS)
    if personal_numbers.kinds(text):
        seen.add(SignalKind.PERSONAL_DATA)
    return seen


def repeated(texts: Sequence[tuple[int, str]]) -> set[int]:
    """Ids of texts of which there are many among these, spaces and case aside."""
    by_key: dict[str, list[int]] = {}
    for id_, text in texts:
        key = folding.folded(text)
        if len(key) >= SHORTEST_SAME:
            by_key.setdefault(key, []).append(id_)
    return {id_ for ids in by_key.values() if len(ids) >= SAME_TEXT for id_ in ids}


def bursts(accounts: Sequence[tuple[int, datetime]]) -> set[int]:
    """The first account of each burst; the accounts come in the order in which they were made."""
    firsts, at = set(), 0
    while at + BURST <= len(accounts):
        if accounts[at + BURST - 1][1] - accounts[at][1] <= BURST_WITHIN:
            firsts.add(accounts[at][0])
            last = accounts[at][1] + BURST_WITHIN
            while at < len(accounts) and accounts[at][1] <= last:
                at += 1
        else:
            at += 1
    return firsts
