"""Letters: a code each, one participant each, on however many phones; withdrawn, guessed, over."""

from datetime import timedelta

import re

import pytest
import sqlalchemy as sa
from flask_login import AnonymousUserMixin
from lxml import html

from civic_forum.accounts import letter_codes
from civic_forum.accounts.rules import Role
from civic_forum.opinions import answering, computing, guests, operations
from civic_forum.opinions.letters import services
from civic_forum.opinions.models import Letter
from civic_forum.opinions.rules import Audience, Basis
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.platform.work import use_case
from tests.racing import at_once

from .making import consultation, participants, verified

NOBODY = AnonymousUserMixin()


@pytest.fixture
def asked(town):
    return consultation(by_letter=True, audience=Audience.VERIFIED, verified_only=True)


@pytest.fixture
def codes(asked, town):
    return services.print_letters(asked.id, 3, by=town.official())


def answer(asked, code: str, number: int = 1, value: int = 1) -> None:
    answering.respond(asked.id, number, value, by=NOBODY, device=services.guest(asked, code, by=NOBODY))


def test_codes_are_long_and_kept_as_hashes_alone(asked, codes):
    assert len(set(codes)) == 3 and {len(code) for code in codes} == {16}
    assert letter_codes.grouped(codes[0]).replace("-", "") == codes[0]
    kept = list(db.session.scalars(sa.select(Letter)))
    assert len(kept) == 3 and {len(one.hash) for one in kept} == {32}
    assert not {one.name for one in Letter.__table__.columns} & {"user_id", "used_at", "at", "code"}
    assert not any(code in str(one.details) for code in codes for one in db.session.scalars(sa.select(AuditEntry)))


@pytest.mark.both
@pytest.mark.both
def test_a_letter_on_two_phones_is_one_participant_who_counts_as_verified(asked, codes):
    answer(asked, codes[0].lower())
    answer(asked, letter_codes.grouped(codes[0]).replace("-", " "), 2, -1)
    answer(asked, codes[1])
    assert sorted(participants()) == [(Basis.LINK, 1), (Basis.LINK, 2)]
    assert operations.counts(asked)[:3] == (0, 2, 2)


def test_a_letter_on_many_phones_at_once_is_one_participant(app, asked, codes):
    found = at_once(app, 6, lambda n: answer(asked, codes[0], n + 1))
    assert not any(found) and participants() == [(Basis.LINK, 6)]


def test_letters_are_admitted_where_the_consultation_says_so_alone(town):
    for audience in Audience:
        plain = consultation(audience=audience)
        with pytest.raises(Denied):
            services.print_letters(plain.id, 1, by=town.official())
        with pytest.raises(Denied):
            answering.respond(plain.id, 1, 1, by=NOBODY, device=guests.Guest(Basis.LINK, "A" * 16))
    assert participants() == []


def test_a_letter_of_another_consultation_opens_nothing(codes):
    with pytest.raises(NotFound):
        services.guest(consultation(by_letter=True), codes[0], by=NOBODY)


def test_withdrawn_letters_open_nothing_unless_they_were_used_before(asked, codes, town):
    answer(asked, codes[0])
    services.withdraw(asked.id, 1, by=town.official())
    answer(asked, codes[0], 2)
    late = guests.Guest(Basis.LINK, codes[1])
    with pytest.raises(NotFound):
        answer(asked, codes[1])
    with pytest.raises(Denied):
        answering.respond(asked.id, 1, 1, by=NOBODY, device=late)
    assert participants() == [(Basis.LINK, 2)]
    with pytest.raises(Conflict):
        services.withdraw(asked.id, 1, by=town.official())
    with pytest.raises(NotFound):
        services.withdraw(asked.id, 9, by=town.official())
    assert answering.withdraw(asked.id, by=NOBODY, device=guests.Guest(Basis.LINK, codes[0]))
    with pytest.raises(NotFound):
        answer(asked, codes[0])


def test_withdrawing_while_it_is_used_leaves_one_of_both(app, asked, codes, town):
    official = town.official()
    found = at_once(app, 2, lambda n: answer(asked, codes[0]) if n else services.withdraw(asked.id, 1, by=official))
    answered = found[1] is None
    assert answered or isinstance(found[1], (Denied, NotFound))
    assert participants() == ([(Basis.LINK, 1)] if answered else [])


def test_letters_are_printed_from_the_announcement_to_the_close(town):
    soon = consultation(by_letter=True, open_since=timedelta(days=-2))
    assert len(services.print_letters(soon.id, 2, by=town.official())) == 2
    for facts in ({"announced_at": None, "open_since": timedelta(days=-2)}, {"open_since": timedelta(days=20)}):
        with pytest.raises(Denied):
            services.print_letters(consultation(by_letter=True, **facts).id, 1, by=town.official())
    for by in (town.user(), town.resident(), town.clerk(), town.staff(Role.OBSERVER)):
        with pytest.raises(Denied):
            services.print_letters(soon.id, 1, by=by)
        with pytest.raises(Denied):
            services.withdraw(soon.id, 1, by=by)
    for count in (0, 501):
        with pytest.raises(Refusal):
            services.print_letters(soon.id, count, by=town.official())
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Letter)) == 2


def test_letters_are_gone_after_the_last_result(asked, codes):
    answer(asked, codes[0])
    asked.closes_at = asked.opens_at + timedelta(minutes=1)
    db.session.commit()
    with pytest.raises(Denied):
        answer(asked, codes[1])
    assert computing.compute(asked.id)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Letter)) == 0
    assert participants() == [(Basis.LINK, 1)]


