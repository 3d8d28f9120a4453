from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import (AccessRecord, Affiliation, Consent, DeskCheck, Letter, OneTimeCode, Person,
                                         RoleGrant, User, UserSession)
from civic_forum.accounts.rules import AffiliationKind, Evidence, Purpose, Verification
from civic_forum.accounts.services import codes, leaving
from civic_forum.accounts.operations import issue_code, verify_person
from civic_forum.platform import clock, keys, outbox
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db, is_sqlite
from civic_forum.platform.errors import Denied, Refusal
from civic_forum.platform.outbox import OutgoingMail
from civic_forum.platform.storage import keep
from civic_forum.platform.work import use_case

from tests.outside import bytes_of

from .people import PASSWORD, member, sign_in

NAME, NICKNAME, SIGN_IN_NAME = "제갈산들바람", "나그네별빛", "jegal.sandeul"
ADDRESS, NUMBER, STREET = "Jegal.Sandeul@example.org", "010-9731-6428", "시흥대로 73길 9731"
NEEDLES = (NAME, NICKNAME, SIGN_IN_NAME, ADDRESS, ADDRESS.lower(), NUMBER, STREET)


def somebody_well_known(town):
    """A user about whom there is something in every table that can hold it."""
    place, clerk = town.neighbourhood(), town.clerk()
    user = member(town, sign_in_name=SIGN_IN_NAME, nickname=NICKNAME, email=ADDRESS, mobile=NUMBER,
                  confirmed_email=ADDRESS.lower(), neighbourhood_id=place.id)
    who = Identity(NAME, date(1991, 3, 2))
    with use_case(clerk) as work:
        held = db.session.get_one(User, user.id)
        verify_person(held, who, how=Verification.DESK, affiliations={AffiliationKind.LIVE: place.id}, at=work.at)
        issue_code(work.session, user.id, Purpose.DESK_RESET, at=work.at, by_id=clerk.id)
        outbox.post(to=ADDRESS, subject=f"{NICKNAME} 님", body=f"{NAME} 님께", kind="waiting", user_id=user.id)
        db.session.add_all([
            DeskCheck(user_id=user.id, person_id=held.person_id, clerk_id=clerk.id, neighbourhood_id=place.id,
                      purpose="verify", evidence=Evidence.PASSPORT, at=work.at),
            Letter(user_id=user.id, neighbourhood_id=place.id, name_sealed=keys.seal("letter", NAME),
                   address_sealed=keys.seal("letter", STREET), requested_at=work.at),
            AccessRecord(by_id=clerk.id, user_id=user.id, reason=f"{NAME} 님이 전화로 물어봄", at=work.at),
            AccessRecord(by_id=clerk.id, user_id=None, reason=f"{NUMBER}에서 온 전화", at=work.at),
            AccessRecord(by_id=clerk.id, user_id=None, reason="다른 일", at=work.at),
        ])
    codes.ask_for_reset(SIGN_IN_NAME)
    db.session.rollback()
    return db.session.get(User, user.id, populate_existing=True)


def everything_stored(app):
    """Every value of every table, and every byte of the data directory."""
    db.session.rollback()
    names = [name for name in sa.inspect(db.engine).get_table_names() if not name.startswith("search_index")]
    for name in names:
        for row in db.session.execute(sa.text(f'SELECT * FROM "{name}"')):
            for value in row:
                yield name, bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
    if not is_sqlite():
        for row in db.session.execute(sa.text("SELECT * FROM search_index")):
            yield "search_index", str(row).encode()
    db.session.rollback()
    for path in Path(app.config["DATA"]).rglob("*"):
        if path.is_file():
            yield path.name, path.name.encode() + bytes_of(path)


def where_somebody_is_found(app):
    found = set()
    for place, content in everything_stored(app):
        found |= {(place, needle) for needle in NEEDLES if needle.encode() in content}
    return found


@pytest.mark.in_turns(of=5)
def test_after_leaving_nothing_of_a_person_is_found(app, town, browse):
    user = somebody_well_known(town)
    client = browse(user)
    client.post("/me/profile", data={"nickname": NICKNAME, "mobile": NUMBER, "neighbourhood": "elsewhere",
                                     "language": "ko"})
    outbox.deliver_due()
    with use_case(None):
        outbox.post(to=ADDRESS, subject=f"{NICKNAME} 님", body=f"{NAME} 님께", kind="waiting", user_id=user.id)
    keep(b"somebody else's upload")
    assert {needle for _place, needle in where_somebody_is_found(app)} >= {NICKNAME, SIGN_IN_NAME, NUMBER}

    answer = client.post("/me/leaving", data={"password": PASSWORD})

    assert answer.status_code == 302 and answer.location == "/"
    assert where_somebody_is_found(app) == set()


