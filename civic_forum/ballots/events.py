"""What happens to ballot boxes. Nothing is told of a cast."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BoxOpened:
    """Two officials opened it; ballots are taken from its opening instant on."""

    box_id: bytes
    subject: str


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


@dataclass(frozen=True)
class BoxPublished:
    """Result and record are there for everybody, and the key is gone."""

    box_id: bytes
    subject: str


@dataclass(frozen=True)
class VoteNoticed:
    """A public notice on a vote: a correction, an early close, a restore."""

    subject: str
    notice_id: int


@dataclass(frozen=True)
class ConfirmationProposed:
    """An official proposed something that another one has to confirm."""

    confirmation_id: int


@dataclass(frozen=True)
class RollObjected:
    """Somebody says that their entry in a roll is missing or wrong; waits for an answer."""

    objection_id: int


@dataclass(frozen=True)
class RollObjectionAnswered:
    objection_id: int


@dataclass(frozen=True)
class VoteObjected:
    """An observer objects to a vote; waits for an answer."""

    objection_id: int


@dataclass(frozen=True)
class VoteObjectionAnswered:
    objection_id: int
