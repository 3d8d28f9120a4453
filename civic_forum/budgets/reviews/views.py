"""Reviews at the desk: what waits for whom, giving out, writing, handing in, second looks."""

from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from civic_forum.blocks.pages import attempt, saved
from civic_forum.blocks.several import act_on_several
from civic_forum.district.queries import category_names
from civic_forum.platform import clock, filters, plain_text
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _, _l, _n, day, local
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_user, shown_to, visitor

from .. import labels
from .. import queries as interests
from ..pages import desk
from ..policy import is_moderator, may_decide
from ..projects import rules as project_rules
from ..projects.models import EligibilityReview, Project
from ..projects.operations import address
from ..committee import queries as committee
from . import policy, queries, rules, services
from .forms import ConditionForm, DepartmentForm, LookForm, ReviewForm
from .queries import Progress, ReviewFilter, ReviewList

LABELS = {ReviewList.REVIEWS: _l("검토할 사업"), ReviewList.UNASSIGNED: _l("부서를 정할 사업"), ReviewList.CONDITIONS: _l("조건부 적격"),
          ReviewList.LOOKS: _l("재검토 요청")}
PROGRESS = {Progress.LATE: _l("기한이 지난 것"), Progress.BEGUN: _l("쓰고 있는 것"), Progress.UNTOUCHED: _l("아직 쓰지 않은 것")}
for_reviewers = shown_to(policy.may_see_reviews)


@desk.get("/reviews")
@for_reviewers
def reviews():
    shown = filters.one_of(ReviewList, request.args.get("show")) or ReviewList.REVIEWS
    rounds = queries.rounds_reviewed()
    wanted = _wanted({slug: round_id for round_id, slug, _title in rounds})
    told = {name: request.args[name] for name in ("round", "state") if request.args.get(name)}
    counts, now = queries.counts(visitor(), wanted), clock.now()
    tabs = [{"label": LABELS[tab], "url": url_for(".reviews", show=tab.value, round=told.get("round")),
             "current": tab is shown, "total": counts[tab]}
            for tab in ReviewList if tab is not ReviewList.LOOKS or is_moderator(visitor())]
    page = queries.waiting(shown, visitor(), request.args.get("after"), wanted=wanted)
    return render_template(
        "budgets/reviews/list.html", shown=shown, tabs=tabs, page=page, labels=labels, now=now,
        today=local(now).date(), local=local, is_cut=_is_cut,
        form=_one_department(formdata=None) if shown is ReviewList.UNASSIGNED else None,
        wanted=wanted, rounds=rounds, progress=PROGRESS, conditions=committee.reviews(
            project.id for project in page.items) if shown is ReviewList.CONDITIONS and page.items else {},
        after_url=page.after and url_for(".reviews", show=shown.value, after=page.after, **told))


def _wanted(known: dict[str, int]) -> ReviewFilter:
    """Raises Invalid for a filter that there is not."""
    slug = request.args.get("round")
    if slug and slug not in known:
        raise filters.unknown()
    return ReviewFilter(known.get(slug), filters.one_of(Progress, request.args.get("state")))


@desk.post("/reviews/assignments")
@for_reviewers
@by_user
def assign_several():
    """Give those that were ticked to one department."""
    department_id = _one_department().department_id
    return act_on_several(
        lambda project: services.assign(plain_text.number(project) or 0, department_id, by=visitor()),
        lambda done: _n("사업 %(num)s개를 검토할 부서를 정했어요.", "사업 %(num)s개를 검토할 부서를 정했어요.", done),
        url_for(".reviews", show="unassigned"), queries.codes)


def _one_department(**options) -> DepartmentForm:
    """Every department for moderators, one's own for officials."""
    return DepartmentForm(among=None if is_moderator(visitor()) else visitor().department_ids(), **options)


@desk.route("/reviews/projects/<id:project_id>/assignments", methods=["GET", "POST"])
@for_reviewers
@by_user
def assign_review(project_id: int):
    project = queries.project(project_id)
    form = _departments(DepartmentForm, project)
    if request.method != "POST":
        require(visitor(), policy.may_assign, project)
        return _assign_page(project, form)
    return _handle(
        form, lambda: services.assign(project_id, form.department_id, note=form.note.data or "", by=visitor()),
        lambda: _assign_page(queries.project(project_id), form),
        lambda made: saved(_("검토할 부서를 정했어요."), url_for(".review", review_id=made.id)
                           if policy.may_review(visitor(), made) is None else url_for(".reviews", show="unassigned")))


