"""Reviews: given out, passed on, written, handed in, and what each verdict makes of a project."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.budgets.models import ExclusionReason, ProjectKind
from civic_forum.budgets.rules import Calendar, Finding, Phase, PhaseParts, ProjectState, Verdict
from civic_forum.budgets.projects.models import EligibilityReview, Project, ProjectVersion
from civic_forum.budgets.parts import ProjectLimits
from civic_forum.budgets.process import PROCESS
from civic_forum.budgets.reviews import services as reviews
from civic_forum.journeys.models import JourneyEntry
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from tests.budgets import making
from tests.factories import MAY, saved
from tests.racing import at_once

from .opinions import eligible, eligible_if, not_eligible


SO_FAR = (Phase.COLLECTING, Phase.REVIEW)
LONG_REVIEW = (Phase.ADJUSTING, Phase.COMMITTEE)
"""Left out, they make the phase of reviews three weeks long."""


class Case:
    """A project in a round that is reviewed, its department and an official of it."""

    def __init__(self, town, *, phase=Phase.REVIEW, facts=(), **budget_round):
        self.department = town.department("공원녹지과")
        self.round = making.new_round(town, phase=phase, **budget_round)
        self.official = town.official(department=self.department)
        self.project = making.project(town, self.round, state=ProjectState.HANDED_IN, **dict(facts))

    def assigned(self) -> EligibilityReview:
        return reviews.assign(self.project.id, self.department.id, by=self.official)

    def handed_in(self, opinion, review=None, **facts):
        review = review or self.assigned()
        facts = {"version": review.version, "by": self.official, "project_version": self.now.version} | facts
        return reviews.hand_in(review.id, opinion, **facts)

    @property
    def now(self) -> Project:
        """As it stands after what pages and other threads did."""
        db.session.rollback()
        return db.session.get(Project, self.project.id, populate_existing=True)

    @property
    def steps(self) -> list[str]:
        return list(db.session.scalars(sa.select(JourneyEntry.step).filter_by(journey_id=self.project.journey_id)
                                       .order_by(JourneyEntry.id)))


def test_a_department_takes_a_project_and_has_its_days(town, at):
    at(MAY)
    case = Case(town, review_due_days=20, left_out=LONG_REVIEW)
    review = case.assigned()
    assert (review.assigned_at, review.due_at) == (MAY, MAY + timedelta(days=20))
    assert case.now.state is ProjectState.IN_REVIEW and case.now.department_id == case.department.id
    assert case.steps == ["project_in_review"]


def ends_of_review(budget_round):
    """The end of the phase of reviews: as the next one begins."""
    return {one.phase: one.starts_at for one in budget_round.phases}[Phase.ADJUSTING]


def due_of(review):
    db.session.rollback()
    return db.session.get(EligibilityReview, review.id, populate_existing=True).due_at


def test_no_review_is_due_behind_the_phase_in_which_it_is_made(town, at):
    at(MAY)
    case, moderator = Case(town, review_due_days=20), town.moderator()
    review = case.assigned()
    assert MAY < review.due_at < ends_of_review(case.round) < MAY + timedelta(days=20)
    at(MAY + timedelta(days=2))
    passed = reviews.pass_on(review.id, town.department("도로과").id, note="길에 관한 일이에요.", by=moderator)
    assert passed.due_at == review.due_at
    asked = reviews.ask_opinion(case.project.id, town.department("안전도시과").id, note="안전한가요?", by=moderator)
    assert asked.due_at == review.due_at


def test_reviews_that_are_open_follow_the_calendar_and_the_days_of_their_round(town, at):
    at(MAY)
    case, moderator = Case(town, review_due_days=20), town.moderator()
    review = case.assigned()
    ended = making.project(town, case.round, state=ProjectState.HANDED_IN)
    done = case.handed_in(eligible(), reviews.assign(ended.id, case.department.id, by=case.official), project_version=1)
    was = done.due_at
    longer = Calendar(tuple(PhaseParts(one.phase, one.starts_at + timedelta(days=30 * (one.phase not in SO_FAR)),
                                    one.ends_at and one.ends_at + timedelta(days=30)) for one in case.round.phases))
    version = PROCESS.write(case.round.id, longer, version=case.round.version, by=moderator).version
    assert due_of(review) == MAY + timedelta(days=20) and due_of(done) == was
    version = PROCESS.write(case.round.id, ProjectLimits(100_000_000, (), (), 12, 7), version=version,
                           by=moderator).version
    assert due_of(review) == MAY + timedelta(days=12)
    shorter = Calendar(tuple(PhaseParts(one.phase, one.starts_at, MAY + timedelta(days=3) if one.phase is Phase.REVIEW
                                     else one.ends_at) for one in longer.phases))
    PROCESS.write(case.round.id, shorter, version=version, by=moderator)
    assert due_of(review) == MAY + timedelta(days=3) - timedelta(microseconds=1)


def test_a_moderator_gives_it_to_any_department_an_official_only_to_their_own(town):
    case, other = Case(town), town.department("교통행정과")
    with pytest.raises(Denied):
        reviews.assign(case.project.id, other.id, by=case.official)
    for by in (town.resident(), town.clerk(), town.administrator(), case.project.author):
        with pytest.raises(Denied):
            reviews.assign(case.project.id, other.id, by=by)
    assert reviews.assign(case.project.id, other.id, by=town.moderator()).department_id == other.id


def test_an_unknown_department_is_refused(town):
    with pytest.raises(Refusal) as refused:
        reviews.assign(Case(town).project.id, 10**6, by=town.moderator())
    assert refused.value.field == "department"


@pytest.mark.parametrize(("opinion", "state"), [
    (eligible(), ProjectState.ELIGIBLE), (eligible_if(), ProjectState.ELIGIBLE_IF),
    (not_eligible(), ProjectState.NOT_ELIGIBLE)])
def test_each_verdict_brings_the_project_into_its_state(town, opinion, state):
    case = Case(town)
    review = case.handed_in(opinion)
    assert case.now.state is state and review.ended_by_id == case.official.id
    [trail] = db.session.scalars(sa.select(AuditEntry).filter_by(action="budgets.review_handed_in"))
    assert trail.details == {"project": case.project.id, "verdict": opinion.verdict.value}
    assert case.steps == ["project_in_review", f"project_{state.value}"]


@pytest.mark.both
def test_a_review_keeps_all_that_was_written_and_its_sum(town):
    review = Case(town).handed_in(eligible_if(conflicts="옆 골목에 의자가 두 개 있어요."))
    found = db.session.get(EligibilityReview, review.id, populate_existing=True)
    assert (found.cost, found.cost_parts) == (10_000_000, [["의자 세 개", 7_000_000], ["설치", 3_000_000]])
    assert (found.legal, found.technical, found.verdict) == (Finding.WITH_CONDITIONS, Finding.FINE, Verdict.ELIGIBLE_IF)
    assert found.running_cost == 200_000 and found.conflicts == "옆 골목에 의자가 두 개 있어요."


@pytest.mark.both
def test_the_project_costs_what_the_department_reckoned(town):
    case = Case(town)
    case.handed_in(eligible(cost_parts=(("의자", 12_000_000),)))
    assert (case.now.cost, case.now.proposed_cost, case.now.version) == (12_000_000, 10_000_000, 2)
    kept = db.session.scalars(sa.select(ProjectVersion).filter_by(project_id=case.project.id, number=2)).one()
    assert (kept.cost, kept.department_id) == (12_000_000, case.department.id)


def test_a_project_that_is_not_eligible_keeps_its_cost_and_may_lie_over_the_cap(town):
    case = Case(town, project_cap=20_000_000)
    case.handed_in(not_eligible(cost_parts=(("지하 주차장", 900_000_000),)))
    assert (case.now.cost, case.now.version) == (10_000_000, 1)


@pytest.mark.both
def test_over_the_lower_cap_a_project_is_not_eligible(town):
    case = Case(town, project_cap=50_000_000)
    kind = saved(ProjectKind(round_id=case.round.id, position=1, name="행사성 사업", cap=20_000_000))
    case.project.kind_id = kind.id
    db.session.commit()
    review = case.assigned()
    with pytest.raises(Refusal, match="2,000만 원") as refused:
        case.handed_in(eligible(cost_parts=(("무대", 20_000_001),)), review)
    assert refused.value.field == "cost_parts" and case.now.state is ProjectState.IN_REVIEW
    assert db.session.get(EligibilityReview, review.id, populate_existing=True).version == 1
    case.handed_in(eligible(cost_parts=(("무대", 20_000_000),)), review)
    assert case.now.cost == 20_000_000


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("facts", "field"), [
    ({"legal": None}, "legal"), ({"technical": None}, "technical"), ({"text": "짧음"}, "text"),
    ({"verdict": None}, "verdict"), ({"cost_parts": ()}, "cost_parts"), ({"cost_parts": (("무료", 0),)}, "cost_parts"),
    ({"verdict": Verdict.ELIGIBLE_IF}, "condition"), ({"verdict": Verdict.NOT_ELIGIBLE}, "reason"),
    ({"technical": Finding.NOT_POSSIBLE}, "verdict"), ({"text": "가" * 2_001}, "text"),
    ({"cost_parts": (("줄", 1),) * 21}, "cost_parts"), ({"cost_parts": (("", 5),)}, "cost_parts"),
    ({"running_cost": -1}, "running_cost"), ({"legal_text": "주민등록번호 900101-1234568"}, "legal_text"),
])
def test_gaps_of_a_review_are_named_and_nothing_is_kept(town, facts, field):
    case = Case(town)
    review = case.assigned()
    with pytest.raises(Refusal) as refused:
        case.handed_in(eligible(**facts), review)
    assert refused.value.field == field
    found = db.session.get(EligibilityReview, review.id, populate_existing=True)
    assert found.ended_at is None and found.version == 1 and case.now.state is ProjectState.IN_REVIEW


def test_a_round_that_lists_reasons_wants_one_of_them_named(town):
    case, other = Case(town), making.new_round(town)
    mine, strange = (saved(ExclusionReason(round_id=one.id, position=1, name="사유지")) for one in (case.round, other))
    review = case.assigned()
    for reason_id in (None, strange.id, 10**6):
        with pytest.raises(Refusal) as refused:
            case.handed_in(not_eligible(reason_id=reason_id), review)
        assert refused.value.field == "reason_id"
    assert case.handed_in(not_eligible(reason_id=mine.id), review).reason_id == mine.id


def test_a_draft_may_lack_anything_and_is_no_state_of_the_project(town):
    case = Case(town)
    review = case.assigned()
    reviews.save(review.id, eligible(verdict=None, text=""), version=1, by=case.official)
    assert case.now.state is ProjectState.IN_REVIEW and case.steps == ["project_in_review"]
    assert db.session.get(EligibilityReview, review.id, populate_existing=True).version == 2


def test_two_of_a_department_do_not_overwrite_each_other(town):
    case = Case(town)
    review, colleague = case.assigned(), town.official(department=case.department)
    reviews.save(review.id, eligible(text="먼저 적은 의견이에요."), version=1, by=case.official)
    with pytest.raises(Conflict):
        reviews.save(review.id, eligible(text="나중에 적은 의견이에요."), version=1, by=colleague)


def test_a_review_that_was_handed_in_is_not_written_again(town):
    case = Case(town)
    review = case.handed_in(eligible())
    for act in (lambda: reviews.save(review.id, eligible(), version=review.version, by=case.official),
                lambda: case.handed_in(not_eligible(), review),
                lambda: reviews.pass_on(review.id, town.department().id, note="그쪽 일이에요.", by=case.official)):
        with pytest.raises(Denied):
            act()


def test_a_review_of_a_text_that_was_changed_since_is_refused(town):
    case = Case(town)
    review = case.assigned()
    with pytest.raises(Conflict):
        case.handed_in(eligible(), review, project_version=7)
    assert db.session.get(EligibilityReview, review.id, populate_existing=True).version == 1


def test_a_review_is_passed_on_with_a_word_and_new_days(town):
    case, other = Case(town), town.department("교통행정과")
    review = case.assigned()
    with pytest.raises(Refusal):
        reviews.pass_on(review.id, other.id, note="", by=case.official)
    with pytest.raises(Refusal):
        reviews.pass_on(review.id, case.department.id, note="우리가 맡아요.", by=case.official)
    with pytest.raises(Denied):
        reviews.pass_on(review.id, other.id, note="길에 관한 일이에요.", by=town.official(department=other))
    passed = reviews.pass_on(review.id, other.id, note="길에 관한 일이에요.", by=case.official)
    assert db.session.get(EligibilityReview, review.id, populate_existing=True).taken_back_at is not None
    assert case.now.department_id == other.id and passed.assigned_note == "길에 관한 일이에요."
    with pytest.raises(Denied):
        case.handed_in(eligible(), review)
    reviews.hand_in(passed.id, eligible(), version=1, project_version=1, by=town.official(department=other))
    assert case.steps == ["project_in_review", "project_passed_on", "project_eligible"]


def test_a_second_opinion_is_public_and_does_not_decide(town):
    case, other = Case(town), town.department("교통행정과")
    case.assigned()
    with pytest.raises(Refusal):
        reviews.ask_opinion(case.project.id, case.department.id, note="어떻게 보나요?", by=case.official)
    asked = reviews.ask_opinion(case.project.id, other.id, note="차가 다니나요?", by=case.official)
    reviews.hand_in(asked.id, not_eligible(cost_parts=()), version=1, project_version=1,
                    by=town.official(department=other))
    assert case.now.state is ProjectState.IN_REVIEW and case.now.department_id == case.department.id
    assert case.steps == ["project_in_review", "project_opinion"]


def test_once_it_is_decided_no_opinion_is_waited_for(town, browse):
    case, other = Case(town), town.department("교통행정과")
    review = case.assigned()
    asked = reviews.ask_opinion(case.project.id, other.id, note="차가 다니나요?", by=case.official)
    assert "교통행정과의 의견을 아직 기다려요" in browse(case.official).get(f"/desk/reviews/{review.id}").text
    case.handed_in(not_eligible(), review)
    advisor = town.official(department=other)
    with pytest.raises(Denied):
        reviews.hand_in(asked.id, eligible(), version=1, project_version=1, by=advisor)
    assert f"/desk/reviews/{asked.id}" not in browse(advisor).get("/desk/reviews").text


def test_a_department_is_asked_once_at_a_time(town):
    case, other = Case(town), town.department("교통행정과")
    case.assigned()
    reviews.ask_opinion(case.project.id, other.id, note="차가 다니나요?", by=case.official)
    with pytest.raises(Conflict):
        reviews.ask_opinion(case.project.id, other.id, note="차가 다니나요?", by=case.official)


def test_a_condition_that_is_met_is_said_by_the_department(town):
    case = Case(town)
    case.handed_in(eligible_if())
    for by in (town.moderator(), town.official(), case.project.author):
        with pytest.raises(Denied):
            reviews.say_met(case.project.id, note="동의서를 받았어요.", by=by)
    reviews.say_met(case.project.id, note="동의서를 받았어요.", by=case.official)
    assert case.now.state is ProjectState.ELIGIBLE and case.steps[-1] == "project_eligible"
    with pytest.raises(Denied):
        reviews.say_met(case.project.id, note="동의서를 받았어요.", by=case.official)


def test_after_a_review_only_a_moderator_gives_it_out_anew_and_says_why(town):
    case, moderator = Case(town), town.moderator()
    case.handed_in(not_eligible())
    with pytest.raises(Denied):
        reviews.assign(case.project.id, case.department.id, note="다시 볼게요.", by=case.official)
    with pytest.raises(Refusal):
        reviews.assign(case.project.id, case.department.id, by=moderator)
    again = reviews.assign(case.project.id, case.department.id, note="다른 사업과 헷갈렸어요.", by=moderator)
    case.handed_in(eligible(), again)
    assert case.now.state is ProjectState.ELIGIBLE


def test_of_two_officials_who_hand_in_at_once_one_is_heard(town, app):
    case = Case(town)
    review, colleague = case.assigned().id, town.official(department=case.department).id
    people = [case.official.id, colleague]
    db.session.rollback()
    answers = at_once(app, 2, lambda n: reviews.hand_in(
        review, (eligible, not_eligible)[n](), version=1, project_version=1,
        by=db.session.get(User, people[n])).verdict)
    assert sum(isinstance(one, Refusal) for one in answers) == 1
    heard = next(one for one in answers if not isinstance(one, Refusal))
    assert case.now.state.value == heard.value
    assert len([step for step in case.steps if step in ("project_eligible", "project_not_eligible")]) == 1


@pytest.mark.both
def test_of_many_who_give_it_out_at_once_one_is_heard(town, app):
    case, moderator = Case(town), town.moderator().id
    departments = [town.department(f"{n}과").id for n in range(4)]
    project_id = case.project.id
    db.session.rollback()
    answers = at_once(app, 4, lambda n: reviews.assign(
        project_id, departments[n], by=db.session.get(User, moderator)).id)
    assert sum(isinstance(one, Refusal) for one in answers) == 3
    assert db.session.scalar(sa.select(sa.func.count(EligibilityReview.id))) == 1
