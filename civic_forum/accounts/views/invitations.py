"""An invitation to a role: a new account for its address, or the own one that has it."""

from typing import Any

from flask import render_template

from civic_forum.blocks.pages import handle, saved
from civic_forum.platform import clock
from civic_forum.platform.delivery import ORIGIN_ALONE
from civic_forum.platform.display import display
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.web import by_address, never_cached, sign_in_for, visitor

from ..documents import Document, current
from ..forms import ButtonForm, InvitationForm, SignInForm
from ..invitations import queries, services
from ..invitations.models import Invitation
from ..pages import bp
from ..queries import users
from ..rules import STAFF
from . import sessions
from .entry import sign_in_page, welcome
from .sessions import this_device


@bp.get("/invitations/<token>")
@never_cached
@sign_in_for(_l("초대를 받으려면 로그인해 주세요."))
def invitation(token):
    invited = queries.opened(token, clock.now())
    return _page(invited, _form(invited, formdata=None), token)


@bp.post("/invitations/<token>")
@never_cached
@by_address
def use_invitation(token):
    invited = queries.opened(token, clock.now())
    form = _form(invited)
    if invited is None:
        return _page(None, form, token)
    then = "/desk" if invited.role in STAFF else "/me"

    def done(secret: str):
        sessions.remember(form.name.data)
        return welcome(secret, form, then)

    if visitor().is_authenticated:
        return handle(form, lambda: services.accept(token, by=visitor()), lambda: _page(invited, form, token),
                      lambda _post: saved(_("역할을 받았어요. 지금부터 일할 수 있어요."), then))
    return handle(form, lambda: services.open_account(
        token, form.account(display().language), form.nickname.data or "", device=this_device()),
        lambda: _page(invited, form, token), done, checks=True)


def _form(invited: Invitation | None, **options: Any) -> Any:
    """A button for whoever is signed in."""
    if invited is None or visitor().is_authenticated:
        return ButtonForm(**options)
    return InvitationForm(nickname=invited.name, **options)


def _page(invited: Invitation | None, form: Any, token: str) -> Any:
    """No address of a page that somebody goes on to has the link in it."""
    reason, status, headers = "", 200, {"Referrer-Policy": ORIGIN_ALONE}
    if invited is None:
        reason, status = str(services.does_not_work()), 404
    elif visitor().is_authenticated and visitor().confirmed_email != invited.email:
        reason, status = str(services.another_account()), 403
    elif not visitor().is_authenticated and users.by_confirmed_email(invited.email) is not None:
        return *sign_in_page(SignInForm(formdata=None, next=f"/invitations/{token}")), headers
    return render_template("accounts/invitation.html", invited=invited, form=form, reason=reason,
                           version=current(Document.COLLECTION).number), status, headers
