"""WTForms of the answer to a request for a visit."""

from wtforms import BooleanField, RadioField, SelectChoice, TextAreaField

from civic_forum.blocks.parts import form_of
from civic_forum.forums.preparing.parts import Times
from civic_forum.platform.fields import DayField
from civic_forum.platform.forms import PUBLIC
from civic_forum.platform.i18n import _l

from .rules import WHY_MOST


class AnswerForm(form_of((Times, ("starts_at", "ends_at")))):  # type: ignore[misc]
    verdict = RadioField(_l("찾아가나요"), validate_choice=False, choices=[
        SelectChoice("agree", _l("찾아가요")), SelectChoice("decline", _l("이번에는 못 가요"))])
    why = TextAreaField(_l("왜 못 가나요"), render_kw={"maxlength": WHY_MOST} | PUBLIC)
    again_on = DayField(_l("언제부터 다시 청할 수 있나요"))
    shows = BooleanField(_l("곳과 이유를 모두에게 보여요"))
