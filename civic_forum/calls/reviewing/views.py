"""Pages on which applications are sent to departments, and on which these answer."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from civic_forum.blocks import questions
from civic_forum.blocks.pages import handle, saved
from civic_forum.district import queries as district
from civic_forum.platform import plain_text
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _, _n
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_user, shown_to, visitor

from .. import queries as calls
from .. import rules
from ..applying.queries import files_of
from ..judging.forms import NOT_PASSED, PASSED
from ..judging.policy import may_handle, may_judge
from ..judging.queries import sheet_of
from ..judging.operations import refuse_applicants
from ..judging.views import WITHOUT_SEAL, held, trail
from ..models import Call
from ..views.blueprint import desk
from . import forms, queries, services
from .policy import may_review


@desk.route("/<slug>/reviews", methods=["GET", "POST"])
@shown_to(may_handle)
@by_user
def reviews(slug: str) -> ResponseReturnValue:
    """Departments that were asked, and the form that asks more."""
    call, form = held(slug), forms.SendForm()
    form.prepare(call)
    if request.method != "POST":
        form.number.data = plain_text.clean(request.args.get("number", ""))
        return _reviews(call, form)
    return handle(form, lambda: services.send(
        slug, form.departments.data or (), form.due_on.needed, theme=form.theme.data or "",
        number=form.number.data or "", by=visitor()), lambda: _reviews(call, form), lambda sent: saved(
        _n("신청 %(num)s건을 보냈어요.", "신청 %(num)s건을 보냈어요.", sent), url_for(".reviews", slug=slug)), through=NotFound)


def _reviews(call: Call, form: forms.SendForm) -> str:
    return render_template("calls/reviews.html", call=call, trail=trail(call), form=form,
                           progress=queries.progress(call.id), names=district.department_names(),
                           why_not=may_judge(visitor(), call))


@desk.post("/<slug>/reviews/withdrawal")
@shown_to(may_handle)
@by_user
def take_back_review(slug: str) -> ResponseReturnValue:
    services.take_back(slug, plain_text.number(request.form.get("department", "")) or 0, by=visitor())
    return saved(_("거뒀어요. 이미 답한 것은 남아요."), url_for(".reviews", slug=slug))


@desk.route("/<slug>/reviews/<number>", methods=["GET", "POST"])
@shown_to(may_review)
@by_user
def review(slug: str, number: str) -> ResponseReturnValue:
    """An application before a department that it was sent to: its answers, and nothing of what others say."""
    call = calls.slugged(slug)
    sent = queries.sent(call, number, visitor().department_ids())
    require(visitor(), may_review, sent)
    refuse_applicants(visitor(), call)
    form: Any = forms.ReviewForm()
    if request.method != "POST":
        form.passed.data = None if sent.passed is None else PASSED if sent.passed else NOT_PASSED
        form.reason.data = sent.reason

    def page() -> str:
        rows, sheet = calls.questions_of(call), sheet_of(sent.application)
        return render_template(
            "calls/review_department.html", call=call, record=sent.application, sent=sent, form=form,
            most=rules.REASON_MOST, answers=questions.answers(sheet, rows, WITHOUT_SEAL) if sheet else [],
            files=files_of(sheet, rows) if sheet else {})

    return page() if request.method != "POST" else handle(
        form, lambda: services.note(slug, number, form.is_passed, form.reason.data or "", by=visitor()), page,
        lambda _made: saved(_("답했어요. 결과가 나오기 전에는 고칠 수 있어요."), "/desk"), through=NotFound)
