"""Once a vote of a round is open nobody changes what is voted on, by a service or past it, nor in the same moment."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import declarative_base, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from civic_forum.ballots.box.closing import DrawKind
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.operations import defined
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.budgets.definition import definition
from civic_forum.budgets.frozen import Frozen, MAY_CHANGE, freeze
from civic_forum.budgets.models import (BudgetPhase, BudgetRound, ChoiceGroup, Envelope, ExclusionGroup,
                                        ExclusionReason, ProjectKind)
from civic_forum.budgets.queries import on_ballot
from civic_forum.budgets.rules import Calendar, Counting, Grouping, Phase, PhaseParts, ProjectState
from civic_forum.budgets.projects import services as projects
from civic_forum.budgets.projects.models import Project, ProjectVersion
from civic_forum.budgets.projects.rules import Belonging, ProjectText
from civic_forum.budgets.reviews import services as reviews
from civic_forum.budgets.committee import services as committee
from civic_forum.budgets.rounds import opening
from civic_forum.budgets.rounds import services as rounds
from civic_forum.blocks.kinds import WrongDeclaration
from civic_forum.budgets.counting.settings import CountingRules
from civic_forum.budgets.parts import Electorate, EnvelopeParts, ProjectLimits, Terms, Wording
from civic_forum.budgets.process import PROCESS
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from tests.budgets import making
from tests.common import user
from tests.factories import saved
from tests.racing import all_at_once

PURSE = EnvelopeParts("다른 이름", 1)
CHANGES = {
    "wording": lambda made, by: PROCESS.write(made.id, Wording("다른 제목", 2030), version=made.version, by=by),
    "calendar": lambda made, by: PROCESS.write(
        made.id, Calendar((PhaseParts(Phase.COUNCIL, clock.now()),)), version=made.version, by=by),
    "limits": lambda made, by: PROCESS.write(made.id, ProjectLimits(1), version=made.version, by=by),
    "electorate": lambda made, by: PROCESS.write(made.id, Electorate(min_age=19), version=made.version, by=by),
    "counting": lambda made, by: PROCESS.write(made.id, Counting(CountingRules()), version=made.version, by=by),
    "terms": lambda made, by: PROCESS.write(made.id, Terms("다르게"), version=made.version, by=by),
    "an envelope more": lambda made, by: rounds.add(made.id, "more", PURSE, version=made.version, by=by),
    "an envelope": lambda made, by: rounds.edit(made.id, "envelope-1", PURSE, version=made.version, by=by),
    "an envelope less": lambda made, by: rounds.remove(made.id, "envelope-2", version=made.version, by=by),
    "a group": lambda made, by: rounds.group(made.id, "envelope-1", Grouping("묶음", 0, 1), version=made.version, by=by),
    "a group less": lambda made, by: rounds.ungroup(made.id, "envelope-1", 1, version=made.version, by=by),
    "an exclusion": lambda made, by: rounds.exclude(made.id, "같은 땅이에요", ["A01", "A02"], version=made.version, by=by),
    "an exclusion less": lambda made, by: rounds.include(made.id, 1, version=made.version, by=by),
    "an announcement": lambda made, by: PROCESS.announce(made.id, by=by),
    "a preparation": lambda made, by: opening.prepare(made.id, by=by),
    "a season": lambda made, by: PROCESS.accept_season(made.id, by=by),
}


@pytest.mark.both
def test_no_service_changes_a_round_whose_vote_is_open(town):
    made, moderator = making.opened(town), town.moderator()
    before = everything(made)
    for name, change in CHANGES.items():
        with pytest.raises(Conflict if name == "calendar" else Denied, match="투표를 열었어요"):
            change(made, moderator)
        db.session.rollback()
        assert everything(made) == before, name


def everything(made):
    """Everything that is written of a round, its boxes aside."""
    tables = (BudgetRound, BudgetPhase, Envelope, ChoiceGroup, ExclusionGroup, ExclusionReason, ProjectKind, Project,
              ProjectVersion)
    return {model.__tablename__: db.session.execute(sa.select(*model.__table__.columns).order_by(model.id)).all()
            for model in tables}


OTHER = {int: 77, str: "다르게", bool: True, dict: {"en": {"title": "Other"}}, list: ["A03", "A01", "A02"]}
SPECIAL = {"draw": DrawKind.DICE, "roll_source": "declared", "category": "traffic", "publishes": "ballots",
           "counting": {"rule": "weighted"}, "admits_residents": True, "number": 9}


def another(record, name):
    """Some other value of a column, of its kind; none that refers to a row that is not there."""
    if name in SPECIAL:
        return not record.admits_residents if name == "admits_residents" else SPECIAL[name]
    column = getattr(type(record), name).property.columns[0]
    kind = column.type.python_type if not hasattr(column.type, "impl") else None
    if name.endswith(("_at", "_from", "_to", "_until")):
        return clock.now() + timedelta(days=400)
    if name.endswith("_on"):
        return clock.now().date() + timedelta(days=400)
    if kind is bool:
        return not getattr(record, name)
    return OTHER.get(kind, "다르게")


def row_of(made, model):
    return {BudgetRound: made, Envelope: made.envelopes[0]}.get(model) or db.session.scalars(
        sa.select(Project).filter_by(envelope_id=made.envelopes[0].id)).first()


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("model", [BudgetRound, Envelope, Project])
def test_no_column_of_what_is_voted_on_is_written_past_the_services(town, model):
    made = making.opened(town)
    for name in sorted(set(model.__table__.columns.keys()) - (MAY_CHANGE[model] - {"number"})):
        record = row_of(made, model)
        setattr(record, name, another(record, name))
        with pytest.raises(Frozen, match=name):
            db.session.flush()
        db.session.rollback()


LEFT = {
    BudgetRound: {"version", "department_id", "season_accepted_by_id", "season_accepted_at"}, BudgetPhase: {"note"},
    Envelope: {"box_id"},
    Project: {"number", "state", "place_in_order", "decided_amount", "department_id", "hidden_at", "hidden_rule",
              "author_id"}}


def test_these_columns_alone_may_still_change():
    assert {model: set(names) for model, names in MAY_CHANGE.items() if names} == LEFT
    assert set(MAY_CHANGE) - set(LEFT) == {ProjectVersion, ChoiceGroup, ExclusionGroup, ExclusionReason, ProjectKind}


def test_a_new_column_is_frozen_by_itself(town):
    envelope = making.opened(town).envelopes[0]
    table = Envelope.__table__.to_metadata(sa.MetaData())
    table.append_column(sa.Column("colour", sa.String(20)))
    wider = type("Wider", (declarative_base(),), {"__table__": table})
    freeze(wider, MAY_CHANGE[Envelope])
    record = wider(id=envelope.id)
    make_transient_to_detached(record)
    db.session.add(record)
    set_committed_value(record, "round_id", envelope.round_id)
    record.colour = "blue"
    with pytest.raises(Frozen, match="colour"):
        db.session.flush()


def test_a_column_that_is_not_there_stops_the_start():
    with pytest.raises(WrongDeclaration, match="Envelope has no column colour"):
        freeze(Envelope, ("box_id", "colour"))


def test_the_electorate_of_an_envelope_is_kept_too(town):
    made, place = making.opened(town), town.neighbourhood("독산1동")
    made.envelopes[0].voters_of.append(place)
    with pytest.raises(Frozen, match="voters_of"):
        db.session.flush()


MORE = (
    lambda made, project: Envelope(round_id=made.id, slug="x", position=9, name="x", amount=1),
    lambda made, project: Project(round_id=made.id, envelope_id=made.envelopes[0].id, code="Z1", title="x", text="x",
                                  state=ProjectState.ELIGIBLE, cost=1, proposed_cost=1, created_at=clock.now()),
    lambda made, project: ChoiceGroup(envelope_id=made.envelopes[0].id, position=1, name="x", max_choices=1),
    lambda made, project: ExclusionGroup(envelope_id=made.envelopes[0].id, why="x"),
    lambda made, project: ProjectKind(round_id=made.id, position=1, name="x"),
    lambda made, project: ExclusionReason(round_id=made.id, position=1, name="x"),
    lambda made, project: ProjectVersion(project_id=project.id, number=2, title="x", text="x", cost=1, at=clock.now()),
    lambda made, project: BudgetPhase(round_id=made.id, phase=Phase.REVIEW, starts_at=clock.now()),
)


def test_nothing_comes_to_a_round_whose_vote_is_open(town):
    made = making.opened(town, left_out=(Phase.REVIEW,))
    project = row_of(made, Project)
    for make in MORE:
        record = make(made, project)
        db.session.add(record)
        with pytest.raises(Frozen, match=record.__tablename__ if make is not MORE[-1] else "review"):
            db.session.flush()
        db.session.rollback()


@pytest.mark.both
def test_nothing_goes_from_it_and_the_days_of_its_vote_stay(town):
    made = making.opened(town)
    voting = next(one for one in made.phases if one.phase is Phase.VOTING)
    version = db.session.scalars(sa.select(ProjectVersion)).first()
    for record in (row_of(made, Project), made.envelopes[0], voting, version):
        db.session.delete(record)
        with pytest.raises(Frozen):
            db.session.flush()
        db.session.rollback()
    made.phases[0].starts_at -= timedelta(days=1)
    with pytest.raises(Frozen, match="collecting"):
        db.session.flush()


STATEMENTS = (
    sa.update(Project).values(cost=1), sa.update(Envelope).values(amount=1), sa.update(BudgetRound).values(binding="x"),
    sa.delete(ChoiceGroup), sa.delete(Project), sa.update(BudgetPhase).values(ends_at=None),
)


@pytest.mark.in_turns(of=5)
def test_no_statement_writes_many_of_them_at_once(town):
    making.opened(town)
    for statement in STATEMENTS:
        with pytest.raises(Frozen):
            db.session.execute(statement)


def test_texts_that_may_still_change_do(town):
    made = making.opened(town)
    project = row_of(made, Project)
    project.state, project.place_in_order = ProjectState.CHOSEN, 1
    project.hidden_at, project.department_id, project.author_id = clock.now(), town.department().id, None
    made.version += 1
    db.session.commit()
    project.state, project.decided_amount = ProjectState.IN_BUDGET, 5
    council = next(one for one in made.phases if one.phase is Phase.COUNCIL)
    council.starts_at += timedelta(days=1)
    db.session.commit()
    assert db.session.get(Project, project.id, populate_existing=True).decided_amount == 5


def test_before_the_opening_all_of_it_changes(town):
    made, moderator = making.prepared(town), town.moderator()
    again = rounds.edit(made.id, "envelope-1", EnvelopeParts("다른 이름", 20_000_000, max_choices=2),
                        version=made.version,
                        by=moderator)
    assert '"amount":20000000' in again.box.definition and '"limit":2' in again.box.definition


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("turn", range(3))
def test_an_edit_in_the_moment_of_the_opening_never_changes_what_was_opened(town, app, turn):
    made = making.prepared(town, envelopes=2)
    ids = [one.box_id for one in made.envelopes]
    proposed = [confirmations.propose(ConfirmedAction.OPEN, box_id, by=town.official()).id for box_id in ids]
    round_id, version = made.id, made.version
    moderators = [town.moderator().id for _one in range(3)]
    purse = EnvelopeParts("다른 이름", 20_000_000, max_choices=2)
    db.session.rollback()
    edited, *opened = all_at_once(
        app, lambda: rounds.edit(round_id, "envelope-1", purse, version=version, by=user(moderators[0])).id,
        *(lambda one=one, by=by: confirmations.confirm(one, by=user(by)).id
          for one, by in zip(proposed, moderators[1:], strict=True)))
    db.session.rollback()
    found = db.session.get(BudgetRound, round_id, populate_existing=True)
    changed = found.envelopes[0].name == "다른 이름"
    assert changed == (not isinstance(edited, Refusal))
    assert (found.opened_at is not None) == any(not isinstance(one, Refusal) for one in opened)
    for envelope, answer in zip(found.envelopes, opened, strict=True):
        box = db.session.get(BallotBox, envelope.box_id, populate_existing=True)
        assert (box.opened_at is not None) == (not isinstance(answer, Refusal))
        if box.opened_at is not None:
            assert defined(box, definition(envelope, on_ballot(envelope))).decode() == box.definition
    if changed:
        assert isinstance(opened[0], Refusal)
    else:
        assert not any(isinstance(one, Refusal) for one in opened)


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("turn", range(2))
def test_a_box_is_made_once_and_an_address_is_taken_by_one(town, app, turn):
    for _one in range(10):
        making.voter(town)
    made, moderator = making.new_round(town, phase=Phase.VOTING), town.moderator().id
    for _one in range(3):
        making.project(town, made)
    round_id, version = made.id, made.version
    db.session.rollback()
    answers = all_at_once(app, *[lambda: opening.prepare(round_id, by=user(moderator)).envelopes[0].box_id] * 4)
    assert not [one for one in answers if isinstance(one, Refusal)] and len(set(answers)) == 1
    db.session.rollback()
    version = db.session.get(BudgetRound, round_id, populate_existing=True).version
    db.session.rollback()
    answers = all_at_once(app, *[
        lambda: rounds.add(round_id, "more", PURSE, version=version, by=user(moderator)).id] * 4)
    assert sum(isinstance(one, Conflict) for one in answers) == 3


def test_a_frozen_round_is_not_unfrozen(town):
    made = making.opened(town)
    made.opened_at = None
    with pytest.raises(Frozen, match="opened_at"):
        db.session.flush()
    db.session.rollback()
    assert saved(made).opened_at is not None


TEXT = ProjectText("다른 제목의 사업", "골목에 앉아 쉴 의자를 스무 개 놓아요. 밤에는 불도 켜요.", 5_000_000, "시흥1동", "의자")
OF_PROJECTS = {
    "an edit": lambda made, project, by: projects.edit(project.id, TEXT, version=project.version, note="고쳐 써요.", by=by),
    "a withdrawal": lambda made, project, by: projects.withdraw(project.id, reason="더 하지 않아요.", by=by),
    "a merger": lambda made, project, by: projects.merge(
        project.id, "A02" if project.code == "A01" else "A01", note="같은 사업이에요.", by=by),
    "one more": lambda made, project, by: projects.hand_in(
        made.id, TEXT, Belonging(made.envelopes[0].id), form_key="f" * 32, by=by),
    "a review": lambda made, project, by: reviews.assign(project.id, project.department_id or 1, note="다시 봐요.", by=by),
    "an opinion": lambda made, project, by: reviews.ask_opinion(project.id, 1, note="물어봐요.", by=by),
    "a condition met": lambda made, project, by: reviews.say_met(project.id, note="조건을 채웠어요.", by=by),
    "a member": lambda made, project, by: committee.name(made.id, by.id, by=by),
    "fixed votes": lambda made, project, by: committee.fix(made.id, by=by),
    "votes on paper": lambda made, project, by: committee.enter(made.id, 9, {"A01": 9}, "9월 회의", by=by),
}


@pytest.mark.in_turns(of=5)
def test_no_service_of_projects_or_the_committee_changes_it_either(town):
    """The same for all who ask: its author, an official of its department, a moderator; also what is on no ballot."""
    made = making.new_round(town, phase=Phase.VOTING,
                            counting={**CountingRules().to_json(), "rule": "weighted", "share": "marks", "weights": {
        "residents": "1/2", "committee": "1/2"}}, committee_size=3, committee_fixed_at=clock.now())
    office, author = town.department(), town.resident()
    for _one in range(3):
        making.project(town, made, author=author, department_id=office.id, committee_votes=1)
    for state in (ProjectState.HANDED_IN, ProjectState.IN_REVIEW, ProjectState.NOT_ELIGIBLE):
        making.project(town, made, author=author, department_id=office.id, state=state)
    made = making.opened(town, budget_round=made)
    people = (author, town.official(department=office), town.moderator())
    before = everything(made)
    for project in db.session.scalars(sa.select(Project).order_by(Project.id)).all():
        for change in OF_PROJECTS.values():
            for who in people:
                with pytest.raises((Denied, Conflict)):
                    change(made, project, who)
                db.session.rollback()
        assert everything(made) == before, project.code


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("turn", range(3))
def test_a_withdrawal_in_the_moment_of_the_opening_is_on_no_ballot_or_refused(town, app, turn):
    author = town.resident()
    made = making.new_round(town, phase=Phase.VOTING)
    ids = [making.project(town, made, author=author).id for _one in range(4)]
    made = making.prepared(town, budget_round=made)
    box_id = made.envelopes[0].box_id
    proposed = confirmations.propose(ConfirmedAction.OPEN, box_id, by=town.official()).id
    moderator, author_id = town.moderator().id, author.id
    db.session.rollback()
    withdrawn, confirmed = all_at_once(
        app, lambda: projects.withdraw(ids[0], reason="더 하지 않아요.", by=user(author_id)).id,
        lambda: confirmations.confirm(proposed, by=user(moderator)).id)
    db.session.rollback()
    gone = db.session.get(Project, ids[0], populate_existing=True).state is ProjectState.WITHDRAWN
    opened_at = db.session.get(BallotBox, box_id, populate_existing=True).opened_at
    assert gone == (not isinstance(withdrawn, Refusal)) == (opened_at is None) == isinstance(confirmed, Refusal)
