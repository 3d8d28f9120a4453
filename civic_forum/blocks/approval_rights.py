"""Rights on a text that one person writes and another one approves, and the sentences of refusals."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from civic_forum.platform.i18n import _
from civic_forum.platform.policy import Predicate, permission

from .approval_models import Stage
from .kinds import WrongDeclaration

Actor = Any
Case = TypeVar("Case")
"""Subject of a text, with the text that it has."""
Record = TypeVar("Record")
VERBS = ("send_back", "approve", "correct", "send_back_correction", "approve_correction")


@dataclass(frozen=True, kw_only=True)
class AnotherPerson:
    """The rule that nobody approves what they wrote, under no account of theirs."""

    same: Callable[[Actor, Actor], bool]
    """True for two accounts of one person."""
    is_asked: Callable[[], bool]
    """Whether a text waits for another person at all, by the settings of the site."""
    refusal: object


@dataclass(frozen=True, kw_only=True)
class ApprovalRights(Generic[Case, Record]):
    """Rights on a text that waits for another person; `register` gives them the names of permissions."""

    name: str
    """Of the permissions: `answers.approve`."""
    another: AnotherPerson
    needs: Callable[[Actor, Case], str | None]
    """Reason against working on the draft at all."""
    needs_own: Callable[[Actor, Record], str | None]
    """Reason against changing what was published."""
    draft: Callable[[Case], Record | None]
    writer: Callable[[Any], Actor] = lambda record: record.written_by
    """Of what waits now, the draft or a correction."""
    none_waits: object
    why_not_yet: Callable[[Case], str | None] = lambda _case: None
    """Reason of the thing itself against publishing now."""
    send_back: Predicate = field(init=False)
    approve: Predicate = field(init=False)
    correct: Predicate = field(init=False)
    send_back_correction: Predicate = field(init=False)
    approve_correction: Predicate = field(init=False)

    def __post_init__(self) -> None:
        for verb in VERBS:
            object.__setattr__(self, verb, _predicate(getattr(self, f"_{verb}")))

    def _send_back(self, actor: Actor, case: Case) -> str | None:
        if reason := self.needs(actor, case):
            return reason
        record: Any = self.draft(case)
        return None if record is not None and record.state == Stage.AWAITING_APPROVAL else str(self.none_waits)

    def _approve(self, actor: Actor, case: Case) -> str | None:
        if reason := self.send_back(actor, case) or self.why_not_yet(case):
            return reason
        return self._why_not_alone(actor, self.draft(case))

    def _correct(self, actor: Actor, record: Any) -> str | None:
        if reason := self.needs_own(actor, record):
            return reason
        return _("승인을 기다리는 고침이 있어요. 먼저 승인하거나 되돌려 주세요.") if record.correction else None

    def _send_back_correction(self, actor: Actor, record: Any) -> str | None:
        return self.needs_own(actor, record) or (None if record.correction else _("승인을 기다리는 고침이 없어요."))

    def _approve_correction(self, actor: Actor, record: Any) -> str | None:
        return self.send_back_correction(actor, record) or self._why_not_alone(actor, record)

    def _why_not_alone(self, actor: Actor, record: Any) -> str | None:
        return str(self.another.refusal) if self.another.same(actor, self.writer(record)) else None

    def register(self) -> "ApprovalRights[Case, Record]":
        """Raises WrongDeclaration where another person is not declared."""
        if what := self.wrong():
            raise WrongDeclaration(what)
        for verb in VERBS:
            permission(f"{self.name}.{verb}")(getattr(self, verb))
        return self

    def wrong(self) -> str | None:
        """A sentence about another person who is not declared."""
        another: Any = self.another
        if another and callable(another.same) and callable(another.is_asked) and str(another.refusal):
            return None
        return f"The approval {self.name} does not say that another person approves."


def _predicate(decide: Predicate) -> Predicate:
    """A function of its own for each permission, without a closure, as other policies have."""
    def predicate(actor: Actor, subject: Any, decide: Predicate = decide) -> str | None:
        return decide(actor, subject)

    return predicate
