"""What a report has to say. Pure."""

from enum import StrEnum

SENTENCE_MOST = 300


class Rule(StrEnum):
    """The rules of the house that something can break; `words.py` says what pages call them."""

    ABUSE = "abuse"
    HATE = "hate"
    PRIVACY = "privacy"
    ADVERTISING = "advertising"
    FALSEHOOD = "falsehood"
    ELECTIONEERING = "electioneering"
    OTHER = "other"


def needs_sentence(rule: Rule) -> bool:
    """The other rules speak for themselves."""
    return rule is Rule.OTHER
