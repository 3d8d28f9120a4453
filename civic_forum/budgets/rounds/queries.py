"""Reads the page of one round in every phase, and the desk's list of rounds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from civic_forum.accounts.models import User
from civic_forum.attachments.queries import first_picture
from civic_forum.ballots.models import BallotBox, VoteNotice, Voter
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.rolls import electorate
from civic_forum.blocks.slugs import SLUG
from civic_forum.district.models import Neighbourhood
from civic_forum.platform import clock, paging
from civic_forum.platform.base import db
from civic_forum.platform.json_rows import gathered, instant, rows_of

from .. import readiness
from ..committee.models import CommitteeMember
from ..models import (BudgetRound, ChoiceGroup, Envelope, ExclusionGroup, ExclusionReason, ProjectKind,
                      envelope_neighbourhood)
from ..queries import missing
from ..rules import FIT_FOR_BALLOT, Missing, Phase, ProjectState, WON, current
from ..projects.models import Project
from ..voting import queries as voting
from . import listing
from .listing import LEFT

MOST_NOTICES = 100
MOST_SHOWN = 60
"""Projects on the page of a round; the list has all."""
A_FEW = 8


@dataclass(frozen=True, slots=True)
class Notice:
    kind: str
    title: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sum:
    """Projects that are in one state: how many, and what they cost (won)."""

    count: int
    cost: int
    decided: int
    """As the council left them; where it has not decided, 0."""


@dataclass(frozen=True)
class EnvelopeCard:
    """An envelope with its limits and with how far its projects are."""

    envelope: Envelope
    groups: list[tuple[str, int, int]]
    """Name, least and most choices."""
    voters_of: list[str]
    """Neighbourhoods whose people may vote in it; none: the whole district's."""
    exclusions: list[str]
    """Why of some projects only one can win."""
    sums: dict[ProjectState, Sum]
    voted: int | None
    """How many take part so far; None while nobody may, and once the figures are the result's."""

    @property
    def projects(self) -> int:
        return sum(total.count for state, total in self.sums.items() if state not in LEFT)

    @property
    def chosen(self) -> int:
        return sum(total.count for state, total in self.sums.items() if state in WON)

    @property
    def chosen_cost(self) -> int:
        """Won that the chosen ones cost, as they were voted on."""
        return sum(total.cost for state, total in self.sums.items() if state in WON)

    @property
    def is_published(self) -> bool:
        box = self.envelope.box
        return box is not None and box.published_at is not None


@dataclass(frozen=True)
class OwnRound:
    """Relation of the one behind the request to a round."""

    projects: list[tuple[str, str, ProjectState]]
    """Code, title, state of what they handed in."""
    sits_on_committee: bool
    votes: list[voting.OwnVote]
    """How they stand to every vote of it that is open now."""


@dataclass(frozen=True)
class RoundDetail:
    """Everything that the page of a round shows to everybody."""

    round: BudgetRound
    spans: list[listing.PhaseRow]
    purses: list[EnvelopeCard]
    notices: list[Notice]
    kinds: list[tuple[str, int | None]]
    """Name and cap (won)."""
    reasons: list[tuple[str, str]]
    season_accepted_by: str | None

    @property
    def money(self) -> int:
        return sum(purse.envelope.amount for purse in self.purses)

    @property
    def sums(self) -> dict[ProjectState, Sum]:
        """Over all envelopes, in the order of the states."""
        sums = {}
        for state in ProjectState:
            totals = [purse.sums[state] for purse in self.purses if state in purse.sums]
            if totals:
                sums[state] = Sum(*(sum(getattr(total, name) for total in totals)
                                    for name in ("count", "cost", "decided")))
        return sums

    @property
    def projects(self) -> int:
        return sum(purse.projects for purse in self.purses)

    @property
    def chosen(self) -> int:
        return sum(purse.chosen for purse in self.purses)

    @property
    def chosen_cost(self) -> int:
        return sum(purse.chosen_cost for purse in self.purses)

    @property
    def electorates(self) -> dict[str, list[str]]:
        """Sentence on who may vote → names of the envelopes in which they may."""
        names: dict[str, list[str]] = {}
        for purse in self.purses:
            if words := electorate.of_vote(purse.envelope.box, purse.envelope.roll):
                names.setdefault(words, []).append(purse.envelope.name)
        return names

    @property
    def boxes(self) -> list[BallotBox]:
        return [purse.envelope.box for purse in self.purses if purse.envelope.box is not None]


