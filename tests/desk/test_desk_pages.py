"""The desk as clerks and administrators use it."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.accounts import desk_numbers
from civic_forum.accounts.models import AccessRecord, DeskCheck, Letter, Person, RoleGrant, User
from civic_forum.accounts.rules import Role
from civic_forum.accounts.services import letters
from civic_forum.platform import clock, policy
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from tests.accounts.people import posted
from tests.factories import MAY

from .conftest import WHO

SEEN = {"account": "has", "name": "김서윤", "birth_date": "19850402", "kinds": ["live"], "evidence": "resident_card"}


def text(answer):
    return answer.get_data(as_text=True)


def number_of(user):
    return desk_numbers.shown(user.id, clock.now()).text


def count(table):
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalar(sa.select(sa.func.count()).select_from(table))


ALLOWED = {"clerk": {"/desk", "/desk/residents/new", "/desk/letters", "/desk/people"},
           "administrator": {"/desk", "/desk/people", "/desk/roles", "/desk/district", "/desk/audit",
                             "/desk/access-log"},
           "moderator": {"/desk"}, "official": {"/desk"}, "user": set(), "resident": set()}


def test_an_observer_of_votes_does_not_work_at_the_desk(town):
    assert "권한" in policy.why_not(town.staff(Role.OBSERVER), "desk.enter")


@pytest.mark.in_turns(of=5)
def test_pages_of_the_desk_take_few_queries(town, browse, queries, verified, clerk):
    for user, pages in ((clerk, ALLOWED["clerk"]), (town.administrator(), ALLOWED["administrator"])):
        browser = browse(user)
        for page in sorted(pages):
            browser.get(page)
            with queries() as seen:
                browser.get(page)
            assert len(seen) <= 10, (page, seen)


@pytest.mark.both
def test_the_entry_says_where_one_is_a_clerk_and_what_waits(town, browse, clerk, here):
    letters.request(WHO, "금하로 00길 1", int(here), by=town.user())
    page = text(browse(clerk).get("/desk"))
    assert "동 담당자(시흥1동)" in page
    assert "/desk/letters" in page and "우편 1" in page and "D-2" in page
    assert "감사 기록" not in page


def test_work_that_can_be_begun_stands_under_headings_of_its_own(town, browse):
    begin = html.fromstring(text(browse(town.moderator()).get("/desk"))).xpath("//*[@id='begin']")[0]
    headings = [one.text_content().strip() for one in begin.xpath(".//h3")]
    assert len(headings) == len(set(headings)) and {"주민참여예산", "공론장"} <= set(headings)


def test_somebody_without_the_second_factor_stays_outside(town, browse, clerk, app, monkeypatch):
    monkeypatch.setitem(app.config, "STAFF_TOTP", "required")
    answer = browse(clerk).get("/desk")
    assert answer.status_code == 403 and "2단계 인증" in text(answer)
    assert "2단계 인증" in policy.why_not(clerk, "desk.enter")


class TestVerifying:
    def test_one_page_makes_a_resident(self, town, browse, clerk, here):
        user = town.user(sign_in_name="newcomer")
        browser = browse(clerk)
        assert f'selected value="{here}"' in text(browser.get("/desk/residents/new"))
        answer = browser.post("/desk/residents", data=SEEN | {"desk_number": number_of(user), "neighbourhood": here},
                              follow_redirects=True)
        assert "주민으로 확인했어요" in text(answer) and "다른 담당자도 ‘두 번째로 확인하기’에서" in text(answer)
        assert count(Person) == 1
        assert db.session.get_one(User, user.id).is_resident

    @pytest.mark.parametrize("wrong, sentence", [
        ({"desk_number": "nobody-here"}, "창구 번호가 맞지 않거나"), ({"desk_number": ""}, "창구 번호를 적어 주세요"),
        ({"desk_number": "newcomer"}, "창구 번호가 맞지 않거나"),
        ({"birth_date": "850402"}, "숫자 8자리"), ({"birth_date": "20200101"}, "현장 접수"), ({"name": "·"}, "신분증에 적힌"),
        ({"kinds": []}, "하나는 골라"), ({"evidence": "letter"}, "목록에 있는"), ({"neighbourhood": ""}, "동을 골라"),
        ({"neighbourhood": "999"}, "목록에 있는"), ({"account": "maybe"}, "목록에 있는"), ({"kinds": ["x"]}, "목록에 있는")])
    def test_a_fault_is_said_and_the_input_kept(self, town, browse, clerk, here, wrong, sentence):
        user = town.user(sign_in_name="newcomer")
        answer = browse(clerk).post("/desk/residents",
                                    data=SEEN | {"desk_number": number_of(user), "neighbourhood": here} | wrong)
        page = text(answer)
        assert answer.status_code in (404, 422)
        assert sentence in page and 'data-error-summary' in page
        if "name" not in wrong:
            assert "김서윤" in page
        assert count(Person) == 0

    def test_another_neighbourhood_is_not_offered(self, town, browse, clerk, here):
        user, other = town.user(), town.neighbourhood("독산3동")
        assert "독산3동" not in text(browse(clerk).get("/desk/residents/new"))
        answer = browse(clerk).post("/desk/residents",
                                    data=SEEN | {"desk_number": number_of(user), "neighbourhood": str(other.id)})
        assert answer.status_code == 422 and count(Person) == 0

    @pytest.mark.both
    def test_a_namesake_is_decided_by_the_clerk_and_both_answers_are_kept(self, town, browse, clerk, here, verified):
        other = town.user(sign_in_name="seoyun-too")
        browser, data = browse(clerk), SEEN | {"desk_number": number_of(other), "neighbourhood": here}
        answer = browser.post("/desk/residents", data=data)
        page = text(answer)
        assert answer.status_code == 409
        assert "같은 이름과 생년월일이 있어요" in page and "se***85" in page and "seoyun85" not in page
        assert count(AccessRecord) == 1
        answer = browser.post("/desk/residents", data=data | {"among": "1", "decision": "different"})
        assert answer.status_code == 302
        assert count(Person) == 2 and db.session.get_one(User, other.id).is_resident
        assert {"verify", "told_apart"} == set(
            db.session.scalars(sa.select(DeskCheck.purpose).where(DeskCheck.user_id == other.id))
        )

    def test_the_same_person_is_led_to_the_account_they_have(self, town, browse, clerk, here, verified):
        data = SEEN | {"desk_number": number_of(town.user(sign_in_name="second")), "neighbourhood": here, "among": "1"}
        person = db.session.scalar(sa.select(Person.id))
        answer = browse(clerk).post("/desk/residents", data=data | {"decision": str(person)}, follow_redirects=True)
        assert "seoyun85" in text(answer) and count(Person) == 1

    def test_a_decision_made_up_by_hand_decides_nothing(self, town, browse, clerk, here, verified):
        data = SEEN | {"desk_number": number_of(town.user(sign_in_name="second")), "neighbourhood": here}
        for made_up in ({"among": "0", "decision": "different"}, {"among": "x", "decision": "different"},
                        {"among": "1", "decision": "999"}, {"among": "1", "decision": "9" * 30}):
            answer = browse(clerk).post("/desk/residents", data=data | made_up)
            assert answer.status_code in (302, 404, 409), made_up


    def test_a_number_holds_for_a_day_and_an_old_one_does_not(self, town, browse, clerk, here, at):
        user, now = town.user(), MAY
        at(now)
        number = number_of(user)
        page = text(browse(user).get("/me/residency"))
        assert number in page
        data = SEEN | {"desk_number": number.replace("-", " "), "neighbourhood": here}
        at(now + timedelta(hours=36))
        answer = browse(clerk).post("/desk/residents", data=data)
        assert answer.status_code == 422 and "시간이 지났어요" in text(answer) and count(Person) == 0
        assert (
            db.session.scalar(sa.select(AuditEntry.subject).filter_by(action="accounts.desk_number_refused"))
            == f"user:{user.id}"
        )
        at(now + timedelta(hours=24))
        assert browse(clerk).post("/desk/residents", data=data).status_code == 302
        assert count(Person) == 1

    def test_nobody_is_verified_into_the_account_of_a_stranger(self, town, browse, clerk, here):
        stranger, visitor = town.user(sign_in_name="stranger"), town.user()
        swapped = f"{stranger.id}-{number_of(visitor).split('-')[1]}"
        for typed in ("stranger", str(stranger.id), swapped, "-", "1-", "9" * 39, "٣-123456"):
            answer = browse(clerk).post("/desk/residents", data=SEEN | {"desk_number": typed, "neighbourhood": here})
            assert answer.status_code == 422, typed
        assert count(Person) == 0

    def test_a_person_verified_before_needs_the_sign_in_name_alone(self, town, browse, clerk, here, verified):
        data = SEEN | {"desk_number": "SeoYun85", "kinds": ["work"], "neighbourhood": here}
        assert browse(clerk).post("/desk/residents", data=data).status_code == 302
        assert browse(clerk).post("/desk/residents", data=data | {"name": "이도윤"}).status_code == 422


class TestOpening:
    DATA = SEEN | {"account": "none", "new_name": "haneul4821", "nickname": "맑은 하늘", "consent": "y"}

    def test_names_are_proposed(self, town, browse, clerk):
        page = text(browse(clerk).get("/desk/residents/new"))
        assert re.search(r'name="new_name"[^>]*value="[a-z]+[0-9]{4}"', page)

    def test_the_slip_is_shown_once_and_its_code_sets_a_password(self, town, browse, clerk, here):
        browser = browse(clerk)
        answer = browser.post("/desk/residents", data=self.DATA | {"neighbourhood": here})
        assert answer.status_code == 302 and "/desk/slips/" in answer.location
        page = text(browser.get(answer.location))
        code = re.search(r'code-large"[^>]*>([^<]+)<', page)[1]
        assert "haneul4821" in page and "no-store" in browser.get("/desk").headers["Cache-Control"]
        assert 'class="tel"' in page[page.index("전화하세요"):page.index("</article>")], "the number breaks over two lines"
        assert browser.get(answer.location).status_code == 404
        done = browse().post("/reset-with-code", data={"name": "haneul4821", "code": code,
                                                       "password": "큰 나무 아래 벤치", "password_again": "큰 나무 아래 벤치"})
        assert done.status_code == 302, text(done)

    def test_without_consent_nothing_is_opened(self, town, browse, clerk, here):
        answer = browse(clerk).post("/desk/residents", data=self.DATA | {"neighbourhood": here, "consent": ""})
        assert answer.status_code == 422 and "동의를 받은 뒤에" in text(answer)
        assert count(User) == 1

    def test_another_clerk_does_not_see_the_slip(self, town, browse, clerk, here):
        answer = browse(clerk).post("/desk/residents", data=self.DATA | {"neighbourhood": here})
        assert browse(town.clerk()).get(answer.location).status_code == 404


class TestLetters:
    def test_a_batch_is_printed_with_codes_that_stand_nowhere_else(self, town, browse, clerk, here):
        user = town.user()
        letters.request(WHO, "금하로 00길 12, 3층", int(here), by=user)
        browser = browse(clerk)
        letter = db.session.scalar(sa.select(Letter))
        assert f"우편 {letter.id}" in text(browser.get("/desk/letters"))
        answer = browser.post("/desk/letters/prints", data={"letter": [str(letter.id)]})
        page = text(answer)
        code = re.search(r'code-large"[^>]*>([^<]+)<', page)[1]
        assert "금하로 00길 12, 3층" in page and "김서윤" in page and answer.headers["Cache-Control"] == "no-store"
        assert code not in text(browser.get("/desk/letters"))
        number = letter.id
        db.session.rollback()
        posted(town, number)
        db.session.rollback()
        owner = browse(user)
        assert "번호 넣기" in text(owner.get("/me/residency"))
        done = owner.post("/me/residency/code", data={"code": code.lower()}, follow_redirects=True)
        assert "확인을 마쳤어요" in text(done) and "주민이에요" in text(done)

    def test_choosing_none_or_a_strangers_letter_is_refused(self, town, browse, clerk, here):
        browser = browse(clerk)
        assert browser.post("/desk/letters/prints", data={}).status_code == 422
        assert browser.post("/desk/letters/prints",
                            data={"letter": ["999999999999999999", "x", "٣"]}).status_code == 404
        elsewhere = town.neighbourhood("독산3동")
        letter = letters.request(WHO, "독산로 1", elsewhere.id, by=town.user())
        assert browser.post("/desk/letters/prints", data={"letter": [str(letter.id)]}).status_code == 403


class TestLookingUp:
    def ask(self, browser, person, reason="비밀번호를 잊었다고 창구에 왔어요"):
        return browser.post("/desk/people", data={"person": person, "reason": reason})

    @pytest.mark.both
    def test_the_reason_is_written_down_before_anything_is_shown(self, browse, clerk, verified):
        browser = browse(clerk)
        assert self.ask(browser, "seoyun85", "음").status_code == 422
        assert count(AccessRecord) == 0
        answer = self.ask(browser, "seoyun85")
        db.session.rollback()
        record = db.session.scalar(sa.select(AccessRecord))
        assert record.user_id == verified.id and record.by_id == clerk.id
        page = text(browser.get(answer.location))
        assert "seoyun85" in page and "김서윤" not in page and "1985" not in page

    def test_without_a_reason_of_ones_own_no_page_opens(self, town, browse, clerk, verified):
        address = self.ask(browse(clerk), "seoyun85").location
        assert browse(clerk).get(address).status_code == 200
        assert browse(clerk).get(f"/desk/people/{verified.id}").status_code == 403
        assert browse(town.clerk()).get(address).status_code == 403

    def test_a_clerk_finds_people_of_the_own_neighbourhood_only(self, town, browse, verified):
        stranger = town.clerk(neighbourhood=town.neighbourhood("독산3동"))
        assert "찾은 회원이 없어요" in text(self.ask(browse(stranger), "seoyun85"))
        assert self.ask(browse(town.administrator()), "seoyun85").status_code == 302

    def test_one_nickname_of_two_is_listed_and_opened_with_the_reason(self, town, browse, clerk, here):
        for _each in range(2):
            town.user(nickname="은행나무", neighbourhood_id=int(here))
        browser = browse(clerk)
        page = text(self.ask(browser, "은행나무"))
        path = re.search(r"/desk/people/\d+/openings", page)[0]
        answer = browser.post(path, data={"reason": "비밀번호를 잊었다고 창구에 왔어요"}, follow_redirects=True)
        assert "로그인 이름" in text(answer)

    def test_part_of_a_name_finds_nobody(self, town, browse, clerk, verified):
        for part in ("seoyun", "%", "_", "seoyun8%", "9" * 30, "김서윤"):
            assert "찾은 회원이 없어요" in text(self.ask(browse(town.clerk()), part))

    def test_the_verified_name_needs_one_more_reason(self, browse, clerk, verified):
        browser = browse(clerk)
        address = self.ask(browser, "seoyun85").location
        path = address.replace("?", "/names?")
        assert browser.post(path, data={"reason": ""}).status_code == 422
        assert "김서윤" in text(browser.post(path, data={"reason": "이름이 바뀌었는지 확인"}))
        assert count(AccessRecord) == 2

    def test_a_code_is_given_to_the_person_of_the_account_only(self, browse, clerk, verified):
        browser = browse(clerk)
        path = self.ask(browser, "seoyun85").location.replace("?", "/codes?")
        assert browser.get(path.replace("/codes?", "/codes/new?")).status_code == 200
        seen = {"name": "김서윤", "birth_date": "1985-04-02", "evidence": "passport"}
        wrong = browser.post(path, data=seen | {"name": "박지호"})
        assert wrong.status_code == 422 and "아니에요" in text(wrong)
        assert count(DeskCheck) == 1
        answer = browser.post(path, data=seen)
        assert "/desk/slips/" in answer.location and "code-large" in text(browser.get(answer.location))
        assert count(DeskCheck) == 2

    def test_an_account_nobody_verified_or_with_a_role_gets_no_code(self, town, browse, clerk, here):
        unverified = town.user(neighbourhood_id=int(here))
        staff = town.moderator(neighbourhood_id=int(here))
        seen = {"name": "김서윤", "birth_date": "1985-04-02", "evidence": "passport"}
        for user, status in ((unverified, 422), (staff, 403)):
            path = self.ask(browse(clerk), user.sign_in_name).location.replace("?", "/codes?")
            assert browse(clerk).post(path, data=seen).status_code == status
        assert count(DeskCheck) == 0


class TestRoles:
    @pytest.mark.both
    def test_a_role_is_in_force_with_the_next_request(self, town, browse):
        user, administrator, place = town.user(sign_in_name="newclerk"), town.administrator(), town.neighbourhood()
        theirs, ours = browse(user), browse(administrator)
        assert theirs.get("/desk").status_code == 403
        answer = ours.post("/desk/roles",
                           data={"sign_in_name": "newclerk", "role": "clerk", "neighbourhood": str(place.id)})
        assert answer.status_code == 302, text(answer)
        assert theirs.get("/desk/letters").status_code == 200
        grant = db.session.scalar(sa.select(RoleGrant.id).where(RoleGrant.user_id == user.id))
        assert "거둘까요" in text(ours.get(f"/desk/roles/{grant}/withdrawals/new"))
        assert ours.post(f"/desk/roles/{grant}/withdrawals").status_code == 302
        assert theirs.get("/desk/letters").status_code == 403
        assert ours.post(f"/desk/roles/{grant}/withdrawals").status_code == 409
        db.session.rollback()
        actions = list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))
        assert actions == ["accounts.role_granted", "accounts.role_withdrawn"]

    @pytest.mark.parametrize("data, status", [
        ({"role": "clerk"}, 422), ({"role": "official"}, 422), ({"role": "king"}, 422), ({}, 422),
        ({"role": "moderator", "sign_in_name": "nobody"}, 404), ({"role": "clerk", "neighbourhood": "999"}, 422)])
    def test_a_value_that_does_not_fit_is_refused_with_the_input_kept(self, town, browse, data, status):
        town.user(sign_in_name="somebody")
        answer = browse(town.administrator()).post("/desk/roles", data={"sign_in_name": "somebody"} | data)
        assert answer.status_code == status
        assert data.get("sign_in_name", "somebody") in text(answer)

    @pytest.mark.both
    def test_nobody_changes_the_own_role(self, town, browse):
        administrator = town.administrator(sign_in_name="boss1")
        answer = browse(administrator).post("/desk/roles", data={"sign_in_name": "boss1", "role": "moderator"})
        assert answer.status_code == 403 and "다른 관리자" in text(answer)
        grant = db.session.scalar(sa.select(RoleGrant.id))
        assert browse(administrator).post(f"/desk/roles/{grant}/withdrawals").status_code == 403
