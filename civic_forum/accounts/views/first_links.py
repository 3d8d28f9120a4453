"""A link of one of the first two administrators: it opens over https or on the machine itself, and nothing notes it."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, redirect, render_template, request, session

from civic_forum.blocks.pages import handle
from civic_forum.platform import clock
from civic_forum.platform.delivery import ORIGIN_ALONE
from civic_forum.platform.display import display
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_address, never_cached, visitor

from ..forms import FirstLinkForm
from ..pages import bp
from ..queries import first_links as queries
from ..services import first_links as services
from . import sessions
from .sessions import start_session, this_device

FIRST_DAY = "/desk/first-day"


@bp.get("/first/<token>")
@never_cached
def first_link(token):
    return _why_not(token) or _page(FirstLinkForm())


@bp.post("/first/<token>")
@never_cached
@by_address
def use_first_link(token):
    form = FirstLinkForm()

    def done(secret):
        sessions.remember(form.name.data)
        start_session(secret)
        session[sessions.THEN] = FIRST_DAY
        return redirect(FIRST_DAY, 303)

    return _why_not(token) or handle(
        form, lambda: services.open_account(token, form.account(display().language), device=this_device()),
        lambda: _page(form), done, checks=True)


def _why_not(token: str) -> Any:
    """The page that says why this link opens nothing here, or None."""
    if not (request.is_secure or _is_this_machine()):
        return _page(None, _("이 주소는 https로, 또는 누리집이 있는 컴퓨터에서만 열려요."), 403)
    if visitor().is_authenticated:
        return _page(None, _("지금 다른 계정으로 로그인해 있어요. 이 주소는 새 관리자의 것이에요. 로그아웃한 뒤에 다시 열어 주세요."), 409)
    return None if queries.works(token, clock.now()) else _page(None, str(services.does_not_work()), 404)


def _is_this_machine() -> bool:
    """True for a browser beside the site, with no server in between that the settings do not know."""
    host = urlsplit(f"//{request.host}").hostname or ""
    known = int(current_app.config["PROXY_HOPS"]) > 0 or "X-Forwarded-For" not in request.headers
    return known and _is_loopback(request.remote_addr or "") and (host == "localhost" or _is_loopback(host))


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _page(form: FirstLinkForm | None, reason: str = "", status: int = 200) -> Any:
    """No address of a page that somebody goes on to has the link in it."""
    return render_template("accounts/first_link.html", form=form, reason=reason), status, {
        "Referrer-Policy": ORIGIN_ALONE}
