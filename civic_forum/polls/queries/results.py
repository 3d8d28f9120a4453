"""Results of polls, and what is decided by them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from civic_forum.agendas.models import Agenda, AgendaNext
from civic_forum.agendas.queries import links
from civic_forum.agendas.rules import NextKind
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.observing.models import Objection
from civic_forum.ballots.observing import queries as objections
from civic_forum.ballots.observing.queries import Cell, Signed, cells, signed
from civic_forum.ballots.officials import queries as officials
from civic_forum.ballots.officials.queries import Told
from civic_forum.ballots.rules.quorums import is_void
from civic_forum.blocks.kinds import Ref
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _, language, number

from ..models import Option, Poll, poll_proposal
from ..outcome import Answer, Finding, Place, answers, finding, places
from ..rules import PollKind
from .listing import with_proposal


@dataclass(frozen=True)
class ResultRow:
    """One option of the result: what it is called, and its figures."""

    option: Option
    title: str
    place: Place | None
    """Where options were chosen."""
    answer: Answer | None
    """Where each is a question."""


@dataclass(frozen=True)
class Result:
    """A published result. Every figure is from the signed bytes that the record holds."""

    poll: Poll
    finding: Finding
    lines: list[ResultRow]
    """By votes, or questions by number."""
    won: list[str]
    """The choice of the signed result, where few voted and no line has figures, or where a draw decided."""
    drawn: Mapping[str, Any]
    """The draw that decided between equals; {} where none was needed."""
    figures: dict
    """result.json of the record."""
    cells: list[Cell]
    quorum_reached: bool | None
    signed: Signed
    watched: Told
    objections: list[Objection]

    @property
    def box(self) -> BallotBox:
        return self.poll.box

    @property
    def is_void(self) -> bool:
        return is_void(self.poll.quorum_terms, self.quorum_reached)

    @property
    def voters(self) -> int:
        """Everybody who took part: what bars are measured against."""
        return self.figures["turnout"]["total"]

    @property
    def shown(self) -> list[ResultRow]:
        """Rows that stand open: the first ten; a few more rather than a fold of one or two."""
        return self.lines if len(self.lines) <= 12 else self.lines[:10]

    @property
    def folded(self) -> list[ResultRow]:
        return self.lines[len(self.shown):]

    @property
    def first(self) -> list[ResultRow]:
        """The option with the most votes, or all that share that place."""
        return [line for line in self.lines if line.place and line.place.place == 1]

    @property
    def told(self) -> list[str]:
        """Sentences under the answer, at most three."""
        turnout, agreed = self.figures["turnout"], self.signed.said.agreed
        sentences = [_("투표인 %(roll)s명 가운데 %(count)s명(%(share)s%%)이 투표했어요", roll=number(turnout["roll"]),
                       count=number(turnout["total"]), share=round(100 * turnout["total"] / (turnout["roll"] or 1)))]
        if self.finding is Finding.FIRST:
            sentences.insert(0, _lead([line.place.votes for line in self.lines if line.place is not None]))
        if agreed:
            sentences.append(_("참관인 %(count)s명이 다시 세고 맞다고 서명했어요", count=agreed))
        return sentences


def of(poll: Poll) -> Result | None:
    """The result as everybody may see it; None until it is published."""
    box = poll.box
    if box is None or box.published_at is None or box.result is None:
        return None
    figures = json.loads(box.result)
    asked, few, outcome = poll.kind is PollKind.YES_NO_EACH, "small" in figures, figures["outcome"]
    ranked = [] if asked or few else places(figures["totals"])
    replies = answers(figures["totals"]) if asked and not few else []
    reached = bool(outcome["quorum"]) if "quorum" in outcome else None
    titles = {option.number: title_of(option) for option in poll.options}
    return Result(
        poll=poll, figures=figures, quorum_reached=reached,
        won=[titles[number] for number in outcome["selected"]] if few or "tied" in outcome else [],
        drawn=officials.draw_of(box.id) if few or "tied" in outcome else {},
        finding=finding(poll.kind, ranked, voters=figures["turnout"]["total"], quorum_reached=reached, few=few),
        lines=_lines(poll, ranked, replies), cells=cells(figures), signed=signed(box), watched=officials.told(box),
        objections=objections.public(box))


def _lead(votes: Sequence[int]) -> str:
    if len(votes) < 2:
        return _("%(votes)s표를 받았어요", votes=number(votes[0]))
    return _("%(votes)s표를 받아 둘째보다 %(more)s표 많았어요", votes=number(votes[0]), more=number(votes[0] - votes[1]))


def title_of(option: Option) -> str:
    """In the language of the page where somebody wrote it."""
    spoken = option.texts.get(language(), {})
    return spoken.get("title") or option.title


def _lines(poll: Poll, ranked: Iterable[Place], replies: Iterable[Answer]) -> list[ResultRow]:
    options = {option.number: option for option in poll.options}
    return [ResultRow(options[place.number], title_of(options[place.number]), place, None) for place in ranked] + [
        ResultRow(options[answer.number], title_of(options[answer.number]), None, answer) for answer in replies]


MOST_VOTES, MOST_DECIDING = 5, 50
DECIDES_ABOUT = sa.or_(sa.and_(Poll.about_kind == "agenda", Poll.about_id == Agenda.id), sa.exists().where(
    AgendaNext.agenda_id == Agenda.id, AgendaNext.kind == NextKind.POLL.value,
    AgendaNext.slug == Poll.slug).correlate_except(AgendaNext))
"""Joins `Poll` and `Agenda`: the vote says that it decides about the agenda, or the agenda that the vote comes next."""


def about_agenda(agenda_id: int) -> list[Poll]:
    """Those that decide about it, or have it among their options; of everything merged into it too."""
    family = sa.select(links.family_of(agenda_id).c.id)
    return _votes(sa.or_(sa.exists().where(Agenda.id.in_(family), DECIDES_ABOUT).correlate_except(Agenda),
                         sa.exists().where(Option.poll_id == Poll.id, Option.agenda_id.in_(family))))


def about_proposal(proposal_id: int) -> list[Poll]:
    """Those that have it among their options, or are about it."""
    return _votes(with_proposal(proposal_id))


def _votes(about: sa.ColumnElement[bool]) -> list[Poll]:
    """Announced ones with their boxes, the newest first."""
    return list(db.session.scalars(
        sa.select(Poll).options(joinedload(Poll.box))
        .where(about, Poll.announced_at.is_not(None), Poll.rehearsal_of_id.is_(None))
        .order_by(Poll.closes_at.desc(), Poll.id.desc()).limit(MOST_VOTES)))


def published(subject: Ref) -> list[Poll]:
    """Votes whose result is public, with their boxes: this one, or those that decide about this agenda."""
    decides = sa.exists().where(Agenda.id == subject.id, DECIDES_ABOUT).correlate_except(Agenda)
    return list(db.session.scalars(
        sa.select(Poll).join(Poll.box).options(contains_eager(Poll.box))
        .where(Poll.id == subject.id if subject.kind == "poll" else decides, BallotBox.published_at.is_not(None),
               Poll.rehearsal_of_id.is_(None)).order_by(Poll.id).limit(MOST_DECIDING)))


def department_of(poll: Poll) -> int | None:
    """The department that leads the agenda which it decides about."""
    return db.session.scalar(
        sa.select(Agenda.lead_department_id).join(Poll, DECIDES_ABOUT)
        .where(Poll.id == poll.id, Agenda.lead_department_id.is_not(None)).order_by(Agenda.id.desc()).limit(1))


def led_by() -> sa.ScalarSelect:
    """The same as SQL about `Poll`."""
    return (sa.select(Agenda.lead_department_id).where(DECIDES_ABOUT, Agenda.lead_department_id.is_not(None))
            .order_by(Agenda.id.desc()).limit(1).correlate(Poll).scalar_subquery())


def agenda_of(poll: Poll) -> tuple[datetime | None, str] | None:
    """Since when the first public agenda that it decides about is public, and its address."""
    row = db.session.execute(
        sa.select(Agenda.published_at, Agenda.slug).join(Poll, DECIDES_ABOUT)
        .where(Poll.id == poll.id, Agenda.published_at.is_not(None)).order_by(Agenda.published_at).limit(1)
    ).one_or_none()
    return (row.published_at, f"/agendas/{row.slug}") if row else None


def journeys_of(poll: Poll) -> list[int]:
    """Of the agendas that it decides about."""
    return list(db.session.scalars(sa.select(Agenda.journey_id).join(Poll, DECIDES_ABOUT)
                                   .where(Poll.id == poll.id, Agenda.published_at.is_not(None))))


def proposals_of(poll_id: int) -> sa.Select:
    """SELECT of the ids of the proposals that a poll is about, or that are among its options."""
    linked = sa.select(poll_proposal.c.proposal_id).where(poll_proposal.c.poll_id == poll_id)
    options = sa.select(Option.proposal_id).where(Option.poll_id == poll_id, Option.proposal_id.is_not(None))
    about = sa.select(Poll.about_id).where(Poll.id == poll_id, Poll.about_kind == "proposal")
    return sa.select(sa.union(linked, options, about).subquery("linked").c.proposal_id)
