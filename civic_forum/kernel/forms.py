"""The base of every form: cleans what people type before anything looks at it; and fields that features share."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from . import plain_text


class Checkboxes(SelectMultipleField):
    """Several boxes under one legend."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _one_line(value):
    return plain_text.clean(value) if isinstance(value, str) else value


def _lines(value):
    return plain_text.clean(value, lines=True) if isinstance(value, str) else value


class Form(FlaskForm):
    """A form whose text is NFC, without control and bidi characters; passwords stay as they are."""

    class Meta(FlaskForm.Meta):
        def bind_field(self, form, unbound_field, options):
            kind = unbound_field.field_class
            filters = list(unbound_field.kwargs.get("filters", ()))
            if issubclass(kind, TextAreaField):
                options["filters"] = [_lines, *filters]
            elif issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                options["filters"] = [_one_line, *filters]
            if "filters" in options:
                unbound_field.kwargs.pop("filters", None)
            return unbound_field.bind(form=form, **options)

    def refuse(self, refusal) -> None:
        """Show the sentence of a refusal at its field, or above the form."""
        if refusal.field and refusal.field in self:
            self[refusal.field].errors = [*self[refusal.field].errors, str(refusal)]
        else:
            self.form_errors.append(str(refusal))


class VersionedForm(Form):
    """A form that knows which version of the record its page had read."""

    version = HiddenField(default="0")

    @property
    def read_version(self) -> int:
        number = plain_text.number(self.version.data, digits=9)
        return -1 if number is None else number
