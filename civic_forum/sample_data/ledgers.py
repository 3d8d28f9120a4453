"""Entries of the ledgers, with their days, as promises.json tells them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from civic_forum.commitments import days, labels, rules
from civic_forum.commitments.days import day_meant
from civic_forum.commitments.rules import EntryKind, Status, Unit
from civic_forum.platform import periods

from .people import read

OPENED = date(2019, 12, 9)
"""Day of the first page: what was promised and done before is told on it."""
QUARTER_TOLD = timedelta(days=12)
"""So long after its end a quarter is told."""
INVENTED = "이 약속의 금액, 날, 단계와 증거, 설문은 예시를 위해 지어냈어요."
ALL = "전부서"
STATUSES, KINDS, SOURCES, UNITS = (
    {str(word): member for member, word in known.items()} for known in (
        labels.STATUS, labels.KIND, labels.SOURCE, labels.UNIT))
RANKS = (EntryKind.FACTS, EntryKind.MONEY, EntryKind.TARGETS, EntryKind.MILESTONES, EntryKind.SHIFT, EntryKind.LOG,
         EntryKind.SLIP, EntryKind.REACHED, EntryKind.STATUS, EntryKind.QUARTER, EntryKind.SURVEY, EntryKind.PRINTED)
"""Order of what is written on one day."""
Said = tuple[date, EntryKind, dict[str, Any]]
"""An entry before it is written: its day, its kind, its content."""


def first_day(text: str) -> date:
    """Of a year, a month or a day."""
    return date.fromisoformat(f"{text}-01-01"[:10])


def last_day(text: str) -> date:
    """Of a year, a month or a day."""
    known = periods.last_day(text)
    assert known
    return known


@dataclass
class SaidOf:
    """Entries of a promise, as contents with their days."""

    entry: dict[str, Any]
    ids: Mapping[str, int]

    @property
    def begun(self) -> date:
        history = self.entry.get("status_history")
        if "begun" in self.entry or history:
            return date.fromisoformat(self.entry.get("begun") or history[0]["on"])
        return max(first_day(self.entry["term"]["from"]), OPENED)

    @property
    def taken_up(self) -> date:
        """Its beginning, or the day on which something that was promised before got its money."""
        return date.fromisoformat(self.entry["linked"]) if "also_from" in self.entry else self.begun

    @property
    def stated(self) -> date:
        """The day of the document that says its money and its targets."""
        return date.fromisoformat(self.entry["stated"]) if "stated" in self.entry else self.taken_up

    def in_order(self) -> list[Said]:
        """Everything after its first facts."""
        return sorted(self._all(), key=lambda fact: (fact[0], RANKS.index(fact[1])))

    def _all(self) -> Iterator[Said]:
        entry = self.entry
        yield from self._taken_up() if "also_from" in entry else ()
        yield from self._money()
        yield from self._milestones()
        yield from self._statuses()
        yield from self._quarters()
        targets = [self._target(figure) for figure in (*entry.get("targets", ()), *entry.get("figures", ()))]
        if any(targets):
            yield min(self.stated, self.begun), EntryKind.TARGETS, {"targets": [target for target in targets if target]}
        for change in entry.get("changes", ()):
            yield date.fromisoformat(change["on"]), EntryKind.SHIFT, {
                "item_from": change["item_from"], "item_to": change["item_to"], "of": self._won(change["of"]),
                "moved": self._won(change["moved"]), "why": change["resolution"]}
        for event in entry.get("log", ()):
            when = event.get("when") or (event["on"] if len(event["on"]) == len("2018-11") else None)
            yield last_day(event["on"]), EntryKind.LOG, {
                name: event[name] for name in ("text", "what") if name in event} | ({"when": when} if when else {})
        if asked := entry.get("satisfaction"):
            yield self._asked_on(asked), EntryKind.SURVEY, {
                "text": asked["asked"], "respondents": asked["respondents"], "satisfied": asked["satisfied_or_better"]}
        if told := entry.get("printed_progress"):
            yield self.begun, EntryKind.PRINTED, {
                "percent": told["percent"], "of": told["of"], "numerator": self._won(told["numerator"]),
                "denominator": self._won(told["denominator"])}

    # Facts

    @property
    def facts(self) -> dict[str, Any]:
        entry, to = self.entry, self.entry["term"].get("to")
        cooperating = entry.get("cooperating", [])
        return {
            "title": entry["title"], "goal": self._goal(), "field": entry["field"], "code": entry.get("code"),
            "department": self.ids[f"department:{entry['department']}"],
            "cooperating": [self.ids[f"department:{name}"] for name in cooperating if name != ALL],
            "with_all": ALL in cooperating, "kinds": [KINDS[kind] for kind in entry.get("kind", ())],
            "begins_on": first_day(entry["term"]["from"]).isoformat(),
            "ends_on": last_day(to).isoformat() if to and not entry["invented"] else None,
            "due_on": self.due_on and self.due_on.isoformat(), "unit": self.unit,
            "neighbourhoods": [self.ids[f"neighbourhood:{name}"] for name in entry.get("neighbourhoods", ())],
            **({"invented_note": INVENTED} if entry["invented"] else {}),
            **{name: entry[name] for name in (*rules.PRINTED_FACTS, "team", "partners", "cooperation")
               if name in entry},
            **({"notes": [*self._of_plans(), *entry.get("notes", ())]} if self.plans else {})}

    @property
    def plans(self) -> list[tuple[dict[str, Any], str]]:
        """Plans that it belongs to, the one that is told first, each with its action there or nothing."""
        entry, plans = self.entry, {plan["slug"]: plan for plan in read("plans")}
        keys = entry.get("plans") or [entry["origin"]["key"]] * (entry["origin"]["kind"] == "plan_action")
        return [(plans[slug], action) for slug, _sign, action in (key.partition("/d") for key in keys)]

    def _of_plans(self) -> Iterator[tuple[str, list[str]]]:
        for plan, action in self.plans:
            title = [f"{int(action)}번 {plan['actions'][int(action) - 1]}"] if action else []
            yield f"{plan['year']}년 {plan['name']}", [*title, plan["about"]]

    @property
    def due_on(self) -> date | None:
        """The day that was promised first: of the last milestone; of what was printed only where a day is printed."""
        entry = self.entry
        until = entry.get("due") or (entry["term"].get("to") if entry["invented"] else None)
        steps = {} if "due" in entry else self._first_days()
        return max(steps.values(), default=last_day(until)) if until else None

    def _goal(self) -> str:
        entry = self.entry
        more = [f"{word}: {text}." for word, text in (
            ("하는 일", ", ".join(entry.get("parts", ()))), ("횟수", entry.get("frequency")),
            ("다루는 것", entry.get("serves")), ("일정", ", ".join(map(_span, entry.get("schedule", ())))),
            *((figure["unit"], f"{figure['from']}~{figure['to']}") for figure in entry.get("figures", ())
              if "from" in figure))
            if text]
        return " ".join([entry["goal"], *more])

    def _taken_up(self) -> Iterator[Said]:
        """Promised before, it has its money now: its facts, and the day that is promised from now on."""
        yield self.taken_up, EntryKind.FACTS, self.facts
        why = next(step["reason"] for step in self.entry["status_history"] if step["on"] == self.taken_up.isoformat())
        assert self.due_on
        yield self.taken_up, EntryKind.SLIP, {"milestone": "", "to": self.due_on.isoformat(), "why": why}

    # Money

    @property
    def unit(self) -> Unit:
        return UNITS[self.entry["unit"]]

    def _won(self, amount: int | None) -> int | None:
        return None if amount is None else amount * self.unit.won

    def _rows(self) -> list[tuple[str, dict[str, Any]]]:
        return [("", row) for row in self.entry.get("money", ())] + [
            (item["item"], row) for item in self.entry.get("items", ()) for row in item["money"]]

    def _lines(self, rows: Sequence[tuple[str, dict[str, Any]]]) -> list[list[Any]]:
        return [[row["year"], SOURCES[row["source"]], item, *(
            self._won(row[name]) for name in ("planned", "secured", "executed"))] for item, row in rows]

    def _money(self) -> Iterator[Said]:
        """The plan at first; spent money is told with the last quarter."""
        rows = self._rows()
        if not rows:
            return
        total = self._won(self.entry.get("total"))
        first, before = rows, sum(row.get("before", 0) for _item, row in rows)
        if self.entry["invented"]:
            first = [(item, {**row, "executed": None}) for item, row in rows]
        if before:
            first = [(item, {**row, "planned": row["before"], "secured": None}) for item, row in first]
            yield date.fromisoformat(self.entry["status_history"][-1]["on"]), EntryKind.MONEY, {
                "total": total, "lines": self._lines(rows)}
        yield self.stated, EntryKind.MONEY, {"total": self._won(before) if before else total,
                                             "lines": self._lines(first)}

    def _quarters(self) -> Iterator[Said]:
        """Quarters that were told after their end; printed ones on their last day, with the money told by year."""
        told, invented = self.entry.get("quarters", []), self.entry["invented"]
        for quarter in told:
            spent = [[year, source, item, executed] for year, source, item, _planned, _secured, executed
                     in self._lines(self._rows())] if invented and quarter is told[-1] else []
            yield days.quarter_end(quarter["quarter"]) + QUARTER_TOLD * invented, EntryKind.QUARTER, {
                "quarter": quarter["quarter"], "text": quarter["text"], "next": "", "executed": spent, "people": None,
                **{name: quarter[name] for name in ("printed", *rules.CARRIED) if name in quarter}}

    # Milestones

    def _first_days(self) -> dict[str, date]:
        """Milestone → the day that was set first."""
        days = {milestone["id"]: milestone["due"] for milestone in self.entry.get("milestones", ())}
        for slip in reversed(self.entry.get("slips", [])):
            days[slip["milestone"]] = slip["from"]
        return {key: date.fromisoformat(text) for key, text in days.items() if text}

    def _milestones(self) -> Iterator[Said]:
        entry, days = self.entry, self._first_days()
        if entry.get("milestones"):
            near = {key: on for key, on in days.items() if on <= self.taken_up} if "also_from" in entry else days
            yield self.begun, EntryKind.MILESTONES, self._set(near)
            if near is not days:
                yield self.taken_up, EntryKind.MILESTONES, self._set(days)
        for slip in entry.get("slips", ()):
            for key in (slip["milestone"], "")[:1 + slip.get("whole", False)]:
                yield date.fromisoformat(slip["on"]), EntryKind.SLIP, {
                    "milestone": key, "to": slip["to"], "why": slip["reason"]}
        for milestone in entry.get("milestones", ()):
            if milestone["reached"]:
                yield date.fromisoformat(milestone["reached"]), EntryKind.REACHED, {
                    "milestone": milestone["id"], "text": milestone["evidence"], "link": "", "files": []}

    def _set(self, days: Mapping[str, date]) -> dict[str, Any]:
        return {"milestones": [
            {"key": milestone["id"], "title": milestone["title"], "weight": milestone["weight"],
             "due_on": days[milestone["id"]].isoformat() if milestone["id"] in days else None}
            for milestone in self.entry["milestones"]]}

    @property
    def _last_reached(self) -> date | None:
        reached = [milestone["reached"] for milestone in self.entry.get("milestones", ()) if milestone["reached"]]
        return date.fromisoformat(max(reached)) if reached else None

    # What became of it

    def _statuses(self) -> Iterator[Said]:
        """It is done when the last of its milestones was reached."""
        for change in self.entry.get("status_history", ()):
            on, status = date.fromisoformat(change["on"]), STATUSES[change["to"]]
            if status is Status.DONE and self._last_reached:
                on = max(on, self._last_reached)
            yield on, EntryKind.STATUS, {"status": status, "why": change["reason"]}

    def _target(self, told: dict[str, Any]) -> dict[str, Any] | None:
        """A target, or a figure of a year; a figure of no year stands in the goal."""
        if "value" in told:
            return {"label": told["unit"], "target": {}, "achieved": {str(told["year"]): told["value"]}}
        return {"label": told["unit"], "target": told["by_year"], "achieved": told.get("achieved", {})} \
            if "by_year" in told else None

    def _asked_on(self, asked: dict[str, Any]) -> date:
        """The day that its words name, or the one on which the last milestone was reached."""
        return last_day(asked["on"]) if "on" in asked else \
            day_meant(asked["asked"]) or self._last_reached or self.begun


def _span(period: dict[str, str]) -> str:
    """1~4월 의제발굴"""
    months = dict.fromkeys(int(period[name].split("-")[1]) for name in ("from", "to"))
    return f"{'~'.join(map(str, months))}월 {period['title']}"
