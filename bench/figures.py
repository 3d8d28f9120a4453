"""One measured figure, and how figures are shown."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """`value` in `unit`; `ratio` is `value` over `baseline` (the empty page of the same run) where there is one."""

    name: str
    value: float
    unit: str
    goal: str
    baseline: float | None = None
    ratio: float | None = None


def against(name: str, value: float, baseline: float, goal: str, unit: str = "ms CPU") -> Figure:
    return Figure(name, round(value, 3), unit, goal, round(baseline, 3), round(value / baseline, 2))


def show(figures: list[Figure], as_json: bool) -> None:
    if as_json:
        for figure in figures:
            print(json.dumps(asdict(figure), ensure_ascii=False), flush=True)
        return
    print(f"{'figure':<66}{'value':>12} {'unit':<10}{'empty page':>11}{'ratio':>8}  goal")
    for figure in figures:
        baseline = "" if figure.baseline is None else f"{figure.baseline:g}"
        ratio = "" if figure.ratio is None else f"{figure.ratio:g}"
        print(f"{figure.name:<66}{figure.value:>12g} {figure.unit:<10}{baseline:>11}{ratio:>8}  {figure.goal}")
