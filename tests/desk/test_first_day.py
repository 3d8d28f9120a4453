import re
from dataclasses import replace
from datetime import timedelta

import pytest

from civic_forum.accounts.rules import Role
from civic_forum.accounts.services import people as roles
from civic_forum.ballots.officers.models import Officer
from civic_forum.desk import queries
from civic_forum.desk.rules import FirstDay, Step
from civic_forum.desk.services import district as lists
from civic_forum.desk.services import first_day, settings
from civic_forum.district.rules import DistrictList
from civic_forum.platform import clock
from civic_forum.platform import settings as decided
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied
from civic_forum.platform.i18n import day, local
from tests.common import words_of
from tests.factories import MAY, saved

EMPTY = FirstDay(administrators=0, is_named=False, names_privacy_officer=False, neighbourhoods=0, departments=0,
                 categories=0, clerks=0, moderators=0, officers=0, officers_from=None, observers=0, polls=0)
WHOLE = FirstDay(administrators=2, is_named=True, names_privacy_officer=True, neighbourhoods=1, departments=1,
                 categories=1, clerks=1, moderators=1, officers=3, officers_from=None, observers=1, polls=1)


@pytest.fixture
def named(app, monkeypatch):
    for name in ("SITE_NAME", "DISTRICT_NAME", "OFFICE_NAME", "PRIVACY_OFFICER"):
        monkeypatch.setitem(app.config, name, "한빛")


def test_each_fact_does_its_step_and_no_other():
    assert EMPTY.left == list(Step) and WHOLE.left == [] and WHOLE.next_step() is None
    facts = {"administrators": [Step.ADMINISTRATOR], "is_named": [Step.NAMES], "names_privacy_officer": [Step.PRIVACY],
             "neighbourhoods": [Step.NEIGHBOURHOODS], "departments": [Step.DEPARTMENTS],
             "categories": [Step.CATEGORIES], "clerks": [Step.CLERK],
             "moderators": [Step.MODERATOR], "officers": [Step.OFFICERS], "observers": [Step.OBSERVER],
             "polls": [Step.POLL]}
    for name, steps in facts.items():
        lacking = replace(WHOLE, **{name: getattr(WHOLE, name) - 1 if name in ("administrators", "officers") else 0})
        assert lacking.left == steps and lacking.next_step() is steps[0]


def test_officers_who_wait_for_their_day_are_left_but_never_next():
    waiting = replace(WHOLE, officers_from=MAY, observers=0)
    assert (waiting.left, waiting.next_step()) == ([Step.OFFICERS, Step.OBSERVER], Step.OBSERVER)
    assert EMPTY.next_step({Step.SECOND_FACTOR: None, Step.ADMINISTRATOR: MAY.date()}) is Step.NAMES
    assert waiting.opens_from(MAY + timedelta(days=9)) == MAY
    assert replace(WHOLE, officers=2).opens_from(MAY) == MAY and WHOLE.opens_from(MAY) is None


@pytest.mark.both
def test_facts_are_counted_as_they_are_now(town, named):
    town.administrator(), town.clerk(), town.official(), town.user()
    moderator = town.moderator()
    roles.withdraw(moderator.grants[0].id, by=None)
    facts = queries.first_day()
    assert (facts.administrators, facts.clerks, facts.moderators) == (1, 1, 0)
    assert (facts.neighbourhoods, facts.departments) == (1, 1)
    assert facts.left == [Step.ADMINISTRATOR, Step.CATEGORIES, Step.MODERATOR, Step.OFFICERS, Step.OBSERVER, Step.POLL]


def test_the_page_says_what_is_next_and_from_when_a_poll_opens(town, browse, named, app, monkeypatch, at):
    at(MAY)
    monkeypatch.setitem(app.config, "SAMPLE", False)
    monkeypatch.setitem(app.config, "STAFF_TOTP", "off")
    boss = town.administrator()
    page = words_of(browse(boss).get("/desk/first-day"))
    assert "첫 투표까지 9가지 남았어요" in page and "다음 할 일 관리자 한 명 더" in page
    assert "bin/civic-forum first-links" in page
    assert f"첫 투표는 빨라도 {day(MAY + timedelta(days=7))}부터 열 수 있어요" in page
    for number in range(3):
        saved(Officer(user_id=town.official().id, position=f"담당 {number}", proposed_by_id=None, proposed_at=clock.now(),
                      granted_at=clock.now()))
    assert "투표 담당관 3명 두 명이 함께" in words_of(browse(boss).get("/desk/first-day"))
    at(MAY + timedelta(days=7))
    later = words_of(browse(boss).get("/desk/first-day"))
    assert "부터 열 수 있어요" not in later and "투표 담당관 3명 했어요" in later


@pytest.mark.in_turns(of=5)
def test_a_card_leads_there_for_administrators_alone(town, browse):
    boss, moderator = town.administrator(), town.moderator()
    assert 'href="/desk/first-day"' in browse(boss).get("/desk").get_data(as_text=True)
    assert "/desk/first-day" not in browse(moderator).get("/desk").get_data(as_text=True)
    assert browse(moderator).get("/desk/first-day").status_code == 403


@pytest.mark.both
def test_the_card_goes_once_a_vote_was_opened(town, browse, monkeypatch):
    boss = town.administrator()
    monkeypatch.setattr(queries, "first_day", lambda: None)
    assert "/desk/first-day" not in browse(boss).get("/desk").get_data(as_text=True)
    assert "모두 마쳤어요" in browse(boss).get("/desk/first-day").get_data(as_text=True)


