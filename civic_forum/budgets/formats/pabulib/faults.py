"""Faults of a file, each with its line."""

from enum import StrEnum


class Trouble(StrEnum):
    """Reason why a file is refused."""

    EMPTY = "empty"
    NOT_UTF8 = "not_utf8"
    NUL = "nul"
    NOT_PABULIB = "not_pabulib"
    """Something stands before the first section."""
    CELL_TOO_LONG = "cell_too_long"
    QUOTE_NOT_CLOSED = "quote_not_closed"
    SECTION_TWICE = "section_twice"
    SECTION_MISSING = "section_missing"
    HEADER_MISSING = "header_missing"
    COLUMN_MISSING = "column_missing"
    COLUMN_TWICE = "column_twice"
    COLUMN_NAMELESS = "column_nameless"
    SHORT_ROW = "short_row"
    LONG_ROW = "long_row"
    KEY_TWICE = "key_twice"
    KEY_MISSING = "key_missing"
    KEY_EMPTY = "key_empty"
    BAD_NUMBER = "bad_number"
    BAD_DATE = "bad_date"
    VOTE_TYPE = "vote_type"
    PROJECT_EMPTY = "project_empty"
    PROJECT_TWICE = "project_twice"
    PROJECT_WITH_COMMA = "project_with_comma"
    VOTER_EMPTY = "voter_empty"
    VOTER_TWICE = "voter_twice"
    PROJECT_UNKNOWN = "project_unknown"
    TOO_MANY = "too_many"
    TOO_EXPENSIVE = "too_expensive"
    TOO_MANY_POINTS = "too_many_points"
    POINTS_DIFFER = "points_differ"
    """Not one number of points for each project."""
    WRONG_COUNT = "wrong_count"
    COMMITTEE_VOTES = "committee_votes"
    """No number of votes that so many ballots of the committee can have given."""


class Fault(Exception):
    """The file is not read, and nothing of it is kept. `line` is counted from 1 as an editor counts;
    `given` are what the sentence about it names: texts of the file, cut to a length that can be shown."""

    def __init__(self, line: int, what: Trouble, **facts: object) -> None:
        self.line, self.what = line, what
        self.given = {name: _shown(fact) for name, fact in facts.items()}
        super().__init__(f"line {line}: {what}" + "".join(f", {name} {fact}" for name, fact in self.given.items()))


def _shown(fact: object) -> object:
    return f"{fact[:80]}…" if isinstance(fact, str) and len(fact) > 80 else fact
