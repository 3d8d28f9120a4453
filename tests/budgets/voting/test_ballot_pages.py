"""The ballots of a round as a voter opens them, one envelope at a time or all at once, with and without script."""

import json
import re

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.ballots.models import Promise
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.box import locking
from civic_forum.ballots.paper import services as papers
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.budgets.models import ExclusionGroup
from civic_forum.budgets.projects.models import Project
from civic_forum.platform import clock, work
from civic_forum.platform.base import db
from tests.ballots.proofs import holds, receipt_of
from tests.budgets import making
from tests.budgets.making import voter
from tests.common import main_of, touched
from tests.factories import count, saved

from .scene import JSON, all_ballots, ballot, drafted, opened


@pytest.fixture
def budget_round(town):
    town.ada = voter(town)
    return opened(town)


def in_hex(how_many, *chosen, blank=False):
    values = [int(number in chosen) for number in range(1, how_many + 1)]
    return ("01" if blank else "00") + "".join(f"{value:04x}" for value in values)


def address(budget_round, envelope, what="ballot"):
    return f"/budgets/{budget_round.slug}/{budget_round.envelopes[envelope].slug}/{what}"


@pytest.mark.in_turns(of=5)
def test_the_address_of_the_vote_leads_straight_into_the_ballots(town, browse, budget_round):
    client = browse(town.ada)
    here = f"/budgets/{budget_round.slug}/ballot"
    assert client.get(here).location == f"{here}/all"
    page = client.get(f"{here}/all")
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store" and " checked" not in page.text
    sent = ballot(client, budget_round, 0) | {"choice": in_hex(6, 2)}
    assert client.post(address(budget_round, 0, "casts"), json=sent, headers=JSON).status_code == 200
    answer = client.get(here, follow_redirects=True)
    said = main_of(answer)
    assert "배정 예산이 1개 있어요" in said and said.count("이미 투표했어요. 그대로 두면") == 1


@pytest.mark.in_turns(of=5)
def test_the_ballot_shows_groups_costs_places_and_keeps_nothing(town, browse, budget_round):
    page = browse(town.ada).get(address(budget_round, 1))
    shown = html.fromstring(page.text)
    sets = shown.xpath("//fieldset[@data-set]")
    assert [(one.get("data-set"), one.get("data-least"), one.get("data-most")) for one in sets] == [
        ("주민자치회 사업", "2", "2"), ("협치회의 사업", "0", "2")]
    assert [len(one.xpath(".//input")) for one in sets] == [3, 5]
    assert "시흥1동 골목" in main_of(page) and "1,000만 원" in main_of(page)
    assert " checked" not in page.text and page.headers["Cache-Control"] == "no-store" and "ETag" not in page.headers
    heads = [int(one.tag[1]) for one in shown.xpath("//main//*[self::h1 or self::h2 or self::h3]")]
    assert all(after - before <= 1 for before, after in zip(heads, heads[1:], strict=False))


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("envelope", "chosen", "how_many"), [
    (0, (1, 2, 3, 4), 6), (0, (), 6), (1, (1, 4), 8), (1, (1, 2, 3), 8), (1, (1, 2, 4, 5, 6), 8), (1, (4, 5), 8)])
def test_a_choice_beyond_the_limits_is_422_with_or_without_script(town, browse, budget_round, envelope, chosen,
                                                                  how_many):
    client = browse(town.ada)
    form = ballot(client, budget_round, envelope)
    answer = client.post(address(budget_round, envelope, "casts"), json=form | {"choice": in_hex(how_many, *chosen)},
                         headers=JSON)
    assert answer.status_code == 422 and answer.json["detail"]
    answer = client.post(address(budget_round, envelope, "casts"), data=form | {"option": [str(one) for one in chosen]})
    assert answer.status_code == 422 and "아직 투표하지 않았어요" in main_of(answer)
    ticked = html.fromstring(answer.text).xpath("//input[@name='option'][@checked]/@value")
    assert sorted(map(int, ticked)) == sorted(chosen) and count(Promise) == 0
    of_group = html.fromstring(answer.text).xpath("//fieldset[p[@class='err']]/@data-set")
    assert of_group == {(1, 4): ["주민자치회 사업"], (1, 2, 3): ["주민자치회 사업"], (4, 5): ["주민자치회 사업"]}.get(chosen, [])


