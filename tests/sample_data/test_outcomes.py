"""The outcomes of the sample district: what its texts say became of things, and every way in which a promise goes."""

from datetime import date

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.agendas.models import Agenda
from civic_forum.commitments.queries import records as commitments
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.platform.waiting import Staff
from civic_forum.outcomes.models import Outcome
from civic_forum.outcomes.queries import way
from civic_forum.outcomes.queries import desk as unwritten
from civic_forum.outcomes.queries.detail import promise_of
from civic_forum.outcomes.rules import Decision, Promise, WayStep
from civic_forum.sample_data.people import read


def told() -> list[Outcome]:
    """Those of steps/outcomes.json; that of a consultation stands with it."""
    return list(db.session.scalars(sa.select(Outcome).where(Outcome.subject != "consultation")
                                   .order_by(Outcome.decided_on)))


def test_outcomes_say_what_their_texts_say(district):
    found = {one.title: one for one in told()}
    steps = read("steps/outcomes")
    published = [step for step in steps if step["do"] == "outcome.publish"]
    assert len(found) == len(published)
    for step in published:
        said = step["with"]["text"]
        one = found[said["title"]]
        assert (one.decision, one.cost, f"@department:{one.department.name_ko}") == (
            said["decision"], said["cost"], step["with"]["department_id"])
        logs = [told["with"]["text"] for told in steps if told["do"] == "commitment.log"
                and told["with"]["outcome_id"] == f"@{step['as']}"]
        kept = commitments.of_outcome(one.id)
        assert (kept is not None) == one.promises and one.reasons_html
        assert set(logs) <= {entry.content["text"] for entry in (commitments.ledger(kept.id).logs if kept else ())}


def test_promises_are_kept_late_broken_and_open(district):
    seen = {promise_of(one, date(2026, 11, 20)) for one in told()}
    assert seen == {Promise.KEPT, Promise.KEPT_LATE, Promise.LATE, Promise.RUNNING, Promise.NONE}
    assert {one.decision for one in told()} == set(Decision) - {Decision.DECLINED}, "which is told as an answer"


def test_the_way_behind_agrees_with_the_votes_and_the_proposals(district):
    vote = next(one for one in told() if one.subject == "poll")
    steps = {step.step: step for step in way.shown(vote)}
    assert steps[WayStep.VOTED].count == 428 and steps[WayStep.DONE].on == date(2022, 2, 25)
    alleys = db.session.scalar(sa.select(Outcome).join(Agenda, sa.and_(
        Agenda.id == Outcome.subject_id, Outcome.subject == "agenda")).where(Agenda.slug == "siheung-alleys"))
    steps = {step.step: step for step in way.shown(alleys)}
    assert steps[WayStep.PROPOSED].count == 4 and alleys.version == 2


def test_one_decision_still_waits_for_its_outcome_at_the_desk(district):
    official = db.session.scalar(sa.select(User).filter_by(sign_in_name="official1"))
    [row] = db.session.execute(unwritten.agendas_decided(Staff.of(official, local(clock.now()).date())))
    assert row.slug == "crossing-shade" and clock.now() < row[1] + unwritten.WRITTEN_WITHIN
