"""Lists of polls, alone and beside what they are about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.agendas.queries import links as agendas
from civic_forum.answers.models import Answer
from civic_forum.attachments.models import Attachment
from civic_forum.ballots.models import BallotBox, Voter
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.rules.boxes import Moments, PUBLIC_STAGES, Stage, vote_stage
from civic_forum.blocks import listing
from civic_forum.blocks.about import is_about
from civic_forum.blocks.filters import Filter, NOW
from civic_forum.blocks.listing import Chosen, Listing
from civic_forum.blocks.orders import MOMENT, NUMBER, Order
from civic_forum.platform import clock, paging
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _l
from civic_forum.platform.statements import made_once

from .. import labels
from ..models import Option, Poll, poll_proposal

RANK = {Stage.OPEN: 0, Stage.ANNOUNCED: 1}


@dataclass(frozen=True)
class PollCard:
    """A poll as a list shows it."""

    poll: Poll
    stage: Stage
    options: int
    voters: int | None
    """How many take part so far; None where that is not known any more or yet."""
    picture: str | None
    """Key of the first picture of its options."""


def listed(wanted: Chosen, after: str | None = None, *, limit: int = 0) -> paging.Page[PollCard]:
    """A page of cards. Raises Invalid for an `after` that is no token."""
    page = wanted.page(after, limit=limit)
    return paging.Page(_shown_as(page.items, clock.now()), page.after)


def standing_out(limit: int = 5) -> list[PollCard]:
    """Votes of the first page: open ones, the one that closes soonest first, and announced ones.

    One that nobody opened while it should have been open is told only where people look for it.
    """
    now = clock.now()
    cards = _shown_as(db.session.execute(_first_page(), {"now": clock.plain(now)}), now)
    clock.until(*(card.poll.closes_at for card in cards))
    return sorted(cards, key=lambda card: (RANK.get(card.stage, 2), card.poll.closes_at))[:limit]


@made_once
def _first_page() -> sa.Select:
    """The statement of `standing_out`, made once; it is given `now`."""
    to_come = sa.and_(sa.or_(_of_stage(Stage.OPEN, NOW), _of_stage(Stage.ANNOUNCED, NOW)), Poll.closes_at > NOW)
    return _public(to_come).order_by(Poll.closes_at, Poll.id).limit(20)


def of_ids(poll_ids: list[int]) -> dict[int, PollCard]:
    """Those of these polls that everybody sees, without how many voted."""
    now = clock.now()
    rows = db.session.execute(_of_ids(), {"now": now, "ids": poll_ids}) if poll_ids else ()
    return {card.poll.id: card for card in _shown_as(rows, now)}


@made_once
def _of_ids() -> sa.Select:
    return _base(sa.null()).where(*_EVERYBODYS, Poll.id.in_(sa.bindparam("ids", expanding=True)))


def rehearsals(poll_id: int) -> list[PollCard]:
    return _cards(_base().where(Poll.rehearsal_of_id == poll_id).order_by(Poll.id.desc()), clock.now())


_EVERYBODYS = Poll.announced_at.is_not(None), Poll.rehearsal_of_id.is_(None)
_voters = (sa.select(sa.func.count()).where(Voter.box_id == BallotBox.id, boxes.turnout())
           .correlate(BallotBox).scalar_subquery())


def _base(voters: sa.ColumnElement = _voters) -> sa.Select:
    options = sa.select(sa.func.count()).where(Option.poll_id == Poll.id).correlate(Poll).scalar_subquery()
    picture = (sa.select(Attachment.key).join(Option, Option.attachment_id == Attachment.id)
               .where(Option.poll_id == Poll.id).order_by(Option.number).limit(1).correlate(Poll).scalar_subquery())
    return (sa.select(Poll, options, voters, picture).outerjoin(BallotBox, BallotBox.id == Poll.box_id)
            .options(joinedload(Poll.box)))


def _public(*conditions) -> sa.Select:
    return _base().where(*_EVERYBODYS, *conditions)


def _of_stage(stage: Stage, now: sa.BindParameter) -> sa.ColumnElement[bool]:
    """`rules.boxes.vote_stage` as a condition."""
    closed = sa.and_(BallotBox.opened_at.is_not(None),
                     sa.or_(BallotBox.closed_at.is_not(None), BallotBox.closes_at <= now))
    return {
        Stage.ANNOUNCED: sa.or_(BallotBox.opened_at.is_(None),
                                sa.and_(BallotBox.opens_at > now, BallotBox.closed_at.is_(None))),
        Stage.OPEN: sa.and_(BallotBox.opened_at.is_not(None), BallotBox.opens_at <= now, BallotBox.closes_at > now,
                            BallotBox.closed_at.is_(None)),
        Stage.COUNTING: sa.and_(closed, BallotBox.published_at.is_(None)),
        Stage.PUBLISHED: BallotBox.published_at.is_not(None),
    }[stage]


def _cards(statement: sa.Select, now: datetime) -> list[PollCard]:
    return _shown_as(db.session.execute(statement, {"now": now}), now)


def _shown_as(rows: Iterable[sa.Row], now: datetime) -> list[PollCard]:
    return [PollCard(poll, vote_stage(poll.announced_at, poll.box, now), options, _shown(poll.box, voters), picture)
            for poll, options, voters, picture, *_rank in rows]


def _shown(box: BallotBox | None, voters: int) -> int | None:
    return None if box is None or box.opened_at is None or box.erased_at is not None else voters


_RANK = sa.case((_of_stage(Stage.OPEN, NOW), 0), (_of_stage(Stage.ANNOUNCED, NOW), 1), else_=2).label("rank")
POLLS = listing.declare(Listing(
    "polls", lambda: _public().add_columns(_RANK), endpoint="polls.show_list",
    filters=(Filter("stage", _l("단계"), None, {stage: labels.STAGE[stage] for stage in PUBLIC_STAGES},
                    cases={stage: _of_stage(stage, NOW) for stage in PUBLIC_STAGES}),),
    orders=(Order("stage", None, (_RANK.element, Poll.closes_at.desc(), Poll.id.desc()), (NUMBER, MOMENT, NUMBER),
                  lambda row: (row.rank, row.Poll.closes_at, row.Poll.id)),)))
"""Open votes, then announced ones, then the rest; among them the latest close first."""
EVERYTHING = listing.declare(Listing(
    "desk polls", lambda: _base().where(Poll.rehearsal_of_id.is_(None)),
    (Order("closes", None, (Poll.closes_at.desc(), Poll.id.desc())),)))
"""For the desk: also those in preparation; rehearsals stand with their poll."""


MOST = 5
MOMENTS = tuple(Moments.__annotations__)


@dataclass(frozen=True)
class LinkedPoll:
    """A vote that a page leads to."""

    slug: str
    title: str
    texts: dict
    closes_at: datetime
    stage: Stage


_THING = sa.bindparam("thing", type_=Poll.id.type)


def of_proposal(proposal_id: int) -> list[LinkedPoll]:
    """Votes with this proposal among their options, or that are about it or about an answer to it."""
    return _linked(_of_proposal(), proposal_id)


@made_once
def _of_proposal() -> sa.Select:
    answers = sa.select(Answer.id).where(Answer.proposal_id == _THING)
    return _rows(sa.or_(with_proposal(_THING), is_about(Poll, "answer", answers)))


def with_proposal(proposal_id: int | sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Condition that a vote has this proposal among its options, or is about it."""
    option = sa.exists().where(Option.poll_id == Poll.id, Option.proposal_id == proposal_id)
    linked = sa.exists().where(poll_proposal.c.poll_id == Poll.id, poll_proposal.c.proposal_id == proposal_id)
    return sa.or_(option, linked, sa.and_(Poll.about_kind == "proposal", Poll.about_id == proposal_id))


