"""Bars of a page as Chromium draws them, and what is wrong with them beside their numbers.

A bar is a `<progress>`, or an SVG of rectangles that is stretched. Its numbers stand in `value` and `max`, or in
`data-parts` and `data-whole`; they must stand in the words of its row too, and its lengths must follow from them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

PIXEL = 1.01
"""Of length, which layout may cost."""
DRAWN = ('main :is(progress, meter, svg[preserveAspectRatio="none"])' ':not(svg:not(:has(rect)), [data-clock-bar])')
"""Bars but for clocks, which move while they are measured."""
MEASURED = """(drawn) => {
  for (const fold of document.querySelectorAll('main details')) fold.open = true;
  const across = (shape) => {
    const box = shape.getBBox(), at = shape.getScreenCTM();
    return [at.a * box.x + at.e, at.a * box.width];
  };
  const charts = new Map();
  return [...document.querySelectorAll(drawn)].filter((bar) => bar.getClientRects().length).map((bar, place) => {
    const row = bar.closest('li, tr, .pulse-row'), chart = row?.parentElement ?? bar;
    const box = (row ?? bar).getBoundingClientRect(), track = bar.getBoundingClientRect();
    const around = row ?? bar.closest('figure, .far, .panel, section, article, header, body');
    const isNative = bar.matches('progress, meter');
    if (!charts.has(chart)) charts.set(chart, charts.size);
    bar.dataset.measured = place;
    return {
      chart: charts.get(chart), row: [box.x, box.width], track: [track.x, track.width],
      words: `${bar.getAttribute('aria-label') ?? ''} ${around.innerText}`,
      whole: isNative ? bar.max : Number(bar.dataset.whole),
      parts: isNative ? [bar.value] : (bar.dataset.parts || null)?.split(' ').map(Number) ?? [],
      pieces: isNative ? [] : [...bar.querySelectorAll('rect:not(.track)')].map(across),
      has_one_scale: chart.matches('.chart-bars, .ranks'), is_hidden: bar.matches('.hidden-bar'), is_native: isNative,
    };
  });
}"""
NUMBER = re.compile(r"(?:([\d,.]*\d)억\s?)?(?:([\d,.]*\d)만)?(?:([\d,]*\d(?:\.\d+)?)(천원)?)?")
LASTING = re.compile(r"(?:(\d+)시간\s?)?(\d+)분(?: (\d+)초)?")


@dataclass(frozen=True)
class Number:
    """A number in words: its value, and by how much less than its last digit it may have been rounded."""

    value: float
    digit: float


@dataclass(frozen=True)
class Bar:
    """A bar as it is drawn: starts and widths in pixels. `chart` is the same for all rows of one."""

    chart: int
    row: list[float]
    track: list[float]
    words: str
    whole: float
    parts: list[float]
    pieces: list[list[float]] = field(default_factory=list)
    has_one_scale: bool = False
    is_hidden: bool = False
    is_native: bool = False

    @property
    def faults(self) -> Iterator[str]:
        """Everything that its lengths say and its numbers do not."""
        pieces = [(start, width) for start, width in self.pieces if width]
        lengths = [self.track[1] * part / self.whole for part in self.parts if part > 0] if self.whole else []
        if not self.is_hidden and not (self.parts and self.whole > 0):
            yield "no numbers"
        yield from (f"{part:g} of {self.whole:g} is not in its words" for part in self.parts if not self._names(part))
        if len(lengths) != len(pieces):
            yield f"{len(pieces)} pieces for {len(lengths)} numbers"
        reached = self.track[0]
        for length, (start, width) in zip(lengths, pieces, strict=False):
            if abs(width - length) > PIXEL or abs(start - reached) > PIXEL:
                yield f"{start:.1f} + {width:.1f} px for {reached:.1f} + {length:.1f}"
            reached += length

    @property
    def name(self) -> str:
        return " ".join(self.words.split())[:60]

    def _names(self, part: float) -> bool:
        """True if its words have this number, its percent of the whole, or more than the whole where it is full."""
        return any(abs(number.value - amount) < number.digit
                   for number in numbers(self.words) for amount in (part, 100 * part / self.whole)) or (
            self.is_native and part == self.whole and any(number.value > part for number in numbers(self.words)))


def numbers(words: str) -> list[Number]:
    """Numbers of a Korean text, `7억 9,100만` as one; `23분 55초` as seconds besides."""
    return [_number(*match.groups()) for match in NUMBER.finditer(words) if match[0]] + [
        Number((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds or 0), 1)
        for hours, minutes, seconds in LASTING.findall(words)]


def _number(hundred_millions: str | None, ten_thousands: str | None, ones: str | None, thousands: str | None) -> Number:
    value = digit = 0.0
    for digits, unit in ((hundred_millions, 1e8), (ten_thousands, 1e4), (ones, 1e3 if thousands else 1)):
        if digits:
            value += float(digits.replace(",", "")) * unit
            digit = unit * 10 ** -len(digits.partition(".")[2])
    return Number(value, digit)


def faults(bars: Iterable[Bar]) -> list[str]:
    """Faults of the bars of a page: of each by itself, and of the rows of a chart beside its first."""
    wrong = []
    for _chart, rows in groupby(sorted(bars, key=lambda bar: bar.chart), key=lambda bar: bar.chart):
        first, *others = rows
        wrong += [f"{bar.name}: {fault}" for bar in (first, *others) for fault in bar.faults]
        wrong += [f"{bar.name}: track {bar.track}, of the first row {first.track}" for bar in others
                  if _are_near(bar.row, first.row) and not _are_near(bar.track, first.track)]
        wrong += [f"{bar.name}: of {bar.whole:g}, the first row of {first.whole:g}" for bar in others
                  if bar.has_one_scale and bar.whole != first.whole]
    return wrong


def _are_near(places: list[float], others: list[float]) -> bool:
    return all(abs(place - other) <= PIXEL for place, other in zip(places, others, strict=True))


def measured(page) -> list[Bar]:
    """All bars that the page shows, with everything unfolded."""
    bars = [Bar(**facts) for facts in page.evaluate(MEASURED, DRAWN)]
    drawn = _values_of_progress(page) if any(bar.is_native for bar in bars) else {}
    return [replace(bar, pieces=[drawn[place]]) if bar.is_native else bar for place, bar in enumerate(bars)]


def _values_of_progress(page) -> dict[int, list[float]]:
    """Start and width of what each `<progress>` draws itself, by its place among the bars."""
    session, drawn = page.context.new_cdp_session(page), {}
    session.send("DOM.enable")
    for node in _nodes(session.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]):
        attributes = node.get("attributes", [])
        if node["nodeName"] == "PROGRESS" and "data-measured" in attributes:
            value = next(inner for inner in _nodes(node) if "-webkit-progress-value" in inner.get("attributes", ()))
            edges = session.send("DOM.getBoxModel", {"nodeId": value["nodeId"]})["model"]["border"]
            drawn[int(attributes[attributes.index("data-measured") + 1])] = [edges[0], edges[2] - edges[0]]
    session.detach()
    return drawn


def _nodes(node: dict) -> Iterator[dict]:
    yield node
    for inner in (*node.get("children", ()), *node.get("shadowRoots", ())):
        yield from _nodes(inner)