def detail(slug: str) -> RoundDetail:
    """Raises NotFound. Whether the viewer may read it is for the caller to ask."""
    if not SLUG.fullmatch(slug):
        raise missing()
    columns = db.session.execute(
        sa.select(BudgetRound, User.nickname, listing.rows(), gathered(_notices(), BudgetRound),
                  gathered(_kinds(), BudgetRound), gathered(_reasons(), BudgetRound))
        .outerjoin(User, User.id == BudgetRound.season_accepted_by_id).where(BudgetRound.slug == slug)).one_or_none()
    if columns is None:
        raise missing()
    budget_round, nickname, stretches, notices, kinds, reasons = columns
    return RoundDetail(
        budget_round, listing.stretches(stretches), _purses(budget_round.id),
        [Notice(kind, title, text, instant(at)) for kind, title, text, at in rows_of(notices)],
        [(name, cap) for name, cap in rows_of(kinds)], [(name, text) for name, text in rows_of(reasons)], nickname)


def shown(round_id: int) -> tuple[list[Project], dict[int, str]]:
    """The chosen ones in the order of their envelopes and of being chosen; while nothing is chosen, a few of all. With
    the key of the first picture of those that have one."""
    chosen = Project.state.in_(sorted(WON))
    rows = db.session.execute(
        sa.select(Project, first_picture(Project.attachment_set_id)).join(Envelope, Envelope.id == Project.envelope_id)
        .where(Project.round_id == round_id, Project.hidden_at.is_(None), Project.state.not_in(LEFT))
        .order_by(sa.case((chosen, 0), else_=1), Envelope.position, Project.place_in_order, Project.code)
        .options(joinedload(Project.neighbourhood)).limit(MOST_SHOWN)).all()
    projects = [project for project, _key in rows]
    return ([project for project in projects if project.state in WON] or projects[:A_FEW],
            {project.id: key for project, key in rows if key})


def own(detail: RoundDetail, user: User) -> OwnRound:
    """The part of the page for this person alone, in one statement for projects and committee and those of the
    votes."""
    sits = sa.exists().where(CommitteeMember.round_id == BudgetRound.id, CommitteeMember.user_id == user.id)
    projects = (sa.select(Project.code, Project.title, Project.state)
                .where(Project.round_id == BudgetRound.id, Project.author_id == user.id).order_by(Project.code))
    rows, member = db.session.execute(
        sa.select(gathered(projects, BudgetRound), sits).where(BudgetRound.id == detail.round.id)).one()
    return OwnRound([(code, title, ProjectState(state)) for code, title, state in rows_of(rows)], bool(member),
               voting.own([purse.envelope for purse in detail.purses], user))


def _purses(round_id: int) -> list[EnvelopeCard]:
    voted = (sa.select(sa.func.count()).select_from(Voter)
             .where(Voter.box_id == Envelope.box_id, boxes.turnout())
             .correlate(Envelope).scalar_subquery())
    rows = db.session.execute(
        sa.select(Envelope, voted, gathered(_groups(), Envelope), gathered(_voters(), Envelope),
                  gathered(_exclusions(), Envelope), gathered(_sums(), Envelope))
        .where(Envelope.round_id == round_id).order_by(Envelope.position)
        .options(joinedload(Envelope.box).joinedload(BallotBox.roll), joinedload(Envelope.roll),
                 joinedload(Envelope.neighbourhood)))
    return [EnvelopeCard(envelope, [(name, least, most) for name, least, most in rows_of(groups)],
                  [name for name, in rows_of(voters)], [why for why, in rows_of(exclusions)],
                  _by_state(rows_of(sums)), _shown(envelope.box, count))
            for envelope, count, groups, voters, exclusions, sums in rows]


def _shown(box: BallotBox | None, count: int) -> int | None:
    return None if box is None or box.opened_at is None or box.erased_at is not None else count


