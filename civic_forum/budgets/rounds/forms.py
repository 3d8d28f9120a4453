"""WTForms of those who make a round: parts, calendar, envelopes, counting, opening."""

from collections.abc import Iterable
from fractions import Fraction

from flask import request
from wtforms import PasswordField, RadioField, SelectChoice, StringField, TextAreaField

from civic_forum.accounts.passkey_form import PasskeyField
from civic_forum.ballots.box.closing import DrawKind
from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import MomentField, NumberField, chosen
from civic_forum.platform.forms import Checkboxes, Form, PUBLIC, VersionedForm
from civic_forum.platform.i18n import _, _l

from ..counting.settings import COMMITTEE, Completion, CountingRules, Order, RESIDENTS, Rule, Share, Utility
from ..labels import COMPLETION, COUNTING_ORDER, DRAW, FILL, GOES_ON, PHASE, RULE, SHARE, UTILITY
from ..models import BudgetRound, ChoiceGroup, Envelope, ExclusionGroup
from ..rules import Calendar, Counting, Grouping, ORDER, Phase, PhaseParts
from ..parts import EnvelopeParts, Wording
from ..projects.models import Project


class NewRoundForm(Wording.form("department_id", "title", "year")):  # type: ignore[misc]
    """The little that a round begins with."""

    slug = StringField(_l("주소"))


class NoticeForm(Form):
    title = StringField(_l("제목"), render_kw=PUBLIC)
    text = TextAreaField(_l("내용"), render_kw=PUBLIC)


class CalendarForm(VersionedForm):
    """For every phase `<phase>_starts`, `<phase>_ends` and `<phase>_note`."""

    paper_until = MomentField(_l("종이 투표지를 받는 마지막 때"), ends=True)

    @classmethod
    def of(cls, budget_round: BudgetRound) -> "CalendarForm":
        data = {"version": budget_round.version, "paper_until": budget_round.paper_until}
        for span in budget_round.phases:
            data |= {f"{span.phase}_starts": span.starts_at, f"{span.phase}_ends": span.ends_at,
                     f"{span.phase}_note": span.note}
        return cls(formdata=None, data=data)

    def rows(self) -> list[tuple[Phase, MomentField, MomentField, StringField]]:
        """In the order of the phases."""
        return [(phase, self[f"{phase}_starts"], self[f"{phase}_ends"], self[f"{phase}_note"]) for phase in ORDER]

    def part(self) -> Calendar:
        """Raises Refusal at the field for what is no moment, and for an end without a beginning."""
        phases = []
        for phase, starts, ends, note in self.rows():
            begins, over = starts.moment, ends.moment
            if begins is not None:
                phases.append(PhaseParts(phase, begins, over, note.data or None))
            elif over is not None:
                raise Refusal(_("언제 시작하는지도 적어 주세요."), field=starts.short_name)
        return Calendar(tuple(phases), self.paper_until.moment)


for _phase in ORDER:
    setattr(CalendarForm, f"{_phase}_starts", MomentField(_l("%(phase)s 시작", phase=PHASE[_phase])))
    setattr(CalendarForm, f"{_phase}_ends", MomentField(_l("%(phase)s 끝", phase=PHASE[_phase]), ends=True))
    setattr(CalendarForm, f"{_phase}_note", StringField(_l("%(phase)s 알림 글", phase=PHASE[_phase]), render_kw=PUBLIC))


class PurseForm(EnvelopeParts.form()):  # type: ignore[misc]
    slug = StringField(_l("주소"))

    @classmethod
    def empty(cls, version: int) -> "PurseForm":
        return cls(formdata=None, data={"version": version, "max_choices": 1, "min_votes": 0})


def _offered(projects: Iterable[Project]) -> list[SelectChoice]:
    return [SelectChoice(project.code, f"{project.code} {project.title}") for project in projects]


