"""Tables with real names: for those who need them, with a reason, and for a time."""

import sqlalchemy as sa

from civic_forum.accounts.identity import SEALED_BIRTH_DATE, SEALED_NAME
from civic_forum.accounts.models import Affiliation, Person, User
from civic_forum.accounts.rules import AffiliationKind, Role, Verification
from civic_forum.answers.models import Assignment, FormalFiling
from civic_forum.answers.personal_data import unsealed
from civic_forum.blocks import listing
from civic_forum.blocks.filters import Filter
from civic_forum.blocks.listing import Column, Listing
from civic_forum.blocks.orders import Order
from civic_forum.district.models import Department, Neighbourhood
from civic_forum.platform import keys
from civic_forum.platform.i18n import _l
from civic_forum.proposals.models import Proposal

from .. import policy
from . import table
from .table import Table

BELONGS = {AffiliationKind.LIVE: _l("거주"), AffiliationKind.WORK: _l("직장"), AffiliationKind.STUDY: _l("학교")}
ALL = "all"
"""Among neighbourhoods: every one."""
FORMAL_COLUMNS = (
    Column("number", _l("접수번호"), _l("정식 제안이에요.")),
    Column("title", _l("제목"), _l("제안의 제목이에요.")),
    Column("department", _l("담당 부서"), _l("답변을 맡은 부서예요.")),
    Column("at", _l("정식 제안으로 낸 날"), _l("한국 날짜예요."), type="day"),
    Column("name", _l("이름"), _l("제안한 사람의 실제 이름이에요."), value=lambda row: unsealed(row)[0]),
    Column("contact", _l("연락처"), _l("제안한 사람이 적은 연락처예요."), value=lambda row: unsealed(row)[1]),
)
RESIDENT_COLUMNS = (
    Column("name", _l("이름"), _l("확인한 실제 이름이에요."), value=lambda row: keys.unseal(SEALED_NAME, row.name_sealed)),
    Column("birth_date", _l("생년월일"), _l("같은 이름을 가려내려고 있어요."),
           value=lambda row: keys.unseal(SEALED_BIRTH_DATE, row.birth_date_sealed)),
    Column("neighbourhood", _l("동"), _l("살거나 일하거나 배우는 동이에요.")),
    Column("kind", _l("관계"), _l("거주, 직장, 학교 가운데 하나예요."), labels=BELONGS),
)


def _formal(departments: frozenset[int]) -> sa.Select:
    return (sa.select(FormalFiling.proposal_id, Proposal.number, Proposal.title, Department.name.label("department"),
                      FormalFiling.at, FormalFiling.name_sealed, FormalFiling.contact_sealed)
            .join(Proposal, Proposal.id == FormalFiling.proposal_id)
            .join(Assignment, sa.and_(Assignment.proposal_id == Proposal.id, Assignment.is_lead,
                                      Assignment.ended_at.is_(None)))
            .join(Department, Department.id == Assignment.department_id)
            .where(Assignment.department_id.in_(departments), FormalFiling.name_sealed.is_not(None)))


def _residents(places: frozenset[int | str]) -> sa.Select:
    residents = (sa.select(Affiliation.id, Person.name_sealed, Person.birth_date_sealed,
                           Neighbourhood.name.label("neighbourhood"), Affiliation.kind)
                 .outerjoin(User, User.id == Affiliation.user_id)
                 .join(Person, Person.id == sa.func.coalesce(Affiliation.person_id, User.person_id))
                 .join(Neighbourhood, Neighbourhood.id == Affiliation.neighbourhood_id)
                 .where(Affiliation.how != Verification.DECLARED))
    return residents if ALL in places else residents.where(Affiliation.neighbourhood_id.in_(places))


def _places(user) -> frozenset:
    return user.neighbourhood_ids() | ({ALL} if user.has(Role.ADMINISTRATOR) else frozenset())


FORMAL = Table(
    listing.declare(Listing("table formal", _formal, (Order("id", None, (FormalFiling.proposal_id,)),),
                            columns=FORMAL_COLUMNS, check_scope=(frozenset(),))),
    _l("정식 제안한 사람 명단"), _l("우리 부서가 맡은 정식 제안의 이름과 연락처예요."), policy.may_take_formal, personal=True,
    scope=lambda user: user.department_ids(), asked=lambda user: (frozenset(user.department_ids()),))
RESIDENTS = Table(
    listing.declare(Listing(
        "table residents", _residents, (Order("id", None, (Affiliation.id,)),), columns=RESIDENT_COLUMNS,
        filters=(table.NEIGHBOURHOOD(Affiliation.neighbourhood_id), Filter(
            "kind", _l("관계"), Affiliation.kind, BELONGS)), check_scope=(frozenset(),))),
    _l("확인된 주민 명단"), _l("우편 안내를 보낼 때 써요. 동 담당자는 맡은 동만 받아요."), policy.may_take_residents, personal=True,
    scope=_places, asked=lambda user: (_places(user),))
