"""The life of a ballot box: stages, confirmations, when casting is open, election seasons."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from ..box.sealing import Channel


class SheetState(StrEnum):
    """The state of one numbered paper ballot."""

    ISSUED = "issued"
    RETURNED = "returned"
    SPOILED = "spoiled"
    TAKEN_BACK = "taken_back"

    @property
    def channel(self) -> int:
        """The channel in the row of its holder then; 0 for a spoiled sheet, which is in nobody's row any more."""
        return {SheetState.ISSUED: Channel.PAPER_ISSUED, SheetState.RETURNED: Channel.PAPER_RETURNED,
                SheetState.TAKEN_BACK: Channel.PAPER_TAKEN_BACK}.get(self, 0)


class Publishes(StrEnum):
    """Edition of the record that everybody gets."""

    TOTALS = "totals"
    BALLOTS = "ballots"


class RollSource(StrEnum):
    """The source of an electoral roll. `declared` also takes those who only said that they belong here."""

    VERIFIED = "verified"
    DECLARED = "declared"
    IMPORTED = "imported"


class ConfirmedAction(StrEnum):
    """An action that one official proposes and another one confirms."""

    OPEN = "open"
    CLOSE_EARLY = "close_early"
    COUNT_ANYWAY = "count_anyway"
    """Although table, ledger or papers do not agree; with a reason that stands in the record."""
    DRAW = "draw"
    """The draw where the count met a tie, typed by both of them."""
    SET_BACK = "set_back"
    """To before the count, while nothing is deleted; with a reason for everybody."""
    EXPORT_KEY = "export_key"
    ANSWER_REFUSAL = "answer_refusal"
    """The public answer to observers who signed that the result is wrong; without it nothing goes on."""
    WITHOUT_SIGNATURES = "without_signatures"
    """Although fewer observers agreed than the box says; with a public reason."""
    DESTROY_KEY = "destroy_key"
    PUBLISH = "publish"
    STRIKE = "strike"
    """Somebody taken out of the roll after the opening."""


class BoxStage(StrEnum):
    """The stage of a box. The order of the members is the only order there is."""

    PREPARING = "preparing"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    COUNTED = "counted"
    RECORDS_WRITTEN = "records_written"
    ERASED = "erased"
    KEY_DESTROYED = "key_destroyed"
    PUBLISHED = "published"

    def reached(self, other: "BoxStage") -> bool:
        """True where a box at this stage has the other one behind it, or stands at it."""
        stages = list(BoxStage)
        return stages.index(self) >= stages.index(other)


class Moments(Protocol):
    """The instants that a box keeps; each but the first two is set once and never unset, but that setting a vote back
    takes back its count."""

    opens_at: datetime
    closes_at: datetime
    opened_at: datetime | None
    """The moment at which two officials opened it, which may be before `opens_at`."""
    closed_at: datetime | None
    counted_at: datetime | None
    recorded_at: datetime | None
    erased_at: datetime | None
    key_destroyed_at: datetime | None
    published_at: datetime | None


def stage_of(box: Moments, now: datetime) -> BoxStage:
    """The stage at which a box stands. Opening and closing come by the clock alone, all other steps by being done."""
    done = (
        (box.published_at, BoxStage.PUBLISHED),
        (box.key_destroyed_at, BoxStage.KEY_DESTROYED),
        (box.erased_at, BoxStage.ERASED),
        (box.recorded_at, BoxStage.RECORDS_WRITTEN),
        (box.counted_at, BoxStage.COUNTED),
        (box.closed_at, BoxStage.CLOSED),
    )
    for at, stage in done:
        if at is not None:
            return stage
    if box.opened_at is None:
        return BoxStage.PREPARING
    if now >= box.closes_at:
        return BoxStage.CLOSED
    return BoxStage.OPEN if now >= box.opens_at else BoxStage.ANNOUNCED


class Stage(StrEnum):
    """The stage of a vote, as its page tells it."""

    PREPARING = "preparing"
    ANNOUNCED = "announced"
    OPEN = "open"
    COUNTING = "counting"
    """Closed and not published yet."""
    PUBLISHED = "published"


PUBLIC_STAGES = (Stage.OPEN, Stage.ANNOUNCED, Stage.COUNTING, Stage.PUBLISHED)


