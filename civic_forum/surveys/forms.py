"""WTForms of surveys, beside the parts themselves."""

from collections.abc import Sequence
from typing import Any

from wtforms import StringField

from civic_forum.blocks.parts import form_of
from civic_forum.opinions.parts import Times
from civic_forum.platform.fields import NumberField
from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _l
from civic_forum.platform.question_rows import Question

from .parts import Wording, part_of

NewSurveyForm = form_of((Wording, ("department_id", "title", "text")), (Times, ("opens_at", "closes_at")))


class PrintForm(Form):
    count = NumberField(_l("몇 장을 인쇄하나요"))


def answer_form(asked: Sequence[Question], **more: Any) -> Any:
    """Form of these questions, with more controls."""
    return type("AnswerForm", (part_of(asked).form(),), more)


def with_code(asked: Sequence[Question]) -> Any:
    return answer_form(asked, code=StringField(_l("편지에 적힌 코드")))


def on_paper(asked: Sequence[Question]) -> Any:
    return answer_form(asked, sheet=NumberField(_l("종이에 적은 번호")))
