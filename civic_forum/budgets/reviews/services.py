"""Use-cases of reviews (적격성 검토) and of second looks (재검토 요청)."""

from civic_forum.accounts.models import User
from civic_forum.journeys import operations as journeys
from civic_forum.platform.errors import Conflict, NotFound, Refusal, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import check_lengths, words_given
from civic_forum.platform.work import Work, use_case

from ..events import ReviewHandedIn
from .. import queries as interests
from ..models import ExclusionReason
from ..policy import may_decide
from ..rules import ProjectState, Verdict
from ..projects import operations as project_steps
from ..projects import rules as project_rules
from ..projects.models import EligibilityReview, Project, SecondLook
from ..projects.operations import held, refuse_over
from . import labels, operations, policy, queries, rules
from .rules import Opinion

PLAIN = ("legal", "legal_text", "technical", "technical_text", "duration", "running_cost", "running_cost_text",
         "conflicts", "text", "verdict", "condition", "reason_id", "reason")


def assign(project_id: int, department_id: int, *, note: str = "", by: User) -> EligibilityReview:
    """Say which department reviews a project: the first time, or anew after a review ended.

    Raises Denied for an official who names a department of others, Refusal where it has to be said why.
    """
    with use_case(by) as work:
        _round, project = held(project_id)
        require(by, policy.may_assign, project)
        require(by, policy.may_assign_to, department_id)
        anew = project.state is not ProjectState.HANDED_IN
        note = words_given(note, rules.NOTE_LEAST if anew else 0, rules.NOTE_MOST, "note")
        review = operations.begin(work, project, department_id, note=note or None)
        work.record("budgets.review_assigned", review, project=project.id, department=department_id)
        return review


def pass_on(review_id: int, department_id: int, *, note: str, by: User) -> EligibilityReview:
    """Give it to another department, saying why; its time begins anew."""
    with use_case(by) as work:
        review = _held(review_id)
        require(by, policy.may_pass_on, review)
        note = words_given(note, rules.NOTE_LEAST, rules.NOTE_MOST, "note")
        if department_id == review.department_id:
            raise Refusal(_("지금 맡고 있는 부서예요. 다른 부서를 골라 주세요."), field="department")
        passed = operations.pass_on(work, review, department_id, note)
        work.record("budgets.review_passed_on", passed, project=review.project_id, department=department_id)
        return passed


def ask_opinion(project_id: int, department_id: int, *, note: str, by: User) -> EligibilityReview:
    """Ask another department for its opinion; it is public too, and does not decide."""
    with use_case(by) as work:
        _round, project = held(project_id)
        require(by, policy.may_ask_opinion, project)
        note = words_given(note, rules.NOTE_LEAST, rules.NOTE_MOST, "note")
        if department_id == project.department_id:
            raise Refusal(_("담당 부서가 아닌 부서를 골라 주세요."), field="department")
        review = operations.assign(work, project, department_id, note=note, second_opinion=True)
        work.record("budgets.opinion_asked", review, project=project.id, department=department_id)
        return review


def save(review_id: int, opinion: Opinion, *, version: int, by: User) -> EligibilityReview:
    """Keep it as a draft that its department sees. `version` is the one that was read.

    Raises Conflict when somebody of the department saved another since, Refusal for what is too long.
    """
    check(opinion)
    with use_case(by) as work:
        review = _held(review_id)
        require(by, policy.may_review, review)
        require(by, may_decide, interests.proposers({review.project.envelope_id}))
        _write(work, review, opinion, version)
        work.record("budgets.review_saved", review, version=review.version)
        return review


def hand_in(review_id: int, opinion: Opinion, *, version: int, project_version: int, by: User) -> EligibilityReview:
    """End it for everybody to read, and bring the project into the state that it says.

    `project_version` is what was judged: raises Conflict where the project was changed since, Refusal with the field
    for what is missing, and for a cost over the cap of a project that is to be eligible. The project costs from now on
    what the department reckoned; what it was handed in with stays in `proposed_cost`.
    """
    check(opinion)
    with use_case(by) as work:
        review = _held(review_id)
        require(by, policy.may_review, review)
        project = review.project
        require(by, may_decide, interests.proposers({project.envelope_id}))
        if project_version != project.version:
            raise Conflict(_("그 사이에 사업 내용이 바뀌었어요. 지금 내용을 읽고 다시 내 주세요."))
        _write(work, review, opinion, version)
        for field, lack in rules.lacks(opinion, has_reasons=bool(project.round.reasons)):
            raise Refusal(labels.LACK[lack], field=field)
        if opinion.verdict is not Verdict.NOT_ELIGIBLE and not review.is_second_opinion:
            refuse_over(opinion.cost, project.round, project.envelope, project.kind, field="cost_parts")
        review.ended_at, review.ended_by_id, review.project_version = work.at, by.id, project.version
        if review.is_second_opinion:
            _tell_opinion(work, review)
        else:
            _decide(work, review, opinion)
        work.record("budgets.review_handed_in", review, project=project.id, verdict=opinion.verdict.value)
        work.emit(ReviewHandedIn(review.id))
        return review


def check(opinion: Opinion) -> None:
    """Raises Refusal for what is too long, no money, or never to be published."""
    check_lengths(opinion, rules.LONGEST)
    if len(opinion.cost_parts) > rules.MOST_PARTS:
        raise Refusal(_("비용은 %(most)s줄까지 나눠 적을 수 있어요.", most=rules.MOST_PARTS), field="cost_parts")
    for what, won in opinion.cost_parts:
        words_given(what, 1, rules.PART_MOST, "cost_parts")
        if not 0 <= won <= project_rules.MOST_COST:
            raise Refusal(_("비용을 원 단위 숫자로 적어 주세요."), field="cost_parts")
    if opinion.running_cost is not None and not 0 <= opinion.running_cost <= project_rules.MOST_COST:
        raise Refusal(_("비용을 원 단위 숫자로 적어 주세요."), field="running_cost")


