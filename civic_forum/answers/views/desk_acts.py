"""Pages of acts of moderators and officials on a proposal besides writing: each has a short form."""

from flask import render_template, url_for

from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _l
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_user, visitor

from .. import policy, services
from ..forms import CarryingForm, CompletionForm, DepartmentForm, ReferralForm, ReturnForm, UndoReferralForm
from .acts import Act, any_of, carried_out
from .blueprint import desk
from .gate import for_staff, seen_case

ACTS = {
    "assignment": Act(
        DepartmentForm, policy.triage.may_assign,
        lambda at, form, by: services.assign(at, form.department_id, note=form.note.data or "", by=by),
        _l("맡을 부서 정하기"), _l("고른 부서가 답변해요. 전할 말은 공개되지 않아요."), _l("맡을 부서를 정했어요.")),
    "question": Act(
        DepartmentForm, policy.triage.may_ask_department,
        lambda at, form, by: services.ask_department(at, form.department_id, note=form.note.data or "", by=by),
        _l("다른 부서에 묻기"), _l("답변은 우리 부서가 하고, 물은 부서는 의견만 적어요."), _l("다른 부서에 물었어요.")),
    "return": Act(
        ReturnForm, policy.triage.may_return,
        lambda at, form, by: services.give_back(at, note=form.note.data or "", by=by),
        _l("돌려보내기"), _l("우리 부서 일이 아니거나 의견을 다 적었으면 돌려보내요. 적은 말은 공개되지 않아요."),
        _l("돌려보냈어요.")),
    "referral": Act(
        ReferralForm, policy.triage.may_refer,
        lambda at, form, by: services.refer(at, to=form.to.data or "", note=form.note.data or "",
                                            as_complaint=form.as_complaint, by=by),
        _l("민원이나 다른 기관으로 넘기기"), _l("넘긴 곳과 날짜, 알릴 말이 제안 화면에 나오고 답변 기한은 끝나요."),
        _l("넘겼어요. 제안한 사람에게 알려요.")),
    "referral-undo": Act(
        UndoReferralForm, policy.triage.may_undo_referral,
        lambda at, form, by: services.undo_referral(at, reason=form.reason.data or "", by=by),
        _l("넘긴 것 되돌리기"), _l("까닭이 제안 화면에 나와요. 답변 기한은 다시 가고, 넘겨 둔 날은 세지 않아요."),
        _l("되돌렸어요. 제안한 사람에게 알려요.")),
    "completion": Act(
        CompletionForm, policy.triage.may_ask_completion,
        lambda at, form, by: services.ask_completion(at, asked=form.asked.data or "", by=by),
        _l("보완 요청하기"),
        _l("제안한 사람이 답할 때까지 답변 기한이 멈춰요. 멈춘 것은 제안 화면에 보이고, 7일 안에 답이 없으면 한 번 더 알려요."),
        _l("보완을 요청했어요. 답이 오면 기한이 다시 가요.")),
    "carrying": Act(
        CarryingForm, policy.triage.may_carry_on,
        lambda at, form, by: services.carry_on(at, evidence=form.evidence.data or "", by=by),
        _l("실행 알리기"), _l("결정한 일을 시작했거나 마쳤다는 것을 처리 과정에 적어요."), _l("처리 과정에 적었어요.")),
}
KINDS = any_of(ACTS)


@desk.get(f"/<number>/<{KINDS}:act>")
@for_staff
def act_form(number: str, act: str):
    found, wanted = seen_case(number), ACTS[act]
    require(visitor(), wanted.predicate, found)
    return _page(found, wanted, wanted.form(formdata=None))


@desk.post(f"/<number>/<{KINDS}:act>")
@for_staff
@by_user
def carry_out(number: str, act: str):
    return carried_out(ACTS[act], seen_case(number), _page, url_for(".case", number=number))


def _page(found, wanted: Act, form: Form) -> str:
    return render_template("answers/act.html", p=found.proposal, act=wanted, form=form)
