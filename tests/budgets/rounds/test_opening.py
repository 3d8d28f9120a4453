"""From a round that is filled in to open votes: what is missing, rolls, numbers, lots, election season."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.ballots.box.closing import DrawKind
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.operations import defined as frozen
from civic_forum.ballots.models import BallotBox, ElectionSeason, ElectoralRoll
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.budgets import readiness
from civic_forum.budgets.definition import definition
from civic_forum.budgets.models import BudgetRound, ChoiceGroup, ExclusionGroup
from civic_forum.budgets.queries import on_ballot
from civic_forum.budgets.rules import Phase, ProjectState
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.parts import Electorate
from civic_forum.budgets.process import PROCESS
from civic_forum.budgets.rounds import opening
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import Language, local, speaking
from tests.budgets import making
from tests.budgets.committee.weighted import RULES
from tests.factories import saved


def defined(budget_round, position=0):
    return json.loads(budget_round.envelopes[position].box.definition)


@pytest.mark.both
def test_a_vote_that_is_opened_closes_the_round_and_its_projects_stand_on_the_ballot(town):
    made = making.opened(town, envelopes=2)
    assert made.opened_at is not None
    states = db.session.execute(sa.select(Project.state, Project.number).order_by(Project.envelope_id, Project.number))
    assert states.all() == [(ProjectState.ON_BALLOT, number) for number in (1, 2, 3)] * 2


@pytest.mark.both
def test_only_fit_projects_stand_on_the_ballot_in_the_order_of_their_codes(town):
    made = making.new_round(town, phase=Phase.VOTING)
    making.project(town, made, code="A10")
    making.project(town, made, code="A2", state=ProjectState.ELIGIBLE_IF)
    making.project(town, made, code="A11")
    for state in (ProjectState.HANDED_IN, ProjectState.NOT_ELIGIBLE, ProjectState.WITHDRAWN):
        making.project(town, made, state=state)
    making.project(town, made, code="B1", hidden_at=clock.now())
    ready = making.prepared(town, budget_round=made)
    assert [one["code"] for one in defined(ready)["options"]] == ["A2", "A10", "A11"]


def test_an_envelope_without_projects_has_no_vote(town):
    made = making.new_round(town, phase=Phase.VOTING, envelopes=2)
    for _one in range(3):
        making.project(town, made)
    ready = making.prepared(town, budget_round=made)
    assert [one.box is not None for one in ready.envelopes] == [True, False]


def test_envelopes_of_the_same_people_share_a_roll_and_others_have_their_own(town):
    made = making.new_round(town, phase=Phase.VOTING, envelopes=2)
    making.envelope(made, voters_of=[town.neighbourhood("시흥1동")])
    for one in made.envelopes:
        for _project in range(3):
            making.project(town, made, envelope=one)
    ready = making.prepared(town, budget_round=made)
    first, second, third = (one.roll_id for one in ready.envelopes)
    assert first == second != third
    assert db.session.scalar(sa.select(sa.func.count(ElectoralRoll.id))) == 2
    assert defined(ready, 2)["eligibility"]["roll"]["neighbourhoods"] == ["시흥1동"]


def test_preparing_twice_makes_no_second_box_and_takes_over_what_changed(town):
    made, moderator = making.prepared(town), town.moderator()
    box, before = made.envelopes[0].box_id, made.envelopes[0].box.fingerprint
    making.project(town, made, title="새로 적격이 된 사업")
    with pytest.raises(Conflict, match="다시 준비"):
        confirmations.propose(ConfirmedAction.OPEN, box, by=town.official())
    again = opening.prepare(made.id, by=moderator)
    assert again.envelopes[0].box_id == box and again.envelopes[0].box.fingerprint != before
    assert len(defined(again)["options"]) == 4
    confirmations.propose(ConfirmedAction.OPEN, box, by=town.official())


@pytest.mark.parametrize(("facts", "says"), [
    ({"binding": ""}, "반영"), ({"counting": None}, "셈 방법"),
    ({"roll_fixed_on": None}, "명부를 정하는 날"), ({"left_out": (Phase.VOTING,)}, "주민 투표"),
])
def test_gaps_are_said_and_no_box_is_made(town, facts, says):
    made = making.new_round(town, **{"phase": Phase.VOTING} | facts)
    for _one in range(3):
        making.project(town, made)
    with pytest.raises(Conflict, match=says):
        making.prepared(town, budget_round=made, voters=0)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BallotBox)) == 0


def test_a_ballot_that_cannot_be_cast_is_refused_by_the_name_of_its_envelope(town):
    made = making.new_round(town, phase=Phase.VOTING)
    making.project(town, made)
    with pytest.raises(Conflict, match="배정 예산 1: .*두 개 이상"):
        making.prepared(town, budget_round=made, voters=0)


def test_a_round_that_nobody_sees_is_not_prepared(town):
    with pytest.raises(Denied, match="먼저"):
        making.prepared(town, announced_at=None, voters=0)


@pytest.mark.both
def test_the_weighted_rule_waits_for_the_committee_and_freezes_its_votes(town):
    weighted = {"completion": "none", "fill": "none", "order": "votes", "rule": "weighted", "share": "marks",
                "skips": 1, "step": "1",
                "threshold": 0, "utility": "cost", "weights": {"residents": "1/2", "committee": "1/2"}}
    made = making.new_round(town, phase=Phase.VOTING, counting=weighted)
    made.envelopes[0].max_choices = 1
    one, two = making.project(town, made), making.project(town, made)
    with pytest.raises(Conflict, match="위원회"):
        making.prepared(town, budget_round=made, voters=0)
    made.committee_size, made.committee_fixed_at, one.committee_votes = 9, clock.now(), 7
    db.session.commit()
    with pytest.raises(Conflict, match="위원회 표가 없는"):
        making.prepared(town, budget_round=made, voters=0)
    two.committee_votes, made.committee_size = 0, 2
    db.session.commit()
    with pytest.raises(Conflict, match="3명보다 적으면 위원회 심사를 세지 않아요"):
        making.prepared(town, budget_round=made, voters=0)
    made.committee_size = 9
    db.session.commit()
    ready = making.prepared(town, budget_round=made)
    assert defined(ready)["budget"]["committee"] == {"ballots": 9, "votes": [7, 0]}


def test_sums_of_a_committee_that_is_too_small_are_not_opened_either(town, monkeypatch):
    made = making.new_round(town, phase=Phase.VOTING, counting=RULES.to_json(), committee_size=2,
                            committee_fixed_at=clock.now())
    made.envelopes[0].max_choices = 1
    for _one in range(2):
        making.project(town, made, committee_votes=1)
    with monkeypatch.context() as before:  # a box that was prepared when nothing was asked of the committee
        before.setattr(readiness, "enough", lambda _ballots: True)
        box_id = making.prepared(town, budget_round=made).envelopes[0].box_id
    with pytest.raises(Refusal, match="3명보다 적으면"):
        confirmations.propose(ConfirmedAction.OPEN, box_id, by=town.official())


@pytest.mark.parametrize("draw", DrawKind)
def test_the_definition_names_the_draw_that_decides_ties(town, draw):
    said = defined(making.prepared(town, draw=draw))
    assert said["draw"] == draw.value and "lot" not in said["budget"]


def test_projects_of_a_box_are_its_options(town):
    made = making.prepared(town, projects=3)
    said = defined(made)
    assert "projects" not in said["budget"] and said["budget"]["amount"] == made.envelopes[0].amount
    assert [(one["number"], one["code"]) for one in said["options"]] == [(1, "A01"), (2, "A02"), (3, "A03")]
    assert all(type(one["cost"]) is int for one in said["options"])


@pytest.mark.both
def test_a_vote_in_election_season_waits_until_somebody_answers_for_it(town):
    today = local(clock.now()).date()
    saved(ElectionSeason(name="지방선거", first_day=today, last_day=today + timedelta(days=3), set_at=clock.now()))
    made = making.new_round(town, phase=Phase.VOTING)
    for _one in range(3):
        making.project(town, made)
    moderator = town.moderator()
    with pytest.raises(Conflict, match="지방선거"):
        making.prepared(town, budget_round=made)
    PROCESS.accept_season(made.id, by=moderator)
    with pytest.raises(Conflict, match="이미 확인"):
        PROCESS.accept_season(made.id, by=moderator)
    ready = opening.prepare(made.id, by=moderator)
    assert ready.season_accepted_by_id == moderator.id and ready.envelopes[0].box is not None


def test_nobody_answers_for_a_season_that_is_none(town):
    with pytest.raises(Conflict, match="겹치지 않는"):
        PROCESS.accept_season(making.new_round(town).id, by=town.moderator())


def test_frozen_texts_are_the_same_in_english(town):
    made = making.prepared(town)
    envelope = made.envelopes[0]
    with speaking(Language.EN):
        again = frozen(envelope.box, definition(envelope, on_ballot(envelope)))
    assert again.decode() == envelope.box.definition


@pytest.mark.both
def test_the_vote_ends_by_itself_once_it_is_prepared(town):
    made = making.new_round(town, phase=Phase.VOTING)
    voting = next(one for one in made.phases if one.phase is Phase.VOTING)
    voting.ends_at = None
    db.session.commit()
    for _one in range(3):
        making.project(town, made)
    ready = making.prepared(town, budget_round=made)
    spans = {one.phase: one for one in ready.phases}
    assert spans[Phase.VOTING].ends_at == spans[Phase.CHOSEN].starts_at == ready.envelopes[0].box.closes_at


def test_the_box_that_is_left_is_opened_after_the_first(town):
    made = making.prepared(town, envelopes=2)
    ids = [one.box_id for one in made.envelopes]
    for box_id in ids:
        proposed = confirmations.propose(ConfirmedAction.OPEN, box_id, by=town.official())
        confirmations.confirm(proposed.id, by=town.moderator())
        opening_round = db.session.get(BudgetRound, made.id, populate_existing=True)
        assert opening_round.opened_at is not None
    assert all(db.session.get(BallotBox, box_id, populate_existing=True).opened_at for box_id in ids)


@pytest.mark.both
def test_groups_money_exclusions_and_least_votes_stand_in_what_is_frozen(town):
    made = making.new_round(town, phase=Phase.VOTING, texts={"en": {"title": "Budget"}})
    envelope = made.envelopes[0]
    envelope.within_money, envelope.min_votes, envelope.max_choices = True, 5, 3
    envelope.texts = {"en": {"name": "Whole district"}}
    wide = ChoiceGroup(envelope_id=envelope.id, position=1, name="구 단위", min_choices=1, max_choices=2)
    near = ChoiceGroup(envelope_id=envelope.id, position=2, name="동 단위", min_choices=0, max_choices=1)
    why = ExclusionGroup(envelope_id=envelope.id, why="같은 빈터에 지어요.")
    db.session.add_all([wide, near, why])
    db.session.flush()
    for number in range(1, 6):
        making.project(town, made, group_id=(wide if number < 4 else near).id, cost=number * 1_000_000,
                       exclusion_id=why.id if number in (2, 5) else None)
    said = defined(making.opened(town, budget_round=made))
    assert said["rule"] == {
        "kind": "approval", "options": 5, "limit": 3,
        "groups": [{"options": [1, 2, 3], "min": 1, "max": 2}, {"options": [4, 5], "min": 0, "max": 1}],
        "money": {"limit": 100_000_000, "costs": [number * 1_000_000 for number in range(1, 6)]}}
    assert [(one["name"], one["options"]) for one in said["groups"]] == [("구 단위", [1, 2, 3]), ("동 단위", [4, 5])]
    assert said["budget"]["exclusions"] == [[2, 5]] and said["budget"]["why_exclusions"] == ["같은 빈터에 지어요."]
    assert said["budget"]["rules"]["threshold"] == 5 and said["envelope"] == "배정 예산 1"
    assert said["en"]["title"] == "Budget — Whole district"


@pytest.mark.both
def test_a_project_that_is_withdrawn_after_the_preparation_keeps_the_vote_closed(town):
    made = making.prepared(town, projects=4)
    box_id = made.envelopes[0].box_id
    proposed = confirmations.propose(ConfirmedAction.OPEN, box_id, by=town.official())
    project = db.session.scalars(sa.select(Project).order_by(Project.id)).first()
    project.state = ProjectState.WITHDRAWN
    db.session.commit()
    with pytest.raises(Conflict, match="다시 준비"):
        confirmations.confirm(proposed.id, by=town.moderator())
    opening.prepare(made.id, by=town.moderator())
    assert db.session.execute(sa.select(Project.state, Project.number).order_by(Project.id)).all() == [
        (ProjectState.WITHDRAWN, None), *((ProjectState.ELIGIBLE, number) for number in (1, 2, 3))]


def test_a_rule_of_the_roll_that_changes_makes_a_new_roll_only_where_it_was_fixed(town):
    made, moderator = making.prepared(town), town.moderator()
    before = made.envelopes[0].roll_id
    again = PROCESS.write(made.id, Electorate(min_age=19, roll_fixed_on=made.roll_fixed_on),
                          version=made.version, by=moderator)
    assert again.envelopes[0].roll_id != before and again.envelopes[0].roll.fixed_at is None
    unfixed = again.envelopes[0].roll_id
    later = PROCESS.write(made.id, Electorate(min_age=20, roll_fixed_on=made.roll_fixed_on),
                          version=again.version, by=moderator)
    assert later.envelopes[0].roll_id == unfixed
    with pytest.raises(Conflict, match="명부"):
        confirmations.propose(ConfirmedAction.OPEN, made.envelopes[0].box_id, by=town.official())


def test_everybody_reads_before_the_vote_what_draw_decides(town, browse):
    made = making.new_round(town, phase=Phase.VOTING, draw=DrawKind.DICE)
    slug = made.slug
    db.session.rollback()
    assert "주사위 20개" in browse().get(f"/budgets/{slug}").text
