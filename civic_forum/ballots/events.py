"""Facts about ballot boxes. Nothing is told of a cast."""

from dataclasses import dataclass


@dataclass(frozen=True)
class _OfBox:
    box_id: bytes
    subject: str


class BoxOpened(_OfBox):
    """Two officials opened it; ballots are taken from its opening instant on."""


class BoxClosed(_OfBox):
    """Its time is over or two officials closed it early; all ballots are in the log."""


class BoxFinished(_OfBox):
    """Paper and objections are in the log too: it grows no more."""


class BoxRecorded(_OfBox):
    """Both editions of the record are written: observers recount it before anything goes on."""


class BoxPublished(_OfBox):
    """Result and record are there for everybody, and the key is gone."""


@dataclass(frozen=True)
class PaperAct:
    """A desk did something with somebody's paper ballot: told to them at once, so that nobody does it in their name."""

    box_id: bytes
    user_id: int | None
    """None: nobody is known to have it, nor told."""
    number: int
    """Of the paper."""
    act: str
    """As notices name it: `paper_issued`, `online_withdrawn`, `paper_spoiled` …"""


@dataclass(frozen=True)
class EntryStruck:
    """Two officials struck somebody from the roll of an opened vote: told to them at once, with how to object."""

    box_id: bytes
    user_id: int
    confirmation_id: int


@dataclass(frozen=True)
class AssistedBallotCast:
    """Somebody voted with help at a desk: told to them at once, so that nobody does it in their name."""

    box_id: bytes
    user_id: int
    desk: int | None
    """Its neighbourhood; None: the whole district's."""


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
class _OfObjection:
    objection_id: int


class RollObjected(_OfObjection):
    """Somebody says that their entry in a roll is missing or wrong; waits for an answer."""


class RollObjectionAnswered(_OfObjection):
    pass


class VoteObjected(_OfObjection):
    """An observer objects to a vote; waits for an answer."""


class VoteObjectionAnswered(_OfObjection):
    pass
