"""Kiosks: one person after another, and nothing of the one before."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask_login import AnonymousUserMixin
from lxml import html

from civic_forum.opinions import answering, guests, queries
from civic_forum.opinions.kiosk import services
from civic_forum.opinions.models import Kiosk
from civic_forum.opinions.rules import Audience, Basis
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, NotFound

from .making import LINES, consultation, participants, values


@pytest.fixture
def asked(town):
    return consultation()


def opened(browse, asked, user):
    """A browser that somebody of the desk made a kiosk."""
    device = browse(user)
    started = device.post(f"/desk/consultations/{asked.slug}/kiosks")
    assert (started.status_code, started.location) == (303, f"/consultations/{asked.slug}/kiosk")
    return device


def test_one_person_after_another_answers_and_nothing_stays(asked, town, browse):
    here = f"/consultations/{asked.slug}"
    device = opened(browse, asked, town.clerk())
    start = device.get(f"{here}/kiosk")
    assert "시작하기" in start.text and 'href="/sign-in' not in start.text
    assert device.get("/desk").status_code in (302, 401), "the clerk is signed out"
    for person in range(2):
        assert device.get(f"{here}/answer").location == f"{here}/kiosk", "no turn, no statement"
        assert device.post(f"{here}/responses", data={"statement": "1", "value": "1"}).location == f"{here}/kiosk"
        assert device.post(f"{here}/kiosk").location == f"{here}/answer"
        page = device.get(f"{here}/answer")
        assert "여기까지 할게요" in page.text and "지금 내 답" not in page.text
        assert "no-store" in page.headers["Cache-Control"]
        for number in range(1, 1 + len(LINES)):
            device.post(f"{here}/responses", data={"statement": str(number), "value": "1"})
        assert device.get(f"{here}/answer", follow_redirects=True).text.count("답 6개를 받았어요") == 1
        assert device.get(f"{here}/mine").location == f"{here}/kiosk"
        ended = device.post(f"{here}/kiosk/end")
        assert "cache" in ended.headers["Clear-Site-Data"] and not device.get_cookie(guests.SEAT)
        for path in ("answer", "answer?statement=1", "mine", "mine/removal"):
            assert device.get(f"{here}/{path}").location == f"{here}/kiosk", path
        assert "답 6개" not in device.get(f"{here}/kiosk").text
        assert participants() == [(Basis.KIOSK, 6)] * (person + 1)
    assert not device.get_cookie(guests.COOKIE)


@pytest.mark.both
def test_people_signed_in_or_with_a_seat_elsewhere_are_at_no_kiosk(asked, town, browse):
    here = f"/consultations/{asked.slug}/kiosk"
    plain = browse()
    assert plain.get(here).status_code == 403 and plain.post(here).status_code == 403
    plain.set_cookie(guests.SEAT, "x" * 22)
    plain.set_cookie(guests.KIOSK, "x" * 43)
    assert plain.get(here).status_code == 403 and plain.post(f"{here}/end").status_code == 403
    device = opened(browse, asked, town.clerk())
    other = consultation()
    assert device.get(f"/consultations/{other.slug}/kiosk").status_code == 403


@pytest.mark.both
def test_a_kiosk_is_revoked_at_once(asked, town, browse):
    clerk = town.clerk()
    device, here = opened(browse, asked, clerk), f"/consultations/{asked.slug}"
    device.post(f"{here}/kiosk")
    kiosk = db.session.scalar(sa.select(Kiosk))
    seat = guests.Guest(Basis.KIOSK, f"{kiosk.id}.{'x' * 22}")
    answering.respond(asked.id, 1, 1, by=AnonymousUserMixin(), device=seat)
    at_desk = browse(clerk)
    revoked = at_desk.post(f"/desk{here}/kiosks/{kiosk.id}/revocations", follow_redirects=True)
    assert "키오스크를 끝냈어요" in revoked.text
    assert device.get(f"{here}/kiosk").status_code == 403
    said = device.post(f"{here}/responses", data={"statement": "1", "value": "1"})
    assert said.status_code == 403 and not device.get_cookie(guests.COOKIE), "that would be another participant"
    with pytest.raises(Denied):
        answering.respond(asked.id, 2, 1, by=AnonymousUserMixin(), device=seat)
    with pytest.raises(NotFound):
        services.revoke(asked.id, kiosk.id, by=clerk)
    assert participants() == [(Basis.KIOSK, 1)]


def test_kiosks_ask_what_everybody_may_answer_and_only_while_it_is_open(town):
    clerk = town.clerk()
    for facts in ({"audience": Audience.MEMBERS}, {"audience": Audience.VERIFIED}, {"verified_only": True},
                  {"open_since": timedelta(days=20)}, {"open_since": timedelta(days=-1)}):
        with pytest.raises(Denied):
            services.start(consultation(**facts).id, by=clerk)
    with pytest.raises(Denied):
        services.start(consultation().id, by=town.user())
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Kiosk)) == 0


@pytest.mark.both
def test_a_kiosk_ends_after_its_hours_and_at_the_close(asked, town, browse, monkeypatch):
    device, here = opened(browse, asked, town.clerk()), f"/consultations/{asked.slug}/kiosk"
    short = consultation(lasts=timedelta(hours=2))
    services.start(short.id, by=town.clerk())
    assert queries.kiosks(short.id)[0].until == short.closes_at
    kiosk = queries.kiosks(asked.id)[0]
    assert timedelta(hours=11) < kiosk.until - asked.opens_at - timedelta(hours=1) <= timedelta(hours=12, minutes=1)
    kiosk.until = asked.opens_at
    db.session.commit()
    assert device.get(here).status_code == 403
    assert device.post(f"/consultations/{asked.slug}/responses", data={"statement": "1", "value": "1"}
                       ).status_code == 303, "an ordinary browser again"


def test_answers_of_a_seat_are_one_participants(asked, town, browse):
    device, here = opened(browse, asked, town.clerk()), f"/consultations/{asked.slug}"
    device.post(f"{here}/kiosk")
    for value in ("1", "0", "-1"):
        assert device.post(f"{here}/responses", data={"statement": "2", "value": value}).status_code == 303
    assert participants() == [(Basis.KIOSK, 1)]
    assert values() == [-1]


def test_pages_of_errors_lead_back_to_the_start_and_nowhere_else(asked, town, browse, monkeypatch):
    device, here = opened(browse, asked, town.clerk()), f"/consultations/{asked.slug}"
    device.post(f"{here}/kiosk")

    def broken(*_given):
        raise ZeroDivisionError

    for path, status in (("answer?statement=99", 404), ("responses", 405), ("nothing", 404), ("kiosk", 500)):
        if status == 500:
            device.application.config["PROPAGATE_EXCEPTIONS"] = False
            monkeypatch.setattr(queries, "draw", broken)
        answer = device.get(f"{here}/{path}")
        page = html.fromstring(answer.text)
        assert answer.status_code == status, path
        assert page.xpath("//main//a/@href") == [f"{here}/kiosk"] and not page.xpath("//a[@href='/']"), path
        assert page.xpath("//body/@data-away") == ["60"]
        assert page.xpath("//form[.//button[@data-kiosk-end]]/@action") == [f"{here}/kiosk/end"]
    assert "data-away" not in browse().get(f"{here}/nothing").text


@pytest.mark.both
def test_a_kiosk_that_is_over_leads_nowhere_by_itself(asked, town, browse):
    clerk = town.clerk()
    device, here = opened(browse, asked, clerk), f"/consultations/{asked.slug}"
    services.revoke(asked.id, db.session.query(Kiosk.id).scalar(), by=clerk)
    for answer in (device.get(f"{here}/kiosk"), device.post(f"{here}/kiosk/end")):
        page = html.fromstring(answer.text)
        assert answer.status_code == 403 and not page.xpath("//body/@data-away | //form[@action='/sign-in']")


def test_seats_that_answer_are_limited_whoever_made_them_up(asked, town, browse, monkeypatch):
    monkeypatch.setattr(guests, "PEOPLE_AN_HOUR", 2)
    device, here = opened(browse, asked, town.clerk()), f"/consultations/{asked.slug}"
    statuses = []
    for number in range(4):
        device.set_cookie(guests.SEAT, str(number) * 22)
        statuses.append(device.post(f"{here}/responses", data={"statement": "1", "value": "1"}).status_code)
    assert statuses == [303, 303, 429, 429] and len(participants()) == 2