@pytest.mark.both
def test_seats_do_not_bring_a_result_forward(asked):
    with use_case(None) as work:
        operations.bring_in(work, asked, [
            operations.BroughtIn(bytes([name]) * 16, Basis.KIOSK, {1: 1}) for name in range(10)])
    asked.verified_only = False
    assert operations.counts(asked) == (0, 10, 0)


def test_a_letter_answers_by_its_address_without_an_account(asked, codes, browse):
    here, phone, other = f"/consultations/{asked.slug}", browse(), browse()
    page = phone.get(f"{here}/letter/{codes[0]}")
    assert "이 편지로 답하기" in page.text and participants() == []
    assert page.headers["Referrer-Policy"] == "strict-origin" and "no-store" in page.headers["Cache-Control"]
    assert phone.get(f"{here}/answer").status_code == 302, "opening is not answering"
    code = html.fromstring(page.text).xpath("//main//input[@name='code']/@value")[0]
    gone_on = phone.post(f"{here}/letter", data={"code": code})
    assert (gone_on.status_code, gone_on.location) == (303, f"{here}/answer")
    cookie = phone.get_cookie(guests.letter_cookie(asked))
    assert codes[0] not in cookie.value and cookie.http_only
    assert phone.post(f"{here}/responses", data={"statement": "1", "value": "1"}).status_code == 303
    assert other.post(f"{here}/letter", data={"code": letter_codes.grouped(codes[0])}).status_code == 303
    assert "답 1개" in other.get(f"{here}/mine").text
    assert other.post(f"{here}/responses", data={"statement": "2", "value": "-1"}).status_code == 303
    assert participants() == [(Basis.LINK, 2)] and not phone.get_cookie(guests.COOKIE)
    assert phone.post(f"{here}/mine/removal").status_code == 303 and participants() == []


def test_wrong_codes_and_signed_in_people_are_told_so(asked, codes, browse, town):
    here = f"/consultations/{asked.slug}/letter"
    assert "편지에 적힌 코드" in browse().get(here).text
    for wrong in ("", "A" * 16, codes[0][:-1], "é" * 16, "x" * 5_000, "\x00"):
        sent = browse().post(here, data={"code": wrong})
        assert 400 <= sent.status_code < 500, wrong
        assert "answerer" not in str(sent.headers.getlist("Set-Cookie")), wrong
    assert "로그아웃" in browse(town.user()).post(here, data={"code": codes[0]}).text
    plain = consultation()
    assert "편지로 답을 받지 않아요" in browse().get(f"/consultations/{plain.slug}/letter").text
    assert browse().post(f"/consultations/{plain.slug}/letter", data={"code": codes[0]}).status_code == 403
    forged = browse()
    for value in ("x", "AAAA" * 30, "é"):
        forged.set_cookie(guests.letter_cookie(asked), value)
        assert forged.post(f"/consultations/{asked.slug}/responses", data={"statement": "1", "value": "1"}
                           ).status_code == 401
    assert participants() == []


def test_a_letter_is_for_people_without_an_account(asked, codes, browse, town):
    here, user = f"/consultations/{asked.slug}", verified(town.user())
    phone = browse(user)
    for path in ("letter", f"letter/{codes[0]}"):
        page = html.fromstring(phone.get(f"{here}/{path}").text)
        assert "계정이 없는 분" in page.text_content() and not page.xpath("//main//form")
    answering.respond(asked.id, 1, 1, by=user)
    for sent in (phone.get(f"{here}/letter/{codes[0]}"), phone.post(f"{here}/letter", data={"code": codes[0]})):
        page = html.fromstring(sent.text)
        assert "이 계정으로 이미 답했어요" in page.text_content() and "로그아웃한 뒤" not in page.text_content()
        assert f"{here}/mine" in page.xpath("//main//a/@href") and not page.xpath("//main//form")
    assert sent.status_code == 409 and not phone.get_cookie(guests.letter_cookie(asked))
    assert participants() == [(Basis.VERIFIED, 1)]
    assert "계정으로 이미 답했으면" in browse().get(f"{here}/letter/{codes[1]}").text, "signed out nobody can tell"


@pytest.mark.both
def test_letters_are_shown_once_at_the_desk_and_withdrawn_there(asked, town, browse):
    desk = browse(town.moderator())
    here = f"/desk/consultations/{asked.slug}/letters"
    assert desk.post(f"{here}/prints", data={"count": "0"}).status_code == 422
    page = desk.post(f"{here}/prints", data={"count": "2"})
    codes = [one.text for one in html.fromstring(page.text).xpath("//p[@class='letter-code']")]
    assert len(set(codes)) == 2 and page.text.count("data:image/svg+xml") == 2
    assert "no-store" in page.headers["Cache-Control"]
    shown = desk.get(here).text
    assert "1번째 묶음" in shown and not any(code in shown for code in codes)
    assert "거뒀어요" in desk.post(f"{here}/1/withdrawals", follow_redirects=True).text
    assert browse().post(f"/consultations/{asked.slug}/letter", data={"code": codes[0]}).status_code == 404
    for person in (town.resident(), town.clerk()):
        assert browse(person).get(here).status_code == 403


def test_no_link_of_the_letters_page_holds_its_code(asked, codes, browse):
    page = browse().get(f"/consultations/{asked.slug}/letter/{codes[0]}")
    assert codes[0] in page.text and not [one for one in re.findall(r'(?:href|action)="([^"]*)"', page.text)
                                          if codes[0] in one]
