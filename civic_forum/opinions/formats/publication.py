"""Publication of a consultation: one JSON from which others can compute everything that it says.

All figures of a statement follow from the counts that stand in the file, so suppressing and holding those is enough.
"""

import json
import secrets
from collections import Counter
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


def make(opinion_map: Map, texts: Sequence[Text], settings: Settings, about: Mapping[str, object] | None = None,
         before: Mapping[str, Any] | None = None, matrix: Matrix | None = None, *,
         is_last: bool = False) -> dict[str, Any]:
    """Publication of a map. `before` is the publication that it follows. `matrix`, given only where the consultation
    said so before it opened, is published without times and authors under fresh random numbers. Raises ValueError for a
    matrix of fewer than a hundred participants."""
    if matrix is not None and len(matrix.participants) < MATRIX_LEAST:
        raise ValueError(f"The matrix is published from {MATRIX_LEAST} participants on.")
    sizes = {**dict.fromkeys(opinion_map.counts, 0), **Counter(opinion_map.groups.values())}
    names = shown_groups(opinion_map.participants, sizes)
    others = opinion_map.participants - sum(sizes[name] for name in names)
    published = {} if before is None else {statement["id"]: statement for statement in before["statements"]}
    earlier = {text.id: _earlier(published.get(text.id)) for text in texts}
    lines = {text.id: held(suppressed(opinion_map.totals.get(text.id, (0, 0, 0)), {
        name: opinion_map.counts[name][text.id] for name in names}, others), earlier[text.id], is_last=is_last)
        for text in texts}
    figures = _figures(opinion_map, texts, lines, names, settings, with_plane=matrix is not None)
    return {
        "format": FORMAT, "about": dict(about or {}),
        "settings": {name: getattr(settings, name) for name in PARAMETERS},
        "participants": steady(opinion_map.participants, before and before["participants"]),
        "clear": opinion_map.clear, "k": opinion_map.k if names else 0,
        "silhouette": {str(k): value for k, value in opinion_map.silhouette.items()} if names else {},
        "explained": list(opinion_map.explained) if matrix is not None else [],
        "apart": steady_block({way: len(of) if not 0 < len(of) < 5 else None for way, of in opinion_map.apart.items()},
                              before and before["apart"]),
        "groups": _held_sizes(shown_sizes(opinion_map.participants, sizes, names), before and before["groups"]),
        "statements": [{
            "id": text.id, "text": text.body, "taken_out": text.taken_out, "meta": text.meta, "origin": text.origin,
            "total": lines[text.id].total, "groups": dict(lines[text.id].groups),
            "earlier": [{"total": shown.total, "groups": dict(shown.groups)}
                        for shown in remembered(earlier[text.id], lines[text.id])[:-1]],
            "components": [component.get(text.id, 0.0) for component in opinion_map.components if matrix is not None],
            **figures["statements"][text.id],
        } for text in texts],
        "representative": figures["representative"], "majority": figures["majority"],
        "matrix": None if matrix is None else _shuffled(matrix, opinion_map, names),
    }


def _held_sizes(now: dict[str, int | None], before: Mapping[str, int | None] | None) -> dict[str, int | None]:
    """Sizes of groups to publish; none where other groups stood there before and a size would tell a small change."""
    kept = steady_block(now, before)
    return kept if set(kept) == set(now) else dict.fromkeys(now)


def _earlier(statement: Mapping[str, Any] | None) -> list[Shown]:
    """All counts of a statement that an earlier publication and those before it showed."""
    return [Shown(_counts(of["total"]), {name: _counts(counts) for name, counts in of["groups"].items()})
            for of in ([*statement.get("earlier", ()), statement] if statement else [])]


def _counts(value: Sequence[int] | None) -> Counts | None:
    return None if value is None else (value[0], value[1], value[2])


def _figures(opinion_map: Map, texts: Sequence[Text], lines: Mapping[str, Shown], names: Sequence[str],
             settings: Settings, *, with_plane: bool) -> dict[str, Any]:
    """Figures of all statements from what is shown of them. Those that tell of the plane are published only with the
    responses: of few people the plane is what they answered."""
    import numpy as np

    from civic_forum.opinions.mapping import figures
    out = {}
    width = len(texts) - sum(text.taken_out or text.meta for text in texts) * settings.drop
    for text in texts:
        line, zeroed = lines[text.id], text.taken_out or text.meta
        facts: dict[str, Any] = dict.fromkeys(("center", "extremity", "priority", "gic", "lower", "divisive"))
        if line.total is not None:
            agrees, disagrees, seen = line.total
            center = 0.0 if zeroed else (agrees - disagrees) / max(seen, 1)
            length = float(np.hypot(*(component.get(text.id, 0.0) for component in opinion_map.components)))
            far = float(np.sqrt(width)) * abs(1 - center) * length
            facts |= {"center": center, "extremity": far if with_plane else None}
        cells = [line.groups.get(name) for name in names]
        table = figures.Table(*np.array([cell or (0, 0, 0) for cell in cells], float).reshape(-1, 3, 1).swapaxes(0, 1))
        shares = figures.shares(table)
        whole = bool(names) and None not in cells
        if with_plane and line.total is not None and None not in cells:
            drawn = figures.Table(*(np.array([[number]]) for number in (
                map(float, line.total) if not names else (part.sum() for part in table))))
            facts["priority"] = float(figures.priority(drawn, np.array([facts["extremity"]]), np.array([text.meta]))[0])
        if whole:
            facts |= {"gic": float(shares.pa.prod()), "lower": float(figures.wilson(table.agrees, table.seen).prod())}
            facts["divisive"] = float(shares.pa.var()) if len(names) > 1 else None
        fields = figures.Shares._fields if whole and len(names) == opinion_map.k else figures.Shares._fields[:4]
        facts["figures"] = {name: {field: float(getattr(shares, field)[place, 0]) for field in fields}
                            for place, name in enumerate(names) if cells[place] is not None}
        out[text.id] = facts
    return {"statements": out, **_lists(texts, lines, names)}


