"""Rounds, envelopes and projects as records, what the desk reads of them, and interests in projects."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

import sqlalchemy as sa
from flask_login import AnonymousUserMixin
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm import joinedload, selectinload

from civic_forum.accounts.models import User
from civic_forum.accounts.queries.sessions import Caller, find_with_caller, with_caller
from civic_forum.accounts.session_cookie import SessionCookie
from civic_forum.ballots.models import BallotBox, ElectoralRoll, VoteNotice
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.ballots.voted import Reachable
from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.slugs import SLUG
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, end_of, local
from civic_forum.platform.statements import made_once

from .models import BudgetPhase, BudgetRound, ChoiceGroup, Envelope, ExclusionGroup
from .projects.models import EligibilityReview, Project
from .rules import EDITABLE, FIT_FOR_BALLOT, Phase, ProjectState, WON, voting_began, voting_ends

CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{0,18}[A-Z0-9])?")
DIGITS = "0123456789"


def by_code() -> tuple[sa.ColumnElement, ...]:
    """The order of codes as people count: A99 comes before A100."""
    return sa.func.rtrim(Project.code, DIGITS), sa.func.length(Project.code), Project.code


def missing() -> NotFound:
    return NotFound(_("이런 주민참여예산은 없어요. 주소를 다시 확인하거나 주민참여예산 목록에서 찾아보세요."))


def no_envelope() -> NotFound:
    return NotFound(_("이런 배정 예산은 없어요."))


def no_project() -> NotFound:
    return NotFound(_("이런 번호의 사업은 없어요. 주소를 다시 확인하거나 사업 목록에서 찾아보세요."))


def no_group() -> NotFound:
    return NotFound(_("이런 묶음은 없어요."))


def slugged(slug: str) -> BudgetRound | None:
    """With its phases and its envelopes with their boxes."""
    return db.session.scalar(_slugged(), {"slug": slug}) if SLUG.fullmatch(slug) else None


@made_once
def _slugged() -> sa.Select[tuple[BudgetRound]]:
    return sa.select(BudgetRound).where(BudgetRound.slug == sa.bindparam("slug")).options(
        selectinload(BudgetRound.phases), selectinload(BudgetRound.envelopes).joinedload(Envelope.box))


def by_slug(slug: str) -> BudgetRound:
    """Raises NotFound."""
    return existing(slugged(slug), missing)


def vote(slug: str, envelope: str, cookie: SessionCookie) -> tuple[sa.Row, Caller | AnonymousUserMixin]:
    """The first reading of a cast, in one statement: the round, its envelope with this slug and the box of that (None
    where there is none), and whose session has this cookie. Raises NotFound where there is no such round."""
    row, caller = None, None
    if SLUG.fullmatch(slug):
        row, caller = find_with_caller(_vote(), cookie, slug=slug,
                                       envelope=envelope if SLUG.fullmatch(envelope) else "")
    if row is None:
        raise missing()
    return row, caller


@made_once
def _vote() -> sa.Select:
    budget_round, envelope = BudgetRound.__table__.c, Envelope.__table__.c
    named = sa.and_(envelope.round_id == budget_round.id, envelope.slug == sa.bindparam("envelope"))
    return with_caller(sa.select(envelope.id.label("envelope_id"), envelope.box_id, budget_round.announced_at,
                                 budget_round.rehearsal_of_id)
                       .select_from(BudgetRound.__table__.outerjoin(Envelope.__table__, named))
                       .where(budget_round.slug == sa.bindparam("slug")))


def whole(slug: str) -> BudgetRound:
    """With everything that its preparation shows, in few statements. Raises NotFound."""
    if not SLUG.fullmatch(slug):
        raise missing()
    envelopes = selectinload(BudgetRound.envelopes)
    return existing(db.session.scalar(sa.select(BudgetRound).filter_by(slug=slug).options(
        selectinload(BudgetRound.phases), selectinload(BudgetRound.kinds), selectinload(BudgetRound.reasons),
        envelopes.joinedload(Envelope.box), envelopes.joinedload(Envelope.roll),
        envelopes.joinedload(Envelope.neighbourhood), envelopes.selectinload(Envelope.voters_of),
        envelopes.selectinload(Envelope.groups), envelopes.selectinload(Envelope.exclusions))), missing)


def locked(round_id: int) -> BudgetRound:
    """The round read again, and locked with the boxes of its envelopes until this transaction ends. Raises NotFound.

    The locks of the boxes keep an opening and an edit apart: whichever comes second sees the first.
    """
    budget_round = held(round_id)
    for box_id in sorted(db.session.scalars(sa.select(Envelope.box_id).where(
            Envelope.round_id == round_id, Envelope.box_id.is_not(None)))):
        boxes.held(box_id)
    return budget_round


def is_opened(round_id: int) -> bool:
    """True once its vote is open."""
    return db.session.scalar(sa.select(BudgetRound.opened_at).filter_by(id=round_id)) is not None


def held(round_id: int) -> BudgetRound:
    """The round alone, read again and locked: what opens a box of it locks this before the box. Raises NotFound."""
    return existing(db.session.get(BudgetRound, round_id, with_for_update={"key_share": True}, populate_existing=True),
                    missing)


def envelope(budget_round: BudgetRound, slug: str) -> Envelope:
    """Raises NotFound."""
    envelope = next((envelope for envelope in budget_round.envelopes if envelope.slug == slug), None)
    if envelope is None:
        raise no_envelope()
    set_committed_value(envelope, "round", budget_round)  # which is forgotten else, and asked for again
    return envelope


def envelopes_of(numbers: Collection[int]) -> list[Envelope]:
    """Several with their rounds; from then on `envelope_by_subject` asks no more, as long as they are held."""
    return list(db.session.scalars(_envelopes(), {"numbers": list(numbers)}))


@made_once
def _envelopes() -> sa.Select:
    return sa.select(Envelope).where(Envelope.id.in_(sa.bindparam("numbers", expanding=True))).options(
        joinedload(Envelope.round))


def rehearsals_of(round_id: int) -> list[BudgetRound]:
    """The newest first, with their envelopes and boxes."""
    return list(db.session.scalars(sa.select(BudgetRound).filter_by(rehearsal_of_id=round_id).order_by(
        BudgetRound.id.desc()).options(selectinload(BudgetRound.phases),
                                       selectinload(BudgetRound.envelopes).joinedload(Envelope.box))))


def boxes_of(round_id: int) -> list[tuple[str, BallotBox]]:
    """The box of every envelope that has one, with the name of the envelope, in their order."""
    return [(name, box) for name, box in db.session.execute(
        sa.select(Envelope.name, BallotBox).join(BallotBox, BallotBox.id == Envelope.box_id)
        .where(Envelope.round_id == round_id).order_by(Envelope.position))]


def envelope_by_subject(subject: str) -> Envelope:
    """The envelope whose vote a box is, with its round. Raises NotFound."""
    ref, envelope = Ref.read(subject), None
    if ref is not None and ref.kind == "envelope":
        envelope = db.session.get(Envelope, ref.id, options=[joinedload(Envelope.round)])
    if envelope is None:
        raise missing()
    return envelope


def project(round_id: int, code: str) -> Project:
    """Raises NotFound."""
    project = None
    if CODE.fullmatch(code):
        project = db.session.scalar(sa.select(Project).filter_by(round_id=round_id, code=code).options(
            joinedload(Project.envelope), joinedload(Project.department), joinedload(Project.neighbourhood)))
    if project is None:
        raise no_project()
    return project


def locked_project(project_id: int) -> Project:
    """The project read again, and locked until this transaction ends; the caller holds its round. Raises NotFound."""
    return existing(db.session.get(Project, project_id, with_for_update={"key_share": True}, populate_existing=True),
                    no_project)


VOTED_ON = frozenset((ProjectState.ON_BALLOT, ProjectState.NOT_CHOSEN, *WON))
UNDECIDED = frozenset((ProjectState.HANDED_IN, ProjectState.IN_REVIEW))


def on_ballots(budget_round: BudgetRound) -> dict[int, list[Project]]:
    """Envelope id → its projects that stand on the ballot, in the order of their numbers.

    Before the opening those that are fit and not hidden, in the order of their codes; afterwards those that were
    frozen, whatever became of them. The first opening closes the whole round: what is hidden later stays on the ballots
    that are opened after it, as it does on its own.
    """
    opened = [envelope.id for envelope in budget_round.envelopes if envelope.is_opened]
    shown = Project.hidden_at.is_(None)
    if budget_round.opened_at is not None:
        shown = sa.or_(shown, Project.hidden_at >= budget_round.opened_at)
    there = sa.or_(
        sa.and_(Project.envelope_id.not_in(opened), Project.state.in_(FIT_FOR_BALLOT), shown),
        sa.and_(Project.envelope_id.in_(opened), Project.state.in_(VOTED_ON), Project.number.is_not(None)))
    rows = db.session.scalars(
        sa.select(Project).where(Project.round_id == budget_round.id, there).options(
            joinedload(Project.neighbourhood), joinedload(Project.kind), joinedload(Project.department),
            joinedload(Project.proposal)).order_by(sa.func.length(Project.code), Project.code))
    projects: dict[int, list[Project]] = defaultdict(list)
    for project in rows:
        projects[project.envelope_id].append(project)
    for envelope_id in opened:
        projects[envelope_id].sort(key=lambda project: project.number)
    return projects


def on_ballot(envelope: Envelope) -> list[Project]:
    """The same of one envelope."""
    return on_ballots(envelope.round).get(envelope.id, [])


def how_many(round_id: int) -> dict[tuple[int, ProjectState], int]:
    """(Envelope id, state) → projects that everybody may see."""
    return {(envelope_id, state): number for envelope_id, state, number in db.session.execute(
        sa.select(Project.envelope_id, Project.state, sa.func.count()).where(
            Project.round_id == round_id, Project.hidden_at.is_(None)).group_by(Project.envelope_id, Project.state))}


def all_projects(round_id: int) -> list[Project]:
    """Projects that may still come onto a ballot, for choosing among them; in the order of their codes."""
    still = (*UNDECIDED, *FIT_FOR_BALLOT, ProjectState.ON_BALLOT)
    return list(db.session.scalars(
        sa.select(Project).where(Project.round_id == round_id, Project.state.in_(still), Project.hidden_at.is_(None))
        .order_by(sa.func.length(Project.code), Project.code)))


def held_projects(conditions: Iterable[sa.ColumnElement[bool]]) -> list[Project]:
    """Read again and locked in the order of their ids; the caller holds their round."""
    return list(db.session.scalars(
        sa.select(Project).where(*conditions).order_by(Project.id).with_for_update(key_share=True, of=Project)
        .execution_options(populate_existing=True)))


def numbered(envelope_id: int) -> sa.ColumnElement[bool]:
    """Projects that stand on the ballot of an envelope that is being opened."""
    return sa.and_(Project.envelope_id == envelope_id, Project.number.is_not(None), Project.state.in_(FIT_FOR_BALLOT))


def reachable(now: datetime) -> list[Reachable]:
    """Rounds for whose vote whoever is verified now comes in time."""
    rounds = db.session.scalars(sa.select(BudgetRound).where(
        BudgetRound.announced_at.is_not(None), BudgetRound.rehearsal_of_id.is_(None),
        sa.or_(BudgetRound.roll_grows, sa.and_(BudgetRound.roll_source == RollSource.VERIFIED,
                                               BudgetRound.roll_fixed_on >= local(now).date())), ~sa.exists().where(
            Envelope.round_id == BudgetRound.id, Envelope.roll_id == ElectoralRoll.id, ~BudgetRound.roll_grows,
            ElectoralRoll.fixed_at.is_not(None)), sa.exists().where(
            Envelope.round_id == BudgetRound.id, ~sa.exists().where(
                BallotBox.id == Envelope.box_id, BallotBox.closed_at.is_not(None))))
        .options(selectinload(BudgetRound.phases)).order_by(BudgetRound.id))
    ends = [(budget_round, voting_ends(budget_round.phases)) for budget_round in rounds]
    return [Reachable(
        budget_round.title, f"/budgets/{budget_round.slug}",
        until if budget_round.roll_grows else end_of(budget_round.roll_fixed_on), f"/budgets/{budget_round.slug}/ballot"
        if budget_round.roll_grows and voting_began(budget_round.phases, now) else None)
        for budget_round, until in ends if until is not None and until > now]


def grows(slug: str, envelope: str = "") -> bool:
    """True where people who are verified now are added to the rolls of this round, which everybody may know of and
    whose vote has not ended."""
    return SLUG.fullmatch(slug) is not None and bool(db.session.scalar(sa.select(BudgetRound.roll_grows).where(
        BudgetRound.slug == slug, BudgetRound.announced_at.is_not(None), BudgetRound.rehearsal_of_id.is_(None),
        BudgetRound.phases.any(sa.and_(BudgetPhase.phase == Phase.VOTING, BudgetPhase.ends_at > clock.now())))))


def envelope_of_roll(roll_id: int) -> Envelope | None:
    """The envelope that has this electoral roll."""
    return db.session.scalar(sa.select(Envelope).filter_by(roll_id=roll_id).order_by(Envelope.id).limit(1))


def has_projects(envelope_id: int) -> bool:
    return db.session.scalar(sa.select(sa.exists().where(Project.envelope_id == envelope_id)))


def kinds_in_use(round_id: int) -> set[int]:
    """Ids of the kinds that a project has."""
    return set(db.session.scalars(sa.select(Project.kind_id).where(
        Project.round_id == round_id, Project.kind_id.is_not(None)).distinct()))


def reasons_in_use(round_id: int) -> set[int]:
    """Ids of the reasons that a review gave."""
    return set(db.session.scalars(sa.select(EligibilityReview.reason_id).join(
        Project, Project.id == EligibilityReview.project_id).where(
        Project.round_id == round_id, EligibilityReview.reason_id.is_not(None)).distinct()))


def group(envelope_id: int, group_id: int) -> ChoiceGroup:
    """Raises NotFound."""
    return existing(db.session.scalar(sa.select(ChoiceGroup).filter_by(id=group_id, envelope_id=envelope_id)), no_group)


def exclusion(round_id: int, exclusion_id: int) -> ExclusionGroup:
    """Raises NotFound."""
    return existing(db.session.scalar(sa.select(ExclusionGroup).join(Envelope).where(
        ExclusionGroup.id == exclusion_id, Envelope.round_id == round_id)), no_group)


def envelopes(round_id: int) -> list[Envelope]:
    """In their order."""
    return list(db.session.scalars(sa.select(Envelope).filter_by(round_id=round_id).order_by(Envelope.position)))


def subject(round_id: int) -> str:
    """Name of a round in notices."""
    return str(Ref("budget_round", round_id))


def notices_of(round_id: int) -> list[VoteNotice]:
    """On the round and on the votes of its envelopes, newest first."""
    own = sa.select(sa.literal("envelope:") + sa.cast(Envelope.id, sa.String)).where(Envelope.round_id == round_id)
    return list(db.session.scalars(
        sa.select(VoteNotice).where(sa.or_(VoteNotice.subject == subject(round_id), VoteNotice.subject.in_(own)))
        .order_by(VoteNotice.at.desc(), VoteNotice.id.desc())))


def proposers(envelope_ids: Collection[int]) -> list[User]:
    """Of all projects that compete for the money of these envelopes."""
    return list(db.session.scalars(sa.select(User).where(User.id.in_(
        sa.select(Project.author_id).where(Project.envelope_id.in_(envelope_ids), Project.state.in_(EDITABLE))))))


def by_envelope(round_id: int) -> dict[int, list[User]]:
    """The same for every envelope of a round."""
    proposers: dict[int, list[User]] = defaultdict(list)
    for envelope_id, user in db.session.execute(
            sa.select(Project.envelope_id, User).join(User, User.id == Project.author_id)
            .where(Project.round_id == round_id, Project.state.in_(EDITABLE))):
        proposers[envelope_id].append(user)
    return proposers
