"""One measured figure, and how figures are shown."""

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"


@dataclass(frozen=True)
class Figure:
    """`value` in `unit`; `ratio` is `value` over `baseline` (the empty page of the same run) where there is one.
    `column`: of a table with a line for each name."""

    name: str
    value: float
    unit: str
    goal: str
    baseline: float | None = None
    ratio: float | None = None
    column: str = ""


def against(name: str, value: float, baseline: float, goal: str, unit: str = "ms CPU", column: str = "") -> Figure:
    return Figure(name, round(value, 3), unit, goal, round(baseline, 3), round(value / baseline, 2), column)


def show(name: str, figures: list[Figure], as_json: bool) -> None:
    if as_json:
        for figure in figures:
            print(json.dumps(asdict(figure), ensure_ascii=False), flush=True)
    else:
        print(f"{name}\n{table(figures)}\n", flush=True)


def table(figures: list[Figure]) -> str:
    """Markdown."""
    if columns := list(dict.fromkeys(figure.column for figure in figures if figure.column)):
        cells = {(figure.name, figure.column): _number(figure.value if figure.ratio is None else figure.ratio)
                 for figure in figures}
        lines = [[name, *(cells.get((name, column), "") for column in columns)]
                 for name in dict.fromkeys(figure.name for figure in figures)]
    else:
        columns = ["measured", "beside", "ratio", "goal"]
        lines = [[figure.name, f"{_number(figure.value)} {figure.unit}", _number(figure.baseline),
                  _number(figure.ratio), figure.goal] for figure in figures]
    return "\n".join(map(_line, (["", *columns], ["---", *["---:"] * len(columns)], *lines)))


def _number(number: float | None) -> str:
    return "" if number is None else f"{number:,.3f}".rstrip("0").rstrip(".")


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def write(name: str, figures: list[Figure], page: Path = PAGE) -> None:
    """Put the table between the two marks of this measure. Raises ValueError for a page without them."""
    begins, ends = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    before, text = page.read_text("utf-8").split(begins)
    after = text.split(ends)[1]
    machine = (f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores,"
               f" load {os.getloadavg()[0]:.1f}.")
    page.write_text(f"{before}{begins}{machine}\n\n{table(figures)}\n{ends}{after}", "utf-8")
