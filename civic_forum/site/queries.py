"""Queries of the first page and the search page over the features below."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import users
from civic_forum.answers.queries import records as answers
from civic_forum.ballots.voting import own as votes
from civic_forum.ballots.voting.own import OpenBox
from civic_forum.blocks import sections
from civic_forum.blocks.extensions import HOME
from civic_forum.blocks.first_page import Current, Task, pressing
from civic_forum.blocks.kinds import Kind, SearchResult, Searched, having
from civic_forum.blocks.listing import Chosen
from civic_forum.comments.models import Comment
from civic_forum.commitments.models import Commitment
from civic_forum.commitments.queries import board as commitments
from civic_forum.district.queries import category_keys
from civic_forum.forums.registration.models import Registration
from civic_forum.forums.rules import Place
from civic_forum.notifications.labels import sentence
from civic_forum.notifications.queries import notices
from civic_forum.outcomes.queries import listing as outcomes
from civic_forum.outcomes.queries.listing import OutcomeCard
from civic_forum.platform import clock, paging
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _, _l, _n, day, end_of, is_korean_among_others, local
from civic_forum.platform.statements import made_once
from civic_forum.proposals.labels import STATE
from civic_forum.proposals.models import Proposal, ProposalTally, Support
from civic_forum.proposals.queries import drafts as proposal_drafts
from civic_forum.proposals.queries import records as proposals
from civic_forum.proposals.queries import listing
from civic_forum.proposals.queries.listing import ProposalCard
from civic_forum.proposals.rules import PUBLIC, State
from civic_forum.search import queries as search
from civic_forum.search.models import Entry
from civic_forum.search.queries import Hit, Piece, Sought

CARDS = 3
MOST_NUMBERED = 20
"""Texts that are found by one number: projects of every year begin at A01."""
_HYPHENS = re.compile("[\u2010-\u2015\u2212\u30fc]")
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


OPENING = ("proposal", "poll", "consultation", "survey", "call", "forum", "budget_round")
"""Kinds of which some are open: more of them are looked at, so that these come first."""
LESSER = ("intake_item", "comment")
"""Kinds that come after others of which as much was found."""
MOST_GROUPS, EACH, LOOKED_AT = 3, 3, 6


@dataclass(frozen=True)
class HitGroup:
    """Hits of one kind, or of several: of those in which residents take part now."""

    kind: str
    label: object
    count: int
    hits: tuple[SearchHit, ...]


@dataclass(frozen=True)
class SearchPage:
    """Answer to a question; `hits` where one kind was asked for, else `groups`."""

    sought: Sought
    hits: list[SearchHit]
    groups: list[HitGroup]
    after: str | None = None


@cache
def searched_kinds() -> dict[str, tuple[Kind[Any], Searched]]:
    """By their names, in the order of their places."""
    return {kind.name: (kind, searched) for kind, searched in sorted(having(Searched), key=lambda pair: pair[1].place)}


def find(query: str, kind: str, wanted: Chosen, after: str | None) -> SearchPage:
    """Texts with what a query is taken for, below the filters; in quotation marks it is taken for nothing else.

    Raises Invalid for an `after` that is no token.
    """
    paging.parts(after, int, int)
    restrict = _within(wanted) if wanted.narrowed else None
    kinds = list(searched_kinds())
    numbered = _numbered(query, [kind] if kind else kinds, restrict) if after is None else []
    sought = search.sought(query, kinds, MOST_COUNTED + 1, restrict=restrict,
                           literally=bool(numbered) or query[:1] == query[-1:] == '"')
    if not kind:
        return SearchPage(sought, [], _groups(sought, numbered, restrict))
    matches = search.matches(sought, [kind], restrict=restrict, after=after)
    known = {(hit.kind, hit.ref_id) for hit in numbered}
    hits = [*numbered, *(hit for hit in matches.items if (hit.kind, hit.ref_id) not in known)]
    return SearchPage(sought, _shown_all(hits, sought), [], matches.after)


def _groups(sought: Sought, numbered: Sequence[Hit], restrict: sa.ColumnElement[bool] | None) -> list[HitGroup]:
    """The hits by kind; what residents take part in now apart, before them."""
    first = search.first_of_each(sought, EACH, LOOKED_AT, OPENING, restrict=restrict)
    for hit in reversed(numbered):
        same = [(rank, other) for rank, other in first.get(hit.kind, []) if other.ref_id != hit.ref_id]
        first[hit.kind] = [(-1, hit), *same]
    best = max(1, min((hits[0][0] for hits in first.values()), default=0))
    nearest = sorted(first, key=lambda kind: (first[kind][0][0] > 1) + (kind in LESSER))[:MOST_GROUPS]
    first = {kind: hits for kind, hits in first.items()
             if kind in nearest or kind in OPENING and hits[0][0] <= best}
    results = _results([hit for hits in first.values() for _rank, hit in hits])
    there = {kind: [(rank, hit) for rank, hit in hits if (kind, hit.ref_id) in results] for kind, hits in first.items()}
    opened = [hit for hits in there.values() for rank, hit in hits
              if rank <= best and results[hit.kind, hit.ref_id].is_open][:EACH]
    groups = [(-2, HitGroup("", _("지금 함께할 수 있어요"), len(opened), opened))] if opened else []
    for kind, hits in there.items():
        if kind in nearest and (rest := [(rank, hit) for rank, hit in hits if hit not in opened][:EACH]):
            label, count = searched_kinds()[kind][0].label, sought.counts.get(kind, 0) or len(rest)
            groups.append(((rest[0][0] > 1) + (kind in LESSER),
                           HitGroup(kind, label, count, [hit for _rank, hit in rest])))
    return [replace(group, hits=tuple(_shown(hit, results[hit.kind, hit.ref_id], sought, has_words=not hit.title)
                                      for hit in group.hits))
            for _rank, group in sorted(groups, key=lambda pair: pair[0])]


def _numbered(query: str, kinds: Sequence[str], restrict: sa.ColumnElement[bool] | None) -> list[Hit]:
    """Texts of these kinds whose number stands in the query."""
    text = _HYPHENS.sub("-", unicodedata.normalize("NFKC", query)).upper()
    among = [sa.and_(Entry.kind == kind.name, Entry.ref_id.in_(sa.select(kind.model.id).where(
        searched.number.in_(numbers)))) for kind, searched in searched_kinds().values()
        if kind.name in kinds and (numbers := searched.numbers_in(text))] if re.search(r"\d", text) else []
    if not among:
        return []
    wanted = sa.select(Entry.kind, Entry.ref_id, Entry.title, Entry.body, Entry.at).where(
        sa.or_(*among), sa.true() if restrict is None else restrict).order_by(Entry.at.desc()).limit(MOST_NUMBERED)
    return [Hit(*row, in_title=True) for row in db.session.execute(wanted)]


def _within(wanted: Chosen) -> sa.ColumnElement[bool]:
    """Entries of proposals that the filters let through, and of the comments below them."""
    fits = sa.and_(*wanted.conditions())
    proposal = sa.exists().where(Proposal.id == Entry.ref_id, fits)
    comment = sa.exists().where(Comment.id == Entry.ref_id, Proposal.thread_id == Comment.thread_id, fits)
    return sa.or_(sa.and_(Entry.kind == "proposal", proposal), sa.and_(Entry.kind == "comment", comment))


def _shown_all(hits: Sequence[Hit], sought: Sought) -> list[SearchHit]:
    """The hits with what their features say of them; those that are gone meanwhile are left out."""
    known = _results(hits)
    return [_shown(hit, known[hit.kind, hit.ref_id], sought) for hit in hits if (hit.kind, hit.ref_id) in known]


def _results(hits: Sequence[Hit]) -> dict[tuple[str, int], SearchResult]:
    ids: dict[str, list[int]] = {}
    for hit in hits:
        ids.setdefault(hit.kind, []).append(hit.ref_id)
    return {(kind, ref_id): result for kind, some in ids.items()
            for ref_id, result in searched_kinds()[kind][1].results(some).items()}


def _shown(hit: Hit, result: SearchResult, sought: Sought, has_words: bool = True) -> SearchHit:
    title = search.marked(hit.title, sought) if hit.title else [(result.title or "", False)]
    word = result.word or (str(STATE[State(result.state)]) if result.state else _("댓글"))
    pieces = tuple(search.snippet(hit.body, sought)) if has_words else ()
    return SearchHit(result.url, tuple(title), pieces, is_korean_among_others(hit.title or result.title or ""),
                     bool(pieces) and is_korean_among_others(hit.body), tuple(result.about), result.state, word)


def how_many(count: int) -> str:
    if count > MOST_COUNTED:
        return _("%(count)s건이 넘어요. 낱말을 더해 좁혀 보세요.", count=f"{MOST_COUNTED:,}")
    return _n("%(num)s건을 찾았어요.", "%(num)s건을 찾았어요.", count)


# The first page


YEAR = timedelta(days=365)
"""Nothing older stands on the first page."""
PAIR, MOST_NEWS = 2, 12


@dataclass(frozen=True, slots=True)
class Result:
    """Something that came of taking part."""

    url: str
    title: str
    label: str
    tone: str
    before: str
    after: str
    icon: str
    progress: int | None = None
    picture: str | None = None
    """Key of an attachment that everybody may see."""


def current() -> list[Current]:
    """All that people take part in now, the most pressing on top."""
    return pressing([card for answer in HOME.answers for card in sections.kept(answer)], clock.now())


def as_current(card: ProposalCard, now: datetime) -> Current:
    """A proposal among what people decide now."""
    assert card.deadline is not None
    return Current(f"/proposals/{card.number}", card.title, card.summary, card.category, card.state_label,
                   _("읽고 공감하기"), left=card.time_left, until=card.deadline, figure=card.supports,
                   figure_about=f"/ {card.goal}", picture=card.picture)


def company(cards: list[ProposalCard], now: datetime, beside: Collection[str]) -> list[ProposalCard]:
    """The newest proposal of a year beside a lone one, none of those that stand at these addresses already."""
    newest = listing.newest(CARDS + 1) if len(cards) == 1 else []
    return [card for card in newest if card.number != cards[0].number and card.published_at
            and card.published_at > now - YEAR and f"/proposals/{card.number}" not in beside]


def numbers(totals: dict[State, int], answered: int) -> list[tuple[str, int]]:
    return [(_("주민이 낸 제안"), sum(totals[state] for state in PUBLIC)),
            (_("구청이 답한 제안"), answered),
            (_("의제로 논의하는 제안"), totals[State.IN_AGENDA]),
            (_("실행하는 일과 마친 일"), totals[State.IN_PROGRESS] + totals[State.DONE])]


def totals() -> tuple[dict[State, int], int]:
    """Numbers of proposals in each state, and of those that a department has answered for good."""
    rows = db.session.connection().execute(_totals()).all()
    return proposals.by_state(rows), rows[0].answered if rows else 0


@made_once
def _totals() -> sa.Select:
    return sa.select(ProposalTally.state, ProposalTally.total, answers.answered_proposals().scalar_subquery().label(
        "answered"))


def results(now: datetime) -> list[Result]:
    """Two things that came of taking part within a year: outcomes, then promises that go on."""
    today = local(now).date()
    results = [_outcome(card) for card in outcomes.moved_since(today - YEAR, today, PAIR)]
    if len(results) < PAIR:
        results += [_promise(promise) for promise in commitments.going_on(PAIR - len(results))]
    return results


def _outcome(card: OutcomeCard) -> Result:
    asked = [step.label for step in card.steps if step.count]
    kept = card.labels.PROMISE[card.promise] if card.promise in card.labels.PROMISE_TONE else _(
        "%(day)s에 알렸어요", day=day(card.reported_on or card.decided_on))
    return Result(f"/outcomes/{card.id}", card.title, str(card.labels.PROGRESS[card.progress]),
                  card.labels.TONE[card.decision], " · ".join(asked), str(kept), card.icon, picture=card.after_key)


def _promise(commitment: Commitment) -> Result:
    return Result(f"/commitments/{commitment.id}", commitment.title, _("만들고 있어요"), "information", commitment.goal,
                  _("%(day)s까지", day=day(commitment.due_on)) if commitment.due_on else "",
                  category_keys().get(commitment.field, "other"), commitment.progress)


def proposed_by_neighbourhood(today: date) -> dict[int, int]:
    """Numbers of proposals of the last year, up to yesterday."""
    return proposals.by_neighbourhood(end_of(today - YEAR), end_of(today - timedelta(days=1)))


ANSWERS = frozenset(("answered", "answered_again", "interim_answer", "outcome_published"))
"""Steps of unread notices that wait to be read on the first page."""


@dataclass(frozen=True, slots=True)
class NewsLine:
    url: str
    title: str
    about: str
    is_fresh: bool


@dataclass(frozen=True, slots=True)
class Own:
    """All that the first page of somebody says but whether they voted, which nothing keeps."""

    eligible: list[tuple[OpenBox, bytes]]
    answers: list[Task]
    drafts: list[Task]
    news: list[NewsLine]
    did: list[tuple[str, int, str]]


def _eligible(user_id: int, _person_id: int | None) -> list[tuple[OpenBox, bytes]]:
    """By itself: rolls change without a version, so it is asked again each minute."""
    return votes.eligible(users.by_id(user_id))


def own(user: User) -> Own:
    news = [line for line in notices.latest(user.id, MOST_NEWS) if line.title]
    answers = [line for line in news if line.notice.read_at is None and line.notice.step in ANSWERS][:CARDS]
    return Own(sections.kept_for_one(_eligible, user.id, user.person_id), [
        Task(f"/me/notices/{line.notice.id}", line.title or "", sentence(line.notice.step, line.notice.details),
             _("답 읽기"), _("답이 왔어요"), "letter", "ok") for line in answers], [
        Task(f"/proposals/drafts/{key}/1", title or _("제목 없는 글"), _("쓰던 제안이 있어요."), _("이어 쓰기"), _("쓰던 글"),
             "draft", "quiet") for key, title in proposal_drafts.newest_draft(user)], [
        NewsLine(f"/me/notices/{line.notice.id}", line.title or "",
                 f"{sentence(line.notice.step, line.notice.details)} · {day(line.notice.at, year=False)}",
                 line.notice.read_at is None)
        for line in news if line not in answers and line.notice.step != "vote_opens"][:CARDS], did(user))


def tasks(own: Own, user: User) -> list[Task]:
    """Votes, the one that closes first on top, then answers, then what was begun."""
    waiting = sorted(votes.waiting(own.eligible, user), key=lambda vote: vote.until or clock.now())
    return [*waiting, *own.answers, *own.drafts]


DID = {"proposals": _l("낸 제안"), "supports": _l("공감"), "comments": _l("댓글"), "forums": _l("공론장")}


def did(user: User) -> list[tuple[str, int, str]]:
    """Numbers of what somebody did, with the place of each on their own page. One statement."""
    row = db.session.connection().execute(_did(), {"user": user.id}).one()
    return [(str(label), number, key) for (key, label), number in zip(DID.items(), row, strict=True)]


@made_once
def _did() -> sa.Select:
    own, count = sa.bindparam("user"), sa.func.count()
    return sa.select(*(sa.select(count).where(*which).scalar_subquery() for which in (
        (Proposal.author_id == own, Proposal.state != State.DRAFT), (Support.user_id == own,),
        (Comment.author_id == own, Comment.deleted_at.is_(None)),
        (Registration.user_id == own, Registration.place != Place.WITHDRAWN))))
