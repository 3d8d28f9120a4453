"""The ledger: everything that was done, no name, no text; quick however long it is."""

import csv
import html
import re
from datetime import datetime, timedelta, timezone
from io import StringIO

import pytest

from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Invalid
from civic_forum.moderation import operations
from civic_forum.moderation.queries import actions as ledger
from civic_forum.moderation.rules import ActionKind, Rule

from .acts import acted, fill_ledger

NOVEMBER = datetime(2030, 11, 20, 9, tzinfo=timezone.utc)


def test_it_says_what_was_done_and_under_which_rule_and_names_nobody(town, browse, at):
    at(NOVEMBER)
    author, moderator = town.user(nickname="가려진 이웃"), town.moderator(nickname="가린 운영자")
    proposal = town.proposal(author=author, title="세상에 하나뿐인 제목")
    acted(moderator, "proposal", proposal.id, rule=Rule.PRIVACY, reason="이 이유는 글쓴이만 봐요.")
    page = browse().get("/moderation/ledger").text
    for word in ("글 가리기", "개인정보", "운영자", "이의 없음", "2030. 11. 20.(수)"):
        assert word in page
    for word in ("가려진 이웃", "가린 운영자", "하나뿐인", "이 이유는", proposal.number):
        assert word not in page


def test_an_act_that_ends_within_a_minute_is_over_at_once_for_those_signed_in(town, browse, at):
    at(NOVEMBER)
    author, ends = town.user(), NOVEMBER + timedelta(seconds=10)
    acted(town.moderator(), "user", author.id, kind=ActionKind.MUTE, until=ends)
    reader = browse(author)
    assert "2030. 11. 20.(수)까지" in reader.get("/moderation/ledger").text
    at(NOVEMBER + timedelta(seconds=20))
    assert "2030. 11. 20.(수)까지" not in reader.get("/moderation/ledger").text


@pytest.mark.both
def test_months_are_those_of_seoul(town, at):
    at(datetime(2030, 10, 31, 15, 30, tzinfo=timezone.utc))
    acted(town.moderator(), "proposal", town.proposal().id, rule=Rule.ABUSE)
    at(NOVEMBER)
    counted = {"2030-11": {rule: int(rule is Rule.ABUSE) for rule in Rule}}
    assert ledger.counts(NOVEMBER) == counted
    operations.tally_again(db.session)
    assert ledger.counts(NOVEMBER) == counted
    assert len(ledger.LEDGER.read({"rule": "abuse", "month": "2030-11"}).page().items) == 1
    assert ledger.LEDGER.read({"month": "2030-10"}).page().items == []
    assert ledger.LEDGER.read({"rule": "hate"}).page().items == []


def test_the_last_twelve_months_go_over_the_turn_of_the_year(town, at):
    at(datetime(2030, 2, 10, tzinfo=timezone.utc))
    fill_ledger(800, user_id=town.moderator().id, days=500)
    names = list(ledger.counts(datetime(2030, 2, 10, tzinfo=timezone.utc)))
    assert names[:3] == ["2030-02", "2030-01", "2029-12"] and names[-1] == "2029-03" and len(names) == 12


@pytest.mark.both
def test_pages_follow_each_other_without_gap_or_double(town):
    fill_ledger(100, user_id=town.moderator().id)
    seen, after = [], None
    while True:
        page = ledger.LEDGER.of().page(after)
        seen += [entry.id for entry in page.items]
        if not (after := page.after):
            break
    assert seen == sorted(seen, reverse=True) and len(seen) == 100


def test_the_months_are_folded_above_the_entries(town, browse):
    fill_ledger(1_234, user_id=town.moderator().id)
    page = browse().get("/moderation/ledger").text
    months, total = re.search(r"<details class=.fold.*?</details>", page, re.S), sum(
        sum(rules.values()) for rules in ledger.counts(clock.now()).values())
    assert f"최근 1년 {total:,}건" in months[0] and "<details open" not in page
    assert months[0].count('<th scope="row">') == len(ledger.counts(clock.now()))
    assert months.end() < page.index('<ol class="ledger">')


@pytest.mark.parametrize("rule, month", [("none", None), (None, "2030-13"), (None, "x"), ("abuse' --", None)])
def test_strange_filters_are_refused(app, rule, month):
    with app.app_context(), pytest.raises(Invalid):
        ledger.LEDGER.read({"rule": rule or "", "month": month or ""})


@pytest.mark.both
def test_the_file_has_every_entry_of_the_filter(town, browse):
    fill_ledger(2_500, user_id=town.moderator().id)
    month = ledger.months()[1].name
    address = f"/data/moderation.csv?rule=hate&amp;month={month}"
    assert address in browse().get(f"/moderation/ledger?rule=hate&month={month}").text
    answer = browse().get(html.unescape(address))
    rows = list(csv.DictReader(StringIO(answer.text.lstrip("\ufeff"))))
    assert {(row["규칙"], row["언제"][:7]) for row in rows} == {("차별·혐오", month)}
    assert len(list(csv.DictReader(StringIO(browse().get("/data/moderation.csv").text)))) == 2_500


@pytest.mark.in_turns(of=5)
def test_it_stays_quick_with_a_hundred_thousand_entries(town, browse, queries):
    fill_ledger(100_000, user_id=town.moderator().id)
    for address in ("/moderation/ledger", "/moderation/ledger?rule=other&month=2000-01"):
        visitor = browse()
        visitor.get(address)
        with queries() as sent:
            assert visitor.get(address).status_code == 200
        assert len(sent) <= 3


def test_the_rules_of_the_house_stand_on_a_page(town, browse):
    page = browse().get("/moderation/rules")
    assert page.status_code == 200 and "차별·혐오" in page.text and ActionKind.HIDE
