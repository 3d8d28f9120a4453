"""Forms of an answer to a pulse as they are kept, and words that count as the same."""

from civic_forum.platform import folding, plain_text

from ..rules import PulseKind
from .rules import CHOICES

WORD_MOST = 12
FOLDED_MOST = 20


def folded(word: str) -> str | None:
    """The word as it is counted: equal words count as one, however they are spaced, cased or composed. None for what is
    no word of a pulse."""
    cleaned = plain_text.clean(word)
    plain = folding.folded(cleaned)
    fits = 0 < len(cleaned) <= WORD_MOST and len(plain) <= FOLDED_MOST and any(letter.isalnum() for letter in plain)
    return plain if fits else None


def answer_of(kind: PulseKind, text: str) -> str | None:
    """Kept form of an answer; None for what is none."""
    if kind is PulseKind.WORD:
        return folded(text)
    return text if text in CHOICES else None
