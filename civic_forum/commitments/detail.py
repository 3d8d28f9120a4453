"""The page of a commitment."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from civic_forum.attachments.models import Attachment
from civic_forum.platform.i18n import _, day, number, won

from . import rules
from .models import Commitment
from .queries import board
from .queries import records as queries
from .rows import Row, in_time
from .rules import EntryKind, Ledger, Line, Milestone, Sums
from .standings import Standing
from .story import Told, story

BROAD = 1_000
"""Width of the time line of a commitment, in units of its picture."""


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
            return _("%(secured)s을 마련해 %(executed)s을 썼어요. 남은 돈은 %(rest)s이에요.", secured=won(sums.secured),
                     executed=won(sums.secured - sums.rest), rest=won(sums.rest))
        elif sums.rest == 0 and sums.secured:
            return _("%(secured)s을 마련해 모두 썼어요.", secured=won(sums.secured))
        else:
            sentences = [_("%(secured)s을 마련했어요.", secured=won(sums.secured))]
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
        return [on for each in self.ledger.milestones for on in (each.first_due_on, each.due_on, each.reached_on) if on]

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
            return in_time(late), "late" if late > 0 else "ok"
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
    rows, today = queries.entries(commitment_id), board.today()
    ledger = queries.ledger_of(rows)
    keys = [key for entry in rows for key in entry.content.get("files", ())]
    by_day = sorted(story(rows, ledger), key=lambda told: (told.on, told.number))
    return Detail(commitment, ledger, Row.of(commitment, today), by_day,
                  list({origin.name: origin for origin in queries.origins(commitment_id)
                        if origin.shown(reader)}.values()), queries.files(keys), today)
