"""Tables with real names: for those who need them, with a reason, and for a time."""

import sqlalchemy as sa

from civic_forum.accounts.identity import SEALED_BIRTH_DATE, SEALED_NAME
from civic_forum.accounts.models import Affiliation, Person, User
from civic_forum.accounts.rules import AffiliationKind, Role, Verification
from civic_forum.answers.models import Assignment, FormalFiling
from civic_forum.answers.personal_data import unsealed
from civic_forum.district.models import Department, Neighbourhood
from civic_forum.kernel import keys
from civic_forum.kernel.i18n import _l, local
from civic_forum.proposals.models import Proposal

from .. import policy
from ..rules import Column, Table
from . import filters
from .batches import numbers, whole
from .batches import words as spoken

BELONGS = {AffiliationKind.LIVE: _l("거주"), AffiliationKind.WORK: _l("직장"), AffiliationKind.STUDY: _l("학교")}
FORMAL_COLUMNS = (
    Column(_l("접수번호"), _l("정식 제안이에요.")),
    Column(_l("제목"), _l("제안의 제목이에요.")),
    Column(_l("담당 부서"), _l("답변을 맡은 부서예요.")),
    Column(_l("정식 제안으로 낸 날"), _l("한국 날짜예요.")),
    Column(_l("이름"), _l("제안한 사람의 실제 이름이에요.")),
    Column(_l("연락처"), _l("제안한 사람이 적은 연락처예요.")),
)
RESIDENT_COLUMNS = (
    Column(_l("이름"), _l("확인한 실제 이름이에요.")),
    Column(_l("생년월일"), _l("같은 이름을 가려내려고 있어요.")),
    Column(_l("동"), _l("살거나 일하거나 배우는 동이에요.")),
    Column(_l("관계"), _l("거주, 직장, 학교 가운데 하나예요.")),
)


def formal(_chosen, by):
    found = (sa.select(FormalFiling.proposal_id, Proposal.number, Proposal.title, Department.name.label("department"),
                       FormalFiling.at, FormalFiling.name_sealed, FormalFiling.contact_sealed)
             .join(Proposal, Proposal.id == FormalFiling.proposal_id)
             .join(Assignment, sa.and_(Assignment.proposal_id == Proposal.id, Assignment.is_lead,
                                       Assignment.ended_at.is_(None)))
             .join(Department, Department.id == Assignment.department_id)
             .where(Assignment.department_id.in_(by.department_ids()), FormalFiling.name_sealed.is_not(None)))
    for one in whole(found, FormalFiling.proposal_id):
        yield one.number, one.title, one.department, local(one.at).date(), *unsealed(one)


def residents(chosen, by):
    found = (sa.select(Affiliation.id, Person.name_sealed, Person.birth_date_sealed, Neighbourhood.name,
                       Affiliation.kind)
             .outerjoin(User, User.id == Affiliation.user_id)
             .join(Person, Person.id == sa.func.coalesce(Affiliation.person_id, User.person_id))
             .join(Neighbourhood, Neighbourhood.id == Affiliation.neighbourhood_id)
             .where(Affiliation.how != Verification.DECLARED))
    if not by.has(Role.ADMINISTRATOR):
        found = found.where(Affiliation.neighbourhood_id.in_(by.neighbourhood_ids()))
    place, = numbers(chosen, "neighbourhood")
    if place is not None:
        found = found.where(Affiliation.neighbourhood_id == place)
    if kind := chosen.get("kind"):
        found = found.where(Affiliation.kind == kind)
    kinds = spoken(BELONGS)
    for _id, name, birth_date, neighbourhood, kind in whole(found, Affiliation.id):
        yield keys.unseal(SEALED_NAME, name), keys.unseal(SEALED_BIRTH_DATE, birth_date), neighbourhood, kinds[kind]


def _places(user) -> frozenset:
    return user.neighbourhood_ids() | ({"all"} if user.has(Role.ADMINISTRATOR) else frozenset())


FORMAL = Table("formal", _l("정식 제안한 사람 명단"), _l("우리 부서가 맡은 정식 제안의 이름과 연락처예요."), FORMAL_COLUMNS, formal,
               policy.may_take_formal, personal=True, scope=lambda user: user.department_ids())
RESIDENTS = Table("residents", _l("확인된 주민 명단"), _l("우편 안내를 보낼 때 써요. 동 담당자는 맡은 동만 받아요."), RESIDENT_COLUMNS,
                  residents, policy.may_take_residents,
                  (filters.NEIGHBOURHOOD, filters.of_words("kind", _l("관계"), BELONGS)), personal=True, scope=_places)
