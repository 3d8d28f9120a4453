"""Every SELECT of rounds, nominees and scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager

from civic_forum.accounts.models import RoleGrant, User
from civic_forum.accounts.queries.people import not_blocked
from civic_forum.answers.models import Answer
from civic_forum.answers.rules import AnswerKind, AnswerState
from civic_forum.attachments.queries import first_picture
from civic_forum.blocks import listing
from civic_forum.blocks.filters import Filter, words
from civic_forum.blocks.listing import Chosen, Listing
from civic_forum.blocks.orders import Order
from civic_forum.bodies.queries import seated
from civic_forum.district.models import Category
from civic_forum.platform import clock
from civic_forum.platform.base import Number, db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _, _l
from civic_forum.proposals.models import Proposal

from . import rules
from .models import AwardJuror, AwardNominee, AwardRound, AwardScore
from .rules import RoundState

MOST_ROUNDS, MOST_STAFF = 100, 300


@dataclass(frozen=True)
class AwardCase:
    """A nominee, and those who score it."""

    nominee: AwardNominee
    jury: dict[int, User]
    sheets: dict[int, Sequence[int]]
    """Juror → points that were handed in."""

    @property
    def round(self) -> AwardRound:
        return self.nominee.round

    @property
    def proposal(self) -> Proposal:
        return self.nominee.proposal

    @property
    def author(self) -> User:
        return self.proposal.author

    @property
    def stands(self) -> bool:
        return rules.stands(self.nominee.declined_at is not None, self.proposal.hidden_at is not None,
                            self.proposal.state)

    @property
    def scored_by(self) -> set[int]:
        return set(self.sheets)

    @property
    def jurors(self) -> set[int]:
        """Those of the jury who may score it."""
        author = self.author
        return {juror.id for juror in self.jury.values()
                if not rules.is_own(juror.id, juror.person_id, author.id, author.person_id)}

    @property
    def scored(self) -> rules.Nominee:
        return rules.Nominee(self.nominee.id, self.stands, len(self.jurors), tuple(self.sheets.values()))

    @property
    def mean(self) -> Fraction | None:
        return rules.mean(list(self.sheets.values()))

    @property
    def without_names(self) -> list[Sequence[int]]:
        """The sheets by their sums: their order says nothing of who gave which."""
        return sorted(self.sheets.values(), key=lambda sheet: (-sum(sheet), list(sheet)))


@dataclass(frozen=True)
class Panel:
    """A whole round."""

    round: AwardRound
    jury: dict[int, User]
    cases: list[AwardCase]

    @property
    def standing(self) -> list[AwardCase]:
        return [case for case in self.cases if case.stands]

    @property
    def waiting(self) -> int:
        """Number of sheets still to be handed in."""
        return sum(len(case.jurors - case.scored_by) for case in self.standing)

    @property
    def places(self) -> dict[int, int]:
        """Nominee → place: as published, or as it would be now."""
        if self.round.state is RoundState.PUBLISHED:
            return {case.nominee.id: case.nominee.place for case in self.cases if case.nominee.place}
        return rules.places(case.scored for case in self.cases)

    @property
    def ranked(self) -> list[AwardCase]:
        """The best first, then those without a place."""
        places = self.places
        return sorted(self.cases,
                      key=lambda case: (places.get(case.nominee.id, rules.MOST_NOMINEES + 1), case.nominee.id))

    @property
    def awarded_ids(self) -> list[int]:
        return [case.nominee.id for case in self.cases if self.is_awarded(case)]

    def is_awarded(self, case: AwardCase) -> bool:
        return rules.is_awarded(self.places.get(case.nominee.id), self.round.winners)


def panel(round_id: int, *, lock: bool = False) -> Panel:
    """Three statements. Raises NotFound."""
    statement = sa.select(AwardRound).filter_by(id=round_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    round_ = db.session.scalar(statement)
    if round_ is None:
        raise missing()
    jury = _jury(round_id)
    return Panel(round_, jury, _cases(AwardNominee.round_id == round_id, jury))


_SCORED = sa.exists().where(AwardScore.nominee_id == AwardNominee.id,
                            AwardScore.juror_id == sa.bindparam("viewer", type_=Number))
NOMINEES = listing.declare(Listing(
    "award nominees", lambda: sa.select(AwardNominee.id).join(AwardNominee.proposal).where(
        AwardNominee.round_id == sa.bindparam("round", type_=Number)),
    endpoint="award_desk.show", size=rules.MOST_NOMINEES,
    filters=(Filter("sheet", _l("내 점수"), None, {"owed": _l("내 점수가 없는 후보"), "given": _l("내가 점수를 낸 후보")},
                    _l("모든 후보"), {"owed": ~_SCORED, "given": _SCORED}),
             words("q", _l("제목이나 접수번호"), Proposal.title, Proposal.number, most=50,
                   also=Proposal.hidden_at.is_(None))),
    orders=(Order("oldest", _l("오래된순"), (AwardNominee.id,)), Order("newest", _l("최신순"), (AwardNominee.id.desc(),)))))


def listed(panel: Panel, wanted: Chosen, viewer_id: int) -> list[AwardCase]:
    """Nominees of a round in the order of its list: without filters as they were nominated."""
    if not wanted.narrowed and wanted.order is NOMINEES.orders[0]:
        return panel.cases
    cases = {case.nominee.id: case for case in panel.cases}
    return [cases[row.id] for row in wanted.page(round=panel.round.id, viewer=viewer_id).items]


def public(round_id: int) -> Panel:
    """A round that was published. Raises NotFound."""
    published = panel(round_id)
    if published.round.state is not RoundState.PUBLISHED:
        raise missing()
    return published


def case(nominee_id: int) -> AwardCase:
    """Raises NotFound."""
    nominee = db.session.get(AwardNominee, nominee_id)
    if nominee is None:
        raise missing()
    return _cases(AwardNominee.id == nominee_id, _jury(nominee.round_id))[0]


def _jury(round_id: int) -> dict[int, User]:
    return {juror.user.id: juror.user for juror in seated(AwardJuror, round_id) if juror.user}


def _cases(which, jury: dict[int, User]) -> list[AwardCase]:
    rows = db.session.execute(
        sa.select(AwardNominee, AwardScore.juror_id, AwardScore.points)
        .join(AwardNominee.proposal).join(Proposal.author).join(AwardNominee.round)
        .outerjoin(AwardScore, AwardScore.nominee_id == AwardNominee.id)
        .options(contains_eager(AwardNominee.proposal).contains_eager(Proposal.author),
                 contains_eager(AwardNominee.round))
        .where(which).order_by(AwardNominee.id, AwardScore.juror_id)
        .execution_options(populate_existing=True)).all()
    cases: dict[int, AwardCase] = {}
    for nominee, juror, points in rows:
        case = cases.setdefault(nominee.id, AwardCase(nominee, jury, {}))
        if juror is not None:
            case.sheets[juror] = points
    return list(cases.values())


def rounds(*, only_public: bool = False) -> list[AwardRound]:
    """The latest first."""
    statement = sa.select(AwardRound).order_by(AwardRound.year.desc(), AwardRound.id.desc()).limit(MOST_ROUNDS)
    return list(db.session.scalars(statement.where(AwardRound.published_at.is_not(None)) if only_public else statement))


@dataclass(frozen=True)
class Awarded:
    """A proposal that was awarded, on a card."""

    place: int
    number: str
    title: str
    category: str | None
    category_label: str | None
    picture: str | None
    """Key of its first picture."""


def awarded() -> dict[int, list[Awarded]]:
    """Round → what was awarded in it and everybody may read."""
    awarded: dict[int, list[Awarded]] = {}
    for round_id, *rest in db.session.execute(
            sa.select(AwardNominee.round_id, AwardNominee.place, Proposal.number, Proposal.title, Proposal.category,
                      Category.name, first_picture(Proposal.attachment_set_id))
            .join(AwardNominee.round).join(AwardNominee.proposal)
            .outerjoin(Category, Category.key == Proposal.category)
            .where(AwardRound.published_at.is_not(None), AwardNominee.place <= AwardRound.winners,
                   Proposal.hidden_at.is_(None)).order_by(AwardNominee.place, AwardNominee.id)):
        awarded.setdefault(round_id, []).append(Awarded(*rest))
    return awarded


def to_score(staff) -> sa.Select:
    """For the desk: nominees whose sheet this juror still owes and can hand in, as `policy.may_score` says."""
    own_person = sa.select(User.person_id).where(User.id == staff.id).scalar_subquery()
    author = aliased(User)
    scored = sa.exists().where(AwardScore.nominee_id == AwardNominee.id, AwardScore.juror_id == staff.id)
    return (sa.select(AwardNominee.id, AwardRound.scores_until, sa.cast(AwardNominee.id, sa.Text), Proposal.title,
                      AwardRound.name)
            .join(AwardRound, AwardRound.id == AwardNominee.round_id)
            .join(AwardJuror, sa.and_(AwardJuror.round_id == AwardRound.id, AwardJuror.user_id == staff.id))
            .join(Proposal, Proposal.id == AwardNominee.proposal_id).join(author, author.id == Proposal.author_id)
            .where(AwardRound.state == RoundState.SCORING, AwardRound.scores_until >= staff.today,
                   AwardNominee.declined_at.is_(None), Proposal.hidden_at.is_(None),
                   Proposal.state.not_in(rules.GONE), ~scored, author.id != staff.id,
                   sa.or_(own_person.is_(None), author.person_id.is_(None),
                                                 author.person_id != own_person)))


def open_nominee(proposal_id: int) -> int | None:
    """The nominee with which an author can still decline."""
    return db.session.scalar(sa.select(AwardNominee.id).join(AwardNominee.round).where(
        AwardNominee.proposal_id == proposal_id, AwardNominee.declined_at.is_(None),
        AwardRound.state != RoundState.PUBLISHED).order_by(AwardNominee.id).limit(1))


def last_outcome(proposal_id: int) -> str | None:
    return db.session.scalar(
        sa.select(Answer.outcome).filter_by(proposal_id=proposal_id, state=AnswerState.PUBLISHED,
                                            kind=AnswerKind.FINAL).order_by(Answer.id.desc()).limit(1))


def people_with_roles() -> list[User]:
    """From whom a jury is chosen."""
    return list(db.session.scalars(sa.select(User).where(
        User.left_at.is_(None), not_blocked(clock.now()),
        sa.exists().where(RoleGrant.user_id == User.id, RoleGrant.withdrawn_at.is_(None)))
        .order_by(User.nickname, User.id).limit(MOST_STAFF)))


def missing() -> NotFound:
    return NotFound(_("이런 포상은 없어요. 목록에서 다시 골라 주세요."))
