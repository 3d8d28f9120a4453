"""Handing in a project: who may, when, how much it may cost, and what comes of a proposal."""

from secrets import token_hex

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.budgets.models import ProjectKind
from civic_forum.budgets.rules import ProjectState
from civic_forum.budgets.projects import services as projects
from civic_forum.budgets.projects.models import Project, ProjectVersion
from civic_forum.budgets.projects.rules import Belonging, ProjectText
from civic_forum.comments.models import Thread
from civic_forum.journeys.models import JourneyEntry
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from tests.budgets import making
from tests.factories import saved
from tests.racing import at_once


def text(**facts) -> ProjectText:
    return ProjectText(**{"title": "골목 쉼터 만들기", "text": "버스를 기다리며 앉아 쉴 의자를 세 개 놓아요.",
                          "cost": 10_000_000, "place": "시흥1동 골목", "scope": "의자 세 개"} | facts)


def hand_in(budget_round, *, by, belonging=None, form_key=None, proposal=None, **facts) -> Project:
    return projects.hand_in(budget_round.id, text(**facts), belonging or Belonging(budget_round.envelopes[0].id),
                            form_key=form_key or token_hex(16), proposal_number=proposal and proposal.number, by=by)


def steps_of(journey_id) -> list[str]:
    return list(db.session.scalars(sa.select(JourneyEntry.step).filter_by(journey_id=journey_id)
                                   .order_by(JourneyEntry.id)))


@pytest.mark.both
def test_a_resident_hands_in_a_project_with_all_that_hangs_on_it(town):
    budget_round, resident, place = making.new_round(town), town.resident(), town.neighbourhood()
    belonging = Belonging(budget_round.envelopes[0].id, place.id, "safety")
    made = hand_in(budget_round, by=resident, belonging=belonging)
    db.session.refresh(made)
    assert (made.code, made.state, made.version) == ("A01", ProjectState.HANDED_IN, 1)
    assert (made.author_id, made.neighbourhood_id, made.category) == (resident.id, place.id, "safety")
    assert made.cost == made.proposed_cost == 10_000_000 and made.text_html.startswith("<p>")
    assert db.session.get(Thread, made.thread_id).owner_id == made.id
    assert steps_of(made.journey_id) == ["project_handed_in"]
    [kept] = db.session.scalars(sa.select(ProjectVersion).filter_by(project_id=made.id))
    assert (kept.number, kept.title, kept.cost, kept.by_id) == (1, made.title, made.cost, resident.id)
    [trail] = db.session.scalars(sa.select(AuditEntry).filter_by(action="budgets.project_handed_in"))
    assert trail.actor_id == resident.id and trail.details == {"round": budget_round.slug, "code": "A01"}


def test_codes_count_on_within_the_letter_of_their_envelope(town):
    budget_round = making.new_round(town, envelopes=2)
    resident = town.resident()
    first, second = (Belonging(one.id) for one in budget_round.envelopes)
    codes = [hand_in(budget_round, by=resident, belonging=one).code for one in (first, second, first, second, second)]
    assert codes == ["A01", "B01", "A02", "B02", "B03"]


def test_a_second_click_finds_what_the_first_one_made(town):
    budget_round, resident, key = making.new_round(town), town.resident(), token_hex(16)
    first, second = (hand_in(budget_round, by=resident, form_key=key) for _click in range(2))
    assert first.id == second.id
    assert db.session.scalar(sa.select(sa.func.count(Project.id))) == 1


def test_the_key_of_somebody_elses_form_shows_nothing_of_it(town):
    budget_round, key = making.new_round(town), token_hex(16)
    hand_in(budget_round, by=town.resident(), form_key=key)
    with pytest.raises(Conflict):
        hand_in(budget_round, by=town.resident(), form_key=key)


@pytest.mark.in_turns(of=10)
@pytest.mark.both
@pytest.mark.parametrize(("facts", "field"), [
    ({"title": "짧다"}, "title"), ({"title": "가" * 101}, "title"), ({"text": "너무 짧은 글"}, "text"),
    ({"text": "가" * 10_001}, "text"), ({"cost": 0}, "cost"), ({"cost": -1}, "cost"), ({"cost": 10**15}, "cost"),
    ({"place": "가" * 301}, "place"), ({"scope": "가" * 1_001}, "scope"), ({"cost_note": "가" * 301}, "cost_note"),
    ({"text": "주민등록번호 900101-1234568 로 연락 주세요. 의자를 놓아요."}, "text"),
    ({"place": "900101-1234568"}, "place"),
])
def test_a_text_that_does_not_fit_is_named_and_leaves_no_trace(town, facts, field):
    budget_round, resident = making.new_round(town), town.resident()
    with pytest.raises(Refusal) as refused:
        hand_in(budget_round, by=resident, **facts)
    assert refused.value.field == field and refused.value.status == 422
    assert db.session.scalar(sa.select(sa.func.count(Project.id))) == 0
    assert db.session.scalar(sa.select(sa.func.count(Thread.id))) == 0


