"""Reads the page of one round in every phase, and the desk's list of rounds."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from civic_forum.accounts.models import User
from civic_forum.attachments.queries import first_picture
from civic_forum.ballots.models import BallotBox, VoteNotice, Voter
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.rolls import electorate
from civic_forum.blocks import sections
from civic_forum.blocks.slugs import SLUG
from civic_forum.platform import clock, paging
from civic_forum.platform.base import db
from civic_forum.platform.statements import made_once

from .. import readiness
from ..committee.models import CommitteeMember
from ..models import BudgetPhase, BudgetRound, Envelope
from ..queries import missing, notices_of
from ..rules import FIT_FOR_BALLOT, NO_MORE, Missing, Phase, ProjectState, WON, current, in_order
from ..projects.models import Project
from ..voting import queries as voting
from .listing import LEFT

MOST_SHOWN = 60
"""Projects on the page of a round; the list has all."""
A_FEW = 8


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

    projects: Sequence[sa.Row[tuple[str, str, ProjectState]]]
    """Code, title, state of what they handed in."""
    sits_on_committee: bool
    """While the committee sits."""
    votes: list[voting.OwnVote]
    """How they stand to every vote of it that is open now."""


@dataclass(frozen=True)
class RoundDetail:
    """Everything that the page of a round shows to everybody."""

    round: BudgetRound
    purses: list[EnvelopeCard]
    notices: list[VoteNotice]
    season_accepted_by: str | None

    @property
    def spans(self) -> list[BudgetPhase]:
        """In the order in which the round goes through them."""
        return in_order(self.round.phases)

    @property
    def money(self) -> int:
        return sum(purse.envelope.amount for purse in self.purses)

    @property
    def sums(self) -> dict[ProjectState, Sum]:
        """Over all envelopes, in the order of the states; those of which nothing more is done come last."""
        sums = {}
        for state in sorted(ProjectState, key=NO_MORE.__contains__):
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
    def quorums(self) -> list[dict]:
        """Of its envelopes, each once."""
        terms = [purse.envelope.quorum_terms for purse in self.purses]
        return [each for place, each in enumerate(terms) if each and each not in terms[:place]]

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
    row = db.session.execute(_round(), {"slug": slug}).one_or_none()
    if row is None:
        raise missing()
    budget_round, nickname = row
    return RoundDetail(budget_round, _purses(budget_round.id), notices_of(budget_round.id), nickname)


@made_once
def _round() -> sa.Select:
    return (sa.select(BudgetRound, User.nickname).outerjoin(User, User.id == BudgetRound.season_accepted_by_id)
            .where(BudgetRound.slug == sa.bindparam("slug"))
            .options(selectinload(BudgetRound.phases), selectinload(BudgetRound.kinds)))


@dataclass(frozen=True)
class Sketch:
    """As much of a round as says what somebody can do in it."""

    round: BudgetRound
    spans: list[BudgetPhase]
    boxes: list[BallotBox]
    chosen: bool


def sketch(budget_round: BudgetRound) -> Sketch:
    return Sketch(budget_round, in_order(budget_round.phases),
                  [envelope.box for envelope in budget_round.envelopes if envelope.box is not None],
                  any(state in WON for _envelope, state in sections.kept(_sums, budget_round.id)))


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


def own(sketch: Sketch, user: User) -> OwnRound:
    """The part of the page for this person alone."""
    asked = {"round": sketch.round.id, "user": user.id}
    sits = current(sketch.spans, clock.now()) is Phase.COMMITTEE and bool(db.session.scalar(_sits(), asked))
    return OwnRound(db.session.execute(_handed_in(), asked).all(), sits,
                    voting.own(sketch.round.envelopes, user))


@made_once
def _handed_in() -> sa.Select:
    return sa.select(Project.code, Project.title, Project.state).where(
        Project.round_id == sa.bindparam("round"), Project.author_id == sa.bindparam("user")).order_by(Project.code)


@made_once
def _sits() -> sa.Select:
    return sa.select(sa.exists().where(
        CommitteeMember.round_id == sa.bindparam("round"), CommitteeMember.user_id == sa.bindparam("user")))


def _purses(round_id: int) -> list[EnvelopeCard]:
    sums = sections.kept(_sums, round_id)
    return [EnvelopeCard(envelope, {state: sums[envelope.id, state] for state in ProjectState
                                    if (envelope.id, state) in sums}, _shown(envelope.box, count))
            for envelope, count in db.session.execute(_envelopes(), {"round": round_id})]


@made_once
def _envelopes() -> sa.Select:
    """Envelopes of a `round`, each with how many voted."""
    voted = (sa.select(sa.func.count()).select_from(Voter)
             .where(Voter.box_id == Envelope.box_id, boxes.turnout())
             .correlate(Envelope).scalar_subquery())
    return (sa.select(Envelope, voted).where(Envelope.round_id == sa.bindparam("round")).order_by(Envelope.position)
            .options(joinedload(Envelope.box).joinedload(BallotBox.roll), joinedload(Envelope.roll),
                     joinedload(Envelope.neighbourhood), selectinload(Envelope.groups),
                     selectinload(Envelope.voters_of), selectinload(Envelope.exclusions)))


def _shown(box: BallotBox | None, count: int) -> int | None:
    return None if box is None or box.opened_at is None or box.erased_at is not None else count


def _sums(round_id: int) -> dict[tuple[int, ProjectState], Sum]:
    """By envelope and state."""
    rows = db.session.execute(
        sa.select(Project.envelope_id, Project.state, sa.func.count(), sa.func.sum(Project.cost),
                  sa.func.coalesce(sa.func.sum(Project.decided_amount), 0))
        .where(Project.round_id == round_id, Project.hidden_at.is_(None)).group_by(Project.envelope_id, Project.state))
    return {(envelope_id, state): Sum(count, int(cost), int(decided))
            for envelope_id, state, count, cost, decided in rows}


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