def _handle(form: Form, act: Callable[[], Any], again: Callable[[], str],
            done: Callable[[Any], ResponseReturnValue]) -> ResponseReturnValue:
    """As of blocks.pages; a refusal that nobody here can put right becomes a page of its own."""

    def refused(refusal: Refusal) -> str:
        if refusal.field is None and not isinstance(refusal, Conflict):
            raise refusal
        form.refuse(refusal)
        return again()

    return attempt(act, refused, done, through=(Denied, NotFound))


def _departments(kind, project: Project):
    """Every department for moderators, one's own for officials; the one that answers for it is chosen beforehand."""
    among = None if is_moderator(visitor()) else visitor().department_ids()
    if request.method == "POST":
        return kind(among=among)
    first = project.department_id or (min(among) if among and len(among) == 1 else "")
    return kind(among=among, formdata=None, data={"department": str(first)})


def _assign_page(project: Project, form) -> str:
    return render_template("budgets/reviews/assign.html", project=project, form=form, labels=labels,
                           anew=project.state in rules.REVIEWED, **_from_today(project))


def _from_today(project: Project) -> dict[str, object]:
    """Until when it would be reviewed if somebody gave it out now."""
    now, days = clock.now(), project.round.review_due_days
    due_at = rules.due(now, days, project.round.phases)
    return {"due_at": due_at, "days": days, "is_cut": rules.is_cut_short(now, due_at, days)}


def _is_cut(review: EligibilityReview) -> bool:
    return rules.is_cut_short(review.assigned_at, review.due_at, review.project.round.review_due_days)


@desk.route("/reviews/<id:review_id>", methods=["GET", "POST"])
@for_reviewers
@by_user
def review(review_id: int):
    review = queries.review(review_id)
    require(visitor(), policy.may_see_review, review)
    if request.method != "POST":
        return _review_page(review, ReviewForm.of(review))
    form, hands_in = ReviewForm(review), request.form.get("do") == "hand_in"

    def write() -> None:
        form.refuse_personal_numbers()
        if hands_in:
            services.hand_in(review_id, form.opinion(), version=form.read_version,
                             project_version=form.read_project_version, by=visitor())
        else:
            services.save(review_id, form.opinion(), version=form.read_version, by=visitor())

    def again(refusal: Refusal):
        form.refuse(refusal)
        stored = queries.review(review_id)
        if isinstance(refusal, Conflict):
            form.version.data, form.project_version.data = str(stored.version), str(stored.project.version)
        return _review_page(stored, form)

    done = _("검토를 냈어요. 이제 모두가 볼 수 있어요.") if hands_in else _("저장했어요. 우리 부서와 운영자만 볼 수 있어요.")
    return attempt(write, again, lambda _made: saved(done, url_for(".review", review_id=review_id)),
                   through=(Denied, NotFound))


def _review_page(review: EligibilityReview, form: ReviewForm) -> str:
    project, all_of_it = review.project, queries.of_project(review.project_id)
    owes = review.ended_at is not None and bool(visitor().department_ids())
    following, left = queries.next_for(visitor()) if owes else (None, 0)
    return render_template(
        "budgets/reviews/show.html", owes=owes, following=following, left=left, review=review, project=project,
        form=form, labels=labels, why_not=policy.may_review(visitor(), review) or _why_not_decide(project),
        may_pass_on=policy.may_pass_on(visitor(), review) is None,
        may_ask_opinion=policy.may_ask_opinion(visitor(), project) is None and not review.is_second_opinion,
        others=[other for other in all_of_it if other.id != review.id and other.ended_at],
        awaited=[] if review.is_second_opinion else [other for other in all_of_it
                                                     if other.is_second_opinion and not other.ended_at],
        local=local, category=category_names().get(project.category), now=clock.now(),
        today=local(clock.now()).date(), due_on=local(review.due_at).date(), is_cut=_is_cut(review),
        cap=project_rules.cap(project.round.project_cap, project.kind and project.kind.cap, project.envelope.amount))


