"""WTForms for projects."""

from secrets import token_hex

from wtforms import HiddenField, SelectChoice, SelectField, StringField, TextAreaField

from civic_forum.blocks.pickers import PickerField
from civic_forum.district import queries as district
from civic_forum.platform import rich_text
from civic_forum.platform.errors import Refusal, existing
from civic_forum.platform.fields import NumberField, offered
from civic_forum.platform.forms import Form, PUBLIC, VersionedForm
from civic_forum.platform.i18n import _, _l, won
from civic_forum.platform.text_checks import words_given
from civic_forum.proposals.models import Proposal

from ..models import BudgetRound
from ..pickers import PROJECT_TO_MERGE
from . import rules
from .models import Project
from .rules import Belonging, ProjectText, won_of


class WonField(NumberField):
    """A sum as people write it: 30,000,000 or 3,000만 원."""

    @property
    def number(self) -> int | None:
        """In won; None for nothing. Raises Refusal for what is no sum."""
        if not (self.data or "").strip():
            return None
        return existing(won_of(self.data), lambda: Refusal(_("돈을 원 단위 숫자로 적어 주세요."), field=self.short_name))


class ProjectForm(VersionedForm):
    """A project of a round; `round` has its envelopes and kinds loaded."""

    key = HiddenField()
    proposal = StringField(_l("바탕이 된 제안 번호"))
    title = StringField(_l("사업의 이름"), render_kw=PUBLIC)
    envelope = SelectField(_l("배정 예산"), validate_choice=False)
    neighbourhood = SelectField(_l("동"), validate_choice=False)
    category = SelectField(_l("분야"), validate_choice=False)
    kind = SelectField(_l("종류"), validate_choice=False)
    text = TextAreaField(_l("무엇을, 왜 하나요"), render_kw=PUBLIC)
    place = StringField(_l("어디에서 하나요"), render_kw=PUBLIC)
    scope = TextAreaField(_l("얼마나 하나요"), render_kw=PUBLIC)
    cost = WonField(_l("드는 돈(원)"))
    cost_note = StringField(_l("돈을 어떻게 셈했나요"), render_kw=PUBLIC)
    note = StringField(_l("무엇을 왜 고쳤나요"), render_kw=PUBLIC)

    def __init__(self, budget_round: BudgetRound, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.envelope.choices = [SelectChoice("", _("배정 예산을 골라 주세요"))] * (len(budget_round.envelopes) > 1) + [
            SelectChoice(str(purse.id), f"{purse.name} ({won(purse.amount)})") for purse in budget_round.envelopes]
        self.kind.choices = [SelectChoice("", _("보통 사업")), *(
            SelectChoice(str(kind.id), _("%(name)s (%(cap)s까지)", name=kind.name, cap=won(kind.cap)) if kind.cap
                         else kind.name)
            for kind in budget_round.kinds)]
        self.category.choices = offered(district.open_categories(), _("분야를 골라 주세요"))
        kept = {self.neighbourhood.data, *(str(purse.neighbourhood_id) for purse in budget_round.envelopes)}
        self.neighbourhood.choices = offered({place.id: place.name for place in district.neighbourhoods(
            closed=True) if place.closed_at is None or str(place.id) in kept}, _("구 전체"))

    @classmethod
    def new(cls, budget_round: BudgetRound, proposal: Proposal | None) -> "ProjectForm":
        """An empty form, or what a proposal says already."""
        filled = {"key": token_hex(16)}
        if proposal is not None:
            texts = [rich_text.text_of(html).strip() for html in (proposal.problem_html, proposal.wish_html)]
            filled |= {"proposal": proposal.number, "title": proposal.title, "text": "\n\n".join(filter(None, texts)),
                       "neighbourhood": str(district.place_at(proposal.neighbourhood_id) or ""),
                       "category": district.category_now(proposal.category)}
        return cls(budget_round, formdata=None, data=filled)

    @classmethod
    def of(cls, project: Project) -> "ProjectForm":
        """As it stands now."""
        return cls(project.round, formdata=None, data={
            "version": str(project.version), "title": project.title, "text": project.text, "place": project.place,
            "scope": project.scope, "cost": project.cost, "cost_note": project.cost_note or "",
            "envelope": str(project.envelope_id), "neighbourhood": str(project.neighbourhood_id or ""),
            "category": district.category_now(project.category), "kind": str(project.kind_id or "")})

    def words(self) -> ProjectText:
        """Raises Refusal for a cost that is no number."""
        return ProjectText(title=self.title.data or "", text=self.text.data or "", cost=self.cost.number or 0,
                           place=self.place.data or "", scope=self.scope.data or "",
                           cost_note=self.cost_note.data or "")

    def belonging(self) -> Belonging:
        """Raises Refusal for a choice that there is not."""
        return Belonging(self._id("envelope", _("배정 예산을 골라 주세요.")) or 0, self._id("neighbourhood", _("동을 골라 주세요.")),
                         self._category(), self._id("kind", _("목록에 있는 종류를 골라 주세요.")))

    def _id(self, name: str, sentence: str) -> int | None:
        field = self[name]
        value = field.data or ""
        if value not in {choice.value for choice in field.choices} | ({""} if name != "envelope" else set()):
            raise Refusal(sentence, field=name)
        return int(value) if value else None

    def refuse_the_rest(self) -> None:
        asks = {
            "envelope": self._check_envelope, "category": self._category, "cost": self._check_cost,
            "title": lambda: words_given(self.title.data, rules.TITLE_LEAST, rules.TITLE_MOST, "title"),
            "text": lambda: words_given(self.text.data, rules.TEXT_LEAST, rules.TEXT_MOST, "text")}
        self.refuse_besides(**{name: ask for name, ask in asks.items() if self[name].raw_data
                               and not self[name].errors})

    def _check_envelope(self) -> None:
        if not self._id("envelope", _("배정 예산을 골라 주세요.")):
            raise Refusal(_("배정 예산을 골라 주세요."), field="envelope")

    def _category(self) -> str:
        if self.category.data not in district.open_categories():
            raise Refusal(_("분야를 골라 주세요."), field="category")
        return str(self.category.data)

    def _check_cost(self) -> None:
        if not self.cost.number:
            raise Refusal(_("드는 돈을 원 단위로 적어 주세요."), field="cost")

    @property
    def form_key(self) -> str:
        return self.key.data or ""


class WithdrawalForm(Form):
    reason = TextAreaField(_l("이유"), render_kw=PUBLIC)


class MergeForm(Form):
    """WTForms for the project that carries this one on, and what its proposer said to that."""

    into = PickerField(_l("이어 갈 사업"), PROJECT_TO_MERGE)
    note = TextAreaField(_l("제안한 사람과 나눈 이야기"), render_kw=PUBLIC)


class SecondLookForm(Form):
    text = TextAreaField(_l("무엇을 다시 살펴봐야 하나요"), render_kw=PUBLIC)
