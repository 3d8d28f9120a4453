"""Everybody concerned, held in one order before anything else is locked, with the rights as they are by then."""

from collections.abc import Iterable
from dataclasses import dataclass

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.platform.policy import require

from ..policy import Acted, may_act
from ..rules import ActionKind


@dataclass(frozen=True)
class Held:
    actor: User | None
    """None for the site itself."""
    people: dict[int, User]
    administrators: frozenset[int]

    def require(self, kind: ActionKind, author_id: int) -> None:
        """Raise Denied unless the actor may do so to this author."""
        if self.actor is not None:
            require(self.actor, may_act, self._acted(kind, author_id))

    def may(self, kind: ActionKind, author_id: int) -> bool:
        return self.actor is None or may_act(self.actor, self._acted(kind, author_id)) is None

    def _acted(self, kind: ActionKind, author_id: int) -> Acted:
        return Acted(kind, author_id, author_id in self.administrators)


def hold(work, author_ids: Iterable[int]) -> Held:
    """The accounts of these authors and of who acts, locked until the transaction ends."""
    actor_id, authors = getattr(work.actor, "id", None), set(author_ids)
    rows = people.held_rows(authors | {actor_id} - {None})
    actor = rows.get(actor_id)
    if actor is not None:
        work.session.expire(actor, ["grants"])
    return Held(actor, rows, people.administrators_among(authors))
