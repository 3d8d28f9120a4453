"""Evaluations at the desk."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from civic_forum.accounts.rules import Role
from civic_forum.blocks.pages import handle, saved
from civic_forum.platform import clock, plain_text
from civic_forum.platform.forms import ConfirmForm
from civic_forum.platform.i18n import _, today
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_user, shown_to, visitor

from .. import forms, labels, policy, queries, services
from ..forms import ChangeForm, EvaluationForm, OpenForm, RecommendationForm, ResultForm
from ..models import Evaluation
from ..policy import may_handle
from ..models import Recommendation
from ..services import RECOMMENDING, RELEASE, RESULT
from . import public
from .blueprint import desk

HOME = "/desk/evaluations"


def trail(evaluation: Evaluation | None = None) -> list[tuple[str, str]]:
    return [(_("업무 화면"), "/desk"), (_("이행 평가"), HOME), *(
        [(evaluation.title, f"{HOME}/{evaluation.slug}")] if evaluation else [])]


def _seen(slug: str) -> Evaluation:
    """Raises NotFound and Denied: before the opening its department alone sees it."""
    evaluation = queries.by_slug(slug)
    require(visitor(), may_handle, None if evaluation.opened_at else evaluation)
    return evaluation


@desk.get("")
@shown_to(may_handle)
def index() -> ResponseReturnValue:
    departments = None if visitor().has(Role.MODERATOR) else visitor().department_ids()
    return render_template("evaluations/desk_list.html", evaluations=queries.at_desk(departments), labels=labels,
                           trail=trail())


@desk.get("/<slug>")
@shown_to(may_handle)
def evaluation(slug: str) -> ResponseReturnValue:
    return _page(_seen(slug), OpenForm(formdata=None))


def _page(evaluation: Evaluation, form: OpenForm) -> str:
    facts = public.facts(evaluation)
    pending = RELEASE.pending(services.subject_of(evaluation))
    is_void = pending is None or RELEASE.why_void(pending, evaluation, clock.now()) is not None
    return render_template(
        "evaluations/desk_show.html", trail=trail(evaluation), pending=None if is_void else pending,
        here=f"{HOME}/{evaluation.slug}", form=_with_meetings(form, queries.meetings(evaluation)),
        why_not_prepare=policy.may_prepare(visitor(), evaluation),
        why_not_release=policy.may_release(visitor(), evaluation),
        may_recommend=policy.may_recommend(visitor(), evaluation) is None,
        waiting={vote.number: RESULT.pending(services.body_subject(vote)) for vote in facts["changes"]
                 if vote.decided_at is None and vote.voting is not None}, **facts,
        unconfirmed=[(made, act) for made, _duty in queries.recommendations(
            ~queries.CONFIRMED, Recommendation.evaluation_id == evaluation.id)
            if (act := RECOMMENDING.pending(services.body_subject(made)))])


def _with_meetings(form: OpenForm, meetings: Any) -> OpenForm:
    choices = {meeting.id: meeting.forum.title for meeting in meetings if meeting.has_begun}
    return forms.with_choices(form, "meeting", choices)


@desk.post("/<slug>/openings")
@shown_to(may_handle)
@by_user
def open_(slug: str) -> ResponseReturnValue:
    evaluation, form = _seen(slug), OpenForm()
    return handle(form, lambda: services.open_(slug, plain_text.number(form.meeting.data or ""), by=visitor()),
                  lambda: _page(evaluation, form),
                  lambda _made: saved(_("열었어요. 단원이 점수를 매길 수 있어요."), f"{HOME}/{slug}"))


@desk.post("/<slug>/releases")
@shown_to(may_handle)
@by_user
def release(slug: str) -> ResponseReturnValue:
    """Propose it, or confirm what somebody else proposed."""
    evaluation = _seen(slug)
    subject = services.subject_of(evaluation)
    act = RELEASE.pending(subject)
    if act is None or act.by_id == visitor().id or RELEASE.why_void(act, evaluation, clock.now()):
        RELEASE.propose(subject, by=visitor())
        return saved(_("다른 담당자가 확인하면 점수가 열려요."), f"{HOME}/{slug}")
    RELEASE.confirm(subject, by=visitor())
    return saved(_("점수를 열었어요."), f"{HOME}/{slug}")


@desk.post("/<slug>/changes/<id:number>/confirmations")
@shown_to(may_handle)
@by_user
def confirm_result(slug: str, number: int) -> ResponseReturnValue:
    vote = queries.change(_seen(slug).id, number)
    RESULT.confirm(services.body_subject(vote), seen=ConfirmForm().fingerprint, by=visitor())
    return saved(_("확인했어요. 모두에게 보여요."), f"{HOME}/{slug}")


@desk.post("/<slug>/recommendations/<id:number>/confirmations")
@shown_to(may_handle)
@by_user
def confirm_recommendation(slug: str, number: int) -> ResponseReturnValue:
    made = queries.numbered(_seen(slug).id, number)
    RECOMMENDING.confirm(services.body_subject(made), seen=ConfirmForm().fingerprint, by=visitor())
    return saved(_("확인했어요. 부서의 할 일에 올라가요."), f"{HOME}/{slug}")


# Pages of a form


def _form(evaluation: Evaluation | None, title: str, kind: Any, data: Mapping[str, object],
          act: Callable[[Any], Evaluation | Any], told: str, *, prepare: Callable[[Any], object] = lambda form: form,
          about: Any = None) -> ResponseReturnValue:
    """A page of one form; what it made leads to the page of the evaluation."""
    form = kind() if request.method == "POST" else kind(formdata=None, data={"version": 0, **data})
    prepare(form)
    page = partial(render_template, "evaluations/desk_form.html", form=form, title=title, trail=trail(evaluation),
                   about=about)
    if request.method != "POST":
        return page()
    return handle(form, lambda: act(form), page, lambda made: saved(
        told, f"{HOME}/{(evaluation or made).slug}"))


def _typed(form: Any) -> tuple[Any, list[tuple[str, int]], list[int]]:
    return form.part(), forms.criteria_of(form.criteria.data), forms.commitments_of(form.commitments.data)


@desk.route("/new", methods=["GET", "POST"])
@shown_to(may_handle)
@by_user
def new() -> ResponseReturnValue:
    return _form(None, _("새 평가 만들기"), EvaluationForm, {
        "department_id": str(min(visitor().department_ids(), default=""))},
        lambda form: services.make(*_typed(form), by=visitor()), _("만들었어요. 담당 부서만 볼 수 있어요."))


@desk.route("/<slug>/facts", methods=["GET", "POST"])
@shown_to(may_handle)
@by_user
def edit(slug: str) -> ResponseReturnValue:
    evaluation = _seen(slug)
    return _form(evaluation, _("평가 고치기"), EvaluationForm, forms.filled(evaluation, queries.items(evaluation.id)),
                 lambda form: services.edit(slug, *_typed(form), version=form.read_version, by=visitor()),
                 _("저장했어요."))


@desk.route("/<slug>/changes", methods=["GET", "POST"])
@shown_to(may_handle)
@by_user
def ask_change(slug: str) -> ResponseReturnValue:
    evaluation = _seen(slug)
    names = {item.commitment_id: item.commitment.title for item in queries.items(evaluation.id)}
    return _form(evaluation, _("바꾸는 일 묻기"), ChangeForm, {}, lambda form: services.ask_change(
        slug, plain_text.number(form.commitment.data or "") or 0, form.part(), by=visitor()), _("평가단에 물었어요."),
        prepare=lambda form: forms.with_choices(form, "commitment", names))


@desk.route("/<slug>/changes/<id:number>", methods=["GET", "POST"])
@shown_to(may_handle)
@by_user
def note_result(slug: str, number: int) -> ResponseReturnValue:
    evaluation = _seen(slug)
    vote = queries.change(evaluation.id, number)
    return _form(evaluation, _("표결 적기"), ResultForm, {"decided_on": today()}, lambda form: services.note_result(
        slug, number, form.part(), by=visitor()), _("적었어요. 다른 담당자가 확인하면 모두에게 보여요."), about=vote)


@desk.route("/<slug>/recommendations", methods=["GET", "POST"])
@shown_to(may_handle)
@by_user
def recommend(slug: str) -> ResponseReturnValue:
    return _form(_seen(slug), _("권고 적기"), RecommendationForm, {"made_on": today()}, lambda form: services.recommend(
        slug, form.part(), plain_text.number(form.department.data or "") or 0,
        forms.commitments_of(form.commitments.data), by=visitor()), _("적었어요. 다른 담당자가 확인하면 모두에게 보여요."),
        prepare=forms.office_choices)
