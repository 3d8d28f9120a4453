"""Parts of a round and of its envelopes; the pure ones, with rules of their own, are in `rules.parts`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from wtforms import TextAreaField

from civic_forum.ballots import parts as votes
from civic_forum.ballots.labels import PUBLISHES
from civic_forum.ballots.rules.boxes import Publishes, RollSource
from civic_forum.ballots.rules.quorums import Missed, Quorum
from civic_forum.blocks.part_files import Entry
from civic_forum.blocks.parts import (Number, OneOf, Part, PartField, Tick, Translation, Translations, line, paragraphs,
                                      said_by)
from civic_forum.district.parts import department_field
from civic_forum.platform import plain_text
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Refusal, existing
from civic_forum.platform.forms import PUBLIC
from civic_forum.platform.i18n import _, _l, won
from civic_forum.platform.personal_numbers import refuse_secret

from . import queries
from .models import BudgetRound, ExclusionReason, ProjectKind
from .rules import DAYS_OF_A_TASK, LONGEST, ListEntry, MOST_LINES, MOST_ON_A_BALLOT, MOST_WON, Phase, YEARS, span_of

BETWEEN = "|"
"""Between the name of a line and its cap or text."""
BAD_MONEY = _l("금액을 다시 확인해 주세요.")
BAD_DAYS = _l("1일에서 365일 사이로 적어 주세요.")


@dataclass(frozen=True)
class Wording(Part):
    """Texts of a round."""

    title: str = line(_l("제목"), 200, needed=True, on_card=False, hint=_l("예: 2028년 주민참여예산"))
    year: int = said_by(Number(label=_l("예산 연도"), least=YEARS[0], most=YEARS[-1], empty=0, on_card=False,
                               hint=_l("뽑힌 사업을 담을 예산의 연도예요."), sentence=_l("연도를 다시 확인해 주세요."),
                               attrs={"maxlength": 4}))
    description: str = paragraphs(_l("설명"), 10_000, 8, markdown=True, optional=True, hint=_l(
        "무엇에 쓰는 예산인지, 누가 어떻게 정하는지 적어요. 굵게(**)와 목록(-)을 쓸 수 있어요."))
    department_id: int | None = said_by(department_field(
        _l("여는 부서"), key="held_by", optional=True, hint=_l("이 부서 담당자가 함께 준비해요.")), None)
    programme: str | None = line(_l("사업 이름"), 100, empty=None, optional=True, sealed=True)
    contact: str | None = line(_l("물어볼 곳"), 200, empty=None, optional=True, public=False,
                               hint=_l("부서 이름과 전화번호를 적어요. 모두에게 보여요."))
    texts: dict[str, object] = said_by(Translations(label=_l("다른 언어로 적은 글"), of={
        "title": Translation(_l("제목"), 200), "description": Translation(_l("설명"), 10_000, 6),
        "binding": Translation(_l("반영 방식"), 3_000, 4)}), {})


@dataclass(frozen=True, kw_only=True)
class Lines(PartField):
    """Rows that are typed one in a line: a name, and behind a bar its cap or its text."""

    attribute: str
    """Relation of the record."""
    column: str
    """`cap` or `text`."""
    rows: int
    macro = "textarea"

    def controls(self, name: str) -> dict[str, Any]:
        return {name: TextAreaField(self.label, render_kw=PUBLIC)}

    def value(self, record: Any, name: str) -> tuple[ListEntry, ...]:
        return tuple(ListEntry(entry.name, **{self.column: getattr(entry, self.column)})
                     for entry in getattr(record, self.attribute))

    def typed(self, record: Any, name: str) -> dict[str, object]:
        return {name: "\n".join(_typed(entry.name, self._rest(entry)) for entry in getattr(record, self.attribute))}

    def _rest(self, entry: Any) -> str:
        rest = getattr(entry, self.column)
        return f"{rest:,}" if isinstance(rest, int) else rest or ""

    def read(self, form: Any, name: str) -> tuple[ListEntry, ...]:
        if self.column == "cap":
            return tuple(ListEntry(label, cap=_won(rest, name)) for label, rest in _lines(form[name].data))
        return tuple(ListEntry(label, text=rest) for label, rest in _lines(form[name].data))

    def of_file(self, entry: Entry, key: str) -> tuple[ListEntry, ...]:
        return tuple(ListEntry(part.text("name"), part.number("cap"), part.text_or_none("text") or "")
                     for part in (entry.entry(value, key) for value in entry.entries(key)))

    def check(self, name: str, value: Sequence[ListEntry]) -> None:
        if len(value) > MOST_LINES:
            raise Refusal(_("%(most)s줄까지 적을 수 있어요.", most=MOST_LINES), field=name)
        if len({entry.name for entry in value}) != len(value):
            raise Refusal(_("같은 이름이 두 번 있어요."), field=name)
        for entry in value:
            if not entry.name or len(entry.name) > LONGEST["name"] or len(entry.text) > LONGEST["text"]:
                raise Refusal(_("이름은 100자, 설명은 500자 안으로 적어 주세요."), field=name)
            if entry.cap is not None and not 1 <= entry.cap <= MOST_WON:
                raise Refusal(str(BAD_MONEY), field=name)
            refuse_secret(**{name: f"{entry.name} {entry.text}"})

    def write(self, record: Any, name: str, value: Sequence[ListEntry]) -> None:
        """Rows keep their id under the same name: projects and reviews point at them. Raises Conflict where one in use
        is left out."""
        model = ProjectKind if self.column == "cap" else ExclusionReason
        in_use = queries.kinds_in_use(record.id) if self.column == "cap" else queries.reasons_in_use(record.id)
        _write_lines(record, model, getattr(record, self.attribute), value, self.column, in_use, name)
        db.session.expire(record, [self.attribute])

    def columns(self, name: str) -> tuple[str, ...]:
        return (self.attribute,)

    def shown(self, value: Iterable[Any]) -> str:
        return ", ".join(
            _("%(name)s %(cap)s까지", name=entry.name, cap=won(entry.cap)) if self.column == "cap" and entry.cap
            else entry.name for entry in value)

    def drawn(self, name: str) -> list[tuple[str, str, dict[str, object]]]:
        return [(name, self.macro, self._arguments() | {"rows": self.rows})]


def _typed(name: str, rest: str) -> str:
    return f"{name} {BETWEEN} {rest}" if rest else name


def _lines(text: str | None) -> list[tuple[str, str]]:
    """(Name, text behind the bar) of every line that says something."""
    lines = []
    for typed in (text or "").splitlines():
        name, _bar, rest = typed.partition(BETWEEN)
        if typed.strip():
            lines.append((plain_text.clean(name), plain_text.clean(rest)))
    return lines


def _won(text: str, field: str) -> int | None:
    digits = text.replace(",", "").replace(" ", "").removesuffix("원")
    if not digits:
        return None
    return existing(plain_text.number(digits, digits=14),
                    lambda: Refusal(_("한도는 원 단위 숫자로 적어 주세요. 예: 행사성 사업 | 30,000,000"), field=field))


def _write_lines(record: BudgetRound, model: type, rows: Iterable[Any], lines: Sequence[ListEntry], column: str,
                 in_use: set[int], field: str) -> None:
    """Past the unique constraints."""
    known = {row.name: row for row in rows}
    for name in set(known) - {entry.name for entry in lines}:
        row = known.pop(name)
        if row.id in in_use:
            raise Conflict(_("%(name)s: 이미 쓰고 있어서 뺄 수 없어요.", name=name), field=field)
        db.session.delete(row)
    for position, row in enumerate(known.values(), start=1):
        row.position = -position
    db.session.flush()
    for position, entry in enumerate(lines, start=1):
        row = known.get(entry.name)
        if row is None:
            row = model(round_id=record.id, name=entry.name)
            db.session.add(row)
        row.position = position
        setattr(row, column, getattr(entry, column))
    db.session.flush()


@dataclass(frozen=True)
class ProjectLimits(Part):
    """Limits of projects: costs in won, reasons of exclusion, and days of reviews."""

    project_cap: int | None = said_by(Number(
        label=_l("한 사업에 쓸 수 있는 가장 큰 금액(원)"), least=1, most=MOST_WON, won=True, optional=True, unset=_l("따로 없음"),
        sentence=BAD_MONEY, card=_l("한 사업의 한도"), hint=_l("비워 두면 배정 예산까지예요.")))
    kinds: tuple[ListEntry, ...] = said_by(Lines(
        label=_l("사업 종류와 종류마다의 한도"), attribute="kinds", column="cap", rows=5, optional=True, unset=_l("따로 없음"),
        card=_l("사업 종류"), hint=_l("한 줄에 하나씩, 종류마다 한도가 있으면 | 뒤에 적어요. 예: 행사성 사업 | 30,000,000. "
                                 "한도가 둘이면 낮은 쪽이 적용돼요.")), ())
    reasons: tuple[ListEntry, ...] = said_by(Lines(
        label=_l("제외 사유"), attribute="reasons", column="text", rows=8, optional=True, unset=_l("따로 없음"),
        hint=_l("한 줄에 하나씩, 설명은 | 뒤에 적어요. 예: 이미 하고 있는 사업 | 올해 예산에 있는 사업이에요.")), ())
    review_due_days: int = said_by(Number(
        label=_l("적격성 검토 기한(일)"), least=DAYS_OF_A_TASK[0], most=DAYS_OF_A_TASK[-1], empty=0, paired=True,
        sentence=BAD_DAYS, card=_l("검토 기한"), shown_as=_l("%(value)s일"), attrs={"maxlength": 3},
        hint=_l("쉬는 날도 세요. 검토하는 기간이 먼저 끝나면 그날까지예요.")), 20)
    second_look_days: int = said_by(Number(
        label=_l("재검토를 요청할 수 있는 기간(일)"), least=DAYS_OF_A_TASK[0], most=DAYS_OF_A_TASK[-1], empty=0,
        sentence=BAD_DAYS, card=_l("재검토 요청"), shown_as=_l("%(value)s일 안에"), attrs={"maxlength": 3}), 7)


@dataclass(frozen=True)
class Electorate(Part):
    """Electorate of a round, and the days of its roll."""

    admits_residents: bool = votes.admitted(True)
    admits_members: bool = votes.admitted(False)
    roll_source: RollSource = votes.roll_source()
    roll_grows: bool = votes.roll_grows()
    min_age: int | None = votes.min_age()
    roll_fixed_on: date | None = votes.roll_fixed_on(
        optional=True, hint=_l("이날을 기준으로 명부를 만들어요. 투표를 시작하기 전이어야 해요."))
    roll_check_from: datetime | None = votes.roll_check_from()
    roll_check_to: datetime | None = votes.roll_check_to()

    @classmethod
    def card(cls, record: Any) -> list[tuple[str, str]]:
        several = len({envelope.roll_id for envelope in record.envelopes}) > 1
        rolls = {envelope.roll_id: envelope for envelope in record.envelopes if envelope.roll}
        fixed = ", ".join((f"{envelope.name} " if several else "") + (
            _("%(count)s명으로 확정했어요", count=f"{envelope.roll.entries:,}") if envelope.roll.fixed_at
            else _("아직 확정하지 않았어요")) for envelope in rolls.values())
        return [votes.sentence_card(record.envelopes), votes.admitted_card(record),
                *super().card(record), votes.roll_grows_card(record),
                votes.roll_check_card(record), (_("명부 상태"), fixed or _("아직 확정하지 않았어요"))]

    def check(self) -> None:
        """Raises Refusal at the field."""
        super().check()
        votes.check_admitted(self)
        votes.check_roll_grows(self)
        first, last = self.roll_check_from, self.roll_check_to
        if first and last and first >= last:
            raise Refusal(_("명부 확인이 끝나는 때는 시작하는 때보다 뒤여야 해요."), field="roll_check_to")

    def write(self, record: Any) -> None:
        self.check()
        voting = span_of(record.phases, Phase.VOTING)
        if self.roll_check_to and voting and self.roll_check_to > voting.starts_at:
            raise Refusal(_("명부 확인은 투표를 시작하기 전에 끝나야 해요."), field="roll_check_to")
        super().write(record)


@dataclass(frozen=True)
class Terms(Part):
    """Effect of the result, and edition of the record."""

    binding: str = paragraphs(_l("반영 방식"), 3_000, 5, hint=_l(
        "결과가 나오면 누가, 언제까지, 무엇을 하는지 적어요. 뽑힌 사업은 구의회가 의결해야 예산이 돼요. 이 글이 없으면 투표를 열 수 없어요."))
    publishes: str = said_by(OneOf(
        label=_l("공개하는 기록"), of=Publishes, labels=PUBLISHES, default=Publishes.TOTALS, hint=_l(
        "투표지마다의 내용을 모두 공개하면 누구나 다시 셀 수 있지만, 고른 조합이 드물면 누구의 것인지 짐작될 수 있어요. "
        "균등 몫은 합계만으로는 다시 셀 수 없어서, 합계만 공개하면 참관인만 다시 셀 수 있어요.")), Publishes.TOTALS)
    quorum: Quorum | None = votes.quorum()
    quorum_value: int | None = votes.quorum_value()
    quorum_source: str | None = votes.quorum_source()
    quorum_on: date | None = votes.quorum_on()
    quorum_missed: Missed = votes.quorum_missed()

    @classmethod
    def card(cls, record: Any) -> list[tuple[str, str]]:
        return votes.card_with_quorum(super().card(record), cls, record)

    def write(self, record: Any) -> None:
        self.check()
        Part.write(replace(self, **dict.fromkeys(votes.beside_quorum(self))), record)

    def check(self) -> None:
        """Raises Refusal at the field."""
        super().check()
        votes.check_quorum(self)
        if self.publishes not in tuple(Publishes):
            raise Refusal(_("하나를 골라 주세요."), field="publishes")


@dataclass(frozen=True)
class EnvelopeParts(Part):
    """An envelope as somebody fills it in; what only its projects tell is asked before the opening."""

    name: str = line(_l("이름"), 100, needed=True, hint=_l("예: 구 전체, 한 동, 청소년"))
    amount: int = said_by(Number(label=_l("배정 금액(원)"), card=_l("금액(원)"), least=1, most=MOST_WON, won=True, empty=0,
                                 sentence=_l("배정 예산을 원 단위로 적어 주세요.")))
    max_choices: int = said_by(Number(
        label=_l("몇 개를 고르나요"), least=1, most=MOST_ON_A_BALLOT, empty=0, attrs={"maxlength": 3},
        hint=_l("묶음이 있으면 모든 묶음을 합한 수예요."),
        sentence=_l("몇 개를 고르는지 1에서 %(most)s 사이로 적어 주세요.", most=MOST_ON_A_BALLOT)), 1)
    exactly: bool = said_by(Tick(label=_l("그 수만큼 꼭 골라야 해요")), False)
    within_money: bool = said_by(Tick(label=_l("고른 사업의 합계가 배정 예산을 넘지 않아야 해요")), False)
    min_votes: int = said_by(Number(
        label=_l("뽑히는 데 필요한 가장 적은 표"), most=10_000_000, empty=0, optional=True,
        hint=_l("이보다 적은 표를 받은 사업은 뽑지 않아요. 0이면 따지지 않아요.")))
    neighbourhood_id: int | None = said_by(votes.PlaceField(
        label=_l("어느 동의 예산인가요"), card=_l("동"), optional=True, paired=True))
    theme: str | None = line(_l("주제"), 100, empty=None, optional=True)
    voters_of: tuple[int, ...] = said_by(votes.PlacesField(
        label=_l("어느 동의 주민이 투표하나요"), card=_l("투표하는 동"), attribute="voters_of", optional=True,
        hint=_l("고르지 않으면 구 전체예요.")))
    residents: int | None = votes.residents()
    texts: dict[str, object] = said_by(Translations(
        label=_l("다른 언어로 적은 글"), of={"name": Translation(_l("이름"), 100)}), {})
