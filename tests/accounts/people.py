"""People who can sign in, and what they type."""

from datetime import date
from functools import lru_cache
from itertools import count


from civic_forum.accounts import passwords
from civic_forum.accounts.identity import Identity
from civic_forum.accounts.rules import Evidence
from civic_forum.accounts.services import codes, letters, staff_acts
from tests.ballots.people import belongs, person
from tests.common import again

PASSWORD = "버스 정류장 옆 은행나무"
ANOTHER = "골목길 끝 파란 대문"
CARD = Evidence.RESIDENT_CARD
WHO = Identity("김하늘", date(1980, 1, 1))
_number = count(1)


def password_hash():
    return _hash_with(passwords._hasher.memory_cost)


@lru_cache
def _hash_with(_memory_cost):
    return passwords.hashed(PASSWORD)


def member(town, **facts):
    """A user whose password is PASSWORD."""
    return town.user(**{"password_hash": password_hash()} | facts)


def application(**changes):
    """The form of sign-up, filled in; `None` leaves a field out."""
    fields = {"name": "sanho.kim", "password": PASSWORD, "age": "y", "terms": "y", "privacy": "y"} | changes
    return {name: value for name, value in fields.items() if value is not None}


def sign_in(client, name, password=PASSWORD, **fields):
    return client.post("/sign-in", data={"name": name, "password": password} | fields)


def second_clerk(town, place=None, **facts):
    """A clerk whom a desk has verified: may be the second person of what another one did."""
    clerk = town.clerk(neighbourhood=place or town.neighbourhood(), person_id=person(f"담당 {next(_number)}").id, **facts)
    belongs(clerk, place or town.neighbourhood())
    return clerk


def posted(town, *letter_ids):
    """Letters that were printed, given to the post by another clerk."""
    letters.post_batch(letter_ids, by=second_clerk(town))


def seen(town, who):
    """A second clerk has seen somebody whose account staff touched."""
    staff_acts.confirm_seen(who, evidence=CARD, by=second_clerk(town))


def code(user, by, who=WHO):
    """A code for a new password, which somebody of the staff gives out at the desk."""
    return codes.issue(again(user), who, evidence=CARD, by=again(by))
