"""Every SELECT of the figures: counts of the last months, up to the end of yesterday."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import SERVICE_KEY
from civic_forum.agendas.models import AgendaLink
from civic_forum.answers.models import Answer, Assignment, Duty
from civic_forum.answers.queries import records
from civic_forum.answers.rules import ACCEPTED, AnswerKind, AnswerState, DutyEnd
from civic_forum.ballots.models import BallotBox, Voter
from civic_forum.ballots.queries import turnout
from civic_forum.comments.models import Comment
from civic_forum.district import queries as district
from civic_forum.forums.registration.models import Registration
from civic_forum.forums.rules import AgeGroup, Place, Way
from civic_forum.opinions.models import Consultation, OpinionMap
from civic_forum.outcomes.models import Outcome
from civic_forum.outcomes.rules import PROMISES
from civic_forum.platform import settings
from civic_forum.platform.base import db
from civic_forum.platform.i18n import end_of, local
from civic_forum.proposals.models import Proposal, ProposalTally, Support
from civic_forum.proposals.rules import PUBLIC, Channel, State

from .rules import Act, Answered, Breakdown, Means, Step, Waiting, answered, broken_down, months

ONE_DAY = timedelta(days=1)
MEANS_OF_PROPOSALS = {Channel.ONLINE: Means.ONLINE, Channel.PAPER: Means.PAPER, Channel.DESK: Means.ASSISTED,
                      Channel.STREET: Means.ON_SITE}
MEANS_OF_FORUMS = {Way.ONLINE: Means.ONLINE, Way.ON_SITE: Means.ON_SITE}
MEANS_OF_VOTES = {"online": Means.ONLINE, "assisted": Means.ASSISTED, "paper_returned": Means.PAPER}
"""By their names in a signed result."""
PROPOSED = (Proposal.hidden_at.is_(None),)
COMMENTED = (Comment.deleted_at.is_(None), Comment.hidden_at.is_(None), Comment.department_id.is_(None),
             ~Comment.as_moderator)
"""Comments that stand, but those of the office."""
REGISTERED = (Registration.place != Place.WITHDRAWN,)


@dataclass(frozen=True)
class Span:
    """The months that are looked at."""

    today: date
    months: tuple[date, ...]

    @classmethod
    def until(cls, today: date) -> "Span":
        return cls(today, tuple(months(today)))

    @property
    def starts(self) -> list[datetime]:
        """First moments of the months, and the first moment that is not looked at any more."""
        return [end_of(month - ONE_DAY) for month in self.months] + [end_of(self.today - ONE_DAY)]

    def holds(self, at: Any) -> sa.ColumnElement[bool]:
        return sa.and_(at >= self.starts[0], at < self.starts[-1])

    def month(self, at: Any) -> sa.ColumnElement[int]:
        """Number of the month, from 0."""
        ends = self.starts[1:-1]
        return sa.case(*((at < end, number) for number, end in enumerate(ends)), else_=len(ends))


Acts = Mapping[tuple[Act, Means], Sequence[int]]
"""Numbers of acts by month."""


@dataclass(frozen=True)
class Participation:
    """Taking part in the last months."""

    months: tuple[date, ...]
    acts: Acts
    people: int
    """Those with an account who proposed, supported, commented or registered. Votes tell nobody who took part."""
    names: Mapping[int, Mapping[str, str]]
    """Of neighbourhoods by their ids, by codes of languages."""
    places: Breakdown[int]
    """By the ids of neighbourhoods."""
    ages: Breakdown[AgeGroup]

    def total(self, *, act: Act | None = None, means: Means | None = None) -> int:
        return sum(self.by_month(act=act, means=means))

    def by_month(self, *, act: Act | None = None, means: Means | None = None) -> list[int]:
        rows = [row for (of_act, of_means), row in self.acts.items()
                if act in (None, of_act) and means in (None, of_means)]
        return [sum(row[number] for row in rows) for number in range(len(self.months))]


def participation(today: date) -> Participation:
    span, residents = Span.until(today), settings.value("RESIDENTS")
    every = district.neighbourhoods()
    names = {place.id: {"ko": place.name_ko} | place.words for place in every}
    places, ages = _people(span)
    living = residents.get("neighbourhoods", {})
    return Participation(
        span.months, _acts(span), sum(places.values()), names,
        broken_down({place: places[place] for place in names}, places[None],
                    {place.id: living[name] for place in every for name in place.names if name in living}),
        broken_down({age: ages[age] for age in AgeGroup}, ages[None], residents.get("ages", {})))


def _acts(span: Span) -> Acts:
    counts: dict[tuple[Act, Means], list[int]] = {}

    def add(act: Act, means: Means, month: int, number: int) -> None:
        counts.setdefault((act, means), [0] * len(span.months))[month] += number

    for act, way, month, number in db.session.execute(_counted(span)):
        add(Act(act), _means(Act(act), way), month, number)
    for month, votes in _votes(span):
        for name, means in MEANS_OF_VOTES.items():
            add(Act.VOTE, means, month, votes[name])
    return counts


def _means(act: Act, way: str) -> Means:
    if act is Act.PROPOSAL:
        return MEANS_OF_PROPOSALS[Channel(way)]
    return MEANS_OF_FORUMS[Way(way)] if act is Act.REGISTRATION else Means(way)


def _counted(span: Span) -> sa.CompoundSelect:
    """Kind of act, channel or way, month, number."""
    supported, commented = (sa.case((at_desk, Means.ASSISTED.value), else_=Means.ONLINE.value)
                            for at_desk in (Support.at_desk, Comment.at_desk))
    return sa.union_all(*(_grouped_by_month(span, *source) for source in (
        (Act.PROPOSAL, Proposal.channel, Proposal.published_at, *PROPOSED),
        (Act.SUPPORT, supported, Support.at),
        (Act.COMMENT, commented, Comment.at, *COMMENTED),
        (Act.REGISTRATION, Registration.way, Registration.asked_at, *REGISTERED))))


def _grouped_by_month(span: Span, act: Act, way: Any, at: Any, *conditions: sa.ColumnElement[bool]) -> sa.Select:
    """The months are reckoned inside: PostgreSQL takes no expression with bound values for the one it groups by."""
    rows = sa.select(sa.cast(way, sa.String).label("way"), span.month(at).label("month")).where(
        span.holds(at), *conditions).subquery()
    return sa.select(sa.literal(act.value), rows.c.way, rows.c.month, sa.func.count()).group_by(
        rows.c.way, rows.c.month)


def _votes(span: Span) -> list[tuple[int, Mapping[str, int]]]:
    """Month and turnout by channel of every vote whose result is published."""
    rows = db.session.execute(sa.select(span.month(BallotBox.closes_at), BallotBox.result).where(
        span.holds(BallotBox.closes_at), ~BallotBox.rehearsal, BallotBox.published_at.is_not(None),
        BallotBox.result.is_not(None)))
    return [(month, json.loads(result)["turnout"]) for month, result in rows]


def _people(span: Span) -> tuple[Counter[int | None], Counter[AgeGroup | None]]:
    """Numbers of people by neighbourhood and by age, each of them once; by None of those who did not say."""
    places, ages = Counter[int | None](), Counter[AgeGroup | None]()
    for place, age, number in db.session.execute(_grouped(span)):
        places[place] += number
        ages[age] += number
    return places, ages


def _grouped(span: Span) -> sa.Select:
    taking_part = sa.union(*(sa.select(user.label("user_id")).where(span.holds(at), *conditions)
                             for user, at, conditions in (
        (Proposal.author_id, Proposal.published_at, PROPOSED), (Support.user_id, Support.at, ()),
        (Comment.author_id, Comment.at, COMMENTED), (Registration.user_id, Registration.asked_at, REGISTERED),
    ))).subquery()
    ages = sa.select(Registration.user_id, sa.func.max(Registration.age_group).label("age")).where(
        span.holds(Registration.asked_at), Registration.age_group.is_not(None), *REGISTERED).group_by(
        Registration.user_id).subquery()
    age = sa.type_coerce(ages.c.age, Registration.age_group.type)
    return (sa.select(User.neighbourhood_id, age, sa.func.count()).select_from(taking_part)
            .join(User, User.id == taking_part.c.user_id)
            .outerjoin(ages, ages.c.user_id == taking_part.c.user_id)
            .where(User.sign_in_key.is_distinct_from(SERVICE_KEY)).group_by(User.neighbourhood_id, ages.c.age))


@dataclass(frozen=True)
class Numbers:
    """Single numbers, read together."""

    steps: Mapping[Step, int]
    """Proposals that came so far, of all there ever were."""
    open_late: int
    """Those that wait for an answer past its day."""
    responses: int
    """People in the newest result of each consultation of the last months. Neither these nor ballots say who."""
    ballots: int
    """Those taking part in votes that are open."""
    others_late: int
    """Questions and other things than proposals that wait for an answer past its day."""


def numbers(today: date) -> Numbers:
    final = sa.and_(Answer.state == AnswerState.PUBLISHED, Answer.kind == AnswerKind.FINAL)
    promised = sa.union(
        sa.select(Proposal.id).where(Proposal.state.in_((State.IN_PROGRESS, State.DONE))),
        sa.select(Answer.proposal_id).where(final, Answer.outcome.in_(ACCEPTED)),
        sa.select(Outcome.subject_id).where(_promises("proposal")),
        sa.select(AgendaLink.proposal_id).join(Outcome, Outcome.subject_id == AgendaLink.agenda_id)
        .join(Proposal, Proposal.id == AgendaLink.proposal_id)
        .where(_promises("agenda"), AgendaLink.ended_at.is_(None), Proposal.state == State.DECIDED)).subquery()
    many = sa.func.count()
    late = sa.and_(Duty.ended_at.is_(None), Duty.paused_on.is_(None), Duty.due_on < today)
    counts = map(int, db.session.execute(sa.select(*(count.scalar_subquery() for count in (
        _tallied(*PUBLIC), sa.select(many).select_from(Proposal).where(Proposal.threshold_reached_at.is_not(None)),
        records.answered_proposals(), sa.select(many).select_from(promised),
        _tallied(State.DONE), sa.select(many).select_from(Duty).where(
            late, Duty.proposal_id.is_not(None)), *_beside(today),
        sa.select(many).select_from(Duty).where(late, Duty.about_id.is_not(None)))))).one())
    return Numbers(dict(zip(Step, counts, strict=False)), *counts)


def _beside(today: date) -> Iterator[sa.Select]:
    """Selects of the numbers of responses and of ballots."""
    span, later = Span.until(today), aliased(OpinionMap)
    yield sa.select(sa.func.coalesce(sa.func.sum(OpinionMap.participants), 0)).join(
        Consultation, Consultation.id == OpinionMap.consultation_id).where(
        Consultation.closes_at >= span.starts[0], ~sa.exists().where(
            later.consultation_id == OpinionMap.consultation_id, later.number > OpinionMap.number))
    yield sa.select(sa.func.count()).select_from(Voter).join(BallotBox, BallotBox.id == Voter.box_id).where(
        turnout(), BallotBox.closes_at >= span.starts[-1], ~BallotBox.rehearsal, BallotBox.opened_at.is_not(None),
        BallotBox.closed_at.is_(None))


def _tallied(*states: State) -> sa.Select:
    return sa.select(sa.func.coalesce(sa.func.sum(ProposalTally.total), 0)).where(
        ProposalTally.state.in_(sorted(states)))


def _promises(subject: str) -> sa.ColumnElement[bool]:
    return sa.and_(Outcome.subject == subject, Outcome.published_at.is_not(None), Outcome.decision.in_(PROMISES))


@dataclass(frozen=True)
class Answers:
    """Answers that were owed, of the whole office and of each department that gave some."""

    all: Answered
    departments: Mapping[int, Answered]
    """By their ids."""


def answers(today: date, open_late: int = 0) -> Answers:
    """All that was answered because it was owed; a late one belongs to the department that led when it was due."""
    department = sa.select(Answer.department_id).where(
        Answer.proposal_id == Duty.proposal_id, Answer.kind == AnswerKind.FINAL, Answer.state == AnswerState.PUBLISHED
    ).order_by(Answer.id.desc()).limit(1).scalar_subquery()
    rows = db.session.execute(
        sa.select(Duty.id, department, Duty.started_at, Duty.ended_at, Duty.due_on, Assignment.department_id,
                  Assignment.ended_at)
        .outerjoin(Assignment, sa.and_(Assignment.proposal_id == Duty.proposal_id, Assignment.is_lead,
                                       Assignment.ended_at.is_not(None)))
        .where(Duty.ended_how == DutyEnd.ANSWERED, Duty.proposal_id.is_not(None),
               Duty.ended_at < end_of(today - ONE_DAY))
        .order_by(Duty.id, Assignment.id))
    waits: dict[int | None, list[Waiting]] = {}
    for _duty, of_duty in groupby(rows, key=itemgetter(0)):
        leads = list(of_duty)
        _duty, by, began, ended, due, *_lead = leads[0]
        if (day := local(ended).date()) > due:
            by = next((led_by for *_answer, led_by, until in leads if until and local(until).date() > due), by)
        waits.setdefault(by, []).append(Waiting((day - local(began).date()).days, day > due))
    return Answers(answered([wait for some in waits.values() for wait in some], open_late),
                   {by: answered(some) for by, some in waits.items() if by is not None})


@dataclass(frozen=True)
class Figures:
    """All that the pages say, as it stood at the end of the day before `today`."""

    today: date
    participation: Participation
    numbers: Numbers
    answers: Answers


def figures(today: date) -> Figures:
    totals = numbers(today)
    return Figures(today, participation(today), totals, answers(today, totals.open_late))
