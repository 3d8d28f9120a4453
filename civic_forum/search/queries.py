"""Finding texts: every question goes through the same rules as the texts did."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations

import sqlalchemy as sa

from civic_forum.platform import paging, settings
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _

from . import index, rules, spelling, vocabulary
from .likeness import BAR, BESIDE, Term, likeness, terms, weighed
from .rules import QueryWord
from .wording import groups, is_common

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


def own_words() -> tuple[str, ...]:
    """Groups of words for the same that the district has itself."""
    return tuple(settings.now().values.get("ALIKE_WORDS", ()))


@dataclass(frozen=True)
class Sought:
    """A question as it is taken."""

    clauses: tuple[tuple[QueryWord, ...], ...]
    """Texts that have all words of one of these."""
    counts: Mapping[str, int]
    """Texts of each kind, up to a cap."""
    changed: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Words as they were typed, and the known ones that are looked for in their place."""
    is_part: bool = False
    """No text has all words."""

    @property
    def words(self) -> tuple[QueryWord, ...]:
        return tuple(dict.fromkeys(word for clause in self.clauses for word in clause))

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def sought(query: str, kinds: Sequence[str], cap: int, *, restrict: sa.ColumnElement[bool] | None = None,
           literally: bool = False) -> Sought:
    """A question as it was typed; where nothing has that, corrected; then with some of its words. `literally`: never
    corrected. First consonants (ㄷㅅㄹ) stand for the known words that have them."""
    words = rules.wanted(query, own_words())
    kinds = list(kinds)
    clauses, changed = _spelt_out(words)
    plain = Sought(clauses, _counts(clauses, kinds, cap, restrict), changed)
    if plain.total > MOST_SLIPS or not words or literally:
        return plain
    corrected = _corrected(words, kinds, plain.total) if not changed else None
    if corrected and any(counts := _counts(corrected[0], kinds, cap, restrict).values()):
        return Sought(corrected[0], dict(zip(kinds, counts)), corrected[1])
    for size in (len(words) - 1, 1) if not plain.total else ():
        parts = tuple(combinations(corrected[0][0] if corrected else words, size)) if size else ()
        if len(words) > 1 and any(counts := _counts(parts, kinds, cap, restrict).values()):
            return Sought(parts, dict(zip(kinds, counts)), corrected[1] if corrected else (), is_part=True)
    return plain


def _spelt_out(words: tuple[QueryWord, ...]) -> tuple[tuple[tuple[QueryWord, ...], ...], tuple]:
    """The words with those of first consonants spelt out."""
    changed: dict[str, tuple[str, ...]] = {}
    spelt = []
    for word in words:
        near = vocabulary.beside(word.full) if spelling.is_initials(word.full) else {}
        if likely := sorted(near, key=lambda other: (-near[other], other))[:MOST_SPELT]:
            changed[spelling.typed(word.full)] = tuple(likely)
            first, *others = likely
            word = replace(rules.query_word(first), also=tuple(others))
        spelt.append(word)
    return (tuple(spelt),), tuple(changed.items())


def _corrected(words: tuple[QueryWord, ...], kinds: list[str], total: int) -> tuple[tuple, tuple] | None:
    """The words with a known one in the place of each that no text has; where there are some hits, one of those that
    everybody knows in the place of each that is one letter away."""
    engine = index.of(db.session)
    there = engine.tally(db.session, [engine.any_of(*(_of(kind, alone) for kind in kinds))
                                      for alone in (_all(((word,),)) for word in words)], 1)
    changed, taken = {}, []
    for word, count in zip(words, there):
        near = {} if count and not total or word.text in groups() else {
            other: many for other, many in vocabulary.beside(word.text).items() if many and (not total or (
                other in groups() and spelling.apart(word.text, other) == LETTERS_WRONG and many > MOST_SLIPS * total))}
        if near and not is_common(word.full):
            best = spelling.nearest(word.text, near)[0]
            changed[word.text], word = (best,), rules.query_word(best, own_words())
        taken.append(word)
    return ((tuple(taken),), tuple(changed.items())) if changed else None


def _counts(clauses: Sequence[Sequence[QueryWord]], kinds: Sequence[str], cap: int,
            restrict: sa.ColumnElement[bool] | None) -> dict[str, int]:
    if not any(clauses):
        return dict.fromkeys(kinds, 0)
    every = _all(clauses)
    expressions = [_of(kind, every) for kind in kinds]
    return dict(zip(kinds, index.of(db.session).tally(db.session, expressions, cap, restrict)))


