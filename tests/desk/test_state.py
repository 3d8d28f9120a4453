"""State of the machine: faults first, what is not known, tests of the carriers, older tables."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.desk import reactions
from civic_forum.desk.rules import Finding, Part, Sign, gravest_first, sign_of_letters
from civic_forum.desk.services import district as lists
from civic_forum.desk.services import settings, state
from civic_forum.district.models import Department, DistrictChange
from civic_forum.district.rules import DistrictList
from civic_forum.platform import audit_chain, clock, health, jobs, last_backup, outbox
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import local
from civic_forum.platform.outbox import Carrier, OutgoingMail
from civic_forum.platform.settings import DistrictSetting
from tests.common import words_of
from tests.district.conftest import later, two  # noqa: F401
from tests.servers import axe, chromium

WHY = "누구나 읽는 이유예요."


def signs():
    return {finding.part: finding.sign for finding in state.findings()}


@pytest.fixture
def boss(town, app, tmp_path, monkeypatch):
    """An administrator with a confirmed address and mobile, on a machine of people."""
    monkeypatch.setitem(app.config, "SAMPLE", False)
    monkeypatch.setitem(app.config, "STAFF_TOTP", "optional")
    monkeypatch.setitem(app.config, "DATA", str(tmp_path))
    monkeypatch.setattr(health, "migrations_are_newest", lambda: True)  # tables of tests have no revision
    user = town.administrator(email="boss@example.org")
    user.confirmed_email, user.confirmed_mobile = user.email, "010-0000-1234"
    db.session.commit()
    return user


@given(st.lists(st.builds(lambda part, sign: Finding(part=part, sign=sign, facts=()), st.sampled_from(Part),
                          st.sampled_from(Sign)), unique_by=lambda finding: finding.part), st.randoms())
def test_the_gravest_is_first_in_whatever_order_the_parts_are_looked_at(findings, chance):
    ordered = gravest_first(findings)
    assert sorted(ordered, key=id) == sorted(findings, key=id)
    shuffled = list(findings)
    chance.shuffle(shuffled)
    assert gravest_first(shuffled) == ordered
    for before, after in zip(ordered, ordered[1:]):
        assert list(Sign).index(before.sign) <= list(Sign).index(after.sign)
        assert before.sign != after.sign or list(Part).index(before.part) < list(Part).index(after.part)


@given(st.none() | st.timedeltas(timedelta(), timedelta(30)), st.none() | st.timedeltas(timedelta(), timedelta(30)))
def test_a_carrier_is_good_only_where_a_letter_left_lately_and_none_was_tried_in_vain_since(sent, failed):
    now = clock.now()
    sign = sign_of_letters(*(None if age is None else now - age for age in (sent, failed)), now)
    last_failed = failed is not None and (sent is None or failed < sent)
    assert (sign is Sign.BAD) is last_failed
    assert (sign is Sign.GOOD) is (not last_failed and sent is not None and sent <= timedelta(7))


def test_only_administrators_see_it(town, boss, browse):
    for user in (town.moderator(), town.official(), town.clerk(), town.user()):
        assert browse(user).get("/desk/state").status_code == browse(user).post("/desk/state/tests").status_code == 403
    assert browse(boss).get("/desk/state").status_code == 200
    for address in ("/desk", "/desk/district/settings", "/desk/first-day"):
        assert "/desk/state" in browse(boss).get(address).get_data(as_text=True)


@pytest.mark.both
def test_the_gravest_fault_is_first_with_a_remedy_and_how_long_it_takes(boss, app, browse, monkeypatch):
    monkeypatch.setitem(app.config, "SMTP_URL", "smtps://sender:hush-hush@mail.example.org:465")
    assert (signs()[Part.MAIL], signs()[Part.BACKUP], signs()[Part.WORKER]) == (Sign.UNKNOWN, Sign.BAD, Sign.UNKNOWN)
    page = words_of(browse(boss).get("/desk/state"))
    assert "지금 하실 일이 2가지 있어요" in page and "mail.example.org" in page
    assert page.index("bin/civic-forum backup") < page.index("20분쯤 걸려요") < page.index("나가는 소식")
    assert not re.search("hush-hush|sender|:465", browse(boss).get("/desk/state").get_data(as_text=True))


def test_no_part_that_is_not_known_is_said_to_be_good(boss, app, browse, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "URL", "https://forum.example.org")
    last_backup.note(tmp_path, clock.now())
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://mail.example.org")
    page = words_of(browse(boss).get("/desk/state"))
    assert "아는 것은 모두 잘 돌아가요" in page and "모르는 것이 3가지예요" in page


def test_a_test_leaves_by_the_real_server(boss, app, browse, postbox, monkeypatch):
    monkeypatch.setitem(app.config, "SMTP_URL", postbox.url)
    browser = browse(boss)
    assert browser.post("/desk/state/tests", data={"carrier": "mail"}).status_code == 303
    assert "내 시험: 곧 나가요" in words_of(browser.get("/desk/state"))
    assert outbox.deliver_due() == 1
    [letter] = postbox.letters_to("boss@example.org")
    assert letter["Subject"] == "시험으로 보내요" and signs()[Part.MAIL] is Sign.GOOD
    assert re.search("내 시험: .*에 나갔어요", words_of(browser.get("/desk/state")))


def test_a_server_that_is_away_is_red_until_a_letter_leaves(boss, app, browse, postbox, monkeypatch, at):
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://127.0.0.1:9")
    browser, now = browse(boss), clock.now()
    browser.post("/desk/state/tests", data={"carrier": "mail"})
    assert outbox.deliver_due() == 0
    at(now + timedelta(minutes=2))
    assert signs()[Part.MAIL] is Sign.BAD
    assert "서버가 아직 받지 않았어요" in words_of(browser.get("/desk/state"))
    monkeypatch.setitem(app.config, "SMTP_URL", postbox.url)
    at(now + timedelta(minutes=6))
    assert outbox.deliver_due() == 1 and signs()[Part.MAIL] is Sign.GOOD


def test_nothing_is_sent_where_it_cannot_be_or_too_often(boss, app, browse, monkeypatch):
    browser = browse(boss)
    assert browser.post("/desk/state/tests", data={"carrier": "pigeon"}).status_code == 400
    for carrier, name in ((Carrier.MAIL, "SMTP_URL"), (Carrier.SMS, "SMS_URL")):
        monkeypatch.setitem(app.config, name, "")
        answer = browser.post("/desk/state/tests", data={"carrier": carrier})
        assert answer.status_code == 409 and name in words_of(answer)
        monkeypatch.setitem(app.config, name, "http://carrier.example.org")
    assert db.session.scalar(sa.select(sa.func.count(OutgoingMail.id))) == 0
    assert browser.post("/desk/state/tests", data={"carrier": "sms"}).status_code == 303
    db.session.rollback()
    boss.confirmed_email = None
    db.session.commit()
    assert browser.post("/desk/state/tests", data={"carrier": "mail"}).status_code == 409
    assert [browser.post("/desk/state/tests", data={"carrier": "sms"}).status_code for _each in "12"] == [303, 429]
    assert [letter.recipient for letter in db.session.scalars(sa.select(OutgoingMail))] == ["010-0000-1234"] * 2


def test_a_worker_that_fails_or_stops_is_red(boss, app, at, monkeypatch):
    monkeypatch.setattr(jobs, "_ends", {})
    now, failing = clock.now(), jobs.Job("failing", 1, lambda: 1 / 0)
    jobs.note()
    assert signs()[Part.WORKER] is Sign.GOOD
    with pytest.raises(ZeroDivisionError):
        jobs._in_context(app, failing)()
    jobs.note()
    assert signs()[Part.WORKER] is Sign.BAD and jobs.noted().failed == ["failing"]
    jobs._in_context(app, jobs.Job("failing", 1, jobs.note))()
    jobs.note()
    assert signs()[Part.WORKER] is Sign.GOOD
    at(now + timedelta(minutes=11))
    assert signs()[Part.WORKER] is Sign.BAD


def test_settings_of_an_old_file_are_named_with_where_each_is_decided(boss, app, browse, monkeypatch):
    monkeypatch.setitem(app.config, "GIVEN", frozenset(("SUPPORT_THRESHOLD", "SITE_NAME_EN", "DATA")))
    assert "보지 않는 것" not in words_of(browse(boss).get("/desk/state"))
    reactions.take_over_settings()
    page = browse(boss).get("/desk/state").get_data(as_text=True)
    assert {name for name in ("SUPPORT_THRESHOLD", "SITE_NAME", "HOLIDAYS")
            if f"/desk/district/settings/{name}" in page} == {"SUPPORT_THRESHOLD", "SITE_NAME"}


def decided(boss):
    """A threshold decided and in force, and a department that was renamed."""
    tomorrow = local(clock.now() + timedelta(days=1)).date()
    settings.decide("CONTACT_PHONE", settings.Decision(text="02-222-2222", why=WHY), from_day=tomorrow, seen=0, by=boss)
    [department] = lists.make(DistrictList.DEPARTMENTS, "물길과, Waterways", why=WHY, by=boss)
    lists.rename(DistrictList.DEPARTMENTS, department.id, lists.Decision(name_ko="물과", words={"en": "Water"}, why=WHY),
                 from_day=tomorrow, seen=db.session.scalar(sa.select(sa.func.max(DistrictChange.id))), by=boss)


TABLES = {"settings": DistrictSetting, "departments": Department, "changes": DistrictChange}


@pytest.mark.in_turns(of=5)
@pytest.mark.both
@pytest.mark.parametrize("older", TABLES)
def test_an_older_table_stops_the_start(two, later, older):  # noqa: F811
    decided(two[0])
    audit_chain.link()
    reactions.refuse_older_decisions()
    db.session.rollback()
    table = TABLES[older].__table__
    before = [row._asdict() for row in db.session.execute(sa.select(table))]
    assert later(1) == 2
    audit_chain.link()
    reactions.refuse_older_decisions()
    assert signs()[Part.DECISIONS] is Sign.GOOD
    for row in before:
        db.session.execute(sa.update(table).where(table.c.id == row["id"]).values(row))
    db.session.commit()
    with pytest.raises(Conflict, match="bin/civic-forum restore"):
        reactions.refuse_older_decisions()
    assert signs()[Part.DECISIONS] is Sign.BAD


def test_a_setting_or_a_change_that_is_missing_stops_the_start(two):  # noqa: F811
    decided(two[0])
    for model in (DistrictSetting, DistrictChange):
        with db.session.begin_nested() as trial:
            db.session.execute(sa.delete(model))
            with pytest.raises(Conflict):
                reactions.refuse_older_decisions()
            trial.rollback()


@pytest.mark.in_turns(of=5)
@pytest.mark.one_database
@pytest.mark.parametrize("width, view", [(390, "text=xl"), (1280, "contrast=1")])
def test_everybody_can_read_it(boss, app, signed_in, monkeypatch, width, view):
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://127.0.0.1:9")
    page = signed_in(boss, width=width)
    page.goto(f"/display?{view}&back=/desk/state")
    page.get_by_role("button", name="나에게 보내 보기 메일").click()
    assert "곧 나가요" in page.inner_text("main") and page.locator("h1").inner_text().startswith("지금 하실 일이")
    assert axe.violations(page) == [] and chromium.overflow(page) == 0
