"""Subjects of boxes. Features above say here what a box is the vote of, so that nothing below knows polls or rounds.

A subject is written `kind:number` (`poll:12`). Filled while the application is put together.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from civic_forum.kernel.errors import NotFound
from civic_forum.kernel.i18n import _

if TYPE_CHECKING:
    from civic_forum.attachments.models import Attachment

    from .models import BallotBox
    from .rules.choices import Totals


@dataclass(frozen=True)
class RollOf:
    """The vote whose roll it is, for those who are told of objections to it."""

    subject: str
    title: str
    url: str
    """Of one's own entry."""
    desk_url: str


@dataclass(frozen=True)
class Invitation:
    """The invitation that those who may vote are sent when a box opens: once, however many boxes it has."""

    about: str
    title: str
    url: str


@dataclass(frozen=True)
class Subject:
    """One kind of subject, as its feature tells of its votes."""

    kind: str
    title: Callable[["BallotBox"], str]
    url: Callable[["BallotBox"], str]
    """Its page for everybody."""
    definition: Callable[["BallotBox"], Mapping]
    """The definition that `steps.opening.prepare_box` would freeze now: a box opens only while it is still the same."""
    way: Callable[["BallotBox"], Sequence[tuple[str, str]]] | None = None
    """The crumbs down to its page, that one included; None: it stands among the votes."""
    gather: Callable[[Sequence[int]], object] = lambda _numbers: None
    """Reads the rows of these numbers in one statement, so that title and url of their boxes ask no more, as long as
    somebody holds what it gives."""
    find: Callable[[str], "BallotBox | None"] = lambda _name: None
    """The box that people call by this name (the slug of a poll), for commands."""
    find_roll: Callable[[str], int | None] = lambda _name: None
    """The number of its electoral roll, by the same name."""
    of_roll: Callable[[int], RollOf | None] = lambda _roll_id: None
    """Its vote with this roll."""
    why_not_object: Callable[[int], str | None] = lambda _roll_id: None
    """The reason it has against an objection to this roll now."""
    why_not_open: Callable[["BallotBox"], str | None] = lambda _box: None
    """The reason the subject itself has against being opened now."""
    hold: Callable[["BallotBox"], object] = lambda _box: None
    """Locks what must be locked before the box, where opening or publishing it changes more than the box."""
    outcome: Callable[["BallotBox", "Totals", Iterable[bytes], Sequence[int] | None], Mapping] | None = None
    """The outcome of ballots by the subject's own rules: whole numbers and texts, signed with the result, so in both
    editions of the record. It gets the totals, the canonical choices of all ballots that count and the options in the
    order of the draw (None: none was needed so far), and tells nothing of single ballots where they are not published.
    ValueError stops the count. None: totals are all there is."""
    desk_url: Callable[["BallotBox"], str | None] = lambda _box: None
    """The page on which staff prepare it."""
    invites: Callable[["BallotBox"], Invitation | None] = lambda _box: None
    """The whole that the box is part of, where several are voted on together; None: it stands by itself."""
    together: Callable[["BallotBox"], Sequence[tuple[str, "BallotBox"]]] = lambda _box: ()
    """All boxes that are voted on together, this one too, in their order and with their short names."""
    pictures: Callable[["BallotBox"], dict[int, "Attachment"]] = lambda _box: {}
    """Those of its options, by number, that everybody may see."""


_subjects: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    """One feature answers for one kind; registering the same kind again replaces it."""
    _subjects[subject.kind] = subject


def of(box: "BallotBox") -> Subject:
    """The feature that answers for this box. Raises NotFound for a kind that nobody registered."""
    kind = box.subject.partition(":")[0]
    if kind not in _subjects:
        raise NotFound(_("이 투표함이 어느 투표의 것인지 찾지 못했어요."))
    return _subjects[kind]


def number(box: "BallotBox") -> int:
    """The row number of what the box belongs to."""
    return int(box.subject.partition(":")[2])


def invitation(box: "BallotBox") -> Invitation:
    """The invitation of those who may vote in this box."""
    subject = of(box)
    return subject.invites(box) or Invitation(box.subject, subject.title(box), subject.url(box))


def with_urls(boxes: Sequence["BallotBox"]) -> list[tuple["BallotBox", str, list[tuple[str, str | None]]]]:
    """Every box with the page for everybody and the crumbs down to it, in a statement for each kind of subject."""
    numbers: dict[str, list[int]] = {}
    for box in boxes:
        kind, _colon, of_row = box.subject.partition(":")
        if of_row.isdecimal():
            numbers.setdefault(kind, []).append(int(of_row))
    held = [_subjects[kind].gather(those) for kind, those in numbers.items() if kind in _subjects]
    found = [(box, of(box).url(box), way(box)) for box in boxes]
    held.clear()
    return found


def way(box: "BallotBox") -> list[tuple[str, str | None]]:
    """The crumbs down to the page of the vote, label and address; before it is opened that page may be nobody's."""
    subject = of(box)
    found = list(subject.way(box)) if subject.way else [(_("투표"), "/polls"), (subject.title(box), subject.url(box))]
    return found if box.opened_at is not None and not box.rehearsal else [*found[:-1], (found[-1][0], None)]


def outcome(box: "BallotBox", totals: "Totals", choices: Iterable[bytes],
            order: Sequence[int] | None) -> Mapping | None:
    """The outcome of these ballots by the rules of the feature; None where it has none of its own."""
    subject = _subjects.get(box.subject.partition(":")[0])
    return subject.outcome(box, totals, choices, order) if subject is not None and subject.outcome is not None else None


def together(box: "BallotBox") -> Sequence[tuple[str, "BallotBox"]]:
    """The boxes that are voted on together with this one, with their names; nothing for a box by itself."""
    subject = _subjects.get(box.subject.partition(":")[0])
    return subject.together(box) if subject is not None else ()


def named(name: str) -> "BallotBox | None":
    """The box that some feature knows under this name."""
    for subject in _subjects.values():
        if (box := subject.find(name)) is not None:
            return box
    return None


def roll_named(name: str) -> int:
    """The roll of the vote that people call so. Raises NotFound."""
    for subject in _subjects.values():
        if (roll_id := subject.find_roll(name)) is not None:
            return roll_id
    raise NotFound(_("%(name)s: 이런 투표나 그 투표의 명부가 없어요.", name=name))


def of_roll(roll_id: int) -> RollOf | None:
    """The vote with this roll, whichever feature has it."""
    found = (subject.of_roll(roll_id) for subject in _subjects.values())
    return next((one for one in found if one is not None), None)


def why_not_object(roll_id: int) -> str | None:
    """The reason of those whose roll it is against an objection to it now."""
    reasons = (subject.why_not_object(roll_id) for subject in _subjects.values())
    return next((reason for reason in reasons if reason), None)
