"""Figures of a commitment reckoned once more, by plain loops over what was said, and histories to reckon with."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from civic_forum.commitments.ledger import fold
from civic_forum.commitments.rules import Entry, EntryKind, Ledger

TODAY = date(2026, 11, 20)
KEYS, DAYS = ("m1", "m2", "m3"), ("2026-12-01", "2026-12-31", "2027-03-31", "2027-09-30")
QUARTERS = ("2026-1", "2026-2", "2026-3")
KINDS = {one.value: one for one in EntryKind}


def counting(history: list[Entry]) -> list[tuple[EntryKind, date, dict[str, Any]]]:
    """Entries of a history as they count: of each its last correction, in the place of the first, with the days that
    were set first."""
    root: dict[int, int] = {}
    for one in history:
        root[one.number] = one.number
        if one.corrects is not None:
            root[one.number] = root[one.corrects]
    found = []
    for first in (one for one in history if one.corrects is None):
        said = [one for one in history if root[one.number] == first.number]
        content = dict(said[-1].content)
        if first.kind is EntryKind.FACTS:
            content["due_on"] = next((one.content["due_on"] for one in said if one.content["due_on"]), None)
        if first.kind is EntryKind.MILESTONES:
            content = {"milestones": [_row(row, said) for row in content["milestones"]]}
        found.append((first.kind, said[-1].on, content))
    return found


def _row(row: dict[str, Any], said: list[Entry]) -> dict[str, Any]:
    """A row of the last version, with the day it had for as long as each version had it."""
    day = None
    for one in said:
        there = next((known for known in one.content["milestones"] if known["key"] == row["key"]), None)
        day = None if there is None else day or there["due_on"]
    return {**row, "due_on": day}


def of_kind(book, *kinds: EntryKind) -> list[tuple[int, dict[str, Any]]]:
    return [(at, content) for at, (kind, _on, content) in enumerate(book) if kind in kinds]


def steps(book) -> list[dict[str, Any]]:
    return ([content for _at, content in of_kind(book, EntryKind.MILESTONES)] or [{"milestones": []}])[-1]["milestones"]


def is_reached(book, key: str) -> bool:
    """True if the last that was said of this step is its evidence."""
    last = None
    for kind, _on, content in book:
        if kind in (EntryKind.REACHED, EntryKind.WITHDRAWN) and content["milestone"] == key:
            last = kind
    return last is EntryKind.REACHED and key in [row["key"] for row in steps(book)]


def progress(book) -> int | None:
    return sum(row["weight"] for row in steps(book) if is_reached(book, row["key"])) if steps(book) else None


def days_of(book, key: str) -> list[str]:
    """All days of a step, or of the whole for an empty key, in the order in which they were set."""
    days: list[str] = []
    for at, (kind, _on, content) in enumerate(book):
        if kind is EntryKind.FACTS and not key and not days and content["due_on"]:
            days.append(content["due_on"])
        if kind is EntryKind.MILESTONES and key:
            row = next((row for row in content["milestones"] if row["key"] == key), None)
            if row is None:
                days = []
            elif not days and row["due_on"]:
                whole = days_of(book[:at], "")
                days += [*whole[:1] * (whole[-1:] == [row["due_on"]]), row["due_on"]]
        if kind is EntryKind.SLIP and content["milestone"] == key:
            days.append(content["to"])
    return days


def slips(book) -> list[tuple[str, str | None, str]]:
    found = []
    for at, content in of_kind(book, EntryKind.SLIP):
        before = days_of(book[:at], content["milestone"])
        found.append((content["milestone"], before[-1] if before else None, content["to"]))
    return found


def status(book) -> str | None:
    said = of_kind(book, EntryKind.STATUS)
    return said[-1][1]["status"] if said else None


def is_over(book) -> bool:
    return status(book) in ("done", "dropped")


def lost(book) -> bool:
    return [kind for kind, _on, _content in book if kind in (EntryKind.STATUS, EntryKind.ORIGIN)][-1:] == [
        EntryKind.ORIGIN]


def lines(book) -> dict[tuple[int, str, str], list[int | None]]:
    """Line → what is planned, secured and executed."""
    found: dict[tuple[int, str, str], list[int | None]] = {}
    for kind, _on, content in book:
        if kind is EntryKind.MONEY:
            found = {(year, source, item): [*sums] for year, source, item, *sums in content["lines"]}
        if kind is EntryKind.QUARTER:
            for year, source, item, won in content["executed"]:
                if won is not None and (year, source, item) in found:
                    found[year, source, item][2] = won
    return found


def column(book, number: int) -> int | None:
    known = [line[number] for line in lines(book).values() if line[number] is not None]
    return sum(known) if known else None


def rest(book) -> int | None:
    """Nothing is left for certain of what was secured as long as one sum that was spent is not known."""
    secured = [line for line in lines(book).values() if line[1] is not None]
    if not secured or any(line[2] is None for line in secured):
        return None
    return sum(line[1] for line in secured) - sum(line[2] for line in secured)


def planned(book) -> int | None:
    totals = [content["total"] for _at, content in of_kind(book, EntryKind.MONEY)]
    return totals[-1] if totals and totals[-1] is not None else column(book, 0)


def told(history: list[Entry]) -> str | None:
    """The last day on which an official told how it goes, each entry by the last that took its place."""
    days = []
    for first in (entry for entry in history if entry.corrects is None):
        last = first
        for entry in history:
            if entry.corrects == last.number or entry.corrects == first.number:
                last = entry
        said_nothing = first.kind is EntryKind.STATUS and not last.content["why"]
        if last.by_id is not None and not said_nothing and first.kind in (
                EntryKind.REACHED, EntryKind.WITHDRAWN, EntryKind.SLIP, EntryKind.STATUS, EntryKind.SHIFT,
                EntryKind.QUARTER, EntryKind.SURVEY, EntryKind.LOG):
            days.append(last.on.isoformat())
    return max(days, default=None)


def is_reported(history: list[Entry]) -> bool:
    """True if the last status is that it is done, with a word, and somebody else approved it."""
    book = [(kind, content) for kind, _on, content in counting(history)]
    last = [content for kind, content in book if kind is EntryKind.STATUS][-1:]
    entry = next((entry for entry in reversed(history) if last and entry.content == last[0]
                  and entry.kind is EntryKind.STATUS), None)
    return (entry is not None and entry.content["status"] == "done" and bool(entry.content["why"])
            and None not in (entry.by_id, entry.decided_by_id) and entry.by_id != entry.decided_by_id)


def next_day(book) -> str | None:
    if is_over(book) or status(book) == "on_hold":
        return None
    days = [days_of(book, row["key"])[-1:] for row in steps(book) if not is_reached(book, row["key"])]
    ends = [content["ends_on"] for _at, content in of_kind(book, EntryKind.FACTS)][-1:]
    whole = days_of(book, "")[-1:] or [day for day in ends if day]
    return min((one for found in [*days, whole] for one in found), default=None)


def in_item(book, item: str) -> int | None:
    """Won in an item with what was moved into it and out of it since; of an item without a line all there is."""
    amounts, moved, whole = {}, [], None
    for kind, _on, content in book:
        if kind is EntryKind.MONEY:
            moved, whole, amounts = [], content["total"], {}
            for _year, _source, name, plan, secured, _executed in content["lines"]:
                amounts.setdefault(name, []).append((plan, secured))
        if kind is EntryKind.SHIFT:
            moved.append(content)
    if item not in amounts:
        every = [pair for pairs in amounts.values() for pair in pairs]
        plans, secured = ([pair[at] for pair in every if pair[at] is not None] for at in (0, 1))
        whole = whole if whole is not None else sum(plans) if plans else sum(secured) if secured else None
        others = {content["item_from"] for content in moved} - {item}
        return whole if whole is None else whole + gained(moved, item) - sum(
            max(-gained(moved[:until + 1], one) for until in range(-1, len(moved))) for one in others)
    if all(pair == (None, None) for pair in amounts[item]):
        return None
    there = sum(plan if plan is not None else secured or 0 for plan, secured in amounts[item])
    return there + gained(moved, item)


def gained(moved: list[dict[str, Any]], item: str) -> int:
    return sum(content["moved"] * ((content["item_to"] == item) - (content["item_from"] == item)) for content in moved)


def impossible(book, kind: EntryKind, content: dict[str, Any]) -> bool:
    """True for what cannot be said next."""
    keys = [row["key"] for row in steps(book)]
    key = content.get("milestone")
    if kind in (EntryKind.MILESTONES, EntryKind.REACHED, EntryKind.WITHDRAWN, EntryKind.SLIP) and is_over(book):
        return True
    if kind is EntryKind.MILESTONES:
        weights = [row["weight"] for row in content["milestones"]]
        gone = {one for one in keys if is_reached(book, one)} - {row["key"] for row in content["milestones"]}
        return sum(weights) != 100 or min(weights) <= 0 or bool(gone)
    if kind is EntryKind.REACHED:
        return key not in keys or is_reached(book, key) or not (content["text"] or content["link"] or content["files"])
    if kind is EntryKind.WITHDRAWN:
        return not is_reached(book, key)
    if kind is EntryKind.SLIP:
        return bool(key and key not in keys) or is_reached(book, key) or days_of(book, key)[-1:] == [content["to"]]
    if kind is EntryKind.STATUS:
        said = content["status"]
        open_steps = [one for one in keys if not is_reached(book, one)]
        return said == status(book) and not lost(book) or said == "done" and bool(open_steps)
    if kind is EntryKind.MONEY:
        rows = content["lines"]
        whole = sum((row[3] if row[3] is not None else row[4] or 0) for row in rows)
        return (len({tuple(row[:3]) for row in rows}) != len(rows)
                or any(row[5] is not None and row[4] is not None and row[5] > row[4] for row in rows)
                or bool(rows) and content["total"] not in (None, whole))
    if kind is EntryKind.QUARTER:
        told = [said["quarter"] for _at, said in of_kind(book, EntryKind.QUARTER)]
        known = lines(book)
        return content["quarter"] in told or any(
            (year, source, item) not in known or None not in (won, known[year, source, item][1])
            and won > known[year, source, item][1] for year, source, item, won in content["executed"])
    if kind is EntryKind.SHIFT:
        there = in_item(book, content["item_from"])
        return (content["item_from"] == content["item_to"] or not 0 < content["moved"] <= content["of"]
                or there is not None and content["of"] > there)
    if kind is EntryKind.SURVEY:
        return not 0 <= content["satisfied"] <= content["respondents"] or content["respondents"] == 0
    return False


# Histories


_days = st.sampled_from((None, *DAYS))
_won = st.sampled_from((None, 0, 50, 100, 300))
_items = st.sampled_from(("행사", "사무"))
_line = st.tuples(st.sampled_from((2026, 2027)), st.sampled_from(("city", "district")), st.one_of(st.just(""), _items))
_milestones = st.one_of(
    st.sampled_from(((100,), (40, 60), (20, 30, 50), (50, 50))),
    st.sampled_from(((40, 50), (0, 100), (60, 50)))).flatmap(
        lambda weights: st.tuples(st.permutations(KEYS), st.lists(_days, min_size=3, max_size=3)).map(
            lambda drawn: {"milestones": [{"key": key, "title": f"단계 {key}", "weight": weight, "due_on": day}
                                          for key, weight, day in zip(drawn[0], weights, drawn[1], strict=False)]}))
_money = st.tuples(st.lists(st.tuples(_line, _won, _won, _won), max_size=3), st.sampled_from((0, None, 7))).map(
    lambda drawn: {"lines": [[*line, *sums] for line, *sums in drawn[0]], "total": None if drawn[1] is None else
                   drawn[1] + sum((planned if planned is not None else secured or 0)
                                  for _line, planned, secured, _executed in drawn[0])})
_OFTEN = st.one_of(
    st.tuples(st.just(EntryKind.MILESTONES), _milestones),
    st.tuples(st.just(EntryKind.REACHED), st.builds(
        lambda key, text: {"milestone": key, "text": text, "link": "", "files": []}, st.sampled_from(KEYS),
        st.sampled_from(("세었어요", "놓았어요", "")))),
    st.tuples(st.just(EntryKind.WITHDRAWN), st.builds(lambda key: {"milestone": key, "why": "다른 곳이에요"},
                                                      st.sampled_from(KEYS))),
    st.tuples(st.just(EntryKind.SLIP), st.builds(
        lambda key, day: {"milestone": key, "to": day, "why": "비가 왔어요"}, st.sampled_from(("", *KEYS)),
        st.sampled_from(DAYS))),
    st.tuples(st.just(EntryKind.STATUS), st.builds(
        lambda status, why: {"status": status, "why": why}, st.sampled_from(
            ("on_track", "late", "done", "on_hold", "changed", "dropped")), st.sampled_from(("이유", "")))))
SAID = st.one_of(
    st.tuples(st.just(EntryKind.FACTS), st.builds(
        lambda day, end: {"title": "의자 놓기", "due_on": day, "ends_on": end}, _days, _days)),
    st.tuples(st.just(EntryKind.MONEY), _money),
    st.tuples(st.just(EntryKind.QUARTER), st.builds(
        lambda quarter, line, won: {"quarter": quarter, "text": "했어요", "executed": [[*line, won]]},
        st.sampled_from(QUARTERS), _line, _won)),
    st.tuples(st.just(EntryKind.SURVEY), st.builds(
        lambda of, good: {"text": "질문", "respondents": of, "satisfied": good}, st.integers(0, 3), st.integers(-1, 4))),
    st.tuples(st.just(EntryKind.SHIFT), st.builds(
        lambda item, to, of, moved: {"item_from": item, "item_to": to, "of": of, "moved": moved, "why": "의결"},
        _items, _items, st.sampled_from((50, 100, 300)), st.sampled_from((0, 50, 100)))),
    st.tuples(st.just(EntryKind.ORIGIN), st.just({"step": "declined"})),
    st.tuples(st.just(EntryKind.LOG), st.just({"text": "있었던 일"})))
_BEGUN = [((EntryKind.FACTS, {"title": "의자 놓기", "due_on": DAYS[1], "ends_on": None}), None),
          ((EntryKind.MILESTONES, {"milestones": [
              {"key": key, "title": f"단계 {key}", "weight": weight, "due_on": day}
              for key, weight, day in zip(KEYS, (20, 30, 50), (DAYS[0], DAYS[2], None), strict=True)]}), None),
          ((EntryKind.REACHED, {"milestone": "m1", "text": "세었어요", "link": "", "files": []}), None)]
ATTEMPTS = st.tuples(
    st.integers(0, len(_BEGUN)),
    st.lists(st.tuples(st.one_of(SAID, _OFTEN), st.one_of(st.none(), st.none(), st.integers(0, 9))), min_size=5,
             max_size=24)).map(lambda drawn: [*_BEGUN[:drawn[0]], *drawn[1]])
"""Attempts at entries, one after another, and which of the entries of that kind each corrects: from the
beginning, or after some entries that are common."""


def entry_of(history: list[Entry], kind: EntryKind, content: dict[str, Any], corrects: int | None) -> Entry:
    """The next entry; it corrects the nth of its kind, where there is one. Each fourth is written by the site, each
    third approved by another than its writer; each was on a day of its own."""
    known, number = [one.number for one in history if one.kind is kind], len(history) + 1
    return Entry(number, kind, TODAY + timedelta(days=number * 37 % 11), content,
                 known[corrects % len(known)] if corrects is not None and known else None,
                 number % 4 or None, 9 if number % 3 == 0 else number % 4 or None)


def step(key: str, weight: int, due_on: str | None = None) -> dict:
    return {"key": key, "title": "단계", "weight": weight, "due_on": due_on}


def said(*told) -> Ledger:
    """The ledger of these entries, of which one is `(kind, content)` or `(kind, content, corrects)`."""
    return fold(Entry(number, EntryKind(kind), TODAY, content, *corrects)
                for number, (kind, content, *corrects) in enumerate(told, 1))


def reached(key: str, **content) -> tuple[str, dict]:
    return "reached", {"milestone": key, "text": "세었어요", "link": "", "files": []} | content