def _why_not_decide(project: Project) -> str | None:
    return may_decide(visitor(), interests.proposers({project.envelope_id}))


@desk.route("/reviews/<id:review_id>/reassignments", methods=["GET", "POST"])
@for_reviewers
@by_user
def pass_on_review(review_id: int):
    review = queries.review(review_id)
    form = DepartmentForm() if request.method == "POST" else DepartmentForm(formdata=None)

    def page(now: EligibilityReview) -> str:
        return render_template("budgets/reviews/pass_on.html", review=now, project=now.project, form=form)

    if request.method != "POST":
        require(visitor(), policy.may_pass_on, review)
        return page(review)
    return _handle(
        form, lambda: services.pass_on(review_id, form.department_id, note=form.note.data or "", by=visitor()),
        lambda: page(queries.review(review_id)),
        lambda passed: saved(_("다른 부서로 넘겼어요. 기한은 오늘부터 다시 세어 %(day)s까지예요.", day=day(passed.due_at)),
                             url_for(".reviews")))


@desk.route("/reviews/projects/<id:project_id>/opinions", methods=["GET", "POST"])
@for_reviewers
@by_user
def ask_opinion(project_id: int):
    project = queries.project(project_id)
    form = DepartmentForm() if request.method == "POST" else DepartmentForm(formdata=None)
    if request.method != "POST":
        require(visitor(), policy.may_ask_opinion, project)
        return render_template("budgets/reviews/opinion.html", project=project, form=form)
    return _handle(
        form, lambda: services.ask_opinion(project_id, form.department_id, note=form.note.data or "", by=visitor()),
        lambda: render_template("budgets/reviews/opinion.html", project=queries.project(project_id), form=form),
        lambda _made: saved(_("의견을 물었어요. 내면 사업 화면에 함께 보여요."), url_for(".reviews")))


@desk.route("/reviews/projects/<id:project_id>/conditions", methods=["GET", "POST"])
@for_reviewers
@by_user
def say_met(project_id: int):
    project = queries.project(project_id)
    form = ConditionForm() if request.method == "POST" else ConditionForm(formdata=None)
    if request.method != "POST":
        require(visitor(), policy.may_say_met, project)
        require(visitor(), may_decide, interests.proposers({project.envelope_id}))
        return _condition_page(project, form)
    return _handle(form, lambda: services.say_met(project_id, note=form.note.data or "", by=visitor()),
                   lambda: _condition_page(queries.project(project_id), form),
                   lambda _made: saved(_("조건을 갖췄다고 알렸어요. 이제 적격이에요."), address(project)))


def _condition_page(project: Project, form) -> str:
    decided = next((review for review in queries.of_project(project.id)
                    if review.ended_at and not review.is_second_opinion), None)
    return render_template("budgets/reviews/condition.html", project=project, form=form, review=decided)


@desk.route("/reviews/second-looks/<id:look_id>", methods=["GET", "POST"])
@for_reviewers
@by_user
def second_look(look_id: int):
    look = queries.look(look_id)
    require(visitor(), policy.may_answer_look, look)
    require(visitor(), may_decide, interests.proposers({look.project.envelope_id}))
    form = _departments(LookForm, look.project)
    if request.method != "POST":
        return _look_page(look, form)

    def answer() -> None:
        if form.what.data == "grant":
            services.grant(look_id, form.department_id, answer=form.answer.data or "", by=visitor())
        elif form.what.data == "decline":
            services.decline(look_id, answer=form.answer.data or "", by=visitor())
        else:
            raise Refusal(_("하나를 골라 주세요."), field="what")

    return _handle(form, answer, lambda: _look_page(queries.look(look_id), form),
                   lambda _made: saved(_("재검토 요청에 답했어요."), url_for(".reviews", show="looks")))


def _look_page(look, form) -> str:
    reviews = [review for review in queries.of_project(look.project_id) if review.ended_at]
    return render_template("budgets/reviews/look.html", look=look, project=look.project, form=form, reviews=reviews,
                           labels=labels)
