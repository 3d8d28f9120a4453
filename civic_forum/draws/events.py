"""Facts of draws. Ids only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DrawCommitted:
    """Everybody in the list gets number, salt and hash."""

    draw_id: int


@dataclass(frozen=True)
class DrawDone:
    """The values are known, or were corrected."""

    draw_id: int


@dataclass(frozen=True)
class DrawEnded:
    """Withdrawn before its lottery, or void."""

    draw_id: int


@dataclass(frozen=True)
class PassingBegun:
    """Somebody is to be passed over, and can object."""

    draw_id: int
    application_id: int