@pytest.mark.in_turns(of=5)
def test_one_after_the_other_the_receipt_leads_on(town, browse, budget_round):
    client = browse(town.ada)
    answer = client.post(address(budget_round, 0, "casts"), data=ballot(client, budget_round, 0) | {"option": ["1"]})
    assert answer.status_code == 200
    links = html.fromstring(answer.text).xpath("//main//a[starts-with(., '투표하기')]/@href")
    assert links == [f"/budgets/{budget_round.slug}/ballot"], "the rest of the round is the next vote"
    [shared] = html.fromstring(answer.text).xpath("//main//a[@data-share]/@href")
    assert all(client.get(shared + ending).status_code == 200 for ending in ("", "/calendar.ics"))
    forms = all_ballots(client, budget_round)
    sent = {one: form | {"choice": in_hex(6 if one == "envelope-1" else 8, blank=True)} for one, form in forms.items()}
    assert client.post(f"/budgets/{budget_round.slug}/casts", json=sent, headers=JSON).status_code == 200
    page = html.fromstring(client.get(f"/budgets/{budget_round.slug}/ballot/all").text)
    assert not page.xpath("//template//a[starts-with(., '투표하기')]"), "nothing is left"


@pytest.mark.both
def test_all_at_once_gives_a_receipt_for_each(town, browse, budget_round):
    client = browse(town.ada)
    forms = all_ballots(client, budget_round)
    first, second = [one.slug for one in budget_round.envelopes]
    sent = {first: forms[first] | {"choice": in_hex(6, 1, 3)}, second: forms[second] | {"choice": in_hex(8, 1, 2, 5)}}
    answer = client.post(f"/budgets/{budget_round.slug}/casts", json=sent, headers=JSON)
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers, answer.text
    for one in budget_round.envelopes:
        receipt = receipt_of(answer.json["receipts"][one.slug]["receipt"])
        assert holds(receipt) and receipt.fingerprint == one.box.fingerprint
    again = client.post(f"/budgets/{budget_round.slug}/casts", json=sent, headers=JSON)
    assert again.json == answer.json and count(Promise) == 2


@pytest.mark.in_turns(of=5)
def test_without_script_all_are_sent_as_one_form_and_each_refusal_stands_at_its_envelope(town, browse, budget_round):
    client = browse(town.ada)
    forms = all_ballots(client, budget_round)
    first, second = [one.slug for one in budget_round.envelopes]
    hidden = {f"{slug}.{name}": value for slug, form in forms.items() for name, value in form.items()}
    sent = hidden | {"together": [first, second], f"{first}.option": ["1", "2"], f"{second}.option": ["1"]}
    answer = client.post(f"/budgets/{budget_round.slug}/casts", data=sent)
    assert answer.status_code == 422 and count(Promise) == 0
    page = html.fromstring(answer.text)
    assert page.xpath(f"//section[@id='envelope-{second}']//p[@class='err']")
    assert not page.xpath(f"//section[@id='envelope-{first}']//p[@class='err']")
    assert page.xpath(f"//input[@name='{first}.option'][@checked]/@value")
    assert page.xpath(f"//input[@name='{second}.option'][@checked]/@value") == ["1"]
    good = hidden | {"together": [first, second], f"{first}.blank": "1", f"{second}.option": ["1", "3", "8"]}
    answer = client.post(f"/budgets/{budget_round.slug}/casts", data=good)
    assert answer.status_code == 200 and count(Promise) == 2
    codes = html.fromstring(answer.text).xpath("//b[@data-slot='tracker']/text()")
    assert len(set(codes)) == 2 and all(re.fullmatch(r"[0-9A-HJ-NP-Za-z-]+", one) for one in codes)


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("body", [
    "[]", "{}", "7", '"x"', '{"nowhere": {}}', '{"envelope-1": 3}', '{"envelope-1": {}}', "{", "[1]",
    '{"envelope-1": {"fingerprint": "", "form_key": "", "state": "", "mine": "", "choice": ""}}', "[" * 7_000])
