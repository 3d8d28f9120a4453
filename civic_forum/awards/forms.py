"""The shape of what is typed about awards."""

from wtforms import DateField, StringField, TextAreaField

from civic_forum.accounts.pickers import MemberField
from civic_forum.blocks.pickers import PickerField
from civic_forum.platform import plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _, _l
from civic_forum.proposals.pickers import PROPOSAL

from . import queries
from .models import AwardRound
from .queries import AwardCase


class RoundForm(Form):
    year = StringField(_l("연도"))
    name = StringField(_l("포상 이름"))
    criteria = TextAreaField(_l("심사 기준"))
    winners = StringField(_l("몇 위까지 상을 주나요"))
    scores_until = DateField(_l("심사 기한"))

    def parts(self) -> tuple:
        if self.scores_until.data is None:
            raise Refusal(_("날짜를 2026-11-20처럼 적어 주세요."), field="scores_until")
        lines = [line.strip() for line in (self.criteria.data or "").splitlines() if line.strip()]
        return (_number(self.year.data), self.name.data or "", lines, _number(self.winners.data),
                self.scores_until.data)


class NominationForm(Form):
    number = PickerField(_l("제안"), PROPOSAL)
    why = StringField(_l("추천하는 까닭"))


class JurorForm(Form):
    juror = MemberField(_l("심사위원"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.juror.offer(queries.people_with_roles(), _("골라 주세요"))


def score_form(round_: AwardRound, **options) -> Form:
    """A field for each criterion."""
    fields = {f"points_{place}": StringField(criterion) for place, criterion in enumerate(round_.criteria)}
    return type("ScoreForm", (Form,), fields)(**options)


def points_of(form: Form, round_: AwardRound) -> list[int | None]:
    return [_number(form[f"points_{place}"].data) for place in range(len(round_.criteria))]


def reason_form(awarded: list[AwardCase], **options) -> Form:
    """A field for each proposal that is awarded."""
    fields = {f"reason_{case.nominee.id}": TextAreaField(
        _("%(title)s: 상을 주는 까닭", title=case.proposal.title)) for case in awarded}
    return type("ReasonForm", (Form,), fields)(**options)


def reasons_of(form: Form) -> dict[int, str]:
    return {int(field.name.removeprefix("reason_")): field.data or "" for field in form
            if field.name.startswith("reason_")}


def _number(text: str | None) -> int | None:
    return plain_text.number((text or "").strip(), digits=9)
