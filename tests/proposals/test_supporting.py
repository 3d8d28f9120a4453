"""공감: who may give it, when, and what the last one needed does."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.journeys.queries import entries
from civic_forum.platform import events
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound
from civic_forum.proposals import labels
from civic_forum.proposals.events import ProposalSupported, ThresholdReached
from civic_forum.proposals.models import Support
from civic_forum.proposals.rules import TAKES_SUPPORT, State
from civic_forum.proposals.services import supports
from tests.factories import MAY


def trail():
    return list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))


def journey(proposal):
    return [entry.step for entry in entries(proposal.journey_id)]


def test_residents_are_counted_beside_others(town):
    bench = town.proposal()
    supports.support(bench.id, by=town.resident())
    supports.support(bench.id, by=town.user())
    assert (bench.support_count, bench.resident_support_count) == (2, 1)


def test_nobody_supports_twice(town):
    bench, anna = town.proposal(), town.user()
    supports.support(bench.id, by=anna)
    supports.support(bench.id, by=anna)
    assert bench.support_count == 1
    assert trail() == ["proposals.supported"]


def test_a_support_can_be_taken_back_and_given_again(town):
    bench, anna = town.proposal(), town.resident()
    supports.support(bench.id, by=anna)
    supports.end_support(bench.id, by=anna)
    assert (bench.support_count, bench.resident_support_count) == (0, 0)
    supports.end_support(bench.id, by=anna)
    supports.support(bench.id, by=anna)
    assert (bench.support_count, bench.resident_support_count) == (1, 1)
    assert journey(bench) == ["first_support"]


def test_the_last_support_needed_obliges_the_office_once(town, monkeypatch):
    told = []
    monkeypatch.setattr(events, "publish", told.extend)
    bench, anna = town.proposal(threshold=2), town.resident()
    supports.support(bench.id, by=town.user())
    supports.support(bench.id, by=anna)
    supports.end_support(bench.id, by=anna)
    supports.support(bench.id, by=anna)
    assert bench.state is State.ANSWER_DUE and bench.threshold_reached_at
    assert journey(bench) == ["first_support", "threshold"]
    assert [type(fact) for fact in told].count(ThresholdReached) == 1
    assert ProposalSupported(bench.id, anna.id) in told


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("state", State)
def test_support_is_open_in_some_states_only(state, town):
    bench, anna = town.proposal(state=state), town.user()
    if state in TAKES_SUPPORT:
        supports.support(bench.id, by=anna)
        assert db.session.get(Support, (bench.id, anna.id))
    else:
        with pytest.raises(Denied):
            supports.support(bench.id, by=anna)
        assert trail() == []


def test_support_closes_at_the_moment_the_time_is_over(town, at):
    bench, anna, bert = town.proposal(gathering_ends_at=MAY), town.user(), town.user()
    at(MAY - timedelta(seconds=1))
    supports.support(bench.id, by=anna)
    at(MAY)
    with pytest.raises(Denied, match="기간이 끝났어요"):
        supports.support(bench.id, by=bert)
    with pytest.raises(Conflict, match="기간이 끝났어요"):
        supports.end_support(bench.id, by=anna)


def test_supporting_what_is_not_there_is_refused(town):
    with pytest.raises(NotFound):
        supports.support(987654321, by=town.user())


def test_following_is_counted_and_ended(town):
    bench, anna = town.proposal(), town.user()
    supports.follow(bench.id, by=anna)
    supports.follow(bench.id, by=anna)
    assert bench.follower_count == 1
    supports.end_follow(bench.id, by=anna)
    supports.end_follow(bench.id, by=anna)
    assert bench.follower_count == 0


def test_a_user_supports_from_the_page_and_takes_it_back(town, browse):
    bench, anna = town.proposal(), town.resident()
    page = browse(anna)
    address = f"/proposals/{bench.number}"
    assert "공감하기" in page.get(address).text
    page.post(f"{address}/supports")
    shown = page.get(address).text
    assert "공감했어요" in shown and f'action="{address}/supports/end"' in shown
    page.post(f"{address}/supports/end")
    assert f'action="{address}/supports"' in page.get(address).text


def test_the_script_gets_the_new_count_as_json(town, browse):
    bench, anna = town.proposal(), town.resident()
    answer = browse(anna).post(f"/proposals/{bench.number}/supports", headers={"Accept": "application/json"})
    assert answer.json == {"supported": True, "count": 1, "residents": "1명", "others": "0명", "word": "공감했어요",
                           "sentence": "공감했어요. 함께해 주셔서 고마워요.", "missing": "",
                           "origin": labels.origin(1, 0), "action": f"/proposals/{bench.number}/supports/end"}


def test_a_visitor_is_sent_to_sign_in_and_back(town, browse):
    bench = town.proposal()
    answer = browse().post(f"/proposals/{bench.number}/supports")
    assert answer.status_code == 401 and "공감하려면 로그인해 주세요." in answer.text


def test_page_and_post_give_the_author_the_same_reason(town, browse):
    author = town.resident()
    bench = town.proposal(author=author)
    page = browse(author)
    reason = "내가 쓴 제안에는 공감할 수 없어요."
    assert reason in page.get(f"/proposals/{bench.number}").text
    post = page.post(f"/proposals/{bench.number}/supports")
    assert post.status_code == 403 and reason in post.text


def test_a_user_follows_from_the_page(town, browse):
    bench, anna = town.proposal(), town.user()
    page = browse(anna)
    page.post(f"/proposals/{bench.number}/follows")
    assert "소식 그만 받기" in page.get(f"/proposals/{bench.number}").text
    page.post(f"/proposals/{bench.number}/follows/end")
    assert "소식 받기" in page.get(f"/proposals/{bench.number}").text