class GroupForm(VersionedForm):
    name = StringField(_l("묶음 이름"), render_kw=PUBLIC)
    min_choices = NumberField(_l("가장 적게 고르는 수"))
    max_choices = NumberField(_l("가장 많이 고르는 수"))
    codes = Checkboxes(_l("이 묶음의 사업"), validate_choice=False)

    def __init__(self, projects: Iterable[Project], *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.codes.choices = _offered(projects)

    @classmethod
    def of(cls, projects: Iterable[Project], group: ChoiceGroup | None, version: int) -> "GroupForm":
        projects = list(projects)
        if group is None:
            return cls(projects, formdata=None, data={"version": version, "min_choices": 0, "max_choices": 1})
        inside = [project.code for project in projects if project.group_id == group.id]
        return cls(projects, formdata=None, obj=group, data={"version": version, "codes": inside})

    def part(self) -> Grouping:
        return Grouping(self.name.data or "", self.min_choices.number or 0, self.max_choices.number or 0,
                        tuple(self.codes.data or ()))


class ExclusionForm(VersionedForm):
    why = TextAreaField(_l("왜 하나만 뽑을 수 있나요"), render_kw=PUBLIC)
    codes = Checkboxes(_l("하나만 뽑히는 사업"), validate_choice=False)

    def __init__(self, projects: Iterable[Project], *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.codes.choices = _offered(projects)

    @classmethod
    def of(cls, projects: Iterable[Project], exclusion: ExclusionGroup | None, version: int) -> "ExclusionForm":
        projects = list(projects)
        inside = [project.code for project in projects if exclusion and project.exclusion_id == exclusion.id]
        return cls(projects, formdata=None, data={"version": version, "why": exclusion.why if exclusion else "",
                                                  "codes": inside})


WHOLE = 100
"""Per cent."""
USUAL_STEP = 100
"""Won: one is far too small a step."""


def _choices(words) -> list[SelectChoice]:
    return [SelectChoice(str(kind), word) for kind, word in words.items()]


def _data(counting: dict | None) -> dict[str, object]:
    """The fields of a rule as it is written, and usual ones where there is none."""
    rules = CountingRules.from_json(counting) if counting else CountingRules()
    whole = sum(rules.weights.values())
    return {"rule": str(rules.rule) if counting else None, "order": str(rules.order),
            "goes_on": "skip" if rules.skips else "stop", "utility": str(rules.utility),
            "residents": int(WHOLE * rules.weights.get(RESIDENTS, 0) / whole) if whole else 50,
            "share": str(rules.share), "completion": str(rules.completion),
            "fill": "greedy" if rules.fill_greedy else "none",
            "step": int(rules.step) if rules.rule is Rule.EQUAL_SHARES else USUAL_STEP}


class CountingForm(VersionedForm):
    rule = RadioField(_l("셈 방법"), validate_choice=False, choices=_choices(RULE))
    order = RadioField(_l("어느 사업부터 담나요"), validate_choice=False, choices=_choices(COUNTING_ORDER))
    goes_on = RadioField(_l("남은 돈보다 비싼 사업이 나오면"), validate_choice=False, choices=_choices(GOES_ON))
    residents = NumberField(_l("주민 투표의 비중(%)"))
    share = RadioField(_l("표를 무엇으로 나누나요"), validate_choice=False, choices=_choices(SHARE))
    utility = RadioField(_l("무엇을 같게 나누나요"), validate_choice=False, choices=_choices(UTILITY))
    completion = RadioField(_l("남는 돈"), validate_choice=False, choices=_choices(COMPLETION))
    step = NumberField(_l("한 번에 늘리는 몫(원)"))
    fill = RadioField(_l("그래도 남으면"), validate_choice=False, choices=_choices(FILL))
    draw = RadioField(_l("비용과 표가 똑같을 때의 추첨"), validate_choice=False, choices=_choices(DRAW))
    counting_note = TextAreaField(_l("셈 방법을 설명하는 글"), render_kw=PUBLIC)

    @classmethod
    def of(cls, budget_round: BudgetRound) -> "CountingForm":
        return cls(formdata=None, data=_data(budget_round.counting) | {
            "version": budget_round.version, "draw": str(budget_round.draw),
            "counting_note": budget_round.counting_note})

    def part(self) -> Counting:
        """Raises Refusal at the field for what makes no rule."""
        return Counting(self.rules(), chosen(self.draw, DrawKind), self.counting_note.data or "")

    def rules(self) -> CountingRules:
        """Raises Refusal as `part` does."""
        rule = chosen(self.rule, Rule)
        facts = {Rule.GREEDY: self._greedy, Rule.WEIGHTED: self._weighted,
                 Rule.EQUAL_SHARES: self._equal_shares}[rule]()
        try:
            return CountingRules(rule, **facts)
        except ValueError as wrong:
            raise Refusal(_("셈 방법의 부분들이 서로 맞지 않아요. 다시 확인해 주세요."), field="rule") from wrong

    def _greedy(self) -> dict[str, object]:
        return {"order": chosen(self.order, Order), "skips": self._skips()}

    def _weighted(self) -> dict[str, object]:
        share = self.residents.number
        if share is None or not 1 <= share < WHOLE:
            raise Refusal(_("1에서 99 사이로 적어 주세요. 나머지가 위원회의 비중이에요."), field="residents")
        return {"skips": self._skips(), "share": chosen(self.share, Share),
                "weights": {RESIDENTS: Fraction(share, WHOLE), COMMITTEE: Fraction(WHOLE - share, WHOLE)}}

    def _equal_shares(self) -> dict[str, object]:
        step = self.step.number
        if step is None or step < 1:
            raise Refusal(_("1원 이상으로 적어 주세요. 사람이 많으면 100원쯤이 알맞아요."), field="step")
        if self.fill.data not in map(str, FILL):
            raise Refusal(_("하나를 골라 주세요."), field="fill")
        return {"utility": chosen(self.utility, Utility), "completion": chosen(self.completion, Completion),
                "step": Fraction(step), "fill_greedy": self.fill.data == "greedy"}

    def _skips(self) -> bool:
        if self.goes_on.data not in map(str, GOES_ON):
            raise Refusal(_("하나를 골라 주세요."), field="goes_on")
        return self.goes_on.data == "skip"


class OwnCountingForm(CountingForm):
    """The rules of one envelope: as the round's, or one of those that need no committee."""

    AS_ROUND = "round"
    rule = RadioField(_l("셈 방법"), validate_choice=False, choices=[
        SelectChoice(AS_ROUND, _l("주민참여예산 전체와 똑같이 세요")),
        *_choices({rule: word for rule, word in RULE.items() if rule is not Rule.WEIGHTED})])
    residents = share = draw = counting_note = None

    @classmethod
    def of_envelope(cls, envelope: Envelope, version: int) -> "OwnCountingForm":
        data = _data(envelope.counting)
        return cls(formdata=None, data=data | {"version": version, "rule": data["rule"] or cls.AS_ROUND})

    def own(self) -> CountingRules | None:
        """None: the round's. Raises Refusal at the field."""
        if self.rule.data == self.AS_ROUND:
            return None
        if chosen(self.rule, Rule) is Rule.WEIGHTED:
            raise Refusal(_("하나를 골라 주세요."), field="rule")
        return self.rules()


SEEN = "seen-"
HASH_DIGITS = 64


class OpenAllForm(Form):
    """With a hidden field `seen-<envelope>` for each box that the page showed."""

    password = PasswordField(_l("내 비밀번호"))
    passkey = PasskeyField()
    code = StringField(_l("인증 앱의 숫자 6자리"))

    @property
    def fingerprints(self) -> dict[str, bytes]:
        """Address of the envelope → the fingerprint that the official looked at; what is none is left out."""
        fingerprints = {}
        for name, text in request.form.items():
            if name.startswith(SEEN) and len(text) == HASH_DIGITS:
                try:
                    fingerprints[name.removeprefix(SEEN)] = bytes.fromhex(text)
                except ValueError:
                    continue
        return fingerprints
