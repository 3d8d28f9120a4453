"""Parts of the quarterly sheet of a commitment: from its ledger, as of a quarter. Pure but for the language."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from civic_forum.blocks.sheets import Block, Cell, Column, Facts, Points, Printed, Table, Text
from civic_forum.platform.i18n import _, number

from . import amounts, days, labels, rules
from .ledger import fold
from .rules import CommitmentKind, Entry, EntryKind, Ledger, Unit

MOST_YEARS = 8
"""Years of a table of money or of targets, the last ones."""
_YEAR_FIRST = re.compile(r"(20[0-9]{2})\s")


def as_of(history: Iterable[Entry], quarter: str) -> Ledger:
    """The ledger with what happened by the end of a quarter. What describes the commitment is written for its sheet
    until the next one is due; and what it was begun with may have been written later."""
    entries, end = list(history), days.quarter_end(quarter)
    begun = max([days.quarter_end(days.quarter_of(end + timedelta(days=1))), *(entry.on for entry in entries[:1])])
    return fold(entry for entry in entries if (
        entry.content["quarter"] <= quarter if entry.kind is EntryKind.QUARTER else
        entry.on <= (begun if entry.kind in rules.WRITTEN else end)))


def table(heading: object, names: Sequence[object], rows: Iterable[tuple[Cell, ...]], **options: Any) -> Table:
    """A table whose columns are a name each, or a name and its width: wide ones stand left."""
    columns = [name if isinstance(name, Column) else
               Column(name=str(name[0]), width=name[1], align="left" if name[1] >= 2 else "center")
               if isinstance(name, tuple) else Column(name=str(name)) for name in names]
    return Table(heading=str(heading), columns=tuple(columns), rows=tuple(rows), **options)


def in_numbers(counted: Mapping[str, int]) -> str:
    """공론장 3, 사업 완료 1"""
    return ", ".join(f"{labels.EVENT.get(kind, kind)} {count}" for kind, count in counted.items())


def _in_a_line(text: Any) -> Any:
    """Lines of a text as one cell has them; a number stays one."""
    return " / ".join(filter(None, map(str.strip, text.splitlines()))) if isinstance(text, str) else text


@dataclass(frozen=True)
class Parts:
    """The parts of a sheet. What is hidden elsewhere stands on none: title and goal come from the commitment."""

    ledger: Ledger
    quarter: str
    goal: str
    office: str
    cooperating: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    @property
    def unit(self) -> Unit:
        return Unit(self.ledger.facts.get("unit", Unit.THOUSAND))

    @property
    def told(self) -> Mapping[str, Entry]:
        return {entry.content["quarter"]: entry for entry in self.ledger.quarters}

    @property
    def before(self) -> str:
        return quarter_before(self.quarter)

    def sum(self, won: int | None, unit: Unit | None = None) -> Cell:
        """Won in this unit, else in that of the commitment."""
        size = (unit or self.unit).won
        return None if won is None else won // size if won % size == 0 else Decimal(won) / size

    def counted(self, quarter: str) -> Mapping[str, int]:
        return days.counted(((log.on, log.content.get("what", ())) for log in self.ledger.logs), quarter)

    def blocks(self) -> Iterator[Block]:
        yield self.facts()
        yield Text(heading=_("정책목표"), paragraphs=(self.goal,)) if self.goal else Text(paragraphs=())
        yield self.outline()
        yield from self.steps()
        yield from self.targets()
        yield from self.money()
        yield self.both_quarters()
        yield from self.results()
        yield from self.counts()
        yield from self.others()
        for name, texts in self.ledger.facts.get("notes", ()):
            yield Points(heading=name, items=tuple(texts))

    def facts(self) -> Facts:
        ledger, facts = self.ledger, self.ledger.facts
        total = "" if ledger.planned is None else _("%(amount)s%(unit)s", unit=labels.UNIT[self.unit],
                                                    amount=amounts.in_unit(ledger.planned, self.unit))
        kinds = "/".join(str(labels.KIND[CommitmentKind(kind)]) for kind in facts.get("kinds", ()))
        return Facts(across=3, rows=(
            (_("추진현황"), str(labels.STATUS[ledger.status]) if ledger.status else _("적혀 있지 않음")),
            (_("이행률%(sign)s", sign="(%)"), self.percent()), (_("완료시기(완료연도)"), self.done_by()), (_("총사업비"), total),
            (_("사업유형"), kinds), (_("추진부서"), " ".join(filter(None, (self.office, facts.get("team")))))))

    def percent(self) -> Cell:
        """As the milestones count it; beside what a report printed, where it did."""
        printed, counted = self.ledger.printed, self.ledger.progress
        if printed is None:
            return f"{counted}%" if counted is not None else _("단계를 나누지 않음")
        return f"{printed['percent']}%" if counted is None else Printed(f"{counted}%", f"{printed['percent']}%")

    def done_by(self) -> str:
        facts = self.ledger.facts
        due_on, ends_on = self.ledger.due_on, rules.day(facts.get("ends_on"))
        if due_on is None and ends_on is None:
            return _("정하지 않음")
        if ends_on and (due_on is None or due_on <= ends_on):
            return _("임기내 (%(year)s)", year=(due_on or ends_on).year)
        return str(due_on.year if due_on else "")

    def outline(self) -> Facts:
        facts = self.ledger.facts
        begins_on, ends_on = rules.day(facts.get("begins_on")), rules.day(facts.get("ends_on")) or self.ledger.due_on
        months = " ~ ".join(f"{on.year}. {on.month}." if on else "" for on in (begins_on, ends_on))
        return Facts(heading=_("사업개요"), across=1, rows=(
            (_("사업기간"), months), (_("어디"), ", ".join(self.places) or _("구 전체"))))

    def steps(self) -> Iterator[Block]:
        if self.ledger.milestones:
            yield table(_("단계별 추진계획"), [(_("단계"), 4), _("몫%(sign)s", sign="(%)"), (_("처음 약속한 날"), 1.5),
                                         (_("지금 약속한 날"), 1.5), (_("마친 날"), 1.5)], (
                (step.title, step.weight, step.first_due_on, step.due_on, step.reached_on if step.is_shown else None)
                for step in self.ledger.milestones))
        if self.ledger.slips:
            yield Points(heading=_("날을 옮긴 이유"), items=tuple(
                f"{days.shown(slip.on, None)} : {slip.why}" for slip in self.ledger.slips))

    def targets(self) -> Iterator[Block]:
        targets, words = self.ledger.targets, {"target": _("목표"), "achieved": _("이룬 것")}
        if years := sorted({year for target in targets for part in words for year in target[part]})[-MOST_YEARS:]:
            yield table(_("연차별 추진계획"), [(_("구분"), 3), _("목표와 실적"), *(_("%(year)s년", year=year) for year in years)], (
                (target["label"], word, *(target[part].get(year) for year in years))
                for target in targets for part, word in words.items() if target[part]), merged=1)

    def money(self) -> Iterator[Block]:
        """By item and source; years behind the term are one column."""
        if not (lines := self.ledger.lines):
            return
        ends_on = rules.day(self.ledger.facts.get("ends_on"))
        last = ends_on.year if ends_on else rules.YEARS[-1]
        years = sorted({line.year for line in lines if line.year <= last})[-MOST_YEARS:]
        spans = {_("%(year)s년", year=year): [line for line in lines if line.year == year] for year in years}
        if later := [line for line in lines if line.year > last]:
            spans[_("임기 후")] = later
        above, keys = _("연차별 투자수요 및 집행액"), list(dict.fromkeys((line.item, line.source) for line in lines))
        columns = [Column(name=name, above=(_("합계"),)) for name in (_("확보액 및 투자수요"), _("집행액"))]
        columns += [Column(name=word, above=(above, name)) for name, own in spans.items() for word in (
            _("투자수요") if all(line.secured is None for line in own) else _("확보액"), _("집행액"))]

        def cells(*key: object) -> Iterator[Cell]:
            for own in (lines, *spans.values()):
                sums = [line for line in own if not key or (line.item, line.source) == key]
                held = [line.planned if line.secured is None else line.secured for line in sums]
                yield self.sum(sum(won for won in held if won is not None) if held else None)
                yield self.sum(rules.sums(sums).executed)

        yield table(above, [(_("구분"), 2), _("재원별"), *columns], (
            (item, str(labels.SOURCE[source]), *cells(item, source)) for item, source in keys),
            unit=_("(단위: %(unit)s)", unit=labels.UNIT[self.unit]), merged=1, foot=((_("계"), "", *cells()),))

    def both_quarters(self) -> Table:
        """The quarter before beside this one."""
        quarters = (self.before, self.quarter)
        pair = [self.told[quarter].content if quarter in self.told else {} for quarter in quarters]
        words = {**labels.OF_QUARTER, "next": _("향후 계획"), "people": _("함께한 사람")}
        rows = [(str(label), *(_in_a_line(content.get(name)) for content in pair)) for name, label in words.items()]
        return table(_("지난 분기와 이번 분기"), [_("구분"), *((labels.quarter(quarter), 3) for quarter in quarters)], (
            (_("추진실적"), *(_in_a_line(content.get("text", _("알린 것이 없어요"))) for content in pair)),
            *(row for row in rows if any(row[1:]))))

    def results(self) -> Iterator[Block]:
        """Events by quarter, below the words of the office or the numbers counted."""
        logs: dict[str, list[Entry]] = {}
        for log in sorted(self.ledger.logs, key=lambda log: log.content.get("when", log.on.isoformat())):
            logs.setdefault(days.quarter_of(log.on), []).append(log)
        quarters = sorted({*logs, *self.told})
        if quarters:
            yield Text(heading=_("분기별 추진실적"), paragraphs=())
        for quarter in quarters:
            text = self.told[quarter].content["text"].splitlines() if quarter in self.told else []
            words = text[0] if len(text) == 1 else in_numbers(self.counted(quarter))
            heading = _("【%(year)s년 %(number)s분기】", year=quarter[2:4], number=quarter[-1])
            items = [f"{days.shown(log.on, log.content.get('when'))} : {log.content['text']}"
                     for log in logs.get(quarter, ())]
            yield Points(minor=True, heading=f"{heading} {words}", items=(
                *(text if len(text) > 1 else ()), *(line for item in items for line in item.splitlines())))

    def counts(self) -> Iterator[Block]:
        """Events of each quarter as counted, beside what was printed; then participation of residents."""
        happened = {kind for log in self.ledger.logs for kind in log.content.get("what", ())}
        if kinds := [kind for kind in dict.fromkeys([*labels.EVENT, *sorted(happened)]) if kind in happened]:
            yield table(_("분기마다 센 것"), [(_("분기"), 1.5), *(labels.EVENT.get(kind, kind) for kind in kinds)], (
                (labels.quarter(quarter), *(self._count(quarter, kind) for kind in kinds))
                for quarter in sorted({*self.told, *(days.quarter_of(log.on) for log in self.ledger.logs)})))
        if involved := self.ledger.carried().get("involved"):
            yield table(labels.INVOLVED, [(_("구분"), 3), _("횟수")], map(tuple, involved))

    def printed(self, quarter: str) -> Mapping[str, int]:
        """Numbers that an older report typed."""
        return (self.told[quarter].content.get("printed") or {}) if quarter in self.told else {}

    def _count(self, quarter: str, kind: str) -> Cell:
        counted = self.counted(quarter).get(kind, 0)
        printed = self.printed(quarter).get(kind, counted)
        return counted if printed == counted else Printed(counted, printed)

    def others(self) -> Iterator[Block]:
        """Asks of others, and partners."""
        carried, facts = self.ledger.carried(), self.ledger.facts
        for name, label in labels.OF_QUARTER.items():
            if text := carried.get(name):
                yield Points(heading=str(label), items=tuple(text.splitlines()))
        offices = [_("전부서")] * bool(facts.get("with_all")) + list(self.cooperating)
        rows = ((_("협업부서"), ", ".join(offices)), (_("구청 밖"), ", ".join(facts.get("partners") or ())),
                (_("협업내용"), facts.get("cooperation")))
        yield Facts(heading=_("함께 하는 곳") if any(text for _label, text in rows) else "", across=1,
                    rows=tuple((label, text) for label, text in rows if text))

    def notes(self) -> Iterator[str]:
        """Faults of the source and all else to know of the figures."""
        ledger = self.ledger
        if printed := ledger.printed:
            yield _("이행률 %(percent)s%%는 자료에 적힌 값이에요. 셈은 %(of)s: %(part)s / %(whole)s.", percent=printed["percent"],
                    of=printed["of"], part=amounts.in_unit(printed["numerator"] or 0, self.unit),
                    whole=amounts.in_unit(printed["denominator"] or 0, self.unit))
        for target in ledger.targets:
            for year in sorted(target["target"]):
                if rules.is_missed(target, year, days.quarter_end(self.quarter) + timedelta(days=1)):
                    yield _("%(year)s년 %(what)s: 목표에 못 미쳤어요. 목표 %(goal)s, 이룬 것 %(achieved)s.", year=year,
                            what=target["label"], goal=number(target["target"][year]),
                            achieved=number(target["achieved"][year]))
        for quarter in sorted(self.told):
            counted = self.counted(quarter)
            for what, count in self.printed(quarter).items():
                if count != counted.get(what, 0):
                    yield _("%(quarter)s: 자료의 제목과 적힌 일의 수가 달라요. %(what)s: 제목 %(printed)s, 센 것 %(counted)s (%(all)s).",
                            quarter=labels.quarter(quarter), what=labels.EVENT.get(what, what), printed=count,
                            counted=counted.get(what, 0), all=in_numbers(counted))
        for log in ledger.logs:
            if (year := _YEAR_FIRST.match(log.content["text"])) and int(year[1]) < log.on.year:
                yield _("%(day)s에 한 일: 이름에 적힌 해(%(year)s)가 한 날과 달라요. 자료에 적힌 그대로예요.", year=year[1],
                        day=days.shown(log.on, log.content.get("when")))
        if ledger.origin_lost:
            yield _("이 약속의 바탕이 된 것이 바뀌었어요. 담당 부서가 어떻게 할지 알릴 때까지 약속은 그대로예요.")
        yield from filter(None, (ledger.facts.get("money_note"), ledger.facts.get("invented_note")))


def quarter_before(quarter: str) -> str:
    return days.quarter_before(date(int(quarter[:4]), int(quarter[-1]) * 3, 1))