def test_a_page_that_is_none_of_ballots_is_told_so(town, browse, budget_round, body):
    answer = browse(town.ada).post(f"/budgets/{budget_round.slug}/casts", data=body, content_type="application/json",
                                   headers=JSON)
    assert answer.status_code == 400 and count(Promise) == 0


@pytest.mark.in_turns(of=5)
def test_a_voter_with_paper_in_one_envelope_votes_in_the_other(town, browse, budget_round):
    client = browse(town.ada)
    box = budget_round.envelopes[0].box
    person = rolls.own_entry(box.roll, town.ada).person
    with work.use_case(town.clerk()):
        at = locking.take_lock(box.id)
        papers.issue_to(boxes.held(box.id), person, at=at)
    assert client.get(address(budget_round, 0)).location.endswith("/roll")
    assert client.get(address(budget_round, 1)).status_code == 200
    for path in ("ballot", "ballot/all"):
        answer = client.get(f"/budgets/{budget_round.slug}/{path}", follow_redirects=True)
        assert answer.request.path == address(budget_round, 1)


@pytest.mark.in_turns(of=5)
def test_somebody_with_paper_for_all_is_told_so(town, browse, budget_round):
    for one in budget_round.envelopes:
        with work.use_case(town.clerk()):
            at = locking.take_lock(one.box_id)
            papers.issue_to(boxes.held(one.box_id), rolls.own_entry(one.box.roll, town.ada).person, at=at)
    page = browse(town.ada).get(f"/budgets/{budget_round.slug}/ballot")
    assert main_of(page).count("종이 투표지를 받았어요") == 2
    assert not html.fromstring(page.text).xpath("//main//a[contains(@href, '/ballot')]")


@pytest.mark.in_turns(of=5)
def test_somebody_who_is_not_in_the_roll_is_led_to_the_reason(town, browse, budget_round):
    client = browse(town.resident())
    assert client.get(address(budget_round, 0)).location == address(budget_round, 0, "roll")
    assert "이유 보기" in main_of(client.get(f"/budgets/{budget_round.slug}/ballot"))
    assert client.get(address(budget_round, 0, "roll")).status_code == 200
    assert client.get(f"/budgets/{budget_round.slug}/ballot/all").status_code == 302


@pytest.mark.in_turns(of=5)
def test_too_late_is_409_and_nothing_counts(town, browse, budget_round):
    client = browse(town.ada)
    one, several = ballot(client, budget_round, 0), all_ballots(client, budget_round)
    clock.shift(int((budget_round.envelopes[0].box.closes_at - clock.now()).total_seconds()) + 1)
    answer = client.post(address(budget_round, 0, "casts"), json=one | {"choice": in_hex(6, 1)}, headers=JSON)
    assert answer.status_code == 409 and answer.json["type"] == "closed"
    first, second = [one.slug for one in budget_round.envelopes]
    sent = {first: several[first] | {"choice": in_hex(6, 1, 3)}, second: several[second] | {"choice": in_hex(8, 1, 2)}}
    answer = client.post(f"/budgets/{budget_round.slug}/casts", json=sent, headers=JSON)
    assert answer.status_code == 409 and answer.json["type"] == "closed" and count(Promise) == 0
    assert client.get(f"/budgets/{budget_round.slug}/ballot").location == f"/budgets/{budget_round.slug}"


def test_a_vote_that_is_not_open_leads_back(town, browse):
    town.ada = voter(town)
    budget_round = drafted(town)
    client = browse(town.ada)
    for where in (f"/budgets/{budget_round.slug}/ballot", f"/budgets/{budget_round.slug}/ballot/all",
                  address(budget_round, 0)):
        assert client.get(where).location in (f"/budgets/{budget_round.slug}", f"/budgets/{budget_round.slug}/ballot")
    assert client.post(address(budget_round, 0, "casts"), json={}, headers=JSON).status_code == 404


