"""Envelopes, choice groups and exclusions as a moderator fills them in."""

from collections.abc import Iterable

from wtforms import SelectChoice, StringField, TextAreaField

from civic_forum.platform.fields import NumberField
from civic_forum.platform.forms import PUBLIC, Checkboxes, VersionedForm
from civic_forum.platform.i18n import _l

from ..models import ChoiceGroup, ExclusionGroup
from ..projects.models import Project
from ..parts import EnvelopeParts
from ..rules.parts import Grouping


class PurseForm(EnvelopeParts.form()):  # type: ignore[misc]
    slug = StringField(_l("주소"))

    @classmethod
    def empty(cls, version: int) -> "PurseForm":
        return cls(formdata=None, data={"version": version, "max_choices": 1, "min_votes": 0})


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
