"""Promises from before there was a ledger: their commitments are made, and reports on outcomes become entries."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.commitments import services
from civic_forum.commitments.queries import records as queries
from civic_forum.commitments.models import (
    Commitment, CommitmentEntry, CommitmentNews, CommitmentOrigin, commitment_neighbourhood,
)
from civic_forum.commitments.rules import EntryKind, Status
from civic_forum.outcomes.models import Outcome, OutcomeReport
from civic_forum.outcomes.queries import way
from civic_forum.outcomes.rules import Decision, Progress, WayStep
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.factories import saved
from tests.outcomes import making as outcomes

from .making import accepted, today


@pytest.fixture
def pair(town):
    first = town.official()
    return first, town.official()


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


def test_every_promise_gets_its_commitment_once(town, pair):
    outcome = old_outcome(town, pair)
    nothing = old_outcome(town, pair, decision=Decision.DECLINED, promised_on=None, cost=None)
    answered = accepted(town, *pair, title="정류장에 의자를 놓아 주세요")
    before = {(one.title, one.due_on, one.planned, one.status) for one in db.session.scalars(sa.select(Commitment))}
    forget()
    assert services.catch_up() == 2
    db.session.expire_all()
    after = {(one.title, one.due_on, one.planned, one.status) for one in db.session.scalars(sa.select(Commitment))}
    assert after == before and len(after) == 2 and answered is not None
    assert queries.of_outcome(outcome.id) is not None and queries.of_outcome(nothing.id) is None
    assert services.catch_up() == 0 and count(Commitment) == 2


@pytest.mark.both
def test_reports_of_an_older_site_become_entries(town, pair):
    outcome = old_outcome(town, pair)
    forget()
    reported(outcome, pair[0], ("모퉁이 여섯 곳을 비웠어요.", 9, Progress.IN_PROGRESS, 22_000_000),
             ("두 골목에서 시작했어요.", 5, Progress.IN_PROGRESS, None),
             ("약속한 일을 모두 마쳤어요.", 2, Progress.DONE, 40_000_000))
    services.catch_up()
    one = queries.of_outcome(outcome.id)
    ledger = queries.ledger(one.id)
    assert [(entry.content["text"], entry.on) for entry in ledger.logs] == [
        ("모퉁이 여섯 곳을 비웠어요.", today() - timedelta(days=9)), ("두 골목에서 시작했어요.", today() - timedelta(days=5)),
        ("약속한 일을 모두 마쳤어요.", today() - timedelta(days=2))]
    assert (one.status, one.done_on, one.executed) == (Status.DONE, today() - timedelta(days=2), 40_000_000)
    assert [row.by_id for row in queries.entries(one.id) if row.kind is EntryKind.LOG] == [pair[0].id] * 3
    assert count(OutcomeReport) == 0 and services.catch_up() == 0


def test_it_goes_on_where_it_was_stopped(town, pair, monkeypatch):
    made = [old_outcome(town, pair) for _number in range(3)]
    forget()
    for one in made:
        reported(one, pair[0], ("골목 하나를 비웠어요.", 3, Progress.IN_PROGRESS, None))
    keep, taken = services._take_over_reports, []

    def stops(work, outcome_id):
        keep(work, outcome_id)
        if taken:
            raise KeyboardInterrupt
        taken.append(outcome_id)

    monkeypatch.setattr(services, "_take_over_reports", stops)
    with pytest.raises(KeyboardInterrupt):
        services.catch_up()
    assert count(OutcomeReport) == 2
    monkeypatch.setattr(services, "_take_over_reports", keep)
    assert services.catch_up() == 2 and count(OutcomeReport) == 0
    assert [len(queries.ledger(queries.of_outcome(one.id).id).logs) for one in made] == [1, 1, 1]


@pytest.mark.both
def test_the_page_and_the_way_behind_say_what_was_reported(town, pair, browse):
    outcome = old_outcome(town, pair)
    forget()
    reported(outcome, pair[0], ("모퉁이 여섯 곳을 비웠어요.", 9, Progress.IN_PROGRESS, 22_000_000))
    services.catch_up()
    shown = browse().get(f"/outcomes/{outcome.id}").text
    assert "모퉁이 여섯 곳을 비웠어요." in shown and "지금까지 2,200만 원" in shown
    outcome = outcomes.carried(db.session.get(Outcome, outcome.id), *pair)
    assert outcome.progress is Progress.IN_PROGRESS and outcome.spent == 22_000_000
    assert WayStep.IN_PROGRESS in {step.step for step in way.shown(outcome)}
