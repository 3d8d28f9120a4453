"""Commitments of what was promised elsewhere: made once, joined, and standing when their origin is gone."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from civic_forum.answers.models import Answer
from civic_forum.answers.rules import AnswerOutcome
from civic_forum.answers.services import cases, texts
from civic_forum.budgets.results import council
from civic_forum.budgets.rules import ProjectState
from civic_forum.commitments import operations
from civic_forum.commitments.models import Commitment
from civic_forum.commitments.queries import desk as desk_queries
from civic_forum.commitments.queries import records as queries
from civic_forum.commitments.rows import Row
from civic_forum.commitments.rules import EntryKind, Status
from civic_forum.forums.record import decisions
from civic_forum.forums.record.decisions import DecisionText
from civic_forum.outcomes import services as outcomes
from civic_forum.outcomes.rules import Decision
from civic_forum.platform import waiting
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import SEOUL
from civic_forum.platform.work import use_case
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State
from tests.answers import making as answering
from tests.common import today
from tests.factories import MAY
from tests.forums.scene import live_forum
from tests.outcomes import making as deciding

from .making import accepted, moved, newest, planned, project_of, told

DAY = date(2030, 6, 1)


def number() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Commitment))


def kinds(one: Commitment) -> list[EntryKind]:
    return [entry.kind for entry in queries.entries(one.id)]


def origins(one: Commitment) -> set[str]:
    return {origin.ref.kind for origin in queries.origins(one.id)}


def planning(official) -> list[tuple[str, date]]:
    """Addresses of the promises that this official has to plan, and the days on which that is due."""
    return waits(official, "commitments.plan")


def waits(user, name: str = "commitments.assign") -> list[tuple[str, date]]:
    """Addresses of what waits of this kind, and the days on which it is due."""
    db.session.rollback()
    kinds = [kind for kind in waiting.sources(user, today()) if kind.name == name]
    return [(item.line.url, item.due_on) for item in waiting.listed(kinds, due=waiting.Due.ALL, today=today()).items]


def corrected(proposal: Proposal, pair, given) -> None:
    """The answer of this proposal, corrected by one official and approved by the other."""
    found = db.session.scalars(sa.select(Answer).filter_by(proposal_id=proposal.id)).one()
    written = texts.correct(found.id, given, why="잘못 적은 것을 고쳤어요.", seen=found.version, by=pair[0])
    texts.approve_correction(found.id, seen=written.correction["at"], by=pair[1])
    db.session.expire_all()


@pytest.mark.parametrize("outcome", [AnswerOutcome.ACCEPTED, AnswerOutcome.PARTLY_ACCEPTED])
def test_an_answer_that_accepts_all_or_a_part_is_a_commitment(town, pair, outcome):
    proposal = answering.on_the_table(town, pair[0])
    answering.published(proposal, *pair, answering.text(outcome=outcome, by_when="2031-Q2", reason="일부는 다음에 해요."))
    one = newest()
    assert (one.origin, one.title, one.due_on) == ("answer", proposal.title, date(2031, 6, 30))
    assert one.department_id in pair[0].department_ids() and one.promised_on == today()
    assert (one.planned, one.secured) == (7_400_000, None) and one.status is Status.ON_TRACK
    assert kinds(one) == [EntryKind.FACTS, EntryKind.MONEY, EntryKind.STATUS]


@pytest.mark.parametrize("outcome", [AnswerOutcome.DECLINED, AnswerOutcome.LONG_TERM])
def test_any_other_answer_promises_nothing(town, pair, outcome):
    answering.published(answering.on_the_table(town, pair[0]), *pair,
                        answering.text(outcome=outcome, reason="보도가 좁아 놓을 자리가 없어요.", by_when=None, cost=None))
    assert number() == 0


def test_an_answer_that_does_it_differently_promises_something_else(town, pair):
    proposal = answering.on_the_table(town, pair[0])
    answering.published(proposal, *pair, answering.text(outcome=AnswerOutcome.DIFFERENTLY, by_when="2031-Q2",
                                                        reason="보도가 좁아 놓을 자리가 없어요."))
    one = newest()
    assert one.title == f"{proposal.title} (다르게 하기로 한 일)" and one.due_on == date(2031, 6, 30)


def test_a_promise_without_a_day_is_to_be_planned(town, pair, monkeypatch):
    answering.published_in_words(answering.on_the_table(town, pair[0]), *pair, "될수록 빨리", monkeypatch)
    one = newest()
    assert one.due_on is None and one in desk_queries.of_departments(pair[1]).items


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize(("by_when", "last"), [
    ("2031-02", date(2031, 2, 28)), ("2031-Q1", date(2031, 3, 31)), ("2030", date(2030, 12, 31))])
def test_a_promise_is_late_after_the_last_day_of_its_period(town, pair, at, by_when, last):
    at(MAY)
    answering.published(answering.on_the_table(town, pair[0]), *pair, answering.text(by_when=by_when))
    one = newest()
    assert one.due_on == one.next_due_on == last
    assert [Row.of(one, last + timedelta(days=days)).standing for days in (0, 1)] == ["going", "late"]


@pytest.mark.both
def test_planning_is_due_from_the_day_on_which_it_arises(town, pair, at):
    """A document of May 2 that is approved in October, and an origin that is lost in November."""
    at(datetime(2030, 10, 7, 9, tzinfo=SEOUL))
    one = planned(accepted(town, *pair), *pair)
    assert one.promised_on == today() and planning(pair[0]) == []
    other = accepted(town, *pair)
    assert planning(pair[0]) == [(f"/desk/commitments/{other.id}", date(2030, 10, 21))]
    at(datetime(2030, 11, 20, 9, tzinfo=SEOUL))
    [answer] = queries.origins(one.id)
    corrected(answer.record.proposal, pair, answering.declined())
    assert planning(pair[0]) == [(f"/desk/commitments/{other.id}", date(2030, 10, 21)),
                                (f"/desk/commitments/{one.id}", date(2030, 12, 4))]


def test_an_outcome_that_decides_is_a_commitment_with_its_day(town, pair):
    about = deciding.agenda(town, pair[0])
    deciding.published("agenda", about.id, *pair)
    one = newest()
    assert origins(one) == {"agenda", "outcome"} and one.due_on == date(today().year + 1, 6, 30)
    assert one.planned == 41_000_000 and one.department_id in pair[0].department_ids()


def test_an_outcome_that_puts_off_promises_nothing(town, pair):
    about = deciding.agenda(town, pair[0])
    deciding.published("agenda", about.id, *pair, deciding.text(decision=Decision.POSTPONED, promised_on=None))
    assert number() == 0


def test_a_project_in_the_budget_is_a_commitment_with_its_money(town, pair):
    project = project_of(town, pair[0], decided_amount=3_000_000)
    moved(project, ProjectState.IN_BUDGET)
    one = newest()
    assert (one.origin, one.due_on, one.secured, one.planned) == ("project", None, 3_000_000, project.cost)
    assert one.department_id in pair[0].department_ids() and one in desk_queries.of_departments(pair[0]).items


def test_a_project_without_a_department_is_on_every_desk(town, pair):
    moved(project_of(town, pair[0], department_id=None), ProjectState.IN_BUDGET)
    one, stranger = newest(), town.official(department=town.department("청소과"))
    assert one.department_id is None
    assert one in desk_queries.of_departments(pair[0]).items and one in desk_queries.of_departments(stranger).items


def test_a_decision_with_a_department_is_a_commitment_and_one_without_department_or_day_is_none(town):
    scene, department = live_forum(town), town.department()
    decisions.decide(scene.forum.id, DecisionText("다음에 또 만나요."), by=scene.host)
    assert number() == 0
    decisions.decide(scene.forum.id, DecisionText("가려진 등을 고쳐요.", department.id, DAY), by=scene.host)
    one = newest()
    assert (one.origin, one.title, one.due_on, one.department_id) == (
        "forum_decision", "가려진 등을 고쳐요.", DAY, department.id)


# Joined


@pytest.mark.both
def test_an_outcome_of_an_accepted_proposal_is_the_same_commitment(town, pair):
    one = accepted(town, *pair)
    [answer] = queries.origins(one.id)
    deciding.published("proposal", answer.record.proposal_id, *pair)
    assert number() == 1 and origins(newest()) == {"answer", "proposal", "outcome"}
    assert newest().due_on == one.due_on == date(2031, 3, 31)


@pytest.mark.in_turns(of=5)
def test_an_outcome_sets_the_day_that_an_answer_did_not(town, pair, monkeypatch):
    proposal = answering.on_the_table(town, pair[0])
    answering.published_in_words(proposal, *pair, "될수록 빨리", monkeypatch)
    deciding.published("proposal", proposal.id, *pair)
    one = newest()
    assert number() == 1 and one.due_on == one.first_due_on == date(today().year + 1, 6, 30)
    [slip] = queries.ledger(one.id).slips
    assert (slip.before, slip.after) == (None, one.due_on)


def test_an_answer_after_the_outcome_is_the_same_commitment(town, pair):
    proposal = answering.on_the_table(town, pair[0])
    answering.published(proposal, *pair, answering.declined())
    deciding.published("proposal", proposal.id, *pair)
    assert number() == 1
    corrected(proposal, pair, answering.text())
    assert number() == 1 and origins(newest()) == {"proposal", "outcome", "answer"}


@pytest.mark.in_turns(of=5)
def test_an_answer_after_the_outcome_of_its_agenda_is_the_same_commitment(town, pair):
    proposal = answering.on_the_table(town, pair[0])
    deciding.published("agenda", deciding.agenda(town, pair[0], proposal).id, *pair)
    answering.published(proposal, *pair)
    assert number() == 1 and origins(newest()) == {"agenda", "outcome", "answer"}


@pytest.mark.both
def test_a_decision_with_a_day_and_no_department_waits_for_moderators(town, pair, browse):
    scene, moderator = live_forum(town), town.moderator()
    one = decisions.decide(scene.forum.id, DecisionText("등을 먼저 고쳐요.", due_on=DAY), by=scene.host)
    promise = newest()
    assert (promise.due_on, promise.department_id) == (DAY, None)
    page = browse().get(f"/commitments/{promise.id}").text
    assert "부서를 정하는 중" in page and "참여를 신청한 사람에게" in page and "제안한 사람과" not in page
    assert "부서를 정하는 중" in browse().get(f"/forums/{scene.forum.slug}").text
    address = f"/forums/{scene.forum.slug}/decisions/{one.id}"
    assert waits(moderator) == [(address, today() + desk_queries.NAMED_WITHIN)] and waits(pair[0]) == []
    [department] = pair[0].department_ids()
    decisions.change(scene.forum.id, one.id, DecisionText("등을 먼저 고쳐요.", department, DAY), by=moderator)
    db.session.rollback()
    assert newest().department_id == department and waits(moderator) == [] and number() == 1
    assert "부서를 정하는 중" not in browse().get(f"/commitments/{promise.id}").text
    for named, tasks in ((town.department("도로과").id, []), (None, [address])):
        decisions.change(scene.forum.id, one.id, DecisionText("등을 먼저 고쳐요.", named), by=moderator)
        assert (newest().department_id, [task for task, _day in waits(moderator)]) == (named, tasks)


# Corrected


def test_a_corrected_day_is_a_slip(town, pair):
    one = accepted(town, *pair)
    [answer] = queries.origins(one.id)
    proposal = db.session.get_one(Proposal, answer.record.proposal_id)
    corrected(proposal, pair, answering.text(by_when="2031-09"))
    [slip] = queries.ledger(one.id).slips
    assert (slip.before, slip.after) == (date(2031, 3, 31), date(2031, 9, 30)) and number() == 1
    assert (newest().first_due_on, newest().due_on, slip.why) == (slip.before, slip.after, "잘못 적은 것을 고쳤어요.")
    told(one, EntryKind.SLIP, {"milestone": "", "to": "2032-01-31", "why": "비가 왔어요."}, *pair)
    corrected(proposal, pair, answering.text(by_when="2031-09", cost=None))
    assert newest().due_on == date(2032, 1, 31), "a correction of something else moves no day back"


@pytest.mark.both
def test_an_answer_corrected_into_a_no_leaves_the_promise_to_its_department(town, pair, browse):
    one = accepted(town, *pair)
    [answer] = queries.origins(one.id)
    proposal = db.session.get_one(Proposal, answer.record.proposal_id)
    for _twice in range(2):
        corrected(proposal, pair, answering.declined())
    one = newest()
    assert one.origin_lost and one.status is Status.ON_TRACK and kinds(one).count(EntryKind.ORIGIN) == 1
    assert "약속의 바탕이" in browse().get(f"/commitments/{one.id}").text and to_plan(pair[0]) == [one.id]
    one = told(one, EntryKind.STATUS, {"status": "on_track", "why": "그래도 하기로 했어요."}, *pair)
    assert not one.origin_lost and number() == 1


def to_plan(official) -> list[int]:
    """Commitments whose origin is gone, of those at this desk that have to be planned."""
    chosen = desk_queries.to_plan(_Staff(official)).with_only_columns(Commitment.id).where(Commitment.origin_lost)
    return list(db.session.scalars(chosen))


class _Staff:
    elsewhere = stands_in = ()

    def __init__(self, official):
        self.id, self.today, self.department_ids = official.id, today() + timedelta(days=1), official.department_ids


def test_an_outcome_corrected_into_a_no_leaves_the_promise(town, pair):
    outcome = deciding.published("agenda", deciding.agenda(town, pair[0]).id, *pair)
    written = outcomes.correct(outcome.id, deciding.text(decision=Decision.DECLINED, promised_on=None, cost=None),
                               why="결정을 고쳤어요.", seen=outcome.version, by=pair[0])
    outcomes.approve_correction(outcome.id, seen=written.correction["at"], by=pair[1])
    assert newest().origin_lost and to_plan(pair[1]) == [newest().id]


def test_a_dropped_project_leaves_the_promise(town, pair):
    project = project_of(town, pair[0], decided_amount=3_000_000)
    moved(project, ProjectState.IN_BUDGET)
    moved(project, ProjectState.DROPPED)
    one = newest()
    assert one.origin_lost and one.status is Status.ON_TRACK and one.secured == 3_000_000
    assert queries.entries(one.id)[-1].content == {"step": "dropped"} and to_plan(pair[0]) == [one.id]


def test_a_decision_that_is_taken_away_leaves_the_promise(town):
    scene, department = live_forum(town), town.department()
    made = decisions.decide(scene.forum.id, DecisionText("가려진 등을 고쳐요.", department.id, DAY), by=scene.host)
    with pytest.raises(Refusal, match="부서가 이유와 함께 옮겨요"):
        decisions.change(scene.forum.id, made.id, DecisionText("등", department.id, date(2030, 9, 1)), by=scene.host)
    decisions.take_away(scene.forum.id, made.id, by=scene.host)
    one = newest()
    assert one.origin_lost and number() == 1
    assert (one.first_due_on, one.due_on) == (DAY, DAY)
    assert one in desk_queries.of_departments(town.official(department=department)).items


def test_an_outcome_against_a_decision_of_a_forum_leaves_its_promise(town, pair):
    scene, [department] = live_forum(town), pair[0].department_ids()
    made = decisions.decide(scene.forum.id, DecisionText("가려진 등을 고쳐요.", department, DAY), by=scene.host)
    deciding.published("forum_decision", made.id, *pair, deciding.text(
        decision=Decision.DECLINED, promised_on=None, cost=None, what_follows=""))
    assert newest().origin_lost and to_plan(pair[1]) == [newest().id]


def test_a_kept_promise_stays_kept_and_says_that_it_was_taken_back(town, pair, browse):
    one = accepted(town, *pair)
    [answer] = queries.origins(one.id)
    one = told(one, EntryKind.STATUS, {"status": "done", "why": "모두 놓았어요."}, *pair)
    with use_case(None) as work:
        operations.lose_origin(work, "answer", answer.record.id, "declined")
    assert newest().status is Status.DONE and to_plan(pair[1]) == [one.id]
    assert "약속의 바탕이" in browse().get(f"/commitments/{one.id}").text
    assert not told(newest(), EntryKind.STATUS, {"status": "done", "why": "그래도 했어요."}, *pair).origin_lost


# Merged, withdrawn, hidden


@pytest.mark.parametrize("gone", ["merged", "withdrawn"])
def test_the_promise_of_a_proposal_that_is_gone_stands(town, pair, browse, gone):
    one = accepted(town, *pair)
    [answer] = queries.origins(one.id)
    with use_case(None) as work:
        record = work.session.get_one(Proposal, answer.record.proposal_id)
        record.state = State.MERGED if gone == "merged" else State.WITHDRAWN
        work.record("proposals.gone", record)
    db.session.expire_all()
    page = browse().get(f"/commitments/{one.id}")
    assert page.status_code == 200 and page.text.count(one.title) > 2
    assert newest().status is Status.ON_TRACK and newest() in desk_queries.of_departments(pair[0]).items


def test_news_told_of_a_project_stand_in_the_ledger(town, pair):
    project = project_of(town, pair[0], decided_amount=3_000_000)
    moved(project, ProjectState.IN_BUDGET)
    one = newest()
    council.carry_out(project.id, ProjectState.IN_PROGRESS, note="설계를 맡겼어요.", by=pair[0])
    assert kinds(one)[-1] is EntryKind.LOG and newest().status is not Status.DONE
    council.carry_out(project.id, ProjectState.DONE, note="의자 세 개를 놓았어요.", by=pair[0])
    assert kinds(one)[-2:] == [EntryKind.LOG, EntryKind.STATUS] and newest().status is Status.DONE
    assert [row.content["text"] for row in queries.entries(one.id) if row.kind is EntryKind.LOG] == [
        "설계를 맡겼어요.", "의자 세 개를 놓았어요."]


def test_done_elsewhere_waits_for_what_shows_the_milestones(town, pair):
    proposal = answering.on_the_table(town, pair[0])
    answering.published(proposal, *pair)
    deciding.published("proposal", proposal.id, *pair)
    one = planned(newest(), *pair)
    for said in ("공사를 시작했어요.", "공사를 마쳤어요."):
        cases.carry_on(proposal.id, evidence=said, by=pair[0])
    assert kinds(one)[-2:] == [EntryKind.LOG] * 2 and newest().status is not Status.DONE
