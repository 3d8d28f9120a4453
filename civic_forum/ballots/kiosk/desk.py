"""Kiosks at the desk: an administrator registers browsers and revokes them; the register that people sign for codes."""

from flask import render_template, url_for
from wtforms.fields import SelectChoice

from civic_forum.blocks.pages import handle, saved
from civic_forum.district import queries as district
from civic_forum.platform import clock
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_user, shown_to, visitor

from ..desk import counts as desk_counts
from ..desk.views import bp, get, of_page
from ..forms import KioskForm
from ..models import BallotBox
from ..policy import may_open_kiosk, may_register_kiosks
from . import devices, queries, register

for_administrators = shown_to(may_register_kiosks)


@bp.get("/desk/kiosks", endpoint="kiosks")
@for_administrators
def show():
    return _list(_form(formdata=None))


@bp.post("/desk/kiosks", endpoint="register_device")
@for_administrators
@by_user
def register_device():
    """The code stands on this answer alone."""
    form = _form()

    def registered():
        made = devices.register(form.name.data, form.desk.data or None, by=visitor())
        return render_template("ballots/kiosk_code.html", code=made.handed.shown, until=made.handed.until,
                               name=form.name.data)

    return handle(form, registered, lambda: _list(form), checks=True)


@bp.post("/desk/kiosks/<id:device>/revocation", endpoint="revoke_device")
@for_administrators
def revoke(device: int):
    revoked = devices.revoke(device, by=visitor())
    return saved(_("%(name)s의 등록을 끝냈어요. 이제 거기에서는 투표할 수 없어요.", name=revoked.name), url_for(".kiosks"))


@get("/kiosk-passes/register", "kiosk_register", may_open_kiosk)
def print_register(box: BallotBox):
    """A sheet of today's register of one's own desk: numbers, and blanks for what is written by hand."""
    return render_template("ballots/kiosk_register.html", **of_page(box, "kiosk_passes"), **register.sheet(
        visitor(), lambda desk, day: desk_counts.codes(box.id, desk, day),
        lambda **query: url_for(".kiosk_register", box=box.id.hex(), **query),
        lambda desk: require(visitor(), may_open_kiosk, desk)))


def _list(form: KioskForm):
    return render_template("ballots/kiosks.html", form=form, devices=queries.devices(), now=clock.now(),
                           places=district.neighbourhood_names())


def _form(**options) -> KioskForm:
    form = KioskForm(**options)
    form.desk.choices = [SelectChoice(0, _("구 전체 창구")), *(
        SelectChoice(number, _("%(place)s 창구", place=name))
        for number, name in district.open_neighbourhood_names().items())]
    return form
