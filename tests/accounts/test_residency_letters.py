"""A code by post, for one person, five tries."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import Affiliation, Letter, Person, User
from civic_forum.accounts.rules import AffiliationKind, Evidence, Verification
from civic_forum.accounts.services import letters, once, residency
from civic_forum.platform import typed_codes
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from tests import factories
from tests.accounts.people import posted

WHO = Identity("이도윤", date(1990, 7, 9))
ADDRESS = "금하로 00길 12, 3층"


@pytest.fixture
def place(town):
    return town.neighbourhood()


@pytest.fixture
def clerk(town, place):
    return town.clerk(neighbourhood=place)


@pytest.fixture
def letter(town, place):
    return letters.request(WHO, ADDRESS, place.id, by=town.user())


def owner(letter):
    return db.session.get_one(User, letter.user_id)


def now(letter):
    db.session.rollback()
    return db.session.get_one(Letter, letter.id, populate_existing=True)


def printed(letter, clerk):
    [paper] = letters.print_batch([letter.id], by=clerk)
    posted(factories.Town(), letter.id)
    return paper


def test_a_code_has_sixty_bits_and_more_and_forgives_how_it_is_typed():
    code = typed_codes.fresh()
    assert len(typed_codes.ALPHABET) ** typed_codes.LENGTH >= 2**60
    assert typed_codes.normalised(typed_codes.grouped(code)) == code
    assert typed_codes.normalised(f" {typed_codes.grouped(code).lower()} ") == code
    assert typed_codes.normalised("oiL0-\u202e가") == "0110"


def test_a_letter_ends_what_the_same_person_does_once(letter, clerk, place):
    once.begin(WHO, place.id)
    paper = printed(letter, clerk)
    letters.confirm(paper.code, by=owner(letter))
    assert owner(letter).person.identity_hash == WHO.hash


def test_the_code_of_the_letter_verifies_where_somebody_lives(letter, clerk, place):
    paper = printed(letter, clerk)
    assert (paper.name, paper.address) == (WHO.name, ADDRESS)
    letters.confirm(paper.code.lower().replace("-", " "), by=owner(letter))
    user = owner(letter)
    [row] = db.session.scalars(sa.select(Affiliation).filter_by(user_id=user.id))
    assert user.is_resident and user.person_id and user.neighbourhood_id == place.id
    assert (row.kind, row.how) == (AffiliationKind.LIVE, Verification.LETTER)
    assert [entry.action for entry in db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))] == [
        "accounts.letter_requested", "accounts.letter_printed", "accounts.letter_posted", "accounts.letter_confirmed",
        "accounts.verified"]


def test_a_sealed_letter_is_gone_when_it_is_done(letter, clerk):
    paper = printed(letter, clerk)
    waiting = now(letter)
    assert paper.code.replace("-", "").encode() not in waiting.code_hash
    assert WHO.name.encode() not in waiting.name_sealed and \
        WHO.birth_date.isoformat().encode() not in waiting.birth_date_sealed
    letters.confirm(paper.code, by=owner(letter))
    done = now(letter)
    assert done.outcome == "confirmed"
    assert {getattr(done, column) for column in letters.SEALED} == {None}


def test_five_wrong_codes_end_the_letter(letter, clerk):
    paper = printed(letter, clerk)
    user = owner(letter)
    for left in (4, 3, 2, 1):
        with pytest.raises(Refusal, match=f"{left}번 더"):
            letters.confirm("AAAA-AAAA-AAAAA", by=user)
    with pytest.raises(Refusal, match="다섯 번"):
        letters.confirm("AAAA-AAAA-AAAAA", by=user)
    assert now(letter).outcome == "used_up"
    with pytest.raises(NotFound):
        letters.confirm(paper.code, by=user)
    letters.request(WHO, ADDRESS, letter.neighbourhood_id, by=user)


@pytest.mark.both
def test_a_letter_printed_again_has_a_new_code_and_the_old_one_is_void(letter, clerk):
    old, new = printed(letter, clerk), printed(letter, clerk)
    user = owner(letter)
    with pytest.raises(Refusal):
        letters.confirm(old.code, by=user)
    letters.confirm(new.code, by=user)


def test_a_code_works_for_the_one_who_asked_only(town, letter, clerk, place):
    paper = printed(letter, clerk)
    stranger = town.user()
    with pytest.raises(NotFound):
        letters.confirm(paper.code, by=stranger)
    other = letters.request(WHO, ADDRESS, place.id, by=stranger)
    printed(other, clerk)
    with pytest.raises(Refusal, match="맞지 않아요"):
        letters.confirm(paper.code, by=stranger)


def test_before_it_is_printed_no_code_works(letter):
    with pytest.raises(NotFound):
        letters.confirm("", by=owner(letter))


def test_another_neighbourhoods_clerk_does_not_print_it(town, letter):
    for staff in (town.clerk(neighbourhood=town.neighbourhood("독산3동")), town.administrator(), town.user()):
        with pytest.raises(Denied):
            letters.print_batch([letter.id], by=staff)
    assert now(letter).printed_at is None


def test_one_open_request_at_a_time(letter, place):
    with pytest.raises(Conflict, match="이미 신청한"):
        letters.request(WHO, ADDRESS, place.id, by=owner(letter))
    letters.cancel(by=owner(letter))
    assert now(letter).outcome == "cancelled"
    letters.request(WHO, ADDRESS, place.id, by=owner(letter))


def test_three_letters_a_month(letter, place):
    user = owner(letter)
    for _again in range(2):
        letters.cancel(by=user)
        letters.request(WHO, ADDRESS, place.id, by=user)
    letters.cancel(by=user)
    with pytest.raises(Refusal, match="세 번"):
        letters.request(WHO, ADDRESS, place.id, by=user)


def test_under_fourteen_gets_no_letter(town, place, at):
    at(factories.MAY)
    with pytest.raises(Refusal, match="14세"):
        letters.request(Identity("어린이", date(2018, 1, 1)), ADDRESS, place.id, by=town.user())


def test_somebody_known_already_is_sent_to_the_desk_without_saying_whose_it_is(town, letter, clerk, place):
    first = town.user()
    residency.verify(first, WHO, affiliations={AffiliationKind.LIVE: place.id}, evidence=Evidence.PASSPORT, by=clerk)
    paper = printed(letter, clerk)
    with pytest.raises(Conflict, match="동 주민센터로 와 주세요") as refusal:
        letters.confirm(paper.code, by=owner(letter))
    assert first.nickname not in str(refusal.value)
    assert now(letter).outcome == "desk" and now(letter).name_sealed is None
    assert not owner(letter).is_resident
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person).filter_by(identity_hash=WHO.hash)) == 1


def test_somebody_verified_as_living_here_needs_no_letter(town, clerk, place):
    user = town.user()
    residency.verify(user, WHO, affiliations={AffiliationKind.LIVE: place.id}, evidence=Evidence.PASSPORT, by=clerk)
    with pytest.raises(Refusal, match="이미 사는 곳"):
        letters.request(WHO, ADDRESS, place.id, by=user)


def test_a_letter_nobody_confirms_is_emptied_and_later_deleted(town, place, clerk, at):
    at(factories.MAY)
    letter = letters.request(WHO, ADDRESS, place.id, by=town.user())
    printed(letter, clerk)
    at(factories.MAY + timedelta(days=59))
    assert letters.forget(60) == 0
    at(factories.MAY + timedelta(days=61))
    assert letters.forget(60) == 1
    assert now(letter).outcome == "expired" and now(letter).address_sealed is None
    at(factories.MAY + timedelta(days=122))
    assert letters.forget(60) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Letter)) == 0
