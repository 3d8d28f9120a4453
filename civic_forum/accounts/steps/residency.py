"""Verifying somebody, inside the caller's transaction. A desk and a letter do it; an identity provider may."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civic_forum.platform import keys
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, local

from .. import identity, rules
from ..identity import SEALED_BIRTH_DATE, SEALED_NAME, Identity
from ..models import Affiliation, Person, User
from ..queries import people
from ..rules import AffiliationKind, Belonging, Verification

Affiliations = Mapping[AffiliationKind, int]
"""Where somebody lives, works, studies: kind → id of the neighbourhood."""


@dataclass(frozen=True)
class ToldApart:
    """Decision of a clerk about people of the same name and birthday.

    `among` is how many of them the clerk was shown; `same_as` the id of the person it is, None for
    somebody else.
    """

    among: int
    same_as: int | None = None


class SamePerson(Conflict):
    """There is a verified person of this name and birthday; the desk has to tell them apart."""


def check_age(who: Identity, at: datetime) -> None:
    """Raise Refusal for somebody under 14, or a date that cannot be a birth date."""
    day = local(at).date()
    if not identity.plausible(who.birth_date, day):
        raise Refusal(_("생년월일을 다시 확인해 주세요."), field="birth_date")
    if not rules.old_enough(who.birth_date, day):
        raise Refusal(_("14세 미만은 회원이 될 수 없어요. 보호자나 학교를 통해 동 주민센터 현장 접수로 의견을 낼 수 있다고 "
                        "안내해 주세요."), field="birth_date")


def verify_person(user: User, who: Identity, *, how: Verification, affiliations: Affiliations, at: datetime,
                  told_apart: ToldApart | None = None) -> Person:
    """Tie a user, whose row the caller holds, to the person that they are.

    Raises SamePerson when others of this name and birthday are known and nobody has told them apart,
    Refusal when the account belongs to another person or the person to another account.
    """
    check_age(who, at)
    if user.person_id is None:
        person = _person_for(who, told_apart, at)
        if people.account_of(person.id) is not None:
            raise Refusal(_("이미 본인 확인을 마친 계정이 있어요. 한 사람은 확인된 계정을 하나만 쓸 수 있어요."))
        user.person_id = person.id
    else:
        person = db.session.get_one(Person, user.person_id)
        if person.identity_hash != who.hash:
            raise Refusal(_("이 계정은 다른 이름이나 생년월일로 이미 확인됐어요. 로그인 이름을 다시 확인해 주세요."))
    for kind, neighbourhood_id in affiliations.items():
        put_affiliation(user, kind, neighbourhood_id, how=how, at=at)
    db.session.execute(sa.update(Affiliation).where(Affiliation.user_id == user.id).values(person_id=person.id))
    if AffiliationKind.LIVE in affiliations:
        user.neighbourhood_id = affiliations[AffiliationKind.LIVE]
    count_residency(user)
    return person


def _person_for(who: Identity, told_apart: ToldApart | None, at: datetime) -> Person:
    namesakes = people.namesakes(who.hash)
    same = told_apart and told_apart.same_as
    if len(namesakes) != (told_apart.among if told_apart else 0) or same not in (None, *(one.id for one in namesakes)):
        raise SamePerson(_("같은 이름과 생년월일로 이미 확인된 분이 있어요. 동 주민센터에서 확인해야 해요."))
    if same is not None:
        return next(one for one in namesakes if one.id == same)
    person = Person(identity_hash=who.hash, name_sealed=keys.seal(SEALED_NAME, who.name), created_at=at,
                    birth_date_sealed=keys.seal(SEALED_BIRTH_DATE, who.birth_date.isoformat()),
                    distinguisher=max((one.distinguisher for one in namesakes), default=-1) + 1)
    db.session.add(person)
    db.session.flush()
    return person


def put_affiliation(user: User, kind: AffiliationKind, neighbourhood_id: int, *, how: Verification,
                    at: datetime) -> Affiliation:
    """Note that the user lives, works or studies there; one place of each kind."""
    known = db.session.scalar(sa.select(Affiliation).filter_by(user_id=user.id, kind=kind).with_for_update())
    if known is None:
        known = Affiliation(user_id=user.id, kind=kind)
        db.session.add(known)
    known.person_id, known.neighbourhood_id, known.how, known.at = user.person_id, neighbourhood_id, how, at
    db.session.flush()
    return known


def count_residency(user: User) -> None:
    """Set `is_resident` from what is known now."""
    rows = db.session.scalars(sa.select(Affiliation).filter_by(user_id=user.id))
    user.is_resident = rules.is_resident([Belonging(row.kind, row.how) for row in rows])
