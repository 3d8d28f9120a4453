"""Taking one's data along, and leaving."""

import io
import json
import zipfile
from collections.abc import Iterator

from flask import current_app, flash, redirect, render_template, stream_with_context
from flask_login import login_required

from civic_forum.accounts.personal_data import PERSONAL_DATA
from civic_forum.blocks.pages import handle
from civic_forum.platform import clock
from civic_forum.platform.i18n import _, local
from civic_forum.platform.web import by_address, never_cached, visitor

from .. import attempts
from ..forms.own import PasswordForm
from ..policy import own
from ..queries import users
from ..services import leaving
from .blueprint import bp
from .signed_in import end_session


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

    return handle(form, lambda: attempts.with_password(lambda: leaving.confirm_download(form.password.data,
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
        flash(_("탈퇴했어요. 개인정보를 모두 지웠어요."), "success")
        return redirect("/")

    return handle(form, lambda: attempts.with_password(lambda: leaving.leave(form.password.data, by=visitor())),
                  lambda: _leaving(form),
                  done, checks=True)


def _leaving(form: PasswordForm) -> str:
    return render_template("accounts/leaving.html", form=form, why_not=own.may_leave(visitor()))
