"""Figures of the neighbourhoods, for the map of the district (`templates/blocks/map.html`)."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from civic_forum.blocks.charts import NOTHING, Amount, Bar, Bars, cuts, worded
from civic_forum.platform.i18n import _, language

from . import queries
from .models import Neighbourhood
from .shapes import SHAPES, Shape

DARKEST = 5
"""Number of the last step of colour; the first is 1, and 0 has no figure."""

Unit = str | Callable[[float], str]
"""A word behind the number, or a function that writes the figure."""


@dataclass(frozen=True)
class Place:
    """A neighbourhood and its figure."""

    id: int
    name: str
    value: Amount
    shown: str
    level: int
    hidden: bool
    current: bool
    href: str
    shape: Shape | None


@dataclass(frozen=True)
class Step:
    """A colour of the scale: the figures that have it, in words."""

    level: int
    shown: str


@dataclass(frozen=True)
class DistrictMap:
    """Neighbourhoods in the district's order with the scale of their colours."""

    places: Sequence[Place]
    scale: Sequence[Step]

    @property
    def drawn(self) -> bool:
        """True where figures are of several classes, in the district whose shapes are known; else a sentence or bars
        stand in its place."""
        return bool(self.scale) and len(self.places) == len(SHAPES) and {
            place.shape for place in self.places} == set(SHAPES.values())

    @property
    def known(self) -> list[Place]:
        """Those with a figure, from the lowest to the highest."""
        return sorted([place for place in self.places if place.value is not None], key=attrgetter("value"))

    @property
    def hidden(self) -> int:
        """Number of neighbourhoods whose figure is hidden."""
        return len([place for place in self.places if place.hidden])

    @property
    def unknown(self) -> int:
        """Number of neighbourhoods without a figure."""
        return len([place for place in self.places if place.value is None and not place.hidden])

    @property
    def bars(self) -> Bars:
        return Bars([Bar(place.name, place.value, place.shown, hidden=place.hidden, href=place.href,
                         current=place.current, tone="strong" if place.current else "") for place in self.places])


def district_map(values: Mapping[int, Amount], unit: Unit, current: int | None = None,
                 hidden: Collection[int] = (), href: Callable[[int], str] | None = None, absent: Amount = None,
                 every: Sequence[Neighbourhood | queries.Drawn] | None = None,
                 neighbourhoods: Sequence[Neighbourhood] | None = None, outlined: bool = False) -> DistrictMap:
    """Figures by neighbourhood as a map, darker from each of the `cuts` of the figures on.

    `current` is chosen; of those `hidden` no figure leaves this function. `href` makes the address of each. `absent` is
    the figure of those that `values` leave out. `every`: all of them and the closed ones, where they were read already;
    `neighbourhoods`: those of another moment, whose figures are joined with no other's. `outlined`: those with nothing
    have no colour.
    """
    if neighbourhoods is None:
        every = queries.neighbourhoods(closed=True) if every is None else every
        values, neighbourhoods = _merged(values, every), [place for place in every if place.closed_at is None]
    figures = {place.id: values.get(place.id, absent) for place in neighbourhoods if place.id not in hidden}
    known = {place: value for place, value in figures.items() if value is not None}
    low, begins = min(known.values(), default=0), cuts(known.values())
    few = [value for value in known.values() if begins and 0 < value < begins[0]]
    begins = [min(few), *begins][:DARKEST - 1] if few and low <= 0 else begins  # nothing is not few
    levels = [1 + round((DARKEST - 1) * place / max(len(begins), 1)) for place in range(len(begins) + 1)]
    if outlined and low <= 0:
        levels[0] = 0
    words = dict(zip(known, _worded(known.values(), unit), strict=True))
    places = [Place(
        place.id, place.name, known.get(place.id), words.get(place.id, NOTHING),
        levels[bisect_right(begins, known[place.id])] if place.id in known else 0, place.id in hidden,
        place.id == current, href(place.id) if href else "",
        next((SHAPES[name] for name in place.names if name in SHAPES), None)) for place in neighbourhoods]
    return DistrictMap(places, _scale(begins, levels, unit, places))


def _merged(values: Mapping[int, Amount], every: Iterable[Neighbourhood | queries.Drawn]) -> Mapping[int, Amount]:
    """Figures of closed neighbourhoods, added to those of what stands in their place."""
    successors = {place.id: place.successor_id for place in every if place.closed_at is not None}
    sums: dict[int, Amount] = {}
    for now, value in values.items():
        while now in successors:
            now = successors[now]
        sums[now] = value if sums.get(now) is None else sums[now] + (value or 0)  # type: ignore[operator]
    return sums


def _scale(begins: Sequence[float], levels: Sequence[int], unit: Unit, places: Sequence[Place]) -> list[Step]:
    """Colours that a place has; the first one by its figure, where it has only one."""
    words = _worded(begins, unit)
    lowest, *more = {place.shown for place in places if place.level == levels[0]} or {NOTHING}
    first = [_("%(amount)s보다 적음", amount=word) if more else lowest for word in words[:1]]
    named = zip(levels, first + [_("%(amount)s부터", amount=word) for word in words], strict=False)
    return [Step(level, word) for level, word in named if level in {place.level for place in places}]


def _worded(values: Iterable[float], unit: Unit) -> list[str]:
    """Alike: all with a fraction or none."""
    if callable(unit):
        return [unit(value) for value in values]
    word = str(unit)
    space = " " if not language().is_korean and word[:1].isalpha() else ""
    return [f"{figure}{space}{word}" for figure in worded(values)]
