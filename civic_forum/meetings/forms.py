"""Forms of a meeting: when and where, who came, and its items."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import wtforms
from wtforms import (BooleanField, FieldList, FormField, HiddenField, SelectField, StringField,
                     TextAreaField)

from civic_forum.blocks.about import name_of
from civic_forum.blocks.kinds import Ref
from civic_forum.district.queries import departments
from civic_forum.platform import plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import DayField, MomentField, offered
from civic_forum.platform.forms import PUBLIC, ConfirmForm, Form
from civic_forum.platform.i18n import _, _l, day

from . import labels, rules
from .models import Matter, Meeting, MeetingItem
from .records import DecisionRecord, ItemRecord, MeetingRecord, Money
from .rules import THERE, Answer, Attendance, ItemKind, ItemResult, Votes

FIRST_ITEMS = {"notice": 3, "record": 3, "written": 1}
"""Empty items of a new form."""


class ReasonForm(ConfirmForm):
    """A reason; to send minutes back also those that were read."""

    reason = StringField(_l("이유"), render_kw=PUBLIC)


class TextsForm(wtforms.Form):
    """Report and opinions on an item."""

    reported = TextAreaField(_l("보고한 것"))
    opinions = TextAreaField(_l("나온 의견"))

    @property
    def texts(self) -> dict[str, Any]:
        return {"reported": plain_text.clean(self.reported.data or "", lines=True),
                "opinions": _lines(self.opinions.data)}


class MendForm(Form):
    """Minutes to be mended."""

    items = FieldList(FormField(TextsForm), max_entries=rules.MOST_ITEMS)


class ResultForm(wtforms.Form):
    """Result of an item, with numbers of seats that vote."""

    result = SelectField(_l("결과"), choices=offered(labels.RESULT, _l("아직 정하지 않았어요")), validate_choice=False)
    yes, no, abstained = (StringField(labels.ANSWER[answer]) for answer in Answer)
    present = StringField(_l("그때 있던 표결권이 있는 위원"))

    def counted(self) -> dict[str, Any]:
        """Raises Refusal."""
        votes = [_number(field.data) for field in (self.yes, self.no, self.abstained)]
        return {"result": ItemResult(self.result.data) if self.result.data in set(ItemResult) else None,
                "votes": Votes(*(vote or 0 for vote in votes)) if any(vote is not None for vote in votes) else None,
                "present": _number(self.present.data)}


class NoteForm(Form, ResultForm):
    """The result of an item while its meeting runs."""


class ItemForm(TextsForm, ResultForm):
    """An item; without a title it is none."""

    kind = SelectField(_l("무엇인가요"), choices=offered(labels.KIND, _l("고르세요")), validate_choice=False)
    title = StringField(_l("안건 이름"))
    others = TextAreaField(_l("위원이 아닌 후보와 받은 표"))
    about, was = HiddenField(), HiddenField()
    undoes = SelectField(_l("이 결정으로 바뀌는 앞선 결정"), choices=(), validate_choice=False)
    closed_by = StringField(_l("공개하지 않는 법의 조문"))
    page = StringField(_l("다루는 것의 화면 주소"))
    source, target, whole, moved = (StringField(label) for label in (
        _l("돈을 옮기는 항목"), _l("돈을 받는 항목"), _l("있던 돈(원)"), _l("옮기는 돈(원)")))
    department = SelectField(_l("맡을 부서"), validate_choice=False)
    due_on = DayField(_l("언제까지"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.choices = offered({known.id: known.name for known in departments()}, _l("정하지 않음"))

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
        counted = self.counted()
        if counted["present"] is None:
            counted["present"] = present
        return ItemRecord(
            about=_named(self.page.data or self.about.data), money=self._money(), kind=ItemKind(self.kind.data),
            answers=answers, counts={**counts, **_others(self.others.data)},
            title=plain_text.clean(self.title.data),
            **self.texts, **counted, decisions=self._decisions(),
            closed_by=plain_text.clean(self.closed_by.data or "") or None, was_id=plain_text.number(self.was.data),
            undoes_id=(plain_text.number(self.undoes.data) or 0) if self.undoes.data else None)

    def _money(self) -> Money | None:
        """Raises Refusal where a part of it is missing."""
        names = [plain_text.clean(field.data or "") for field in (self.source, self.target)]
        whole, moved = (_number((field.data or "").replace(",", ""), digits=15) for field in (self.whole, self.moved))
        return Money(source=names[0], target=names[1], whole=whole or 0, moved=moved or 0) \
            if any((*names, whole, moved)) else None


class MeetingForm(Form):
    """A meeting; of one to come its items have no results."""

    report = TextAreaField(_l("보고서"), render_kw=PUBLIC)
    left_over = TextAreaField(_l("안건으로 나누지 못한 글"), render_kw=PUBLIC)
    title = StringField(_l("회의 이름"), render_kw=PUBLIC)
    place = StringField(_l("곳"), render_kw=PUBLIC)
    starts_at = MomentField(_l("시작"))
    ends_at = MomentField(_l("끝"), ends=True)
    video_url = StringField(_l("화상 회의의 주소"))
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
            left_over=self.left_over.data or "", video_url=plain_text.clean(self.video_url.data or "") or None)

    def offer(self, undoable: Sequence[MeetingItem]) -> None:
        """Offer these decisions to every item, of which one can stand in their place."""
        names = {item.id: f"{day(item.meeting.starts_on)} {item.title}" for item in undoable}
        for entry in self.items:
            entry.form.undoes.choices = offered(names, _("없어요"))

    def filled(self) -> list[Any]:
        return [entry for entry in self.items if plain_text.clean(entry.form.title.data or "")]


def values_of(meeting: Meeting) -> dict[str, Any]:
    """As the form shows a meeting of which notice was given, with the results that were noted while it ran."""
    return {"title": meeting.forum.title, "place": meeting.forum.place, "starts_at": meeting.forum.starts_at,
            "ends_at": meeting.forum.ends_at, "noticed_on": meeting.noticed_on,
            "items": [{"kind": item.kind, "title": item.title, "about": _about(item.about), "was": item.id,
                       "closed_by": item.closed_by, "result": item.result, "yes": item.yes, "no": item.no,
                       "abstained": item.abstained, "present": item.present} for item in meeting.items]}


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


def _others(text: str | None) -> dict[str, int]:
    """Name and votes on each line. Raises Refusal."""
    rows = [line.removesuffix("표").rpartition(" ")[::2] for line in _lines(text)]
    counts = {name.strip(" :,"): _number(votes) or 0 for name, votes in rows}
    if len(counts) < len(rows):
        raise Refusal(_("같은 이름이 두 번 있어요. 한 줄에 한 사람씩 적어 주세요."), field="items")
    return counts


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
