"""One visit at the desk: an account opened, seen by two, and voted with, by the forms of the site."""

import re

import pytest

from civic_forum.accounts.models import User
from civic_forum.accounts.queries.users import by_name
from civic_forum.ballots import identities
from civic_forum.ballots.models import RollEntry
from civic_forum.platform.base import db
from tests.accounts.people import PASSWORD, second_clerk
from tests.common import touched
from tests.polls.making import opened, options, poll, voter
from tests.polls.test_ballot_page import HIDDEN
from tests.factories import saved

pytestmark = pytest.mark.both
MOST_PRESSES = 12
PERSON = {"name": "김하늘", "birth_date": "19490301", "evidence": "resident_card"}


class Hand:
    """A browser that counts links and buttons that are pressed; the first of all opens a page that is at hand."""

    presses = 0

    def __init__(self, client):
        self.client = client

    def press(self, path, **data):
        Hand.presses += 1
        return self.client.post(path, data=data) if data else self.client.get(path)


def test_opened_seen_by_two_and_voted_in_one_visit(town, browse):
    Hand.presses = 0
    poll = opened(town, options=options(3))
    slug, roll_id, key_id = poll.slug, poll.box.roll_id, poll.box.roll.key_id
    here = str(town.neighbourhood().id)
    first, second, person = (Hand(browse(town.clerk())), Hand(browse(second_clerk(town))), Hand(browse()))
    first.press("/desk/residents/new")
    done = first.press("/desk/residents", account="none", new_name="haneul1234", nickname="맑은 하늘", consent="y",
                       kinds="live", neighbourhood=here, **PERSON)
    slip = first.client.get(done.location).text
    code = re.search(r'"code-large"[^>]*>([^<]+)<', slip)[1]
    assert "다른 담당자에게도 신분증을" in slip
    db.session.rollback()
    saved(RollEntry(roll_id=roll_id, person=identities.of_person(by_name("haneul1234").person, key_id)))
    second.press("/desk/second-clerk")
    seen = second.press("/desk/second-clerk", **PERSON)
    assert seen.status_code == 200 and "확인 번호" in seen.text and "이미 낸 표가 있으면 그대로" in seen.text
    person.press("/reset-with-code")
    reset = person.press("/reset-with-code", name="haneul1234", code=code, password=PASSWORD, password_again=PASSWORD)
    assert reset.status_code == 302
    assert person.press("/sign-in", name="haneul1234", password=PASSWORD).status_code == 302
    person.press("/me/staff-acts/read", sent="y")
    page = person.press(f"/polls/{slug}/ballot")
    assert page.status_code == 200, page.location
    form = dict(HIDDEN.findall(page.text))
    assert person.press(f"/polls/{slug}/casts", option="1", **form).status_code == 200
    assert Hand.presses <= MOST_PRESSES


def test_before_the_second_clerk_the_page_says_where_to_go(town, browse):
    poll = opened(town, options=options(3))
    slug, roll_id, key_id = poll.slug, poll.box.roll_id, poll.box.roll.key_id
    first = browse(town.clerk())
    first.post("/desk/residents", data=PERSON | {
        "account": "none", "new_name": "haneul1234", "nickname": "맑은 하늘", "consent": "y", "kinds": "live",
        "neighbourhood": str(town.neighbourhood().id)})
    db.session.rollback()
    user = by_name("haneul1234")
    saved(RollEntry(roll_id=roll_id, person=identities.of_person(user.person, key_id)))
    page = browse(db.session.get(User, user.id)).get(f"/polls/{slug}/ballot")
    assert page.status_code == 403 and "다른 담당자도 신분증을 봐야" in page.text
    again = first.post("/desk/second-clerk", data=PERSON)
    assert again.status_code == 403 and PERSON["name"] in again.text


@pytest.mark.parametrize("page", ["", "/roll"])
def test_no_page_promises_a_bound_account_what_its_ballot_page_refuses(town, browse, page):
    anna = voter(town)
    slug = opened(town, options=options(3)).slug
    ballot = f'href="/polls/{slug}/ballot"'
    assert ballot in browse(anna).get(f"/polls/{slug}{page}").text
    told = browse(touched(anna)).get(f"/polls/{slug}{page}").text
    assert "신분증을 가지고 동 주민센터로" in told and ballot not in told
    client = browse(touched(anna, confirmed=True))
    assert ballot in client.get(f"/polls/{slug}{page}").text
    form = dict(HIDDEN.findall(client.get(f"/polls/{slug}/ballot").text))
    assert client.post(f"/polls/{slug}/casts", data={"option": "1"} | form).status_code == 200
    assert ballot in client.get(f"/polls/{slug}{page}").text
    told = browse(touched(anna)).get(f"/polls/{slug}{page}").text
    assert "이미 낸 표를 바꿀 수 없어요" in told and ballot not in told


def test_before_the_opening_a_bound_account_reads_that_somebody_else_sees_it_first(town, browse):
    slug = poll(town).slug
    told = browse(touched(voter(town))).get(f"/polls/{slug}").text
    assert "신분증을 가지고 동 주민센터로" in told and "바로 투표할 수 있어요" not in told


def test_the_ballot_page_of_a_bound_account_leads_back_to_the_vote(town, browse):
    anna = voter(town)
    slug = opened(town, options=options(3)).slug
    page = browse(touched(anna)).get(f"/polls/{slug}/ballot")
    assert page.status_code == 403 and f'href="/polls/{slug}"' in page.text and "투표 안내로 가기" in page.text
