"""WTForms for sorting."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from wtforms import HiddenField, SelectChoice, SelectField, StringField, TextAreaField

from civic_forum.answers.rules import LATER_DAYS
from civic_forum.blocks import about, kinds, pickers, submissions
from civic_forum.blocks.pickers import PickerField
from civic_forum.district import queries as district
from civic_forum.platform import plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import offered
from civic_forum.platform.forms import PUBLIC, Form
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.web import visitor
from civic_forum.proposals.rules import NUMBER as PROPOSAL_NUMBER

from .. import labels
from ..rules import TIES, Became, read_line
from .services import ENDS, Sorting

SAID = (Became.ANSWERED, Became.KEPT, Became.ELSEWHERE)
"""Ends that are said in words: who answered, a colon, the answer."""
OFFERED_MOST = 20


class SortingForm(Form):
    """The end of the items that were ticked: one of them is pressed."""

    about_kind = SelectField(_l("무엇에 담을까요"), validate_choice=False)
    agenda_slug = PickerField(_l("제목이나 번호"), None, kind_from="about_kind")
    number = StringField(_l("같은 말의 접수번호"))
    department = SelectField(_l("부서"), validate_choice=False)
    days = SelectField(_l("며칠 안에 답할까요"), validate_choice=False)
    reply = TextAreaField(_l("답하거나 덧붙일 말"), render_kw=PUBLIC)
    replied_by = StringField(_l("답한 사람의 직위나 보낸 기관"))
    answering = SelectField(_l("어느 부서 사람인가요"), validate_choice=False)
    title = StringField(_l("제목"), render_kw=PUBLIC)
    problem = TextAreaField(_l("무엇이 문제인가요"), render_kw=PUBLIC)
    wish = TextAreaField(_l("무엇을 바라나요"), render_kw=PUBLIC)
    category = SelectField(_l("분야"), validate_choice=False)
    lines = HiddenField(_l("어디로"), render_kw=PUBLIC)
    """Ends that were typed beside items, each in a field of its own."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.about_kind.choices = [SelectChoice(name, kinds.of(name).label) for name in TIES]
        departments = {department.id: department.name for department in district.departments()}
        self.department.choices = offered(departments, _("골라 주세요"))
        self.answering.choices = offered(departments, _("부서 없음"))
        self.days.choices = [SelectChoice(str(days), _("%(count)s일", count=days)) for days in LATER_DAYS]
        self.category.choices = offered(district.open_categories(), _("적은 그대로"))

    @cached_property
    def words(self) -> dict[str, tuple[str, Sorting]]:
        """Beginnings of such an end: what each is called, and what it means."""
        ends = {str(labels.BECAME[end]): ("", Sorting(became=end)) for end in SAID}
        offices = {str(office.name): ("", Sorting(became=Became.DUTY, department_id=office.id))
                   for office in district.departments()}
        things = {f"{kinds.of(name).label} {choice.value}": (choice.title, Sorting(became=TIES[name], into=(
            name, choice.value))) for name in ("consultation", "agenda")
            for choice in pickers.known[name].search(visitor(), "", OFFERED_MOST, "")}
        return ends | offices | things

    def groups(self, lines: Mapping[int, str]) -> dict[Sorting, list[int]]:
        """Ends with the ids of their items. Raises Refusal for a line that begins with no word that is known."""
        self.lines.data = "\n".join(lines.values())
        self.refuse_personal_numbers()
        groups: dict[Sorting, list[int]] = {}
        for item_id, line in lines.items():
            groups.setdefault(self._sorting_of(line), []).append(item_id)
        if not groups:
            raise Refusal(_("글 옆에 어디로 보낼지 적어 주세요."), field="lines")
        return groups

    def _sorting_of(self, line: str) -> Sorting:
        word, rest = read_line(line, self.words)
        if not word:
            if PROPOSAL_NUMBER.fullmatch(rest):
                return Sorting(became=Became.JOINED, into=("proposal", rest))
            if submissions.NUMBER.fullmatch(rest):
                return Sorting(became=Became.JOINED, number=rest)
            raise Refusal(_("“%(line)s”: 목록에 있는 말로 시작해 주세요.", line=line[:40]), field="lines")
        _title, sorting = self.words[word]
        if sorting.became in SAID:
            replied_by, _colon, reply = rest.partition(":")
            return replace(sorting, replied_by=replied_by.strip(), reply=reply.strip())
        if sorting.became is Became.DUTY:
            return replace(sorting, days=plain_text.number(rest.removesuffix(str(_("일")))) or LATER_DAYS[1])
        return replace(sorting, number=rest)

    def sorting(self, end: str, into: str = "") -> Sorting:
        """`into`: number of the proposal that was offered. Raises Refusal."""
        self.refuse_personal_numbers()
        named, became = None, Became(end) if end in ENDS else None
        if into:
            named, became = ("proposal", into), Became.JOINED
        elif end == "into":
            named, became = about.named(self.about_kind, self.agenda_slug), TIES.get(self.about_kind.data or "")
        if became is None:
            raise Refusal(_("어떻게 됐는지 골라 주세요."), field="about_kind")
        return Sorting(
            became=became, into=named, number=self.number.data or "",
            department_id=plain_text.number(
                (self.answering if became is Became.ANSWERED else self.department).data) or 0,
            days=plain_text.number(self.days.data) or 0,
            reply=self.reply.data or "", replied_by=self.replied_by.data or "", title=self.title.data or "",
            problem=self.problem.data or "", wish=self.wish.data or "", category=self.category.data or "")