def _lists(texts: Sequence[Text], lines: Mapping[str, Shown], names: Sequence[str]) -> dict[str, Any]:
    """Representative statements and majorities among those of which everything is shown."""
    import numpy as np

    from civic_forum.opinions.mapping import figures
    from civic_forum.opinions.mapping.model import order_of_id
    kept = sorted((text.id for text in texts if not text.taken_out and not text.meta), key=order_of_id)
    by_group = [statement for statement in kept if names and None not in map(lines[statement].groups.get, names)]
    table = figures.Table(*np.array([[lines[statement].groups[name] for statement in by_group] for name in names],
                                    int).reshape(len(names), len(by_group), 3).transpose(2, 0, 1))
    shares = figures.shares(table)
    whole = [statement for statement in kept if lines[statement].total is not None]
    agrees, disagrees, seen = np.array([lines[statement].total for statement in whole], int).reshape(-1, 3).T
    places = range(len(whole))
    return {
        "representative": {name: [[by_group[column], way] for column, way in figures.representative(
            shares, table, place, range(len(by_group)))] for place, name in enumerate(names)},
        "majority": {"agree": [whole[column] for column in figures.majority(agrees, seen, places)],
                     "disagree": [whole[column] for column in figures.majority(disagrees, seen, places)]}}


def _shuffled(matrix: Matrix, opinion_map: Map, names: Sequence[str]) -> list[dict[str, Any]]:
    """Rows under fresh random numbers, in their order; groups that are not shown stand at nobody."""
    rows: list[dict[str, int]] = [{} for _ in matrix.participants]
    for row, column, value in zip(matrix.rows.tolist(), matrix.columns.tolist(), matrix.values.tolist()):
        rows[row][matrix.statements[column]] = value
    chance = secrets.SystemRandom()
    order = list(range(len(rows)))
    chance.shuffle(order)
    numbers = sorted(chance.sample(range(1, 10 * len(rows) + 1), len(rows)))
    shown = set(names)
    return [{"participant": str(number), "group": group if (group := opinion_map.groups.get(matrix.participants[place]))
             in shown else None, "responses": {statement: rows[place][statement] for statement in sorted(rows[place])}}
            for number, place in zip(numbers, order)]


def read(path: Path) -> Conversation:
    """Conversation of a publication. Raises Unreadable, also where it holds no matrix."""
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(path.name, Fault.TOO_LARGE, detail="1 GB")
    try:
        data = json.loads(path.read_text("utf-8-sig"), parse_constant=_no_number)
        if data["format"] != FORMAT:
            raise Unreadable(path.name, Fault.NO_PUBLICATION, detail=f"format {data['format']!r}")
        comments = tuple(Comment(_text(line["id"]), _text(line["text"]), moderated=-1 if line["taken_out"] else 0,
                                 meta=bool(line["meta"]), seed=line.get("origin") == "seed")
                         for line in data["statements"])
        if data["matrix"] is None:
            raise Unreadable(path.name, Fault.NO_MATRIX)
        settings = _settings(data["settings"])
        people = [_text(person["participant"]) for person in data["matrix"]]
        groups = {_text(person["participant"]): _text(person["group"])
                  for person in data["matrix"] if person["group"] is not None}
        triples = [(_text(person["participant"]), statement, value)
                   for person in data["matrix"] for statement, value in person["responses"].items()]
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError, LookupError, TypeError, AttributeError,
            ValueError) as wrong:
        raise Unreadable(path.name, Fault.NO_PUBLICATION, detail=f"{type(wrong).__name__}: {wrong}") from wrong
    for what, ids in (("participant", people), ("statement", [comment.id for comment in comments])):
        if len(set(ids)) != len(ids):
            raise Unreadable(path.name, Fault.NO_PUBLICATION, detail=f"the same {what} twice")
    if len(triples) > MOST_RESPONSES:
        raise Unreadable(path.name, Fault.TOO_MANY, detail=f"{MOST_RESPONSES} responses")
    if {statement for _, statement, _ in triples} - {comment.id for comment in comments}:
        raise Unreadable(path.name, Fault.NO_PUBLICATION, detail="responses to unknown statements")
    if any(type(value) is not int or value not in (-1, 0, 1) for _, _, value in triples):
        raise Unreadable(path.name, Fault.NO_PUBLICATION, detail="a response that is not 1, 0 or -1")
    matrix = Matrix.of(triples, people, [comment.id for comment in comments])
    return Conversation(matrix, comments, groups, settings=settings)


def _settings(parameters: Mapping[str, Any]) -> Settings:
    """Settings of a publication, within what can be computed."""
    settings = Settings(**{name: parameters[name] for name in PARAMETERS})

    def is_within(value: object, least: int, most: int) -> bool:
        return type(value) is int and least <= value <= most

    if not (is_within(settings.seed, 0, LARGEST_SEED) and is_within(settings.base, 1, MOST_NUMBER)
            and all(is_within(number, 0, MOST_NUMBER)
                    for number in (settings.answers, settings.people, settings.most_groups))
            and all(number is None or is_within(number, 1, MOST_NUMBER) for number in (settings.k, settings.apart))):
        raise ValueError("settings out of range")
    if type(settings.drop) is not bool or type(settings.clear) not in (int, float):
        raise TypeError("settings of another kind")
    return settings


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")
