"""Envelopes, choice groups and exclusions as a moderator fills them in."""

from collections.abc import Iterable

from wtforms import BooleanField, SelectChoice, SelectField, StringField, TextAreaField

from civic_forum.district import queries as district
from civic_forum.kernel.errors import Refusal
from civic_forum.kernel.fields import NumberField
from civic_forum.kernel.forms import PUBLIC, Checkboxes, VersionedForm
from civic_forum.kernel.i18n import _, _l

from ..models import ChoiceGroup, Envelope, ExclusionGroup, Project
from ..rules.parts import Grouping, EnvelopeParts


class PurseForm(VersionedForm):
    name = StringField(_l("이름"), render_kw=PUBLIC)
    slug = StringField(_l("주소"))
    amount = NumberField(_l("배정 금액(원)"))
    neighbourhood = SelectField(_l("어느 동의 예산인가요"), validate_choice=False)
    theme = StringField(_l("주제"), render_kw=PUBLIC)
    max_choices = NumberField(_l("몇 개를 고르나요"))
    exactly = BooleanField(_l("그 수만큼 꼭 골라야 해요"))
    within_money = BooleanField(_l("고른 사업의 합계가 배정 예산을 넘지 않아야 해요"))
    min_votes = NumberField(_l("뽑히는 데 필요한 가장 적은 표"))
    voters_of = Checkboxes(_l("어느 동의 주민이 투표하나요"), validate_choice=False)
    name_en = StringField(_l("영어 이름"), render_kw=PUBLIC)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        places = [SelectChoice(str(one.id), one.name) for one in district.neighbourhoods()]
        self.neighbourhood.choices = [SelectChoice("", _("구 전체")), *places]
        self.voters_of.choices = places

    @classmethod
    def of(cls, envelope: Envelope, version: int) -> "PurseForm":
        return cls(formdata=None, obj=envelope, data={
            "version": version, "neighbourhood": str(envelope.neighbourhood_id or ""),
            "voters_of": [str(one.id) for one in envelope.voters_of],
            "name_en": (envelope.texts.get("en") or {}).get("name", "")})

    @classmethod
    def empty(cls, version: int) -> "PurseForm":
        return cls(formdata=None, data={"version": version, "max_choices": 1, "min_votes": 0})

    def part(self) -> EnvelopeParts:
        """Raises Refusal for what is not of its kind."""
        place, voters = self.neighbourhood.data or "", self.voters_of.data or []
        if place not in {choice.value for choice in self.neighbourhood.choices}:
            raise Refusal(_("동을 골라 주세요."), field="neighbourhood")
        if not set(voters) <= {choice.value for choice in self.voters_of.choices}:
            raise Refusal(_("목록에 있는 동만 고를 수 있어요."), field="voters_of")
        return EnvelopeParts(
            self.name.data or "", self.amount.number or 0, self.max_choices.number or 0, self.exactly.data,
            self.within_money.data, self.min_votes.number or 0, self.theme.data or None, int(place) if place else None,
            tuple(int(one) for one in voters), {"en": {"name": self.name_en.data or ""}})


def _offered(projects: Iterable[Project]) -> list[SelectChoice]:
    return [SelectChoice(one.code, f"{one.code} {one.title}") for one in projects]


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
        inside = [one.code for one in projects if one.group_id == group.id]
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
        inside = [one.code for one in projects if exclusion is not None and one.exclusion_id == exclusion.id]
        return cls(projects, formdata=None, data={"version": version, "why": exclusion.why if exclusion else "",
                                                  "codes": inside})
