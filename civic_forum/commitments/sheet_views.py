"""A quarter's table of commitments is brought in: read, looked at, then written as money from a table is."""

from collections.abc import Sequence

from flask import render_template, request

from civic_forum.attachments import pasted_tables
from civic_forum.attachments.rules import TABLE_BYTES
from civic_forum.blocks.pages import handle
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.spreadsheets import line_as_typed
from civic_forum.platform.web import accepts_files, by_user, visitor

from . import labels, money_labels, money_views
from .forms.sheets import SheetForm
from .importing_sheets import MOST_ROWS, Column, Reading
from .services.money import read_sheet
from .views import desk, for_officials

COLUMNS = [column.value for column in Column]


@desk.route("/sheet", methods=["GET", "POST"])
@for_officials
@by_user
@accepts_files(TABLE_BYTES + 600_000)
def sheet():
    if request.method == "GET":
        return _page(SheetForm(formdata=None))
    form, rows, readings = SheetForm(), list[tuple[int, Sequence[str]]](), list[Reading]()

    def read() -> Reading:
        rows.extend(pasted_tables.rows(form.pasted.data, MOST_ROWS))
        reading = read_sheet(rows, pasted_tables.columns(COLUMNS), form.quarter.data, by=visitor())
        readings.append(reading)
        if reading.problems:
            raise Refusal(_("고칠 것이 있어요. 아무것도 적지 않았어요."), field="file")
        if not reading.changes:
            raise Refusal(_("지금 적힌 것과 다른 것이 없어요."), field="file")
        return reading

    def shown(reading: Reading) -> str:
        return money_views.preview(reading.changes, reading, columns=COLUMNS, sheet=form, text=_text(rows))

    return handle(form, read, lambda: _page(form, rows, readings), shown)


def _text(rows: Sequence[tuple[int, Sequence[str]]]) -> str:
    return "".join(line_as_typed(cells) for _number, cells in rows)


def _page(form: SheetForm, rows: Sequence[tuple[int, Sequence[str]]] = (), readings: Sequence[Reading] = ()) -> str:
    return render_template("commitments/sheet.html", form=form, text=_text(rows), columns=COLUMNS, labels=labels,
                           reading=readings[0] if readings else None, sentence=money_labels.sentence_of_sheet)
