"""Several parts at once from a table: rows of a spreadsheet that were copied and pasted, or a CSV.

The first row names the fields, by the labels of their form; each further row is one part.
"""

import itertools
import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import TextAreaField

from civic_forum.platform import csv_tables
from civic_forum.platform.errors import Refusal
from civic_forum.platform.forms import PUBLIC, VersionedForm
from civic_forum.platform.i18n import _, _l, won

from .pages import handle, saved
from .part_fields import Number, Text
from .parts import Part, PartForm
from .pickers import PickerField, end_of_address

FIELD = "table"
MOST_CHARACTERS = 200_000
MOST_BYTES = 4 * MOST_CHARACTERS
UNITS = {"천": 1_000, "만": 10_000, "백만": 1_000_000, "억": 100_000_000}
UNIT = re.compile(r"(.{1,60})\( ?(천|만|백만|억) ?원 ?\)")
FIGURE = re.compile(r"[0-9]{1,13}(?:\.[0-9]{1,8})?")


class TableForm(VersionedForm):
    table = TextAreaField(_l("표"), render_kw=PUBLIC)
    preview: "Preview | None" = None

    @property
    def text(self) -> str:
        return self.table.data or ""


class FileTableForm(TableForm):
    """A table that is pasted, or a CSV file in its place."""

    file = FileField(_l("CSV 파일"))
    most_bytes = MOST_BYTES + 100_000

    @property
    def text(self) -> str:
        """Raises Refusal at `file` for what is no text."""
        if not getattr(self.file.data, "filename", ""):
            return super().text
        try:
            return csv_tables.decoded(self.file.data.read(MOST_BYTES + 1))
        except csv_tables.NoText as wrong:
            raise Refusal(_("UTF-8이나 CP949로 읽을 수 없는 파일이에요. 엑셀 파일이면 ‘CSV UTF-8’로 저장해 주세요."),
                          field="file") from wrong


def columns(form: PartForm) -> dict[str, str]:
    """Label → control, of those that a cell can fill."""
    return {str(field.label.text): field.name for field in form if field.name not in ("version", "csrf_token")}


def read(part: type[Part], text: str, most: int) -> list[Any]:
    """The parts of a table. Raises Refusal that names the row and the column of the first thing that is wrong."""
    table = rows(text)
    if len(table) < 2:
        raise Refusal(_("첫 줄에 칸 이름을, 그 아래에 내용을 한 줄에 하나씩 넣어 주세요."), field=FIELD)
    if len(table) - 1 > most:
        raise Refusal(_("한 번에 %(most)s줄까지 넣을 수 있어요.", most=most), field=FIELD)
    header, empty = table[0].cells, part.form()(formdata=None)
    controls, factors = zip(*_head(part, header), strict=True)
    if len(set(controls)) != len(controls):
        raise Refusal(_("같은 칸 이름이 두 번 있어요."), field=FIELD)
    _refuse_merged([empty[control] for control in controls], table[1:])
    return [_part(part, controls, header, list(map(_in_won, cells, [*factors, *[1] * len(cells)])), number)
            for number, cells in table[1:]]


def _head(part: type[Part], header: Sequence[str]) -> list[tuple[str, int]]:
    """(Control, won of one unit) of each column, by the label of its field or by the shorter one of its card. Raises
    Refusal for a column that nobody knows."""
    known = {str(field.card): next(iter(field.controls(name))) for name, field in part.fields().items() if field.card}
    known |= columns(part.form()(formdata=None))
    pairs = []
    for name in header:
        unit = UNIT.fullmatch(name)
        label = name if name in known or unit is None else f"{unit[1].strip()}(원)"
        if label not in known:
            raise Refusal(_("첫 줄의 ‘%(name)s’은(는) 모르는 칸이에요. 아래에 적힌 칸 이름만 쓸 수 있어요.", name=name[:60]), field=FIELD)
        pairs.append((known[label], 1 if label == name or unit is None else UNITS[unit[2]]))
    return pairs


def _in_won(cell: str, factor: int) -> str:
    """The figure of a cell in won; what is no whole sum of won is left for its field to refuse."""
    text = cell.replace(",", "").strip()
    if factor == 1 or not FIGURE.fullmatch(text):
        return cell
    amount = Fraction(text) * factor
    return str(amount) if amount.denominator == 1 else cell


class Preview(NamedTuple):
    """Rows of a table as they would be written."""

    header: Sequence[str]
    rows: list[list[str]]
    sums: list[tuple[str, str]]
    """(Column, sum in won) of each column of money."""


def preview(part: type[Part], text: str, parts: Sequence[Any]) -> Preview:
    """The parts of this table, each cell as its field keeps it where that can be said in a few words."""
    (_number, header), *typed = rows(text)
    fields, controls = part.fields(), [control for control, _factor in _head(part, header)]

    def shown(made: Any, control: str, cell: str) -> str:
        field = fields.get(control)
        return field.shown(getattr(made, control)) if isinstance(field, Number | Text) else cell

    money = [control for control in controls if isinstance(field := fields.get(control), Number) and field.won]
    return Preview([str(fields[control].label) if control in money else name
                    for control, name in zip(controls, header, strict=True)],
                   [[shown(made, *pair) for pair in zip(controls, row.cells, strict=False)]
                    for made, row in zip(parts, typed, strict=True)],
                   [(str(fields[control].card or fields[control].label),
                     won(sum(getattr(made, control) or 0 for made in parts))) for control in money])


