"""The shape of what people write about agendas and merges."""

from wtforms import RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.widgets import TextArea

from civic_forum.blocks import pickers
from civic_forum.blocks.pickers import PickerField
from civic_forum.district import queries as district
from civic_forum.platform import plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import offered
from civic_forum.platform.forms import PUBLIC, Checkboxes, Form, VersionedForm
from civic_forum.platform.i18n import _, _l
from civic_forum.proposals.pickers import PROPOSAL

from . import labels
from .kinds import ANY_AGENDA
from .rules import AgendaState, NextKind, Relation
from .services.making import Wording

RELATIONS = [SelectChoice(relation.value, word) for relation, word in labels.RELATION.items()]


def _numbers(chosen: list[str] | None) -> list[int]:
    return [plain_text.number(text, digits=18) or 0 for text in chosen or []]


class WordingForm(VersionedForm):
    question = StringField(_l("질문"), render_kw=PUBLIC)
    summary = TextAreaField(_l("설명"), render_kw=PUBLIC)
    neighbourhoods = Checkboxes(_l("관련 있는 동"), validate_choice=False)
    audiences = Checkboxes(_l("누구에게 관련 있나요"), validate_choice=False)
    lead_department = SelectField(_l("맡은 부서"), validate_choice=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.neighbourhoods.choices = [SelectChoice(str(place.id), place.name) for place in district.neighbourhoods()]
        self.audiences.choices = [SelectChoice(str(audience.id), audience.name) for audience in district.audiences()]
        self.lead_department.choices = offered(
            {department.id: department.name for department in district.departments()}, _("아직 정하지 않았어요"))

    def wording(self) -> Wording:
        department = self.lead_department.data or ""
        number = plain_text.number(department, digits=18)
        if department and number is None:
            raise Refusal(_("목록에 있는 부서를 골라 주세요."), field="lead_department")
        return Wording(self.question.data or "", self.summary.data or "", _numbers(self.neighbourhoods.data),
                       _numbers(self.audiences.data), number)

    @classmethod
    def of(cls, agenda):
        return cls(formdata=None, data={
            "version": str(agenda.version), "question": agenda.question, "summary": agenda.summary,
            "neighbourhoods": [str(place.id) for place in agenda.neighbourhoods],
            "audiences": [str(audience.id) for audience in agenda.audiences],
            "lead_department": str(agenda.lead_department_id or "")})


class NewAgendaForm(WordingForm):
    slug = StringField(_l("주소"))


class RelationForm(Form):
    relation = RadioField(_l("의제와의 관계"), choices=RELATIONS, validate_choice=False)
    why = StringField(_l("함께 다루는 이유"), render_kw=PUBLIC)

    def chosen(self) -> Relation:
        if self.relation.data not in list(Relation):
            raise Refusal(_("의제와 어떤 관계인지 골라 주세요."), field="relation")
        return Relation(self.relation.data)


class GroupForm(RelationForm):
    """WTForms for grouping. What is ticked stays ticked while its page is asked for other proposals: looking sends the
    same form."""

    query = StringField(_l("제안 찾기"), name="q")
    proposals = Checkboxes(_l("제안"), validate_choice=False)
    # Of several lines, so that Enter in it does not press the first button of the form, which looks for proposals.
    why = StringField(_l("함께 다루는 이유"), render_kw=PUBLIC, widget=TextArea())

    def ids(self) -> list[int]:
        return _numbers(self.proposals.data)


class ReasonForm(Form):
    reason = TextAreaField(_l("이유"), render_kw=PUBLIC)


class ObjectionForm(Form):
    text = TextAreaField(_l("반대하는 이유"), render_kw=PUBLIC)


class AnswerForm(Form):
    answer = TextAreaField(_l("답변"), render_kw=PUBLIC)


class StateForm(Form):
    state = RadioField(_l("단계"), choices=[SelectChoice(state.value, word) for state, word in labels.STATE.items()],
                       validate_choice=False)
    note = StringField(_l("덧붙일 말"), render_kw=PUBLIC)

    def chosen(self) -> AgendaState:
        if self.state.data not in list(AgendaState):
            raise Refusal(_("단계를 골라 주세요."), field="state")
        return AgendaState(self.state.data)


class NextForm(Form):
    kind = RadioField(_l("무엇이 이어지나요"), choices=[
        SelectChoice(kind.value, word) for kind, word in labels.NEXT.items()], validate_choice=False)
    slug = PickerField(_l("그 화면"), None, kind_from="kind")
    note = StringField(_l("한 문장으로"), render_kw=PUBLIC)

    def chosen(self) -> NextKind:
        if self.kind.data not in list(NextKind):
            raise Refusal(_("무엇이 이어지는지 골라 주세요."), field="kind")
        self.slug.pickable = pickers.known.get(self.kind.data)
        return NextKind(self.kind.data)


class NoteForm(Form):
    what = StringField(_l("있었던 일"), render_kw=PUBLIC)


class SplitForm(ReasonForm):
    question = StringField(_l("새 의제의 질문"), render_kw=PUBLIC)
    slug = StringField(_l("새 의제의 주소"))
    links = Checkboxes(_l("새 의제로 옮길 제안"), validate_choice=False)

    def ids(self) -> list[int]:
        return _numbers(self.links.data)


class MergeAgendaForm(ReasonForm):
    into = PickerField(_l("이어 갈 의제"), ANY_AGENDA)


class MergeForm(ReasonForm):
    into = PickerField(_l("이어 갈 제안"), PROPOSAL)
