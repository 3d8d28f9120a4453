"""Permissions about awards: what may be nominated, who scores, and when a round is published."""

from datetime import timedelta

import pytest

from civic_forum.answers.rules import AnswerOutcome
from civic_forum.awards.models import AwardNominee, AwardRound
from civic_forum.awards.policy import WORTH, why_not_worth
from civic_forum.awards.queries import AwardCase, Panel
from civic_forum.awards.rules import RoundState
from civic_forum.platform import clock, policy
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State
from tests.factories import MAY

DAY = timedelta(days=1)


@pytest.mark.parametrize(("facts", "outcome", "words"), [
    ({}, AnswerOutcome.ACCEPTED, None),
    ({"published_at": None}, AnswerOutcome.ACCEPTED, "거두었거나 가린"),
    ({"hidden_at": MAY}, AnswerOutcome.ACCEPTED, "거두었거나 가린"),
    ({"state": State.WITHDRAWN}, AnswerOutcome.ACCEPTED, "거두었거나 가린"),
    ({}, None, "하기로 했거나"),
    ({}, next(one for one in AnswerOutcome if one not in WORTH), "하기로 했거나"),
    ({"author_id": "own"}, AnswerOutcome.ACCEPTED, "내가 쓴"),
])
def test_proposals_that_may_be_nominated(town, facts, outcome, words):
    moderator = town.moderator()
    if "author_id" in facts:
        facts = {"author_id": moderator.id}
    proposal = Proposal(**{"state": State.ANSWERED, "published_at": MAY, "author_id": 0} | facts)
    reason = why_not_worth(moderator, proposal, outcome)
    assert reason is None if words is None else words in reason


@pytest.fixture
def scored(town):
    """A nominee of a round that is scored until today, its jury and its author."""
    people = {"juror": town.moderator(), "second": town.clerk(), "other": town.moderator(), "author": town.official(),
              "again": town.clerk(), "user": town.user()}
    people["again"].person_id = people["author"].person_id = 7
    round_ = AwardRound(state=RoundState.SCORING, scores_until=local(clock.now()).date())
    proposal = Proposal(state=State.ANSWERED, published_at=MAY, author=people["author"])
    nominee = AwardNominee(round=round_, proposal=proposal)
    jury = {people[name].id: people[name] for name in ("juror", "second", "author", "again")}
    return people, AwardCase(nominee, jury, {people["second"].id: (1, 2)})


def who(people, name, subject):
    with db.session.no_autoflush:  # the person of two accounts is only a number here
        return {one for one, actor in people.items() if policy.can(actor, f"awards.{name}", subject)}


def test_jurors_score_once_on_time_and_not_what_they_wrote(scored):
    people, case = scored
    assert who(people, "score", case) == {"juror"}
    for record, facts in ((case.round, {"state": RoundState.NOMINATING}), (case.round, {"state": RoundState.PUBLISHED}),
                          (case.round, {"scores_until": case.round.scores_until - DAY}),
                          (case.nominee, {"declined_at": MAY}), (case.proposal, {"hidden_at": MAY})):
        before = {name: getattr(record, name) for name in facts}
        for values, expected in ((facts, set()), (before, {"juror"})):
            for name, value in values.items():
                setattr(record, name, value)
            assert who(people, "score", case) == expected, facts


def test_an_author_declines_once_until_it_is_published(scored):
    people, case = scored
    assert who(people, "decline", case) == {"author"}
    case.nominee.declined_at = MAY
    assert not who(people, "decline", case)
    case.nominee.declined_at, case.round.state = None, RoundState.PUBLISHED
    assert not who(people, "decline", case)


def test_a_round_is_published_once_it_was_scored(scored):
    people, case = scored
    panel = Panel(case.round, case.jury, [])
    assert who(people, "publish", panel) == {"juror", "other"}
    for state in (RoundState.NOMINATING, RoundState.PUBLISHED):
        case.round.state = state
        assert not who(people, "publish", panel)
