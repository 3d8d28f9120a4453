"""One run from responses to a map. Loads SciPy and scikit-learn."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from . import figures, grouping, projecting
from .model import Map, Matrix, Previous, Settings, Statement, order_of_id
from .steady import Steady, settle

WAYS = {"agree": 1, "disagree": -1, "pass": 0}


class _Groups(NamedTuple):
    """`label` is the place of each participant's group in `names`, −1 for none."""

    names: list[str]
    label: np.ndarray
    silhouette: dict[int, float]
    steady: Steady | None
    clear: bool


def run(matrix: Matrix, statements: Sequence[Statement], settings: Settings, previous: Previous | None) -> Map:
    """As `mapping.compute`. One thread, so that sums are added in one order."""
    with threadpool_limits(1):
        return _run(matrix, statements, settings, previous)


def _run(matrix: Matrix, statements: Sequence[Statement], settings: Settings, previous: Previous | None) -> Map:
    people = sorted(matrix.participants, key=order_of_id)
    known = {statement.id: statement for statement in statements}
    lines = sorted({*matrix.statements, *known}, key=order_of_id)
    out = np.array([line in known and known[line].taken_out for line in lines], bool)
    meta = np.array([line in known and known[line].meta for line in lines], bool)
    responses = _ordered(matrix, people, lines, out | meta, settings.drop)
    plane = projecting.project(responses, projecting.in_order(previous.components, lines) if previous else None)
    apart = _apart(responses, settings.apart)
    tried = _try(responses, plane, np.isin(np.arange(len(people)), np.concatenate([*apart.values()])), settings)
    groups = (_find(tried, settings, previous, people) if settings.groups is None
              else _as_given(tried, settings.groups, people))
    far = projecting.extremity(plane, len(lines) - int(responses.zeroed.sum()) * settings.drop)
    by_line = partial(_by_line, lines)
    return Map(
        participants=len(people), statements=len(lines), grouped=int((groups.label >= 0).sum()), k=len(groups.names),
        clear=groups.clear, steady=groups.steady, silhouette=groups.silhouette, center=by_line(plane.center),
        components=(by_line(plane.components[0]), by_line(plane.components[1])), explained=plane.explained,
        projection=dict(zip(people, map(tuple, plane.points.tolist()))), extremity=by_line(far),
        groups={person: groups.names[label] for person, label in zip(people, groups.label.tolist()) if label >= 0},
        apart={way: tuple(people[place] for place in of.tolist()) for way, of in apart.items()},
        **_figures(responses, groups, lines, far, meta, np.flatnonzero(~(out | meta)).tolist()))


def _by_line(lines: list[str], values: np.ndarray) -> dict[str, float]:
    return dict(zip(lines, values.tolist()))


def _figures(responses: projecting.Responses, groups: _Groups, lines: list[str], far: np.ndarray, meta: np.ndarray,
             kept: list[int]) -> dict[str, Any]:
    """All that the map says of statements from their counts. `kept` are the places of those that are neither taken out
    nor meta."""
    total = figures.tally(np.zeros(len(responses.rows), int), 1, responses.columns, responses.values, len(lines))
    table = figures.tally(
        groups.label[responses.rows], len(groups.names), responses.columns, responses.values, len(lines))
    shares, several, by_line = figures.shares(table), table if groups.names else total, partial(_by_line, lines)
    grouped = figures.Table(*(counts.sum(axis=0, keepdims=True) for counts in several))
    return {
        "totals": _counts(total, 0, lines),
        "counts": {name: _counts(table, place, lines) for place, name in enumerate(groups.names)},
        "gic": by_line(figures.share(several.agrees, several.seen).prod(axis=0)),
        "lower": by_line(figures.wilson(several.agrees, several.seen).prod(axis=0)),
        "divisive": by_line(shares.pa.var(axis=0)) if len(groups.names) > 1 else {},
        "priority": by_line(figures.priority(grouped, far, meta)),
        "representative": {name: tuple((lines[column], way) for column, way in
                                       figures.representative(shares, table, place, kept))
                           for place, name in enumerate(groups.names)},
        "majority": {way: tuple(lines[column] for column in figures.majority(counts[0], total.seen[0], kept))
                     for way, counts in (("agree", total.agrees), ("disagree", total.disagrees))}}