def matches(query: str | Sought, kinds: Sequence[str], *, restrict: sa.ColumnElement[bool] | None = None,
            after: str | None = None, limit: int = 20) -> Found:
    """Texts of these kinds that have every word of `query`.

    `restrict` is a condition on `Entry`, for instance that a row of the feature's own table with its
    `ref_id` exists; it applies before the limit. Raises Invalid for an `after` that is no token.
    """
    clauses = _clauses(query)
    stage, number = paging.parts(after, int, int) or (0, rules.BEYOND)
    if not any(clauses):
        return Found([], None, why_nothing(query if isinstance(query, str) else " "))
    stages = (0, 1)[max(0, min(stage, 1)):]
    title = _all(clauses, title=True)
    expressions = title, index.of(db.session).without(_all(clauses), title)
    asked = [(at_stage, rules.Wish(_of(kind, expressions[at_stage]), *rules.places_before(
        kind, number if at_stage == stage else rules.BEYOND), limit + 1)) for kind in kinds for at_stage in stages]
    hits = _newest(asked, restrict)
    hits.sort(key=lambda hit: (-hit[0], rules.order(hit[1].id)), reverse=True)
    page = paging.page_of(hits[:limit + 1], limit, lambda hit: (hit[0], hit[1].id))
    return Found([_hit(row, at_stage == 0) for at_stage, row in page.items], page.after)


def first_of_each(of: Sought, few: int, more: int, more_of: Sequence[str], *,
                  restrict: sa.ColumnElement[bool] | None = None) -> dict[str, list[tuple[int, Hit]]]:
    """The first hits of each kind that has some, with their rank: 0 where the words themselves stand in the title, 1
    where others for the same do, 2 where they stand in the text; the newest first in each. `more_of` some kinds."""
    kinds = {kind: more if kind in more_of else few for kind, count in of.counts.items() if count}
    ranked = _ranked(of.clauses)
    asked = [(rank, rules.Wish(_of(kind, ranked[rank]), *rules.places_before(kind, rules.BEYOND), limit))
             for kind, limit in kinds.items() for rank in range(len(ranked))]
    groups: dict[str, list[tuple[int, Hit]]] = {kind: [] for kind in kinds}
    for rank, row in sorted(_newest(asked, restrict) if asked else (), key=lambda hit: (hit[0], -hit[1].id)):
        groups[row.kind].append((rank, _hit(row, rank < 2)))
    return {kind: hits[:kinds[kind]] for kind, hits in groups.items()}


def _ranked(clauses: Sequence[Sequence[QueryWord]]) -> list[str]:
    """Expressions of which no two have a text in common."""
    engine = index.of(db.session)
    plain, title = (_all(clauses, title=True, plainly=plainly) for plainly in (True, False))
    every = engine.without(_all(clauses), title)
    return [plain, every] if plain == title else [plain, engine.without(title, plain), every]


def _newest(asked: list[tuple[int, rules.Wish]], restrict: sa.ColumnElement[bool] | None) -> list[tuple[int, sa.Row]]:
    rows = index.of(db.session).newest(db.session, [wish for _stage, wish in asked], restrict)
    return [(asked[row.number][0], row) for row in rows]


def _clauses(query: str | Sought) -> Sequence[Sequence[QueryWord]]:
    return query.clauses if isinstance(query, Sought) else (rules.wanted(query, own_words()),)


def count(query: str, kinds: Sequence[str], cap: int = 1000, *, restrict: sa.ColumnElement[bool] | None = None) -> int:
    """Number of texts that `matches` would give; more than `cap` means just that there are more."""
    return min(sum(_counts(_clauses(query), kinds, cap + 1, restrict).values()), cap + 1)


def why_nothing(query: str) -> str:
    if not query.strip():
        return _("찾을 말을 적어 주세요.")
    return _("두 글자 이상인 낱말을 적어 주세요. 예: 주차장")


def _all(clauses: Sequence[Sequence[QueryWord]], *, title: bool = False, plainly: bool = False) -> str:
    """Expression of all words of one of the clauses, in texts of any kind (`_of`). `plainly`: without other words for
    the same."""
    engine, before = index.of(db.session), rules.ANY_KIND + rules.TITLE * title
    return engine.any_of(*[engine.all_of(*[engine.any_of(*[
        engine.phrase([before + piece for piece in phrase]) for phrase in word.phrases[:1 if plainly else None]])
        for word in clause]) for clause in clauses if clause])


def _of(kind: str, expression: str) -> str:
    return expression.replace(rules.ANY_KIND, rules.KINDS[kind])


def _hit(row: sa.Row, in_title: bool) -> Hit:
    return Hit(row.kind, row.ref_id, row.title, row.body, row.at, in_title)


CANDIDATES, RAREST = 60, 6
MOST_SPELT, MOST_SLIPS = 6, 2
"""Words that first consonants stand for; texts with a misspelling that others made too."""
LETTERS_WRONG, MOST_OTHERS, OTHERS = 1, 2, 0.8
"""A word is taken for one that everybody knows and that is so few letters away; so many of each further kind are shown,
and their likeness outdoes that of the first kind by less."""


