"""One's own account: what it says, its address, its password, its consents."""

from flask import flash, redirect, render_template, url_for
from flask_login import login_required

from civic_forum.blocks.extensions import ME
from civic_forum.blocks.pages import handle, saved
from civic_forum.district import queries as district
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_address, never_cached, visitor

from .. import attempts, labels
from ..documents import OPTIONAL, SHOWN, Document, path
from ..forms.entry import ButtonForm
from ..forms.own import ChangePasswordForm, EmailForm, ProfileForm
from ..queries import people, users
from ..services import codes, profile
from .blueprint import bp
from .signed_in import session_id


@bp.get("/me")
@never_cached
@login_required
def me():
    sections = ME.ask(visitor())
    return render_template("accounts/me.html", user=visitor(), affiliations=people.affiliations(visitor().id),
                           sections=sections, form=ButtonForm(), labels=labels)


@bp.get("/me/profile")
@never_cached
@login_required
def own_profile():
    return render_template("accounts/profile.html", form=ProfileForm.of(visitor(), district.neighbourhoods()))


@bp.post("/me/profile")
@never_cached
@login_required
def change_profile():
    form = ProfileForm.of(visitor(), district.neighbourhoods())
    return _changed(form, "accounts/profile.html", _("내 정보를 바꿨어요."),
                    lambda: profile.change_profile(form.profile(), by=visitor()))


@bp.get("/me/email")
@never_cached
@login_required
def own_email():
    return render_template("accounts/email.html", form=EmailForm(email=visitor().email), user=visitor())


@bp.post("/me/email")
@never_cached
@login_required
@by_address
def change_email():
    form = EmailForm()
    said = _("새 주소로 확인 편지를 보냈어요.") if form.email.data else _("전자우편 주소를 지웠어요.")
    return _changed(form, "accounts/email.html", said, lambda: attempts.with_password(lambda: profile.change_email(
        form.email.address, form.password.data, by=visitor())))


@bp.post("/me/email/confirmations")
@never_cached
@login_required
@by_address
def send_confirmation_again():
    try:
        codes.ask_for_confirmation(by=visitor())
        flash(_("확인 편지를 다시 보냈어요."), "success")
    except Refusal as refusal:
        flash(str(refusal), "error")
    return redirect(url_for(".me"))


@bp.get("/me/password")
@never_cached
@login_required
def own_password():
    return render_template("accounts/password.html", form=ChangePasswordForm())


@bp.post("/me/password")
@never_cached
@login_required
@by_address
def change_password():
    form = ChangePasswordForm()
    said = _("비밀번호를 바꿨어요. 다른 기기에서는 로그아웃됐어요.")
    return _changed(form, "accounts/password.html", said, lambda: attempts.with_password(
        lambda: profile.change_password(form.old.data, form.password.data, keep_session=session_id(), by=visitor())))


def _changed(form, template, said, change):
    """Carry out the change, or show the form again with its sentence and what was typed."""
    return handle(form, change, lambda: render_template(template, form=form, user=visitor()),
                  lambda _made: saved(said, url_for(".me"), 302), checks=True)


@bp.get("/me/consents")
@never_cached
@login_required
def own_consents():
    answers = users.consents_of(visitor())
    latest = {document: next((one for one in answers if one.document == document), None) for document in SHOWN}
    return render_template("accounts/consents.html", latest=latest, answers=answers, optional=OPTIONAL,
                           titles=labels.DOCUMENT, path=path, form=ButtonForm())


@bp.post("/me/consents/<any(news):document>/<any(given, withdrawn):answer>")
@never_cached
@login_required
def answer_consent(document, answer):
    profile.answer_consent(Document(document), given=answer == "given", by=visitor())
    flash(_("소식을 보내 드릴게요.") if answer == "given" else _("이제 소식을 보내지 않아요."), "success")
    return redirect(url_for(".own_consents"))
