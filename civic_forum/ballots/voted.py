"""Things that are voted on: what a kind says of its votes, so that nothing below knows polls or rounds.

A ballot box belongs to a thing of a kind that has the capability `Votable` (`BallotBox.subject`, written `poll:12`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Capability, Kind
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _

if TYPE_CHECKING:
    from civic_forum.attachments.models import Attachment

    from .models import BallotBox
    from .rules.choices import Totals

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Sign:
    """The sign of a category beside an option that has no picture of its own."""

    category: str


@dataclass(frozen=True)
class Invitation:
    """The invitation that those who may vote are sent when a box opens: once, however many boxes it has."""

    about: str
    title: str
    url: str


@dataclass(frozen=True)
class RollOf:
    """The vote whose roll it is, for those who are told of objections to it."""

    subject: str
    title: str
    url: str
    """Of one's own entry."""
    desk_url: str


@dataclass(frozen=True)
class Reachable:
    """A vote for which somebody who is verified by then comes in time."""

    title: str
    url: str
    until: datetime
    """As long as people are added to its roll, or the end of the day on which that is made."""
    ballot: str | None = None
    """Address of the ballot, where whoever is verified now votes at once."""


@dataclass(frozen=True, kw_only=True)
class Votable(Capability, Generic[Record]):
    """It has a ballot box."""

    record: Callable[["BallotBox"], Record]
    """The thing whose vote a box is. Raises NotFound."""
    box: Callable[[Record], "BallotBox | None"]
    definition: Callable[[Record], Mapping[str, Any]]
    """The definition that `operations.prepare_box` would freeze now: a box opens only while it is still the same."""
    gather: Callable[[Sequence[int]], object] = lambda _ids: None
    """Reads those with these ids in one statement, so that title and address of their boxes ask no more, as long as
    somebody holds what it gives."""
    of_roll: Callable[[int], Record | None] = lambda _roll_id: None
    """The thing with this electoral roll."""
    roll_url: Callable[[Record], str] | None = None
    """Of one's own entry in its roll."""
    desk_roll_url: Callable[[Record], str] | None = None
    why_not_object: Callable[[Record], str | None] = lambda _record: None
    """The reason it has against an objection to its roll now."""
    why_not_open: Callable[[Record], str | None] = lambda _record: None
    """The reason it has itself against being opened now."""
    hold: Callable[[Record], object] = lambda _record: None
    """Locks what must be locked before the box, where opening or publishing it changes more than the box."""
    outcome: Callable[["BallotBox", "Totals", Iterable[bytes], Sequence[int] | None], Mapping[str, Any]] | None = None
    """The outcome of ballots by the kind's own rules: whole numbers and texts, signed with the result, so in both
    editions of the record. It gets the totals, the canonical choices of all ballots that count and the options in the
    order of the draw (None: none was needed so far), and tells nothing of single ballots where they are not published.
    ValueError stops the count. None: totals are all there is."""
    desk_url: Callable[[Record], str | None] = lambda _record: None
    """The page on which staff prepare it."""
    invites: Callable[[Record], Invitation | None] = lambda _record: None
    """The whole that it is part of, where several are voted on together; None: it stands by itself."""
    together: Callable[[Record], Sequence[tuple[str, "BallotBox"]]] = lambda _record: ()
    """All boxes that are voted on together, its own too, in their order and with their short names."""
    reachable: Callable[[datetime], Iterable[Reachable]] = lambda _now: ()
    """Votes announced to everybody for which whoever is verified now comes in time; a few."""
    pictures: Callable[[Record], Mapping[int, "Attachment | Sign"]] = lambda _record: {}
    """Those of its options, by number, that everybody may see."""


@dataclass(frozen=True)
class Vote:
    """The thing whose vote a box is, with its kind."""

    kind: Kind[Any]
    voted: Votable[Any]
    record: Any
    is_public: bool
    """Whether its page is for everybody."""

    @property
    def title(self) -> str:
        return self.kind.title(self.record)

    @property
    def url(self) -> str:
        """Its page for everybody."""
        return self.kind.url(self.record)

    @property
    def desk_url(self) -> str | None:
        return self.voted.desk_url(self.record)

    @property
    def breadcrumbs(self) -> list[tuple[str, str | None]]:
        """Labels and addresses down to its page; before it is opened that page may be nobody's."""
        down = self.kind.breadcrumbs
        crumbs = list(down(self.record)) if down else [(_("투표"), "/polls"), (self.title, self.url)]
        return list(crumbs) if self.is_public else [*crumbs[:-1], (crumbs[-1][0], None)]

    @property
    def definition(self) -> Mapping[str, Any]:
        return self.voted.definition(self.record)

    @property
    def pictures(self) -> "Mapping[int, Attachment | Sign]":
        return self.voted.pictures(self.record)

    def why_not_open(self) -> str | None:
        return self.voted.why_not_open(self.record)

    def hold(self) -> None:
        self.voted.hold(self.record)


