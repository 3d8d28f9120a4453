"""Signing up, in and out, and the pages that letters and slips lead to."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from flask import current_app, flash, g, redirect, render_template, request, session, url_for
from flask_login import login_required
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from civic_forum.blocks.pages import attempt, handle, saved
from civic_forum.platform import clock, error_pages, security_log
from civic_forum.platform.addresses import local_path
from civic_forum.platform.display import display
from civic_forum.platform.errors import Denied
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_address, login, never_cached, visitor

from .. import attempts, turned_away
from ..documents import Document, current
from ..forms import (ButtonForm, DeskCodeForm, ForgottenPasswordForm, NewPasswordForm, SignInCodeForm, SignInForm,
                     SignInPasskeyForm, SignUpForm)
from ..pages import bp
from ..queries import users as queries
from ..rules import Purpose
from ..services import codes, once
from ..services import entry as services
from . import kept, sessions
from .sessions import end_session, start_session, this_device

HALF_WAY = "half_way"
"""In the cookie between the password and the code: whose, with which password, until when, by which name."""
TIME_FOR_CODE = timedelta(minutes=5)


@bp.get("/sign-in")
@never_cached
def sign_in():
    target = local_path(request.args.get("next"))
    if visitor().is_authenticated:
        return redirect(target)
    return sign_in_page(SignInForm(next=target))


@bp.post("/sign-in")
@never_cached
@by_address
def sign_in_now():
    form = SignInForm()
    if form.sign_up.data:  # the other button: what was being sent goes along
        return _sign_up_page(SignUpForm(formdata=None, next=local_path(form.next.data, "/me"), kept=form.kept.data))
    if form.once.data:
        return once_page(form.next.data, form.kept.data)
    if not form.validate():
        return sign_in_page(form, 422)
    name = form.name.data
    counted_as, known = sessions.counted_as(name), sessions.knows(name)

    def sign_in():
        with attempts.guessing(counted_as, name, known=known):
            return services.sign_in(name, form.password.data, device=this_device(), known=known)

    def done(entrance):
        return signed_in(entrance, name, form)

    try:
        return handle(form, sign_in, lambda: sign_in_page(form), done, through=services.Blocked)
    except services.Blocked as blocked:
        return turned_away_from(blocked)


def signed_in(entrance: services.SignedIn, name: str, form):
    """Answer to whoever has shown who they are: signed in, or asked for the code of their second factor."""
    if entrance.secret is None:
        session[HALF_WAY] = [entrance.user_id, entrance.mark, int((clock.now() + TIME_FOR_CODE).timestamp()), name]
        return render_template("accounts/code.html", form=SignInCodeForm(formdata=None, next=form.next.data,
                                                                         kept=form.kept.data))
    sessions.remember(name)
    return welcome(entrance.secret, form)


def turned_away_from(blocked: services.Blocked):
    """The page on which somebody who is blocked reads why."""
    turned_away.remember(blocked.user_id)
    return redirect("/me/actions", 303)


@bp.post("/sign-in/code")
@never_cached
@by_address
def sign_in_with_code():
    form = SignInCodeForm()
    user_id, mark, until, name = session.get(HALF_WAY) or (0, "", 0, "")
    if not user_id or until < clock.now().timestamp():
        session.pop(HALF_WAY, None)
        flash(_("시간이 지났어요. 처음부터 다시 로그인해 주세요."))
        return redirect(url_for(".sign_in", next=local_path(form.next.data)))

    def sign_in():
        with attempts.guessing_code(f"code, {sessions.counted_as(name)}", user_id,
                                    lambda: services.tell_of_wrong_codes(user_id)):
            return services.sign_in_with_code(user_id, mark, form.code.data, device=this_device(),
                                              known=sessions.knows(name))

    def done(secret: str):
        sessions.remember(name)
        return welcome(secret, form)

    return handle(form, sign_in, lambda: render_template("accounts/code.html", form=form), done, checks=True)


@bp.post("/sign-out")
@never_cached
@login_required
def sign_out():
    if visitor().is_guest:
        once.end(by=visitor())
        message = _("모두 지웠어요. 참여해 주셔서 고마워요.")
    else:
        services.sign_out(visitor().session_key, by=visitor())
        message = _("로그아웃했어요.")
    end_session()
    return saved(message, "/", 302)


def sign_in_page(form, status=200, kept_now=None):
    """The page with the ways in."""
    by_passkey = SignInPasskeyForm(formdata=None, next=form.next.data, kept=form.kept.data)
    submission = kept_now or kept.unpack(form.kept.data)
    view, named = _asked_by(form.next.data, submission)
    is_read, view = hasattr(view, "leads_to"), current_app.view_functions.get(getattr(view, "leads_to", ""), view)
    once_for = getattr(view, "for_once", False)
    for_once = once_for(**named) if callable(once_for) else once_for
    why = getattr(view, "why_sign_in", None) if for_once or not is_read else None
    return render_template("accounts/sign_in.html", form=form, by_passkey=by_passkey, kept=submission, why=why,
                           for_once=for_once), status


def _asked_by(target: str | None, submission: kept.Kept | None) -> tuple[Callable | None, dict]:
    """The view for which somebody is to sign in, and what its address names: that which a form was sent to, or the next
    page."""
    path, method = (submission.path, "POST") if submission else (local_path(target), "GET")
    try:
        endpoint, named = current_app.url_map.bind("").match(urlsplit(path).path, method)
    except HTTPException:
        return None, {}
    return current_app.view_functions[endpoint], dict(named)


def once_page(target: str | None, kept_now: str | None, status: int = 200, lacks: bool = False, again: bool = False):
    """The page before a provider verifies somebody who takes part once; `lacks`: they agreed to nothing yet; `again`:
    they take part already."""
    return render_template("accounts/once.html", then=local_path(target, ""), kept=kept_now or "", lacks=lacks,
                           again=again), status


def welcome(secret: str, form, then: str | None = None):
    """Signed in: what they were sending if it was kept, else the page `then` or back to where they were."""
    start_session(secret)
    submission = kept.unpack(form.kept.data)
    if submission and submission.owner in (None, visitor().id):
        if then:
            flash(_("가입했어요. 내 동과 주민 확인은 ‘내 정보’에서 이어서 할 수 있어요."), "success")
        return resume_page(submission, goes_on=submission.goes_on)
    return redirect(then or local_path(form.next.data))


def resume_page(submission, status=200, goes_on=False):
    return render_template(
        "accounts/resume.html", kept=submission, form=ButtonForm(formdata=None), goes_on=goes_on), status


@login.unauthorized_handler
def ask_to_sign_in():
    """For a page of people who are signed in."""
    if request.method in ("GET", "HEAD") and not error_pages.wants_json():
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    return _ask_a_stranger(401)


@bp.app_errorhandler(CSRFError)
def form_out_of_date(error):
    """The form was opened long ago, or its session has ended."""
    signed_in = visitor().is_authenticated
    submission = kept.of_request(visitor().id if signed_in else sessions.owner_of_ended())
    if submission and not request.form.get("csrf_token"):  # strangers' forms have none
        security_log.leave_out()
    security_log.note(security_log.Refused.TOKEN)
    if error_pages.wants_json() or request.path.startswith("/sign-in"):
        return error_pages.http_error(error)
    if signed_in:
        return resume_page(submission, 400) if submission else error_pages.http_error(error)
    return _ask_a_stranger(400) if submission else error_pages.http_error(error)


@bp.app_errorhandler(Denied)
def denied(refusal):
    """A stranger who was sending something may sign in and send it again; nobody does so at a kiosk."""
    if (request.method == "POST" and not visitor().is_authenticated and not error_pages.wants_json()
            and "way_out" not in g):
        return _ask_a_stranger(refusal.status)
    return error_pages.refused(refusal)


def _ask_a_stranger(status: int):
    if error_pages.wants_json():
        return error_pages.error_page(status)
    submission = kept.of_request(sessions.owner_of_ended())
    form = SignInForm(formdata=None, next=page_before(), kept=kept.pack(submission))
    return sign_in_page(form, status, kept_now=submission) if submission else sign_in_page(form, status)


def page_before() -> str:
    """The page of ours on which the form was."""
    before = urlsplit(request.headers.get("Referer", ""))
    return local_path(before.path) if before.netloc == request.host else "/"


@bp.get("/sign-up")
@never_cached
def sign_up():
    if visitor().is_authenticated and not visitor().is_guest:
        return redirect("/me")
    target = local_path(request.args.get("next"), "/me")
    if once.proved_too_long_ago(visitor()):
        return _verify_again(target)
    return _sign_up_page(SignUpForm(next=target))


@bp.post("/sign-up")
@never_cached
@by_address
def sign_up_now():
    form = SignUpForm()
    if form.sign_in.data:  # back, with what was being sent
        return sign_in_page(SignInForm(formdata=None, next=local_path(form.next.data, "/me"), kept=form.kept.data))
    if getattr(visitor(), "is_guest", False):
        return _verify_again(form.next.data) if once.proved_too_long_ago(visitor()) else _stay(form)

    def done(secret):
        sessions.remember(form.name.data)
        return welcome(secret, form, url_for(".welcome", next=local_path(form.next.data, "/me")))

    return handle(form, lambda: services.sign_up(form.account(display().language), device=this_device()),
                  lambda: _sign_up_page(form),
                  done, checks=True)


def _verify_again(target: str | None):
    """The way back to signing up for somebody who takes part once and was verified too long ago."""
    return once_page(url_for(".sign_up", next=local_path(target, "/me")), "", again=True)


def _stay(form):
    """Somebody who takes part once makes an account of it."""

    def done(_made):
        sessions.remember(form.name.data)
        return saved(_("계정을 만들었어요. 지금까지 한 일은 그대로 있어요."), local_path(form.next.data, "/me"))

    def make():
        once.make_account(form.account(display().language), device=this_device(), session_id=sessions.session_id(),
                          by=visitor())

    return handle(form, make, lambda: _sign_up_page(form), done, checks=True)


@bp.get("/sign-up/under-14")
def under_14():
    return render_template("accounts/under_14.html")


def _sign_up_page(form):
    return render_template("accounts/sign_up.html", form=form, version=current(Document.COLLECTION).number)


@bp.get("/email-confirmations/<code>")
@never_cached
def email_confirmation(code):
    works = queries.is_open(code, Purpose.CONFIRM_EMAIL, clock.now())
    return render_template("accounts/confirm_email.html", form=ButtonForm(), works=works), 200 if works else 404


@bp.post("/email-confirmations/<code>")
@never_cached
@by_address
def confirm_email(code):
    return attempt(lambda: codes.confirm_email(code),
                   lambda refusal: render_template("accounts/confirm_email.html", form=ButtonForm(), works=False,
                                                   reason=str(refusal)),
                   lambda _confirmed: saved(_("이메일 주소를 확인했어요."),
                                            "/me" if visitor().is_authenticated else url_for(".sign_in"), 302))


@bp.get("/forgotten-password")
@never_cached
def forgotten_password():
    return render_template("accounts/forgotten_password.html", form=ForgottenPasswordForm())


@bp.post("/forgotten-password")
@never_cached
@by_address
def ask_for_reset():
    form = ForgottenPasswordForm()
    if not form.validate():
        return render_template("accounts/forgotten_password.html", form=form), 422
    codes.ask_for_reset(form.who.data)
    return render_template("accounts/forgotten_password.html", form=form, asked=True)


@bp.get("/password-resets/<code>")
@never_cached
def password_reset(code):
    works = queries.is_open(code, Purpose.RESET_PASSWORD, clock.now())
    return _reset_page(NewPasswordForm(), 200 if works else 404, works)


@bp.post("/password-resets/<code>")
@never_cached
@by_address
def reset_password(code):
    form = NewPasswordForm()
    return handle(form, lambda: codes.reset_password(code, form.password.data), lambda: _reset_page(form),
                  lambda made: _done(), checks=True)


def _reset_page(form, status=200, works=True):
    return render_template("accounts/new_password.html", form=form, works=works), status


@bp.get("/reset-with-code")
@never_cached
def desk_reset():
    return render_template("accounts/reset_with_code.html", form=DeskCodeForm())


@bp.post("/reset-with-code")
@never_cached
@by_address
def reset_with_code():
    form = DeskCodeForm()

    def act():
        with attempts.guessing("desk-code", form.name.data, known=False):
            codes.reset_with_desk_code(form.name.data, form.code.data, form.password.data)

    return handle(form, act, lambda: render_template("accounts/reset_with_code.html", form=form),
                  lambda made: _done(), checks=True)


def _done():
    return saved(_("비밀번호를 새로 정했어요. 새 비밀번호로 로그인해 주세요."), url_for(".sign_in"), 302)
