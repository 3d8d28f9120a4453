"""The way out of a kind of mail: a page with one button, and the POST that mail programs send by themselves."""

from flask import Blueprint, flash, redirect, render_template
from flask_login import login_required

from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_user, csrf, never_cached, visitor

from .. import labels
from ..links import Subscription
from ..rules import NoticeKind
from ..services import addresses, unsubscribing
from .blueprint import bp

ways_out = Blueprint("ways_out", __name__)
bp.record_once(lambda state: state.app.register_blueprint(ways_out))


@ways_out.get("/unsubscribe/<token>")
@never_cached
def unsubscription(token: str):
    """Opening the address changes nothing: programs that look at links for safety open it too."""
    return _page(unsubscribing.subscription(token), done=False)


@ways_out.post("/unsubscribe/<token>")
@csrf.exempt
@never_cached
def unsubscribe(token: str):
    """`List-Unsubscribe=One-Click` of RFC 8058, or the button: the token is what proves who asks."""
    return _page(unsubscribing.unsubscribe(token), done=True)


def _page(wanted: Subscription, done: bool) -> str:
    if isinstance(wanted.what, NoticeKind):
        what = _("‘%(kind)s’ 소식", kind=labels.KIND[wanted.what])
    else:
        what = str(labels.DIGEST[wanted.what])
    return render_template("notifications/unsubscribe.html", what=what, done=done, settings=addresses.SETTINGS)


@bp.post("/address-proofs")
@login_required
@never_cached
@by_user
def prove_address():
    addresses.ask_to_prove_again(by=visitor())
    flash(_("확인 편지를 보냈어요. 편지 속 주소를 열면 다시 소식을 보내 드려요."), "success")
    return redirect(addresses.SETTINGS, 303)
