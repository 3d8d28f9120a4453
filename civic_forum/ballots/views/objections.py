"""Objections to a vote: everybody reads them after the close, officials answer, some words are withheld."""

from flask import flash, redirect, render_template, request, url_for
from wtforms.fields import SelectChoice

from civic_forum.district import queries as district
from civic_forum.kernel import plain_text
from civic_forum.kernel.errors import NotFound, Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import require
from civic_forum.kernel.web import visitor

from .. import subjects
from ..forms.desk import AnswerForm, WithholdForm
from ..models import BallotBox
from ..policy.observers import may_answer, may_read_objections
from ..queries import objections as queries
from ..services import objections
from .blueprint import bp
from .desk import of_page, opened, shown_to, title

HERE = "/desk/votes/<box>/objections"


@bp.get(HERE, endpoint="objections")
@shown_to(may_read_objections)
def show(box: BallotBox):
    return _page(box)


@bp.post(f"{HERE}/<id:objection>/answers", endpoint="answer_objection")
@shown_to(may_read_objections)
def answer(box: BallotBox, objection: int):
    require(visitor(), may_answer)
    form = _answer_form(objection)
    department = plain_text.number(form.department.data)
    try:
        if not form.validate() or department is None:
            raise Refusal(_("어느 부서의 답변인지 골라 주세요."), field="department")
        objections.answer(box.id, objection, form.outcome.data or "", form.answer.data or "", department_id=department,
                          by=visitor())
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(box, answers={objection: form}), refusal.status
    told = _("답변했어요.") if box.closed_at else _("답변을 남겼어요. 투표가 끝나면 모두에게 보여요.")
    flash(told, "success")
    return redirect(url_for(".objections", box=box.id.hex(), _anchor=f"objection-{objection}"))


@bp.post(f"{HERE}/<id:objection>/withholdings", endpoint="withhold_objection")
@shown_to(may_read_objections)
def withhold(box: BallotBox, objection: int):
    form = _withhold_form(objection)
    form.validate()
    try:
        objections.withhold(box.id, objection, form.reason.data or "", by=visitor())
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(box, withholdings={objection: form}), refusal.status
    flash(_("글을 가렸어요. 이의가 있었다는 것과 가린 이유는 모두에게 보여요."), "success")
    return redirect(url_for(".objections", box=box.id.hex(), _anchor=f"objection-{objection}"))


@bp.post(f"{HERE}/<id:objection>/withholdings/end", endpoint="show_objection_again")
@shown_to(may_read_objections)
def show_again(box: BallotBox, objection: int):
    objections.show_again(box.id, objection, by=visitor())
    flash(_("글을 다시 보이게 했어요."), "success")
    return redirect(url_for(".objections", box=box.id.hex(), _anchor=f"objection-{objection}"))


@bp.get("/votes/<box>/objections", endpoint="public_objections")
def public(box: str):
    """After the close, for everybody."""
    found = opened(box)
    if found.closed_at is None:
        raise NotFound(_("투표 이의 제기는 투표가 끝난 뒤에 볼 수 있어요."))
    return render_template("ballots/objections_public.html", box=found, title=title(found), way=subjects.way(found),
                           objections=queries.public(found))


def _page(box: BallotBox, *, answers=None, withholdings=None):
    found = queries.of_box(box.id)
    if any(number not in {one.id for one in found} for number in {**(answers or {}), **(withholdings or {})}):
        raise NotFound(_("그런 이의가 없어요. 목록을 새로 열어 확인해 주세요."))
    return render_template(
        "ballots/objections.html", why_not_answered=may_answer(visitor()),
        objections=[(one, (answers or {}).get(one.id) or _answer_form(one.id, one),
                     (withholdings or {}).get(one.id) or _withhold_form(one.id, fresh=True)) for one in found],
        **of_page(box, "objections"))


def _answer_form(number: int, objection=None) -> AnswerForm:
    """Of one objection out of several on the page; filled with the answer there is."""
    given = {"formdata": None, "data": {"outcome": objection.outcome, "answer": objection.answer}} if objection else {}
    form = AnswerForm(prefix=f"answer{number}", **given)
    mine = visitor().department_ids()
    places = [SelectChoice(str(one.id), one.name) for one in district.departments() if one.id in mine]
    form.department.choices = places if len(places) == 1 else [SelectChoice("", _("부서를 골라 주세요")), *places]
    return form


def _withhold_form(number: int, *, fresh: bool = False) -> WithholdForm:
    return WithholdForm(prefix=f"withhold{number}", **({"formdata": None} if fresh else {"formdata": request.form}))
