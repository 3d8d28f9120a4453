"""The page that asks once more who is at the device, and then goes on with what was asked, as it was typed."""

from flask import redirect, render_template, request
from flask_login import login_required

from civic_forum.blocks.pages import handle
from civic_forum.platform import error_pages, security_log
from civic_forum.platform.addresses import local_path
from civic_forum.platform.errors import Denied, ProofNeeded, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_address, never_cached, visitor

from .. import attempts, proofs
from ..forms import ProofForm
from ..pages import bp
from ..queries import providers
from . import kept
from .entry import page_before

_SECRET = ("csrf_token", "password", "passkey", "secret", "code", "proof_")
"""Parts of names of fields that are typed again, or stand in the form already."""


@bp.app_errorhandler(ProofNeeded)
def ask_for_proof(needed):
    security_log.leave_out()
    if error_pages.wants_json():
        return error_pages.refused(Denied(_("비밀번호를 다시 확인해야 해요. 화면을 새로 열고 다시 해 주세요.")))
    return _page(ProofForm(formdata=None, proof_target=local_path(request.full_path.rstrip("?")),
                           proof_only="1" if needed.passkey else "")), Denied.status


@bp.post("/sign-in/proof")
@never_cached
@login_required
@by_address
def prove():
    form = ProofForm()

    def proved():
        try:
            attempts.with_password(lambda: proofs.prove(form.shown, form.proof_code.data, by=visitor()))
        except Refusal as wrong:
            wrong.field = wrong.field and f"proof_{wrong.field}"
            raise

    def go_on(_proved):
        """The browser sends the form once more, to where it was first sent."""
        return redirect(local_path(form.proof_target.data), 307)

    return handle(form, proved, lambda: _page(form), go_on, checks=True)


def _page(form: ProofForm) -> str:
    typed = [(name, value) for name, value in request.form.items(multi=True)
             if not any(word in name for word in _SECRET)]
    proving = [] if form.proof_only.data else providers.proving(visitor().id)
    return render_template("accounts/proof.html", form=form, typed=typed, user=visitor(), proving=proving,
                           before=page_before(), waits=kept.pack(kept.of_request(visitor().id)) if proving else "",
                           had_files=any(file.filename for file in request.files.values()))
