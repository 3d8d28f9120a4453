"""Each permission at a budget round asked by the same cast, from its preparation to what is carried out."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask_login import AnonymousUserMixin

from civic_forum.ballots.models import BallotBox
from civic_forum.budgets.committee import policy as committee
from civic_forum.budgets.committee.models import CommitteeMember
from civic_forum.budgets.models import BudgetPhase, BudgetRound, Envelope
from civic_forum.budgets.policy import why_not_object
from civic_forum.budgets.rules import ORDER, Phase, ProjectState
from civic_forum.budgets.trials.models import BudgetTrial
from civic_forum.budgets.projects.models import EligibilityReview, Project
from civic_forum.budgets.projects.policy import may_place
from civic_forum.budgets.reviews.policy import may_assign_to
from civic_forum.budgets.counting.settings import Rule
from civic_forum.platform import clock, policy
from civic_forum.platform.base import db
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State
from tests.factories import MAY

WEEK = timedelta(days=7)
SECOND = timedelta(seconds=1)
MODERATORS = {"moderator", "own_moderator"}
DEPARTMENT = {"official", "own_official"}
OFFICE = MODERATORS | DEPARTMENT | {"other"}
STAFF = OFFICE | {"administrator"}


@pytest.fixture
def cast(town):
    """`official` and `own_official` are of the department that has it; `own_…` are other accounts of the proposer."""
    known = {"mobile": "01012345678"}
    return {"visitor": AnonymousUserMixin(), "user": town.user(), "resident": town.resident(),
            "proposer": town.resident(**known), "muted": town.resident(muted_until=clock.now() + WEEK),
            "moderator": town.moderator(), "own_moderator": town.moderator(), "official": town.official(),
            "own_official": town.official(), "other": town.official(department=town.department("공원녹지과")),
            "clerk": town.clerk(), "administrator": town.administrator()}


@pytest.fixture(autouse=True)
def same_person(cast):
    with db.session.no_autoflush:
        for name in ("own_moderator", "own_official"):
            cast[name].mobile = cast["proposer"].mobile
        yield
        db.session.rollback()


def who(cast, name, subject=None):
    return {one for one, actor in cast.items() if policy.can(actor, f"budgets.{name}", subject)}


def in_phase(phase, **facts):
    """A round that is announced, in this phase since a minute; each takes a week."""
    start = clock.now() - timedelta(minutes=1) - WEEK * ORDER.index(phase)
    phases = [BudgetPhase(phase=one, starts_at=start + WEEK * place) for place, one in enumerate(ORDER)]
    return BudgetRound(**{"announced_at": MAY, "phases": phases, "second_look_days": 7} | facts)


def project_in(cast, phase, state, **facts):
    [department_id] = cast["official"].department_ids()
    return Project(**{"round": in_phase(phase), "state": state, "author": cast["proposer"],
                      "author_id": cast["proposer"].id, "department_id": department_id} | facts)


def test_rights_to_prepare_a_round(cast):
    hidden, shown, opened = (in_phase(Phase.COLLECTING, **facts) for facts in (
        {"announced_at": None}, {}, {"opened_at": MAY}))
    assert who(cast, "read", hidden) == STAFF == who(cast, "see_desk")
    assert who(cast, "read", shown) == cast.keys()
    assert who(cast, "make") == who(cast, "reschedule", opened) == MODERATORS
    for name, may in (("announce", [hidden]), ("edit", [hidden, shown]),
                      ("notify", [shown, opened]), ("prepare_opening", [shown, opened])):
        assert [who(cast, name, one) for one in (hidden, shown, opened)] == [
            MODERATORS if one in may else set() for one in (hidden, shown, opened)], name


def test_boxes_are_made_until_all_are_open(cast):
    opened, waiting = Envelope(box=BallotBox(opened_at=MAY)), Envelope(box=BallotBox())
    assert who(cast, "prepare_opening", in_phase(Phase.VOTING, envelopes=[opened, waiting])) == MODERATORS
    assert not who(cast, "prepare_opening", in_phase(Phase.VOTING, envelopes=[Envelope(box=BallotBox(opened_at=MAY))]))


def test_objections_to_the_roll_are_taken_in_its_days():
    first, last = MAY, MAY + WEEK
    budget_round = BudgetRound(announced_at=MAY, roll_check_from=first, roll_check_to=last)
    moments = (first - SECOND, first, last - SECOND, last)
    assert [why_not_object(budget_round, at) is None for at in moments] == [False, True, True, False]
    assert why_not_object(BudgetRound(announced_at=MAY), MAY) is None
    for facts in ({"announced_at": None}, {"announced_at": MAY, "opened_at": MAY}):
        assert why_not_object(BudgetRound(**facts), MAY)


def test_rights_to_name_fix_and_sit_on_the_committee(cast):
    weighted = {"counting": {"rule": Rule.WEIGHTED}}
    for facts, names in (({}, {"name_committee", "fix_committee", "recommend"}), ({"counting": None}, set()),
                         ({"committee_fixed_at": MAY}, {"correct_committee"}), ({"opened_at": MAY}, set()),
                         ({"opened_at": MAY, "committee_fixed_at": MAY}, set()),
                         ({"counting": None, "committee_fixed_at": MAY}, set())):
        budget_round = in_phase(Phase.COMMITTEE, **weighted | facts)
        for name in ("name_committee", "fix_committee", "correct_committee"):
            assert who(cast, name, budget_round) == (MODERATORS if name in names else set()), (name, facts)
        member = CommitteeMember(user_id=cast["resident"].id)
        assert who(cast, "recommend", (budget_round, member)) == ({"resident"} if "recommend" in names else set())
        assert who(cast, "see_own_marks", (budget_round, member)) == {"resident"}
        assert not who(cast, "see_own_marks", (budget_round, None))
    assert not who(cast, "recommend", (in_phase(Phase.VOTING, **weighted), member))


def test_the_committee_had_its_phase_once_another_follows():
    over = [committee.is_over(in_phase(phase), clock.now()) for phase in ORDER]
    assert over == [place > ORDER.index(Phase.COMMITTEE) for place in range(len(ORDER))]
    assert not committee.is_over(BudgetRound(phases=[]), clock.now())


def test_rights_to_follow_the_council(cast):
    assert who(cast, "see_council_desk") == OFFICE
    council, over = in_phase(Phase.COUNCIL), in_phase(Phase.CARRIED_OUT)
    hidden = in_phase(Phase.COUNCIL, announced_at=None)
    assert who(cast, "enter_council", council) == who(cast, "enter_council", over) == OFFICE
    assert not who(cast, "enter_council", hidden) | who(cast, "correct_council", hidden)
    assert who(cast, "correct_council", council) == OFFICE
    assert not who(cast, "correct_council", over)
    for state in ProjectState:
        carried = who(cast, "carry_out", project_in(cast, Phase.CARRIED_OUT, state))
        begun = state in (ProjectState.IN_BUDGET, ProjectState.IN_PROGRESS)
        assert carried == (MODERATORS | DEPARTMENT if begun else set()), state
    nobodys = project_in(cast, Phase.CARRIED_OUT, ProjectState.IN_BUDGET, department_id=None)
    assert who(cast, "carry_out", nobodys) == MODERATORS


def test_rights_to_hand_projects_in(cast, app, monkeypatch):
    may = cast.keys() - {"visitor", "muted"}
    monkeypatch.setitem(app.config, "WHO_MAY_PROPOSE", "users")
    assert who(cast, "hand_in", in_phase(Phase.COLLECTING)) == may
    monkeypatch.setitem(app.config, "WHO_MAY_PROPOSE", "residents")
    assert who(cast, "hand_in", in_phase(Phase.COLLECTING)) == MODERATORS | {"resident", "proposer"}
    for facts in ({"opened_at": MAY}, {"announced_at": None}):
        assert not who(cast, "hand_in", in_phase(Phase.COLLECTING, **facts))
    assert not who(cast, "hand_in", in_phase(Phase.REVIEW))
    assert "로그인" in policy.why_not(cast["visitor"], "budgets.hand_in", in_phase(Phase.COLLECTING))


def test_rights_to_make_a_project_of_a_proposal(cast):
    known = {"author_id": cast["proposer"].id, "state": State.GATHERING, "published_at": MAY}
    assert who(cast, "make_project_of", Proposal(**known)) == MODERATORS | {"proposer"}
    for facts in ({"published_at": None}, {"hidden_at": MAY}, {"state": State.WITHDRAWN}):
        assert not who(cast, "make_project_of", Proposal(**known | facts)), facts
    assert who(cast, "make_project_of", Proposal(**known | {"author_id": cast["muted"].id})) == MODERATORS


def test_rights_to_read_and_comment_a_project(cast):
    shown, hidden = (project_in(cast, Phase.REVIEW, ProjectState.IN_REVIEW, hidden_at=at) for at in (None, MAY))
    assert who(cast, "read_project", shown) == who(cast, "read_hidden_project", shown) == cast.keys()
    assert who(cast, "read_hidden_project", hidden) == MODERATORS | {"proposer"}
    assert who(cast, "comment", shown) == cast.keys()
    closed = [project_in(cast, Phase.REVIEW, state) for state in (ProjectState.WITHDRAWN, ProjectState.MERGED)]
    assert not any(who(cast, "comment", one) for one in (hidden, *closed))


def test_rights_to_change_a_project(cast):
    by_office = MODERATORS | DEPARTMENT
    for phase, may in ((Phase.COLLECTING, {"proposer"}), (Phase.REVIEW, by_office),
                       (Phase.ADJUSTING, by_office | {"proposer"}), (Phase.VOTING, set())):
        project = project_in(cast, phase, ProjectState.IN_REVIEW)
        assert who(cast, "edit_project", project) == may, phase
        assert who(cast, "withdraw_project", project) == {"proposer"}
        assert who(cast, "merge_project", project) == MODERATORS
    project = project_in(cast, Phase.ADJUSTING, ProjectState.IN_REVIEW, author_id=cast["muted"].id)
    assert who(cast, "edit_project", project) == by_office
    project.hidden_at = MAY
    assert not who(cast, "edit_project", project)
    assert who(cast, "withdraw_project", project) == {"muted"}
    for phase in (Phase.COLLECTING, Phase.REVIEW):
        project = project_in(cast, phase, ProjectState.IN_REVIEW, author_id=cast["moderator"].id)
        placing = {one for one in OFFICE if may_place(cast[one], project)}
        assert placing == (OFFICE if phase is Phase.COLLECTING else {"own_moderator"})
    nobodys = project_in(cast, Phase.ADJUSTING, ProjectState.IN_REVIEW, department_id=None, author_id=None)
    assert who(cast, "edit_project", nobodys) == MODERATORS
    assert "제안한 사람, 담당 부서" in policy.why_not(cast["user"], "budgets.edit_project", nobodys)
    for facts in ({"state": ProjectState.ON_BALLOT}, {"round": in_phase(Phase.ADJUSTING, opened_at=MAY)}):
        project = project_in(cast, Phase.ADJUSTING, **{"state": ProjectState.IN_REVIEW} | facts)
        assert not any(who(cast, f"{what}_project", project) for what in ("edit", "withdraw", "merge")), facts


def test_nobody_reviews_what_they_proposed(cast):
    """Under no account, and only between collecting and the vote."""
    assert who(cast, "see_reviews") == OFFICE
    for phase, opened_at in ((Phase.REVIEW, None), (Phase.COLLECTING, None), (Phase.REVIEW, MAY)):
        is_on = phase is Phase.REVIEW and opened_at is None
        for state in ProjectState:
            project = project_in(cast, phase, state, round=in_phase(phase, opened_at=opened_at))
            may = {"assign_review": {
                ProjectState.HANDED_IN: OFFICE, ProjectState.ELIGIBLE: MODERATORS, ProjectState.ELIGIBLE_IF: MODERATORS,
                ProjectState.NOT_ELIGIBLE: MODERATORS}.get(state, set())}
            may["ask_opinion"] = MODERATORS | DEPARTMENT if state is ProjectState.IN_REVIEW else set()
            may["say_condition_met"] = DEPARTMENT if state is ProjectState.ELIGIBLE_IF else set()
            for name, people in may.items():
                expected = people - {"own_moderator", "own_official"} if is_on else set()
                assert who(cast, name, project) == expected, (name, state)
    own = project_in(cast, Phase.REVIEW, ProjectState.HANDED_IN, author=None, author_id=cast["official"].id)
    assert who(cast, "assign_review", own) == OFFICE - {"official"}
    [department_id] = cast["official"].department_ids()
    assert {one for one in OFFICE if may_assign_to(cast[one], department_id) is None} == MODERATORS | DEPARTMENT


def test_rights_to_write_a_review(cast):
    project = project_in(cast, Phase.REVIEW, ProjectState.IN_REVIEW)
    [department_id] = cast["other"].department_ids()

    def may(**facts):
        review = EligibilityReview(**{"project": project, "department_id": department_id} | facts)
        assert who(cast, "see_review", review) == OFFICE
        return who(cast, "review", review), who(cast, "pass_on_review", review)

    own_department = EligibilityReview(project=project, department_id=project.department_id)
    usual, none = ({"other"}, {"other", "moderator"}), (set(), set())
    assert may() == usual
    assert (who(cast, "review", own_department), who(cast, "pass_on_review", own_department)) == (
        {"official"}, {"official", "moderator"})
    assert who(cast, "see_review", own_department) == MODERATORS | DEPARTMENT
    assert may(taken_back_at=MAY) == may(ended_at=MAY) == none
    project.state = ProjectState.ELIGIBLE
    assert (may(), may(is_second_opinion=True)) == (none, usual)
    project.state = ProjectState.ON_BALLOT
    assert may(is_second_opinion=True) == none
    for budget_round in (in_phase(Phase.COLLECTING), in_phase(Phase.REVIEW, opened_at=MAY)):
        project.state, project.round = ProjectState.IN_REVIEW, budget_round
        assert may() == none


def test_a_second_look_is_asked_for_once_in_its_days(cast, monkeypatch):
    project = project_in(cast, Phase.REVIEW, ProjectState.NOT_ELIGIBLE)
    now = clock.now()
    monkeypatch.setattr(clock, "read", lambda: now)

    def may(decided_at=now, asked_at=None, **facts):
        before = {name: getattr(project, name) for name in facts}
        for name, value in facts.items():
            setattr(project, name, value)
        found = who(cast, "ask_second_look", SimpleNamespace(project=project, decided_at=decided_at, asked_at=asked_at))
        for name, value in before.items():
            setattr(project, name, value)
        return found

    assert may() == may(now - WEEK + SECOND) == may(asked_at=now - SECOND) == {"proposer"}
    assert may(state=ProjectState.ELIGIBLE_IF) == {"proposer"}
    for facts in ({"decided_at": None}, {"decided_at": now - WEEK}, {"asked_at": now}, {"hidden_at": MAY},
                  {"state": ProjectState.ELIGIBLE}, {"author_id": cast["muted"].id},
                  {"round": in_phase(Phase.REVIEW, opened_at=MAY)}):
        assert not may(**facts), facts


def test_a_visitor_is_told_to_sign_in_for_a_second_look(cast):
    project = project_in(cast, Phase.REVIEW, ProjectState.NOT_ELIGIBLE)
    looked = SimpleNamespace(project=project, decided_at=clock.now(), asked_at=None)
    assert "로그인" in policy.why_not(cast["visitor"], "budgets.ask_second_look", looked)


def test_a_second_look_is_answered_by_somebody_else(cast):
    look = SimpleNamespace(project=project_in(cast, Phase.REVIEW, ProjectState.NOT_ELIGIBLE), answered_at=None)
    assert who(cast, "answer_second_look", look) == {"moderator"}
    look.answered_at = MAY
    assert not who(cast, "answer_second_look", look)
    look.answered_at, look.project.round = None, in_phase(Phase.REVIEW, opened_at=MAY)
    assert not who(cast, "answer_second_look", look)


def test_rights_to_try_rules_out_and_to_decide(cast):
    trial = BudgetTrial()
    assert who(cast, "import_trial") == who(cast, "publish_trial", trial) == who(cast, "read_trial", (trial, False))
    assert who(cast, "read_trial", (trial, False)) == STAFF
    assert who(cast, "read_trial", (trial, True)) == cast.keys() - {"visitor"}
    assert who(cast, "read_trial", (BudgetTrial(published_at=MAY), False)) == cast.keys()
    accounts = {one: actor for one, actor in cast.items() if one != "visitor"}
    own = {"proposer", "own_moderator", "own_official"}
    assert who(accounts, "decide", [cast["proposer"], cast["user"]]) == accounts.keys() - own - {"user"}
