"""One's open sessions and the second factor."""

import io

import segno
from flask import abort, current_app, redirect, render_template, url_for
from flask_login import login_required

from civic_forum.blocks.pages import handle, saved
from civic_forum.platform import settings
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_address, never_cached, visitor

from .. import attempts, proofs, totp
from ..forms import ButtonForm, EndSecondFactorForm, PasswordForm, SecondFactorForm
from ..pages import bp
from ..services import entry as sessions
from ..services import profile as second_factor
from ..services import staff_acts
from .sessions import end_session, page_after, session_id
from ..queries import sessions as queries


@bp.post("/me/staff-acts/read")
@login_required
def read_staff_acts():
    staff_acts.read(by=visitor())
    return redirect(url_for(".me"), 303)


@bp.get("/me/sessions")
@never_cached
@login_required
def own_sessions():
    sessions = queries.of_user(visitor())
    return render_template("accounts/sessions.html", sessions=sessions, here=session_id(), form=ButtonForm(),
                           user=visitor())


@bp.post("/me/sessions/<id:number>/end")
@never_cached
@login_required
def end_own_session(number):
    sessions.end_session(number, by=visitor())
    if number == session_id():
        end_session()
        return redirect(url_for(".sign_in"))
    return saved(_("그 기기에서 로그아웃했어요."), url_for(".own_sessions"), 302)


@bp.post("/me/sessions/others/end")
@never_cached
@login_required
def end_other_sessions():
    sessions.end_other_sessions(keep=session_id(), by=visitor())
    return saved(_("다른 기기에서 모두 로그아웃했어요."), url_for(".own_sessions"), 302)


@bp.get("/me/second-factor")
@never_cached
@login_required
def own_second_factor():
    return _page()


@bp.post("/me/second-factor")
@never_cached
@login_required
@by_address
def begin_second_factor():
    form = PasswordForm()
    return handle(form, lambda: attempts.with_password(lambda: second_factor.begin(form.shown, by=visitor())),
                  lambda: _page(begin=form),
                  lambda made: redirect(url_for(".own_second_factor")), checks=True)


@bp.get("/me/second-factor/qr.svg")
@never_cached
@login_required
def second_factor_picture():
    user = visitor()
    if user.totp_confirmed_at or not user.totp_secret:
        abort(404)
    picture = io.BytesIO()
    segno.make(totp.address(user.totp_secret, user.sign_in_name, settings.in_english("SITE_NAME")), error="m").save(
        picture, kind="svg", scale=5, border=4, light="#ffffff", nl=False)
    return current_app.response_class(picture.getvalue(), mimetype="image/svg+xml")


@bp.post("/me/second-factor/confirmation")
@never_cached
@login_required
@by_address
def confirm_second_factor():
    form = SecondFactorForm()

    def act():
        attempts.count("code", str(visitor().id))
        second_factor.confirm(form.code.data, session_id=session_id(), by=visitor())

    def done(made):
        attempts.forget("code", str(visitor().id))
        return saved(_("2단계 인증을 켰어요. 다음부터 로그인할 때 앱의 숫자도 적어요."), page_after(url_for(".me")), 302)

    return handle(form, act, lambda: _page(confirm=form), done, checks=True)


@bp.post("/me/second-factor/end")
@never_cached
@login_required
@by_address
def turn_off_second_factor():
    form = EndSecondFactorForm()

    def end():
        attempts.with_password(lambda: proofs.prove(form.shown, form.code.data, by=visitor()))
        second_factor.turn_off(by=visitor())

    return handle(form, end, lambda: _page(end=form),
                  lambda made: saved(_("2단계 인증을 껐어요."), url_for(".me"), 302), checks=True)


def _page(begin=None, confirm=None, end=None):
    user = visitor()
    key = totp.readable(user.totp_secret) if user.totp_secret and not user.totp_confirmed_at else ""
    groups = [key[start:start + 4] for start in range(0, len(key), 4)]
    return render_template("accounts/second_factor.html", user=user, key=" ".join(groups),
                           shown=begin or confirm or end, begin=begin or PasswordForm(formdata=None),
                           confirm=confirm or SecondFactorForm(formdata=None),
                           end=end or EndSecondFactorForm(formdata=None))
