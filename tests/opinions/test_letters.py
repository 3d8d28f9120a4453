"""Letters: a code each, one participant each, in one browser; posted by another, withdrawn, claimed, guessed, over."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask_login import AnonymousUserMixin
from lxml import html

from civic_forum.accounts.models import RoleGrant
from civic_forum.accounts.rules import Role
from civic_forum.opinions import answering, computing, guests, operations
from civic_forum.opinions.letters import queries, services
from civic_forum.opinions.models import Letter, LetterRun
from civic_forum.opinions.rules import Audience, Basis
from civic_forum.platform import clock, typed_codes
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.platform.work import use_case
from tests.racing import at_once

from .making import consultation, granted_by, letters, participants, poster, verified

NOBODY = AnonymousUserMixin()


@pytest.fixture
def asked(town):
    return consultation(by_letter=True, audience=Audience.VERIFIED, verified_only=True)


@pytest.fixture
def codes(asked, town):
    return letters(asked, 3, town)


def answer(asked, code: str, number: int = 1, value: int = 1, browser: str = "a phone") -> None:
    answering.respond(asked.id, number, value, by=NOBODY, device=services.take_up(asked.id, code, browser, by=NOBODY))


@pytest.mark.both
def test_a_first_one_who_lost_the_role_is_followed_by_another_first_one(asked, codes, town):
    first, second, third = town.official(), poster(town), poster(town)
    answer(asked, codes[0])
    assert services.take_back(asked.id, codes[0], by=first) is False
    db.session.execute(sa.update(RoleGrant).where(RoleGrant.user_id == first.id).values(withdrawn_at=clock.now()))
    db.session.commit()
    assert services.take_back(asked.id, codes[0], by=second) is False and len(participants()) == 1
    assert services.take_back(asked.id, codes[0], by=third) and participants() == []


def numbers(asked) -> sa.Row:
    db.session.rollback()
    return queries.numbers(asked.id)


def kept() -> list[tuple]:
    """Letters as a reader of the table sees them, but for the bytes of what they are bound to."""
    db.session.rollback()
    return sorted((one.hash, len(one.holder), one.is_withdrawn, one.is_claimed, one.apart_by_id)
                  for one in db.session.scalars(sa.select(Letter)))


def test_codes_are_long_and_kept_as_hashes_alone(asked, codes):
    assert len(set(codes)) == 3 and {len(code) for code in codes} == {16}
    assert typed_codes.grouped(codes[0]).replace("-", "") == codes[0]
    kept = list(db.session.scalars(sa.select(Letter)))
    assert len(kept) == 3 and {len(part) for one in kept for part in (one.hash, one.holder)} == {32}
    assert len({part for one in kept for part in (one.hash, one.holder)}) == 6
    assert not {one.name for one in Letter.__table__.columns} & {"user_id", "used_at", "at", "code"}
    assert not any(code in str(one.details) for code in codes for one in db.session.scalars(sa.select(AuditEntry)))


@pytest.mark.both
def test_a_letter_is_of_the_browser_that_took_it_up_and_counts_as_verified(asked, codes):
    before = kept()
    answer(asked, codes[0].lower())
    answer(asked, typed_codes.grouped(codes[0]).replace("-", " "), 2, -1)
    answer(asked, codes[1], browser="another phone")
    with pytest.raises(services.TakenUp, match="다른 기기에서 이미 시작했어요"):
        answer(asked, codes[0], browser="the office")
    assert sorted(participants()) == [(Basis.LINK, 1), (Basis.LINK, 2)]
    assert operations.counts(asked)[:3] == (0, 2, 2) and numbers(asked).taken_up == 0, "in steps of five"
    assert kept() == before
    assert Letter.__table__.columns.keys() == ["hash", "consultation_id", "run", "holder", "is_withdrawn",
                                               "is_claimed", "apart_by_id"], "nothing else could tell what was used"


@pytest.mark.both
def test_a_letter_in_many_browsers_at_once_is_of_one(app, asked, codes):
    found = at_once(app, 6, lambda n: answer(asked, codes[0], n + 1, browser=f"phone {n}"))
    assert found.count(None) == 1 and sum(isinstance(one, services.TakenUp) for one in found) == 5
    assert participants() == [(Basis.LINK, 1)] and db.session.scalar(sa.select(LetterRun.taken_up)) == 1


def test_a_form_that_one_browser_sends_twice_is_one_taking_up(app, asked, codes):
    found = at_once(app, 4, lambda n: answer(asked, codes[0], n + 1))
    assert not any(found) and participants() == [(Basis.LINK, 4)]
    assert db.session.scalar(sa.select(LetterRun.taken_up)) == 1


def test_letters_open_nothing_before_another_person_posted_them(asked, town):
    official, other = town.official(mobile="01012345678"), poster(town)
    twin, unverified = poster(town, mobile="01012345678"), town.moderator()
    codes = services.print_letters(asked.id, 2, by=official)
    with pytest.raises(Conflict, match="아직 보내지 않은"):
        answer(asked, codes[0])
    for by, reason in ((official, "다른 사람이"), (twin, "다른 사람이"), (unverified, "본인 확인을 받은"),
                       (granted_by(official, poster(town)), "권한을 줬어요")):
        with pytest.raises(Denied, match=reason):
            services.post(asked.id, 1, 2, by=by)
    for count in (0, 1, 3):
        with pytest.raises(Refusal):
            services.post(asked.id, 1, count, by=other)
    assert services.take_back(asked.id, codes[1], by=official), "one that is not sent"
    with pytest.raises(NotFound):
        services.post(asked.id, 2, 1, by=other)
    services.post(asked.id, 1, 1, by=other)
    with pytest.raises(Conflict):
        services.post(asked.id, 1, 1, by=other)
    answer(asked, codes[0])
    with pytest.raises(NotFound):
        answer(asked, codes[1])
    assert numbers(asked) == (2, 1, 0, 0, 0, 0, 0) and participants() == [(Basis.LINK, 1)]


def test_printing_without_end_is_stopped_until_somebody_posts(asked, town):
    official, other = town.official(), poster(town)
    for _run in range(services.WAITING_MOST):
        services.print_letters(asked.id, 1, by=official)
    with pytest.raises(Conflict, match="보내지 않은 묶음"):
        services.print_letters(asked.id, 1, by=other)
    services.withdraw(asked.id, 3, by=official)
    services.print_letters(asked.id, 1, by=official)
    services.post(asked.id, 1, 1, by=other)


@pytest.mark.both
def test_numbers_of_letters_are_public_those_taken_up_in_steps(asked, town, browse):
    codes = letters(asked, 12, town)
    for code in codes[:4]:
        answer(asked, code, browser=code)
    page = browse().get(f"/consultations/{asked.slug}").text
    assert "편지 12장을 인쇄해 12장을 보냈어요" in page and "시작했어요" not in page
    for code in codes[4:9]:
        answer(asked, code, browser=code)
    assert services.take_back(asked.id, codes[11], by=town.official())
    clock.shift(60)
    page = browse().get(f"/consultations/{asked.slug}").text
    assert "적어도 5장으로 답을 시작했어요. 1장이 돌아왔어요." in page and "9장" not in page
    with pytest.raises(Conflict):
        services.take_back(asked.id, codes[11], by=town.official())


@pytest.mark.both
def test_answers_of_somebody_who_was_first_are_taken_out_by_two(asked, codes, town):
    first, second = town.official(mobile="01012345678"), poster(town)
    answer(asked, codes[0], browser="the office")
    answer(asked, codes[1], browser="at home")
    for code, browser in ((codes[1], "at home"), (codes[2], "a phone")):
        with pytest.raises(Conflict):
            services.claim(asked.id, code, browser)
    for _again in range(2):
        services.claim(asked.id, codes[0], "a phone")
    assert numbers(asked)[4:] == (1, 0, 0)
    assert services.take_back(asked.id, codes[0], by=first) is False
    for by in (first, poster(town, mobile="01012345678"), town.moderator(), granted_by(first, poster(town))):
        with pytest.raises(Denied):
            services.take_back(asked.id, codes[0], by=by)
    assert len(participants()) == 2
    assert services.take_back(asked.id, codes[0], by=second)
    assert participants() == [(Basis.LINK, 1)] and numbers(asked)[4:] == (1, 1, 0)
    for browser in ("the office", "a phone"):
        with pytest.raises((NotFound, services.TakenUp)):
            answer(asked, codes[0], browser=browser)
    assert participants() == [(Basis.LINK, 1)]


@pytest.mark.both
def test_letters_are_admitted_where_the_consultation_says_so_alone(town):
    for audience in Audience:
        plain = consultation(audience=audience)
        with pytest.raises(Denied):
            services.print_letters(plain.id, 1, by=town.official())
        with pytest.raises(Denied):
            answering.respond(plain.id, 1, 1, by=NOBODY, device=guests.Guest(Basis.LINK, "A" * 16))
    assert participants() == []


def test_a_letter_of_another_consultation_opens_nothing(codes):
    other = consultation(by_letter=True)
    with pytest.raises(NotFound):
        answer(other, codes[0])
    with pytest.raises(Denied):
        answering.respond(other.id, 1, 1, by=NOBODY, device=guests.Guest(
            Basis.LINK, db.session.scalars(sa.select(Letter.holder)).first().hex()))


def test_withdrawn_letters_open_nothing_unless_they_were_used_before(asked, codes, town):
    answer(asked, codes[0])
    services.withdraw(asked.id, 1, by=town.official())
    assert numbers(asked).withdrawn == 3, "everybody sees it"
    answer(asked, codes[0], 2)
    with pytest.raises(NotFound):
        answer(asked, codes[1])
    assert participants() == [(Basis.LINK, 2)]
    with pytest.raises(Conflict):
        services.withdraw(asked.id, 1, by=town.official())
    with pytest.raises(NotFound):
        services.withdraw(asked.id, 9, by=town.official())
    guest = services.take_up(asked.id, codes[0], "a phone", by=NOBODY)
    assert answering.withdraw(asked.id, by=NOBODY, device=guest)
    with pytest.raises(NotFound):
        answer(asked, codes[0])
    with pytest.raises(Denied):
        answering.respond(asked.id, 1, 1, by=NOBODY, device=guest)


def test_withdrawing_while_it_is_used_leaves_one_of_both(app, asked, codes, town):
    official = town.official()
    found = at_once(app, 2, lambda n: answer(asked, codes[0]) if n else services.withdraw(asked.id, 1, by=official))
    answered = found[1] is None
    assert answered or isinstance(found[1], (Denied, NotFound))
    assert participants() == ([(Basis.LINK, 1)] if answered else [])


def test_letters_are_printed_from_the_announcement_to_the_close(town):
    soon = consultation(by_letter=True, open_since=timedelta(days=-2))
    codes = services.print_letters(soon.id, 2, by=town.official())
    for facts in ({"announced_at": None, "open_since": timedelta(days=-2)}, {"open_since": timedelta(days=20)}):
        with pytest.raises(Denied):
            services.print_letters(consultation(by_letter=True, **facts).id, 1, by=town.official())
    for by in (town.user(), town.resident(), town.clerk(), town.staff(Role.OBSERVER)):
        for act in (lambda who: services.print_letters(soon.id, 1, by=who), lambda who: services.post(
                soon.id, 1, 2, by=who), lambda who: services.withdraw(soon.id, 1, by=who),
                lambda who: services.take_back(soon.id, codes[0], by=who)):
            with pytest.raises(Denied):
                act(by)
    for count in (0, 501):
        with pytest.raises(Refusal):
            services.print_letters(soon.id, count, by=town.official())
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Letter)) == 2


@pytest.mark.in_turns(of=5)
def test_letters_are_gone_after_the_last_result_and_their_numbers_stay(asked, codes):
    answer(asked, codes[0])
    asked.closes_at = asked.opens_at + timedelta(minutes=1)
    db.session.commit()
    with pytest.raises(Denied):
        answer(asked, codes[1])
    assert computing.compute(asked.id)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Letter)) == 0
    assert participants() == [(Basis.LINK, 1)] and numbers(asked)[:2] == (3, 3)


@pytest.mark.both
def test_seats_do_not_bring_a_result_forward(asked):
    with use_case(None) as work:
        operations.bring_in(work, asked, [
            operations.BroughtIn(bytes([name]) * 16, Basis.KIOSK, {1: 1}) for name in range(10)])
    asked.verified_only = False
    assert operations.counts(asked) == (0, 10, 0)


def test_a_letter_answers_by_its_address_in_one_browser(asked, codes, browse):
    here, phone, office = f"/consultations/{asked.slug}", browse(), browse()
    page = phone.get(f"{here}/letter/{codes[0]}")
    assert "이 편지로 답하기" in page.text and participants() == []
    assert page.headers["Referrer-Policy"] == "strict-origin" and "no-store" in page.headers["Cache-Control"]
    assert phone.get(f"{here}/answer").status_code == 302, "opening is not answering"
    code = html.fromstring(page.text).xpath("//main//input[@name='code']/@value")[0]
    gone_on = phone.post(f"{here}/letter", data={"code": code})
    assert (gone_on.status_code, gone_on.location) == (303, f"{here}/answer")
    cookie = phone.get_cookie(guests.letter_cookie(asked))
    assert codes[0] not in cookie.value and cookie.http_only and phone.get_cookie(guests.COOKIE).http_only
    assert phone.post(f"{here}/responses", data={"statement": "1", "value": "1"}).status_code == 303
    refused = office.post(f"{here}/letter", data={"code": typed_codes.grouped(codes[0])})
    assert refused.status_code == 409 and "다른 기기에서 이미 시작했어요" in refused.text
    assert not office.get_cookie(guests.letter_cookie(asked)) and office.get(f"{here}/mine").status_code == 302
    assert phone.post(f"{here}/letter", data={"code": codes[0]}).status_code == 303, "the same browser goes on"
    assert "답 1개" in phone.get(f"{here}/mine").text
    assert phone.post(f"{here}/responses", data={"statement": "2", "value": "-1"}).status_code == 303
    assert participants() == [(Basis.LINK, 2)]
    assert phone.post(f"{here}/mine/removal").status_code == 303 and participants() == []


def test_two_letters_of_one_household_are_answered_on_one_tablet(asked, codes, browse):
    here, tablet = f"/consultations/{asked.slug}", browse()
    for code in (codes[0], codes[1], codes[0]):
        assert tablet.post(f"{here}/letter", data={"code": code}).status_code == 303
        tablet.post(f"{here}/responses", data={"statement": "1", "value": "1"})
    assert participants() == [(Basis.LINK, 1)] * 2


def test_somebody_whose_letter_was_used_says_so_with_one_press(asked, codes, browse):
    here, phone = f"/consultations/{asked.slug}", browse()
    answer(asked, codes[0], browser="the office")
    page = html.fromstring(phone.post(f"{here}/letter", data={"code": codes[0]}).text)
    form, = page.xpath("//main//form[.//button[@name='claim']]")
    assert "이 편지를 누가 먼저 썼어요" in form.text_content()
    claim = {"claim": "1"}
    said = phone.post(f"{here}/letter", data=claim | {"code": form.xpath(".//input[@name='code']/@value")[0]})
    assert said.status_code == 200 and "알려 주셔서 고마워요" in said.text
    assert "1장은 누가 먼저 썼다고 알려 왔어요" in browse().get(here).text
    assert phone.post(f"{here}/letter", data=claim | {"code": codes[1]}).status_code == 409
    assert phone.post(f"{here}/letter", data=claim | {"code": "A" * 16}).status_code == 404


def test_one_official_reads_no_answers_and_answers_for_nobody(asked, town, browse):
    """As `one official prints letters, reads what was answered and answers by the others` did before."""
    desk, here = browse(town.official()), f"/consultations/{asked.slug}"
    page = html.fromstring(desk.post(f"/desk{here}/letters/prints", data={"count": "30"}).text)
    codes = [one.text.replace("-", "") for one in page.xpath("//p[@class='letter-code']")]
    alone = [browse().post(f"{here}/letter", data={"code": code}).status_code for code in codes[1:6]]
    assert alone == [409] * 5 and participants() == []
    assert desk.post(f"/desk{here}/letters/1/posts", data={"posted": "30"}).status_code == 403
    other = browse(poster(town))
    assert other.post(f"/desk{here}/letters/1/posts", data={"posted": "30"}).status_code == 303
    resident, later = browse(), browse()
    resident.post(f"{here}/letter", data={"code": codes[0]})
    for number in ("1", "2"):
        resident.post(f"{here}/responses", data={"statement": number, "value": "1"})
    assert later.post(f"{here}/letter", data={"code": codes[0]}).status_code == 409
    assert later.get(f"{here}/mine").status_code == 302 and "답 2개" in resident.get(f"{here}/mine").text


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
    assert "다른 담당자가 보내요" in shown
    other = browse(poster(town))
    for posted in ("", "1", "x" * 5_000, "-2", "²"):
        assert other.post(f"{here}/1/posts", data={"posted": posted}).status_code == 422
    back = desk.post(f"{here}/returns", data={"code": codes[1]}, follow_redirects=True)
    assert "이 편지를 뺐어요" in back.text
    assert desk.post(f"{here}/returns", data={"code": "?"}).status_code == 404
    asking = html.fromstring(desk.get(f"{here}/1/withdrawals").text)
    assert "1번째 묶음을 거둘까요?" in asking.text_content() and "되돌릴 수 없" in asking.text_content()
    assert "거뒀어요" in desk.post(asking.xpath("//main//form/@action")[0], follow_redirects=True).text
    assert browse().post(f"/consultations/{asked.slug}/letter", data={"code": codes[0]}).status_code == 409
    for person in (town.resident(), town.clerk()):
        assert browse(person).get(here).status_code == 403
    without = f"/desk/consultations/{consultation().slug}/letters/1/withdrawals"
    assert desk.get(without).status_code == 403


def test_no_link_of_the_letters_page_holds_its_code(asked, codes, browse):
    page = browse().get(f"/consultations/{asked.slug}/letter/{codes[0]}")
    assert codes[0] in page.text and not [one for one in re.findall(r'(?:href|action)="([^"]*)"', page.text)
                                          if codes[0] in one]
