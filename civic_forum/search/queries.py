"""Finding texts: every question goes through the same rules as the texts did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log

import sqlalchemy as sa

from civic_forum.platform import paging
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _

from . import index, rules
from .rules import QueryWord

Piece = tuple[str, bool]
"""A piece of text and whether it is what was looked for."""


@dataclass(frozen=True)
class Hit:
    kind: str
    ref_id: int
    title: str
    body: str
    at: datetime
    in_title: bool


@dataclass(frozen=True)
class Found(paging.Page[Hit]):
    """A page of hits: those with all words in the title first, the newest first among each."""

    reason: str | None = None
    """Why nothing could be looked for, in words."""


def matches(query: str, kinds: Sequence[str], *, restrict: sa.ColumnElement[bool] | None = None,
            after: str | None = None, limit: int = 20) -> Found:
    """Texts of these kinds that have every word of `query`.

    `restrict` is a condition on `Entry`, for instance that a row of the feature's own table with its
    `ref_id` exists; it applies before the limit. Raises Invalid for an `after` that is no token.
    """
    words = rules.wanted(query)
    stage, number = paging.parts(after, int, int) or (0, rules.BEYOND)
    if not words:
        return Found([], None, why_nothing(query))
    stages = (0, 1)[max(0, min(stage, 1)):]
    engine = index.of(db.session)
    asked = [(at_stage, _wish(engine, words, kind, at_stage, number if at_stage == stage else rules.BEYOND, limit + 1))
             for kind in kinds for at_stage in stages]
    rows = engine.newest(db.session, [wish for _stage, wish in asked], restrict)
    hits = [(asked[row.number][0], row) for row in rows]
    hits.sort(key=lambda hit: (-hit[0], rules.order(hit[1].id)), reverse=True)
    page = paging.page_of(hits[:limit + 1], limit, lambda hit: (hit[0], hit[1].id))
    return Found([_hit(row, at_stage == 0) for at_stage, row in page.items], page.after)


def _wish(engine, words: list[QueryWord], kind: str, stage: int, before: int, limit: int) -> rules.Wish:
    """Stage 0: those with all words in the title; stage 1: the rest."""
    expression = _all(engine, words, kind, title=True)
    if stage:
        expression = engine.without(_all(engine, words, kind), expression)
    return rules.Wish(expression, *rules.places_before(kind, before), limit)


def count(query: str, kinds: Sequence[str], cap: int = 1000, *, restrict: sa.ColumnElement[bool] | None = None) -> int:
    """Number of texts that `matches` would give; more than `cap` means just that there are more."""
    words = rules.wanted(query)
    if not words:
        return 0
    engine = index.of(db.session)
    expressions = [_all(engine, words, kind) for kind in kinds]
    return min(sum(engine.tally(db.session, expressions, cap + 1, restrict)), cap + 1)


def why_nothing(query: str) -> str:
    if not query.strip():
        return _("찾을 말을 적어 주세요.")
    return _("두 글자 이상인 낱말을 적어 주세요. 예: 주차장")


def _all(engine, words: list[QueryWord], kind: str, *, title: bool = False) -> str:
    return engine.all_of(*(engine.phrase(word.marked(kind, title=title)) for word in words))


def _hit(row: sa.Row, in_title: bool) -> Hit:
    return Hit(row.kind, row.ref_id, row.title, row.body, row.at, in_title)


COMMON = 300
"""A piece in so many titles says nothing about what a text is about."""
MOST_PIECES = 20
TITLE_WEIGHT = 3.0
LEAST_SHARE = 0.34
"""Less in common than this is no help to someone who is writing."""


def similar(text: str, kind: str, limit: int = 5, exclude: int | None = None) -> list[Hit]:
    """Texts that have the rarest pieces of `text`, a title, in common with it; the most similar first.

    A piece weighs the more the fewer titles have it (as in inverse document frequency), and more in
    a title than in a body. `exclude` is the `ref_id` of the text that is being edited.
    """
    weights = _weights(rules.distinct_pieces(text)[:MOST_PIECES], kind)
    if not weights:
        return []
    best = sum(weights.values()) * TITLE_WEIGHT
    scored = [(_score(row, weights) / best, row) for row in _candidates(weights, kind) if row.ref_id != exclude]
    scored = [(share, row) for share, row in scored if share >= LEAST_SHARE]
    scored.sort(key=lambda pair: (pair[0], pair[1].id), reverse=True)
    return [_hit(row, True) for _share, row in scored[:limit]]


def _weights(pieces: list[str], kind: str) -> dict[str, float]:
    """Pieces that occur in titles of this kind, the rarest first."""
    if not pieces:
        return {}
    engine = index.of(db.session)
    expressions = [engine.phrase([rules.marked(piece, kind, title=True)]) for piece in pieces]
    known = zip(engine.tally(db.session, expressions, COMMON), pieces)
    return {piece: log((COMMON + 1) / number) for number, piece in sorted(known) if number}


def _candidates(weights: dict[str, float], kind: str) -> Sequence[sa.Row]:
    """The newest texts with one of the rarest pieces in the title, or with all of the two rarest anywhere."""
    engine, places = index.of(db.session), rules.places_before(kind, rules.BEYOND)
    rarest = list(weights)[:6]
    in_title = engine.any_of(*(engine.phrase([rules.marked(piece, kind, title=True)]) for piece in rarest))
    anywhere = engine.all_of(*(engine.phrase([rules.marked(piece, kind)]) for piece in rarest[:2]))
    wishes = [rules.Wish(in_title, *places, COMMON), rules.Wish(anywhere, *places, COMMON // 6)]
    return list({row.id: row for row in engine.newest(db.session, wishes, None)}.values())


def _score(row: sa.Row, weights: dict[str, float]) -> float:
    title, body = rules.folded(row.title), rules.folded(row.body)
    return sum(weight * (TITLE_WEIGHT if piece in title else piece in body) for piece, weight in weights.items())


def snippet(body: str, query: str, around: int = 60) -> list[Piece]:
    """The first place in `body` that has a word of `query`, with so many characters on both sides.

    The pieces in their order, each with whether it is the match; the beginning of `body` if none is.
    """
    text = " ".join(body.split())
    spans = _found(text, query)
    middle = spans[0] if spans else (0, 0)
    start, end = max(0, middle[0] - around), min(len(text), middle[1] + around)
    pieces = _pieces(text, [span for span in spans if span[1] <= end], start, end)
    return [("…", False)] * (start > 0) + pieces + [("…", False)] * (end < len(text))


def marked(text: str, query: str) -> list[Piece]:
    """All of `text`, a title, in pieces, each with whether it is what was looked for."""
    return _pieces(text, _found(text, query), 0, len(text))


def _found(text: str, query: str) -> list[tuple[int, int]]:
    """Places of the words. Texts in the index are NFC, so places in the folded text are the same."""
    folded, pattern = rules.folded(text), rules.pattern(query)
    if pattern is None or len(folded) != len(text):
        return []
    return [match.span() for match in pattern.finditer(folded)]


def _pieces(text: str, spans: list[tuple[int, int]], start: int, end: int) -> list[Piece]:
    pieces, at = [], start
    for first, last in spans:
        pieces += [(text[at:first], False), (text[first:last], True)]
        at = last
    return [piece for piece in (*pieces, (text[at:end], False)) if piece[0]]
