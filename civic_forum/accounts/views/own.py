"""One's own account: address, password, mobile number, consents, leaving, documents."""

import io
import json
import zipfile
from collections.abc import Iterator

from flask import abort, current_app, flash, redirect, render_template, request, stream_with_context, url_for
from flask_login import login_required

from civic_forum.blocks.extensions import ME
from civic_forum.blocks.pages import handle, saved
from civic_forum.district import queries as district
from civic_forum.platform import clock, keys, rich_text, settings
from civic_forum.platform.addresses import local_path
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, _l, language, local
from civic_forum.platform.web import by_address, count_in_hours, never_cached, sign_in_for, visitor

from .. import attempts, documents, labels
from .. import policy as own
from ..documents import Document, REQUIRED, current, path
from ..forms import ButtonForm, ChangePasswordForm, EmailForm, MobileCodeForm, PasswordForm, ProfileForm
from ..pages import bp
from ..personal_data import PERSONAL_DATA
from ..queries import people, users
from ..rules import CODES_A_DAY, MAILS_AN_HOUR
from ..services import codes, leaving, profile
from .sessions import end_session, session_id


LAST = 100
"""Place of what has none on one's own page."""


@bp.get("/me")
@never_cached
@login_required
def me():
    sections = sorted(ME.ask(visitor()), key=lambda section: section.get("place", LAST))
    return render_template("accounts/me.html", user=visitor(), affiliations=people.affiliations(visitor().id),
                           acts=people.acts_lately(visitor()), form=ButtonForm(), labels=labels,
                           did=[section for section in sections if "items" in section],
                           links=[section for section in sections if "items" not in section])


@bp.get("/welcome")
@never_cached
@login_required
def welcome():
    """Steps that somebody new may take, and need not: the same stand on /me until then."""
    return render_template("accounts/welcome.html", then=local_path(request.args.get("next"), "/me"))


@bp.get("/me/profile")
@never_cached
@login_required
def own_profile():
    return render_template("accounts/profile.html", form=ProfileForm.of(visitor(), district.neighbourhoods(), _then()))


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
    return render_template("accounts/email.html", form=EmailForm(email=visitor().email, next=_then()), user=visitor())


@bp.post("/me/email")
@never_cached
@login_required
@by_address
def change_email():
    form = EmailForm()
    message = _("새 주소로 확인 편지를 보냈어요.") if form.email.data else _("이메일 주소를 지웠어요.")
    return _changed(form, "accounts/email.html", message, lambda: attempts.with_password(lambda: profile.change_email(
        form.email.address, form.shown, by=visitor())))


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
    message = _("비밀번호를 바꿨어요. 다른 기기에서는 로그아웃됐어요.")
    return _changed(form, "accounts/password.html", message, lambda: attempts.with_password(
        lambda: profile.change_password(form.shown, form.password.data, keep_session=session_id(), by=visitor())))


def _then() -> str | None:
    return local_path(request.args.get("next"), "") or None


def _changed(form, template, message, change):
    """Carry out the change, or show the form again with its sentence and what was typed."""
    return handle(form, change, lambda: render_template(template, form=form, user=visitor()),
                  lambda _made: saved(message, local_path("next" in form and form.next.data or None, "/me"), 302),
                  checks=True)


@bp.get("/me/consents")
@never_cached
@login_required
def own_consents():
    answers = users.consents_of(visitor())
    latest = {document: next((consent for consent in answers if consent.document == document), None)
              for document in REQUIRED}
    return render_template("accounts/consents.html", latest=latest, titles=labels.DOCUMENT, path=path, current=current)


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
        codes.ask_for_code(by=visitor())
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
        codes.confirm(form.code.data, by=visitor())

    def done(made):
        attempts.forget("mobile-code", str(visitor().id))
        return saved(_("휴대전화 번호를 확인했어요."), url_for(".own_mobile"))

    return handle(form, act, lambda: _page(form), done, checks=True)


def _page(form: MobileCodeForm):
    return render_template("accounts/mobile.html", form=form, button=ButtonForm(), user=visitor())


@bp.get("/me/download")
@never_cached
@login_required
def own_data():
    return render_template("accounts/download.html", form=PasswordForm())


@bp.post("/me/download")
@never_cached
@login_required
@by_address
def download_own_data():
    form = PasswordForm()

    def done(made):
        answer = current_app.response_class(stream_with_context(_archive(visitor().id)), mimetype="application/zip")
        answer.headers.set("Content-Disposition", "attachment", filename=f"my-data-{local(clock.now()):%Y-%m-%d}.zip")
        return answer

    return handle(form, lambda: attempts.with_password(lambda: leaving.confirm_download(form.shown,
                                                                                        by=visitor())),
                  lambda: render_template("accounts/download.html", form=form),
                  done, checks=True)


class _Pipe(io.RawIOBase):
    """Buffer of the archive until it is handed on."""

    def __init__(self):
        self.written = []

    def writable(self):
        return True

    def write(self, data):
        self.written.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        data, self.written = b"".join(self.written), []
        return data


def _archive(user_id: int) -> Iterator[bytes]:
    """A zip with one JSON file for each feature that keeps something about this user.

    Written while the answer is on its way: what was read before a part went out is no longer bound to a session.
    """
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(PERSONAL_DATA.items()):
            kept = data.collect(users.by_id(user_id))
            archive.writestr(f"{name}.json", json.dumps(kept, ensure_ascii=False, indent=2, default=str))
            yield pipe.taken()
    yield pipe.taken()


@bp.get("/me/leaving")
@never_cached
@sign_in_for(_l("탈퇴하려면 먼저 로그인해 주세요."))
@login_required
def leaving_page():
    return _leaving(PasswordForm())


@bp.post("/me/leaving")
@never_cached
@login_required
@by_address
def leave():
    form = PasswordForm()

    def done(made):
        end_session()
        return saved(_("탈퇴했어요. 개인정보를 모두 지웠어요."), "/", 302)

    return handle(form, lambda: attempts.with_password(lambda: leaving.leave(form.shown, by=visitor())),
                  lambda: _leaving(form),
                  done, checks=True)


def _leaving(form: PasswordForm) -> str:
    return render_template("accounts/leaving.html", form=form, why_not=own.may_leave(visitor()))


@bp.get("/terms", defaults={"document": "terms"})
@bp.get("/privacy", defaults={"document": "privacy"})
@bp.get("/consents/<any(collection):document>")
@bp.get("/<any(terms, privacy):document>/<number>")
@bp.get("/consents/<any(collection):document>/<number>")
def document(document, number=None):
    kind = Document(document)
    version = documents.version(kind, number) if number else documents.current(kind)
    editions = documents.editions(kind, users.first_day())
    own_text = version and version.texts and (version.texts.get(language()) or version.texts["ko"])
    if version is None or version.number not in editions and not _has_agreed(kind, version.number):
        abort(404)
    return render_template("accounts/document.html", document=kind, title=labels.DOCUMENT[kind], number=version.number,
                           path=documents.path, editions=editions, is_current=version == documents.current(kind),
                           own=own_text and rich_text.paragraphs(own_text),
                           text=f"accounts/documents/{kind}/{version.number}.html", settings=settings.values())


def _has_agreed(kind: Document, number: str) -> bool:
    """True where the reader agreed to this version."""
    return visitor().is_authenticated and any(
        (consent.document, consent.version) == (kind, number) for consent in users.consents_of(visitor()))