def _kind_of(box: "BallotBox") -> tuple[Kind[Any], Votable[Any]] | None:
    kind = kinds.find(kinds.kind_of(box.subject))
    voted = kind and kind.get(Votable)
    return (kind, voted) if kind is not None and voted is not None else None


def of(box: "BallotBox") -> Vote:
    """The thing whose vote this box is. Raises NotFound for a kind that is not voted on, and for a thing that is gone.
    """
    pair = existing(_kind_of(box), lambda: NotFound(_("이 투표함이 어느 투표의 것인지 찾지 못했어요.")))
    kind, voted = pair
    return Vote(kind, voted, voted.record(box), box.opened_at is not None and not box.rehearsal)


def invitation(box: "BallotBox") -> Invitation:
    """The invitation of those who may vote in this box."""
    vote = of(box)
    return vote.voted.invites(vote.record) or Invitation(box.subject, vote.title, vote.url)


def gathered(boxes: Sequence["BallotBox"]) -> list[Vote]:
    """The thing of each box, in a statement for each kind."""
    ids: dict[str, list[int]] = {}
    for box in boxes:
        if (ref := kinds.Ref.read(box.subject)) is not None:
            ids.setdefault(ref.kind, []).append(ref.id)
    held = [voted.gather(ids[kind.name]) for kind, voted in kinds.having(Votable) if kind.name in ids]
    votes = [of(box) for box in boxes]
    held.clear()
    return votes


def outcome(box: "BallotBox", totals: "Totals", choices: Iterable[bytes],
            order: Sequence[int] | None) -> Mapping[str, Any] | None:
    """The outcome of these ballots by the rules of the kind; None where it has none of its own."""
    pair = _kind_of(box)
    return pair[1].outcome(box, totals, choices, order) if pair and pair[1].outcome is not None else None


def together(box: "BallotBox") -> Sequence[tuple[str, "BallotBox"]]:
    """The boxes that are voted on together with this one, with their names; nothing for a box by itself."""
    pair = _kind_of(box)
    return pair[1].together(pair[1].record(box)) if pair else ()


MOST_REACHABLE = 3


def reachable(now: datetime) -> list[Reachable]:
    """Votes of every kind for which whoever is verified now comes in time, the first that is over on top."""
    votes = [vote for _kind, voted in kinds.having(Votable) for vote in voted.reachable(now)]
    return sorted(votes, key=lambda vote: vote.until)[:MOST_REACHABLE]


def _named(name: str) -> Iterable[tuple[Votable[Any], Any]]:
    return ((voted, record) for kind, voted in kinds.having(Votable)
            if kind.named is not None and (record := kind.named(name)) is not None)


def named(name: str) -> "BallotBox | None":
    """The box of the thing that people call so (the slug of a poll), for commands."""
    return next((box for voted, record in _named(name) if (box := voted.box(record)) is not None), None)


def roll_named(name: str) -> int:
    """The electoral roll of the vote that people call so. Raises NotFound."""
    for _voted, record in _named(name):
        if (roll_id := getattr(record, "roll_id", None)) is not None:
            return int(roll_id)
    raise NotFound(_("%(name)s: 이런 투표나 그 투표의 명부가 없어요.", name=name))


def _with_roll(roll_id: int) -> Iterable[tuple[Kind[Any], Votable[Any], Any]]:
    return ((kind, voted, record) for kind, voted in kinds.having(Votable)
            if (record := voted.of_roll(roll_id)) is not None)


def of_roll(roll_id: int) -> RollOf | None:
    """The vote with this roll, whichever kind has it."""
    return next((RollOf(str(kind.ref(record)), kind.title(record), voted.roll_url(record), voted.desk_roll_url(record))
                 for kind, voted, record in _with_roll(roll_id) if voted.roll_url and voted.desk_roll_url), None)


def why_not_object(roll_id: int) -> str | None:
    """The reason of those whose roll it is against an objection to it now."""
    return next((reason for _kind, voted, record in _with_roll(roll_id)
                 if (reason := voted.why_not_object(record))), None)
