"""Showing a clerk who else is known under one name and birthday."""

from dataclasses import dataclass
from datetime import datetime

from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from ..identity import Identity
from ..models import AccessRecord, User
from ..policy.staff import may_verify
from ..queries import people


@dataclass(frozen=True)
class Namesake:
    """As much of a verified person as telling apart needs."""

    person_id: int
    verified_at: datetime
    neighbourhood: str | None
    sign_in_name: str | None
    """Its beginning and end only; None for a person without an account."""


def compare(who: Identity, *, by: User) -> list[Namesake]:
    """Everybody of this name and birthday; that the clerk saw them goes into the access log first."""
    with use_case(by) as work:
        actor = people.held(by.id)[by.id]
        require(actor, may_verify)
        persons = people.namesakes(who.hash)
        accounts = people.accounts_of([person.id for person in persons])
        for account in accounts.values():
            work.session.add(AccessRecord(by_id=actor.id, user_id=account.id, at=work.at,
                                          reason=_("창구에서 같은 이름과 생년월일을 견줌")))
        work.record("accounts.namesakes_compared", f"user:{actor.id}", found=len(persons))
        return [_namesake(person, accounts.get(person.id)) for person in persons]


def _namesake(person, account: User | None) -> Namesake:
    place = account.neighbourhood if account else None
    return Namesake(person.id, person.created_at, place.name if place else None,
                    account and masked(account.sign_in_name))


def masked(name: str) -> str:
    """`ha***21`."""
    return f"{name[:2]}***{name[-2:]}"
