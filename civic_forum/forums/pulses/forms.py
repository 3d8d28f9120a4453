"""WTForms for opening, answering and counting pulses."""

from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice

from civic_forum.platform import plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.forms import PUBLIC
from civic_forum.platform.i18n import _, _l

from ..forms import LiveForm
from ..rules import PulseKind
from .rules import CHOICES

KINDS = {PulseKind.YES_NO_UNSURE: _l("그래요, 아니에요, 모르겠어요"), PulseKind.WORD: _l("낱말 하나")}


class PulseForm(LiveForm):
    text = StringField(_l("무엇을 물어볼까요"), render_kw=PUBLIC)
    kind = RadioField(_l("어떻게 답하나요"), choices=[SelectChoice(kind.value, word) for kind, word in KINDS.items()],
                      validate_choice=False)

    def chosen(self) -> PulseKind:
        """Raises Refusal for none."""
        if self.kind.data not in list(PulseKind):
            raise Refusal(_("어떻게 답하는 설문인지 골라 주세요."), field="kind")
        return PulseKind(self.kind.data)


class ResponseForm(LiveForm):
    value = StringField(_l("내 답"), render_kw=PUBLIC)


class HandsForm(LiveForm):
    """Hands in the hall, or at a table."""

    table = StringField()
    yes, no, unsure = StringField(), StringField(), StringField()

    @property
    def table_id(self) -> int | None:
        return plain_text.number(self.table.data)

    def counts(self) -> dict[str, int]:
        """An empty field is nobody; what is no number is -1, which the service refuses."""
        typed = {choice: (self[choice].data or "0").replace(",", "") for choice in CHOICES}
        return {choice: -1 if (number := plain_text.number(text, digits=6)) is None else number
                for choice, text in typed.items()}


class WordForm(LiveForm):
    word = StringField(_l("뺄 낱말"))
    why = StringField(_l("이유"), render_kw=PUBLIC)