def vote_stage(announced_at: datetime | None, box: Moments | None, now: datetime) -> Stage:
    """Opening and closing come by the clock alone; a vote that nobody opened stays announced."""
    if announced_at is None:
        return Stage.PREPARING
    if box is None:
        return Stage.ANNOUNCED
    at = stage_of(box, now)
    if at in (BoxStage.PREPARING, BoxStage.ANNOUNCED):
        return Stage.ANNOUNCED
    if at is BoxStage.OPEN:
        return Stage.OPEN
    return Stage.PUBLISHED if at is BoxStage.PUBLISHED else Stage.COUNTING


def close_is_due(box: Moments, now: datetime) -> bool:
    """True where the next reading has to close it."""
    return box.opened_at is not None and box.closed_at is None and now >= box.closes_at


CONFIRMATION_LASTS = timedelta(hours=24)
OBSERVERS_HAVE = timedelta(days=7)
"""Time to recount, from the record on; after it two officials may go on without them."""

POSSIBLE_AT = {
    ConfirmedAction.OPEN: {BoxStage.PREPARING},
    ConfirmedAction.CLOSE_EARLY: {BoxStage.OPEN},
    ConfirmedAction.COUNT_ANYWAY: {BoxStage.CLOSED},
    ConfirmedAction.DRAW: {BoxStage.CLOSED},
    ConfirmedAction.SET_BACK: {BoxStage.COUNTED, BoxStage.RECORDS_WRITTEN},
    ConfirmedAction.EXPORT_KEY: {stage for stage in BoxStage if not stage.reached(BoxStage.KEY_DESTROYED)},
    ConfirmedAction.ANSWER_REFUSAL: {stage for stage in BoxStage if stage.reached(BoxStage.RECORDS_WRITTEN)},
    ConfirmedAction.WITHOUT_SIGNATURES: {
        stage for stage in BoxStage if stage.reached(BoxStage.RECORDS_WRITTEN)} - {BoxStage.PUBLISHED},
    ConfirmedAction.DESTROY_KEY: {BoxStage.RECORDS_WRITTEN, BoxStage.ERASED},
    ConfirmedAction.PUBLISH: {BoxStage.KEY_DESTROYED},
    ConfirmedAction.STRIKE: {BoxStage.ANNOUNCED, BoxStage.OPEN},
}
"""At which stages an action can be proposed and confirmed: nothing is published before the key is destroyed."""

REASONED = frozenset({ConfirmedAction.CLOSE_EARLY, ConfirmedAction.COUNT_ANYWAY, ConfirmedAction.SET_BACK,
                      ConfirmedAction.ANSWER_REFUSAL, ConfirmedAction.WITHOUT_SIGNATURES, ConfirmedAction.DESTROY_KEY})
"""Actions with words of whoever proposes them, which the second official confirms as they stand."""


PAGES_OF_THEIR_OWN = frozenset({ConfirmedAction.EXPORT_KEY, ConfirmedAction.STRIKE})
"""These ask for more than a password, and have services of their own."""


class ConfirmationState(StrEnum):
    """The state of a proposal."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    """Nobody confirmed it within 24 hours."""
    CHANGED = "changed"
    """The thing proposed is no longer what would be done."""
    TOO_LATE = "too_late"
    """The box is past the stage at which it can be done."""


def confirmation_state(proposed: Any, fingerprint: bytes, now: datetime) -> ConfirmationState:
    """Only a pending one can be confirmed. `proposed`: a row of `Confirmation`, with the fingerprint of that moment;
    `fingerprint` is that of the box as it is now."""
    if proposed.confirmed_at is not None:
        return ConfirmationState.CONFIRMED
    if now - proposed.proposed_at >= CONFIRMATION_LASTS:
        return ConfirmationState.EXPIRED
    if proposed.fingerprint != fingerprint:
        return ConfirmationState.CHANGED
    return ConfirmationState.PENDING if proposed.ended_at is None else ConfirmationState.WITHDRAWN


def season_on(seasons: Iterable[Any], first: date, last: date) -> Any:
    """The first election season (a row of `ElectionSeason`) that shares a day with a vote from `first` to `last`."""
    shared = [season for season in seasons if season.first_day <= last and first <= season.last_day]
    return min(shared, key=lambda season: season.first_day, default=None)
