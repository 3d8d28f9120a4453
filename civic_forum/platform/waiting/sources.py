"""Sources of waiting work, and the statement or the short list of each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import sqlalchemy as sa

from .. import policy
from ..i18n import Language, language
from .work import WORK, DeskWork, Waiting

KEPT = 500
"""So many statements are kept; each is for one person and one way to narrow the list."""
SHORT = "short"
"""Said of a kind that is a short list and is asked anew each time."""


@dataclass(frozen=True)
class Staff:
    """All that a statement may know of who asks: it is kept and asked again as long as this stays the same."""

    id: int
    roles: frozenset
    departments: frozenset[int]
    neighbourhoods: frozenset[int]
    today: date
    """In Seoul. A statement may hold a day, which ends with it, and never a moment."""
    language: Language = Language.KO
    """Names of departments and neighbourhoods are read in it."""

    @classmethod
    def of(cls, user, today: date) -> "Staff":
        return cls(user.id, frozenset(user.roles), frozenset(user.department_ids()),
                   frozenset(user.neighbourhood_ids()), today, language())

    def has(self, role) -> bool:
        return role in self.roles

    def department_ids(self) -> frozenset[int]:
        return self.departments

    def neighbourhood_ids(self) -> frozenset[int]:
        return self.neighbourhoods


@dataclass(frozen=True, eq=False)
class Source:
    """Waiting things of one kind for one user."""

    name: str
    work: DeskWork
    staff: Staff
    found: sa.Select | tuple[Waiting, ...]

    @property
    def is_short(self) -> bool:
        return isinstance(self.found, tuple)

    def __eq__(self, other: object) -> bool:
        """The same statement: for those that are kept."""
        return isinstance(other, Source) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple:
        return self.name, self.work.waiting, self.work.within, self.staff


def sources(user, today: date) -> list[Source]:
    """The kinds of work that this user has today, in the order in which the features were put together."""
    staff, found = Staff.of(user, today), []
    for name, work in WORK.items():
        if policy.can(user, work.permission) and (waits := _asked(work.waiting, staff)) is not None:
            found.append(Source(name, work, staff, tuple(work.waiting(staff)) if waits is SHORT else waits))
    return found


@lru_cache(maxsize=KEPT)
def _asked(waiting: Callable, staff: Staff) -> sa.Select | str | None:
    """The statement of a kind for this person. Making one costs more than asking the database, so it is kept."""
    found = waiting(staff)
    return SHORT if isinstance(found, list) else found
