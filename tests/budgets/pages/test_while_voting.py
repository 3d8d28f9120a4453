"""The page of a round while its vote is open, and while it is counted: what one can do, how many take part, no
counts."""

from datetime import timedelta

from lxml import html
import pytest

from civic_forum.accounts.rules import Role
from civic_forum.ballots import identities
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.ballots.boxes import form_of
from tests.budgets import making
from tests.polls.making import voter

A_WEEK = timedelta(days=7).total_seconds()


def main_of(answer):
    assert answer.status_code == 200
    return html.fromstring(answer.text).xpath("//main")[0]


def now_of(answer):
    return main_of(answer).xpath(".//section[contains(@class, 'now')]")[0]


@pytest.mark.in_turns(of=5)
def test_each_envelope_leads_observers_to_ask_and_to_watch(town, browse):
    observer = town.staff(Role.OBSERVER)
    for make, page in ((making.prepared, "observers"), (making.opened, "observation")):
        made = make(town, envelopes=2)
        for one in made.envelopes:
            here, to = f"/budgets/{made.slug}/{one.slug}", f"/votes/{one.box_id.hex()}/{page}"
            assert to in main_of(browse(observer).get(here)).xpath(".//a/@href")
            assert to not in main_of(browse(town.resident()).get(here)).xpath(".//a/@href")


@pytest.mark.in_turns(of=5)
def test_an_open_vote_counts_down_and_leads_to_the_ballot(town, browse):
    user = voter(town)
    made = making.opened(town)
    panel = now_of(browse(user).get(f"/budgets/{made.slug}"))
    assert "지금 투표할 수 있어요" in panel.text_content()
    assert f"/budgets/{made.slug}/ballot" in panel.xpath(".//a/@href")
    [figures] = panel.xpath(".//dl[@data-until]")
    assert figures.get("data-until") == made.envelopes[0].box.closes_at.isoformat()
    panel = now_of(browse().get(f"/budgets/{made.slug}"))
    assert panel.xpath(".//a/@href")[0] == f"/sign-in?next=%2Fbudgets%2F{made.slug}%2Fballot"


def test_somebody_in_no_roll_learns_that_and_where_to_ask(town, browse):
    made = making.opened(town)
    panel = now_of(browse(town.user()).get(f"/budgets/{made.slug}"))
    assert "이번 투표에는 참여할 수 없어요" in panel.text_content()
    assert "에 정한 명부로 투표해요" in panel.text_content()
    assert panel.xpath(".//a/@href")[:2] == [
        f"/me/residency?next=%2Fbudgets%2F{made.slug}", f"/budgets/{made.slug}/{made.envelopes[0].slug}/roll"]


@pytest.mark.in_turns(of=5)
def test_a_voter_in_every_envelope_is_told_so_and_may_change_it(town, browse):
    user = voter(town)
    made = making.opened(town, envelopes=2)
    page = browse(user)
    for number, one in enumerate(made.envelopes):
        assert "지금 투표할 수 있어요" in now_of(page.get(f"/budgets/{made.slug}")).text_content(), number
        person = identities.candidates(user)[0]
        form = form_of(one.box, person, boxes.rule_of(one.box).blank_choice())
        casting.cast(one.box_id, person, form, Channel.ONLINE)
        db.session.rollback()
    panel = now_of(page.get(f"/budgets/{made.slug}"))
    assert "투표한 것으로 되어 있어요" in panel.text_content()
    assert panel.xpath(".//a/@href")[0] == f"/budgets/{made.slug}/ballot"


def test_the_number_of_participants_is_told_and_nothing_of_what_they_chose(town, browse):
    made = making.opened(town)
    said = " ".join(main_of(browse().get(f"/budgets/{made.slug}")).text_content().split())
    assert "투표한 사람 0명" in said and "표 차례" not in said and "선정한 사업" not in said


def test_a_vote_that_nobody_opened_says_that_it_is_being_prepared(town, browse):
    made = making.prepared(town)
    panel = now_of(browse().get(f"/budgets/{made.slug}"))
    assert "투표를 준비하고 있어요" in panel.text_content()
    assert f"/budgets/{made.slug}/ballot" not in " ".join(panel.xpath(".//a/@href"))


@pytest.mark.both
def test_after_the_close_the_page_says_that_it_is_counted_and_closes_the_boxes(town, browse):
    made = making.opened(town)
    clock.shift(A_WEEK)
    panel = now_of(browse().get(f"/budgets/{made.slug}"))
    assert "표를 세고 있어요" in panel.text_content()
    assert not panel.xpath(".//dl[@data-until]")
    db.session.rollback()
    assert all(box.closed_at is not None for box in db.session.query(BallotBox))


def test_it_still_says_so_when_the_next_phase_has_begun_before_the_result(town, browse):
    made = making.opened(town)
    clock.shift(2 * A_WEEK + 60)
    page = browse().get(f"/budgets/{made.slug}")
    assert html.fromstring(page.text).xpath("//li[@aria-current='step']/b/text()") == ["구의회 심의"]
    assert "표를 세고 있어요" in now_of(page).text_content()


@pytest.mark.in_turns(of=5)
def test_the_page_of_an_open_vote_asks_little_with_many_envelopes(town, browse, queries):
    user = voter(town)
    made = making.opened(town, envelopes=4)
    for who, most in ((None, 10), (user, 16), (town.moderator(), 17)):
        page = browse(who)
        page.get(f"/budgets/{made.slug}")
        with queries() as seen:
            assert page.get(f"/budgets/{made.slug}").status_code == 200
        assert len(seen) <= most, (who, seen)
