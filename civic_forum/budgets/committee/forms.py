"""WTForms for the committee: naming members, recommendations, and the sums of a meeting on paper."""

from collections.abc import Iterable

from wtforms import StringField

from civic_forum.accounts.pickers import PersonField
from civic_forum.platform import plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import NumberField
from civic_forum.platform.forms import Checkboxes, Form, PUBLIC
from civic_forum.platform.i18n import _, _l

from ..pickers import COMMITTEE
from ..projects.models import Project


class NameForm(Form):
    name = PersonField(_l("별명이나 로그인 이름"), COMMITTEE)


class MarksForm(Form):
    """WTForms for what one member recommends: codes of projects."""

    project = Checkboxes(_l("권하는 사업"), validate_choice=False, choices=[])

    @property
    def codes(self) -> set[str]:
        return set(self.project.data or ())


class VotesForm(Form):
    """WTForms for how many members recommend each project, in fields `votes-<code>`."""

    def __init__(self, projects: Iterable[Project], fields, **options):
        super().__init__(**options)
        self.typed = {project.code: fields.get(f"votes-{project.code}", "").strip() for project in projects}
        self.wrong: dict[str, str] = {}
        """By code: why what was typed there is no number of votes."""

    @property
    def votes(self) -> dict[str, int]:
        """By code. Raises Refusal where one of them is no whole number; `wrong` says which."""
        numbers = {code: plain_text.number(text, digits=4) for code, text in self.typed.items()}
        self.wrong = {code: _("숫자로 적어 주세요.") for code, number in numbers.items() if number is None}
        if self.wrong:
            raise Refusal(_("사업마다 권한 위원 수를 숫자로 적어 주세요. 아무도 권하지 않았으면 0이에요."))
        return {code: number for code, number in numbers.items() if number is not None}


class SumsForm(VotesForm):
    """The same, and how many were at the meeting."""

    members = NumberField(_l("표를 낸 위원 수"))
    note = StringField(_l("언제 어디에서 모였나요"), render_kw=PUBLIC)


class AnnulForm(Form):
    reason = StringField(_l("이유"), render_kw=PUBLIC)
