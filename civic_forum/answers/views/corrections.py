"""Correcting an answer that everybody can read."""

from flask import flash, redirect, render_template, request, url_for

from civic_forum.blocks.pages import handle
from civic_forum.kernel.errors import Denied
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import require
from civic_forum.kernel.web import by_user, visitor

from .. import queries, services
from ..forms import CorrectionForm, filled
from ..models import Answer
from ..policy.writing import RIGHTS
from .blueprint import desk
from .gate import for_staff


@desk.get("/corrections/<id:answer_id>")
@for_staff
def correction(answer_id: int):
    answer = queries.answer(answer_id)
    require(visitor(), RIGHTS.correct, answer)
    return _page(answer, CorrectionForm(formdata=None, data=filled(answer)))


@desk.post("/corrections/<id:answer_id>")
@for_staff
@by_user
def correct(answer_id: int):
    answer, form = queries.answer(answer_id), CorrectionForm()
    form.kind.data = answer.kind.value
    def act():
        form.refuse_personal_numbers()
        services.correct(answer.id, form.part(), why=form.why.data or "", seen=form.read_version, by=visitor())

    def done(made):
        flash(_("고친 답변을 저장했어요."), "success")
        return _back(answer)

    return handle(form, act, lambda: _page(answer, form), done, through=Denied)


@desk.post("/corrections/<id:answer_id>/approvals")
@for_staff
def approve_correction(answer_id: int):
    answer = services.approve_correction(queries.answer(answer_id).id, seen=request.form.get("seen", ""), by=visitor())
    flash(_("고친 답변을 공개했어요."), "success")
    return _back(answer)


@desk.post("/corrections/<id:answer_id>/send-backs")
@for_staff
def send_back_correction(answer_id: int):
    answer = services.send_back_correction(queries.answer(answer_id).id, by=visitor())
    flash(_("고치던 답변을 지웠어요. 공개한 답변은 그대로예요."), "success")
    return _back(answer)


def _page(answer: Answer, form: CorrectionForm) -> str:
    return render_template("answers/correction.html", answer=answer, p=answer.proposal, form=form)


def _back(answer: Answer):
    return redirect(url_for(".case", number=answer.proposal.number), 303)
