"""Facts of a commitment, and who is in charge."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from civic_forum.accounts.pickers import MemberField
from civic_forum.accounts.queries.people import assignable_departments
from civic_forum.district import queries as district
from civic_forum.platform import plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import DayField, chosen, offered
from civic_forum.platform.forms import PUBLIC, Checkboxes, SeenForm
from civic_forum.platform.i18n import _, _l

from .. import labels, rules
from ..models import Commitment
from ..queries import desk as desk_queries
from ..rules import CommitmentKind, EntryKind, Unit
from .entries import EntryForm, listed, typed_day


class FactsForm(EntryForm):
    kind = EntryKind.FACTS
    title = StringField(_l("무엇을 하기로 했나요?"), render_kw=PUBLIC)
    goal = TextAreaField(_l("무엇을 위해 하나요?"), render_kw=PUBLIC)
    field = SelectField(_l("분야"), validate_choice=False)
    code = StringField(_l("코드"))
    department = SelectField(_l("맡은 부서"), validate_choice=False)
    team = StringField(_l("맡은 팀"))
    cooperating = Checkboxes(_l("함께 하는 부서"), validate_choice=False)
    with_all = BooleanField(_l("모든 부서가 함께 해요"))
    partners = TextAreaField(_l("구청 밖에서 함께 하는 곳"), render_kw=PUBLIC)
    cooperation = StringField(_l("무엇을 함께 하나요?"), render_kw=PUBLIC)
    kinds = Checkboxes(_l("갈래"), validate_choice=False)
    neighbourhoods = Checkboxes(_l("어느 동의 일인가요?"), validate_choice=False)
    begins_on = DayField(_l("시작하는 날"))
    ends_on = DayField(_l("끝나는 날"))
    due_on = DayField(_l("언제까지 하기로 했나요?"))
    unit_of_money = RadioField(_l("돈의 단위"), validate_choice=False)

    def prepare(self) -> None:
        if self.commitment.id is None:
            self.on.label.text = _("언제 약속했나요?")
        fields = list(district.open_categories().values())
        chosen = str(self.field.data or "")
        self.field.choices = [SelectChoice("", _("골라 주세요")), *(
            SelectChoice(field, field) for field in dict.fromkeys([*fields, *filter(None, [chosen])]))]
        self.department.choices = offered(assignable_departments(), _("골라 주세요"))
        if self.ledger.first_due_on:
            del self.due_on
        self.cooperating.choices = [SelectChoice(str(department.id), department.name)
                                    for department in district.departments()]
        self.kinds.choices = [SelectChoice(kind.value, labels.KIND[kind]) for kind in CommitmentKind]
        merged, stated = district.merged_places(), self.neighbourhoods.data or ()
        self.neighbourhoods.choices = [
            SelectChoice(str(key), name) for key, name in district.neighbourhood_names().items()
            if key not in merged or str(key) in stated]
        self.unit_of_money.choices = [SelectChoice(unit.value, labels.UNIT[unit]) for unit in Unit]

    @staticmethod
    def filled(facts: Mapping[str, Any]) -> dict[str, Any]:
        days = {name: rules.day(facts.get(name)) for name in ("begins_on", "ends_on", "due_on")}
        several = {name: [str(choice) for choice in facts.get(name, ())] for name in ("cooperating", "kinds",
                                                                                 "neighbourhoods")}
        return {**facts, **days, **several, "department": str(facts.get("department") or ""),
                "partners": "\n".join(facts.get("partners", ())),
                "unit_of_money": facts.get("unit", Unit.THOUSAND)}

    def content(self) -> dict[str, Any]:
        known = {"department": district.department_names(), "neighbourhoods": district.neighbourhood_names()}
        several = {name: [key for text in self[name].data or () if (key := plain_text.number(text)) in known[among]]
                   for name, among in (("cooperating", "department"), ("neighbourhoods", "neighbourhoods"))}
        days = {name: typed_day(self[name].data, name) for name in ("begins_on", "ends_on", "due_on") if name in self}
        if days["begins_on"] and days["ends_on"] and days["ends_on"] < days["begins_on"]:
            raise Refusal(_("끝나는 날을 시작하는 날보다 뒤로 적어 주세요."), field="ends_on")
        unit = chosen(self.unit_of_money, Unit) if self.unit_of_money.data else Unit.THOUSAND
        return {"title": self.title.data or "", "goal": self.goal.data or "", "field": self.field.data or "",
                "code": self.code.data or "", "with_all": bool(self.with_all.data),
                "kinds": [kind for kind in self.kinds.data or () if kind in list(CommitmentKind)], "unit": unit,
                "department": listed(self.department, known["department"]), **several,
                "team": self.team.data or "", "cooperation": self.cooperation.data or "",
                "partners": (self.partners.data or "").splitlines(),
                **{name: day and day.isoformat() for name, day in days.items()}}

    def is_handed(self, department: int | None) -> bool:
        """True if it goes to another department, which says itself who is in charge."""
        return self.corrected is None and department != self.commitment.department_id

    def shown(self) -> list[Any]:
        """Fields; a correction keeps the department (`ledger.placed`)."""
        return [field for field in super().shown() if not self.corrected or field.name != "department"]


class PersonForm(SeenForm):
    """The official in charge."""

    person = MemberField(_l("담당자"))

    def __init__(self, commitment: Commitment, **options: Any) -> None:
        super().__init__(**options)
        self.officials = desk_queries.officials_of(commitment.department_id)
        self.person.offer(self.officials, _("아직 없어요"))
