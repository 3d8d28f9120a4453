"""Votes as the pages of proposals and agendas name them: rows that those pages read together with their record."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace

import sqlalchemy as sa

from civic_forum.agendas.queries import links as agendas
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.rules.boxes import Moments, Stage, vote_stage
from civic_forum.kernel.json_rows import instant

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
    """Rows of the votes with this proposal among their options, or that are about it."""
    option = sa.exists().where(Option.poll_id == Poll.id, Option.proposal_id == proposal_id)
    linked = sa.exists().where(poll_proposal.c.poll_id == Poll.id, poll_proposal.c.proposal_id == proposal_id)
    return _rows(sa.or_(option, linked))


def about_agenda(agenda_id: sa.ColumnElement[int]) -> sa.Select:
    """Rows of the votes that decide about an agenda, or have it among their options; those of what was merged into it
    as well."""
    family = sa.select(agendas.family_of(agenda_id).c.id)
    option = sa.exists().where(Option.poll_id == Poll.id, Option.agenda_id.in_(family))
    return _rows(sa.or_(option, Poll.agenda_id.in_(family)))


def _rows(about: sa.ColumnElement[bool]) -> sa.Select:
    return (sa.select(Poll.slug, Poll.title, Poll.texts, Poll.closes_at, Poll.announced_at,
                      *(getattr(BallotBox, name).label(f"box_{name}") for name in MOMENTS))
            .select_from(Poll).outerjoin(BallotBox, BallotBox.id == Poll.box_id)
            .where(Poll.announced_at.is_not(None), Poll.rehearsal_of_id.is_(None), about)
            .order_by(Poll.closes_at.desc(), Poll.id.desc()).limit(MOST))


def linked(rows: Iterable[list], now: datetime) -> list[LinkedPoll]:
    """Votes of such rows, the vote that closes last first."""
    return [_linked(*row[:5], dict(zip(MOMENTS, row[5:], strict=True)), now) for row in rows]


def _linked(slug: str, title: str, texts: str | dict, closes: str, announced: str, moments: dict[str, str | None],
            now: datetime) -> LinkedPoll:
    box = SimpleNamespace(**{name: at and instant(at) for name, at in moments.items()})
    stage = vote_stage(instant(announced), box if box.opens_at else None, now)
    return LinkedPoll(slug, title, json.loads(texts) if isinstance(texts, str) else texts, instant(closes), stage)
