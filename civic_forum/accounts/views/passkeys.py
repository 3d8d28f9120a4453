"""One's passkeys; and signing in by one."""

from flask import current_app, flash, render_template, request, url_for
from flask_login import login_required

from civic_forum.blocks.pages import attempt, handle, saved
from civic_forum.platform import security_log
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.web import by_address, never_cached, sign_in_for, visitor

from .. import authenticators
from ..forms import ButtonForm, NewPasskeyForm, SignInForm, SignInPasskeyForm, SignUpForm
from ..operations import Wrong
from ..pages import bp
from ..queries import passkeys as queries
from ..rules import PASSKEYS_MOST
from ..services import passkeys as services
from ..services.entry import Blocked
from . import entry, sessions
from .sessions import session_id, this_device

bp.add_app_template_global(authenticators.why_none, "why_no_passkeys")


def _options(made: str):
    return current_app.response_class(made, mimetype="application/json")


@bp.post("/sign-in/passkey/challenges")
@never_cached
@by_address
def challenge_passkey():
    """For the script: what an authenticator is to sign, of whoever is signed in or of anybody."""
    user = visitor()
    return _options(services.options_to_prove(by=user) if user.is_authenticated else services.options_to_sign_in())


@bp.post("/sign-in/passkey")
@never_cached
@by_address
def sign_in_with_passkey():
    form = SignInPasskeyForm()

    def again(refusal):
        if isinstance(refusal, Wrong):
            security_log.note(security_log.Refused.SIGN_IN)
        page = SignInForm(formdata=None, next=form.next.data, kept=form.kept.data)
        page.refuse(refusal)
        return entry.sign_in_page(page)

    def done(entered: services.Entered):
        sessions.remember(entered.sign_in_name)
        return entry.welcome(entered.secret, form)

    try:
        return attempt(lambda: services.sign_in(form.passkey.answer, device=this_device(), knows=sessions.knows), again,
                       done, through=Blocked)
    except Blocked as blocked:
        return entry.turned_away_from(blocked)


@bp.post("/sign-up/passkey/challenges")
@never_cached
@by_address
def challenge_sign_up():
    """For the script: what an authenticator is to make for somebody whose form is filled in but for the password."""
    form = SignUpForm()
    del form.password
    if not form.validate():
        raise Refusal(_("적은 것을 확인해 주세요."))
    return _options(services.options_to_sign_up(form.name.data))


@bp.get("/me/passkeys")
@never_cached
@sign_in_for(_l("패스키를 만들려면 먼저 로그인해 주세요."))
@login_required
def own_passkeys():
    return _page(NewPasskeyForm(formdata=None, name=this_device()))


@bp.post("/me/passkeys/challenges")
@never_cached
@login_required
@by_address
def challenge_new_passkey():
    """For the script: what an authenticator is to make."""
    return _options(services.options_to_make(by=visitor()))


@bp.post("/me/passkeys")
@never_cached
@login_required
@by_address
def make_passkey():
    form = NewPasskeyForm()
    if form.passkey.name not in request.form:  # on its way a proof was asked for, which no answer outlives
        return handle(form, lambda: services.options_to_make(by=visitor()), lambda: _page(form),
                      lambda _now: _go_on(form))
    return handle(form, lambda: services.make(form.passkey.answer, form.name.data or "", session_id=session_id(),
                                              by=visitor()),
                  lambda: _page(form), lambda made: saved(_("패스키를 만들었어요. 다음부터 패스키로 로그인할 수 있어요."),
                                                          sessions.page_after(url_for(".own_passkeys"))), checks=True)


def _go_on(form: NewPasskeyForm) -> str:
    flash(_("확인했어요. 이제 단추를 누르면 패스키를 만들어요."))
    return _page(form)


@bp.post("/me/passkeys/<id:number>/removal")
@never_cached
@login_required
def remove_passkey(number):
    return attempt(lambda: services.remove(number, by=visitor()), lambda refusal: _page(
        NewPasskeyForm(formdata=None, name=this_device()), trouble=str(refusal)),
        lambda made: saved(_("패스키를 지웠어요."), url_for(".own_passkeys")))


def _page(form: NewPasskeyForm, trouble: str | None = None) -> str:
    return render_template("accounts/passkeys.html", form=form, user=visitor(), trouble=trouble, button=ButtonForm(),
                           passkeys=queries.of_user(visitor().id), most=PASSKEYS_MOST)
