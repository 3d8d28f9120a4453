"""How far a vote is, as its page tells it: a box, and whether it was announced before there was one."""

from datetime import datetime
from enum import StrEnum

from . import boxes
from .boxes import BoxStage, Moments


class Stage(StrEnum):
    """How far a vote is, as its page tells it."""

    PREPARING = "preparing"
    ANNOUNCED = "announced"
    OPEN = "open"
    COUNTING = "counting"
    """Closed and not published yet."""
    PUBLISHED = "published"


PUBLIC_STAGES = (Stage.OPEN, Stage.ANNOUNCED, Stage.COUNTING, Stage.PUBLISHED)


def stage_of(announced_at: datetime | None, box: Moments | None, now: datetime) -> Stage:
    """Opening and closing come by the clock alone; a vote that nobody opened stays announced."""
    if announced_at is None:
        return Stage.PREPARING
    if box is None:
        return Stage.ANNOUNCED
    at = boxes.stage_of(box, now)
    if at in (BoxStage.PREPARING, BoxStage.ANNOUNCED):
        return Stage.ANNOUNCED
    if at is BoxStage.OPEN:
        return Stage.OPEN
    return Stage.PUBLISHED if at is BoxStage.PUBLISHED else Stage.COUNTING
