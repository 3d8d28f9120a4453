"""Finding somebody in the electoral roll at a desk, by what their paper says. Nothing of it is kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import Person, User
from civic_forum.accounts.queries import people
from civic_forum.kernel.base import db

from .. import identities, keyring
from ..models import BallotBox
from ..queries import papers, rolls
from ..rules.boxes import Channel

NAMESAKES_PROBED = 8
"""An imported roll tells people of one name and birthday apart by 0, 1, 2 …, and nobody else may know them."""


@dataclass(frozen=True)
class Voter:
    """Somebody in the roll as a clerk sees them: as much as telling apart needs, and how they take part so far."""

    person: bytes
    neighbourhood_id: int | None
    channel: Channel | None
    paper_number: int | None
    struck_reason: str | None
    verified_at: datetime | None
    """When the site established who they are; None where only the imported list knows them."""
    account: User | None

    @property
    def is_struck(self) -> bool:
        return self.struck_reason is not None

    @property
    def account_name(self) -> str | None:
        """`ha***21`: beginning and end of the sign-in name."""
        name = self.account.sign_in_name if self.account else None
        return name and f"{name[:2]}***{name[-2:]}"


def voters(box: BallotBox, who: Identity) -> list[Voter]:
    """Everybody in the roll of this box with this name and birthday."""
    persons = {person.distinguisher: person for person in people.namesakes(who.hash)}
    accounts = people.accounts_of([person.id for person in persons.values()])
    found = []
    for number in range(max(persons, default=0) + NAMESAKES_PROBED):
        person = persons.get(number)
        account = accounts.get(person.id) if person else None
        known_as = [identities.of_identity(who.hash, number)]
        if account is not None:
            known_as.append(identities.of_account(account.id))
        found.append(_voter(box, known_as, person, account))
    return [voter for voter in found if voter]


def voter_of(box: BallotBox, user: User) -> Voter | None:
    """The holder of an account, as they stand in the roll of this box."""
    return _voter(box, identities.candidates(user), user.person, user)


def _voter(box: BallotBox, known_as: Iterable[bytes], person: Person | None, account: User | None) -> Voter | None:
    for known in known_as:
        entry = rolls.entry(box.roll_id, known) if box.roll_id else None
        if entry is not None:
            row_key = keyring.box_keys(box.id).row_key(box.id, known)
            part = papers.participation(box.id, row_key)
            struck = (entry.struck_reason or "") if entry.struck_at else None
            return Voter(known, entry.neighbourhood_id, part and part.channel, part and part.paper_number, struck,
                         person and person.created_at, account)
    return None


def is_own(user: User, person: bytes) -> bool:
    """Whether a member of staff would do this for themselves."""
    return person in identities.candidates(user)


def signed_in_account(user_id: int | None) -> User | None:
    """The account that somebody at the desk showed to be theirs."""
    user = db.session.get(User, user_id) if user_id else None
    return user if user is not None and user.is_active else None