def test_the_lower_of_the_caps_holds_and_the_sentence_says_it(town):
    budget_round = making.new_round(town, project_cap=50_000_000)
    kind = saved(ProjectKind(round_id=budget_round.id, position=1, name="행사성 사업", cap=20_000_000))
    belonging, resident = Belonging(budget_round.envelopes[0].id, kind_id=kind.id), town.resident()
    with pytest.raises(Refusal, match="2,000만 원") as refused:
        hand_in(budget_round, by=resident, belonging=belonging, cost=20_000_001)
    assert refused.value.field == "cost"
    assert hand_in(budget_round, by=resident, belonging=belonging, cost=20_000_000).kind_id == kind.id
    with pytest.raises(Refusal, match="5,000만 원"):
        hand_in(budget_round, by=resident, cost=50_000_001)
    assert hand_in(budget_round, by=resident, cost=50_000_000)


def test_nothing_costs_more_than_its_envelope_has(town):
    budget_round = making.new_round(town, project_cap=None)
    with pytest.raises(Refusal, match="1억 원"):
        hand_in(budget_round, by=town.resident(), cost=100_000_001)


def test_envelope_kind_and_neighbourhood_are_those_of_the_round(town):
    budget_round, other, resident = making.new_round(town), making.new_round(town), town.resident()
    kind = saved(ProjectKind(round_id=other.id, position=1, name="행사성 사업"))
    own = budget_round.envelopes[0].id
    for belonging, field in ((Belonging(other.envelopes[0].id), "envelope"), (Belonging(own, kind_id=kind.id), "kind"),
                             (Belonging(own, neighbourhood_id=10**6), "neighbourhood")):
        with pytest.raises(Refusal) as refused:
            hand_in(budget_round, by=resident, belonging=belonging)
        assert refused.value.field == field


def test_the_money_of_a_neighbourhood_takes_its_projects_only(town):
    budget_round, here, there = making.new_round(town), town.neighbourhood("시흥1동"), town.neighbourhood("가산동")
    envelope = making.envelope(budget_round, neighbourhood_id=here.id)
    with pytest.raises(Refusal) as refused:
        hand_in(budget_round, by=town.resident(), belonging=Belonging(envelope.id, there.id))
    assert refused.value.field == "neighbourhood"
    assert hand_in(budget_round, by=town.resident(), belonging=Belonging(envelope.id, here.id)).code == "B01"


@pytest.mark.both
def test_a_proposal_becomes_a_project_of_its_author_and_both_say_so(town):
    budget_round, author = making.new_round(town), town.resident()
    proposal = town.proposal(author=author)
    made = hand_in(budget_round, by=author, proposal=proposal)
    assert (made.proposal_id, made.author_id) == (proposal.id, author.id)
    [entry] = db.session.scalars(sa.select(JourneyEntry).filter_by(journey_id=proposal.journey_id))
    assert (entry.step, entry.link) == ("became_project", f"/budgets/{budget_round.slug}/projects/{made.code}")


def test_of_others_proposals_only_moderators_make_projects_and_the_author_stays_the_proposer(town):
    budget_round, author = making.new_round(town), town.resident()
    proposal = town.proposal(author=author)
    with pytest.raises(Denied):
        hand_in(budget_round, by=town.resident(), proposal=proposal)
    assert hand_in(budget_round, by=town.moderator(), proposal=proposal).author_id == author.id


def test_a_proposal_is_one_project_of_a_round_until_that_was_withdrawn(town):
    budget_round, author = making.new_round(town), town.resident()
    proposal = town.proposal(author=author)
    first = hand_in(budget_round, by=author, proposal=proposal)
    with pytest.raises(Conflict):
        hand_in(budget_round, by=author, proposal=proposal)
    projects.withdraw(first.id, reason="다시 생각해 볼게요.", by=author)
    assert hand_in(budget_round, by=author, proposal=proposal).code == "A02"


def test_an_unknown_number_of_a_proposal_is_refused(town):
    budget_round = making.new_round(town)
    with pytest.raises(Refusal) as refused:
        projects.hand_in(budget_round.id, text(), Belonging(budget_round.envelopes[0].id), form_key=token_hex(16),
                         proposal_number="2026-9999", by=town.resident())
    assert refused.value.field == "proposal"


def test_many_at_once_get_codes_of_their_own(town, app):
    budget_round = making.new_round(town)
    residents = [town.resident().id for _one in range(6)]
    round_id, envelope_id = budget_round.id, budget_round.envelopes[0].id
    db.session.rollback()
    made = at_once(app, 6, lambda n: projects.hand_in(
        round_id, text(), Belonging(envelope_id), form_key=token_hex(16), by=db.session.get(User, residents[n])).code)
    assert sorted(made) == [f"A{number:02d}" for number in range(1, 7)]