def similar(text: str, kinds: Sequence[str], limit: int = 4, *, exclude: int | None = None,
            fits: Callable[[list[Hit]], Mapping[tuple[str, int], float]] = lambda _hits: {}) -> list[Hit]:
    """Texts that share what `text`, a title, is about; the likest first, none below a bar.

    `exclude` is the `ref_id` of the text that is being edited, of the first kind; `fits` says by how much the likeness
    of some hits is multiplied.
    """
    some = _rare(text)
    hits = [_hit(row, True) for row in _candidates(some, kinds) if (row.kind, row.ref_id) != (kinds[0], exclude)]
    scored = {(hit.kind, hit.ref_id): (likeness(some, hit.title, hit.body), hit) for hit in hits}
    among = fits([hit for score, hit in scored.values() if score])
    ranked = sorted(((score * among.get(key, 1.0), hit) for key, (score, hit) in scored.items()),
                    key=lambda pair: (pair[0], pair[1].at), reverse=True)
    best = max((score * (1 if hit.kind == kinds[0] else OTHERS) for score, hit in ranked), default=0.0)
    shown: list[Hit] = []
    for score, hit in ranked:
        few = hit.kind == kinds[0] or sum(other.kind == hit.kind for other in shown) < MOST_OTHERS
        if few and score >= max(BAR, BESIDE * best):
            shown.append(hit)
    return shown[:limit]


def _rare(text: str) -> list[Term]:
    """Subjects of a title, weighed by what the district's texts say; a word that none has may be misspelt."""
    some = terms(text, own_words())
    counts = vocabulary.counts(form for term in some for form in term.forms)
    meant = [_meant(term) if not any(counts.get(form) for form in term.forms) and term.share == 1 else term
             for term in some]
    if changed := [term for term in meant if term not in some]:
        counts = {**counts, **vocabulary.counts(form for term in changed for form in term.forms)}
    return weighed(meant, counts, counts.get(vocabulary.TOTAL, 0))


def _meant(term: Term) -> Term:
    near = {word: count for word, count in vocabulary.beside(term.text).items()
            if spelling.apart(term.text, word) == LETTERS_WRONG and word in groups()}
    meant = terms(spelling.nearest(term.text, near)[0], own_words()) if near else ()
    return replace(meant[0], share=meant[0].share * 0.9) if meant else term


def _candidates(some: Sequence[Term], kinds: Sequence[str]) -> Iterable[sa.Row]:
    """The newest texts that have one of the weightiest terms in the title, or anywhere."""
    engine, words = index.of(db.session), [rules.query_word(term.text) for term in some]
    words = [replace(word, also=term.forms) for word, term in zip(words, some) if word.phrase][:RAREST]
    expressions = [_all([(word,) for word in words], title=title) for title in (True, False)] if words else []
    asked = [rules.Wish(_of(kind, expression), *rules.places_before(kind, rules.BEYOND), CANDIDATES)
             for kind in kinds for expression in expressions]
    return {row.id: row for row in engine.newest(db.session, asked, None)}.values() if asked else ()


def snippet(body: str, query: str | Sought, around: int = 60) -> list[Piece]:
    """The first place in `body` that has a word of `query`, with so many characters on both sides.

    The pieces in their order, each with whether it is the match; the beginning of `body` if none is.
    """
    text = " ".join(body.split())
    spans = _found(text, query)
    middle = spans[0] if spans else (0, 0)
    start, end = max(0, middle[0] - around), min(len(text), middle[1] + around)
    pieces = _pieces(text, [span for span in spans if span[1] <= end], start, end)
    return [("…", False)] * (start > 0) + pieces + [("…", False)] * (end < len(text))


def marked(text: str, query: str | Sought) -> list[Piece]:
    """All of `text`, a title, in pieces, each with whether it is what was looked for."""
    return _pieces(text, _found(text, query), 0, len(text))


def _found(text: str, query: str | Sought) -> list[tuple[int, int]]:
    """Places of the words. Texts in the index are NFC, so places in the folded text are the same."""
    words = query.words if isinstance(query, Sought) else rules.wanted(query)
    folded, pattern = rules.folded(text), rules.pattern(words)
    if pattern is None or len(folded) != len(text):
        return []
    return [match.span() for match in pattern.finditer(folded)]


def _pieces(text: str, spans: list[tuple[int, int]], start: int, end: int) -> list[Piece]:
    pieces, at = [], start
    for first, last in spans:
        pieces += [(text[at:first], False), (text[first:last], True)]
        at = last
    return [piece for piece in (*pieces, (text[at:end], False)) if piece[0]]
