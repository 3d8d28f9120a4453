"""Proving the mobile number of one's account."""

from flask import flash, redirect, render_template, url_for
from flask_login import login_required

from civic_forum.blocks.pages import handle
from civic_forum.platform import keys
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_address, count_in_hours, never_cached, visitor

from .. import attempts
from ..forms.entry import ButtonForm
from ..forms.own import MobileCodeForm
from ..rules import CODES_A_DAY, MAILS_AN_HOUR
from ..services import mobile
from .blueprint import bp


@bp.get("/me/mobile")
@never_cached
@login_required
def own_mobile():
    return _page(MobileCodeForm())


@bp.post("/me/mobile/codes")
@never_cached
@login_required
@by_address
def send_mobile_code():
    """Send a code to a number. It counts also after an account that asked has left."""
    try:
        if number := visitor().mobile:
            key = keys.keyed_hash("mobile limits", number.encode()).hex()
            count_in_hours(1, "codes of the hour", key, MAILS_AN_HOUR)
            count_in_hours(24, "codes of the day", key, CODES_A_DAY)
        mobile.ask_for_code(by=visitor())
        flash(_("문자를 보냈어요. 받은 번호를 적어 주세요."), "success")
    except Refusal as refusal:
        flash(str(refusal), "error")
    return redirect(url_for(".own_mobile"), 303)


@bp.post("/me/mobile")
@never_cached
@login_required
@by_address
def confirm_mobile():
    form = MobileCodeForm()
    def act():
        attempts.count("mobile-code", str(visitor().id))
        mobile.confirm(form.code.data, by=visitor())

    def done(made):
        attempts.forget("mobile-code", str(visitor().id))
        flash(_("휴대전화 번호를 확인했어요."), "success")
        return redirect(url_for(".own_mobile"), 303)

    return handle(form, act, lambda: _page(form), done, checks=True)


def _page(form: MobileCodeForm):
    return render_template("accounts/mobile.html", form=form, button=ButtonForm(), user=visitor())
