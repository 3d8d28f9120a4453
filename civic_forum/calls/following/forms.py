"""Forms of seats and places for those who were chosen."""

from wtforms import SelectField

from civic_forum.blocks.pickers import PickerField
from civic_forum.forums.kinds import PICKED
from civic_forum.platform.fields import DayField
from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _l

from .services import Term


class SeatsForm(Form):
    seat = SelectField(_l("어느 자리"), validate_choice=False)
    begins = DayField(_l("임기 첫날"))
    until = DayField(_l("임기 마지막 날"))

    @property
    def term(self) -> Term:
        return Term(self.seat.data or "", self.begins.needed, self.until.needed if self.until.data else None)


class PlacesForm(Form):
    forum = PickerField(_l("어느 모임인가요?"), PICKED)
