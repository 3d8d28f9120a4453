"""WTForms for minutes, and for what was held without a live hall."""

from typing import Any

import wtforms
from wtforms import FieldList, FormField, PasswordField, SelectChoice, SelectField, StringField, TextAreaField

from civic_forum.accounts.passkey_form import PasskeyField
from civic_forum.answers.rules import LATER_DAYS
from civic_forum.blocks.parts import form_of
from civic_forum.district import queries as district
from civic_forum.platform import plain_text
from civic_forum.platform.forms import Form, PUBLIC, SeenForm
from civic_forum.platform.i18n import _, _l

from .. import rules as forum_rules
from ..forms import number_given
from ..preparing.parts import Holder, Times, Visiting, Wording
from ..questions.rules import ANSWER_MOST, MOST, MOST_HEARD
from .services import Heard
from .rules.drafting import NOTE_MOST, PLACE_MOST, REPLY_MOST, WORDS_MOST

MORE = 3
"""Empty rows that are added at once."""


class CorrectionForm(Form):
    place = StringField(_l("어디"), render_kw={"maxlength": PLACE_MOST} | PUBLIC)
    was = TextAreaField(_l("지금 적힌 글"), render_kw={"maxlength": WORDS_MOST} | PUBLIC)
    becomes = TextAreaField(_l("이렇게 고쳐 주세요"), render_kw={"maxlength": WORDS_MOST} | PUBLIC)


class CorrectionAnswer(Form):
    verdict = StringField()
    reply = TextAreaField(_l("이유"), render_kw={"maxlength": REPLY_MOST} | PUBLIC)


class RevisionForm(Form):
    note = StringField(_l("무엇을 고쳤나요?"), render_kw={"maxlength": NOTE_MOST} | PUBLIC)


class SignatureForm(SeenForm):
    """WTForms for the version that was read, and the password of who signs it."""

    password = PasswordField(_l("비밀번호"))
    passkey = PasskeyField()


class HeardForm(wtforms.Form):
    """Something that was said; without words it is nothing."""

    text = StringField(_l("들은 말"), render_kw={"maxlength": MOST} | PUBLIC)
    answer = StringField(_l("그 자리에서 한 답"), render_kw={"maxlength": ANSWER_MOST} | PUBLIC)
    department = SelectField(_l("나중에 답할 부서"), coerce=int, validate_choice=False)
    days = SelectField(_l("며칠 안에 답할까요"), coerce=int, validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.choices = [SelectChoice(0, _("없어요")), *(
            SelectChoice(known.id, known.name) for known in district.departments())]
        self.days.choices = [SelectChoice(days, _("%(count)s일", count=days)) for days in LATER_DAYS]

    def heard(self) -> Heard:
        later = (self.department.data, self.days.data or 0) if self.department.data else None
        return Heard(text=self.text.data or "", answer=self.answer.data or "", later=later)


class AnnouncedRecordForm(form_of((Visiting, ("went", "moved_because")))):  # type: ignore[misc]
    """Of a gathering that was prepared here."""

    came = StringField(_l("온 사람"))
    heard = FieldList(FormField(HeardForm), min_entries=MORE, max_entries=MOST_HEARD)

    def filled(self) -> list[Heard]:
        return [entry.form.heard() for entry in self.heard if plain_text.clean(entry.form.text.data or "")]

    @property
    def number_came(self) -> int | None:
        """Raises Refusal."""
        return number_given(self.came)


class RecordForm(form_of(  # type: ignore[misc]
        (Holder, ("form", "department_id", "neighbourhood_id")), (Wording, ("title", "question", "about")),
        (Times, ("place", "starts_at", "ends_at")), (Visiting, tuple(Visiting.fields()))), AnnouncedRecordForm):
    """Of one that nobody announced here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.choices = [choice for choice in self.form.choices if choice.value != forum_rules.Form.MEETING]
