"""Looking for words within the record of a forum."""

import re
from collections.abc import Sequence

from civic_forum.search import rules as search

from .drafting import Row


def found(sections: Sequence[Row], query: str) -> list[Row]:
    """Rows of these sections that have every word of the question, with those they stand in. Nothing for a question
    without a usable word: two syllables at least."""
    words = [re.compile(word.pattern) for word in search.wanted(query)]
    if not words:
        return []
    kept = [section | {"rows": _kept(section.get("rows", ()), words)} for section in sections]
    return [section for section in kept if section["rows"]]


def _kept(rows: Sequence[Row], words: Sequence[re.Pattern[str]]) -> list[Row]:
    """A row that has the words stands alone; one that has not stays for those beneath it that have."""
    kept = []
    for row in rows:
        text = search.folded(row.get("text") or "")
        beneath = _kept(row.get("rows", ()), words)
        if beneath or all(word.search(text) for word in words):
            kept.append({name: value for name, value in row.items() if name != "rows"} | {"rows": beneath})
    return kept
