"""Reading of a published result: what is shared, what divides, groups, and where somebody stands. Pure."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .formats.suppression import FEWEST_PEOPLE
from .rules import AGREE, DISAGREE, PASS

LETTERS = "가나다라마바사아"
SHARED_LEAST = 0.6
"""Share of every group from which on a statement is shared."""
APART_LEAST = 0.2
"""Distance of the shares of two groups from which on a statement divides them."""
RARE_MOST = 0.3
WIDTH, HEIGHT, EDGE, NAME_ABOVE = 480, 400, 40, 16


class Tally(NamedTuple):
    """Answers to one statement."""

    agree: int
    disagree: int
    seen: int

    @property
    def passed(self) -> int:
        return self.seen - self.agree - self.disagree

    def of(self, answer: int) -> int:
        return {AGREE: self.agree, DISAGREE: self.disagree, PASS: self.passed}[answer]

    def share(self, answer: int) -> float:
        return self.of(answer) / self.seen if self.seen else 0.0

    def percent(self, answer: int = AGREE) -> int:
        return round(100 * self.share(answer))

    @property
    def most(self) -> int | None:
        """The answer that most gave; None where two are level."""
        first, second = sorted((AGREE, DISAGREE, PASS), key=self.of, reverse=True)[:2]
        return first if self.of(first) > self.of(second) else None


def together(groups: Collection[Tally | None]) -> Tally | None:
    """Answers of several groups as one; None where those of one are hidden."""
    shown = [tally for tally in groups if tally is not None]
    return Tally(*map(sum, zip(*shown, strict=True))) if shown and len(shown) == len(groups) else None


@dataclass(frozen=True)
class Line:
    """A statement with what is shown of its answers: None = hidden."""

    number: int
    total: Tally | None
    groups: Mapping[str, Tally | None]
    lower: float = 0.0
    divisive: float = 0.0

    @property
    def told(self) -> Tally | None:
        """Answers of all; where these are hidden, of everybody in a group."""
        return self.total or together(self.groups.values())

    def lowest(self, answer: int) -> int | None:
        """Percent of the group that gives this answer least; None where a group is hidden."""
        return None if not self.groups or None in self.groups.values() else min(
            tally.percent(answer) for tally in self.groups.values() if tally is not None)

    @property
    def shared_by(self) -> int | None:
        """The answer that every group shares."""
        return next((answer for answer in (AGREE, DISAGREE) if self.groups and all(
            tally is not None and tally.share(answer) >= SHARED_LEAST for tally in self.groups.values())), None)

    @property
    def apart(self) -> float:
        """Distance between the groups that agree most and least."""
        shares = [tally.share(AGREE) for tally in self.groups.values() if tally is not None and tally.seen]
        return max(shares) - min(shares) if len(shares) > 1 else 0.0


@dataclass(frozen=True)
class Group:
    """A group of like minds, with what is its own: number of the statement and answer."""

    name: str
    size: int | None
    own: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True)
class Shape:
    """A group in the picture: its outline, its points, and the place above them where its name stands."""

    name: str
    outline: Sequence[tuple[float, float]]
    points: Sequence[tuple[float, float]]
    above: tuple[float, float]


@dataclass(frozen=True)
class Picture:
    shapes: Sequence[Shape]
    scale: tuple[float, float, float]

    def near(self, group: str | None, x: float, y: float) -> tuple[float, float] | None:
        """The shown point of a group that is nearest to somebody: a place of their own would tell of the means of all
        answers, from which those of one person follow."""
        points = [point for shape in self.shapes if shape.name == group for point in shape.points]
        here = _placed(self.scale, x, y)
        return min(points, key=lambda point: math.dist(point, here), default=None)


@dataclass(frozen=True)
class Result:
    """A result as pages show it."""

    participants: int
    groups: Sequence[Group] = ()
    lines: Sequence[Line] = ()
    set_apart: int = 0
    """People who answered all alike, and are in no group."""
    is_few: bool = False
    """There are no groups for want of people: not because opinions do not part."""
    has_matrix: bool = False
    """Anybody can find the groups again."""
    clearness: float | None = None
    picture: Picture | None = None
    most_agree: Sequence[int] = ()
    most_disagree: Sequence[int] = ()
    by_number: Mapping[int, Line] = field(default_factory=dict)
    neighbourhoods: Mapping[str, int] = field(default_factory=dict)
    """People by the name of where they live; `` of no known place, `OTHERS` of places with few."""
    ages: Mapping[str, int] = field(default_factory=dict)
    bases: Mapping[str, int] = field(default_factory=dict)
    """People by the ground on which they were told from others."""
    damaged: int = 0
    """People whose answers do not open any more."""

    def letter_of(self, name: str | None) -> str | None:
        """Letter of the group that a participant is in, if it is shown."""
        letter = _letters({name: None})[name] if name else None
        return letter if letter in {group.name for group in self.groups} else None

    def shared(self) -> list[Line]:
        """Statements that every group shares, the surest first."""
        lines = [line for line in self.lines if line.shared_by is not None]
        return sorted(
            lines, key=lambda line: (line.shared_by != AGREE, -line.lower, -(line.lowest(line.shared_by) or 0)))

    def dividing(self) -> list[Line]:
        lines = [line for line in self.lines if line.shared_by is None and line.apart >= APART_LEAST]
        return sorted(lines, key=lambda line: (-line.divisive, -line.apart, line.number))

    def likeness(self, answers: Mapping[int, int]) -> dict[str, tuple[int, int]]:
        """For each group: how many of these answers most of it gave too, of how many that can be compared."""
        counts = {}
        for group in self.groups:
            pairs = [(answer, tally.most) for number, answer in answers.items() if (line := self.by_number.get(number))
                     and (tally := line.groups.get(group.name)) is not None and tally.most is not None]
            if pairs:
                counts[group.name] = sum(mine == theirs for mine, theirs in pairs), len(pairs)
        return counts

    def beside_others(self, answers: Mapping[int, int]) -> list[tuple[int, int, int]]:
        """Number, answer and the percent of all who gave it, of answers that are no pass; the rarest first."""
        shares = [(line.told.share(answer), number, answer) for number, answer in answers.items()
                  if answer != PASS and (line := self.by_number.get(number)) and line.told and line.told.seen]
        return [(number, answer, round(100 * share)) for share, number, answer in sorted(shares)]


def read(published: Mapping[str, Any], asked: Collection[int]) -> Result:
    """A publication as pages show it; of statements only those that are asked still. All that pages know of its shape
    stands here."""
    names = _letters(published.get("groups") or {})
    lines = [_line(statement, names) for statement in published.get("statements") or ()
             if not statement.get("taken_out") and not statement.get("meta") and int(statement["id"]) in asked]
    known = {line.number for line in lines}
    own = published.get("representative") or {}
    ways = {"agree": AGREE, "disagree": DISAGREE}
    groups = [Group(names[key], size, [(int(number), ways[way]) for number, way in own.get(key, ())
                                       if int(number) in known])
              for key, size in (published.get("groups") or {}).items()]
    majority, about = published.get("majority") or {}, published.get("about") or {}
    silhouette = (published.get("silhouette") or {}).get(str(published.get("k")))
    people = published.get("participants", 0)
    return Result(
        people, sorted(groups, key=lambda group: group.name), lines,
        sum(count or 0 for count in (published.get("apart") or {}).values()),
        not groups and (bool(published.get("clear")) or people < FEWEST_PEOPLE), published.get("matrix") is not None,
        silhouette if groups else None,
        _picture(published.get("picture") or {}, names),
        *([int(number) for number in majority.get(way, ()) if int(number) in known] for way in ways),
        {line.number: line for line in lines},
        *(dict(about.get(name) or {}) for name in ("neighbourhoods", "age_bands", "bases")),
        published.get("damaged", 0))


def _letters(groups: Mapping[str, Any]) -> dict[str, str]:
    """Letters of groups by the names that the file gives them: their numbers count from 0."""
    return {key: LETTERS[int(key) % len(LETTERS)] if key.isdecimal() else key for key in groups}


def _line(statement: Mapping[str, Any], names: Mapping[str, str]) -> Line:
    cells = statement["groups"]
    counts = {name: tally(cells.get(key)) for key, name in sorted(names.items(), key=lambda pair: pair[1])}
    return Line(int(statement["id"]), tally(statement.get("total")), counts, statement.get("lower") or 0.0,
                statement.get("divisive") or 0.0)


def told(published: Mapping[str, Any]) -> dict[int, Tally | None]:
    """Number of a statement → answers to it, as far as a publication tells of them."""
    names = {name: name for name in published["groups"]}
    return {int(statement["id"]): _line(statement, names).told for statement in published["statements"]}


def tally(counts: Sequence[int] | None) -> Tally | None:
    return None if counts is None else Tally(*counts)


def _picture(groups: Mapping[str, Any], names: Mapping[str, str]) -> Picture | None:
    """Outlines and points (`mapping.picture`) as places in the picture."""
    shown = {names[key]: of for key, of in groups.items() if key in names and of.get("points")}
    if not shown:
        return None
    places = [point for of in shown.values() for point in (*of.get("outline", ()), *of["points"])]
    (left, right), (low, high) = (_ends(place[axis] for place in places) for axis in (0, 1))
    scale = min((WIDTH - 2 * EDGE) / (right - left), (HEIGHT - 2 * EDGE) / (high - low))
    kept = scale, WIDTH / 2 - scale * (left + right) / 2, HEIGHT / 2 + scale * (low + high) / 2
    return Picture([_shape(name, of, kept) for name, of in sorted(shown.items())], kept)


def _shape(name: str, of: Mapping[str, Any], scale: tuple[float, float, float]) -> Shape:
    points = [_placed(scale, x, y) for x, y in of["points"]]
    above = round(sum(x for x, _y in points) / len(points), 1), round(min(y for _x, y in points) - NAME_ABOVE, 1)
    return Shape(name, [_placed(scale, *point) for point in of.get("outline", ())], points, above)


def _placed(scale: tuple[float, float, float], x: float, y: float) -> tuple[float, float]:
    size, across, down = scale
    return round(across + size * x, 1), round(down - size * y, 1)


def _ends(values: Iterable[float]) -> tuple[float, float]:
    finite = [value for value in values if math.isfinite(value)]
    low, high = min(finite), max(finite)
    return (low, high) if high > low else (low - 1, high + 1)
