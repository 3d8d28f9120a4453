"""Money of a commitment, and a quarter with what was spent in it; money of many from a table."""

from collections.abc import Iterator
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, StringField, TextAreaField

from civic_forum.platform import clock, plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import NumberField
from civic_forum.platform.forms import PUBLIC, Form
from civic_forum.platform.i18n import _, _l, local

from .. import days, rules
from ..rules import EntryKind, Line, Source
from .entries import EntryForm, Row, typed_number


class MoneyForm(EntryForm):
    kind = EntryKind.MONEY
    total = StringField(_l("총사업비"))
    lines = HiddenField(_l("돈"))
    confirmed = BooleanField(_l("이 숫자가 맞아요"))
    tables = {"lines": ("year", "source", "item", "planned", "secured", "executed")}

    def there(self, table: str) -> list[Row]:
        return [(str(line.year), line.source, line.item,
                 *map(self.in_unit, (line.planned, line.secured, line.executed))) for line in self.ledger.lines]

    def content(self) -> dict[str, Any]:
        lines = [self.line(row) for row in self.filled_rows("lines") if any(row[:1]) or any(row[2:])]
        return {"total": self.money(self.total.data or "", "total"), "lines": list(map(rules.row_of, lines))}

    def line(self, row: Row) -> Line:
        year, source, item, *sums = row
        number = plain_text.number(year, digits=4)
        if number not in rules.YEARS:
            raise Refusal(_("연도를 2026처럼 적어 주세요."), field="lines")
        if source not in list(Source):
            raise Refusal(_("재원을 골라 주세요."), field="lines")
        if len(item) > rules.ITEM_MOST:
            raise Refusal(_("%(most)s자까지 적을 수 있어요. 줄여 주세요.", most=rules.ITEM_MOST), field="lines")
        return Line(number or 0, Source(source), item, *(self.money(text, "lines") for text in sums))


class ShiftForm(EntryForm):
    kind = EntryKind.SHIFT
    item_from = StringField(_l("어느 통계목에서"))
    item_to = StringField(_l("어느 통계목으로"))
    of = StringField(_l("원래 있던 돈"))
    moved = StringField(_l("옮긴 돈"))
    why = StringField(_l("누가 어떻게 의결했나요?"), render_kw=PUBLIC)

    def content(self) -> dict[str, Any]:
        sums = {name: self.money(self[name].data or "", name) for name in ("of", "moved")}
        for name in ("item_from", "item_to"):
            if not 0 < len(self[name].data or "") <= rules.ITEM_MOST:
                raise Refusal(_("통계목 이름을 적어 주세요."), field=name)
        return {"item_from": self.item_from.data, "item_to": self.item_to.data, "of": sums["of"] or 0,
                "moved": sums["moved"] or 0, "why": self.why.data or ""}


class QuarterForm(EntryForm):
    kind = EntryKind.QUARTER
    quarter = HiddenField()
    text = TextAreaField(_l("이번 분기에 한 일"), render_kw=PUBLIC)
    next = TextAreaField(_l("앞으로 석 달은 무엇을 하나요?"), render_kw=PUBLIC)
    problems = TextAreaField(_l("현황과 문제점"), render_kw=PUBLIC)
    asks = TextAreaField(_l("협업사항"), render_kw=PUBLIC)
    people = NumberField(_l("함께한 사람 수"))
    involved = HiddenField(_l("시민 참여실적"))
    confirmed = BooleanField(_l("이 숫자가 맞아요"))
    tables = {"executed": ("year", "source", "item", "won"), "involved": ("label", "count")}

    def prepare(self) -> None:
        if not days.QUARTER.fullmatch(self.quarter.data or ""):
            self.quarter.data = days.quarter_before(local(clock.now()).date())

    @property
    def year(self) -> int:
        return int((self.quarter.data or "")[:4])

    def current_lines(self) -> list[Line]:
        return [line for line in self.ledger.lines if line.year == self.year]

    @property
    def last(self) -> Any:
        """The entry of the quarter before, which the page shows beside the fields."""
        return self.ledger.last_told

    def shown(self) -> list[Any]:
        return [self.people]

    def content(self) -> dict[str, Any]:
        executed = []
        for year, source, item, won in self._sent("executed"):
            number = plain_text.number(year, digits=4)
            if number not in rules.YEARS or source not in list(Source):
                raise Refusal(_("연도와 재원이 맞지 않아요. 화면을 새로 열어 주세요."), field="executed")
            executed.append([number, source, item, self.money(won, "executed")])
        people, involved = self.people.number, list(self._involved())
        return {"quarter": self.quarter.data, "text": self.text.data or "", "next": self.next.data or "",
                "executed": executed, **({} if people is None else {"people": people}),
                **{name: self[name].data for name in ("problems", "asks") if self[name].data},
                **({"involved": involved} if involved else {})}

    def there(self, table: str) -> list[Row]:
        """Rows of the quarter before, or of the one that is corrected."""
        rows = self.involved.object_data or () if table == "involved" else ()
        return [(label, str(count)) for label, count in rows]

    def _involved(self) -> Iterator[list[Any]]:
        """Raises Refusal for a row without a name or a number."""
        rows = self.filled_rows("involved")
        for label, count in rows:
            number = typed_number(count, "involved", _("횟수를 숫자로 적어 주세요."))
            if not 0 < len(label) <= rules.LABEL_MOST or number is None or len(rows) > rules.MOST_INVOLVED:
                raise Refusal(_("참여실적마다 이름과 횟수를 적어 주세요. %(most)s줄까지 적을 수 있어요.", most=rules.MOST_INVOLVED),
                              field="involved")
            yield [label, number]


class MoneyTableForm(Form):
    file = FileField(_l("돈이 적힌 표"))


class MoneyConfirmForm(Form):
    """Changes that were looked at, packed, with a seal over them and over who looked."""

    rows = HiddenField(default="")
    seal = HiddenField(default="")
    confirmed = BooleanField(_l("천 배쯤 다른 숫자도 이대로 맞아요"))
