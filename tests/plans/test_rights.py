"""Plans of a neighbourhood are prepared by its own people; whom a plan gives a duty has a say."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.ballots.rules.quorums import Missed, Quorum
from civic_forum.commitments.models import Commitment, CommitmentEntry
from civic_forum.commitments.services import entries
from civic_forum.notifications.models import Notice
from civic_forum.plans import queries as known
from civic_forum.plans import reactions, services
from civic_forum.plans.models import Plan
from civic_forum.plans.parts import PlanFacts
from civic_forum.plans.rules import PlanKind, VersionState
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied
from civic_forum.platform.i18n import local
from civic_forum.search.models import Entry
from tests.budgets import making as budgets
from tests.budgets.results.published import published
from tests.budgets.results.test_publishing import ballots_for
from tests.factories import count, saved

from .making import in_force, many, passed, plan, table, written


def own(town, by, *, kind=PlanKind.NEIGHBOURHOOD, **facts):
    return services.make(PlanFacts(
        kind=kind, title="2031년 자치계획", year=2031, unit="thousand", department_id=town.department().id,
        **{"body_id": None, "neighbourhood_id": None} | facts), by=by)


@pytest.mark.both
def test_clerks_and_secretaries_prepare_plans_of_their_own_neighbourhood_alone(town, pair, browse):
    here, there = town.neighbourhood(), town.neighbourhood("가산동")
    clerk, secretary = town.clerk(), town.user()
    council, thing = passed(town, secretary)
    db.session.get_one(type(council), council.id).neighbourhood_id = here.id
    db.session.commit()
    for by, facts in ((clerk, {"neighbourhood_id": there.id}), (clerk, {}), (secretary, {"neighbourhood_id": here.id}),
                      (clerk, {"kind": PlanKind.OTHER, "neighbourhood_id": here.id}),
                      (secretary, {"body_id": council.id, "neighbourhood_id": there.id}),
                      (town.resident(), {"neighbourhood_id": here.id})):
        with pytest.raises(Denied):
            own(town, by, **facts)
    assert not count(Plan), "refused without a trace"
    made = own(town, clerk, body_id=council.id, neighbourhood_id=here.id)
    assert written(made.slug, 1, many(2), secretary)
    for other in (town.clerk(neighbourhood=there), town.user()):
        with pytest.raises(Denied):
            services.ask(made.slug, 1, by=other)
    services.ask(made.slug, 1, by=secretary)
    services.decide(made.slug, 1, thing, local(clock.now()).date(), by=clerk)
    for by in (clerk, secretary):
        with pytest.raises(Denied):  # departments get duties
            services.propose_force(made.slug, 1, by=by)
    desk = browse(secretary)
    assert made.title in desk.get("/desk/plans").text and "/desk/plans" in desk.get("/me/meetings").text
    page = desk.get(f"/desk/plans/{made.slug}/1").text
    assert "담당자가 해요" in page and "이 판을 쓰자고 하기" not in page
    first, second = pair
    subject = services.subject_of(services.propose_force(made.slug, 1, by=first))
    services.FORCE.confirm(subject, by=second)
    assert count(Commitment) == 2


@pytest.mark.both
def test_a_version_is_named_by_a_number_that_one_may_have(town):
    made = plan(town.official())
    assert known.named_version(made.slug) == known.named_version(f"{made.slug}/1") == made.versions[0]
    assert not any(known.named_version(f"{made.slug}/{number}") for number in ("2", "9" * 30, "²", ""))


@pytest.mark.both
def test_another_department_is_told_of_its_action_and_takes_it_or_not(town, pair):
    first, second = pair
    road = town.department("도로과")
    official = town.official(department=road)
    _council, thing = passed(town, town.user())
    made = plan(first, text=table("1,기반,길을 고쳐요,도로과,5,", "2,기반,버스를 늘려요,교통행정과,7,"))
    in_force(made.slug, 1, thing, first, second, local(clock.now()).date())
    db.session.rollback()
    promised = db.session.scalars(sa.select(Commitment).order_by(Commitment.id)).all()
    assert {each.department_id for each in promised} == {made.department_id}
    [entry] = db.session.scalars(sa.select(CommitmentEntry).where(CommitmentEntry.state == "waiting"))
    assert (entry.commitment_id, entry.content["department"]) == (promised[0].id, road.id)
    assert count(Notice) and official.id in db.session.scalars(sa.select(Notice.user_id)).all()
    with pytest.raises(Denied):
        entries.approve(promised[0].id, entry.number, seen=promised[0].version, by=second)
    entries.approve(promised[0].id, entry.number, seen=promised[0].version, by=official)
    db.session.rollback()
    assert db.session.get_one(Commitment, promised[0].id).department_id == road.id
    services.next_version(made.slug, "", by=first)
    in_force(made.slug, 2, thing, first, second, local(clock.now()).date())
    db.session.rollback()
    assert not db.session.scalars(sa.select(CommitmentEntry).where(CommitmentEntry.state == "waiting")).all()


@pytest.mark.both
def test_a_round_that_missed_its_quorum_decides_no_plan_and_the_page_says_so(town, pair, browse):
    first, _second = pair
    here = town.neighbourhood()
    made = plan(first, kind=PlanKind.NEIGHBOURHOOD, neighbourhood_id=here.id, text=many(2))
    services.ask(made.slug, 1, by=first)
    voted = budgets.new_round(town, phase=budgets.Phase.CHOSEN, quorum=Quorum.MIN_VOTERS, quorum_value=50,
                              quorum_missed=Missed.VOID)
    voted.envelopes[0].neighbourhood_id = here.id
    db.session.commit()
    assert "정족수를 채우지 못해" not in browse().get(f"/plans/{made.slug}").text
    published(town, (60_000_000, 50_000_000, 40_000_000), ballots_for(5, 9, 7), budget_round=voted)
    page = browse().get(f"/plans/{made.slug}").text
    assert "정족수를 채우지 못해 아직 정하지 못했어요" in page and voted.title in page
    version = known.plan(made.slug).versions[0]
    assert not known.deciders(version.plan) and version.state is VersionState.ASKED


def test_a_version_decided_while_another_is_asked_stays_as_it_is(town, pair, browse):
    first, _second = pair
    _council, thing = passed(town, town.user())
    made = plan(first, text=many(1))
    services.ask(made.slug, 1, by=first)
    services.next_version(made.slug, "", by=first)
    answer = browse(first).post(f"/desk/plans/{made.slug}/2", data={
        "act": "decide", "about": thing, "on": str(local(clock.now()).date())})
    assert answer.status_code == 409 and "다른 판을 묻고 있어요" in answer.text
    assert [version.state for version in known.plan(made.slug).versions] == [VersionState.ASKED, VersionState.DRAFT]


@pytest.mark.both
def test_a_plan_of_before_versions_comes_into_the_search(town, browse):
    old = saved(Plan(slug="plan-7", kind=PlanKind.OTHER, title="2019년 느티나무 계획", year=2019, mapping={},
                     public_at=clock.now() - timedelta(days=9)))
    saved(Plan(slug="plan-8", kind=PlanKind.OTHER, title="2019년 비밀 계획", year=2019, mapping={}))
    reactions.make_findable()
    reactions.make_findable()
    assert db.session.scalars(sa.select(Entry.ref_id).where(Entry.kind == "plan")).all() == [old.id]
    assert "/plans/plan-7" in browse().get("/search?q=느티나무").text
