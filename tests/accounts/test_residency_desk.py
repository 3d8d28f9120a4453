"""A clerk verifies people of their own neighbourhood, and tells namesakes apart."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.documents import REQUIRED
from civic_forum.accounts.identity import SEALED_BIRTH_DATE, Identity
from civic_forum.accounts.models import Affiliation, Consent, DeskCheck, OneTimeCode, Person, User
from civic_forum.accounts.rules import AffiliationKind, Evidence, Verification
from civic_forum.accounts.operations import SamePerson, ToldApart
from civic_forum.accounts.services import residency
from civic_forum.accounts.services import codes as desk_codes
from civic_forum.accounts.services import people as roles
from civic_forum.platform import keys
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.notifications import services as deliveries
from civic_forum.platform.outbox import OutgoingMail
from tests import factories
from tests.common import commit, rows

LIVE, WORK, STUDY = AffiliationKind.LIVE, AffiliationKind.WORK, AffiliationKind.STUDY
WHO = Identity("김서윤", date(1985, 4, 2))
CARD = Evidence.RESIDENT_CARD


def actions():
    return [entry.action for entry in rows(AuditEntry)]


@pytest.fixture
def here(town, clerk):
    return {LIVE: town.neighbourhood().id}


@pytest.mark.both
def test_somebody_seen_at_the_desk_is_a_resident_afterwards(town, clerk, here):
    user = town.user()
    residency.verify(user, WHO, affiliations=here, evidence=CARD, by=clerk)
    [person], [affiliation], [check] = rows(Person), rows(Affiliation), rows(DeskCheck)
    user = db.session.get_one(User, user.id)
    assert user.is_resident and user.person_id == person.id
    assert user.neighbourhood_id == here[LIVE]
    assert (affiliation.kind, affiliation.how, affiliation.person_id) == (LIVE, Verification.DESK, person.id)
    assert (check.purpose, check.clerk_id, check.user_id, check.evidence) == ("verify", clerk.id, user.id, CARD)
    assert actions() == ["accounts.verified"]


def test_neither_name_nor_birth_date_can_be_read_in_the_tables(town, clerk, here):
    residency.verify(town.user(), WHO, affiliations=here, evidence=CARD, by=clerk)
    [person], entries = rows(Person), rows(AuditEntry)
    kept = b"".join((person.name_sealed, person.birth_date_sealed, person.identity_hash)) + repr(
        [entry.details for entry in entries]).encode()
    assert "김서윤".encode() not in kept and b"1985" not in kept
    assert keys.unseal(SEALED_BIRTH_DATE, person.birth_date_sealed) == WHO.birth_date.isoformat()


def test_a_clerk_verifies_for_the_own_neighbourhood_only(town, clerk):
    elsewhere = {LIVE: town.neighbourhood("독산3동").id}
    with pytest.raises(Denied, match="내가 맡은 동"):
        residency.verify(town.user(), WHO, affiliations=elsewhere, evidence=CARD, by=clerk)
    assert rows(Person) == []


def test_a_new_password_at_the_desk_is_for_the_person_of_the_account_and_no_name_is_kept(town, clerk, here):
    user = town.user()
    residency.verify(user, WHO, affiliations=here, evidence=CARD, by=clerk)
    with pytest.raises(Refusal, match="이 계정의 이름") as refused:
        desk_codes.issue(user, Identity("박다른", date(1990, 7, 9)), evidence=CARD, by=clerk)
    assert refused.value.field == "name" and rows(OneTimeCode) == []
    assert desk_codes.issue(user, WHO, evidence=CARD, by=clerk)
    assert actions()[1:] == ["accounts.wrong_name", "accounts.desk_code_issued"]
    kept = str([entry.details for entry in rows(AuditEntry)])
    assert not any(word in kept for word in ("박다른", "김서윤", "1990", "1985"))


@pytest.mark.parametrize("who", ["clerk", "administrator"])
def test_a_new_password_at_the_desk_is_noted_where_the_owner_belongs(town, here, who):
    elsewhere, nowhere = town.neighbourhood("독산1동"), town.neighbourhood("가산동")
    clerk, user = town.clerk(neighbourhood=elsewhere), town.user()
    residency.verify(user, WHO, affiliations={LIVE: elsewhere.id}, evidence=CARD, by=clerk)
    by = {"clerk": clerk, "administrator": town.administrator()}[who]
    desk_codes.issue(user, WHO, evidence=CARD, by=by)
    check = rows(DeskCheck)[-1]
    assert (check.purpose, check.neighbourhood_id, check.clerk_id) == (
        "reset_password", elsewhere.id if who == "clerk" else None, by.id)
    assert nowhere.id != check.neighbourhood_id


def test_a_clerk_gives_a_code_to_people_of_the_own_neighbourhood_without_a_role(town, clerk, here):
    user, colleague = town.user(), town.moderator()
    for one, name in ((user, "김서윤"), (colleague, "박서준")):
        residency.verify(one, Identity(name, WHO.birth_date), affiliations=here, evidence=CARD, by=clerk)
    with pytest.raises(Denied, match="역할이 있는 계정"):
        desk_codes.issue(colleague, Identity("박서준", WHO.birth_date), evidence=CARD, by=clerk)
    with pytest.raises(Denied, match="내가 맡은 동"):
        desk_codes.issue(user, WHO, evidence=CARD, by=town.clerk(neighbourhood=town.neighbourhood("독산3동")))
    assert rows(OneTimeCode) == []


def test_an_account_without_a_person_gets_no_code_at_the_desk(town, clerk, here):
    with pytest.raises(Refusal, match="본인 확인을 한 적이 없는"):
        desk_codes.issue(town.user(neighbourhood_id=here[LIVE]), WHO, evidence=CARD, by=clerk)
    assert rows(OneTimeCode) == []


@pytest.mark.parametrize("role", ["user", "resident", "moderator", "official", "administrator"])
def test_nobody_but_a_clerk_verifies(town, here, role):
    with pytest.raises(Denied, match="동 담당자만"):
        residency.verify(town.user(), WHO, affiliations=here, evidence=CARD, by=getattr(town, role)())


def test_a_clerk_does_not_verify_the_own_account(town, clerk, here):
    with pytest.raises(Denied, match="다른 담당자"):
        residency.verify(clerk, WHO, affiliations=here, evidence=CARD, by=clerk)


def test_a_clerk_whose_role_was_withdrawn_meanwhile_verifies_no_more(town, clerk, here):
    user, administrator = town.user(), town.administrator()
    assert clerk.grants
    roles.withdraw(clerk.grants[0].id, by=administrator)
    with pytest.raises(Denied):
        residency.verify(user, WHO, affiliations=here, evidence=CARD, by=clerk)


def test_under_fourteen_is_refused_with_what_to_do(town, clerk, here, at):
    at(factories.MAY)
    with pytest.raises(Refusal, match="현장 접수") as refusal:
        residency.verify(town.user(), Identity("김하늘", date(2016, 5, 2)), affiliations=here, evidence=CARD, by=clerk)
    assert refusal.value.field == "birth_date"
    residency.verify(town.user(), Identity("김하늘", date(2016, 5, 1)), affiliations=here, evidence=CARD, by=clerk)


def test_work_and_study_are_verified_in_the_same_way(town, clerk):
    user, place = town.user(), town.neighbourhood().id
    residency.verify(user, WHO, affiliations={WORK: place, STUDY: place}, evidence=CARD, by=clerk)
    assert {row.kind: row.how for row in rows(Affiliation)} == {WORK: Verification.DESK, STUDY: Verification.DESK}
    assert db.session.get_one(User, user.id).is_resident


def test_the_owner_of_a_confirmed_address_is_told(town, clerk, here):
    for address in (None, "owner@example.org"):
        user = town.user(email=address, confirmed_email=address)
        residency.verify(user, Identity(f"김서윤{user.id}", WHO.birth_date), affiliations=here, evidence=CARD, by=clerk)
    deliveries.write_at_once()
    [mail] = rows(OutgoingMail)
    assert mail.recipient == "owner@example.org" and "김서윤" not in mail.subject + mail.body


def test_a_second_visit_adds_what_was_seen_to_the_same_person(town, clerk, here):
    user = town.user()
    residency.verify(user, WHO, affiliations=here, evidence=CARD, by=clerk)
    residency.verify(user, Identity("김 서윤", WHO.birth_date), affiliations={WORK: here[LIVE]}, evidence=CARD, by=clerk)
    assert len(rows(Person)) == 1
    assert {row.kind for row in rows(Affiliation)} == {LIVE, WORK}


def test_an_account_never_changes_its_person(town, clerk, here):
    user = town.user()
    residency.verify(user, WHO, affiliations=here, evidence=CARD, by=clerk)
    with pytest.raises(Refusal, match="다른 이름"):
        residency.verify(user, Identity("박서윤", WHO.birth_date), affiliations=here, evidence=CARD, by=clerk)


class TestNamesakes:
    @pytest.fixture
    def first(self, town, clerk, here):
        user = town.user()
        return residency.verify(user, WHO, affiliations=here, evidence=CARD, by=clerk)

    def test_a_match_is_not_refused_silently_but_asks_the_clerk(self, town, clerk, here, first):
        with pytest.raises(SamePerson):
            residency.verify(town.user(), WHO, affiliations=here, evidence=CARD, by=clerk)
        assert len(rows(Person)) == 1

    def test_two_people_of_one_name_and_birthday_are_told_apart(self, town, clerk, here, first):
        other = town.user()
        residency.verify(other, WHO, affiliations=here, evidence=CARD, told_apart=ToldApart(1), by=clerk)
        assert [person.distinguisher for person in rows(Person)] == [0, 1]
        assert db.session.get_one(User, other.id).person_id != first.id
        assert [check.purpose for check in rows(DeskCheck)] == ["verify", "verify", "told_apart"]
        assert actions()[-2:] == ["accounts.told_apart", "accounts.verified"]

    def test_a_decision_about_fewer_people_than_there_are_is_asked_again(self, town, clerk, here, first):
        residency.verify(town.user(), WHO, affiliations=here, evidence=CARD, told_apart=ToldApart(1), by=clerk)
        with pytest.raises(SamePerson):
            residency.verify(town.user(), WHO, affiliations=here, evidence=CARD, told_apart=ToldApart(1), by=clerk)
        residency.verify(town.user(), WHO, affiliations=here, evidence=CARD, told_apart=ToldApart(2), by=clerk)
        assert [person.distinguisher for person in rows(Person)] == [0, 1, 2]

    def test_the_same_person_gets_no_second_verified_account(self, town, clerk, here, first):
        with pytest.raises(Refusal, match="하나만"):
            residency.verify(town.user(), WHO, affiliations=here, evidence=CARD,
                             told_apart=ToldApart(1, same_as=first.id), by=clerk)

    def test_the_same_person_is_led_to_the_account_they_have(self, town, clerk, here, first):
        account = db.session.scalar(sa.select(User).filter_by(person_id=first.id))
        record = residency.recognise(first.id, WHO, evidence=CARD, by=clerk)
        assert (record.user_id, record.by_id) == (account.id, clerk.id)
        assert actions()[-1] == "accounts.recognised"

    def test_a_clerk_is_not_led_to_the_own_account(self, town, clerk, here, first):
        db.session.execute(sa.update(User).values(person_id=None))
        db.session.get_one(User, clerk.id).person_id = first.id
        db.session.commit()
        with pytest.raises(Denied, match="내 일"):
            residency.recognise(first.id, WHO, evidence=CARD, by=clerk)
        assert "accounts.recognised" not in actions()

    def test_a_person_without_an_account_gets_one(self, town, clerk, here, first):
        commit(sa.update(User).values(person_id=None))
        user = town.user()
        residency.verify(user, WHO, affiliations=here, evidence=CARD, told_apart=ToldApart(1, same_as=first.id),
                         by=clerk)
        assert db.session.get_one(User, user.id).person_id == first.id


class TestOpeningAnAccount:
    def open(self, clerk, here, **facts):
        return residency.open_account(**{"sign_in_name": "haneul4821", "nickname": "맑은 하늘", "who": WHO,
                                         "affiliations": here, "evidence": CARD, "by": clerk} | facts)

    @pytest.mark.both
    def test_it_is_verified_and_comes_with_a_starting_code_kept_as_a_hash(self, clerk, here):
        user, code = self.open(clerk, here)
        user = db.session.get_one(User, user.id)
        assert user.is_resident and user.person_id and user.password_hash is None
        assert user.opened_by_id == clerk.id
        [kept] = rows(OneTimeCode)
        assert code.encode() not in kept.code_hash
        assert {"age", *REQUIRED} == {consent.document for consent in rows(Consent)}
        assert actions() == ["accounts.account_opened", "accounts.verified"]

    def test_a_name_in_use_is_refused(self, town, clerk, here):
        town.user(sign_in_name="haneul4821")
        with pytest.raises(Conflict) as refusal:
            self.open(clerk, here)
        assert refusal.value.field == "new_name"

    @pytest.mark.parametrize("facts", [{"sign_in_name": "하늘"}, {"sign_in_name": "administrator"},
                                       {"nickname": "관리자"}, {"nickname": "x"}])
    def test_names_that_do_not_fit_are_refused(self, clerk, here, facts):
        with pytest.raises(Refusal):
            self.open(clerk, here, **facts)
        assert len(rows(User)) == 1

    def test_a_second_click_gives_the_same_account_a_fresh_code(self, clerk, here):
        (first, code), (second, other) = self.open(clerk, here), self.open(clerk, here)
        assert first.id == second.id and code != other
        assert len([kept for kept in rows(OneTimeCode) if kept.used_at is None]) == 1

    def test_no_fresh_code_where_a_second_clerk_has_seen_the_person(self, clerk, here):
        user, _code = self.open(clerk, here)
        db.session.get_one(User, user.id).staff_act_confirmed = True
        db.session.commit()
        with pytest.raises(Conflict, match="이미 확인한"):
            self.open(clerk, here)
        assert len(rows(OneTimeCode)) == 1

    def test_later_the_name_is_taken(self, clerk, here, at):
        at(factories.MAY)
        self.open(clerk, here)
        at(factories.MAY + timedelta(minutes=11))
        with pytest.raises(Conflict):
            self.open(clerk, here)

    @pytest.mark.both
    def test_a_namesake_leaves_no_account_behind(self, town, clerk, here):
        residency.verify(town.user(), WHO, affiliations=here, evidence=CARD, by=clerk)
        with pytest.raises(SamePerson):
            self.open(clerk, here)
        assert not any(user.sign_in_name == "haneul4821" for user in rows(User))


class TestDeclaring:
    @pytest.mark.both
    def test_working_here_is_noted_and_counts_no_more_than_living_here(self, town):
        user, place = town.user(), town.neighbourhood()
        residency.declare(WORK, place.id, by=user)
        assert not db.session.get_one(User, user.id).is_resident
        assert [(row.kind, row.how) for row in rows(Affiliation)] == [(WORK, Verification.DECLARED)]
        residency.withdraw(WORK, by=user)
        assert not rows(Affiliation)
        assert actions() == ["accounts.affiliation_declared", "accounts.affiliation_withdrawn"]

    def test_living_here_is_not_declared(self, town):
        with pytest.raises(Refusal):
            residency.declare(LIVE, town.neighbourhood().id, by=town.user())

    @pytest.mark.both
    def test_declaring_the_verified_place_again_changes_nothing(self, town, clerk):
        user, place = town.user(), town.neighbourhood()
        residency.verify(user, WHO, affiliations={WORK: place.id}, evidence=CARD, by=clerk)
        residency.declare(WORK, place.id, by=user)
        assert rows(Affiliation)[0].how is Verification.DESK
        assert db.session.get_one(User, user.id).is_resident
        residency.declare(WORK, town.neighbourhood("독산3동").id, by=user)
        assert rows(Affiliation)[0].how is Verification.DECLARED
        assert not db.session.get_one(User, user.id).is_resident

    def test_a_place_that_does_not_exist_is_refused(self, town):
        with pytest.raises(Refusal):
            residency.declare(WORK, 999, by=town.user())