def _held(review_id: int) -> EligibilityReview:
    """The review with its round and project, locked in this order. Raises NotFound."""
    project_id = queries.project_of(review_id)
    _round, _project = held(project_id)
    return existing(queries.locked(review_id), lambda: NotFound(_("없는 검토예요. 목록에서 다시 찾아보세요.")))


def _write(work: Work, review: EligibilityReview, opinion: Opinion, version: int) -> None:
    if version != review.version:
        raise Conflict(_("그 사이에 같은 부서의 다른 담당자가 저장했어요. 지금 내용을 확인한 뒤 다시 저장해 주세요."))
    if opinion.reason_id is not None:
        listed = work.session.get(ExclusionReason, opinion.reason_id)
        if listed is None or listed.round_id != review.project.round_id:
            raise Refusal(_("목록에 있는 제외 사유를 골라 주세요."), field="reason_id")
    for name in PLAIN:
        setattr(review, name, getattr(opinion, name))
    review.cost, review.cost_parts = opinion.cost, [list(part) for part in opinion.cost_parts]
    review.version += 1
    work.session.flush()


def _decide(work: Work, review: EligibilityReview, opinion: Opinion) -> None:
    """Move the project; opinions that others still owe are asked for no more."""
    project = review.project
    work.session.flush()
    project_steps.take_back_reviews(work, project)
    if opinion.verdict is not Verdict.NOT_ELIGIBLE and opinion.cost != project.cost:
        project.cost = opinion.cost
        project_steps.keep_edit(work, project, note=_("적격성 검토에서 드는 돈을 다시 셈했어요."),
                                department_id=review.department_id)
        review.project_version = project.version
    evidence = {Verdict.ELIGIBLE: opinion.text, Verdict.ELIGIBLE_IF: opinion.condition,
                Verdict.NOT_ELIGIBLE: opinion.reason}[opinion.verdict]
    project_steps.move(work, project, rules.STATE_OF[opinion.verdict], evidence=evidence,
                       link=f"{project_steps.address(project)}#review-{review.id}")


def _tell_opinion(work: Work, review: EligibilityReview) -> None:
    if review.project.journey_id is not None:
        journeys.add(work.session, review.project.journey_id, "project_opinion", at=work.at,
                     evidence=review.department.name_ko,
                     link=f"{project_steps.address(review.project)}#review-{review.id}")


def say_met(project_id: int, *, note: str, by: User) -> Project:
    """The condition of its review is fulfilled: from now on it is simply eligible."""
    with use_case(by) as work:
        _round, project = held(project_id)
        require(by, policy.may_say_met, project)
        require(by, may_decide, interests.proposers({project.envelope_id}))
        note = words_given(note, rules.NOTE_LEAST, rules.NOTE_MOST, "note")
        project_steps.move(work, project, ProjectState.ELIGIBLE, evidence=note)
        work.record("budgets.condition_met", project)
        return project


def ask(project_id: int, *, text: str, by: User) -> SecondLook:
    """Say what the review overlooked; everybody reads it. Once for each review, within the days of the round."""
    text = words_given(text, rules.ASK_LEAST, rules.ASK_MOST, "text")
    with use_case(by) as work:
        _round, project = held(project_id)
        require(by, policy.may_ask_second_look, queries.looked(project))
        look = SecondLook(project_id=project.id, user_id=by.id, text=text, at=work.at)
        work.session.add(look)
        journeys.add(work.session, project.journey_id, "project_second_look", at=work.at)
        work.record("budgets.second_look_asked", look, project=project.id)
        return look


def grant(look_id: int, department_id: int, *, answer: str, by: User) -> EligibilityReview:
    """Have it reviewed again, by the same department or another one."""
    answer = words_given(answer, rules.ASK_LEAST, rules.ASK_MOST, "answer")
    with use_case(by) as work:
        look = _answered(work, look_id, answer, granted=True, by=by)
        review = operations.begin(work, look.project, department_id, note=_("재검토 요청을 받아들였어요."), look_id=look.id)
        work.record("budgets.second_look_granted", look, department=department_id)
        return review


def decline(look_id: int, *, answer: str, by: User) -> SecondLook:
    """The review stands; the answer says why."""
    answer = words_given(answer, rules.ASK_LEAST, rules.ASK_MOST, "answer")
    with use_case(by) as work:
        look = _answered(work, look_id, answer, granted=False, by=by)
        journeys.add(work.session, look.project.journey_id, "project_look_declined", at=work.at, evidence=answer[:300])
        work.record("budgets.second_look_declined", look)
        return look


def _answered(work: Work, look_id: int, answer: str, *, granted: bool, by: User) -> SecondLook:
    """The request with its answer, its round and project locked."""
    project_id = queries.project_of_look(look_id)
    held(project_id)
    look = existing(queries.locked_look(look_id), lambda: NotFound(_("없는 재검토 요청이에요. 목록에서 다시 찾아보세요.")))
    require(by, policy.may_answer_look, look)
    require(by, may_decide, interests.proposers({look.project.envelope_id}))
    look.is_granted, look.answer, look.answered_at, look.answered_by_id = granted, answer, work.at, by.id
    work.session.flush()
    return look
