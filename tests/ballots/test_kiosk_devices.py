"""Kiosks as registered devices of a desk, and what codes are worth anywhere else."""

import re
from contextlib import suppress

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.ballots.kiosk.models import KioskDevice, KioskPass
from civic_forum.ballots.kiosk import devices as kiosk_devices
from civic_forum.ballots.kiosk import queries as kiosks
from civic_forum.ballots.kiosk import services as kiosk
from civic_forum.ballots.voting.refusals import NotAKiosk
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from tests.racing import at_once, held, on_postgresql

from .kiosks import at_kiosk, device
from .test_kiosk import ballot

JSON = {"Accept": "application/json"}


@pytest.fixture
def administrator(town):
    return town.administrator()


def registration(by, place=None) -> str:
    return kiosk_devices.register("2번 태블릿", place, by=by).handed.code


def code_for(vote, clerk, voter=None) -> str:
    return kiosk.issue(vote.box_id, (voter or vote.voter()).visit(clerk), by=clerk).code


def last_device() -> KioskDevice:
    db.session.rollback()
    return db.session.scalars(sa.select(KioskDevice).order_by(KioskDevice.id.desc())).first()


def passes() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(KioskPass))


# Registering


def test_an_administrator_registers_a_browser_by_a_code_that_works_once(administrator, browse):
    page = browse(administrator)
    answer = page.post("/desk/kiosks", data={"name": "2번 태블릿", "desk": "0"})
    code = re.search(r"code-huge\"[^>]*>(\d{4} \d{4})<", answer.text)[1]
    there = browse()
    assert "이 기기를 투표소로 등록해 주세요" in there.get("/kiosk").text
    joined = there.post("/kiosk/registration", data={"code": code})
    line, = (one for one in joined.headers.getlist("Set-Cookie") if one.startswith("kiosk_device="))
    assert joined.status_code == 303 and {"HttpOnly", "Path=/kiosk", "SameSite=Strict"} <= set(line.split("; "))
    shown = there.get("/kiosk").text
    assert "구 전체 창구" in shown and "2번 태블릿" in shown and 'action="/kiosk"' in shown
    again = browse().post("/kiosk/registration", data={"code": code})
    assert again.status_code == 404 and "등록 번호가 맞지 않거나" in again.text
    listed = page.get("/desk/kiosks").text
    assert "2번 태블릿" in listed and administrator.nickname in listed and "등록 끝내기" in listed


def test_the_cookie_of_a_kiosk_is_secure_where_the_site_is(app, administrator, browse, monkeypatch):
    monkeypatch.setitem(app.config, "COOKIE_SECURE", True)
    client = browse()
    joined = client.post("/kiosk/registration", data={"code": registration(administrator)})
    line = joined.headers["Set-Cookie"]
    assert line.startswith("__Host-kiosk_device=") and "; Secure" in line and line.endswith("; Path=/; SameSite=Strict")
    assert "2번 태블릿" in client.get("/kiosk", base_url="https://localhost").text


def test_a_registration_code_that_is_late_registers_nothing(administrator):
    code = registration(administrator)
    clock.shift(10 * 60 + 1)
    with pytest.raises(NotFound, match="시간이 지났어요"):
        kiosk_devices.join(code)
    assert last_device().code_until is not None


@pytest.mark.parametrize("typed", ["", "1234567", "00000000", "abcdefgh", "'; --", "1" * 10_000])
def test_texts_that_are_no_registration_code(administrator, typed):
    registration(administrator)
    with pytest.raises(NotFound):
        kiosk_devices.join(typed)


@pytest.mark.both
def test_a_registration_code_typed_in_two_browsers_at_once_registers_one(app, administrator):
    code = registration(administrator)
    db.session.rollback()
    answers = at_once(app, 6, lambda _n: kiosk_devices.join(code))
    assert len([one for one in answers if isinstance(one, str)]) == 1


def test_a_device_revoked_before_its_code_is_typed_is_none(administrator):
    code = registration(administrator)
    kiosk_devices.revoke(last_device().id, by=administrator)
    with pytest.raises(NotFound):
        kiosk_devices.join(code)


