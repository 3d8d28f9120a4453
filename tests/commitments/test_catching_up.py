"""Promises from before there was a ledger: their commitments are made, and reports on outcomes become entries."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from civic_forum.budgets.models import BudgetPhase, BudgetRound
from civic_forum.budgets.projects.models import CouncilStep
from civic_forum.budgets.rules import CouncilDecision, Phase, ProjectState
from civic_forum.commitments.models import (
    EDITION, Commitment, CommitmentEntry, CommitmentNews, CommitmentOrigin, commitment_neighbourhood,
)
from civic_forum.commitments.queries import board
from civic_forum.commitments.queries import records as queries
from civic_forum.commitments.rules import EntryKind, Status
from civic_forum.commitments.services import backlog
from civic_forum.commitments.standings import Standing
from civic_forum.journeys.models import JourneyEntry
from civic_forum.outcomes.models import Outcome, OutcomeReport
from civic_forum.outcomes.queries import way
from civic_forum.outcomes.rules import Decision, Progress, WayStep
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.budgets import making as budgets
from tests.common import today
from tests.factories import saved
from tests.outcomes import making as outcomes

from .making import accepted


def forget() -> None:
    """The database as an older site left it."""
    for table in (CommitmentNews, CommitmentOrigin, CommitmentEntry, commitment_neighbourhood, Commitment):
        db.session.execute(sa.delete(table))
    db.session.commit()


def count(model) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def reported(outcome: Outcome, by, *told: tuple[str, int, Progress, int | None]) -> None:
    """Reports as the older site kept them: text, days ago, how far, what was spent."""
    for number, (text, days, progress, spent) in enumerate(told, 1):
        saved(OutcomeReport(outcome_id=outcome.id, number=number, text=text, html=f"<p>{text}</p>",
                            on=today() - timedelta(days=days), progress=progress, spent=spent, by_id=by.id,
                            at=clock.now() - timedelta(days=days)))
        outcome = db.session.get(Outcome, outcome.id)
        outcome.progress, outcome.reported_on = progress, today() - timedelta(days=days)
    db.session.commit()


def old_outcome(town, pair, **facts) -> Outcome:
    proposal = outcomes.answered(town, pair[0], published_at=clock.now() - timedelta(days=60))
    return outcomes.published("proposal", proposal.id, *pair,
                              outcomes.text(decided_on=today() - timedelta(days=30), **facts))


@pytest.mark.in_turns(of=5)
def test_every_promise_gets_its_commitment_once(town, pair):
    outcome = old_outcome(town, pair)
    nothing = old_outcome(town, pair, decision=Decision.DECLINED, promised_on=None, cost=None)
    answered = accepted(town, *pair, title="정류장에 의자를 놓아 주세요")
    before = {(one.title, one.due_on, one.planned, one.status) for one in db.session.scalars(sa.select(Commitment))}
    forget()
    assert backlog.catch_up() == 2
    db.session.expire_all()
    after = {(one.title, one.due_on, one.planned, one.status) for one in db.session.scalars(sa.select(Commitment))}
    assert after == before and len(after) == 2 and answered is not None
    assert queries.of_outcome(outcome.id) is not None and queries.of_outcome(nothing.id) is None
    assert backlog.catch_up() == 0 and count(Commitment) == 2


def test_reports_of_an_older_site_become_entries(town, pair):
    outcome = old_outcome(town, pair)
    forget()
    reported(outcome, pair[0], ("모퉁이 여섯 곳을 비웠어요.", 9, Progress.IN_PROGRESS, 22_000_000),
             ("두 골목에서 시작했어요.", 5, Progress.IN_PROGRESS, None),
             ("약속한 일을 모두 마쳤어요.", 2, Progress.DONE, 40_000_000))
    backlog.catch_up()
    one = queries.of_outcome(outcome.id)
    ledger = queries.ledger(one.id)
    assert [(entry.content["text"], entry.on) for entry in ledger.logs] == [
        ("모퉁이 여섯 곳을 비웠어요.", today() - timedelta(days=9)), ("두 골목에서 시작했어요.", today() - timedelta(days=5)),
        ("약속한 일을 모두 마쳤어요.", today() - timedelta(days=2))]
    assert (one.status, one.done_on, one.executed) == (Status.DONE, today() - timedelta(days=2), 40_000_000)
    assert [row.by_id for row in queries.entries(one.id) if row.kind is EntryKind.LOG] == [pair[0].id] * 3
    assert count(OutcomeReport) == 0 and backlog.catch_up() == 0


DECIDED = date(2025, 12, 16)


@pytest.fixture
def long_ago(town):
    """A project that is done, of a round that the council decided on a day of last year, without a ledger."""
    project = budgets.project(town, budgets.new_round(town), state=ProjectState.DONE, decided_amount=9_000_000)
    moment = datetime.combine(DECIDED, time(3), UTC)
    saved(CouncilStep(project_id=project.id, decision=CouncilDecision.CONFIRMED, amount=9_000_000, decided_at=moment,
                      at=clock.now()))
    return project


def test_a_project_was_promised_on_the_day_on_which_its_round_was_decided(long_ago, browse):
    assert backlog.catch_up() == 1 and backlog.catch_up() == 0
    one = queries.commitment(queries.made_of("project", long_ago.id))
    assert (one.promised_on, one.begins_on, one.told_on, one.executed) == (DECIDED, DECIDED, None, None)
    assert {entry.on for entry in queries.entries(one.id)} == {DECIDED}
    assert board.standing_of(one) is Standing.WRITTEN
    page = browse().get(f"/commitments/{one.id}").text
    assert "마쳤다고 적음" in page and "지켰어요" not in page and "쓴 돈은 알려지지 않았어요." in page
    assert "남은 돈" not in page and "<ol class=\"timeline\">" not in page.split('class="fold')[0]


@pytest.mark.both
def test_a_ledger_that_an_older_site_made_is_dated_and_reckoned_anew(long_ago):
    backlog.catch_up()
    one, late = queries.commitment(queries.made_of("project", long_ago.id)), today()
    entries = queries.entries(one.id)
    for entry in entries:
        entry.on = late
    entries[0].content = {**entries[0].content, "begins_on": late.isoformat()}
    one.promised_on, one.edition, one.told_on, one.planned = late, 0, late, None
    db.session.commit()
    assert backlog.catch_up() == 1 and backlog.catch_up() == 0
    db.session.expire_all()
    assert (one.promised_on, one.begins_on, one.told_on, one.planned, one.edition) == (
        DECIDED, DECIDED, None, long_ago.cost, EDITION)
    assert {entry.on for entry in queries.entries(one.id)} == {DECIDED}


@pytest.mark.both
def test_the_day_of_a_decision_is_that_of_the_council_then_of_the_steps_then_of_the_round(long_ago):
    assert queries.decided_on(long_ago) == DECIDED
    db.session.execute(sa.delete(CouncilStep))
    step, phase = date(2025, 12, 20), date(2025, 12, 1)
    kept = saved(JourneyEntry(journey_id=long_ago.journey_id, step="project_in_budget",
                              at=datetime.combine(step, time(3), UTC)))
    begun = db.session.scalars(sa.select(BudgetPhase).filter_by(phase=Phase.CHOSEN)).one()
    begun.starts_at, begun.ends_at = datetime.combine(phase, time(3), UTC), None
    db.session.commit()
    assert queries.decided_on(long_ago) == step
    db.session.delete(kept)
    db.session.commit()
    assert queries.decided_on(long_ago) == phase
    db.session.execute(sa.delete(BudgetPhase.__table__))
    db.session.execute(sa.update(BudgetRound.__table__).values(year=2024))
    assert queries.decided_on(long_ago) == date(2024, 1, 1)
    db.session.execute(sa.update(BudgetRound.__table__).values(year=2090))
    assert queries.decided_on(long_ago) == today()


@pytest.mark.in_turns(of=5)
def test_it_goes_on_where_it_was_stopped(town, pair, monkeypatch):
    made = [old_outcome(town, pair) for _number in range(3)]
    forget()
    for one in made:
        reported(one, pair[0], ("골목 하나를 비웠어요.", 3, Progress.IN_PROGRESS, None))
    keep, taken = backlog._take_over_reports, []

    def stops(work, outcome_id):
        keep(work, outcome_id)
        if taken:
            raise KeyboardInterrupt
        taken.append(outcome_id)

    monkeypatch.setattr(backlog, "_take_over_reports", stops)
    with pytest.raises(KeyboardInterrupt):
        backlog.catch_up()
    assert count(OutcomeReport) == 2
    monkeypatch.setattr(backlog, "_take_over_reports", keep)
    assert backlog.catch_up() == 2 and count(OutcomeReport) == 0
    assert [len(queries.ledger(queries.of_outcome(one.id).id).logs) for one in made] == [1, 1, 1]


@pytest.mark.both
def test_the_page_and_the_way_behind_say_what_was_reported(town, pair, browse):
    outcome = old_outcome(town, pair)
    forget()
    reported(outcome, pair[0], ("모퉁이 여섯 곳을 비웠어요.", 9, Progress.IN_PROGRESS, 22_000_000))
    backlog.catch_up()
    shown = browse().get(f"/outcomes/{outcome.id}").text
    assert "모퉁이 여섯 곳을 비웠어요." in shown and "지금까지 2,200만 원" in shown
    outcome = outcomes.carried(db.session.get(Outcome, outcome.id), *pair)
    assert outcome.progress is Progress.IN_PROGRESS and outcome.spent == 22_000_000
    assert WayStep.IN_PROGRESS in {step.step for step in way.shown(outcome)}
