"""A file that is brought in as a trial election."""

from flask_wtf.file import FileField
from wtforms import SelectField, StringField, TextAreaField

from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _, _l

from .services import LONGEST_ABOUT, LONGEST_COMMITTEE, LONGEST_STEP, LONGEST_TITLE


class TrialForm(Form):
    file = FileField(_l("Pabulib 파일(.pb)"))
    slug = StringField(_l("주소"), render_kw={"maxlength": 60})
    title = StringField(_l("제목"), render_kw={"maxlength": LONGEST_TITLE})
    about = TextAreaField(_l("설명"), render_kw={"maxlength": LONGEST_ABOUT})
    step = StringField(_l("몫을 늘릴 때 한 번에 늘리는 돈"), render_kw={"maxlength": LONGEST_STEP})
    committee = TextAreaField(_l("위원회의 표"), render_kw={"maxlength": LONGEST_COMMITTEE})
    committee_ballots = StringField(_l("표를 낸 위원 수"), render_kw={"maxlength": 4})
    round_slug = SelectField(_l("어느 주민참여예산에 쓰려고 비교하나요?"), validate_choice=False)

    def offer(self, rounds) -> None:
        """`rounds`: (address, title) of those that are being prepared."""
        self.round_slug.choices = [("", _("정하지 않음")), *rounds]

    def facts(self) -> dict[str, str | None]:
        """Facts beside the file."""
        return {"slug": self.slug.data or None} | {name: self[name].data or "" for name in (
            "title", "about", "step", "round_slug", "committee", "committee_ballots")}
