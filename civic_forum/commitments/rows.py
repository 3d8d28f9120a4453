"""Rows of lists: of commitments, and of those in charge of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from civic_forum.platform.i18n import _, day, number

from . import labels, rules, standings
from .models import Commitment
from .queries import desk as desk_queries
from .standings import Ending, Standing


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
            how = in_time(self.days_late) if self.first_due_on and self.done_on else ""
            return " · ".join(filter(None, (how, "" if self.reached else _("글로만 알렸어요"))))
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


def in_time(late: int) -> str:
    if late > 0:
        return str(_("%(count)s일 늦게", count=number(late)))
    return str(_("%(count)s일 빨리", count=number(-late)) if late else _("정한 날에"))


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
