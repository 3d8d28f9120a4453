"""The parts of a round as a moderator fills them in; each form makes the part that a service takes."""

from wtforms import RadioField, SelectChoice, StringField, TextAreaField

from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.ballots.labels import PUBLISHES, ROLL_SOURCE
from civic_forum.kernel import plain_text
from civic_forum.kernel.errors import Refusal
from civic_forum.kernel.fields import DayField, MomentField, NumberField, chosen
from civic_forum.kernel.forms import PUBLIC, Checkboxes, Form, VersionedForm
from civic_forum.kernel.i18n import _, _l

from ..models import BudgetRound
from ..rules.parts import Electorate, ProjectLimits, ListEntry, Terms, Wording

ENGLISH = ("title", "description", "eligibility", "binding")
BETWEEN = "|"
"""Between the name of a line and what belongs to it."""


class NewRoundForm(Form):
    """The little that a round begins with."""

    title = StringField(_l("제목"), render_kw=PUBLIC)
    year = NumberField(_l("예산 연도"))
    slug = StringField(_l("주소"))

    def parts(self) -> tuple[str | None, Wording]:
        """Raises Refusal for what is not of its kind."""
        return self.slug.data or None, Wording(self.title.data or "", self.year.number or 0)


class WordingForm(VersionedForm):
    title = StringField(_l("제목"), render_kw=PUBLIC)
    year = NumberField(_l("예산 연도"))
    programme = StringField(_l("사업 이름"), render_kw=PUBLIC)
    description = TextAreaField(_l("설명"), render_kw=PUBLIC)
    title_en = StringField(_l("영어 제목"), render_kw=PUBLIC)
    description_en = TextAreaField(_l("영어 설명"), render_kw=PUBLIC)
    eligibility_en = StringField(_l("누가 투표하나요(영어)"), render_kw=PUBLIC)
    binding_en = TextAreaField(_l("반영 방식(영어)"), render_kw=PUBLIC)

    @classmethod
    def of(cls, budget_round: BudgetRound) -> "WordingForm":
        english = {f"{name}_en": text for name, text in (budget_round.texts.get("en") or {}).items()}
        return cls(formdata=None, obj=budget_round, data=english)

    def part(self) -> Wording:
        english = {name: self[f"{name}_en"].data or "" for name in ENGLISH}
        return Wording(self.title.data or "", self.year.number or 0, self.description.data or "",
                       self.programme.data or None, {"en": english})


class LimitsForm(VersionedForm):
    """Kinds and reasons are typed one in a line."""

    project_cap = NumberField(_l("한 사업에 쓸 수 있는 가장 큰 금액(원)"))
    kinds = TextAreaField(_l("사업 종류와 종류마다의 한도"), render_kw=PUBLIC)
    reasons = TextAreaField(_l("제외 사유"), render_kw=PUBLIC)
    review_due_days = NumberField(_l("적격성 검토 기한(일)"))
    second_look_days = NumberField(_l("재검토를 요청할 수 있는 기간(일)"))

    @classmethod
    def of(cls, budget_round: BudgetRound) -> "LimitsForm":
        return cls(formdata=None, data={
            "version": budget_round.version, "project_cap": budget_round.project_cap,
            "review_due_days": budget_round.review_due_days,
            "second_look_days": budget_round.second_look_days,
            "kinds": "\n".join(_typed(one.name, f"{one.cap:,}" if one.cap else "") for one in budget_round.kinds),
            "reasons": "\n".join(_typed(one.name, one.text) for one in budget_round.reasons)})

    def part(self) -> ProjectLimits:
        return ProjectLimits(
            self.project_cap.number,
            tuple(ListEntry(name, cap=self._won(rest)) for name, rest in _lines(self.kinds.data)),
            tuple(ListEntry(name, text=rest) for name, rest in _lines(self.reasons.data)),
            self.review_due_days.number or 0, self.second_look_days.number or 0)

    def _won(self, text: str) -> int | None:
        digits = text.replace(",", "").replace(" ", "").removesuffix("원")
        if not digits:
            return None
        amount = plain_text.number(digits, digits=14)
        if amount is None:
            raise Refusal(_("한도는 원 단위 숫자로 적어 주세요. 예: 행사성 사업 | 30,000,000"), field="kinds")
        return amount


def _typed(name: str, rest: str) -> str:
    return f"{name} {BETWEEN} {rest}" if rest else name


def _lines(text: str | None) -> list[tuple[str, str]]:
    """(Name, what stands behind the bar) of every line that says something."""
    found = []
    for line in (text or "").splitlines():
        name, _bar, rest = line.partition(BETWEEN)
        if line.strip():
            found.append((plain_text.clean(name), plain_text.clean(rest)))
    return found


class ElectorateForm(VersionedForm):
    who = Checkboxes(_l("누가 투표하나요"), validate_choice=False, choices=[
        SelectChoice("residents", _l("구민(여기에 사는 사람)")),
        SelectChoice("members", _l("생활권자(여기에서 일하거나 학교에 다니는 사람)"))])
    eligibility = StringField(_l("투표할 수 있는 사람을 한 문장으로"), render_kw=PUBLIC)
    roll_source = RadioField(_l("명부를 만드는 방법"), validate_choice=False,
                             choices=[SelectChoice(str(kind), word) for kind, word in ROLL_SOURCE.items()])
    min_age = NumberField(_l("나이(마감하는 날 기준)"))
    roll_fixed_on = DayField(_l("명부를 정하는 날"))
    roll_check_from = MomentField(_l("명부 확인을 시작하는 때"))
    roll_check_to = MomentField(_l("명부 확인이 끝나는 때"))

    @classmethod
    def of(cls, budget_round: BudgetRound) -> "ElectorateForm":
        who = ["residents"] * budget_round.admits_residents + ["members"] * budget_round.admits_members
        return cls(formdata=None, obj=budget_round, data={"who": who, "roll_source": str(budget_round.roll_source)})

    def part(self) -> Electorate:
        who = set(self.who.data or ())
        return Electorate(
            self.eligibility.data or "", "residents" in who, "members" in who, chosen(self.roll_source, RollSource),
            self.min_age.number, self.roll_fixed_on.needed if self.roll_fixed_on.data else None,
            self.roll_check_from.moment, self.roll_check_to.moment)


class TermsForm(VersionedForm):
    binding = TextAreaField(_l("반영 방식"), render_kw=PUBLIC)
    publishes = RadioField(_l("공개하는 기록"), validate_choice=False,
                           choices=[SelectChoice(kind, word) for kind, word in PUBLISHES.items()])

    @classmethod
    def of(cls, budget_round: BudgetRound) -> "TermsForm":
        return cls(formdata=None, obj=budget_round)

    def part(self) -> Terms:
        return Terms(self.binding.data or "", self.publishes.data or "")


class NoticeForm(Form):
    title = StringField(_l("제목"), render_kw=PUBLIC)
    text = TextAreaField(_l("내용"), render_kw=PUBLIC)
