"""Pulses: what may be answered, which words are the same, and how counts are shown. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping

from ..rules import PulseKind

CHOICES = ("yes", "no", "unsure")
TEXT_MOST = 300
WHY_MOST = 200
HANDS_MOST = 1000
SHOWN_WORDS = 12
TOLD_EVERY = 10
"""After so many answers the list of events holds the counts: it never tells what one person said."""


def together(responses: Mapping[str, int], hands: Iterable[Mapping[str, int]], taken_out: Iterable[str] = ()
             ) -> dict[str, int]:
    """Counts of answers and hands, without the words that were taken out."""
    counts = Counter(responses)
    for tally in hands:
        counts.update(tally)
    return {answer: count for answer, count in counts.items() if count and answer not in set(taken_out)}


def in_order(kind: PulseKind, counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """As they are shown: choices as they are asked, also those of nobody; words by how many said them."""
    if kind is PulseKind.WORD:
        return sorted(counts.items(), key=lambda word: (-word[1], word[0]))
    return [(answer, counts.get(answer, 0)) for answer in CHOICES]


def percents(counts: list[int]) -> list[int]:
    """Whole per cents that make up 100 together, by largest remainder; all 0 where nobody has answered."""
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    shares = [count * 100 // total for count in counts]
    by_rest = sorted(range(len(counts)), key=lambda n: (-(counts[n] * 100 % total), n))
    for n in by_rest[:100 - sum(shares)]:
        shares[n] += 1
    return shares
