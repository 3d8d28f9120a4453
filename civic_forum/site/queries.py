"""Queries of the first page and the search page over the features below."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from civic_forum.blocks.kinds import SearchResult, Searched, having
from civic_forum.blocks.listing import Chosen
from civic_forum.comments.models import Comment
from civic_forum.platform.i18n import _, _n, is_korean_among_english
from civic_forum.proposals.labels import STATE
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State
from civic_forum.search import queries as search
from civic_forum.search.models import Entry
from civic_forum.search.queries import Found, Hit, Piece

MOST_COUNTED = 1_000


@dataclass(frozen=True)
class SearchHit:
    """A hit as the search page shows it."""

    url: str
    title: tuple[Piece, ...]
    pieces: tuple[Piece, ...]
    title_in_korean: bool
    pieces_in_korean: bool
    """Among English: then the page says so."""
    about: tuple[str, ...]
    state: str | None
    word: str
    """The state, or what kind of text it is."""


def find(query: str, kinds: Sequence[str], wanted: Chosen, after: str | None) -> tuple[Found, int]:
    """A page of texts with every word of the query below the filters, and how many there are (bounded)."""
    restrict = _within(wanted) if wanted.narrowed else None
    found = search.matches(query, kinds, restrict=restrict, after=after)
    if found.reason:
        return found, 0
    if after is None and found.after is None:
        return found, len(found.items)
    return found, search.count(query, kinds, MOST_COUNTED, restrict=restrict)


def _within(wanted: Chosen) -> sa.ColumnElement[bool]:
    """Entries of proposals that the filters let through, and of the comments below them."""
    fits = sa.and_(*wanted.conditions())
    proposal = sa.exists().where(Proposal.id == Entry.ref_id, fits)
    comment = sa.exists().where(Comment.id == Entry.ref_id, Proposal.thread_id == Comment.thread_id, fits)
    return sa.or_(sa.and_(Entry.kind == "proposal", proposal), sa.and_(Entry.kind == "comment", comment))


def shown(found: Found, query: str) -> list[SearchHit]:
    """The hits with what their features say of them; those that are gone meanwhile are left out."""
    known = _results(found.items)
    return [_shown(hit, known[hit.kind, hit.ref_id], query) for hit in found.items if (hit.kind, hit.ref_id) in known]


def _results(hits: Sequence[Hit]) -> dict[tuple[str, int], SearchResult]:
    results = {}
    for kind, searched in having(Searched):
        if ids := [hit.ref_id for hit in hits if hit.kind == kind.name]:
            results |= {(kind.name, ref_id): result for ref_id, result in searched.results(ids).items()}
    return results


def _shown(hit: Hit, result: SearchResult, query: str) -> SearchHit:
    title = search.marked(hit.title, query) if hit.title else [(result.title or "", False)]
    word = result.word or (str(STATE[State(result.state)]) if result.state else _("댓글"))
    return SearchHit(result.url, tuple(title), tuple(search.snippet(hit.body, query)),
                 is_korean_among_english(hit.title or result.title or ""), is_korean_among_english(hit.body),
                 tuple(result.about), result.state, word)


def how_many(count: int) -> str:
    if count > MOST_COUNTED:
        return _("%(count)s건이 넘어요. 낱말을 더해 좁혀 보세요.", count=f"{MOST_COUNTED:,}")
    return _n("%(num)s건을 찾았어요.", "%(num)s건을 찾았어요.", count)