@pytest.mark.in_turns(of=5)
def test_the_page_of_the_vote_says_how_one_stands_and_who_takes_part(town, browse, budget_round):
    here = address(budget_round, 0)[:-len("/ballot")]
    assert "로그인하고 투표하기" in main_of(browse().get(here))
    client = browse(town.ada)
    assert "투표인 명부에 있어요" in main_of(client.get(here))
    client.post(f"{here}/casts", json=ballot(client, budget_round, 0) | {"choice": in_hex(6, 2)}, headers=JSON)
    assert "투표한 것으로 되어 있어요" in main_of(client.get(here))
    assert json.loads(browse().get(f"{here}/heads.json").text)[0]["size"] == 0
    assert browse().get(f"{here}/record.zip").status_code == 404
    assert browse().get(f"/budgets/{budget_round.slug}/nowhere").status_code == 404


def test_a_vote_that_nobody_opened_yet_has_a_page_too(town, browse):
    budget_round = drafted(town)
    assert "투표를 준비하고 있어요" in main_of(browse().get(f"/budgets/{budget_round.slug}/envelope-2"))


@pytest.mark.in_turns(of=5)
def test_the_way_into_the_ballots_asks_as_little_for_ten_envelopes_as_for_two(town, browse, queries):
    ada, seen = voter(town), []
    for envelopes in (2, 10):
        budget_round = making.opened(town, envelopes=envelopes)
        client = browse(ada)
        client.get(f"/budgets/{budget_round.slug}/ballot")
        with queries() as asked:
            assert client.get(f"/budgets/{budget_round.slug}/ballot").status_code == 302
        seen.append(len(asked))
    assert seen[0] == seen[1] <= 12, seen


@pytest.mark.in_turns(of=5)
def test_in_english_an_envelope_has_its_english_name_on_every_page_of_voting(town, browse):
    town.ada = voter(town)
    budget_round = drafted(town)
    budget_round.envelopes[1].texts = {"en": {"name": "Neighbourhood plans"}}
    db.session.commit()
    making.opened(town, budget_round=budget_round)
    client = browse(town.ada)
    client.set_cookie("language", "en")
    for path in ("ballot", "ballot/all"):
        page = html.fromstring(client.get(f"/budgets/{budget_round.slug}/{path}", follow_redirects=True).text)
        names = [(one.text_content(), one.get("lang")) for one in page.xpath("//main//h2[not(@id='review-name')]")]
        assert ("Neighbourhood plans", None) in names
        assert (budget_round.envelopes[0].name, "ko") in names, "what has no English name is read aloud as Korean"
    assert 'data-name="Neighbourhood plans"' in html.tostring(page, encoding=str)


@pytest.mark.in_turns(of=5)
def test_a_ballot_says_of_which_options_only_one_can_win(town, browse):
    town.ada = voter(town)
    budget_round = drafted(town)
    only = saved(ExclusionGroup(envelope_id=budget_round.envelopes[0].id, why="같은 자리예요."))
    first, second, *_others = db.session.scalars(
        sa.select(Project).filter_by(envelope_id=budget_round.envelopes[0].id).order_by(Project.id))
    first.exclusion_id = second.exclusion_id = only.id
    db.session.commit()
    making.opened(town, budget_round=budget_round)
    page = html.fromstring(browse(town.ada).get(address(budget_round, 0)).text)
    told = {int(one.get("data-number")): "1·2번 가운데 하나만 뽑혀요." in one.text_content()
            for one in page.xpath("//li[@data-option]")}
    assert told == {number: number in (1, 2) for number in range(1, 7)}


@pytest.mark.in_turns(of=5)
def test_a_bound_account_reads_why_and_votes_where_it_has_no_ballot(town, browse, budget_round):
    here, told = f"/budgets/{budget_round.slug}", "신분증을 가지고 동 주민센터로"
    client = browse(town.ada)
    sent = ballot(client, budget_round, 0) | {"choice": in_hex(6, 2)}
    assert client.post(address(budget_round, 0, "casts"), json=sent, headers=JSON).status_code == 200
    client = browse(touched(town.ada))
    assert told in client.get(here).text
    page = client.get(f"{here}/ballot").text
    assert told in page and "이미 낸 표를 바꿀 수 없어요" in page
    assert told in client.get(address(budget_round, 1)).text
    client = browse(touched(town.ada, confirmed=True))
    assert client.get(f"{here}/ballot").location == address(budget_round, 1)
    assert client.get(address(budget_round, 1)).status_code == 200
    assert client.get(address(budget_round, 0)).status_code == 403
