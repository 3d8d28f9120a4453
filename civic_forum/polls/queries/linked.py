"""Votes as the pages of things name them; those of proposals and agendas read the rows together with their record."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace

import sqlalchemy as sa

from civic_forum.agendas.queries import links as agendas
from civic_forum.answers.models import Answer
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.rules.boxes import Moments, Stage, vote_stage
from civic_forum.blocks.about import is_about
from civic_forum.platform.base import db
from civic_forum.platform.json_rows import instant

from ..models import Option, Poll, poll_proposal

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


def about_proposal(proposal_id: sa.ColumnElement[int]) -> sa.Select:
    """Rows of the votes with this proposal among their options, or that are about it or about an answer to it."""
    answers = sa.select(Answer.id).where(Answer.proposal_id == proposal_id)
    return _rows(sa.or_(with_proposal(proposal_id), is_about(Poll, "answer", answers)))


def with_proposal(proposal_id: int | sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Condition that a vote has this proposal among its options, or is about it."""
    option = sa.exists().where(Option.poll_id == Poll.id, Option.proposal_id == proposal_id)
    linked = sa.exists().where(poll_proposal.c.poll_id == Poll.id, poll_proposal.c.proposal_id == proposal_id)
    return sa.or_(option, linked, sa.and_(Poll.about_kind == "proposal", Poll.about_id == proposal_id))


def about_agenda(agenda_id: sa.ColumnElement[int]) -> sa.Select:
    """Rows of the votes that decide about an agenda, or have it among their options; those of what was merged into it
    as well."""
    family = sa.select(agendas.family_of(agenda_id).c.id)
    option = sa.exists().where(Option.poll_id == Poll.id, Option.agenda_id.in_(family))
    return _rows(sa.or_(option, is_about(Poll, "agenda", family)))


def about_poll(poll_id: sa.ColumnElement[int]) -> sa.Select:
    return _rows(is_about(Poll, "poll", [poll_id]))


def of_things(kind: str, ids: Sequence[int] | sa.Select, now: datetime) -> list[LinkedPoll]:
    """Votes about things of a kind. Asks by itself."""
    return [_linked(*row, now=now) for row in db.session.execute(_rows(is_about(Poll, kind, ids)))]


def _rows(about: sa.ColumnElement[bool]) -> sa.Select:
    return (sa.select(Poll.slug, Poll.title, Poll.texts, Poll.closes_at, Poll.announced_at,
                      *(getattr(BallotBox, name).label(f"box_{name}") for name in MOMENTS))
            .select_from(Poll).outerjoin(BallotBox, BallotBox.id == Poll.box_id)
            .where(Poll.announced_at.is_not(None), Poll.rehearsal_of_id.is_(None), about)
            .order_by(Poll.closes_at.desc(), Poll.id.desc()).limit(MOST))


def linked(rows: Iterable[list], now: datetime) -> list[LinkedPoll]:
    """Votes of such rows, the vote that closes last first."""
    return [_linked(slug, title, json.loads(texts) if isinstance(texts, str) else texts,
                    *(one and instant(one) for one in moments), now=now) for slug, title, texts, *moments in rows]


def _linked(slug: str, title: str, texts: dict, closes: datetime, announced: datetime, *moments: datetime | None,
            now: datetime) -> LinkedPoll:
    box = SimpleNamespace(**dict(zip(MOMENTS, moments, strict=True)))
    return LinkedPoll(slug, title, texts, closes, vote_stage(announced, box if box.opens_at else None, now))
