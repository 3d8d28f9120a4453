"""A round of awards: nominated, scored alone, published once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.awards import queries, services
from civic_forum.awards.events import AwardPublished, ProposalNominated
from civic_forum.awards.models import AwardNominee, AwardScore
from civic_forum.awards.rules import RoundState
from civic_forum.journeys.models import JourneyEntry
from civic_forum.platform import clock, hooks
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.proposals.services import publication as proposals
from tests.answers.making import declined, on_the_table, published
from tests.racing import at_once

from .making import REASON, WHY, Round, answered, begun


@pytest.fixture
def told(monkeypatch):
    facts = []
    for kind in (ProposalNominated, AwardPublished):
        monkeypatch.setitem(hooks._listeners, kind, [lambda fact, _session: facts.append(fact)])
    return facts


def steps_of(proposal):
    return {one.step: one for one in db.session.scalars(sa.select(JourneyEntry).filter_by(
        journey_id=proposal.journey_id))}


def test_a_round_from_nomination_to_publication(town, told):
    made = Round(town).score().publish()
    first, second = made.proposals
    panel = queries.public(made.id)
    assert panel.places == {made.nominees[0]: 1, made.nominees[1]: 2}
    assert [one.nominee.reason for one in panel.ranked] == [REASON, None]
    awarded = steps_of(first)["awarded"]
    assert awarded.evidence == "2030년 올해의 제안 1위" and awarded.link == f"/awards/{made.id}"
    assert "nominated" in steps_of(second) and "awarded" not in steps_of(second)
    assert told == [ProposalNominated(made.nominees[0], first.id), ProposalNominated(made.nominees[1], second.id),
                    AwardPublished(made.id, (first.id,))]


def test_only_what_the_office_took_up_is_nominated(town):
    moderator, official = town.moderator(), town.official()
    round_id = begun(moderator).id
    refused = on_the_table(town, official)
    published(refused, official, town.official(), declined())
    own = answered(town, author=moderator)
    hidden = answered(town)
    hidden.hidden_at, hidden.hidden_rule = clock.now(), "abuse"
    db.session.commit()
    for one in (refused, own, hidden, town.proposal()):
        with pytest.raises(Refusal):
            services.nominate(round_id, one.number, WHY, by=moderator)
    with pytest.raises(Refusal):
        services.nominate(round_id, "2031-9999", WHY, by=moderator)
    good = answered(town)
    services.nominate(round_id, good.number, WHY, by=official)
    with pytest.raises(Conflict):
        services.nominate(round_id, good.number, WHY, by=moderator)
    for somebody in (town.resident(), town.clerk()):
        with pytest.raises(Denied):
            services.nominate(round_id, good.number, WHY, by=somebody)


def test_a_jury_is_of_people_with_a_role(town):
    moderator = town.moderator()
    round_id = begun(moderator).id
    for user_id in (town.resident().id, 999_999, None):
        with pytest.raises(Refusal):
            services.choose_juror(round_id, user_id, by=moderator)
    clerk = town.clerk()
    services.choose_juror(round_id, clerk.id, by=moderator)
    with pytest.raises(Conflict):
        services.choose_juror(round_id, clerk.id, by=moderator)
    with pytest.raises(Denied):
        services.choose_juror(round_id, clerk.id, by=town.official())


def test_scoring_needs_a_jury_and_nominees_and_then_both_stay(town):
    made = Round(town)
    with pytest.raises(Denied):
        services.nominate(made.id, answered(town).number, WHY, by=made.moderator)
    with pytest.raises(Denied):
        services.choose_juror(made.id, town.clerk().id, by=made.moderator)
    empty = begun(made.moderator, name="빈 포상").id
    with pytest.raises(Conflict):
        services.begin_scoring(empty, by=made.moderator)


def test_a_juror_hands_in_once_and_only_whole_sheets(town):
    made = Round(town)
    juror = made.jury[0]
    for points in ((9,), (11, 0), (None, 1), (1, 1, 1)):
        with pytest.raises(Refusal):
            services.score(made.nominees[0], points, by=juror)
    services.score(made.nominees[0], (9, 9), by=juror)
    with pytest.raises(Denied):
        services.score(made.nominees[0], (1, 1), by=juror)
    for stranger in (town.moderator(), town.resident(), made.moderator):
        with pytest.raises(Denied):
            services.score(made.nominees[0], (1, 1), by=stranger)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AwardScore)) == 1


def test_nobody_scores_the_own_proposal(town):
    made = Round(town, scoring=False)
    author = town.clerk()
    own = answered(town, author=author)
    nominee = services.nominate(made.id, own.number, WHY, by=made.moderator)
    services.choose_juror(made.id, author.id, by=made.moderator)
    services.begin_scoring(made.id, by=made.moderator)
    with pytest.raises(Denied, match="내가 쓴"):
        services.score(nominee.id, (9, 9), by=author)
    case = queries.case(nominee.id)
    assert author.id not in case.jurors and len(case.jurors) == 3
    services.score(made.nominees[0], (9, 9), by=author)


def test_a_role_that_was_withdrawn_scores_no_more(town):
    made = Round(town)
    juror = made.jury[2]
    for grant in juror.grants:
        grant.withdrawn_at = clock.now()
    db.session.commit()
    with pytest.raises(Denied):
        services.score(made.nominees[0], (9, 9), by=juror)


def test_nothing_is_published_before_every_sheet_is_in_or_the_day_is_over(town, at):
    made = Round(town, days=2)
    services.score(made.nominees[0], (9, 9), by=made.jury[0])
    services.score(made.nominees[0], (9, 9), by=made.jury[1])
    with pytest.raises(Denied, match="4개"):
        services.publish(made.id, {}, by=made.moderator)
    later = clock.now() + timedelta(days=4)
    at(later)
    with pytest.raises(Denied):
        services.score(made.nominees[1], (9, 9), by=made.jury[0])
    made.publish()
    assert queries.public(made.id).places == {made.nominees[0]: 1}


def test_every_award_needs_a_reason_and_is_published_once(town):
    made = Round(town).score()
    with pytest.raises(Refusal) as refusal:
        services.publish(made.id, {}, by=made.moderator)
    assert refusal.value.field == f"reason_{made.nominees[0]}"
    assert queries.panel(made.id).round.state is RoundState.SCORING
    made.publish()
    with pytest.raises(Denied):
        services.publish(made.id, {made.nominees[0]: REASON}, by=made.moderator)


@pytest.mark.in_turns(of=3)
@pytest.mark.parametrize("how", ["hidden", "withdrawn", "declined"])
def test_a_nominee_that_is_gone_meanwhile_is_neither_scored_nor_awarded(town, how):
    made = Round(town)
    gone = made.proposals[0]
    if how == "hidden":
        gone.hidden_at, gone.hidden_rule = clock.now(), "abuse"
        db.session.commit()
    elif how == "withdrawn":
        proposals.withdraw(gone.id, reason="다른 곳에서 해결됐어요.", by=gone.author)
    else:
        services.decline(made.nominees[0], by=gone.author)
    with pytest.raises(Denied):
        services.score(made.nominees[0], (9, 9), by=made.jury[0])
    for juror in made.jury:
        services.score(made.nominees[1], (1, 1), by=juror)
    made.publish()
    assert queries.public(made.id).places == {made.nominees[1]: 1} and "awarded" not in steps_of(gone)


def test_an_author_declines_until_it_is_published_and_nobody_else(town):
    made = Round(town)
    with pytest.raises(Denied):
        services.decline(made.nominees[0], by=made.moderator)
    services.decline(made.nominees[0], by=made.proposals[0].author)
    with pytest.raises(Denied):
        services.decline(made.nominees[0], by=made.proposals[0].author)
    for juror in made.jury:
        services.score(made.nominees[1], (1, 1), by=juror)
    made.publish()
    with pytest.raises(Denied):
        services.decline(made.nominees[1], by=made.proposals[1].author)


def test_a_published_award_stays_when_a_proposal_is_hidden_later(town):
    made = Round(town, winners=2).score().publish()
    made.proposals[0].hidden_at, made.proposals[0].hidden_rule = clock.now(), "abuse"
    db.session.commit()
    assert queries.public(made.id).places == {made.nominees[0]: 1, made.nominees[1]: 2}


def test_a_round_has_a_name_of_its_own_in_its_year(town):
    moderator = town.moderator()
    begun(moderator)
    with pytest.raises(Conflict):
        begun(moderator)
    with pytest.raises(Denied):
        begun(town.official(), name="다른 포상")
    with pytest.raises(Refusal):
        begun(moderator, name="지난 포상", days=-1)


def test_two_moderators_publish_at_once_and_one_of_them_has_done_it(app, town):
    made, second = Round(town).score(), town.moderator()
    reasons = {made.nominees[0]: REASON}
    both = [made.moderator.id, second.id]
    db.session.rollback()
    outcomes = at_once(app, 2, lambda n: services.publish(made.id, reasons, by=db.session.get(User, both[n])))
    assert len([one for one in outcomes if isinstance(one, Refusal)]) == 1
    steps = db.session.scalars(sa.select(JourneyEntry).filter_by(step="awarded")).all()
    assert len(steps) == 1
    assert db.session.scalar(sa.select(AwardNominee.place).filter_by(id=made.nominees[0])) == 1