def test_a_number_and_its_dates_are_all_that_stays(town, browse):
    user = somebody_well_known(town)
    leaving.leave(PASSWORD, by=user)
    db.session.rollback()
    row = db.session.execute(sa.select(User.__table__).where(User.id == user.id)).one()._asdict()
    left = {name for name, value in row.items() if value not in (None, False)}
    assert left == {"id", "created_at", "left_at", "language"}
    for kind in (Person, Affiliation, Letter, OneTimeCode, UserSession, OutgoingMail):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(kind)) == 0, kind
    [check] = db.session.scalars(sa.select(DeskCheck))  # counts by desk; nobody knows any more whose it was
    assert check.user_id is check.person_id is None
    assert user.name == "탈퇴한 회원"


@pytest.mark.both
def test_a_look_of_staff_stays_on_record_without_the_name(town):
    leaving.leave(PASSWORD, by=somebody_well_known(town))
    reasons = db.session.scalars(sa.select(AccessRecord.reason).order_by(AccessRecord.id)).all()
    assert reasons == ["", "…에서 온 전화", "다른 일"]


def test_contributions_stay_as_those_of_somebody_who_left(town, browse):
    user = member(town, nickname=NICKNAME)
    proposal = town.proposal(author=user)
    leaving.leave(PASSWORD, by=user)
    page = browse().get(f"/proposals/{proposal.number}")
    assert page.status_code == 200 and "탈퇴한 회원" in page.text and NICKNAME not in page.text


def test_nobody_signs_in_afterwards_and_the_name_is_free_again(town, browse):
    user = member(town, sign_in_name=SIGN_IN_NAME)
    client = browse(user)
    leaving.leave(PASSWORD, by=user)
    assert client.get("/me").status_code == 302
    assert sign_in(browse(), SIGN_IN_NAME).status_code == 422
    member(town, sign_in_name=SIGN_IN_NAME)


def test_leaving_asks_for_the_password(town, browse):
    user = member(town)
    client = browse(user)
    page = client.post("/me/leaving", data={"password": "falsch"})
    assert page.status_code == 422 and "비밀번호가 맞지 않아요" in page.text
    assert client.get("/me").status_code == 200


@pytest.mark.both
def test_roles_end_with_the_account(town):
    clerk = town.clerk(password_hash=member(town).password_hash)
    leaving.leave(PASSWORD, by=clerk)
    assert db.session.scalar(sa.select(RoleGrant.withdrawn_at)) is not None


def test_an_administrator_leaves_after_another_took_the_role(town):
    administrator = town.administrator(password_hash=member(town).password_hash)
    with pytest.raises(Denied, match="다른 관리자"):
        leaving.leave(PASSWORD, by=administrator)
    db.session.rollback()
    assert db.session.get(User, administrator.id).left_at is None


def test_an_administrator_reads_why_in_place_of_the_form(town, browse):
    page = browse(town.administrator()).get("/me/leaving").text
    assert "다른 관리자가 권한을 거둔 뒤에" in page and 'name="password"' not in page


@pytest.mark.both
def test_leaving_fails_as_a_whole(town, monkeypatch):
    user = somebody_well_known(town)
    monkeypatch.setattr(leaving, "UserLeft", lambda _id: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        leaving.leave(PASSWORD, by=user)
    db.session.rollback()
    assert db.session.get(User, user.id, populate_existing=True).nickname == NICKNAME
    assert db.session.scalar(sa.select(sa.func.count(Person.id))) == 1


def test_the_trail_holds_no_names(town):
    user = somebody_well_known(town)
    leaving.leave(PASSWORD, by=user)
    entries = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    assert entries[-1].action == "accounts.left" and entries[-1].subject == f"user:{user.id}"
    assert not [one for one in entries if any(needle in str(one.details) for needle in NEEDLES)]


def test_a_letter_on_its_way_while_somebody_leaves_is_not_sent(app, town, monkeypatch):
    user = somebody_well_known(town)
    taken = outbox._taken()
    assert taken
    leaving.leave(PASSWORD, by=user)
    monkeypatch.setattr(outbox, "_taken", lambda: taken)
    assert outbox.deliver_due() == 0


def test_remains_are_cleared_by_the_job(app, town):
    user = member(town)
    leaving.leave(PASSWORD, by=user)
    folder = Path(app.config["DATA"]) / "mail"
    folder.mkdir(exist_ok=True)
    late = folder / f"20300501T000000-{user.id}-0badf00d.eml"
    late.write_text("late")
    leaving.clear_remains()
    assert not late.exists()


@pytest.mark.both
def test_consents_stay_as_proof_without_a_name(town):
    user = member(town)
    db.session.add(Consent(user_id=user.id, document="terms", version="1", given=True, at=clock.now()))
    db.session.commit()
    leaving.leave(PASSWORD, by=user)
    assert db.session.scalar(sa.select(sa.func.count(Consent.id))) == 1


def test_nobody_leaves_twice(town):
    user = member(town)
    leaving.leave(PASSWORD, by=user)
    with pytest.raises(Refusal):
        leaving.leave(PASSWORD, by=user)
