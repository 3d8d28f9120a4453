"""The first page of somebody who is signed in, and the page of one's own: what waits, and what was done."""

import secrets
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.accounts.models import User
from civic_forum.ballots.models import Voter
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import SEOUL, local
from civic_forum.proposals.rules import State
from civic_forum.proposals.services import supports as proposals
from civic_forum.site import queries
from tests.common import commit
from tests.notifications.test_pages import tell
from tests.polls.making import opened, voter
from tests.polls.test_ballot_page import ballot, in_hex, send

TWO_OF_FIVE = {"kind": "up_to_k", "max_choices": 2, "options": [
    {"number": number, "title": f"{number}번 사업", "text": "동네에 필요해요."} for number in range(1, 6)]}


@pytest.fixture
def ada(town):
    return voter(town)


def tasks(client) -> list[str]:
    """Addresses of the buttons of what waits."""
    return html.fromstring(client.get("/").text).xpath("//ul[@class='tasks']//a/@href")


def heading(client) -> str:
    return html.fromstring(client.get("/").text).xpath("string(//h1)").strip()


def lists(client) -> dict[str, list[str]]:
    """By its place on one's own page: addresses of a list."""
    page = html.fromstring(client.get("/me").text)
    return {one.get("id"): one.xpath(".//ul//a/@href") for one in page.xpath("//details[@class='fold']")}


@pytest.mark.in_turns(of=5)
def test_a_vote_waits_for_those_on_its_roll_until_they_took_part(town, ada, browse):
    vote = opened(town, **TWO_OF_FIVE)
    client, stranger = browse(ada), browse(town.resident())
    assert heading(client) == "할 일이 1개 있어요" and tasks(client) == [f"/polls/{vote.slug}/ballot"]
    assert tasks(stranger) == [] and heading(stranger) == "지금 할 일이 없어요"
    assert lists(client)["votes"] == []
    form = ballot(client, vote)
    assert send(client, vote, form, in_hex(2, 5)).status_code == 200
    assert tasks(client) == [] and heading(client) == "지금 할 일이 없어요"
    assert lists(client)["votes"] == [f"/polls/{vote.slug}"] and lists(stranger)["votes"] == []
    assert "5번 사업" not in client.get("/me").text + client.get("/").text, "never what was chosen"


@pytest.mark.both
def test_a_vote_that_waits_for_a_second_clerk_says_so(town, ada, browse):
    opened(town, **TWO_OF_FIVE)
    assert "어떻게 확인받나요?" not in browse(ada).get("/").text
    commit(sa.update(User).where(User.id == ada.id).values(staff_act_at=clock.now()))
    shown = browse(ada).get("/").text
    assert "투표하기 전에 담당자가 한 번 더 확인해요" in shown and "어떻게 확인받나요?" in shown
    assert "아직 투표하지 않았어요" not in shown
    commit(sa.update(User).where(User.id == ada.id).values(staff_act_confirmed=True))
    assert "어떻게 확인받나요?" not in browse(ada).get("/").text


def test_a_vote_that_is_over_waits_for_nobody(town, ada, browse, at):
    at(clock.now())
    vote, client = opened(town), browse(ada)
    assert tasks(client) == [f"/polls/{vote.slug}/ballot"]
    at(vote.closes_at)
    assert tasks(client) == []


@pytest.mark.both
def test_a_vote_on_paper_is_not_said_to_be_changed_here(town, ada, browse):
    vote, client = opened(town, **TWO_OF_FIVE), browse(ada)
    words = lambda: client.get("/me").text
    assert send(client, vote, ballot(client, vote), in_hex(2, 5)).status_code == 200
    assert "까지 바꿀 수 있어요" in words()
    row = db.session.scalar(sa.select(Voter))
    for channel, said in ((Channel.PAPER_ISSUED, "종이 투표지를 받았어요"), (Channel.PAPER_RETURNED, "종이로 투표했어요")):
        row.channel = channel
        db.session.commit()
        assert said in words() and "까지 바꿀 수 있어요" not in words()


def test_an_unread_answer_and_a_draft_wait_for_their_reader_alone(town, browse):
    reader, other = town.resident(), town.resident()
    proposal = town.proposal(author=reader)
    tell(reader, about=f"proposal:{proposal.id}", url=f"/proposals/{proposal.number}")
    draft = town.proposal(author=reader, state=State.DRAFT, published_at=None, number=None,
                          draft_key=secrets.token_urlsafe(12))
    client = browse(reader)
    [answer, written] = tasks(client)
    assert answer.startswith("/me/notices/") and written == f"/proposals/drafts/{draft.draft_key}/1"
    assert tasks(browse(other)) == []
    client.get(answer)
    assert tasks(client) == [written]


def test_the_page_of_ones_own_lists_what_was_done(town, browse):
    reader, other = town.resident(), town.resident()
    own, liked = town.proposal(author=reader), town.proposal()
    proposals.support(liked.id, by=reader)
    found = lists(browse(reader))
    assert found["proposals"] == [f"/proposals/{own.number}"] and found["supports"] == [f"/proposals/{liked.number}"]
    assert list(found)[:4] == ["proposals", "supports", "votes", "comments"] and "forums" not in found
    assert lists(browse(other))["supports"] == []
    numbers = html.fromstring(browse(reader).get("/").text).xpath("//ul[@class='did']//b/text()")
    assert numbers == ["1", "1", "0", "0"]


def test_the_map_counts_proposals_of_a_year_up_to_yesterday(town, at):
    at(datetime(2026, 5, 20, 12, tzinfo=SEOUL))
    place, now = town.neighbourhood("시흥1동"), clock.now()
    for ago in (timedelta(), timedelta(days=1), timedelta(days=364), timedelta(days=400)):
        town.proposal(neighbourhood_id=place.id, published_at=now - ago)
    assert queries.proposed_by_neighbourhood(local(now).date()) == {place.id: 2}


def test_nothing_of_a_reader_reaches_another_ones_first_page(town, browse):
    reader, other = town.resident(nickname="봄바람"), town.resident(nickname="가을비")
    tell(reader, about=f"proposal:{town.proposal(author=reader, title='골목 의자를 고쳐 주세요').id}")
    first, second = browse(reader).get("/").text, browse(other).get("/").text
    assert "봄바람" in first and "봄바람" not in second and "가을비" in second
    assert "/me/notices/" in first and "/me/notices/" not in second


def test_a_page_that_is_not_there_offers_words_to_look_for(town, browse):
    page = browse().get("/nothing/of/the/kind")
    assert page.status_code == 404
    assert html.fromstring(page.text).xpath("//main//form[@action='/search']//input/@name") == ["q"]
