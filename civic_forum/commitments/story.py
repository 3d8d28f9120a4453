"""The story of a commitment: its entries as sentences, with what they change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from civic_forum.district.queries import department_names, neighbourhood_names
from civic_forum.platform.i18n import _, day, number, won

from . import changes, days, labels, rules
from .ledger import applied
from .models import CommitmentEntry
from .queries import desk as desk_queries
from .queries import records as queries
from .rules import EntryKind, Ledger, Line, Milestone

LOG_TITLE = 60
"""A log of so few characters is its own heading."""


@dataclass(frozen=True)
class Told:
    """An entry as a sentence with what it changed."""

    number: int
    kind: EntryKind
    on: date
    title: str
    text: str
    link: str
    files: tuple[str, ...]
    corrected: bool
    why: str | None
    lines: tuple[str, ...] = ()
    milestone: str = ""
    is_told: bool = False
    """By people; else written down by the site, or without a word."""
    is_change: bool = False
    """Of facts or steps that stood before."""

    @classmethod
    def of(cls, entry: CommitmentEntry, ledger: Ledger, changed: Sequence[str] | None = None) -> "Told":
        """`changed`: lines of an entry that changed facts, steps or money."""
        content = entry.content
        milestone = ledger.milestone(content.get("milestone", ""))
        title = str(labels.ENTRY[entry.kind])
        if milestone is not None:
            title = {EntryKind.REACHED: _("마쳤어요: %(what)s", what=milestone.title),
                     EntryKind.SLIP: _("날을 옮겼어요: %(what)s", what=milestone.title),
                     EntryKind.WITHDRAWN: _("증거를 거두었어요: %(what)s", what=milestone.title)}.get(entry.kind, title)
        elif entry.kind is EntryKind.STATUS:
            title = str(_("부서가 적은 상태: %(what)s", what=labels.STATUS[rules.Status(content["status"])]))
        elif entry.kind is EntryKind.QUARTER:
            title = labels.quarter(content["quarter"])
        elif changed is not None and entry.kind is EntryKind.FACTS:
            title = str(_("약속을 고쳤어요") if changed or content.keys() != {"person"} else _("담당자를 정했어요"))
        elif changed is not None and entry.kind is EntryKind.MILESTONES:
            title = str(_("단계를 고쳤어요"))
        elif entry.kind is EntryKind.LOG and len(content["text"]) <= LOG_TITLE:
            title, content = content["text"], {**content, "text": ""}
        return cls(entry.number, entry.kind, entry.on, title, content.get("text") or content.get("why") or "",
                   content.get("link", ""), tuple(content.get("files", ())), entry.corrects is not None, entry.why,
                   tuple(_lines(entry, ledger) if changed is None else changed), content.get("milestone", ""),
                   queries.entry_as_said(entry).tells, bool(changed) and entry.kind is not EntryKind.MONEY)


def _lines(entry: CommitmentEntry, ledger: Ledger) -> list[str]:
    """Facts of an entry, one a line."""
    content = entry.content
    if entry.kind is EntryKind.SLIP:
        slip = next((slip for slip in ledger.slips if slip.number == (entry.corrects or entry.number)), None)
        before = slip.before if slip else (ledger.milestone(content.get("milestone", "")) or ledger).due_on
        return [f"{day(before) if before else _('정한 날 없음')} → {day(date.fromisoformat(content['to']))}"]
    if entry.kind is EntryKind.MILESTONES:
        return [step_said(step["title"], step["weight"], rules.day(step["due_on"])) for step in content["milestones"]]
    if entry.kind is EntryKind.SURVEY:
        return [_("%(all)s명이 답했고 %(good)s명이 만족하거나 더 좋다고 했어요.", all=number(content["respondents"]),
                  good=number(content["satisfied"]))]
    if entry.kind is EntryKind.SHIFT:
        return [_("%(of)s 가운데 %(moved)s을 옮김: %(item_from)s → %(item_to)s", of=won(content["of"]),
                  moved=won(content["moved"]), item_from=content["item_from"], item_to=content["item_to"])]
    if entry.kind is EntryKind.MONEY:
        return [line_said(rules.line_of(row)) for row in content["lines"]]
    if entry.kind is EntryKind.LOG:
        what = ", ".join(str(labels.EVENT.get(kind, kind)) for kind in content.get("what", ()))
        return [*([what] if what else []), *([days.shown(entry.on, content["when"])] if content.get("when") else [])]
    if entry.kind is EntryKind.QUARTER:
        paid = [payment for payment in content.get("executed", ()) if payment[3] is not None]
        spent = [_("%(year)s년 %(source)s 집행 %(won)s", year=year, source=labels.SOURCE[source], won=won(paid_won))
                 for year, source, _item, paid_won in paid]
        people = [_("함께한 사람 %(count)s명", count=number(content["people"]))] if content.get("people") else []
        counts = days.counted(((log.on, log.content.get("what", ())) for log in ledger.logs), content["quarter"])
        times = [_("%(what)s %(count)s번", what=labels.EVENT.get(what, what), count=number(count))
                 for what, count in counts.items()]
        texts = [f"{label}: {content[name]}" for name, label in labels.OF_QUARTER.items() if content.get(name)]
        involved = ", ".join(f"{label} {number(count)}" for label, count in content.get("involved", ()))
        events = [_("이 분기에 적은 일: %(counts)s", counts=", ".join(times))]
        return [*people, *spent, *(events if counts else ()),
                *([_("앞으로: %(what)s", what=content["next"])] if content.get("next") else []), *texts,
                *([f"{labels.INVOLVED}: {involved}"] if involved else [])]
    return []


Changes = Mapping[Any, tuple[Any, Any]]
Names = Callable[[], dict[str, Mapping[Any, object]]]


def district_names() -> dict[str, Mapping[Any, object]]:
    departments = department_names()
    return {"department": departments, "cooperating": departments, "neighbourhoods": neighbourhood_names()}


def story(rows: Sequence[CommitmentEntry], ledger: Ledger, waiting: Sequence[CommitmentEntry] = (), *,
          within: bool = False, known: Names = district_names) -> list[Told]:
    """Entries as sentences: those that count, in the order of their approval, then those that wait. `within`: for the
    office, with the names of those in charge."""
    changed, after = changes.by_entry(map(queries.entry_as_said, rows)), {}
    for entry in map(queries.entry_as_said, waiting):
        after[entry.number] = applied(ledger, entry)
        changed |= changes.of_entry(ledger, entry, after[entry.number])
    names = known() | _names(changed, rows[0].commitment_id, within) if changed else {}
    return [Told.of(entry, after.get(entry.number, ledger),
                    _changes_said(changed[entry.number], names, within) if entry.number in changed else None)
            for entry in (*rows, *waiting)]


def last_change(commitment_id: int, known: Names) -> tuple[str, ...]:
    """The last change of facts, with its day. `known`: `district_names`, once for several commitments."""
    rows = queries.entries(commitment_id)
    told = next((told for told in reversed(story(rows, queries.ledger_of(rows), known=known))
                 if told.kind is EntryKind.FACTS and told.lines), None)
    return (f"{told.title} ({day(told.on)})", *told.lines) if told else ()


def _names(changed: Mapping[int, Changes], commitment_id: int, within: bool) -> dict[str, Mapping[Any, object]]:
    """Names of what facts refer to; a text that is hidden elsewhere is not told here either."""
    people = {number for facts in changed.values() for number in facts.get("person", ()) if number}
    hidden = dict.fromkeys(queries.hidden_texts(commitment_id), labels.HIDDEN)
    return {"title": hidden, "goal": hidden, "kinds": labels.KIND, "unit": labels.UNIT,
            "person": desk_queries.names_of(people) if within and people else {}}


def _changes_said(changed: Changes, names: Mapping[str, Mapping[Any, object]], within: bool) -> list[str]:
    """A line for each fact that changed; who is in charge is told within the office alone."""
    return [_("%(label)s: %(before)s → %(after)s", label=_label(name, before or after),
              before=_fact_said(name, before, names), after=_fact_said(name, after, names))
            for name, (before, after) in changed.items() if within or name != "person"]


def _label(name: Any, fact: Any) -> object:
    if isinstance(fact, Milestone):
        return _("마친 단계") if fact.is_shown else _("단계")
    return _("돈") if isinstance(fact, Line) else labels.FACT[name]


def _fact_said(name: Any, fact: Any, names: Mapping[str, Mapping[Any, object]]) -> str:
    if not fact:
        return str(_("없음"))
    if isinstance(fact, Milestone | Line):
        return line_said(fact) if isinstance(fact, Line) else step_said(fact.title, fact.weight, fact.due_on)
    if name == "total":
        return won(fact)
    if name in ("due_on", "begins_on", "ends_on"):
        return day(fact if isinstance(fact, date) else date.fromisoformat(fact))
    if fact is True:
        return str(_("예"))
    known = names.get(name, {})
    return ", ".join(str(known.get(each, each)) for each in (fact if isinstance(fact, tuple) else (fact,)))


def step_said(title: str, weight: int, due_on: date | None) -> str:
    return _("%(what)s (몫 %(weight)s%%, %(day)s)", what=title, weight=weight, day=day(due_on) if due_on else _("날 없음"))


def line_said(line: Line) -> str:
    known = [f"{label} {won(amount)}" for label, amount in (
        (_("계획"), line.planned), (_("확보"), line.secured), (_("집행"), line.executed)) if amount is not None]
    item = f" {line.item}" if line.item else ""
    return f"{line.year} {labels.SOURCE[line.source]}{item}: {', '.join(known) or '-'}"
