"""Differences between two versions of a text, word by word. Pure, and bounded for texts made to stall it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_CELLS = 250_000
"""Comparisons of one word with another; a table of this size takes a twentieth of a second."""
_WORD = re.compile(r"\s+|[^\s]+")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class Change(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    change: Change
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """The text after with what was removed before it, in pieces that follow each other.

    Words are compared by their longest common subsequence; where that would be too large, whole
    lines are, and where even that would be, everything between the first and last difference.
    """
    for pattern in (_WORD, _LINE):
        old, new = pattern.findall(before), pattern.findall(after)
        start, end = _common_ends(old, new)
        old_middle, new_middle = old[start:len(old) - end], new[start:len(new) - end]
        if len(old_middle) * len(new_middle) <= MOST_CELLS:
            return _joined(old[:start], _aligned(old_middle, new_middle), old[len(old) - end:])
    return _joined(old[:start], [(Change.REMOVED, token) for token in old_middle]
                   + [(Change.ADDED, token) for token in new_middle], old[len(old) - end:])


def _common_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """Number of items with which both begin, and of those of the rest with which both end."""
    shorter = min(len(old), len(new))
    start = next((place for place in range(shorter) if old[place] != new[place]), shorter)
    rest = shorter - start
    return start, next((place for place in range(rest) if old[-1 - place] != new[-1 - place]), rest)


def _aligned(old: Sequence[str], new: Sequence[str]) -> list[tuple[Change, str]]:
    """Longest common subsequence by the plain table (Wagner and Fischer 1974)."""
    lengths = [[0] * (len(new) + 1) for _row in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        row, below = lengths[i], lengths[i + 1]
        for j in range(len(new) - 1, -1, -1):
            row[j] = below[j + 1] + 1 if old[i] == new[j] else max(below[j], row[j + 1])
    pieces, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if old[i] == new[j]:
            pieces.append((Change.SAME, old[i]))
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            pieces.append((Change.REMOVED, old[i]))
            i += 1
        else:
            pieces.append((Change.ADDED, new[j]))
            j += 1
    return pieces + [(Change.REMOVED, token) for token in old[i:]] + [(Change.ADDED, token) for token in new[j:]]


def _joined(head: Sequence[str], middle: Sequence[tuple[Change, str]], tail: Sequence[str]) -> list[Piece]:
    """Neighbours of one kind as one piece; what was removed stands before what was added in its place."""
    pieces: list[tuple[Change, list[str]]] = []
    for change, text in [*((Change.SAME, token) for token in head), *middle, *((Change.SAME, token) for token in tail)]:
        if pieces and pieces[-1][0] is change:
            pieces[-1][1].append(text)
        else:
            pieces.append((change, [text]))
    return [Piece(change, "".join(texts)) for change, texts in pieces]
