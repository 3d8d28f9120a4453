"""Before, during and after: stages of a box, what can be confirmed when, and by whom."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from civic_forum.ballots.rules.boxes import (
    PUBLIC_STAGES,
    Stage,
    POSSIBLE_AT,
    BoxStage,
    ConfirmationState,
    ConfirmedAction,
    close_is_due,
    confirmation_state,
    stage_of,
)

OPENS = datetime(2026, 7, 17, 0, 0, tzinfo=UTC)
CLOSES = datetime(2026, 7, 23, 15, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
STEPS = ("opened_at", "closed_at", "counted_at", "recorded_at", "erased_at", "key_destroyed_at", "published_at")
AFTER_STEPS = [
    BoxStage.PREPARING,
    BoxStage.OPEN,
    BoxStage.CLOSED,
    BoxStage.COUNTED,
    BoxStage.RECORDS_WRITTEN,
    BoxStage.ERASED,
    BoxStage.KEY_DESTROYED,
    BoxStage.PUBLISHED,
]


@dataclass
class Box:
    opens_at: datetime = OPENS
    closes_at: datetime = CLOSES
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    counted_at: datetime | None = None
    recorded_at: datetime | None = None
    erased_at: datetime | None = None
    key_destroyed_at: datetime | None = None
    published_at: datetime | None = None


@dataclass
class Proposed:
    fingerprint: bytes = b"as it was"
    proposed_by_id: int = 1
    proposed_at: datetime = OPENS
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None


OPENED = Box(opened_at=OPENS - timedelta(days=3))


def after(steps):
    """A box that has done so many of its steps, looked at while the clock says that it is open."""
    return Box(**dict.fromkeys(STEPS[:steps], OPENS))


@pytest.mark.parametrize("steps", range(len(AFTER_STEPS)))
def test_each_step_brings_the_next_stage(steps):
    assert stage_of(after(steps), OPENS + TICK) is AFTER_STEPS[steps]


@pytest.mark.parametrize(
    ("now", "stage"),
    [
        (OPENS - TICK, BoxStage.ANNOUNCED),
        (OPENS, BoxStage.OPEN),
        (CLOSES - TICK, BoxStage.OPEN),
        (CLOSES, BoxStage.CLOSED),
        (CLOSES + timedelta(days=400), BoxStage.CLOSED),
    ],
)
def test_the_clock_alone_opens_and_closes(now, stage):
    assert stage_of(OPENED, now) is stage


def test_a_box_that_nobody_opened_never_takes_ballots():
    stages = {stage_of(Box(), now) for now in (OPENS - TICK, OPENS, CLOSES - TICK, CLOSES)}
    assert stages == {BoxStage.PREPARING}
    assert not close_is_due(Box(), CLOSES)


def test_a_clock_that_is_set_back_opens_nothing_again():
    closed = replace(OPENED, closed_at=CLOSES)
    for now in (OPENS + timedelta(days=1), OPENS - timedelta(days=1)):
        assert stage_of(closed, now) is BoxStage.CLOSED


def test_the_close_is_due_from_the_closing_instant_until_it_is_done():
    assert not close_is_due(OPENED, CLOSES - TICK)
    assert close_is_due(OPENED, CLOSES)
    assert not close_is_due(replace(OPENED, closed_at=CLOSES), CLOSES)


def test_everybody_sees_a_vote_from_its_announcement_on():
    assert set(PUBLIC_STAGES) == set(Stage) - {Stage.PREPARING}


def test_stages_come_one_after_another():
    assert BoxStage.ERASED.reached(BoxStage.CLOSED)
    assert BoxStage.CLOSED.reached(BoxStage.CLOSED)
    assert not BoxStage.CLOSED.reached(BoxStage.ERASED)


@pytest.mark.parametrize(
    ("action", "stages"),
    [
        (ConfirmedAction.OPEN, AFTER_STEPS[:1]),
        (ConfirmedAction.CLOSE_EARLY, AFTER_STEPS[1:2]),
        (ConfirmedAction.SET_BACK, AFTER_STEPS[3:5]),
        (ConfirmedAction.EXPORT_KEY, [BoxStage.ANNOUNCED, *AFTER_STEPS[:6]]),
        (ConfirmedAction.DESTROY_KEY, AFTER_STEPS[4:6]),
        (ConfirmedAction.PUBLISH, AFTER_STEPS[6:7]),
    ],
)
def test_each_action_has_its_stages(action, stages):
    possible = [stage for stage in BoxStage if stage in POSSIBLE_AT[action]]
    assert possible == [stage for stage in BoxStage if stage in stages]


@pytest.mark.parametrize(
    ("proposed", "later", "now_stands", "state"),
    [
        (Proposed(), timedelta(hours=24) - TICK, b"as it was", ConfirmationState.PENDING),
        (Proposed(), timedelta(hours=24), b"as it was", ConfirmationState.EXPIRED),
        (Proposed(), timedelta(0), b"another", ConfirmationState.CHANGED),
        (Proposed(ended_at=OPENS), timedelta(hours=1), b"as it was", ConfirmationState.WITHDRAWN),
        (Proposed(confirmed_at=OPENS, ended_at=OPENS), timedelta(days=9), b"another", ConfirmationState.CONFIRMED),
    ],
)
def test_a_proposal_waits_a_day_and_for_what_it_named_alone(proposed, later, now_stands, state):
    assert confirmation_state(proposed, now_stands, OPENS + later) is state
