"""Publication of a consultation: one JSON from which others can compute everything that it says.

All figures of a statement follow from the counts that stand in the file, so suppressing and holding those is enough.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from civic_forum.opinions.mapping import Map, Matrix, Settings
from civic_forum.opinions.rules import MATRIX_LEAST

from .faults import Fault, Unreadable
from .polis import MOST_RESPONSES, Comment, Conversation
from .suppression import (Counts, Shown, held, remembered, shown_groups, shown_sizes, steady, steady_block,
                          suppressed)

FORMAT = "civic_forum.opinions/1"
MOST_BYTES = 2**30
LARGEST_SEED = 2**32 - 1
MOST_NUMBER = 10_000
"""Of any other setting: numbers of groups, answers, people."""
PARAMETERS = ("seed", "k", "drop", "apart", "answers", "people", "base", "most_groups", "clear")


@dataclass(frozen=True)
class Text:
    """A statement as it is published."""

    id: str
    body: str
    taken_out: bool = False
    meta: bool = False
    origin: str = ""


def make(found: Map, texts: Sequence[Text], settings: Settings, about: Mapping[str, object] | None = None,
         before: Mapping[str, Any] | None = None, matrix: Matrix | None = None, *,
         is_last: bool = False) -> dict[str, Any]:
    """Publication of a map. `before` is the publication that it follows. `matrix`, given only where the consultation
    said so before it opened, is published without times and authors under fresh random numbers. Raises ValueError for a
    matrix of fewer than a hundred participants."""
    if matrix is not None and len(matrix.participants) < MATRIX_LEAST:
        raise ValueError(f"The matrix is published from {MATRIX_LEAST} participants on.")
    sizes = dict.fromkeys(found.counts, 0)
    for name in found.groups.values():
        sizes[name] += 1
    names = shown_groups(found.participants, sizes)
    others = found.participants - sum(sizes[name] for name in names)
    published = {} if before is None else {one["id"]: one for one in before["statements"]}
    lines, known = {}, {}
    for text in texts:
        earlier = _earlier(published.get(text.id))
        now = suppressed(found.totals.get(text.id, (0, 0, 0)),
                         {name: found.counts[name][text.id] for name in names}, others)
        lines[text.id] = held(now, earlier, is_last=is_last)
        known[text.id] = remembered(earlier, lines[text.id])[:-1]
    figures = _figures(found, texts, lines, names, settings, with_plane=matrix is not None)
    return {
        "format": FORMAT, "about": dict(about or {}),
        "settings": {name: getattr(settings, name) for name in PARAMETERS},
        "participants": steady(found.participants, before and before["participants"]),
        "clear": found.clear, "k": found.k if names else 0,
        "silhouette": {str(k): value for k, value in found.silhouette.items()} if names else {},
        "explained": list(found.explained) if matrix is not None else [],
        "apart": steady_block({way: len(of) if not 0 < len(of) < 5 else None for way, of in found.apart.items()},
                              before and before["apart"]),
        "groups": _held_sizes(shown_sizes(found.participants, sizes, names), before and before["groups"]),
        "statements": [{
            "id": text.id, "text": text.body, "taken_out": text.taken_out, "meta": text.meta, "origin": text.origin,
            "total": lines[text.id].total, "groups": dict(lines[text.id].groups),
            "earlier": [{"total": one.total, "groups": dict(one.groups)} for one in known[text.id]],
            "components": [one.get(text.id, 0.0) for one in found.components] if matrix is not None else [],
            **figures["statements"][text.id],
        } for text in texts],
        "representative": figures["representative"], "majority": figures["majority"],
        "matrix": None if matrix is None else _shuffled(matrix, found, names),
    }


def _held_sizes(now: dict[str, int | None], before: Mapping[str, int | None] | None) -> dict[str, int | None]:
    """Sizes of groups to publish; none where other groups stood there before and a size would tell a small change."""
    kept = steady_block(now, before)
    return kept if set(kept) == set(now) else dict.fromkeys(now)


def _earlier(statement: Mapping[str, Any] | None) -> list[Shown]:
    """All counts of a statement that an earlier publication and those before it showed."""
    return [Shown(_counts(of["total"]), {name: _counts(one) for name, one in of["groups"].items()})
            for of in ([*statement.get("earlier", ()), statement] if statement else [])]


def _counts(value: Sequence[int] | None) -> Counts | None:
    return None if value is None else (value[0], value[1], value[2])


def _figures(found: Map, texts: Sequence[Text], lines: Mapping[str, Shown], names: Sequence[str],
             settings: Settings, *, with_plane: bool) -> dict[str, Any]:
    """Figures of all statements from what is shown of them. Those that tell of the plane are published only with the
    responses: of few people the plane is what they answered."""
    import numpy as np

    from civic_forum.opinions.mapping import figures
    out = {}
    width = len(texts) - sum(one.taken_out or one.meta for one in texts) * settings.drop
    for text in texts:
        line, zeroed = lines[text.id], text.taken_out or text.meta
        said: dict[str, Any] = dict.fromkeys(("center", "extremity", "priority", "gic", "lower", "divisive"))
        if line.total is not None:
            agrees, disagrees, seen = line.total
            center = 0.0 if zeroed else (agrees - disagrees) / max(seen, 1)
            length = float(np.hypot(*(one.get(text.id, 0.0) for one in found.components)))
            far = float(np.sqrt(width)) * abs(1 - center) * length
            said |= {"center": center, "extremity": far if with_plane else None}
        cells = [line.groups.get(name) for name in names]
        table = figures.Table(*np.array([one or (0, 0, 0) for one in cells], float).reshape(-1, 3, 1).swapaxes(0, 1))
        shares = figures.shares(table)
        whole = bool(names) and None not in cells
        if with_plane and line.total is not None and None not in cells:
            drawn = figures.Table(*(np.array([[one]]) for one in (
                map(float, line.total) if not names else (part.sum() for part in table))))
            said["priority"] = float(figures.priority(drawn, np.array([said["extremity"]]), np.array([text.meta]))[0])
        if whole:
            said |= {"gic": float(shares.pa.prod()), "lower": float(figures.wilson(table.agrees, table.seen).prod())}
            said["divisive"] = float(shares.pa.var()) if len(names) > 1 else None
        fields = figures.Shares._fields if whole and len(names) == found.k else figures.Shares._fields[:4]
        said["figures"] = {name: {one: float(getattr(shares, one)[place, 0]) for one in fields}
                           for place, name in enumerate(names) if cells[place] is not None}
        out[text.id] = said
    return {"statements": out, **_lists(texts, lines, names)}


def _lists(texts: Sequence[Text], lines: Mapping[str, Shown], names: Sequence[str]) -> dict[str, Any]:
    """Representative statements and majorities among those of which everything is shown."""
    import numpy as np

    from civic_forum.opinions.mapping import figures
    from civic_forum.opinions.mapping.model import order_of_id
    kept = sorted((one.id for one in texts if not one.taken_out and not one.meta), key=order_of_id)
    by_group = [one for one in kept if names and None not in map(lines[one].groups.get, names)]
    table = figures.Table(*np.array([[lines[one].groups[name] for one in by_group] for name in names],
                                    int).reshape(len(names), len(by_group), 3).transpose(2, 0, 1))
    shares = figures.shares(table)
    whole = [one for one in kept if lines[one].total is not None]
    agrees, disagrees, seen = np.array([lines[one].total for one in whole], int).reshape(-1, 3).T
    places = range(len(whole))
    return {
        "representative": {name: [[by_group[one], way] for one, way in figures.representative(
            shares, table, place, range(len(by_group)))] for place, name in enumerate(names)},
        "majority": {"agree": [whole[one] for one in figures.majority(agrees, seen, places)],
                     "disagree": [whole[one] for one in figures.majority(disagrees, seen, places)]},
    }


def _shuffled(matrix: Matrix, found: Map, names: Sequence[str]) -> list[dict[str, Any]]:
    """Rows under fresh random numbers, in their order; groups that are not shown stand at nobody."""
    rows: list[dict[str, int]] = [{} for _ in matrix.participants]
    for row, column, value in zip(matrix.rows.tolist(), matrix.columns.tolist(), matrix.values.tolist()):
        rows[row][matrix.statements[column]] = value
    chance = secrets.SystemRandom()
    order = list(range(len(rows)))
    chance.shuffle(order)
    numbers = sorted(chance.sample(range(1, 10 * len(rows) + 1), len(rows)))
    shown = set(names)
    return [{"participant": str(number), "group": group if (group := found.groups.get(matrix.participants[place]))
             in shown else None, "responses": {one: rows[place][one] for one in sorted(rows[place])}}
            for number, place in zip(numbers, order)]


def read(path: Path) -> Conversation:
    """Conversation of a publication. Raises Unreadable, also where it holds no matrix."""
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(path.name, Fault.TOO_LARGE, detail="1 GB")
    try:
        data = json.loads(path.read_text("utf-8-sig"), parse_constant=_no_number)
        if data["format"] != FORMAT:
            raise Unreadable(path.name, Fault.NO_PUBLICATION, detail=f"format {data['format']!r}")
        comments = tuple(Comment(_text(one["id"]), _text(one["text"]), moderated=-1 if one["taken_out"] else 0,
                                 meta=bool(one["meta"]), seed=one.get("origin") == "seed")
                         for one in data["statements"])
        if data["matrix"] is None:
            raise Unreadable(path.name, Fault.NO_MATRIX)
        settings = _settings(data["settings"])
        people = [_text(one["participant"]) for one in data["matrix"]]
        groups = {_text(one["participant"]): _text(one["group"]) for one in data["matrix"] if one["group"] is not None}
        triples = [(_text(one["participant"]), statement, value)
                   for one in data["matrix"] for statement, value in one["responses"].items()]
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError, LookupError, TypeError, AttributeError,
            ValueError) as wrong:
        raise Unreadable(path.name, Fault.NO_PUBLICATION, detail=f"{type(wrong).__name__}: {wrong}") from wrong
    for what, ids in (("participant", people), ("statement", [one.id for one in comments])):
        if len(set(ids)) != len(ids):
            raise Unreadable(path.name, Fault.NO_PUBLICATION, detail=f"the same {what} twice")
    if len(triples) > MOST_RESPONSES:
        raise Unreadable(path.name, Fault.TOO_MANY, detail=f"{MOST_RESPONSES} responses")
    if {one for _, one, _ in triples} - {one.id for one in comments}:
        raise Unreadable(path.name, Fault.NO_PUBLICATION, detail="responses to unknown statements")
    if any(type(value) is not int or value not in (-1, 0, 1) for _, _, value in triples):
        raise Unreadable(path.name, Fault.NO_PUBLICATION, detail="a response that is not 1, 0 or -1")
    matrix = Matrix.of(triples, people, [one.id for one in comments])
    return Conversation(matrix, comments, groups, settings=settings)


def _settings(said: Mapping[str, Any]) -> Settings:
    """Settings of a publication, within what can be computed."""
    found = Settings(**{name: said[name] for name in PARAMETERS})

    def is_within(value: object, least: int, most: int) -> bool:
        return type(value) is int and least <= value <= most

    if not (is_within(found.seed, 0, LARGEST_SEED) and is_within(found.base, 1, MOST_NUMBER)
            and all(is_within(one, 0, MOST_NUMBER) for one in (found.answers, found.people, found.most_groups))
            and all(one is None or is_within(one, 1, MOST_NUMBER) for one in (found.k, found.apart))):
        raise ValueError("settings out of range")
    if type(found.drop) is not bool or type(found.clear) not in (int, float):
        raise TypeError("settings of another kind")
    return found


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")
