"""Words of the texts that can be found, with how many texts have each: for rarity, and for what was meant by a word.

A text brings the words of its title at once; once a day all are counted anew, and those that nothing says any more go.
Comments are not counted.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic_forum.platform.base import db, upsert

from . import rules, spelling
from .models import Entry, KnownWord
from .wording import groups, known_words

TOTAL = ""
"""Key of the number of texts."""
NOT_COUNTED = ("comment", "intake_item")
AT_ONCE, MOST_NEAR, MOST_ASKED = 1_000, 400, 150
_words, _entries = KnownWord.__table__, Entry.__table__


def counts(some: Iterable[str]) -> Mapping[str, int]:
    """Numbers of texts with each of these words; under `TOTAL` that of all."""
    asked = [word for word in dict.fromkeys(some) if len(word) <= spelling.KEY_LENGTH][:MOST_ASKED]
    rows = db.session.execute(sa.select(_words.c.word, _words.c.count).where(
        _words.c.key.in_([*asked, TOTAL]), _words.c.word == _words.c.key).limit(MOST_ASKED + 1))
    return dict(rows.all())


def beside(word: str) -> dict[str, int]:
    """Known words that share a key with this one: of its first consonants, or one part apart from it."""
    rows = db.session.execute(sa.select(_words.c.word, _words.c.count).where(
        _words.c.key.in_(sorted(spelling.asked(word))), _words.c.word != TOTAL).limit(MOST_NEAR))
    return {other: count for other, count in rows if other != word}


def add(session: Session, title: str) -> None:
    """The words of a title, where they are new."""
    if rows := _rows(dict.fromkeys(known_words(rules.words(title)), 1)):
        session.execute(upsert(KnownWord).on_conflict_do_nothing(), rows)


def count_all(session: Session) -> int:
    """Count the words of all texts anew. How many words there are."""
    counted: Counter[str] = Counter(dict.fromkeys((word for word in groups() if len(word) > 1), 0))
    total = 0
    for title, body in _texts(session):
        counted.update(known_words(rules.words(f"{title} {body}")))
        total += 1
    session.execute(sa.delete(_words))
    rows = [*_rows(counted), {"key": TOTAL, "word": TOTAL, "count": total}]
    for start in range(0, len(rows), AT_ONCE):
        session.execute(upsert(KnownWord).on_conflict_do_nothing(), rows[start:start + AT_ONCE])
    return len(counted)


def _texts(session: Session) -> Iterator[tuple[str, str]]:
    for kind in rules.KINDS:
        after, last = rules.places_before(kind, rules.BEYOND)
        while kind not in NOT_COUNTED and (texts := session.execute(
                sa.select(_entries.c.id, _entries.c.title, _entries.c.body)
                .where(_entries.c.id > after, _entries.c.id <= last).order_by(_entries.c.id).limit(AT_ONCE)).all()):
            after = texts[-1].id
            yield from ((text.title, text.body) for text in texts)


def _rows(counted: Mapping[str, int] | Collection[str]) -> list[dict[str, object]]:
    """In one order for everybody, so that two who write the same do not wait for each other."""
    return [{"key": key, "word": word, "count": counted[word]} for word in sorted(counted)
            if len(word) <= spelling.KEY_LENGTH // 3 and not word.isdigit() for key in sorted(spelling.keys(word))]
