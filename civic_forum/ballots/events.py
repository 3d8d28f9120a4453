"""What happens to ballot boxes. Nothing is told of a cast."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BoxClosed:
    """Its time is over or two officials closed it early; all ballots are in the log."""

    box_id: bytes
    subject: str


@dataclass(frozen=True)
class BoxFinished:
    """Paper and objections are in the log too: it grows no more."""

    box_id: bytes
    subject: str
