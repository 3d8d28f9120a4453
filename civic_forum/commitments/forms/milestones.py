"""Milestones: into which a commitment is parted, reached, taken back, put off."""

from typing import Any

from wtforms import HiddenField, MultipleFileField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from civic_forum.platform.errors import Refusal, existing
from civic_forum.platform.fields import DayField
from civic_forum.platform.forms import PUBLIC
from civic_forum.platform.i18n import _, _l

from .. import rules
from ..rules import EntryKind
from .entries import EntryForm, Row, typed_day, typed_number


class MilestonesForm(EntryForm):
    kind = EntryKind.MILESTONES
    milestones = HiddenField(_l("단계"))
    tables = {"milestones": ("key", "title", "weight", "due")}

    def there(self, table: str) -> list[Row]:
        """The milestones; before there are any one that is the whole, so that a small promise needs no typing. It does
        not say the title again, which may be that of a proposal that is hidden one day."""
        rows = [(step.key, step.title, str(step.weight), step.due_on.isoformat() if step.due_on else "")
                for step in self.ledger.milestones]
        due_on = self.ledger.due_on
        return rows or [("", _("약속 전체"), str(rules.WHOLE), due_on.isoformat() if due_on else "")]

    def content(self) -> dict[str, Any]:
        """Keys of new steps have the version in them, so that none is given twice: evidence that waits or is corrected
        never counts for another step."""
        steps, known = [], {milestone.key for milestone in self.ledger.milestones}
        for key, title, weight, due in self.filled_rows("milestones"):
            if not title:
                continue
            if len(title) > rules.TITLE_MOST:
                raise Refusal(_("%(most)s자까지 적을 수 있어요. 줄여 주세요.", most=rules.TITLE_MOST), field="milestones")
            if key not in known:
                key = f"m{self.commitment.version}-{len(steps) + 1}"
            number = typed_number(weight, "milestones", _("몫은 1부터 100까지의 숫자로 적어 주세요."))
            day = typed_day(due, "milestones")
            steps.append({"key": key, "title": title, "weight": number or 0, "due_on": day and day.isoformat()})
        return {"milestones": steps}


class _OfMilestone(EntryForm):
    milestone = SelectField(_l("어느 단계인가요?"), validate_choice=False)
    open_only = True

    def prepare(self) -> None:
        self.milestone.choices = [SelectChoice(milestone.key, milestone.title) for milestone in self.ledger.milestones
                                  if self.corrected or milestone.is_shown is not self.open_only]


class ReachedForm(_OfMilestone):
    kind = EntryKind.REACHED
    text = TextAreaField(_l("무엇을 보면 알 수 있나요?"), render_kw=PUBLIC)
    files = MultipleFileField(_l("사진과 파일"))
    link = StringField(_l("더 볼 수 있는 주소"))

    def content(self) -> dict[str, Any]:
        return {"milestone": self.milestone.data or "", "text": self.text.data or "", "link": self.link.data or "",
                "files": []}

    def chosen(self) -> list[Any]:
        return [file for file in self.files.data or [] if file and file.filename]


class WithdrawnForm(_OfMilestone):
    kind = EntryKind.WITHDRAWN
    open_only = False
    why = StringField(_l("왜 거두나요?"), render_kw=PUBLIC)

    def content(self) -> dict[str, Any]:
        return {"milestone": self.milestone.data or "", "why": self.why.data or ""}


class SlipForm(_OfMilestone):
    kind = EntryKind.SLIP
    to = DayField(_l("언제로 옮기나요?"))
    why = StringField(_l("왜 옮기나요?"), render_kw=PUBLIC)

    def prepare(self) -> None:
        super().prepare()
        self.milestone.choices.insert(0, SelectChoice("", _("약속 전체")))

    def content(self) -> dict[str, Any]:
        to = existing(typed_day(self.to.data, "to"), lambda: Refusal(_("옮길 날을 2027-03-31처럼 적어 주세요."), field="to"))
        return {"milestone": self.milestone.data or "", "to": to.isoformat(), "why": self.why.data or ""}
