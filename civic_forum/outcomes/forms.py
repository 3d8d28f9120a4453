"""The shape of what officials type about outcomes."""

from datetime import date

from flask import request
from werkzeug.datastructures import FileStorage
from wtforms import DateField, FileField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from civic_forum.platform import clock
from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import last_day_of, within_field
from civic_forum.platform.forms import Form, SeenForm, won_given, won_shown
from civic_forum.platform.i18n import _, _l, local

from . import rules, labels
from .models import Outcome
from .rules import Decision, OutcomeText, Side

EMPTY_PAIRS = 2
"""Empty places for one more document, and one more page, that a form offers."""
Pairs = list[tuple[str, str]]


class OutcomeForm(SeenForm):
    """An outcome as it is written. Documents and pages are pairs of fields with the same names, so many there are."""

    decision = RadioField(_l("어떻게 정했나요?"), validate_choice=False,
                          choices=[SelectChoice(decision.value, word) for decision, word in labels.DECISION.items()])
    title = StringField(_l("무엇을 정했나요?"))
    reasons = TextAreaField(_l("왜 그렇게 정했나요?"))
    what_follows = TextAreaField(_l("앞으로 무엇을 하나요?"))
    decided_on = DateField(_l("정한 날"))
    promised_on = DateField(_l("언제까지 하나요?"))
    promised_within = within_field()
    cost = StringField(_l("드는 돈(만 원)"))
    cost_note = StringField(_l("돈에 대한 설명"))
    documents = HiddenField(_l("자료"))
    links = HiddenField(_l("이어 줄 화면"))
    """Where refusals of these pairs stand."""

    @property
    def document_pairs(self) -> Pairs:
        return self._pairs("document", rules.MOST_DOCUMENTS)

    @property
    def link_pairs(self) -> Pairs:
        return self._pairs("link", rules.MOST_LINKS)

    def _pairs(self, name: str, most: int) -> Pairs:
        if self.is_submitted():
            pairs = list(zip(request.form.getlist(f"{name}_title"), request.form.getlist(f"{name}_text"),
                             strict=False))[:most + 1]
        else:
            pairs = [tuple(pair) for pair in getattr(self, f"{name}s").object_data or []]
        return pairs + [("", "")] * min(EMPTY_PAIRS, max(most - len(pairs), 0))

    def part(self) -> OutcomeText:
        """Raises Refusal for a choice that there is not, and for a number or a day that is none."""
        if self.decision.data and self.decision.data not in list(Decision):
            raise Refusal(labels.MISSING[rules.Missing.DECISION], field="decision")
        return OutcomeText(
            decision=Decision(self.decision.data) if self.decision.data else None, title=self.title.data or "",
            reasons=self.reasons.data or "", what_follows=self.what_follows.data or "",
            decided_on=day_given(self.decided_on, _("정한 날을 2026-11-20처럼 적어 주세요.")),
            promised_on=last_day_of(day_given(self.promised_on, _("날짜를 2027-03-31처럼 적어 주세요."), optional=True),
                                    self.promised_within),
            cost=won_given(self.cost), cost_note=self.cost_note.data or None,
            documents=tuple(self.document_pairs), links=tuple(self.link_pairs))


class CorrectionForm(OutcomeForm):
    why = StringField(_l("바로잡는 이유"))


class PictureForm(Form):
    """WTForms for a picture of before or after."""

    side = RadioField(_l("언제의 모습인가요?"), validate_choice=False,
                      choices=[SelectChoice(side.value, word) for side, word in labels.SIDE.items()])
    picture = FileField(_l("사진"))
    picture_description = StringField(_l("사진에 무엇이 보이나요"))

    def refuse(self, refusal) -> None:
        """Refusals of attachments about files are about the one picture here."""
        if refusal.field == "files":
            refusal.field = "picture"
        super().refuse(refusal)

    def given(self) -> tuple[Side, FileStorage | None, str]:
        """Raises Refusal where no side is chosen."""
        if self.side.data not in list(Side):
            raise Refusal(_("전인지 후인지 골라 주세요."), field="side")
        data = self.picture.data
        return Side(self.side.data), data if getattr(data, "filename", "") else None, \
            self.picture_description.data or ""


def day_given(field: DateField, sentence: str, *, optional: bool = False) -> date | None:
    typed = any((text or "").strip() for text in field.raw_data or ())
    if optional and not typed:
        return None
    if field.data is None or not 2000 <= field.data.year < rules.FARTHEST_YEAR:
        raise Refusal(sentence, field=field.name)
    return field.data


def filled(outcome: Outcome | None) -> dict[str, object]:
    """The form at first: the outcome as it stands, or an empty one of today."""
    if outcome is None:
        return {"seen": "0", "decided_on": local(clock.now()).date()}
    names = ("title", "reasons", "what_follows", "decided_on", "promised_on", "cost_note", "documents", "links")
    return {name: getattr(outcome, name) for name in names} | {
        "seen": str(outcome.version), "decision": outcome.decision and outcome.decision.value,
        "cost": won_shown(outcome.cost)}
