"""The base of every form: cleans what people type before anything looks at it; and fields that features share."""

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto, _is_submitted
from werkzeug.datastructures import CombinedMultiDict
from wtforms import HiddenField, PasswordField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from . import personal_numbers, plain_text
from .errors import Refusal, existing
from .i18n import _
from .personal_numbers import NEVER, PersonalNumber

PUBLIC = {"data-personal": True}
"""`render_kw` of a field whose text everybody reads: numbers that tell who somebody is are noticed in it."""
CHOICE = "personal"
"""The button by which somebody says what becomes of them: `mask` or `keep`."""


class Checkboxes(SelectMultipleField):
    """Several boxes under one legend."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _one_line(value):
    return plain_text.clean(value) if isinstance(value, str) else value


def _lines(value):
    return plain_text.clean(value, lines=True) if isinstance(value, str) else value


def _masked(value):
    return personal_numbers.masked(value) if isinstance(value, str) and request.form.get(CHOICE) == "mask" else value


class Form(FlaskForm):
    """A form whose text is NFC, without control and bidi characters; passwords stay as they are."""

    found: frozenset[personal_numbers.Kind] = frozenset()
    """Kinds of numbers that were found in what was sent: the form offers to mask them."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form, formdata):
            """Fields and files of a form, and no other body."""
            if formdata is not _Auto:
                return formdata
            sent = _is_submitted() and (request.files or request.form)
            return CombinedMultiDict([request.files, request.form]) if sent else None

        def bind_field(self, form, unbound_field, options):
            kind = unbound_field.field_class
            filters = list(unbound_field.kwargs.get("filters", ()))
            if issubclass(kind, TextAreaField):
                options["filters"] = [_lines, *filters]
            elif issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                options["filters"] = [_one_line, *filters]
            if _is_public(unbound_field.kwargs):
                options["filters"] = [*options.get("filters", filters), _masked]
            if "filters" in options:
                unbound_field.kwargs.pop("filters", None)
            return unbound_field.bind(form=form, **options)

    def refuse(self, refusal) -> None:
        """Show the sentence of a refusal at its field, or above the form; and whatever else is wrong with what was
        written, not one thing after each sending."""
        self._say(refusal)
        if refusal.field and refusal.status == Refusal.status:
            self.refuse_the_rest()

    def refuse_the_rest(self) -> None:
        """Say of every other field that is wrong by itself that it is."""

    def _say(self, refusal) -> None:
        self.found = getattr(refusal, "kinds", self.found)
        if refusal.field and refusal.field in self:
            self[refusal.field].errors = [*self[refusal.field].errors, str(refusal)]
        else:
            self.form_errors.append(str(refusal))

    def refuse_besides(self, **asks) -> None:
        """Say what is wrong in other fields too (field → what raises a Refusal), so that all is put right at once."""
        for name, ask in asks.items():
            try:
                ask()
            except Refusal as refusal:
                if not self[name].errors:
                    self._say(refusal)

    @property
    def is_public(self) -> bool:
        return any(_is_public(vars(field)) for field in self)

    def refuse_personal_numbers(self) -> None:
        """Raise PersonalNumber for what tells who somebody is, unless it may be published and the writer said so."""
        keeps = request.form.get(CHOICE) == "keep"
        for field in self:
            there = personal_numbers.kinds(field.data or "") if _is_public(vars(field)) else set()
            if refused := there & NEVER if keeps else there:
                raise PersonalNumber(refused, field=field.short_name)


def _is_public(options: dict) -> bool:
    return "data-personal" in (options.get("render_kw") or {})


class VersionedForm(Form):
    """A form that knows which version of the record its page had read."""

    version = HiddenField(default="0")
    most_bytes = 0
    """Of the files that it takes."""

    @property
    def read_version(self) -> int:
        return plain_text.version(self.version.data)


class SeenForm(Form):
    """A form that knows how far the page had read of what somebody else may go on with."""

    seen = HiddenField(default="0")

    @property
    def read_version(self) -> int:
        return plain_text.version(self.seen.data)


class ConfirmForm(Form):
    """A form by which a second person confirms what its page showed."""

    seen = HiddenField()

    @property
    def fingerprint(self) -> bytes:
        """Of what the page showed; of nothing where it was torn."""
        try:
            return bytes.fromhex(self.seen.data or "")
        except ValueError:
            return b""


TEN_THOUSAND = 10_000
"""Won: in so many the office types its sums."""


def won_given(field: StringField) -> int | None:
    """The sum in won that was typed in units of 10,000. Raises Refusal for what is no number."""
    typed = (field.data or "").replace(",", "")
    if not typed:
        return None
    number = existing(plain_text.number(typed, digits=9),
                      lambda: Refusal(_("돈을 만 원 단위 숫자로 적어 주세요. 740만 원이면 740이에요."), field=field.name))
    return number * TEN_THOUSAND


def won_shown(won: int | None) -> str:
    """As `won_given` reads it."""
    return "" if won is None else f"{won / TEN_THOUSAND:.10g}"
