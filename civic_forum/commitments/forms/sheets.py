"""A quarter's table of commitments, as a file or pasted."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import SelectField, TextAreaField

from civic_forum.platform import clock
from civic_forum.platform.forms import PUBLIC, Form
from civic_forum.platform.i18n import _l, local

from .. import days, labels

MOST_QUARTERS = 20


class SheetForm(Form):
    file = FileField(_l("분기 표"))
    pasted = TextAreaField(_l("아니면 표를 붙여 넣기"), render_kw=PUBLIC)
    quarter = SelectField(_l("어느 분기의 표인가요?"))

    def __init__(self, *given: Any, **more: Any):
        super().__init__(*given, **more)
        quarters = [days.quarter_before(local(clock.now()).date())]
        while len(quarters) < MOST_QUARTERS:
            year, number = map(int, quarters[-1].split("-"))
            quarters.append(f"{year}-{number - 1}" if number > 1 else f"{year - 1}-4")
        self.quarter.choices = [(quarter, labels.quarter(quarter)) for quarter in quarters]
