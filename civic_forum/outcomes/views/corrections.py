"""Correcting an outcome that everybody can read."""

from flask import current_app, flash, redirect, render_template, request, url_for

from civic_forum.blocks.pages import handle
from civic_forum.kernel.errors import Denied
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import require
from civic_forum.kernel.web import by_user, visitor

from .. import policy, services
from ..forms import CorrectionForm, filled
from ..models import Outcome
from ..queries import records, subjects
from .blueprint import desk
from .gate import for_officials


@desk.get("/<id:outcome_id>/correction")
@for_officials
def correction(outcome_id: int):
    outcome = records.public(outcome_id)
    require(visitor(), policy.RIGHTS.correct, outcome)
    return _page(outcome, CorrectionForm(formdata=None, data=filled(outcome)))


@desk.post("/<id:outcome_id>/correction")
@for_officials
@by_user
def correct(outcome_id: int):
    outcome, form = records.public(outcome_id), CorrectionForm()
    require(visitor(), policy.RIGHTS.correct, outcome)
    def done(made):
        if not current_app.config["ANSWERS_NEED_APPROVAL"]:
            return _published(outcome)
        flash(_("고친 결과를 저장했어요. 다른 담당자가 승인하면 공개돼요."), "success")
        return redirect(subjects.of(outcome).desk_url, 303)

    return handle(form, lambda: services.correct(outcome.id, form.part(), why=form.why.data or "",
                                                 seen=form.read_version, by=visitor()),
                  lambda: _page(outcome, form),
                  done, through=Denied)


@desk.post("/<id:outcome_id>/correction/approvals")
@for_officials
def approve_correction(outcome_id: int):
    return _published(services.approve_correction(outcome_id, seen=request.form.get("seen", ""), by=visitor()))


@desk.post("/<id:outcome_id>/correction/send-backs")
@for_officials
def send_back_correction(outcome_id: int):
    outcome = services.send_back_correction(outcome_id, by=visitor())
    flash(_("고치던 것을 지웠어요. 공개한 결과는 그대로예요."), "success")
    return redirect(subjects.of(outcome).desk_url, 303)


def _published(outcome: Outcome):
    flash(_("고친 결과를 공개했어요."), "success")
    return redirect(url_for("outcomes.show", outcome_id=outcome.id), 303)


def _page(outcome: Outcome, form: CorrectionForm) -> str:
    return render_template("outcomes/correction.html", outcome=outcome, form=form)