def _ordered(matrix: Matrix, people: list[str], lines: list[str], zeroed: np.ndarray,
             drop: bool) -> projecting.Responses:
    """Responses sorted by participant and statement, so that their order in the file does not matter."""
    row_of = {person: place for place, person in enumerate(people)}
    line_of = {line: place for place, line in enumerate(lines)}
    rows = np.array([row_of[person] for person in matrix.participants], np.int64)[matrix.rows]
    columns = np.array([line_of[line] for line in matrix.statements], np.int64)[matrix.columns]
    order = np.argsort(rows * len(lines) + columns, kind="stable")
    return projecting.Responses(len(people), len(lines), rows[order], columns[order], matrix.values[order], zeroed,
                                drop)


def _apart(responses: projecting.Responses, needed: int | None) -> dict[str, np.ndarray]:
    """Places of people with so many answers of one kind only, by that kind."""
    answers = np.bincount(responses.rows, minlength=responses.people)
    return {way: np.flatnonzero((answers >= needed) & (answers == np.bincount(
                responses.rows[responses.values == value], minlength=responses.people)))
            if needed is not None else np.zeros(0, int) for way, value in WAYS.items()}


class _Tried(NamedTuple):
    """Partings of the base clusters of the `chosen` participants, by number of groups."""

    chosen: np.ndarray
    points: np.ndarray
    base: grouping.Bases
    parts: dict[int, np.ndarray]
    silhouette: dict[int, float]


def _try(responses: projecting.Responses, plane: projecting.Plane, apart: np.ndarray, settings: Settings) -> _Tried:
    answers = np.bincount(responses.rows, minlength=responses.people)
    chosen = grouping.chosen(answers, apart, min(settings.answers, responses.lines), settings.people)
    points = plane.points[chosen]
    base = grouping.bases(points, settings.base, settings.seed)
    parts = {k: grouping.parted(base, k, settings.seed)
             for k in grouping.numbers(len(base.centres), settings.most_groups)}
    return _Tried(chosen, points, base, parts, {k: grouping.silhouette(base, part) for k, part in parts.items()})


def _as_given(tried: _Tried, groups: Mapping[str, str], people: list[str]) -> _Groups:
    unknown = set(groups) - set(people)
    if unknown:
        raise ValueError(f"Groups name participants who are not there: {', '.join(sorted(unknown)[:5])}.")
    names = sorted(set(groups.values()), key=order_of_id)
    places = {name: place for place, name in enumerate(names)}
    label = np.array([places[groups[person]] if person in groups else -1 for person in people], int)
    return _Groups(names, label, tried.silhouette, None, True)


def _find(tried: _Tried, settings: Settings, previous: Previous | None, people: list[str]) -> _Groups:
    """Groups found, unless they part too little."""
    label = np.full(len(people), -1)
    steady = None
    if settings.k is not None:
        part = tried.parts.get(settings.k)
        part = grouping.parted(tried.base, settings.k, settings.seed) if part is None else part
    elif tried.parts:
        winner = max(tried.silhouette, key=lambda k: tried.silhouette[k])
        steady = settle(previous.steady if previous else None, winner)
        steady = steady if steady.k in tried.parts else settle(None, winner)
        part = tried.parts[steady.k]
    if not tried.chosen.size or settings.k is None and (steady is None or tried.silhouette[steady.k] < settings.clear):
        return _Groups([], label, tried.silhouette, steady, False)
    of_point = grouping.by_size(grouping.refined(tried.points, part[tried.base.member]), tried.points)
    names = grouping.named(of_point, [previous.groups.get(people[place]) if previous else None
                                      for place in tried.chosen.tolist()])
    order = sorted(set(names), key=order_of_id)
    places = {name: place for place, name in enumerate(order)}
    label[tried.chosen] = [places[name] for name in names]
    return _Groups(order, label, tried.silhouette, steady, True)


def _counts(table: figures.Table, group: int, lines: list[str]) -> dict[str, tuple[int, int, int]]:
    return dict(zip(lines, zip(*(counts[group].tolist() for counts in table))))
