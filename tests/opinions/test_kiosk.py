"""Kiosks: registered devices of desks, a code for each person, one after another, and nothing of the one before."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask_login import AnonymousUserMixin
from lxml import html

from civic_forum.accounts.rules import Role
from civic_forum.ballots.kiosk import browser, devices
from civic_forum.ballots.kiosk.models import KioskDevice
from civic_forum.opinions import answering, computing, guests, queries
from civic_forum.opinions.kiosk import services
from civic_forum.opinions.models import KioskCount, Seat
from civic_forum.opinions.rules import Audience, Basis
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, TooMany
from tests.ballots.kiosks import at_kiosk, device
from tests.racing import at_once

from .making import LINES, consultation, participants, values

NOBODY = AnonymousUserMixin()


@pytest.fixture
def asked(town):
    return consultation()


@pytest.fixture
def tablet(browse):
    """A browser that an administrator registered for the whole district."""
    return at_kiosk(browse())


def sit_down(tablet, asked, clerk):
    """The next person types the code that the clerk handed out."""
    entered = tablet.post("/kiosk", data={"code": services.issue(asked.id, by=clerk).shown})
    assert (entered.status_code, entered.location) == (303, f"/consultations/{asked.slug}/answer")
    return entered


def seats() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Seat))


@pytest.mark.in_turns(of=5)
def test_one_person_after_another_answers_and_nothing_stays(asked, clerk, tablet):
    here = f"/consultations/{asked.slug}"
    start = tablet.get("/kiosk")
    assert "창구에서 받은 번호를 넣어 주세요" in start.text and 'href="/sign-in' not in start.text
    for person in range(2):
        sit_down(tablet, asked, clerk)
        page = tablet.get(f"{here}/answer")
        assert "여기까지 할게요" in page.text and "지금 내 답" not in page.text
        assert "no-store" in page.headers["Cache-Control"]
        for number in range(1, 1 + len(LINES)):
            tablet.post(f"{here}/responses", data={"statement": str(number), "value": "1"})
        assert tablet.get(f"{here}/answer", follow_redirects=True).text.count("답 6개를 받았어요") == 1
        assert tablet.get(f"{here}/mine").location == f"{here}/kiosk"
        ended = tablet.post(f"{here}/kiosk/end")
        assert ended.location == "/kiosk" and "cache" in ended.headers["Clear-Site-Data"]
        assert not tablet.get_cookie(guests.SEAT) and not tablet.get_cookie(guests.COOKIE)
        for path in ("answer", "answer?statement=1", "mine", "mine/removal"):
            assert tablet.get(f"{here}/{path}").location == f"{here}/kiosk", path
        assert tablet.get(f"{here}/kiosk").location == "/kiosk"
        assert tablet.post(f"{here}/responses", data={"statement": "1", "value": "1"}).location == f"{here}/kiosk"
        assert participants() == [(Basis.KIOSK, 6)] * (person + 1)
    assert seats() == 0


@pytest.mark.both
def test_a_copied_cookie_answers_as_nobody_else(asked, clerk, tablet, browse):
    """As `one clerk answers as sixteen people by the cookie of a kiosk` did before."""
    here = f"/consultations/{asked.slug}"
    sit_down(tablet, asked, clerk)
    copies = [browse() for _copy in range(4)]
    for number, copy in enumerate(copies):
        for name in (browser.DEVICE, guests.SEAT) if number else (browser.DEVICE,):
            copy.set_cookie(name, tablet.get_cookie(name).value)
        copy.post(f"{here}/responses", data={"statement": "1", "value": "1"})
        assert copy.post(f"{here}/kiosk").status_code == 405
    assert participants() == [(Basis.KIOSK, 1)], "all of them are one person"
    for made_up in ("x" * 22, "x" * 43, "1.x", ""):
        copies[0].set_cookie(guests.SEAT, made_up)
        answer = copies[0].post(f"{here}/responses", data={"statement": "2", "value": "1"})
        assert answer.location == f"{here}/kiosk"
    tablet.post(f"{here}/kiosk/end")
    assert copies[1].post(f"{here}/responses", data={"statement": "2", "value": "1"}).location == f"{here}/kiosk"
    assert participants() == [(Basis.KIOSK, 1)]


def test_a_code_works_once_within_ten_minutes_at_a_kiosk_of_its_desk(app, asked, clerk, tablet, browse, town):
    code = services.issue(asked.id, by=clerk).code
    assert browse().post("/kiosk", data={"code": code}).status_code == 403, "no registered device"
    elsewhere = at_kiosk(browse(), town.neighbourhood("독산1동").name_ko)
    refused = elsewhere.post("/kiosk", data={"code": code})
    assert refused.status_code == 404 and "다른 창구에서 드린 번호" in refused.text
    assert tablet.post("/kiosk", data={"code": code}).status_code == 303
    assert at_kiosk(browse()).post("/kiosk", data={"code": code}).status_code == 404
    late = services.issue(asked.id, by=clerk).code
    clock.shift(10 * 60 + 1)
    assert at_kiosk(browse()).post("/kiosk", data={"code": late}).status_code == 404
    services.issue(asked.id, by=clerk)
    assert seats() == 2, "those that were over are gone"


@pytest.mark.both
def test_a_code_typed_at_two_kiosks_at_once_gives_one_seat(app, asked, clerk):
    code, secret = services.issue(asked.id, by=clerk).code, device()
    here = browser.queries.registered(secret)
    db.session.rollback()
    turns = at_once(app, 4, lambda _n: services.enter(code, here))
    assert sum(turn is not None for turn in turns) == 1


@pytest.mark.both
def test_codes_are_numbered_by_desk_and_day_and_everybody_sees_how_many(asked, clerk, town, browse, monkeypatch):
    monkeypatch.setattr(services, "CODES_A_DAY", 2)
    assert [services.issue(asked.id, by=by).number for by in (clerk, town.moderator(), clerk)] == [1, 1, 2]
    with pytest.raises(TooMany):
        services.issue(asked.id, by=clerk)
    assert seats() == 3 and sorted(db.session.scalars(sa.select(KioskCount.codes))) == [1, 2]
    assert "codes" in KioskCount.__table__.columns and not {"user_id", "at"} & set(KioskCount.__table__.columns.keys())
    page = html.fromstring(browse().get(f"/consultations/{asked.slug}").text)
    fold = " ".join(page.xpath("//details[.//ul]")[-1].text_content().split())
    assert "창구에서 드린 번호 3개" in fold and "구 전체 창구 1개" in fold and f"{town.neighbourhood().name} 창구 2개" in fold
    desk = browse(clerk)
    refused = desk.post(f"/desk/consultations/{asked.slug}/kiosk-codes")
    assert refused.status_code == 429 and "내일 다시" in refused.text
    monkeypatch.setattr(services, "CODES_A_DAY", 9)
    handed = desk.post(f"/desk/consultations/{asked.slug}/kiosk-codes", follow_redirects=True)
    assert "창구 기록부의 3번 칸" in handed.text and "no-store" in handed.headers["Cache-Control"]
    sheet = html.fromstring(desk.get(f"/desk/consultations/{asked.slug}/kiosks/register").text)
    assert len(sheet.xpath("//table//tbody/tr")) == 25 and "오늘 드린 번호는 3개" in sheet.text_content()


def test_a_page_with_a_code_that_is_loaded_anew_takes_no_other_line_of_the_register(asked, clerk, browse):
    desk, here = browse(clerk), f"/desk/consultations/{asked.slug}"
    sent = desk.post(f"{here}/kiosk-codes")
    assert (sent.status_code, sent.location) == (303, f"{here}/kiosks")
    pages = [html.fromstring(desk.get(f"{here}/kiosks").text) for _load in range(3)]
    shown, = {page.xpath("string(//p[@class='code-huge'])") for page in pages}
    assert re.fullmatch(r"\d{4} \d{4}", shown) and seats() == 1 and db.session.scalar(sa.select(KioskCount.codes)) == 1
    assert shown.replace(" ", "") not in desk.get_cookie("session").value
    other = consultation()
    assert "code-huge" not in desk.get(f"/desk/consultations/{other.slug}/kiosks").text
    assert "code-huge" not in browse(clerk).get(f"{here}/kiosks").text
    clock.shift(clock.offset_seconds() + 601)
    assert "code-huge" not in desk.get(f"{here}/kiosks").text


@pytest.mark.both
def test_a_revoked_kiosk_answers_no_more(asked, clerk, tablet, town):
    here = f"/consultations/{asked.slug}"
    sit_down(tablet, asked, clerk)
    seat = guests.Guest(Basis.KIOSK, tablet.get_cookie(guests.SEAT).value)
    answering.respond(asked.id, 1, 1, by=NOBODY, device=seat)
    devices.revoke(db.session.scalar(sa.select(KioskDevice.id)), by=town.administrator())
    with pytest.raises(Denied):
        answering.respond(asked.id, 2, 1, by=NOBODY, device=seat)
    assert tablet.post(f"{here}/responses", data={"statement": "2", "value": "1"}).status_code == 403
    for answer in (tablet.get(f"{here}/kiosk"), tablet.post(f"{here}/kiosk/end")):
        page = html.fromstring(answer.text)
        assert answer.status_code == 403 and not page.xpath("//body/@data-away | //form[@action='/sign-in']")
    assert participants() == [(Basis.KIOSK, 1)]


def test_people_signed_in_or_with_a_seat_elsewhere_are_at_no_kiosk(asked, clerk, tablet, browse, town):
    here = f"/consultations/{asked.slug}/kiosk"
    plain = browse()
    plain.set_cookie(guests.SEAT, "x" * 22)
    assert plain.get(here).status_code == 403 and plain.post(f"{here}/end").status_code == 403
    answer = plain.post(f"/consultations/{asked.slug}/responses", data={"statement": "1", "value": "1"})
    assert answer.status_code == 403 and participants() == []
    other = consultation()
    sit_down(tablet, asked, clerk)
    assert tablet.get(f"/consultations/{other.slug}/kiosk").location == "/kiosk"
    assert tablet.post(f"/consultations/{other.slug}/responses", data={"statement": "1", "value": "1"}
                       ).location == f"/consultations/{other.slug}/kiosk"
    signed_in = at_kiosk(browse(clerk))
    signed_in.post("/kiosk", data={"code": services.issue(asked.id, by=clerk).code})
    assert signed_in.get("/desk").status_code in (302, 401), "the clerk is signed out"


def test_kiosks_are_for_what_everybody_answers_and_counts(town, clerk, browse):
    for facts in ({"audience": Audience.MEMBERS}, {"verified_only": True}, {"open_since": timedelta(days=20)}):
        with pytest.raises(Denied):
            services.issue(consultation(**facts).id, by=clerk)
    asked = consultation()
    for by in (town.user(), town.resident(), town.staff(Role.OBSERVER), town.administrator()):
        with pytest.raises(Denied):
            services.issue(asked.id, by=by)
    assert seats() == 0
    for facts, status in (({}, 200), ({"verified_only": True}, 403)):
        register = f"/desk/consultations/{consultation(**facts).slug}/kiosks/register"
        assert browse(clerk).get(register).status_code == status


@pytest.mark.in_turns(of=5)
def test_a_seat_is_over_by_itself_and_with_the_last_result(asked, clerk, tablet):
    sit_down(tablet, asked, clerk)
    seat = guests.Guest(Basis.KIOSK, tablet.get_cookie(guests.SEAT).value)
    clock.shift(30 * 60 + 1)
    with pytest.raises(Denied):
        answering.respond(asked.id, 1, 1, by=NOBODY, device=seat)
    asked.closes_at = asked.opens_at + timedelta(minutes=1)
    db.session.commit()
    assert computing.compute(asked.id) and seats() == 0


def test_answers_of_a_seat_are_one_participants(asked, clerk, tablet):
    here = f"/consultations/{asked.slug}"
    sit_down(tablet, asked, clerk)
    for value in ("1", "0", "-1"):
        assert tablet.post(f"{here}/responses", data={"statement": "2", "value": value}).status_code == 303
    assert participants() == [(Basis.KIOSK, 1)]
    assert values() == [-1]


def test_pages_of_errors_lead_back_to_the_start_and_nowhere_else(asked, clerk, tablet, browse, monkeypatch):
    here = f"/consultations/{asked.slug}"
    sit_down(tablet, asked, clerk)

    def broken(*_given):
        raise ZeroDivisionError

    for path, status in (("answer?statement=99", 404), ("responses", 405), ("nothing", 404), ("kiosk", 500)):
        if status == 500:
            tablet.application.config["PROPAGATE_EXCEPTIONS"] = False
            monkeypatch.setattr(queries, "draw", broken)
        answer = tablet.get(f"{here}/{path}")
        page = html.fromstring(answer.text)
        assert answer.status_code == status, path
        assert page.xpath("//main//a/@href") == [f"{here}/kiosk"] and not page.xpath("//a[@href='/']"), path
        assert page.xpath("//body/@data-away") == ["60"]
        assert page.xpath("//form[.//button[@data-kiosk-end]]/@action") == [f"{here}/kiosk/end"]
    assert "data-away" not in browse().get(f"{here}/nothing").text
