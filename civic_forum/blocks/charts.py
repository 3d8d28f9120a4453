"""Figures as shapes: positions of bars, shares and lines, in thousandths of their picture.

`templates/blocks/charts.html` draws them. A figure that is None is hidden or not there; nothing below zero is drawn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import ceil, floor, log10

UNITS = 1000
"""Width, and height, of every picture."""
NOTHING = "–"
"""Text of a figure that is not there."""
LINES_APART = 4
"""Strokes that `static/css/charts.css` tells apart without colour."""
NAMED_ON_PHONES = 6
"""Months that a phone has room to name."""

Amount = float | None


@dataclass(frozen=True)
class Key:
    """An entry of the key: the colour or stroke of a name."""

    name: str
    tone: str = ""
    shown: str = ""


@dataclass(frozen=True)
class Table:
    """Figures of a chart in words. A cell that is None is hidden; the first of each row names it."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str | None]]
    total: Sequence[str | None] = ()


@dataclass(frozen=True)
class Bar:
    """One bar and its words. `mark` is a line across it, such as a target; `detail` says it in words."""

    name: str
    value: Amount
    shown: str
    mark: Amount = None
    hidden: bool = False
    tone: str = ""
    detail: str = ""
    href: str = ""
    current: bool = False


@dataclass(frozen=True)
class Bars:
    """Bars of one scale, from nothing to `top`; without it to the largest of them."""

    rows: Sequence[Bar]
    top: Amount = None

    @property
    def scale(self) -> float:
        return _amount(self.top) or _largest(amount for row in self.rows for amount in (row.value, row.mark))

    def width(self, row: Bar) -> int:
        return 0 if row.hidden else _units(row.value, self.scale)

    def place(self, row: Bar) -> int | None:
        """Place of its mark."""
        return None if row.mark is None else _units(row.mark, self.scale)

    def table(self, caption: str, name: str, shown: str) -> Table:
        return Table(caption, (name, shown), [(row.name, None if row.hidden else row.shown) for row in self.rows])


@dataclass(frozen=True)
class Part:
    """Of a whole."""

    name: str
    value: Amount
    shown: str
    tone: str = ""


@dataclass(frozen=True)
class Piece:
    """A coloured piece of a bar."""

    start: float
    width: float
    tone: str


@dataclass(frozen=True)
class Share:
    """Parts of one whole, side by side."""

    parts: Sequence[Part]

    @property
    def scale(self) -> float:
        return _sum([part.value for part in self.parts])

    @property
    def known(self) -> str:
        """Its figures, for `data-parts`; a macro would take as long again as the whole bar."""
        return " ".join([str(part.value) for part in self.parts if part.value is not None])

    @property
    def pieces(self) -> list[Piece]:
        """Without those of nothing; together as wide as the picture."""
        return _pieces([part.value for part in self.parts], [part.tone for part in self.parts], UNITS)


def share_of(*parts: tuple[str, Amount, str, str]) -> Share:
    """A share of names, figures, their words and tones, for templates."""
    return Share([Part(*part) for part in parts])


@dataclass(frozen=True)
class Stack:
    """A bar of pieces, one for each key of `Stacked`."""

    name: str
    values: Sequence[Amount]
    shown: str
    detail: str = ""


@dataclass(frozen=True)
class Stacked:
    """Stacks of one scale, from nothing to `top`; without it to the highest sum."""

    rows: Sequence[Stack]
    keys: Sequence[Key]
    top: Amount = None

    @property
    def scale(self) -> float:
        return _amount(self.top) or _largest(_sum(row.values) for row in self.rows)

    def pieces(self, row: Stack) -> list[Piece]:
        return _pieces(row.values, [key.tone for key in self.keys], _room(_sum(row.values), self.scale))

    def said(self, row: Stack, place: int) -> str | None:
        """Figure of one key; None where it is hidden."""
        value = row.values[place]
        return None if value is None else said(value)

    def table(self, caption: str, name: str, total: str) -> Table:
        return Table(caption, (name, *(key.name for key in self.keys), total), [
            (row.name, *(self.said(row, place) for place in range(len(self.keys))), row.shown) for row in self.rows])


@dataclass(frozen=True)
class Line:
    """A figure month by month, with its words where the number alone does not say it."""

    name: str
    values: Sequence[Amount]
    shown: Sequence[str] = ()

    @property
    def said(self) -> list[str]:
        """A figure that is not there is a dash."""
        words = self.shown or worded(self.values)
        return [NOTHING if value is None else str(word) for value, word in zip(self.values, words, strict=True)]


@dataclass(frozen=True)
class Dot:
    x: float
    y: int


@dataclass(frozen=True)
class Drawn:
    """A line as it is drawn: `path` is that of an SVG, with a gap where a month has no figure."""

    name: str
    stroke: str
    path: str
    dots: Sequence[Dot]


