"""Steps of a proposal: its author, supporters and followers hear of each."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.agendas.rules import AgendaState, Relation
from civic_forum.agendas.services import grouping, making, merging
from civic_forum.agendas.services.making import Wording
from civic_forum.answers.rules import AnswerKind
from civic_forum.answers.services import author as answer_author
from civic_forum.answers.services import cases, texts
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from civic_forum.notifications.models import Notice
from civic_forum.notifications.rules import NoticeKind
from civic_forum.proposals.models import Support
from civic_forum.proposals.services import publication, supports
from tests import factories
from tests.answers.making import on_the_table, published, text

from .told import last, steps, told

MINE, SUPPORTED = NoticeKind.MY_PROPOSAL, NoticeKind.SUPPORTED


@pytest.fixture
def scene(town):
    """A proposal on the table of a department, one who supports it and one who follows it."""
    official, author, follower = town.official(), town.resident(), town.resident()
    proposal = town.proposal(author=author, threshold=2)
    supporter, second = town.resident(), town.resident()
    supports.support(proposal.id, by=supporter)
    supports.follow(proposal.id, by=follower)
    supports.support(proposal.id, by=second)
    cases.take(proposal.id, by=official)
    return town, proposal, author, supporter, follower, second, official


def test_the_threshold_is_told_to_all_but_the_one_who_reached_it(scene):
    _town, _proposal, author, supporter, follower, second, _official = scene
    assert told(author) == [(MINE, "threshold")]
    assert told(supporter) == told(follower) == [(SUPPORTED, "threshold")]
    assert told(second) == []


def test_an_answer_leads_to_itself(scene):
    town, proposal, author, supporter, follower, _second, official = scene
    answer = published(proposal, official, town.official())
    for reader, kind in ((author, MINE), (supporter, SUPPORTED), (follower, SUPPORTED)):
        assert told(reader)[-1] == (kind, "answered")
        assert last(reader).url == f"/proposals/{proposal.number}#answer-{answer.id}"
        assert last(reader).title == (proposal.title if reader is author else "")


def test_every_step_until_it_is_done(scene):
    town, proposal, author, supporter, _follower, _second, official = scene
    published(proposal, official, town.official(), text(kind=AnswerKind.INTERIM, outcome=None))
    cases.ask_completion(proposal.id, asked="어느 골목인지 알려 주세요.", by=official)
    answer_author.complete(proposal.id, reply="시흥1동 12길이에요.", by=author)
    published(proposal, official, town.official())
    assert steps(supporter) == ["threshold", "interim_answer", "completion", "completed", "answered"]
    assert steps(author) == ["threshold", "interim_answer", "completion", "answered"]


def test_an_author_who_takes_it_back_tells_the_supporters_and_not_themselves(scene):
    _town, proposal, author, supporter, _follower, _second, _official = scene
    publication.withdraw(proposal.id, reason="다른 곳에서 해결됐어요.", by=author)
    assert steps(supporter)[-1] == "withdrawn"
    assert "withdrawn" not in steps(author)


@pytest.mark.both
def test_somebody_who_follows_no_more_hears_no_more(scene):
    town, proposal, _author, supporter, follower, _second, official = scene
    supports.end_follow(proposal.id, by=follower)
    published(proposal, official, town.official())
    assert steps(follower) == ["threshold"]
    assert steps(supporter) == ["threshold", "answered"]


@pytest.mark.in_turns(of=5)
def test_supporters_of_what_was_merged_hear_of_the_one_that_is_carried_on(town):
    kick, board, official = town.proposal(), town.proposal(threshold=1), town.official()
    one, other, gone = town.resident(), town.resident(), town.resident()
    for user in (one, gone):
        supports.support(kick.id, by=user)
    merge = merging.merge(kick.id, board.id, "같은 골목의 같은 문제예요.", by=town.moderator())
    merging.opt_out(merge.id, by=gone)
    supports.support(board.id, by=other)
    cases.take(board.id, by=official)
    published(board, official, town.official())
    assert steps(one)[-1] == steps(other)[-1] == "answered"
    assert "answered" not in steps(gone)


def test_an_author_who_follows_the_own_proposal_is_told_once(scene):
    town, proposal, author, _supporter, _follower, _second, official = scene
    supports.follow(proposal.id, by=author)
    published(proposal, official, town.official())
    assert told(author) == [(MINE, "threshold"), (MINE, "answered")]


def test_an_act_done_and_taken_back_again_and_again_is_told_once_a_day(town):
    author, moderator = town.resident(), town.moderator()
    proposal = town.proposal(author=author)
    agenda = making.begin("alley", Wording("골목을 함께 쓰려면 무엇부터 할까요?"), by=moderator)
    grouping.group(agenda.id, [proposal.id], Relation.CORE, "같은 골목의 이야기예요.", by=moderator)
    making.publish(agenda.id, by=moderator)
    for state in (AgendaState.IN_DELIBERATION, AgendaState.CLOSED) * 3:
        making.move(agenda.id, state, by=moderator)
    assert [steps(author).count(f"agenda_{state}") for state in ("in_deliberation", "closed")] == [1, 1]


@pytest.mark.both
@pytest.mark.parametrize("many", [1_000, pytest.param(20_000, marks=pytest.mark.long)])
def test_one_transaction_tells_everybody(town, queries, many):
    """However many support it, an answer takes as many statements as for one."""
    counts = []
    for crowd in (1, many):
        official, second = town.official(), town.official()
        proposal = on_the_table(town, official)
        now, mark = clock.now(), f"crowd{proposal.id}x"
        with use_case(None) as work:
            work.session.execute(sa.insert(User), [
                {"sign_in_name": f"{mark}{n}", "sign_in_key": f"{mark}{n}", "nickname": f"사람{n}", "language": "ko",
                 "created_at": now} for n in range(crowd)])
            work.session.execute(sa.insert(Support).from_select(
                ["proposal_id", "user_id", "as_resident", "at"],
                sa.select(sa.literal(proposal.id), User.id, sa.true(), sa.literal(now, Support.at.type)).where(
                    User.sign_in_key.like(f"{mark}%"))))
        factories.sized_up()
        written = texts.submit(proposal.id, text(), seen=0, by=official)
        with queries() as seen:
            texts.approve(proposal.id, seen=written.version, by=second)
        counts.append(len(seen))
        told_of_it = db.session.scalar(sa.select(sa.func.count()).select_from(notices_of(proposal)))
        assert told_of_it == crowd + 2
    assert counts[0] == counts[1]


def notices_of(proposal):
    return sa.select(Notice.id).where(Notice.about == f"proposal:{proposal.id}", Notice.step == "answered").subquery()
