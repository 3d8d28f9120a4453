"""Forms of a meeting: when and where, who came, and its items."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import wtforms
from wtforms import (BooleanField, FieldList, FormField, HiddenField, SelectChoice, SelectField, StringField,
                     TextAreaField)

from civic_forum.blocks.about import name_of
from civic_forum.blocks.kinds import Ref
from civic_forum.district.queries import departments
from civic_forum.platform import plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import DayField, MomentField
from civic_forum.platform.forms import PUBLIC, Form
from civic_forum.platform.i18n import _, _l, day

from . import labels, rules
from .models import Matter, Meeting, MeetingItem
from .records import DecisionRecord, ItemRecord, MeetingRecord, Money
from .rules import THERE, Answer, Attendance, ItemKind, ItemResult, Votes

FIRST_ITEMS = {"notice": 3, "record": 3, "written": 1}
"""Empty items of a new form."""


def _choices(names: Mapping[Any, Any], nothing: Any) -> list[SelectChoice]:
    return [SelectChoice("", nothing), *(SelectChoice(str(key), name) for key, name in names.items())]


class ItemForm(wtforms.Form):
    """An item; without a title it is none."""

    kind = SelectField(_l("무엇인가요"), choices=_choices(labels.KIND, _l("고르세요")), validate_choice=False)
    title = StringField(_l("안건 이름"))
    opinions = TextAreaField(_l("나온 의견"))
    reported = TextAreaField(_l("보고한 것"))
    result = SelectField(_l("결과"), choices=_choices(labels.RESULT, _l("아직 정하지 않았어요")), validate_choice=False)
    yes, no, abstained = (StringField(label) for label in (_l("찬성"), _l("반대"), _l("기권")))
    about = HiddenField()
    undoes = SelectField(_l("이 결정으로 바뀌는 앞선 결정"), choices=(), validate_choice=False)
    closed_by = StringField(_l("공개하지 않는 법의 조문"))
    page = StringField(_l("다루는 것의 화면 주소"))
    source, target, whole, moved = (StringField(label) for label in (
        _l("돈을 옮기는 항목"), _l("돈을 받는 항목"), _l("있던 돈(원)"), _l("옮기는 돈(원)")))
    department = SelectField(_l("맡을 부서"), validate_choice=False)
    due_on = DayField(_l("언제까지"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.choices = _choices({known.id: known.name for known in departments()}, _l("정하지 않음"))

    def _decisions(self) -> Sequence[DecisionRecord]:
        """Task of a department after this item. Raises Refusal."""
        if not (self.department.data or self.due_on.data):
            return ()
        if self.result.data not in rules.PASSED:
            raise Refusal(_("맡을 부서와 날은 정한 안건에만 적어 주세요: %(title)s", title=self.title.data[:60]), field="items")
        if self.department.data and self.department.data not in {choice.value for choice in self.department.choices}:
            raise Refusal(_("목록에 있는 부서를 골라 주세요."), field="items")
        return [DecisionRecord(text=self.title.data[:rules.TITLE_MOST],
                               due_on=self.due_on.needed if self.due_on.data else None,
                               department_id=int(self.department.data) if self.department.data else None)]

    def record(self, present: int | None, answers: Mapping[int, Answer], counts: Mapping[int, int]) -> ItemRecord:
        """Raises Refusal."""
        if self.kind.data not in set(ItemKind):
            raise Refusal(_("안건마다 무엇인지 골라 주세요: %(title)s", title=self.title.data[:60]), field="items")
        votes = [_number(field.data) for field in (self.yes, self.no, self.abstained)]
        return ItemRecord(
            about=_named(self.page.data or self.about.data), money=self._money(), kind=ItemKind(self.kind.data),
            present=present, answers=answers, counts=counts, title=plain_text.clean(self.title.data),
            reported=plain_text.clean(self.reported.data or "", lines=True), opinions=_lines(self.opinions.data),
            result=ItemResult(self.result.data) if self.result.data in set(ItemResult) else None,
            votes=Votes(*(vote or 0 for vote in votes)) if any(vote is not None for vote in votes) else None,
            decisions=self._decisions(),
            closed_by=plain_text.clean(self.closed_by.data or "") or None,
            undoes_id=(plain_text.number(self.undoes.data) or 0) if self.undoes.data else None)

    def _money(self) -> Money | None:
        """Raises Refusal where a part of it is missing."""
        names = [plain_text.clean(field.data or "") for field in (self.source, self.target)]
        whole, moved = (_number((field.data or "").replace(",", ""), digits=15) for field in (self.whole, self.moved))
        return Money(source=names[0], target=names[1], whole=whole or 0, moved=moved or 0) \
            if any((*names, whole, moved)) else None


class CancelForm(Form):
    reason = StringField(_l("까닭"), render_kw=PUBLIC)


class MeetingForm(Form):
    """A meeting; of one to come its items have no results."""

    report = TextAreaField(_l("보고서"), render_kw=PUBLIC)
    left_over = TextAreaField(_l("안건으로 나누지 못한 글"), render_kw=PUBLIC)
    title = StringField(_l("회의 이름"), render_kw=PUBLIC)
    place = StringField(_l("곳"), render_kw=PUBLIC)
    starts_at = MomentField(_l("시작"))
    ends_at = MomentField(_l("끝"), ends=True)
    noticed_on = DayField(_l("알린 날"))
    officials = StringField(_l("함께한 공무원의 직위"), render_kw=PUBLIC)
    written = BooleanField(_l("모이지 않고 서면으로 정해요"))
    items = FieldList(FormField(ItemForm), min_entries=1, max_entries=rules.MOST_ITEMS)

    def record(self, members: Sequence[Any], voting: frozenset[str], present: Mapping[int, Attendance], *,
               named: Sequence[Any], sent: Mapping[str, str], written: bool) -> MeetingRecord:
        """`present`: id of a membership → how they were there; `named`: members with a field of their own in each item.
        Raises Refusal."""
        there = sum(present.get(member.id) in THERE and member.seat_key in voting for member in members)
        return MeetingRecord(
            title=self.title.data or "", place=_("서면") if written else self.place.data or "",
            starts_at=self.starts_at.needed, ends_at=self.ends_at.needed,
            noticed_on=self.noticed_on.needed if self.noticed_on.data else None,
            items=[entry.form.record(there if present else None, _answers(entry.name, named, sent) if written else {},
                                     {} if written else _counts(entry.name, named, sent)) for entry in self.filled()],
            written=written, present=present,
            came=list(_came(members, present)) if present else (), report=self.report.data or "",
            officials=[post.strip() for post in (self.officials.data or "").split(",") if post.strip()],
            left_over=self.left_over.data or "")

    def offer(self, undoable: Sequence[MeetingItem]) -> None:
        """Offer these decisions to every item, of which one can stand in their place."""
        names = {item.id: f"{day(item.meeting.starts_on)} {item.title}" for item in undoable}
        for entry in self.items:
            entry.form.undoes.choices = _choices(names, _("없어요"))

    def filled(self) -> list[Any]:
        return [entry for entry in self.items if plain_text.clean(entry.form.title.data or "")]


def values_of(meeting: Meeting) -> dict[str, Any]:
    """As the form shows a meeting of which notice was given."""
    return {"title": meeting.forum.title, "place": meeting.forum.place, "starts_at": meeting.forum.starts_at,
            "ends_at": meeting.forum.ends_at, "noticed_on": meeting.noticed_on,
            "items": [{"kind": item.kind, "title": item.title, "about": _about(item.about)}
                      for item in meeting.items]}


def _named(text: str | None) -> tuple[str, str] | None:
    """`agenda:night-walks`, as a hidden field holds it, or the pasted address of a page: `/agendas/night-walks`."""
    typed = plain_text.clean(text or "")
    if "/" in typed:
        place, name = ["", *typed.partition("#")[0].partition("?")[0].rstrip("/").split("/")][-2:]
        return place.removesuffix("s"), name
    kind, _colon, name = typed.partition(":")
    return (kind, name) if typed else None


def of_matter(matter: Matter) -> dict[str, Any]:
    """An item of the form for something that waits."""
    return {"title": matter.title, "about": _about(matter.about)}


def _about(ref: Ref | None) -> str:
    return f"{ref.kind}:{name_of(ref) or ref.id}" if ref else ""


def _answers(item: str, members: Sequence[Any], sent: Mapping[str, str]) -> dict[int, Answer]:
    words = {member.id: sent.get(f"{item}-named-{member.id}") for member in members}
    return {number: Answer(word) for number, word in words.items() if word in set(Answer)}


def _counts(item: str, members: Sequence[Any], sent: Mapping[str, str]) -> dict[int, int]:
    """Raises Refusal."""
    counts = {member.id: _number(sent.get(f"{item}-named-{member.id}")) for member in members}
    return {number: count for number, count in counts.items() if count is not None}


def _came(members: Sequence[Any], present: Mapping[int, Attendance]) -> Iterator[tuple[str, int, int]]:
    """Kind of seat in words, how many of it came, of how many in office."""
    seats = {member.seat.id: member.seat for member in members}
    for seat in seats.values():
        sitting = [member for member in members if member.seat.id == seat.id]
        yield seat.name, sum(present.get(member.id) in THERE for member in sitting), len(sitting)


def _lines(text: str | None) -> list[str]:
    return [opinion for line in (text or "").splitlines() if (opinion := plain_text.clean(line).lstrip("-•▸· "))]


def _number(text: str | None, digits: int = 6) -> int | None:
    """Raises Refusal for what is no number."""
    typed = plain_text.clean(text or "")
    if not typed:
        return None
    if (number := plain_text.number(typed, digits=digits)) is None:
        raise Refusal(_("0 이상의 수를 적어 주세요."), field="items")
    return number
