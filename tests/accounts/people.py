"""People who can sign in, and what they type."""

from functools import lru_cache

from civic_forum.accounts import passwords

PASSWORD = "버스 정류장 옆 은행나무"
ANOTHER = "골목길 끝 파란 대문"


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
