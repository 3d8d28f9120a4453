"""One's own page about being a resident."""

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import AccessRecord, Affiliation, DeskCheck, Letter
from civic_forum.accounts.rules import AffiliationKind, Evidence
from civic_forum.accounts.services import letters, residency
from civic_forum.accounts.services import people as access
from civic_forum.platform import jobs
from civic_forum.platform.base import db
from tests import factories
from tests.accounts.people import posted

LETTER = {"name": "이도윤", "birth_date": "1990. 7. 9.", "address": "금하로 00길 12\n3층 301호"}


def text(answer):
    return answer.get_data(as_text=True)


def one(table):
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalar(sa.select(table))


@pytest.fixture
def place(town):
    return town.neighbourhood()


def test_a_letter_is_asked_for_and_taken_back(town, browse, place):
    browser = browse(town.user())
    answer = browser.post("/me/residency/letters", data=LETTER | {"neighbourhood": str(place.id)},
                          follow_redirects=True)
    assert "우편을 신청했어요" in text(answer) and "이도윤" not in text(answer)
    again = browser.post("/me/residency/letters", data=LETTER | {"neighbourhood": str(place.id)})
    assert again.status_code == 409 and "이도윤" in text(again)
    browser.post("/me/residency/letters/cancellations")
    assert one(Letter).outcome == "cancelled"
    assert browser.post("/me/residency/letters/cancellations").status_code == 404


@pytest.mark.parametrize("wrong, sentence", [
    ({"birth_date": "내일"}, "숫자 8자리"), ({"birth_date": "2020-01-01"}, "14세 미만"), ({"name": ""}, "이름을 그대로"),
    ({"name": "\x00\u202e"}, "이름을 그대로"), ({"address": "집"}, "도로명"), ({"neighbourhood": ""}, "동을 골라"),
    ({"neighbourhood": "99999"}, ""), ({"birth_date": "9" * 5000}, "숫자 8자리")])
def test_faults_of_a_letter_are_said(town, browse, place, wrong, sentence):
    answer = browse(town.user()).post("/me/residency/letters", data=LETTER | {"neighbourhood": str(place.id)} | wrong)
    assert answer.status_code == 422 and sentence in text(answer) and one(Letter) is None


def test_a_wrong_code_keeps_what_was_typed_and_says_how_often_it_works(town, browse, place):
    user = town.user()
    browser = browse(user)
    assert browser.post("/me/residency/code", data={"code": "AAAA"}).status_code == 404
    letter = letters.request(Identity("이도윤", date(1990, 7, 9)), "금하로 1", place.id, by=user)
    letters.print_batch([letter.id], by=town.clerk(neighbourhood=place))
    posted(town, letter.id)
    answer = browser.post("/me/residency/code", data={"code": "AAAA-BBBB"})
    assert answer.status_code == 422 and "4번 더" in text(answer) and "AAAA-BBBB" in text(answer)


def test_work_here_is_declared_and_taken_back(town, browse, place):
    browser = browse(town.user())
    answer = browser.post("/me/residency/declarations", data={"kind": "work", "place": str(place.id)},
                          follow_redirects=True)
    assert "주민으로 참여할 수 있어요" not in text(answer) and "본인이 알렸어요" in text(answer)
    answer = browser.post("/me/residency/declarations/work/withdrawals", follow_redirects=True)
    assert "본인이 알렸어요" not in text(answer)
    assert browser.post("/me/residency/declarations/live/withdrawals").status_code == 404


def test_the_page_somebody_came_from_is_kept_through_every_way_of_verification(town, browse, place):
    user, then = town.user(), "/polls/summer"
    browser = browse(user)

    def links(path):
        page = text(browser.get(path))
        return [found for found in re.findall(r'(?:href|action)="([^"]*)"', page) if found.startswith("/me/residency")]

    assert f'href="{then}"' in text(browser.get(f"/me/residency?next={then}"))
    assert all(link.endswith(f"?next={then}") for link in links(f"/me/residency?next={then}"))
    assert links("/me/residency") and not any("next" in link for link in links("/me/residency"))
    assert f"/me/residency/letters?next={then}" in links(f"/me/residency/letters/new?next={then}")
    sent = browser.post(f"/me/residency/letters?next={then}", data=LETTER | {"neighbourhood": str(place.id)})
    assert sent.location == f"/me/residency?next={then}"
    cancelled = browser.post(f"/me/residency/letters/cancellations?next={then}")
    assert cancelled.location == f"/me/residency?next={then}"
    said = browser.post(f"/me/residency/declarations?next={then}", data={"kind": "work", "place": str(place.id)})
    assert said.location == f"/me/residency?next={then}"
    letter = letters.request(Identity("이도윤", date(1990, 7, 9)), "금하로 1", place.id, by=user)
    [paper] = letters.print_batch([letter.id], by=town.clerk(neighbourhood=place))
    posted(town, letter.id)
    assert {f"/me/residency/code?next={then}"} <= set(links(f"/me/residency/code?next={then}"))
    assert browser.post(f"/me/residency/code?next={then}", data={"code": paper.code}).location == then
    assert not any("evil" in link for link in links("/me/residency?next=//evil.example/"))


@pytest.mark.parametrize("data", [{}, {"kind": "live"}, {"kind": "work"}, {"kind": "work", "place": "999"}])
def test_a_declaration_that_does_not_fit_is_refused(town, browse, place, data):
    answer = browse(town.user()).post("/me/residency/declarations", data=data)
    assert answer.status_code == 422 and "data-error-summary" in text(answer)
    assert one(Affiliation) is None


@pytest.mark.both
def test_the_page_takes_few_queries(town, browse, queries, place):
    browser = browse(town.user())
    browser.get("/me/residency")
    with queries() as seen:
        assert browser.get("/me/residency").status_code == 200
    assert len(seen) <= 9, seen


def test_desk_checks_and_look_ups_are_kept_as_long_as_the_settings_say(town, app, place, at):
    at(factories.MAY)
    clerk, user = town.clerk(neighbourhood=place), town.user()
    residency.verify(user, Identity("이도윤", date(1990, 7, 9)), affiliations={AffiliationKind.LIVE: place.id},
                     evidence=Evidence.PASSPORT, by=clerk)
    access.look_up(user.sign_in_name, "비밀번호를 잊었어요", by=clerk)
    days = {rule.name: app.config[rule.setting] for rule in jobs.retention.values()}
    assert days["desk checks"] == days["look-ups by staff"] == 730 and days["letters"] == 60
    at(factories.MAY + timedelta(days=729))
    jobs.enforce_retention(app)
    assert one(DeskCheck) and one(AccessRecord)
    at(factories.MAY + timedelta(days=731))
    jobs.enforce_retention(app)
    assert one(DeskCheck) is None and one(AccessRecord) is None
