"""Voters who voted in some envelopes: the page of all says so, leaves them alone, and changes what was asked for."""

import pytest
from lxml import html

from civic_forum.ballots.models import Promise
from tests.budgets.making import voter

from .scene import JSON, all_ballots, ballot, opened
from .test_ballot_pages import count, in_hex

FIRST, SECOND = "envelope-1", "envelope-2"


@pytest.fixture
def voted(town, browse):
    """A round, and a browser of somebody who has voted in its first envelope."""
    ada = voter(town)
    budget_round = opened(town)
    client = browse(ada)
    sent = ballot(client, budget_round, 0) | {"choice": in_hex(6, 1)}
    assert client.post(f"/budgets/{budget_round.slug}/{FIRST}/casts", json=sent, headers=JSON).status_code == 200
    return budget_round, client


def page_of(answer):
    return html.fromstring(answer.text)


def sent_together(client, budget_round, *named, **given):
    hidden = {f"{slug}.{name}": value for slug, form in all_ballots(client, budget_round).items() for name,
              value in form.items()}
    return client.post(f"/budgets/{budget_round.slug}/casts", data=hidden | {"together": list(named)} | given)


@pytest.mark.in_turns(of=5)
def test_only_what_is_asked_for_is_sent_by_itself(voted):
    budget_round, client = voted
    page = page_of(client.get(f"/budgets/{budget_round.slug}/ballot/all"))
    said = page.get_element_by_id(f"envelope-{FIRST}").text_content()
    assert "이미 투표했어요" in said and "이미 투표했어요" not in page.get_element_by_id(f"envelope-{SECOND}").text_content()
    assert page.xpath("//input[@name='together'][@type='hidden' or @checked]/@value") == [SECOND]
    answer = sent_together(client, budget_round, SECOND, **{f"{SECOND}.blank": "1", f"{FIRST}.option": ["2"]})
    assert answer.status_code == 200 and count(Promise) == 2
    assert page_of(answer).xpath("//@data-slip") == [SECOND]


@pytest.mark.in_turns(of=5)
def test_a_refusal_keeps_what_was_wanted_and_shows_the_rest(voted):
    budget_round, client = voted
    answer = sent_together(client, budget_round, FIRST, SECOND, **{f"{FIRST}.option": ["2"], f"{SECOND}.option": ["1"]})
    page = page_of(answer)
    assert answer.status_code == 422 and count(Promise) == 1
    assert page.xpath("//input[@name='together'][@type='hidden' or @checked]/@value") == [FIRST, SECOND]
    answer = sent_together(client, budget_round, SECOND, **{f"{SECOND}.option": ["1"]})
    page = page_of(answer)
    assert answer.status_code == 422 and page.xpath(
        f"//section[@id='envelope-{FIRST}']//input[@data-again][not(@checked)]"
    )


@pytest.mark.in_turns(of=5)
def test_a_voter_who_has_voted_everywhere_may_change_nothing_and_is_told_how(voted):
    budget_round, client = voted
    assert client.post(f"/budgets/{budget_round.slug}/casts", data={}).status_code == 400
    assert sent_together(client, budget_round, SECOND, **{f"{SECOND}.blank": "1"}).status_code == 200
    assert "이미 모두 투표했어요" in client.get(f"/budgets/{budget_round.slug}/ballot/all").text
    assert client.get(f"/budgets/{budget_round.slug}/ballot").location == f"/budgets/{budget_round.slug}/ballot/all"
    answer = sent_together(client, budget_round)
    assert answer.status_code == 422 and "바꾸고 싶은 것에 표시해 주세요" in answer.text and count(Promise) == 2