def rows(text: str) -> list[csv_tables.Row]:
    """Raises Refusal for what is too long or no table."""
    if len(text) > MOST_CHARACTERS:
        raise Refusal(_("%(longest)s자까지 쓸 수 있어요.", longest=f"{MOST_CHARACTERS:,}"), field=FIELD)
    try:
        return list(csv_tables.rows(text))
    except csv_tables.NoTable as wrong:
        raise Refusal(_("%(line)s번째 줄을 표로 읽을 수 없어요. 따옴표를 확인해 주세요.", line=wrong.line), field=FIELD) from wrong


def _refuse_merged(fields: Sequence[Any], rows: Sequence[csv_tables.Row]) -> None:
    """Raises Refusal for an empty cell below a filled one of a column that has a word for nothing."""
    for above, (number, cells) in itertools.pairwise(rows):
        for field, over, cell in zip(fields, above.cells, cells, strict=False):
            nothing = next((label for label, value in _choices(field).items() if not value), None)
            if nothing and over and not cell:
                raise Refusal(_("%(line)s번째 줄. %(name)s: 윗줄에만 적혀 있어요. 같으면 다시 적고, 아니면 ‘%(nothing)s’만 적어 주세요.",
                                line=number, name=field.label.text, nothing=nothing), field=FIELD)


def _part(part: type[Part], controls: Sequence[str], header: Sequence[str], cells: Sequence[str], number: int) -> Any:
    """The part of one row; fields that no column names are as in a new part."""
    if len(cells) > len(controls):
        raise Refusal(_("%(line)s번째 줄에 칸이 더 많아요.", line=number), field=FIELD)
    data: MultiDict[str, str] = MultiDict()
    form_type = part.form()
    empty = form_type(formdata=None)
    for control, cell in zip(controls, cells, strict=False):
        for value in _values(empty[control], cell):
            data.add(control, value)
        if isinstance(empty[control], PickerField):  # an exact name is its own choice: no page asks again
            data.add(f"{control}-choice", end_of_address(cell, empty[control].pickable.pages))
            data.add(f"{control}-asked", cell)
    try:
        form = form_type(formdata=data, meta={"csrf": False})
        made = part(**{name: field.read(form, name) for name, field in part.fields().items()
                       if not part.has_default(name) or not set(field.controls(name)).isdisjoint(controls)})
        made.check()
    except Refusal as refusal:
        label = next((name for name, control in zip(header, controls, strict=True) if control == refusal.field), None)
        where = f"{label}: " if label else ""
        raise Refusal(_("%(line)s번째 줄. %(where)s%(why)s", line=number, where=where, why=str(refusal)),
                      field=FIELD) from refusal
    return made


def _values(field: Any, cell: str) -> list[str]:
    """A cell as a form sends it: choices by their labels, several with commas between them, boxes by a word."""
    if choices := _choices(field):
        several = [label.strip() for label in cell.split(",")] if field.type == "Checkboxes" else [cell]
        return [choices.get(label, label) for label in several if label]
    if field.type == "BooleanField":
        return ["y"] if cell.lower() in ("y", "yes", "o", "1", "네", "예") else []
    return [cell]


def _says(field: Any) -> str:
    """Words that a cell takes, where it is no free text."""
    if field.type == "BooleanField":
        return _("네, 또는 비워 두기")
    if isinstance(field, PickerField):
        return _("번호나 화면 주소")
    return ", ".join(_choices(field))


def _choices(field: Any) -> dict[str, str]:
    """Label → value of each choice; of a field without choices none."""
    return {str(label): str(value) for value, label, *_rest in field.iter_choices()} \
        if hasattr(field, "iter_choices") and field.choices else {}


def answer(part: type[Part], most: int, act: Any, page: Any, url: str,
           form_type: type[TableForm] = TableForm,
           finish: Callable[[list[Any]], list[Any]] = list) -> ResponseReturnValue | Response:
    """The page that takes a table: `page(form, columns)` shows it, and what it would write where that is asked first;
    `act(parts, version)` writes them all or none. `finish` makes of the rows what is written."""
    empty = part.form()(formdata=None)
    names = {label: _says(empty[control]) for label, control in columns(empty).items()}
    if request.method != "POST":
        return page(form_type(formdata=None), names)  # type: ignore[no-any-return]
    form = form_type()

    def parts() -> list[Any]:
        form.table.data = text = form.text  # a file is sent once
        return finish(read(part, text, most))

    def show() -> None:
        made = parts()
        form.preview = preview(part, form.table.data or "", made)

    if "preview" in request.form:
        return handle(form, show, lambda: page(form, names), lambda _shown: page(form, names))
    return handle(form, lambda: act(parts(), form.read_version),
                  lambda: page(form, names), lambda made: saved(_("%(count)s개를 넣었어요.", count=len(made)), url))
