"""Posts that a body fills: by paper where fewer than ten vote, by the ballot box where more do."""

import pytest

from civic_forum.meetings import services
from civic_forum.meetings.models import Meeting
from civic_forum.meetings.rules import ItemKind, ItemResult
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal

from ..factories import count
from ..polls.making import poll
from ..polls.published import published, votes
from .making import body, item, members_of, record, signed


@pytest.fixture
def secretary(town):
    return town.user()


def elected(**facts):
    return record(item("분과장 뽑기", ItemKind.ELECTION, **{"result": ItemResult.CARRIED} | facts))


def counts(council, *votes):
    return dict(zip([member.id for member in members_of(council.id)], votes, strict=False))


@pytest.mark.in_turns(of=5)
def test_few_are_counted_by_paper_and_get_the_post_by_their_membership_alone(town, secretary, browse):
    council = body(town, members=9, secretary=secretary)
    meeting = signed(services.keep(council.id, elected(counts=counts(council, 4, 4, 1), present=8), by=secretary))
    page = browse().get(f"/forums/{meeting.forum.slug}").text
    assert page.count("4표") == 2 and "민간 위원 " in page and "위원 0" not in page
    assert "온 사람보다 표가 많아요." in page and "가장 많은 표를 받은 사람이 한 사람이 아니에요." in page
    assert "직책은 위원 명단에서" not in page
    inside = browse(secretary).get(f"/forums/{meeting.forum.slug}").text
    assert "직책은 위원 명단에서" in inside and f'href="/desk/bodies/{council.slug}"' in inside
    assert all(member.function is None for member in members_of(council.id))


@pytest.mark.in_turns(of=5)
def test_many_vote_by_the_box_whose_result_is_out(town, secretary, browse):
    council = body(town, members=10, secretary=secretary)
    few = body(town, name="소분과", members=9, secretary=secretary)
    box, still_open = published(town, votes(12, 20, 5)), poll(town, title="아직 열지 않은 투표")
    by_box = elected(about=("poll", box.slug))
    for wrong in (elected(), elected(counts=counts(council, 6, 4)), elected(about=("poll", still_open.slug)),
                  elected(about=("poll", box.slug), counts=counts(council, 6, 4))):
        with pytest.raises(Refusal):
            services.keep(council.id, wrong, by=secretary)
    with pytest.raises(Refusal):
        services.keep(few.id, by_box, by=secretary)
    assert count(Meeting) == 0
    meeting = services.keep(council.id, by_box, by=secretary)
    assert 'href="/polls/' in browse().get(f"/forums/{meeting.forum.slug}").text


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("members", (5, 12))
def test_nobody_voted_if_nobody_objected_or_it_was_put_off(town, secretary, members):
    council = body(town, members=members, secretary=secretary)
    for days, result in enumerate((ItemResult.NO_OBJECTION, ItemResult.DEFERRED, None), -9):
        services.keep(council.id, record(item("분과장 뽑기", ItemKind.ELECTION, result=result), days=days), by=secretary)
    services.give_notice(council.id, record(item("부분과장 뽑기", ItemKind.ELECTION), days=9), by=secretary)
    assert count(Meeting) == 4


@pytest.mark.in_turns(of=5)
def test_the_form_counts_votes_of_candidates_where_few_vote(town, secretary, browse):
    council, many = body(town, secretary=secretary), body(town, name="협치회의", members=10, secretary=secretary)
    desk, member = browse(secretary), members_of(council.id)[0]
    assert "후보마다" not in desk.get(f"/desk/bodies/{many.slug}/meetings/record").text
    address = f"/desk/bodies/{council.slug}/meetings/record"
    assert "후보마다" in desk.get(address).text
    sent = {"title": "1차 회의", "place": "소회의실", "starts_at": "2026-08-20T15:00", "ends_at": "2026-08-20T16:00",
            "items-0-title": "분과장 뽑기", "items-0-kind": "election", "items-0-result": "carried"}
    for wrong in ({f"items-0-named-{member.id}": "-1"}, {f"items-0-named-{member.id}": "3", "items-0-kind": "report"}):
        assert desk.post(address, data=sent | wrong).status_code == 422
    for wrong in ("나라는사람", "나라는사람 -1", "나라는사람 2\n나라는사람 1", f"{'가' * 61} 1", "900101-1234568 1", " 3"):
        answer = desk.post(address, data=sent | {"items-0-others": wrong})
        assert answer.status_code == 422 and wrong.strip() in answer.text.replace("\r", ""), wrong
    answer = desk.post(address, data=sent | {f"items-0-named-{member.id}": "3", "items-0-others": "나라는 사람: 2표\n그 밖 0"})
    page = desk.get(answer.location).text
    assert answer.status_code == 303 and page.count("3표") == page.count("2표") == 1 and "나라는 사람" in page
    db.session.rollback()
    meeting = signed(db.session.query(Meeting).one())
    for text in (browse().get(answer.location + path).text for path in ("", "/minutes")):
        assert "위원이 아닌 후보 1" in text and "2표" in text and "나라는" not in text
    assert sorted(meeting.items[0].facts.counts) == [0, 2, 3]