def test_registration_codes_are_guessed_five_times(town, browse):
    somebody = browse()
    answers = [somebody.post("/kiosk/registration", data={"code": f"{n:08d}"}).status_code for n in range(6)]
    assert answers == [404] * 5 + [429]


@pytest.mark.both
def test_a_desk_that_is_none_is_refused(administrator, browse):
    with pytest.raises(Refusal):
        registration(administrator, 999_999)
    for data in ({"name": "2번 태블릿", "desk": "999999"}, {"name": "2", "desk": "0"}, {"name": "2번 태블릿"}):
        assert browse(administrator).post("/desk/kiosks", data=data).status_code == 422
    assert last_device() is None


@pytest.mark.both
def test_the_table_tells_no_secret_and_the_audit_log_who_registered_and_revoked(administrator):
    code = registration(administrator)
    before = last_device().secret_hash
    secret = kiosk_devices.join(code)
    kept = last_device()
    assert code.encode() not in before and secret.encode() not in kept.secret_hash != before
    kiosk_devices.revoke(kept.id, by=administrator)
    with pytest.raises(Conflict):
        kiosk_devices.revoke(kept.id, by=administrator)
    with pytest.raises(NotFound):
        kiosk_devices.revoke(999_999, by=administrator)
    written = db.session.execute(sa.select(AuditEntry.action, AuditEntry.actor_id, AuditEntry.details)
                                 .where(AuditEntry.action.like("ballots.kiosk%")).order_by(AuditEntry.id)).all()
    assert written == [("ballots.kiosk_registered", administrator.id, {}), ("ballots.kiosk_joined", None, {}),
                       ("ballots.kiosk_revoked", administrator.id, {})]


# Codes of voters


@pytest.mark.parametrize("cookie", [None, "", "guessed", "x" * 500])
def test_a_code_read_over_a_shoulder_is_worth_nothing_in_any_other_browser(town, vote, browse, cookie):
    code, elsewhere = code_for(vote, town.clerk()), browse()
    if cookie is not None:
        elsewhere.set_cookie("kiosk_device", cookie, path="/kiosk")
    answer = elsewhere.post("/kiosk", data={"code": code})
    assert answer.status_code == 403 and "등록된 투표소 기기가 아니라서" in answer.text
    assert not any(line.startswith("kiosk=") for line in answer.headers.getlist("Set-Cookie"))
    with pytest.raises(NotAKiosk):
        kiosk.enter(code, cookie or "")
    assert kiosk.enter(code, device()), "the code still works where it belongs"


def test_the_pass_of_a_kiosk_is_worth_nothing_elsewhere(town, vote, browse, administrator):
    """The cookie of somebody who is voting, carried to another browser or another kiosk."""
    here = at_kiosk(browse())
    assert here.post("/kiosk", data={"code": code_for(vote, town.clerk())}).status_code == 303
    secret, form = here.get_cookie("kiosk", path="/kiosk").value, ballot(here)
    other = kiosk_devices.join(registration(administrator))
    for carried in (None, other):
        thief = browse()
        thief.set_cookie("kiosk", secret, path="/kiosk")
        if carried:
            thief.set_cookie("kiosk_device", carried, path="/kiosk")
        assert thief.get("/kiosk/ballot").status_code == 302
        answer = thief.post("/kiosk/casts", data=form | {"option": "2"})
        assert answer.status_code == (404 if carried else 403)
    assert vote.by_channel() == {} and here.post("/kiosk/casts", data=form | {"option": "2"}).status_code == 200


def test_a_code_of_one_desk_is_not_taken_at_the_kiosk_of_another(town, vote):
    clerk, _elsewhere = town.clerk(), town.neighbourhood("독산1동")
    code = code_for(vote, clerk)
    with pytest.raises(NotFound, match="다른 창구에서 드린 번호"):
        kiosk.enter(code, device("독산1동"))
    assert kiosk.enter(code, device("시흥1동"))
    assert kiosk.enter(code_for(vote, clerk), device()), "a kiosk of the whole district takes all"