@dataclass(frozen=True)
class Lines:
    """Lines of one scale over the same months."""

    months: Sequence[str]
    series: Sequence[Line]
    top: Amount = None

    @property
    def ticks(self) -> list[float]:
        """Round numbers from 0 to above every figure, at most six, at even distances."""
        return _ticks(max(_amount(self.top), _largest(value for line in self.series for value in line.values)))

    def height(self, tick: float) -> int:
        """Distance from the upper edge."""
        return UNITS - _units(tick, self.ticks[-1])

    @property
    def axis(self) -> list[tuple[str, int]]:
        """Words and height of every tick, from above."""
        return [(said(tick), self.height(tick)) for tick in reversed(self.ticks)]

    @property
    def drawn(self) -> list[Drawn]:
        return [Drawn(line.name, _stroke(place), _path(dots), [dot for dot in dots if dot])
                for place, line in enumerate(self.series) for dots in (self._dots(line),)]

    def _dots(self, line: Line) -> list[Dot | None]:
        top, step = self.ticks[-1], UNITS / max(len(self.months), 1)
        return [None if value is None else Dot(round((place + .5) * step, 1), UNITS - _units(value, top))
                for place, value in enumerate(line.values)]

    @property
    def keys(self) -> list[Key]:
        """Each line with its newest figure."""
        return [Key(line.name, _stroke(place), next((word for word in reversed(line.said) if word != NOTHING), ""))
                for place, line in enumerate(self.series)]

    @property
    def ends(self) -> list[tuple[str, str, str, str, str]]:
        """For each line with two figures: its name, the first month and figure, the last month and figure."""
        lines = [(line, [place for place, value in enumerate(line.values) if value is not None])
                 for line in self.series]
        return [(line.name, self.months[there[0]], line.said[there[0]], self.months[there[-1]], line.said[there[-1]])
                for line, there in lines if len(there) > 1]

    @property
    def named(self) -> list[tuple[str, bool]]:
        """Months, and whether a phone names them too: every third, and the last."""
        count = len(self.months)
        return [(month, count <= NAMED_ON_PHONES or (count - 1 - place) % 3 == 0)
                for place, month in enumerate(self.months)]

    def table(self, caption: str, month: str) -> Table:
        figures = [line.said for line in self.series]
        return Table(caption, (month, *(line.name for line in self.series)),
                     [(name, *cells) for name, *cells in zip(self.months, *figures, strict=True)])


def cuts(values: Iterable[Amount]) -> list[float]:
    """Round numbers above the lowest figure, at most four, that cut the way from nothing to the highest evenly.

    None where the figures lie less than such a step apart: they are of one class.
    """
    amounts = [round(max(value or 0, 0), 1) for value in values]
    low, high = min(amounts, default=0), max(amounts, default=0)
    ticks = _ticks(high, 1 if all([amount % 1 == 0 for amount in amounts]) else .1)
    return [tick for tick in ticks if low < tick <= high][:4] if high - low >= ticks[1] else []


def worded(values: Iterable[Amount]) -> list[str | None]:
    """`1,800`, or `17.1` and `6.0` where any of them has a fraction; None stays None."""
    values = list(values)
    places = int(any([round(value, 1) % 1 for value in values if value is not None]))
    return [None if value is None else f"{float(value):,.{places}f}" for value in values]


def said(value: float) -> str:
    return str(*worded([value]))


def _amount(value: Amount) -> float:
    return max(value or 0, 0)


def _sum(values: Iterable[Amount]) -> float:
    return sum(map(_amount, values))


def _largest(values: Iterable[Amount]) -> float:
    return max(map(_amount, values), default=0)


def _units(value: Amount, top: float) -> int:
    """At least one of what is there."""
    return round(_room(value, top))


def _room(value: Amount, top: float) -> float:
    return max(UNITS * min(_amount(value) / top, 1), 1) if _amount(value) and top else 0


def _pieces(values: Sequence[Amount], tones: Sequence[str], room: float) -> list[Piece]:
    """The room in proportion: edges are rounded to less than a pixel, so that nothing is lost."""
    there = [(_amount(value), tone) for value, tone in zip(values, tones, strict=True) if _amount(value)]
    whole = sum(value for value, _ in there)
    edges = [0, *(round(room * min(reached / whole, 1), 1) for reached in accumulate(value for value, _ in there))]
    return [Piece(start, round(end - start, 1), tone)
            for (start, end), (_, tone) in zip(pairwise(edges), there, strict=True)]


def _ticks(highest: float, least: float = 1) -> list[float]:
    step = _round_step(highest, least)
    return [step * place for place in range(max(ceil(highest / step - 1e-9), 1) + 1)]


def _round_step(highest: float, least: float) -> float:
    """The smallest of 1, 2, 2.5, 5 and their tenfold of which five reach the highest; `least` is 1 for counts."""
    rough = max(highest / 5, least)
    power = float(10 ** floor(log10(rough)))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= rough and (power > 1 or step != 2.5))


def _stroke(place: int) -> str:
    return f"line-{place % LINES_APART + 1}"


def _path(dots: Iterable[Dot | None]) -> str:
    pieces, drawing = [], False
    for dot in dots:
        if dot:
            pieces.append(f"{'L' if drawing else 'M'}{dot.x} {dot.y}")
        drawing = dot is not None
    return "".join(pieces)

