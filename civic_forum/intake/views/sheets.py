"""Sheets to print, each with a number that is reserved for it."""

from typing import Any, NamedTuple

import segno
from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from civic_forum.blocks.pages import handle
from civic_forum.blocks.submissions import Slip
from civic_forum.platform.typed_codes import grouped
from civic_forum.platform.web import by_download, by_user, shown_to, visitor

from .. import rules, services
from ..forms import SheetsForm
from ..policy import may_take
from ..rules import SheetForm
from .desk import desk, trail


class Printed(NamedTuple):
    """A number on paper and its QR code; the code and a QR code with it stand on the strip alone."""

    number: str
    picture: str
    code: str | None
    strip: str


@desk.route("/sheets", methods=["GET", "POST"])
@shown_to(may_take)
@by_user
@by_download
def sheets() -> ResponseReturnValue:
    """The form for so many of each, then the sheets, this once."""
    form = SheetsForm()

    def page() -> str:
        return render_template("intake/desk_sheets.html", trail=trail(), form=form, most=rules.PRINTED_MOST)

    return handle(form, lambda: services.print_sheets(form.sheets, by=visitor()), page, _print) \
        if request.method == "POST" else page()


def _print(slips: dict[SheetForm, list[Slip]]) -> str:
    printed: dict[str, Any] = {form.value: [_printed(slip) for slip in of_form] for form, of_form in slips.items()}
    notes, each = printed["notes"], rules.NUMBERS[SheetForm.NOTES]
    return render_template("intake/desk_print.html", trail=trail(), **printed | {
        "notes": [notes[start:start + each] for start in range(0, len(notes), each)]})


def _printed(slip: Slip) -> Printed:
    number, code = slip.submission.number, slip.code and grouped(slip.code)
    return Printed(number, qr(number), code, qr(number, code))


def qr(number: str, code: str | None = None) -> str:
    """QR code of the page of a number; the code stands behind a sign that no browser sends on."""
    address = f"{current_app.config['URL'].rstrip('/')}/intake/{number}{f'#{code}' if code else ''}"
    picture: str = segno.make(address, error="m", micro=False).svg_data_uri(border=2, dark="#111111", light="#ffffff")
    return picture