def test_a_moderator_hands_out_codes_of_the_whole_district(town, vote):
    code = code_for(vote, town.moderator())
    with pytest.raises(NotFound, match="다른 창구에서 드린 번호"):
        kiosk.enter(code, device("시흥1동"))
    assert kiosk.enter(code, device())


def test_somebody_in_no_neighbourhood_is_served_at_the_desk_of_the_clerk(town, vote):
    code = code_for(vote, town.clerk(), vote.voter(place=None))
    assert kiosk.enter(code, device("시흥1동"))


def test_a_clerk_gets_no_code_for_somebody_of_another_desk(town, vote):
    moderator, clerk, far = town.moderator(), town.clerk(), vote.voter(place="독산1동")
    found, = far.found_by(clerk)
    assert found.visit is None and found.is_elsewhere
    with pytest.raises(Denied):
        kiosk.issue(vote.box_id, far.visit(moderator), by=clerk)
    assert passes() == 0


def test_two_clerks_at_once_for_one_person_leave_one_code_that_works(app, town, vote):
    anna, clerks, here = vote.voter(), [town.clerk() for _each in range(4)], device()
    visits, numbers = [anna.visit(clerk) for clerk in clerks], [clerk.id for clerk in clerks]
    db.session.rollback()
    answers = at_once(app, 4, lambda n: kiosk.issue(vote.box_id, visits[n], by=db.session.get(User, numbers[n])).code)
    works = []
    for code in (one for one in answers if isinstance(one, str)):
        with suppress(NotFound):
            works.append(kiosk.enter(code, here))
    assert len(works) == 1 and passes() == 1


# A stolen kiosk


def test_a_kiosk_that_is_revoked_is_refused_at_once(town, vote, browse, administrator):
    stolen = browse()
    stolen.post("/kiosk/registration", data={"code": registration(administrator)})
    clerk = town.clerk()
    assert stolen.post("/kiosk", data={"code": code_for(vote, clerk)}).status_code == 303
    form = ballot(stolen)
    page = browse(administrator)
    assert page.post(f"/desk/kiosks/{last_device().id}/revocation").headers["Location"] == "/desk/kiosks"
    assert "등록을 끝낸 기기" in page.get("/desk/kiosks").text
    assert passes() == 0, "whoever was voting there needs a new code"
    cast = stolen.post("/kiosk/casts", data=form | {"option": "2"})
    told = stolen.post("/kiosk/casts", json=form | {"choice": vote.rule.encode({2: 1}).hex()}, headers=JSON)
    entered = stolen.post("/kiosk", data={"code": code_for(vote, clerk)})
    assert [answer.status_code for answer in (cast, told, entered)] == [403] * 3
    assert stolen.get("/kiosk/ballot").headers["Location"] == "/kiosk"
    assert "등록해 주세요" in stolen.get("/kiosk").text and vote.by_channel() == {}


@pytest.mark.both
def test_a_ballot_sent_from_a_kiosk_that_is_revoked_meanwhile_is_refused(app, town, vote, administrator, monkeypatch):
    """Between looking at the pass and casting."""
    here = kiosk_devices.join(registration(administrator))
    anna, number = vote.voter(), last_device().id
    secret = kiosk.enter(code_for(vote, town.clerk(), anna), here)
    form, admitted = anna.form(2), kiosk.voter(secret, here)
    kiosk_devices.revoke(number, by=administrator)
    monkeypatch.setattr(kiosk, "voter", lambda *_given: admitted)
    with pytest.raises(NotAKiosk):
        kiosk.use(secret, form, here)
    assert vote.by_channel() == {}


@on_postgresql
def test_kiosks_never_wait_for_whoever_holds_the_row_of_a_device(town, vote):
    """A lock there would make all kiosks wait for one another."""
    here, anna = device(), vote.voter()
    code, form = code_for(vote, town.clerk(), anna), anna.form(1)
    with held(last_device(), passed_over=True):
        assert kiosks.registered(here).name == "1번 기기"
        secret = kiosk.enter(code, here)
        kiosk.use(secret, form, here)
    assert vote.by_channel() == {Channel.ASSISTED: 1}
