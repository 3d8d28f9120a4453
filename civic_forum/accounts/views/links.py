"""Pages that letters and slips lead to: prove an address, set a new password. Only POST acts."""

from flask import flash, redirect, render_template, url_for

from civic_forum.blocks.pages import attempt, handle, saved
from civic_forum.platform import clock
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_address, never_cached, visitor

from .. import attempts
from ..forms.entry import ButtonForm, DeskCodeForm, ForgottenPasswordForm, NewPasswordForm
from ..queries import codes as queries
from ..rules import Purpose
from ..services import codes
from .blueprint import bp


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
                   lambda _confirmed: saved(_("전자우편 주소를 확인했어요."),
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
        attempts.count("desk-code", form.name.data)
        codes.reset_with_desk_code(form.name.data, form.code.data, form.password.data)

    def done(made):
        attempts.forget("desk-code", form.name.data)
        return _done()

    return handle(form, act, lambda: render_template("accounts/reset_with_code.html", form=form), done, checks=True)


def _done():
    flash(_("비밀번호를 새로 정했어요. 새 비밀번호로 로그인해 주세요."), "success")
    return redirect(url_for(".sign_in"))
