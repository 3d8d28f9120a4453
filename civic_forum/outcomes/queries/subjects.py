"""Things that outcomes are about, with all that decides whether they can have one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Decidable, Kind
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, local
from civic_forum.polls.models import Poll

from ..models import Outcome
from ..rules import OutcomeState


@dataclass(frozen=True)
class OutcomeCase:
    """Something that can be decided, with the outcome that it has or may get."""

    kind: Kind[Any]
    decidable: Decidable[Any]
    record: Any
    department_id: int | None
    """The department that decides; None: whichever begins."""
    votes: Sequence[Poll]
    """What was voted about it, with its box: the newest first."""
    found: Outcome | None

    @property
    def subject(self) -> str:
        return self.kind.name

    @property
    def outcome(self) -> Outcome | None:
        """Outcome as a department may see it: the draft of another is not for it to read."""
        return None if self.is_stale else self.found

    @property
    def is_stale(self) -> bool:
        return (self.found is not None and self.found.state is not OutcomeState.PUBLISHED
                and self.department_id not in (None, self.found.department_id))

    @property
    def owner_id(self) -> int | None:
        return self.outcome.department_id if self.outcome else self.department_id

    @property
    def title(self) -> str:
        if getattr(self.record, "hidden_at", None):
            return _("가린 %(what)s", what=self.kind.label)
        return self.kind.title(self.record)

    @property
    def url(self) -> str:
        return self.kind.url(self.record)

    @property
    def desk_url(self) -> str:
        return f"/desk/outcomes/{self.decidable.place}/{self.decidable.name(self.record)}"

    @property
    def earliest(self) -> date:
        """Nothing is decided before it was asked, or before the vote about it was over."""
        moments: list[datetime | None] = [self.decidable.began(self.record), *(
            poll.box.closed_at or poll.closes_at for poll in self.votes if poll.box)]
        return max(local(moment).date() for moment in moments if moment)


def decidable() -> Iterator[tuple[Kind[Any], Decidable[Any]]]:
    """The kinds of things that can have an outcome, in the order in which pages name them."""
    return iter(sorted(kinds.having(Decidable), key=lambda pair: pair[1].order))


def at(place: str, name: str) -> OutcomeCase:
    """Outcome of this address. Raises NotFound."""
    kind, decides = next(pair for pair in decidable() if pair[1].place == place)
    record = kind.named(name) if kind.named is not None else None
    if record is None:
        raise kind.missing()
    return _case(kind, decides, record)


def of(outcome: Outcome) -> OutcomeCase:
    kind, decides = _kind(outcome.subject)
    return _case(kind, decides, db.session.get_one(kind.model, outcome.subject_id))


def about(outcome: Outcome) -> OutcomeCase:
    """Subject of an outcome, for a page that only names it."""
    kind, decides = _kind(outcome.subject)
    return OutcomeCase(kind, decides, db.session.get_one(kind.model, outcome.subject_id), None, (), outcome)


def locked(subject: str, subject_id: int) -> OutcomeCase:
    """Read again, and locked until the transaction ends: whoever writes about the same waits here. Raises NotFound."""
    kind, decides = _kind(subject)
    return _case(kind, decides, decides.locked(subject_id))


def _kind(subject: str) -> tuple[Kind[Any], Decidable[Any]]:
    kind = kinds.of(subject)
    decides = existing(kind.get(Decidable), lambda: NotFound(_("이런 결과는 없어요. 결과 목록에서 찾아보세요.")))
    return kind, decides


def _case(kind: Kind[Any], decides: Decidable[Any], record: Any) -> OutcomeCase:
    outcome = db.session.scalar(sa.select(Outcome).filter_by(subject=kind.name, subject_id=record.id)
                                .options(joinedload(Outcome.department), joinedload(Outcome.written_by))
                                .execution_options(populate_existing=True))
    return OutcomeCase(kind, decides, record, decides.department_id(record), decides.votes(record), outcome)