def of_agenda(agenda_id: int) -> list[LinkedPoll]:
    """Votes that decide about an agenda, or have it among their options; those of what was merged into it
    as well."""
    return _linked(_of_agenda(), agenda_id)


@made_once
def _of_agenda() -> sa.Select:
    family = sa.select(agendas.family_of(_THING).c.id)
    option = sa.exists().where(Option.poll_id == Poll.id, Option.agenda_id.in_(family))
    return _rows(sa.or_(option, is_about(Poll, "agenda", family)))


def of_things(kind: str, ids: Sequence[int]) -> list[LinkedPoll]:
    """Votes about things of a kind."""
    return _linked(_of_things(kind), ids)


@made_once
def _of_things(kind: str) -> sa.Select:
    return _rows(is_about(Poll, kind, sa.bindparam("thing", expanding=True, type_=Poll.id.type)))


def _rows(about: sa.ColumnElement[bool]) -> sa.Select:
    return (sa.select(Poll.slug, Poll.title, Poll.texts, Poll.closes_at, Poll.announced_at,
                      *(getattr(BallotBox, name).label(f"box_{name}") for name in MOMENTS))
            .select_from(Poll).outerjoin(BallotBox, BallotBox.id == Poll.box_id)
            .where(Poll.announced_at.is_not(None), Poll.rehearsal_of_id.is_(None), about)
            .order_by(Poll.closes_at.desc(), Poll.id.desc()).limit(MOST))


def _linked(rows: sa.Select, thing_id: int | Sequence[int]) -> list[LinkedPoll]:
    """The vote that closes last first."""
    now = clock.now()
    return [LinkedPoll(slug, title, texts, closes, vote_stage(announced, box if box.opens_at else None, now))
            for slug, title, texts, closes, announced, *moments in db.session.execute(rows, {"thing": thing_id})
            for box in [SimpleNamespace(**dict(zip(MOMENTS, moments, strict=True)))]]
