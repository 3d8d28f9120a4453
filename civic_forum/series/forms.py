"""WTForms of series, beside the parts themselves."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, RadioField, SelectChoice, TextAreaField

from civic_forum.blocks import kinds, pickers
from civic_forum.blocks.parts import form_of
from civic_forum.blocks.pickers import PickerField
from civic_forum.platform.fields import DayField
from civic_forum.platform.forms import Form, VersionedForm
from civic_forum.platform.i18n import _, _l

from .labels import PICKED
from .parts import Beginning, Step, Wording

NewSeriesForm = form_of((Beginning, ("kind", "year", "neighbourhood_id")), (Wording, ("title", "department_id")),
                        day=DayField(_l("총회를 여는 날")))
StepForm = form_of((Step, ("name", "starts_on", "until_on", "note")),
                   moves_rest=BooleanField(_l("뒤 단계도 같은 날수만큼 옮겨요")))


class ThingForm(VersionedForm):
    """A thing that is to stand for a step."""

    kind = RadioField(_l("무엇을 이을까요"), validate_choice=False)
    thing = PickerField(_l("제목이나 주소"), None, kind_from="kind")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind.choices = [SelectChoice(picker, kinds.of(kind).label) for kind, picker in PICKED.items()]
        self.thing.pickable = pickers.known.get(self.kind.data) if self.kind.data in PICKED.values() else None

    @property
    def chosen(self) -> str:
        """Kind of the thing; nothing for none of them."""
        return next((kind for kind, picker in PICKED.items() if picker == self.kind.data), "")


class TargetForm(VersionedForm):
    """The yearly target for which a series counts; `known`: targets as `queries.targets` gives them."""

    target = RadioField(_l("어느 약속의 목표로 셀까요"), validate_choice=False)

    def offers(self, known: Mapping[str, Any]) -> "TargetForm":
        self.target.choices = [*(SelectChoice(key, f"{commitment.title}: {label} {goal}")
                                 for key, (commitment, label, goal) in known.items()),
                               SelectChoice("", _("세지 않아요"))]
        return self


class NextYearForm(Form):
    table = TextAreaField(_l("동과 총회를 여는 날"))
