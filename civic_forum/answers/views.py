"""Pages of answers: for everybody and for authors, and at the desk."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template, request, url_for
from flask_login import login_required

from civic_forum.accounts.queries import users
from civic_forum.accounts.rules import Role
from civic_forum.blocks import kinds, sections
from civic_forum.blocks.approval_pages import ApprovalPages, Said, SendBackForm
from civic_forum.blocks.listing import Chosen, Given, Link
from civic_forum.blocks.pages import attempt, handle, saved
from civic_forum.blocks.several import act_on_several
from civic_forum.district import queries as district
from civic_forum.platform import clock, plain_text, rich_text, settings
from civic_forum.platform.errors import Denied, Invalid, Refusal
from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _, _l, _n, local
from civic_forum.platform.policy import can, require
from civic_forum.platform.waiting import Due
from civic_forum.platform.web import by_user, never_cached, visitor
from civic_forum.proposals import policy as proposal_policy
from civic_forum.proposals.queries import records as proposals

from . import labels, policy, rules
from .forms import (AnswerForm, CarryingForm, CompletionForm, CorrectionForm, DepartmentForm, FilingForm,
                    LaterCorrectionForm, LaterForm, ReferralForm, ReplyForm, ReturnForm, ReviewForm, UndoReferralForm,
                    WhyForm, filled, filled_later)
from .models import Answer, Duty, LaterAnswer
from .pages import bp, desk, duties, for_staff, seen_case, seen_duty
from .queries import desk as desk_queries
from .queries import records as queries
from .queries.records import AnswerCase
from .rules import Job, REMINDED_AFTER_DAYS
from .services import author, cases, later, texts


# Desk pages of answers: the queue, a case, and the acts on it


ALL = "all"


@desk.get("")
@for_staff
def queue():
    wanted, today = desk_queries.QUEUE.read(request.args), local(clock.now()).date()
    page = desk_queries.waiting(wanted, visitor(), today, request.args.get("after"))
    by_due, by_job = sections.kept(_counted, visitor().id, desk_queries.QUEUE.given(request.args), today)
    return render_template(
        "answers/queue.html", page=page, today=today, labels=labels, Job=Job, wanted=wanted,
        pickers=wanted.pickers("q", "sort"),
        dues=_links(wanted, "due", Due, by_due), jobs=_links(wanted, "job", Job, by_job),
        form=DepartmentForm(formdata=None) if visitor().has(Role.MODERATOR) else None,
        gives_out=any(item.job is Job.TRIAGE for item in page.items),
        without_clock=desk_queries.without_clock(visitor()) if wanted.values.keys() <= {"due", "job"} and all(
            choice == ALL for choice in wanted.values.values()) else [],
        after_url=page.after and wanted.address(after=page.after))


def _counted(user_id: int, parameters: Given, today: date) -> tuple[Mapping[Due, int], Mapping[Job, int]]:
    return desk_queries.counts(desk_queries.QUEUE.read(parameters), users.with_grants(user_id), today)


@desk.post("/assignments")
@for_staff
@by_user
def assign_several():
    """Give those that were ticked to one department."""
    form = DepartmentForm()
    department_id = form.department_id
    return act_on_several(
        lambda number: cases.assign(seen_case(number).proposal.id, department_id, note=form.note.data or "",
                                    by=visitor()),
        lambda done: _n("제안 %(num)s건을 맡을 부서를 정했어요.", "제안 %(num)s건을 맡을 부서를 정했어요.", done),
        url_for(".queue", job=Job.TRIAGE.value))


def _links(wanted: Chosen, key: str, kind: type[Due] | type[Job], totals: Mapping[Any, int]) -> list[Link]:
    """Links to what each choice leaves; one of them is everything."""
    chosen, names = wanted[key] or ALL, wanted.choices(key)
    return [Link(names[choice], wanted.address(**{key: None if choice == ALL else choice.value}), choice == chosen,
                 totals[choice], choice.value) for choice in kind]


@desk.get("/<number>")
@for_staff
def case(number: str):
    return _page(seen_case(number))


def _page(case: queries.AnswerCase, form: AnswerForm | None = None, preview: Answer | None = None,
          contact: tuple[str, str] | None = None, why: WhyForm | None = None, back: SendBackForm | None = None):
    viewer = visitor()
    sees_drafts = can(viewer, "answers.see_drafts", case)
    if form is None and can(viewer, "answers.write", case):
        ready = district.ready_texts().get(plain_text.number(request.args.get("ready")) or 0)
        form = AnswerForm(formdata=None, data=filled(case.draft) | ({"text": ready[1]} if ready else {}))
    draft = case.draft if sees_drafts else None
    unpublished = preview or draft
    back = back or SendBackForm.empty()
    back.seen.data = str(draft.version if draft else 0)
    return render_template(
        "answers/case.html", case=case, p=case.proposal, form=form, preview=preview, contact=contact, labels=labels,
        texts=district.ready_texts(), why=why or WhyForm(formdata=None, prefix="why"), draft=draft,
        rendered=rich_text.preview(unpublished.text) if unpublished else "",
        anew=back, sees_drafts=sees_drafts, today=local(clock.now()).date(),
        pauses=queries.pauses_of(case.duty.id) if case.duty else [],
        reminded_after=REMINDED_AFTER_DAYS, needs_approval=settings.value("ANSWERS_NEED_APPROVAL"))


@desk.post("/<number>/takings")
@for_staff
def take(number: str):
    cases.take(seen_case(number).proposal.id, by=visitor())
    return saved(_("우리 부서가 맡았어요."), url_for(".case", number=number))


@desk.post("/<number>/contact")
@for_staff
def contact(number: str):
    case, why = seen_case(number), WhyForm(prefix="why")
    return handle(why, lambda: cases.see_contact(case.proposal.id, reason=why.reason.data or "", by=visitor()),
                  lambda: _page(seen_case(number), why=why),
                  lambda seen: _page(seen_case(number), contact=seen), through=Denied)


APPROVAL = ApprovalPages(
    approval=texts.APPROVAL, find=seen_case, key=lambda case: case.proposal.id, page=_page, form=AnswerForm,
    preview=texts.preview, public=queries.answer, correction_form=CorrectionForm, filled=filled,
    correction_page=lambda answer, form: render_template("answers/correction.html", answer=answer, p=answer.proposal,
                                                         form=form),
    desk_url=lambda answer: f"/desk/answers/{answer.proposal.number}",
    published_url=lambda answer: f"/desk/answers/{answer.proposal.number}",
    said=Said(published=_l("답변을 공개했어요."), approved=_l("답변을 공개했어요."),
              correction_written=_l("고친 답변을 저장했어요."), corrected_at_once=_l("고친 답변을 저장했어요."),
              corrected=_l("고친 답변을 공개했어요."), gave_up=_l("고치던 답변을 지웠어요. 공개한 답변은 그대로예요.")))
APPROVAL.mount(desk, "/<number>", "/corrections/<id:answer_id>", for_staff)


@dataclass(frozen=True)
class Act:
    form: type[Form]
    predicate: Callable
    carry_out: Callable
    """(id of the proposal, form, who acts) → None"""
    title: object
    lead: object
    done: object


def any_of(acts: Iterable[str]) -> str:
    """The part of an address that is one of these."""
    return f"any({','.join(map(repr, acts))})"


def carried_out(act: Act, case: AnswerCase, page: Callable[[AnswerCase, Act, Form], str], back: str):
    """Do what was sent and go on to `back`; or show its form again with what is wrong with it."""
    form = act.form()

    def carry_out() -> None:
        form.refuse_personal_numbers()
        act.carry_out(case.proposal.id, form, visitor())

    def again(refusal: Refusal):
        form.refuse(refusal)
        return page(case, act, form)

    return attempt(carry_out, again, lambda _made: saved(str(act.done), back), through=Denied)


ACTS = {
    "assignment": Act(
        DepartmentForm, policy.may_assign,
        lambda at, form, by: cases.assign(at, form.department_id, note=form.note.data or "", by=by),
        _l("맡을 부서 정하기"), _l("고른 부서가 답변해요. 전할 말은 공개되지 않아요."), _l("맡을 부서를 정했어요.")),
    "question": Act(
        DepartmentForm, policy.may_ask_department,
        lambda at, form, by: cases.ask_department(at, form.department_id, note=form.note.data or "", by=by),
        _l("다른 부서에 묻기"), _l("답변은 우리 부서가 하고, 물은 부서는 의견만 적어요."), _l("다른 부서에 물었어요.")),
    "return": Act(
        ReturnForm, policy.may_return,
        lambda at, form, by: cases.give_back(at, note=form.note.data or "", by=by),
        _l("돌려보내기"), _l("우리 부서 일이 아니거나 의견을 다 적었으면 돌려보내요. 적은 말은 공개되지 않아요."),
        _l("돌려보냈어요.")),
    "referral": Act(
        ReferralForm, policy.may_refer,
        lambda at, form, by: cases.refer(at, to=form.to.data or "", note=form.note.data or "",
                                         as_complaint=form.as_complaint, by=by),
        _l("민원이나 다른 기관으로 넘기기"), _l("넘긴 곳과 날짜, 알릴 말이 제안 화면에 나오고 답변 기한은 끝나요."),
        _l("넘겼어요. 제안한 사람에게 알려요.")),
    "referral-undo": Act(
        UndoReferralForm, policy.may_undo_referral,
        lambda at, form, by: cases.undo_referral(at, reason=form.reason.data or "", by=by),
        _l("넘긴 것 되돌리기"), _l("이유가 제안 화면에 나와요. 답변 기한은 다시 가고, 넘겨 둔 날은 세지 않아요."),
        _l("되돌렸어요. 제안한 사람에게 알려요.")),
    "completion": Act(
        CompletionForm, policy.may_ask_completion,
        lambda at, form, by: cases.ask_completion(at, asked=form.asked.data or "", by=by),
        _l("보완 요청하기"),
        _l("제안한 사람이 답할 때까지 답변 기한이 멈춰요. 멈춘 것은 제안 화면에 보이고, 7일 안에 답이 없으면 한 번 더 알려요."),
        _l("보완을 요청했어요. 답이 오면 기한이 다시 가요.")),
    "carrying": Act(
        CarryingForm, policy.may_carry_on,
        lambda at, form, by: cases.carry_on(at, evidence=form.evidence.data or "", by=by),
        _l("실행 알리기"), _l("결정한 일을 시작했거나 마쳤다는 것을 처리 과정에 적어요."), _l("처리 과정에 적었어요.")),
}
KINDS = any_of(ACTS)


@desk.get(f"/<number>/<{KINDS}:act>")
@for_staff
def act_form(number: str, act: str):
    case, wanted = seen_case(number), ACTS[act]
    require(visitor(), wanted.predicate, case)
    lead = district.category(case.proposal.category).department_id if act == "assignment" else None
    return _act_page(case, wanted, wanted.form(formdata=None, department=lead))


@desk.post(f"/<number>/<{KINDS}:act>")
@for_staff
@by_user
def carry_out(number: str, act: str):
    return carried_out(ACTS[act], seen_case(number), _act_page, url_for(".case", number=number))


def _act_page(case, wanted: Act, form: Form) -> str:
    return render_template("answers/act.html", p=case.proposal, act=wanted, form=form)


# Duties about other things than proposals


@duties.get("/<id:duty_id>")
@for_staff
def show_duty(duty_id: int):
    return _duty_page(seen_duty(duty_id))


def _duty_page(duty: Duty, form: LaterForm | None = None, preview: LaterAnswer | None = None,
               back: SendBackForm | None = None, receiver: DepartmentForm | None = None):
    viewer, kind = visitor(), kinds.of(str(duty.about_kind))
    topic = kind.record(duty.about.id)
    draft = duty.draft if policy.is_of(viewer, duty.department_id) else None
    if form is None and can(viewer, "later_answers.write", duty):
        form = LaterForm(formdata=None, data=filled_later(draft))
    if receiver is None and can(viewer, "answers.pass_duty_on", duty):
        receiver = DepartmentForm(formdata=None)
    unpublished, back = preview or draft, back or SendBackForm.empty()
    back.seen.data = str(draft.version if draft else 0)
    title = _("가린 글") if getattr(topic, "hidden_at", None) else kind.title(topic)
    return render_template(
        "answers/duty.html", duty=duty, kind=kind, title=title, url=kind.url(topic), form=form, preview=preview,
        draft=draft, back=back, receiver=receiver, labels=labels, today=local(clock.now()).date(), anew=back,
        rendered=rich_text.preview(unpublished.text) if unpublished else "",
        has_outcome=queries.has_outcome(duty),
        needs_approval=settings.value("ANSWERS_NEED_APPROVAL") or can(viewer, "later_answers.sign_for", duty))


@duties.post("/<id:duty_id>/department")
@for_staff
@by_user
def pass_duty_on(duty_id: int):
    form = DepartmentForm()
    return handle(form, lambda: later.pass_on(duty_id, form.department_id, by=visitor()),
                  lambda: _duty_page(seen_duty(duty_id), receiver=form),
                  lambda _duty: saved(_("다른 부서로 넘겼어요. 답변할 날은 그대로예요."), "/desk/answers"), through=Denied)


LATER = ApprovalPages(
    approval=later.APPROVAL, find=seen_duty, key=lambda duty: duty.id, page=_duty_page, form=LaterForm,
    preview=later.preview, public=queries.later_answer, correction_form=LaterCorrectionForm, filled=filled_later,
    correction_page=lambda answer, form: render_template("answers/duty_correction.html", answer=answer, form=form),
    desk_url=lambda answer: f"/desk/answers/duties/{answer.duty_id}",
    published_url=lambda answer: kinds.url(answer.duty.about.kind, answer.duty.about.id), said=APPROVAL.said)
LATER.mount(duties, "/<id:duty_id>", "/corrections/<id:later_id>", for_staff)


# Public pages of answers, and the forms of the author


@bp.get("/answers/late")
def late():
    today, wanted = local(clock.now()).date(), queries.LATE.read(request.args)
    page = queries.late(wanted, today, request.args.get("after"))
    groups, chosen = queries.by_department(wanted, today), wanted["department"]
    chips = [Link(_("모든 부서"), wanted.address(department=None), chosen is None, sum(group[2] for group in groups)), *(
        Link(name or queries.UNDECIDED, wanted.address(department=department), chosen == department, number)
        for department, name, number in groups)]
    return render_template("answers/late.html", page=page, chips=chips, wanted=wanted,
                           kind_label=lambda name: kinds.of(name).label,
                           days_late=lambda duty: -rules.days_left(duty.due_on, today),
                           after_url=page.after and wanted.address(after=page.after))


@bp.get("/answers/<id:answer_id>/versions")
def versions(answer_id: int):
    answer = _readable(answer_id)
    return render_template("answers/versions.html", answer=answer, p=answer.proposal, labels=labels,
                           versions=queries.versions(answer.id))


@bp.post("/answers/<id:answer_id>/understandings")
@login_required
@by_user
def judge(answer_id: int):
    answer = _readable(answer_id)
    understood = request.form.get("understood")
    if understood not in ("yes", "no"):
        raise Invalid(_("이해했는지 골라 주세요."))
    author.judge(answer.id, understood=understood == "yes", by=visitor())
    return saved(_("의견을 받았어요. 고마워요."), f"/proposals/{answer.proposal.number}#understood-{answer.id}")


def _readable(answer_id: int) -> Answer:
    """An answer to a proposal that this person may read. Raises NotFound."""
    answer = queries.answer(answer_id)
    if (proposal_policy.may_read(visitor(), answer.proposal)
            or proposal_policy.may_read_hidden(visitor(), answer.proposal)):
        raise proposals.missing()
    return answer


AUTHOR_ACTS = {
    "formal": Act(
        FilingForm, policy.may_file,
        lambda at, form, by: author.file(at, name=form.name.data or "", contact=form.contact.data or "", by=by),
        _l("정식 제안으로 내기"),
        labels.AUTHORS_ACT["formal"],
        _l("정식 제안으로 냈어요. 한 달 안에 답변을 받아요.")),
    "completion": Act(
        ReplyForm, policy.may_reply, lambda at, form, by: author.complete(at, reply=form.reply.data or "", by=by),
        _l("내용 보태기"), labels.AUTHORS_ACT["completion"], _l("내용을 보냈어요. 답변 기한이 다시 가요.")),
    "second-review": Act(
        ReviewForm, policy.may_ask_review,
        lambda at, form, by: author.ask_review(at, reason=form.reason.data or "", by=by),
        _l("재심사 요청하기"), labels.AUTHORS_ACT["second-review"],
        _l("재심사를 요청했어요. 한 달 안에 다시 답변을 받아요.")),
}
AUTHOR_KINDS = any_of(AUTHOR_ACTS)


def _own(number: str) -> queries.AnswerCase:
    proposal = proposals.by_number(number)
    if proposal_policy.may_read(visitor(), proposal):
        raise proposals.missing()
    return queries.case(proposal)


@bp.get(f"/proposals/<number>/<{AUTHOR_KINDS}:act>")
@never_cached
@login_required
def author_form(number: str, act: str):
    case, wanted = _own(number), AUTHOR_ACTS[act]
    require(visitor(), wanted.predicate, case)
    return _author_page(case, wanted, wanted.form(formdata=None))


@bp.post(f"/proposals/<number>/<{AUTHOR_KINDS}:act>")
@login_required
@by_user
def author_act(number: str, act: str):
    return carried_out(AUTHOR_ACTS[act], _own(number), _author_page, f"/proposals/{number}#answers")


def _author_page(case: queries.AnswerCase, wanted: Act, form: Form) -> str:
    asked = None
    if wanted.form is ReplyForm and case.duty:
        asked = next((pause.asked for pause in queries.pauses_of(case.duty.id) if pause.to_day is None), None)
    return render_template("answers/author.html", p=case.proposal, act=wanted, form=form, asked=asked)
