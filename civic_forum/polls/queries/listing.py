"""Lists of polls: a page of cards, the same few statements however many there are."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from civic_forum.ballots.models import BallotBox, Voter
from civic_forum.ballots.queries import boxes
from civic_forum.ballots.rules.boxes import Stage, vote_stage
from civic_forum.kernel import clock, paging
from civic_forum.kernel.base import db
from civic_forum.kernel.statements import made_once

from ..models import Option, Poll

PAGE = 20
RANK = {Stage.OPEN: 0, Stage.ANNOUNCED: 1}


@dataclass(frozen=True)
class PollCard:
    """A poll as a list shows it."""

    poll: Poll
    stage: Stage
    options: int
    voters: int | None
    """How many take part so far; None where that is not known any more or yet."""


def listed(stage: Stage | None, after: str | None = None, *, limit: int = PAGE) -> paging.Page[PollCard]:
    """Open votes, then announced ones, then the rest; among them the latest close first.

    Raises Invalid for an `after` that is no token.
    """
    now = clock.now()
    rank = sa.case((_of_stage(Stage.OPEN, now), 0), (_of_stage(Stage.ANNOUNCED, now), 1), else_=2)
    place = paging.parts(after, int, int, int)
    beyond = () if place is None else (sa.or_(rank > place[0], sa.and_(rank == place[0], _beyond(*place[1:]))),)
    rows = _cards(_public(_of_stage(stage, now), *beyond)
                  .order_by(rank, Poll.closes_at.desc(), Poll.id.desc()).limit(limit + 1), now)
    return paging.page_of(rows, limit, lambda card: (
        RANK.get(card.stage, 2), paging.microseconds(card.poll.closes_at), card.poll.id))


def standing_out(limit: int = 5) -> list[PollCard]:
    """Votes of the first page: open ones, the one that closes soonest first, announced ones, the newest result.

    One that nobody opened while it should have been open is told only where people look for it.
    """
    now = clock.now()
    found = _cards(_first_page(), now)
    return sorted(found, key=lambda card: (RANK.get(card.stage, 2), card.poll.closes_at))[:limit]


@made_once
def _first_page() -> sa.Select:
    """The statement of `standing_out`, made once; it is given `now`."""
    now: sa.BindParameter[datetime] = sa.bindparam("now", type_=Poll.closes_at.type)
    to_come = sa.and_(sa.or_(_of_stage(Stage.OPEN, now), _of_stage(Stage.ANNOUNCED, now)), Poll.closes_at > now)
    return _public(sa.or_(to_come, Poll.id == _newest_result())).order_by(Poll.closes_at, Poll.id).limit(20)


def _newest_result() -> sa.ScalarSelect[int]:
    newest = aliased(Poll)
    return (sa.select(newest.id).join(BallotBox, BallotBox.id == newest.box_id)
            .where(BallotBox.published_at.is_not(None), newest.announced_at.is_not(None),
                   newest.rehearsal_of_id.is_(None))
            .order_by(BallotBox.published_at.desc(), newest.id.desc()).limit(1).correlate(None).scalar_subquery())


def everything(after: str | None = None, *, limit: int = PAGE) -> paging.Page[PollCard]:
    """For the desk: also those in preparation; rehearsals stand with their poll."""
    now, place = clock.now(), paging.parts(after, int, int)
    beyond = () if place is None else (_beyond(*place),)
    rows = _cards(_base().where(Poll.rehearsal_of_id.is_(None), *beyond)
                  .order_by(Poll.closes_at.desc(), Poll.id.desc()).limit(limit + 1), now)
    return paging.page_of(rows, limit, lambda card: (paging.microseconds(card.poll.closes_at), card.poll.id))


def of_ids(poll_ids: list[int]) -> dict[int, PollCard]:
    """Those of these polls that everybody sees."""
    now = clock.now()
    return {card.poll.id: card for card in _cards(_public(Poll.id.in_(poll_ids)), now)}


def rehearsals(poll_id: int) -> list[PollCard]:
    return _cards(_base().where(Poll.rehearsal_of_id == poll_id).order_by(Poll.id.desc()), clock.now())


def _base() -> sa.Select:
    options = sa.select(sa.func.count()).where(Option.poll_id == Poll.id).correlate(Poll).scalar_subquery()
    voters = (sa.select(sa.func.count()).where(
        Voter.box_id == BallotBox.id, boxes.turnout())
        .correlate(BallotBox).scalar_subquery())
    return (sa.select(Poll, options, voters).outerjoin(BallotBox, BallotBox.id == Poll.box_id)
            .options(joinedload(Poll.box)))


def _public(*conditions) -> sa.Select:
    return _base().where(Poll.announced_at.is_not(None), Poll.rehearsal_of_id.is_(None), *conditions)


def _of_stage(stage: Stage | None, now: datetime | sa.BindParameter[datetime]) -> sa.ColumnElement[bool]:
    """`rules.boxes.vote_stage` as a condition."""
    closed = sa.and_(BallotBox.opened_at.is_not(None),
                     sa.or_(BallotBox.closed_at.is_not(None), BallotBox.closes_at <= now))
    return {
        None: sa.true(),
        Stage.ANNOUNCED: sa.or_(BallotBox.opened_at.is_(None),
                                sa.and_(BallotBox.opens_at > now, BallotBox.closed_at.is_(None))),
        Stage.OPEN: sa.and_(BallotBox.opened_at.is_not(None), BallotBox.opens_at <= now, BallotBox.closes_at > now,
                            BallotBox.closed_at.is_(None)),
        Stage.COUNTING: sa.and_(closed, BallotBox.published_at.is_(None)),
        Stage.PUBLISHED: BallotBox.published_at.is_not(None),
    }[stage]


def _beyond(age: int, number: int) -> sa.ColumnElement[bool]:
    at = paging.moment(age)
    return sa.or_(Poll.closes_at < at, sa.and_(Poll.closes_at == at, Poll.id < number))


def _cards(statement: sa.Select, now: datetime) -> list[PollCard]:
    return [PollCard(poll, vote_stage(poll.announced_at, poll.box, now), options, _shown(poll.box, voters))
            for poll, options, voters in db.session.execute(statement, {"now": now})]


def _shown(box: BallotBox | None, voters: int) -> int | None:
    return None if box is None or box.opened_at is None or box.erased_at is not None else voters
