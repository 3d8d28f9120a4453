"""Pages of acts of an author on an answer: each has a short form."""

from flask import render_template
from flask_login import login_required

from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _l
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_user, never_cached, visitor
from civic_forum.proposals import policy as proposal_policy
from civic_forum.proposals import queries as proposals

from .. import policy, queries, services, labels
from ..forms import FilingForm, ReplyForm, ReviewForm
from ..queries import cases
from .acts import Act, any_of, carried_out
from .blueprint import bp

ACTS = {
    "formal": Act(
        FilingForm, policy.author.may_file,
        lambda at, form, by: services.file(at, name=form.name.data or "", contact=form.contact.data or "", by=by),
        _l("정식 제안으로 내기"),
        labels.AUTHORS_ACT["formal"],
        _l("정식 제안으로 냈어요. 한 달 안에 답변을 받아요.")),
    "completion": Act(
        ReplyForm, policy.author.may_reply,
        lambda at, form, by: services.complete(at, reply=form.reply.data or "", by=by),
        _l("내용 보태기"), labels.AUTHORS_ACT["completion"],
        _l("내용을 보냈어요. 답변 기한이 다시 가요.")),
    "second-review": Act(
        ReviewForm, policy.author.may_ask_review,
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
