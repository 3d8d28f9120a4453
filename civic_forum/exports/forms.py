"""WTForms for taking a table out."""

from wtforms import RadioField, SelectChoice, SelectField, StringField

from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import offered
from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _, _l

from .rules import Format
from .tables.table import Table

FORMATS = {Format.XLSX: _l("엑셀(XLSX)"), Format.CSV: _l("CSV")}


class TakeForm(Form):
    """The filters of a table are fields of its own form."""

    format = RadioField(_l("파일 형식"), choices=[SelectChoice(kind.value, word) for kind, word in FORMATS.items()],
                        default=Format.XLSX.value, validate_choice=False)
    reason = StringField(_l("무엇에 쓰나요"))

    def chosen_format(self) -> Format:
        if self.format.data not in list(Format):
            raise Refusal(_("파일 형식을 골라 주세요."), field="format")
        return Format(self.format.data)


def form_of(table: Table, **options) -> TakeForm:
    fields = {filter_.key: SelectField(filter_.label, validate_choice=False, choices=offered(
        {filter_.said(value): word for value, word in filter_.known().items()}, _("모두"))) for filter_ in table.filters}
    return type("TableForm", (TakeForm,), fields)(**options)
