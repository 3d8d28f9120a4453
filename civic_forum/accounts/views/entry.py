"""Signing in and out, and what a stranger sees who has to sign in first."""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import flash, redirect, render_template, request, session, url_for
from flask_login import login_required
from flask_wtf.csrf import CSRFError

from civic_forum.blocks.pages import handle
from civic_forum.platform import clock, error_pages
from civic_forum.platform.addresses import local_path
from civic_forum.platform.errors import Denied
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_address, login, never_cached, visitor

from .. import attempts, turned_away
from ..forms.entry import ButtonForm, SignInCodeForm, SignInForm
from ..services import sessions
from . import kept, known_device
from .blueprint import bp
from .signed_in import end_session, start_session, this_device

HALF_WAY = "half_signed_in"
"""In the cookie between the password and the code: whose, with which password, until when."""
TIME_FOR_CODE = timedelta(minutes=5)


@bp.get("/sign-in")
@never_cached
def sign_in():
    target = local_path(request.args.get("next"))
    if visitor().is_authenticated:
        return redirect(target)
    return _page(SignInForm(next=target))


@bp.post("/sign-in")
@never_cached
@by_address
def sign_in_now():
    form = SignInForm()
    if not form.validate():
        return _page(form, 422)
    counted_as = known_device.counted_as(form.name.data)

    def sign_in():
        attempts.count(counted_as, form.name.data)
        return sessions.sign_in(form.name.data, form.password.data, device=this_device())

    def done(found):
        attempts.forget(counted_as, form.name.data)
        known_device.remember(form.name.data)
        if found.secret is None:
            session[HALF_WAY] = [found.user_id, found.mark, int((clock.now() + TIME_FOR_CODE).timestamp())]
            return render_template("accounts/code.html", form=SignInCodeForm(formdata=None, next=form.next.data,
                                                                             kept=form.kept.data))
        return _welcome(found.secret, form)

    try:
        return handle(form, sign_in, lambda: _page(form), done, through=sessions.Blocked)
    except sessions.Blocked as blocked:
        turned_away.remember(blocked.user_id)
        return redirect("/me/actions", 303)


@bp.post("/sign-in/code")
@never_cached
@by_address
def sign_in_with_code():
    form = SignInCodeForm()
    user_id, mark, until = session.get(HALF_WAY) or (0, "", 0)
    if not user_id or until < clock.now().timestamp():
        session.pop(HALF_WAY, None)
        flash(_("시간이 지났어요. 처음부터 다시 로그인해 주세요."))
        return redirect(url_for(".sign_in", next=local_path(form.next.data)))

    def sign_in():
        attempts.count("code", str(user_id))
        return sessions.sign_in_with_code(user_id, mark, form.code.data, device=this_device())

    def done(secret: str):
        attempts.forget("code", str(user_id))
        return _welcome(secret, form)

    return handle(form, sign_in, lambda: render_template("accounts/code.html", form=form), done, checks=True)


@bp.post("/sign-out")
@never_cached
@login_required
def sign_out():
    sessions.sign_out(visitor().session_key, by=visitor())
    end_session()
    flash(_("로그아웃했어요."), "success")
    return redirect("/")


def _page(form, status=200, kept_now=None):
    return render_template("accounts/sign_in.html", form=form, kept=kept_now or kept.unpack(form.kept.data)), status


def _welcome(secret: str, form):
    """Signed in: back to where they were, with what they were sending if it was kept."""
    start_session(secret)
    if found := kept.unpack(form.kept.data):
        return resume_page(found)
    return redirect(local_path(form.next.data))


def resume_page(found, status=200):
    return render_template("accounts/resume.html", kept=found, form=ButtonForm(formdata=None)), status


@login.unauthorized_handler
def ask_to_sign_in():
    """For a page of people who are signed in."""
    if request.method in ("GET", "HEAD") and not error_pages.wants_json():
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    return _ask_a_stranger(401)


@bp.app_errorhandler(CSRFError)
def form_out_of_date(error):
    """The form was opened long ago, or its session has ended."""
    found = kept.of_request()
    if error_pages.wants_json() or request.path.startswith("/sign-in"):
        return error_pages.http_error(error)
    if visitor().is_authenticated:
        return resume_page(found, 400) if found else error_pages.http_error(error)
    return _ask_a_stranger(400) if found else error_pages.http_error(error)


@bp.app_errorhandler(Denied)
def denied(refusal):
    """A stranger who was sending something may sign in and send it again."""
    if request.method == "POST" and not visitor().is_authenticated and not error_pages.wants_json():
        return _ask_a_stranger(refusal.status)
    return error_pages.refused(refusal)


def _ask_a_stranger(status: int):
    if error_pages.wants_json():
        return error_pages.error_page(status)
    found = kept.of_request()
    form = SignInForm(formdata=None, next=_page_before(), kept=kept.pack(found))
    return _page(form, status, kept_now=found) if found else _page(form, status)


def _page_before() -> str:
    """The page of ours on which the form was."""
    before = urlsplit(request.headers.get("Referer", ""))
    return local_path(before.path) if before.netloc == request.host else "/"
