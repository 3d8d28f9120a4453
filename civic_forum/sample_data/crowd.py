"""People present at a moment, and those of them who did something."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.kernel.base import db


@dataclass
class Crowd:
    joined: dict[str, datetime]
    """Sign-in name → when they joined."""
    staff: frozenset[str]
    ids: dict[str, int] = field(default_factory=dict)
    kiosk: str = ""
    """The secret of the kiosk at which they vote, once there is one. It is written nowhere."""

    def user(self, name: str) -> User:
        if name not in self.ids:
            self.ids[name] = db.session.scalars(sa.select(User.id).filter_by(sign_in_name=name)).one()
        return db.session.get_one(User, self.ids[name])

    def some(self, what: str, count: int, since: datetime, *, but: str) -> list[str]:
        """`count` people who had joined by then, always the same for the same thing, staff and one other left out."""
        there = [name for name, at in self.joined.items() if at < since and name != but and name not in self.staff]
        there.sort(key=lambda name: sha256(f"{what}|{name}".encode()).digest())
        return there[:count]


def of(newcomers: Iterable) -> Crowd:
    people = list(newcomers)
    blocked_or_staff = frozenset(one.entry["name"] for one in people if one.entry["roles"] or one.entry.get("blocked"))
    return Crowd({one.entry["name"]: one.at for one in people}, blocked_or_staff)