def _by_state(rows: Iterable[list]) -> dict[ProjectState, Sum]:
    sums = {ProjectState(state): Sum(int(count), int(cost), int(decided)) for state, count, cost, decided in rows}
    return {state: sums[state] for state in ProjectState if state in sums}


def _groups() -> sa.Select:
    return (sa.select(ChoiceGroup.name, ChoiceGroup.min_choices, ChoiceGroup.max_choices)
            .where(ChoiceGroup.envelope_id == Envelope.id).order_by(ChoiceGroup.position))


def _voters() -> sa.Select:
    table = envelope_neighbourhood
    return (sa.select(Neighbourhood.name).join(table, table.c.neighbourhood_id == Neighbourhood.id)
            .where(table.c.envelope_id == Envelope.id).order_by(Neighbourhood.position))


def _exclusions() -> sa.Select:
    return sa.select(ExclusionGroup.why).filter_by(envelope_id=Envelope.id).order_by(ExclusionGroup.id)


def _sums() -> sa.Select:
    return (sa.select(Project.state, sa.func.count().label("count"), sa.func.sum(Project.cost).label("cost"),
                      sa.func.coalesce(sa.func.sum(Project.decided_amount), 0).label("decided"))
            .where(Project.envelope_id == Envelope.id, Project.hidden_at.is_(None)).group_by(Project.state))


def _notices() -> sa.Select:
    of_envelopes = (sa.select(sa.literal("envelope:") + sa.cast(Envelope.id, sa.String))
                    .where(Envelope.round_id == BudgetRound.id))
    return (sa.select(VoteNotice.kind, VoteNotice.title, VoteNotice.text, VoteNotice.at)
            .where(sa.or_(VoteNotice.subject == sa.literal("budget_round:") + sa.cast(BudgetRound.id, sa.String),
                          VoteNotice.subject.in_(of_envelopes)))
            .order_by(VoteNotice.at.desc(), VoteNotice.id.desc()).limit(MOST_NOTICES))


def _kinds() -> sa.Select:
    return (sa.select(ProjectKind.name, ProjectKind.cap).where(ProjectKind.round_id == BudgetRound.id)
            .order_by(ProjectKind.position))


def _reasons() -> sa.Select:
    return (sa.select(ExclusionReason.name, ExclusionReason.text).where(ExclusionReason.round_id == BudgetRound.id)
            .order_by(ExclusionReason.position))


PAGE = 20


@dataclass(frozen=True)
class RoundDeskCard:
    """A round as the list of the desk shows it."""

    round: BudgetRound
    phase: Phase | None
    projects: int
    missing: list[Missing]
    """What its vote needs and what is not there; [] once it is open."""


def everything(after: str | None = None, *, limit: int = PAGE) -> paging.Page[RoundDeskCard]:
    """Rounds in preparation too, the latest year first. Raises Invalid for an `after` that is no token."""
    place, now = paging.parts(after, int, int), clock.now()
    beyond = () if place is None else (sa.or_(
        BudgetRound.year < place[0], sa.and_(BudgetRound.year == place[0], BudgetRound.id < place[1])),)
    projects = _counted(Project.hidden_at.is_(None))
    fit = _counted(Project.hidden_at.is_(None), Project.state.in_(FIT_FOR_BALLOT))
    rows = db.session.execute(
        sa.select(BudgetRound, projects, fit).where(BudgetRound.rehearsal_of_id.is_(None), *beyond)
        .order_by(BudgetRound.year.desc(), BudgetRound.id.desc()).limit(limit + 1).options(
            selectinload(BudgetRound.phases), selectinload(BudgetRound.envelopes).joinedload(Envelope.box))).all()
    cards = [RoundDeskCard(budget_round, current(budget_round.phases, now), count,
                  [] if budget_round.opened_at else readiness.missing(budget_round, fit_count)) for budget_round, count,
             fit_count in rows]
    return paging.page_of(cards, limit, lambda card: (card.round.year, card.round.id))


def _counted(*conditions) -> sa.ScalarSelect[int]:
    return (sa.select(sa.func.count()).where(Project.round_id == BudgetRound.id, *conditions).correlate(BudgetRound)
            .scalar_subquery())
