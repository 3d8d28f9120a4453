"""Public pages of answers, and the forms of the author."""

from flask import flash, redirect, render_template, request
from flask_login import login_required

from civic_forum.blocks.listing import Link
from civic_forum.platform import clock
from civic_forum.platform.errors import Invalid
from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_user, never_cached, visitor
from civic_forum.proposals import policy as proposal_policy
from civic_forum.proposals import queries as proposals

from .. import labels, policy, queries, rules, services
from ..forms import FilingForm, ReplyForm, ReviewForm
from ..models import Answer
from ..pages import bp
from ..queries import cases
from ..queries import waiting as late_queries
from .desk import Act, any_of, carried_out


@bp.get("/answers/late")
def late():
    today, wanted = local(clock.now()).date(), late_queries.LATE.read(request.args)
    page = late_queries.late(wanted, today, request.args.get("after"))
    groups, chosen = late_queries.by_department(wanted, today), wanted["department"]
    chips = [Link(_("모든 부서"), wanted.address(department=None), chosen is None, sum(group[2] for group in groups)), *(
        Link(name or late_queries.UNDECIDED, wanted.address(department=department), chosen == department, number)
        for department, name, number in groups)]
    return render_template("answers/late.html", page=page, chips=chips, wanted=wanted,
                           days_late=lambda one: -rules.days_left(one.due_on, today),
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
    given = request.form.get("understood")
    if given not in ("yes", "no"):
        raise Invalid(_("이해했는지 골라 주세요."))
    services.judge(answer.id, understood=given == "yes", by=visitor())
    flash(_("의견을 받았어요. 고마워요."), "success")
    return redirect(f"/proposals/{answer.proposal.number}#understood-{answer.id}", 303)


def _readable(answer_id: int) -> Answer:
    """An answer to a proposal that this person may read. Raises NotFound."""
    answer = queries.answer(answer_id)
    if (proposal_policy.may_read(visitor(), answer.proposal)
            or proposal_policy.may_read_hidden(visitor(), answer.proposal)):
        raise proposals.missing()
    return answer


ACTS = {
    "formal": Act(
        FilingForm, policy.may_file,
        lambda at, form, by: services.file(at, name=form.name.data or "", contact=form.contact.data or "", by=by),
        _l("정식 제안으로 내기"),
        labels.AUTHORS_ACT["formal"],
        _l("정식 제안으로 냈어요. 한 달 안에 답변을 받아요.")),
    "completion": Act(
        ReplyForm, policy.may_reply,
        lambda at, form, by: services.complete(at, reply=form.reply.data or "", by=by),
        _l("내용 보태기"), labels.AUTHORS_ACT["completion"],
        _l("내용을 보냈어요. 답변 기한이 다시 가요.")),
    "second-review": Act(
        ReviewForm, policy.may_ask_review,
        lambda at, form, by: services.ask_review(at, reason=form.reason.data or "", by=by),
        _l("재심사 요청하기"), labels.AUTHORS_ACT["second-review"],
        _l("재심사를 요청했어요. 한 달 안에 다시 답변을 받아요.")),
}
KINDS = any_of(ACTS)


def _own(number: str) -> queries.AnswerCase:
    proposal = proposals.by_number(number)
    if proposal_policy.may_read(visitor(), proposal):
        raise proposals.missing()
    return queries.case(proposal)


@bp.get(f"/proposals/<number>/<{KINDS}:act>")
@never_cached
@login_required
def author_form(number: str, act: str):
    case, wanted = _own(number), ACTS[act]
    require(visitor(), wanted.predicate, case)
    return _page(case, wanted, wanted.form(formdata=None))


@bp.post(f"/proposals/<number>/<{KINDS}:act>")
@login_required
@by_user
def author_act(number: str, act: str):
    return carried_out(ACTS[act], _own(number), _page, f"/proposals/{number}#answers")


def _page(case: queries.AnswerCase, wanted: Act, form: Form) -> str:
    asked = None
    if wanted.form is ReplyForm and case.duty:
        asked = next((one.asked for one in cases.pauses_of(case.duty.id) if one.to_day is None), None)
    return render_template("answers/author.html", p=case.proposal, act=wanted, form=form, asked=asked)