def test_an_administrator_of_whom_a_second_factor_is_missing_chooses_it_there(town, browse, app, monkeypatch):
    monkeypatch.setitem(app.config, "STAFF_TOTP", "required")
    page = browse(town.administrator()).get("/desk/first-day").get_data(as_text=True)
    assert "/me/second-factor" in page and "남은 것" not in page


WHY = "처음 문을 열어요."


@pytest.fixture
def two(town, app, monkeypatch, at):
    """Administrators by first links, the second with a passkey and a confirmed mail; nobody was seen at a desk."""
    at(MAY)
    monkeypatch.setitem(app.config, "URL", "http://localhost:8000")
    monkeypatch.setitem(app.config, "SAMPLE", False)
    first, second = town.administrator(email="a@example.org"), town.administrator(email="b@example.org")
    for boss in (first, second):
        boss.passkey_since = MAY
        boss.confirmed_email = boss.email
    db.session.commit()
    return first, second


def decide(name, text, by, english=""):
    return settings.decide(name, settings.Decision(text=text, words={"en": english}, why=WHY),
                           from_day=local(clock.now()).date() + timedelta(days=1), seen=0, by=by)


def works_alone(town, first):
    """Everything that somebody can do before there is another one."""
    lists.make(DistrictList.NEIGHBOURHOODS, "가람동\n누리동", why=WHY, by=first)
    roles.grant(town.user(), Role.MODERATOR, by=first)
    decide("SITE_NAME", "한빛마을", first, "Hanbit")
    return [decide("DISTRICT_NAME", "한빛구", first, "Hanbit-gu"), decide("PRIVACY_OFFICER", "이바다, 02-000-1111", first)]


@pytest.mark.both
def test_the_second_administrator_confirms_all_of_it_in_one_act(town, two, at):
    first, second = two
    waiting = works_alone(town, first)
    case = first_day.alone(first.id)
    assert (len(case.grants), len(case.changes), len(case.waiting)) == (1, 5, 2)
    assert queries.waits() == {Step.NAMES: None, Step.PRIVACY: None}
    first_day.confirm(first.id, seen=case.fingerprint, by=second)
    assert {change.confirmed_by_id for change in waiting} == {second.id}
    assert set(queries.waits().values()) == {MAY.date() + timedelta(days=1)}
    at(MAY + timedelta(days=1))
    assert lists.apply_due() == 3
    assert (decided.value("DISTRICT_NAME"), decided.value("PRIVACY_OFFICER")) == ("한빛구", "이바다, 02-000-1111")
    decide("PRIVACY_DESK", "민원과", first)
    with pytest.raises(Denied, match="한 번"):
        first_day.confirm(first.id, seen=first_day.alone(first.id).fingerprint, by=second)


@pytest.mark.in_turns(of=10)
@pytest.mark.both
@pytest.mark.parametrize("spoil, sentence", [
    (lambda first, second: setattr(second, "confirmed_email", None), "메일 주소를 확인"),
    (lambda first, second: [setattr(second, name, fact) for name, fact in {
        "passkey_since": None, "totp_secret": b"sealed", "totp_confirmed_at": MAY}.items()], "패스키를 만들고"),
    (lambda first, second: setattr(second.grants[0], "granted_by_id", first.id), "권한을 줬어요"),
    (lambda first, second: setattr(second.grants[0], "granted_by_id", second.id + 1), "처음 두 관리자"),  # of a puppet
    (lambda first, second: setattr(first.grants[0], "granted_by_id", second.id + 1), "처음 두 관리자"),
    (lambda first, second: setattr(first.grants[0], "granted_at", MAY - timedelta(days=14)), "처음 14일"),
    (lambda first, second: setattr(second.grants[0], "withdrawn_at", MAY), "담당자만")])
def test_nobody_confirms_but_another_administrator_of_these_days(town, two, spoil, sentence):
    first, second = two
    waiting = works_alone(town, first)
    seen = first_day.alone(first.id).fingerprint
    spoil(first, second)
    db.session.commit()
    for actor in (second, first):
        with pytest.raises(Denied, match=sentence if actor is second else "다른 사람이|처음 14일"):
            first_day.confirm(first.id, seen=seen, by=actor)
        db.session.rollback()
    assert not any(change.confirmed_at for change in waiting)


def test_a_change_that_was_not_on_the_page_is_not_confirmed(town, two, browse):
    first, second = two
    works_alone(town, first)
    browser = browse(second)
    assert "다른 관리자의 승인을 기다려요" in words_of(browser.get("/desk/first-day"))
    page = browser.get(f"/desk/first-day/{first.id}")
    assert "혼자 한 일 6가지" in words_of(page) and "한빛구" in words_of(page) and "누리동" in words_of(page)
    seen = re.search('name="seen"[^>]*value="([0-9a-f]{64})"', page.get_data(as_text=True))[1]
    late = decide("PRIVACY_DESK", "민원과", first)
    with pytest.raises(Conflict, match="바뀌었어요"):
        first_day.confirm(first.id, seen=bytes.fromhex(seen), by=second)
    db.session.rollback()
    assert late.confirmed_at is None and late.asks_another
    assert browse(first).get(f"/desk/first-day/{second.id}").status_code == 200
    assert browser.get("/desk/first-day/999999").status_code == 404
