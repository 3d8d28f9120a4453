"""Events of acts of moderators on texts and accounts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReportMade:
    """Waits for a moderator."""

    report_id: int


@dataclass(frozen=True)
class ActionTaken:
    """A text is hidden or taken down, or an account warned, muted or blocked."""

    action_id: int


@dataclass(frozen=True)
class ActionEnded:
    """It stands no more: taken back, appealed against with success, or over."""

    action_id: int


@dataclass(frozen=True)
class AppealMade:
    """Waits for another moderator than the one who acted."""

    appeal_id: int


@dataclass(frozen=True)
class AppealDecided:
    appeal_id: int


@dataclass(frozen=True)
class TakedownAsked:
    """Somebody concerned wants a text taken down; waits for a moderator."""

    takedown_id: int


@dataclass(frozen=True)
class TakedownDecided:
    takedown_id: int


@dataclass(frozen=True)
class BulkTaken:
    """One act on many things, told once instead of an `ActionTaken` for each."""

    bulk_id: int


@dataclass(frozen=True)
class BulkUndone:
    """It was taken back as one; told once instead of an `ActionEnded` for each."""

    bulk_id: int


@dataclass(frozen=True)
class ReportsClosed:
    """A moderator has looked at what they are about: `acted`, or `kept` as it is."""

    report_ids: tuple[int, ...]
