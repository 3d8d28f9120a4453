"""Commitments as pages show them: a row of the board, the page of one, its story."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from civic_forum.attachments.models import Attachment
from civic_forum.district.queries import department_names, neighbourhood_names
from civic_forum.platform.i18n import _, day, number, won

from . import changes, days, labels, rules, standings
from .ledger import applied
from .queries import desk as desk_queries
from .queries import records as queries
from .models import Commitment, CommitmentEntry
from .rules import EntryKind, Ledger, Line, Milestone, Sums
from .standings import Ending, Standing

LOG_TITLE = 60
"""A log of so few characters is its own heading."""
BROAD = 1_000
"""Width of the time line of a commitment, in units of its picture."""


@dataclass(frozen=True)
class Row:
    """A commitment as a list shows it on a day."""

    id: int
    title: str
    code: str | None
    standing: Standing
    status: object
    department: str
    places: tuple[str, ...]
    origin: str
    progress: int | None
    reached: int
    steps: int
    due_on: date | None
    next_due_on: date | None
    done_on: date | None
    first_due_on: date | None
    days_late: int
    """Since the next day has passed; of one that was kept, how late it was (negative: early)."""
    next_step: str
    """By when a step is due before the whole is."""
    silent_since: date | None
    """The day on which something was told last, four quarters ago or more."""
    ending: Ending | None
    term_ends_on: date | None

    @classmethod
    def of(cls, commitment: Commitment, today: date, *, placed: bool = True) -> "Row":
        """`placed`: with its neighbourhoods, which a list may not need to read."""
        standing, late = standings.standing(commitment, today), 0
        if standing is Standing.LATE and commitment.next_due_on:
            late = max((today - commitment.next_due_on).days, 0)
        elif standing is Standing.KEPT and commitment.done_on and commitment.first_due_on:
            late = (commitment.done_on - commitment.first_due_on).days
        return cls(commitment.id, commitment.title, commitment.code, standing,
                   labels.STATUS[commitment.status] if commitment.status else "",
                   commitment.department.name if commitment.department else _awaited_department(commitment),
                   tuple(place.name for place in commitment.neighbourhoods) if placed else (),
                   commitment.origin, commitment.progress, commitment.reached, commitment.steps, commitment.due_on,
                   commitment.next_due_on, commitment.done_on, commitment.first_due_on, late, _step_due(commitment),
                   commitment.heard_on if standings.is_long_ago(commitment.heard_on, today) else None,
                   standings.ending(commitment) if standing is Standing.OVER else None, commitment.term_ends_on)

    @property
    def tone(self) -> str:
        return labels.TONES[self.standing][0]

    @property
    def word(self) -> str:
        return str(labels.STANDING[self.standing])

    @property
    def when(self) -> str:
        """Lateness in words, since when nothing was told, or the day that is next."""
        if self.standing is Standing.KEPT:
            in_time = _in_time(self.days_late) if self.first_due_on and self.done_on else ""
            return " · ".join(filter(None, (in_time, "" if self.reached else _("글로만 알렸어요"))))
        if self.standing is Standing.OVER:
            return str(labels.ENDING[self.ending])
        if self.standing is Standing.LATE:
            late = _("다음 단계 %(count)s일") if self.next_step else _("%(count)s일")
            late %= {"count": number(self.days_late)}
            return f"{late} · {self.silence}" if self.silent_since else late
        if self.standing is Standing.SILENT:
            return str(_("%(day)s 뒤로", day=day(self.silent_since)))
        if self.standing is not Standing.GOING or self.next_due_on is None:
            return ""
        moved, whole = _moved(self.first_due_on, self.due_on), self.due_on if self.next_step else self.next_due_on
        return " · ".join(filter(None, (_("미뤘어요 %(count)s일", count=number(moved)) if moved else "",
                                        _("%(day)s까지", day=day(whole)) if whole else "", self.next_step)))

    @property
    def silence(self) -> str:
        return str(_("%(day)s 뒤로 알린 것이 없어요", day=day(self.silent_since)))

    @property
    def said_then(self) -> object:
        """The status as a sheet of then has it, where the standing does not follow from it."""
        is_newer = self.standing in (Standing.OVER, Standing.SILENT, Standing.LATE, Standing.GOING)
        return self.status if self.term_ends_on and is_newer else ""

    @property
    def how_far(self) -> str:
        if self.standing is Standing.WRITTEN:
            return str(_("%(day)s에 마쳤다고 적었어요. 무엇을 보면 알 수 있는지는 적지 않았어요.", day=day(self.done_on)))
        if not self.steps:
            return str(_("단계를 나누지 않았어요"))
        if self.reached == self.steps:
            return str(_("%(count)s단계 모두", count=self.steps))
        return str(_("%(all)s단계 가운데 %(done)s단계", all=self.steps, done=self.reached))


def _awaited_department(commitment: Commitment) -> str:
    """In the place of a department: that moderators have to name one."""
    awaited = commitment.origin == "forum_decision" and commitment.status not in rules.OVER
    return str(_("부서를 정하는 중")) if awaited else ""


def _moved(first: date | None, last: date | None) -> int:
    return max((last - first).days, 0) if first and last else 0


def _step_due(commitment: Commitment) -> str:
    if commitment.next_due_on in (None, commitment.due_on or commitment.ends_on):
        return ""
    until, moved = (_("다음 단계 %(day)s까지", day=day(commitment.next_due_on)),
                    _moved(commitment.next_first_on, commitment.next_due_on))
    return _("%(until)s(%(count)s일 미룸)", until=until, count=number(moved)) if moved else until


def _in_time(late: int) -> str:
    if late > 0:
        return str(_("%(count)s일 늦게", count=number(late)))
    return str(_("%(count)s일 빨리", count=number(-late)) if late else _("정한 날에"))


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
                   tuple(_lines(entry, ledger) if changed is None else changed),
                   content.get("milestone", ""), queries.entry_as_said(entry).tells,
                   bool(changed) and entry.kind is not EntryKind.MONEY)


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
        return [", ".join(content["what"])] if content.get("what") else []
    if entry.kind is EntryKind.QUARTER:
        paid = [payment for payment in content.get("executed", ()) if payment[3] is not None]
        spent = [_("%(year)s년 %(source)s 집행 %(won)s", year=year, source=labels.SOURCE[source], won=won(paid_won))
                 for year, source, _item, paid_won in paid]
        people = [_("함께한 사람 %(count)s명", count=number(content["people"]))] if content.get("people") else []
        counts = days.counted(((log.on, log.content.get("what", ())) for log in ledger.logs), content["quarter"])
        times = [_("%(what)s %(count)s번", what=what, count=number(count)) for what, count in counts.items()]
        events = [_("이 분기에 적은 일: %(counts)s", counts=", ".join(times))]
        return [*people, *spent, *(events if counts else ()),
                *([_("앞으로: %(what)s", what=content["next"])] if content.get("next") else [])]
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


@dataclass(frozen=True)
class Span:
    """A milestone on the time line: promised first and now, and real, in units of the picture."""

    one: Milestone
    first: int | None
    due: int | None
    real: int | None
    today: int | None
    word: str
    tone: str


@dataclass(frozen=True)
class Year:
    """Money of one year, by source."""

    year: int
    lines: tuple[Line, ...]

    @property
    def sums(self) -> Sums:
        return rules.sums(self.lines)


def _is_written(told: Told) -> bool:
    """True for what only says how the commitment is kept; where it comes from and what changed are news."""
    return not (told.is_told or told.kind is EntryKind.ORIGIN or told.is_change)


@dataclass(frozen=True)
class Detail:
    """The page of a commitment."""

    commitment: Commitment
    ledger: Ledger
    row: Row
    story: Sequence[Told]
    origins: Sequence[queries.Origin]
    pictures: dict[str, Attachment] = field(default_factory=dict)
    today: date = date.min

    @cached_property
    def told(self) -> list[Told]:
        """Entries of which people want to hear, by their days; why a day was moved stands beside the days."""
        return [replace(told, text="", lines=()) if told.kind is EntryKind.SLIP else told
                for told in self.story if not _is_written(told)]

    @cached_property
    def written(self) -> list[Told]:
        """Entries that only say how the commitment is kept."""
        return [told for told in self.story if _is_written(told)]

    def money(self, sum_of_won: int | None) -> str:
        return _("알려지지 않음") if sum_of_won is None else won(sum_of_won)

    @property
    def money_said(self) -> str:
        """The money in a sentence, which says what is not known."""
        sums, planned = self.ledger.sums, self.ledger.planned
        if sums.secured is None:
            sentences = [_("%(planned)s을 계획했어요.", planned=won(planned))] if planned is not None else []
        elif sums.rest:
            return _("%(secured)s을 확보해 %(executed)s을 썼어요. 남은 돈은 %(rest)s이에요.", secured=won(sums.secured),
                     executed=won(sums.secured - sums.rest), rest=won(sums.rest))
        elif sums.rest == 0 and sums.secured:
            return _("%(secured)s을 확보해 모두 썼어요.", secured=won(sums.secured))
        else:
            sentences = [_("%(secured)s을 확보했어요.", secured=won(sums.secured))]
        spent = _("쓴 돈은 알려지지 않았어요.") if sums.executed is None else _(
            "쓴 돈은 %(executed)s까지 알려졌어요.", executed=won(sums.executed))
        return " ".join([*sentences, spent])

    @cached_property
    def years(self) -> list[Year]:
        by_year: dict[int, list[Line]] = {}
        order = list(rules.Source)
        for line in sorted(self.ledger.lines, key=lambda line: (line.year, order.index(line.source), line.item)):
            by_year.setdefault(line.year, []).append(line)
        return [Year(year, tuple(lines)) for year, lines in by_year.items()]

    @cached_property
    def _days(self) -> list[date]:
        return [on for each in self.ledger.milestones
                for on in (each.first_due_on, each.due_on, each.reached_on) if on]

    @cached_property
    def spans(self) -> list[Span]:
        days = self._days
        if not days:
            return [Span(step, None, None, None, None, *self._lateness(step)) for step in self.ledger.milestones]
        begins, ends = date(self.span_years[0], 1, 1), date(self.span_years[-1], 12, 31)

        def at(on: date | None) -> int | None:
            return None if on is None else (on - begins).days * BROAD // max((ends - begins).days, 1)

        now = at(self.today) if begins <= self.today <= ends else None
        return [Span(step, at(step.first_due_on), at(step.due_on), at(step.reached_on) if step.is_shown else None, now,
                     *self._lateness(step)) for step in self.ledger.milestones]

    @cached_property
    def span_years(self) -> list[int]:
        """Years of the picture: to today, unless it is over."""
        days = self._days
        going = [self.today] if self.row.standing in (Standing.LATE, Standing.SILENT, Standing.GOING) else []
        return list(range(min(days).year, max(days + going).year + 1)) if days else []

    def _lateness(self, step: Milestone) -> tuple[str, str]:
        if step.is_shown and step.first_due_on and step.reached_on:
            late = (step.reached_on - step.first_due_on).days
            return _in_time(late), "late" if late > 0 else "ok"
        if step.is_shown:
            return str(_("마쳤어요")), "ok"
        if step.due_on and step.due_on < self.today and self.row.standing is Standing.LATE:
            return str(_("늦음 %(count)s일", count=number((self.today - step.due_on).days))), "late"
        if step.due_on and step.first_due_on and step.due_on > step.first_due_on:
            return str(_("미뤘어요 %(count)s일", count=number((step.due_on - step.first_due_on).days))), "soon"
        return (str(_("%(day)s까지", day=day(step.due_on))) if step.due_on else str(_("날을 정하지 않았어요"))), ""

    @cached_property
    def first_sentence(self) -> str:
        """Its last quarter in the words of the department, while it goes on."""
        is_told = self.ledger.quarters and not self.ledger.is_over
        return self.ledger.quarters[-1].content["text"] if is_told else self.commitment.goal

    @cached_property
    def before_and_after(self) -> list[Attachment]:
        """The last pictures that show what became of it."""
        shown = [self.pictures[key] for step in self.ledger.milestones if step.is_shown for key in step.files
                 if key in self.pictures and self.pictures[key].is_picture]
        return shown[-2:]


def detail(commitment_id: int, reader: Any) -> Detail:
    """Raises NotFound."""
    commitment = queries.commitment(commitment_id)
    rows, today = queries.entries(commitment_id), queries.today()
    ledger = queries.ledger_of(rows)
    keys = [key for entry in rows for key in entry.content.get("files", ())]
    by_day = sorted(story(rows, ledger), key=lambda told: (told.on, told.number))
    return Detail(commitment, ledger, Row.of(commitment, today), by_day,
                  list({origin.title: origin for origin in queries.origins(commitment_id)
                        if origin.shown(reader)}.values()), queries.files(keys), today)


@dataclass(frozen=True)
class LoadRow:
    """Numbers of one person in charge or of a whole department, each with the address of what it counts."""

    name: str
    numbers: Sequence[tuple[str, int, str]]
    """Kind of work, number of commitments, address of their list."""
    whole: bool = False


def load_rows(loads: Sequence[desk_queries.Load]) -> list[LoadRow]:
    """Rows by person; before those of a department one for all of it, where there are several departments."""
    by_department: dict[int, list[desk_queries.Load]] = {}
    for load in loads:
        by_department.setdefault(load.department.id if load.department else desk_queries.NOBODY, []).append(load)
    rows = []
    for key, shares in by_department.items():
        if len(by_department) > 1:
            sums = {work: sum(load.works[work] for load in shares) for work in shares[0].works}
            name = shares[0].department.name if shares[0].department else str(_("맡은 부서가 없어요"))
            rows.append(_load_row(name, sums, whole=True, department=key))
        rows += [_load_row(load.person.name if load.person else str(_("담당자 없음")), load.works, department=key,
                           person=load.person.id if load.person else desk_queries.NOBODY) for load in shares]
    return rows


def _load_row(name: str, works: Mapping[str, int], *, whole: bool = False, **narrowed: int) -> LoadRow:
    return LoadRow(name, [(work, count, desk_queries.AT_DESK.of(
        narrowed | ({} if work == desk_queries.ALL else {"work": work})).address())
                          for work, count in works.items()], whole)
