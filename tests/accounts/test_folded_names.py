"""One person is one person, whatever nobody sees in a name (docs/decisions/0063)."""

import unicodedata
from datetime import date
from hashlib import sha256

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from civic_forum.accounts.identity import Identity, hash_of, identity_hash, normalised, normalised_before
from civic_forum.accounts.models import Person, User
from civic_forum.accounts.operations import SamePerson, ToldApart
from civic_forum.accounts.providers import rules as providers
from civic_forum.accounts.providers.rules import Claims, Lack, Provider, Purpose
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import AffiliationKind, Evidence
from civic_forum.accounts.services import codes, letters, once, residency
from civic_forum.accounts.services import people as access
from civic_forum.platform import clock, folding, keys
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local

from ..platform.test_plain_text import UNSEEN
from .names import PRINTED, REAL
from .people import posted
from .test_residency_pages import LETTER

BORN = date(1985, 4, 2)
CARD = Evidence.PASSPORT


@pytest.mark.parametrize(("typed", "printed"), PRINTED, ids=lambda name: ascii(name))
def test_a_name_is_the_person_that_it_prints_as(typed, printed):
    assert normalised(typed) == normalised(printed)


@given(st.text("가힣민ㄱ AZaz09İ㉠"))
def test_a_plain_name_is_compared_as_any_other(name):
    """The quick way and the long one, which a space that nobody sees takes."""
    for compared in (normalised, normalised_before):
        assert compared(name) == compared(f"\u200b{name}")


def test_there_are_sixty_names():
    assert len({typed for typed, _printed in PRINTED}) >= 60 <= len(REAL)


@pytest.mark.parametrize(("digest", "name"), REAL, ids=lambda name: ascii(name))
def test_hashes_of_real_names_stay_as_they_were(digest, name):
    for form in ("NFC", "NFD"):
        compared, = Identity(unicodedata.normalize(form, name), BORN).compared
        assert sha256(compared).hexdigest().startswith(digest)


@given(st.sampled_from([name for _digest, name in REAL]), st.data())
def test_nothing_unseen_makes_another_person(name, data):
    place = data.draw(st.integers(0, len(name)))
    unseen = "".join(data.draw(st.lists(st.sampled_from(UNSEEN), min_size=1, max_size=5)))
    assert normalised(name[:place] + unseen + name[place:]) == normalised(name)


def test_different_names_stay_different():
    names = ["Jose", "José", "김하늘", "김하는", "Ан", "AH", "ชื่น", "ชืน", "Işık", "Isik", "राजेश", "राजश"]
    assert len(set(map(normalised, names))) == len(names)


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize(("typed", "printed"), [("lan Smith", "Ian Smith"), ("WiIIiam Kim", "William Kim"),
                                                ("Iee Lan", "Lee Ian"), ("Ali Iqbal", "AIi lqbal")])
def test_a_small_l_for_a_capital_i_is_told_apart_at_a_desk(town, clerk, here, typed, printed):
    who, known = Identity(printed, BORN), town.user()
    person = residency.verify(known, who, affiliations=here, evidence=CARD, by=clerk)
    assert normalised(typed) != normalised(printed) and people.accounts_as(Identity(typed, BORN)) == [known.id]
    with pytest.raises(SamePerson):
        residency.verify(town.user(), Identity(typed, BORN), affiliations=here, evidence=CARD, by=clerk)
    other = residency.verify(town.user(), Identity(typed, BORN), affiliations=here, evidence=CARD, by=clerk,
                             told_apart=ToldApart(1))
    assert other.id != person.id and not who.fits(other)


def test_names_that_may_print_alike_are_a_thousand_at_most():
    assert len(set(folding.printed_alike("il" * 30))) == 1024
    assert sorted(folding.printed_alike("ali")) == ["aii", "ail", "ali", "all"]
    assert list(folding.printed_alike("김하늘")) == ["김하늘"]


@pytest.fixture
def here(town):
    return {AffiliationKind.LIVE: town.neighbourhood().id}


@pytest.fixture
def known(town, clerk, here):
    """Account of everybody of `PRINTED`, by the name as it prints."""
    made = {}
    for printed in dict(PRINTED).values():
        if printed not in made:
            made[printed] = town.user()
            residency.verify(made[printed], Identity(printed, BORN), affiliations=here, evidence=CARD, by=clerk)
    db.session.rollback()
    return made


def whoever_is_known(known):
    """Each name as it was typed, with the account of the person that it prints as."""
    for typed, printed in PRINTED:
        yield Identity(typed, BORN), db.session.get(User, known[printed].id)


@pytest.mark.in_turns(of=5)
def test_every_look_up_finds_the_person(town, known, clerk):
    for who, user in whoever_is_known(known):
        assert people.accounts_as(who) == [user.id] and who.fits(user.person)
        assert [one.person_id for one in residency.compare(who, by=clerk)] == [user.person_id]
    assert residency.account_at_desk(user.sign_in_name, who, by=clerk).id == user.id
    assert residency.recognise(user.person_id, who, evidence=CARD, by=clerk).user_id == user.id
    assert codes.issue(user, who, evidence=CARD, by=clerk)


@pytest.mark.in_turns(of=5)
def test_nobody_is_verified_a_second_time(town, known, clerk, here):
    stranger, place = town.user(), here[AffiliationKind.LIVE]
    for number, (who, _user) in enumerate(whoever_is_known(known)):
        with pytest.raises(SamePerson):
            residency.verify(stranger, who, affiliations=here, evidence=CARD, by=clerk)
        with pytest.raises(SamePerson):
            residency.open_account(f"opened{number}", "이웃", who, affiliations=here, evidence=CARD, by=clerk)
        with pytest.raises(once.HasAccount):
            once.begin(who, place)


@pytest.mark.in_turns(of=5)
def test_those_who_are_known_are_verified_again_as_themselves(known, clerk, here):
    for who, user in whoever_is_known(known):
        assert residency.verify(user, who, affiliations=here, evidence=CARD, by=clerk).id == user.person_id


@pytest.mark.parametrize(("typed", "printed"), PRINTED, ids=lambda name: ascii(name))
def test_a_provider_s_name_is_taken_as_it_prints_or_not_at_all(typed, printed):
    provider = Provider("a", "a", {}, "https://a.example.org", "a", frozenset({Purpose.RESIDENT}),
                        claims=Claims(neighbourhood="dong"))
    said = {"name": typed, "birthdate": "1985-04-02", "dong": "가산동"}
    resident = providers.resident(provider, said, ["가산동"], "금천구")
    assert resident is Lack.NAME or normalised(resident.name) == normalised(printed)


@pytest.mark.parametrize("name", ["राजेश कुमार", "สมชาย ใจดี", "김\ufe0f하늘", "John\u034f Smith"])
def test_a_provider_verifies_people_of_every_script(name):
    provider = Provider("a", "a", {}, "https://a.example.org", "a", frozenset({Purpose.RESIDENT}),
                        claims=Claims(neighbourhood="dong"))
    said = {"name": name, "birthdate": "1985-04-02", "dong": "가산동"}
    assert providers.resident(provider, said, ["가산동"], "금천구") is not Lack.NAME


def test_the_second_letter_verifies_nobody(town, browse, clerk, here):
    """By pages, from the request to the code: the name of the second has a mark that nobody sees."""
    for name, status in (("NGUYỄN THỊ ÁNH", 302), ("Nguyễ\ufe0fn Thị Ánh", 409)):
        browser = browse(town.user())
        asked = browser.post("/me/residency/letters", data=LETTER | {
            "name": name, "neighbourhood": str(here[AffiliationKind.LIVE])})
        assert asked.status_code == 302
        letter, = people.letters(people.to_print(clerk, local(clock.now()).date()), 5)
        paper, = letters.print_batch([letter.id], by=clerk)
        posted(town, letter.id)
        db.session.rollback()
        answer = browser.post("/me/residency/code", data={"code": paper.code})
        assert answer.status_code == status
    assert "우편으로는 확인을 마칠 수 없어요" in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == 1 + 2, "with two clerks who posted"


# People who were verified before names were folded

MARKED = Identity("김\u034f하늘", BORN)
PLAIN = Identity("김하늘", BORN)


@pytest.fixture
def verified_before(town, clerk, here):
    """Somebody as the release before kept them."""
    user = town.user()
    residency.verify(user, MARKED, affiliations=here, evidence=CARD, by=clerk)
    person = db.session.get(User, user.id).person
    person.identity_hash = keys.keyed_hash("person", f"{normalised_before(MARKED.name)}\n{BORN}".encode())
    person.folded_hash = None
    db.session.commit()
    return user


@pytest.mark.both
def test_somebody_verified_before_keeps_the_hash_and_is_found_by_both_names(town, clerk, here, verified_before):
    person = db.session.get(User, verified_before.id).person
    kept = person.identity_hash
    assert kept != identity_hash(PLAIN.name, BORN) and [one.id for one in people.namesakes(MARKED)] == [person.id]
    assert access.fold_names() == 1 and access.fold_names() == 0
    for who in (PLAIN, MARKED):
        assert who.fits(person) and people.accounts_as(who) == [verified_before.id]
        with pytest.raises(SamePerson):
            residency.verify(town.user(), who, affiliations=here, evidence=CARD, by=clerk)
        residency.verify(verified_before, who, affiliations=here, evidence=CARD, by=clerk)
    assert db.session.get(Person, person.id).identity_hash == kept


@pytest.fixture
def own_keys(app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "KEYS", str(tmp_path / "keys"))


def test_their_marks_under_other_keys_are_made_as_before(own_keys, verified_before):
    person = db.session.get(User, verified_before.id).person
    assert hash_of(person, keys.newest()) == person.identity_hash
    number = keys.add()
    assert hash_of(person, number) == keys.keyed_hash(
        "person", f"{normalised_before(MARKED.name)}\n{BORN}".encode(), number)


def test_two_who_turn_out_to_be_called_alike_are_audited_and_told_apart_at_a_desk(town, clerk, here, verified_before):
    person = db.session.get(User, verified_before.id).person
    residency.verify(other := town.user(), PLAIN, affiliations=here, evidence=CARD, by=clerk)
    access.fold_names()
    assert sorted(people.accounts_as(PLAIN)) == sorted([verified_before.id, other.id])
    entry, = db.session.scalars(sa.select(AuditEntry).filter_by(action="accounts.called_alike"))
    assert entry.subject == f"person:{person.id}" and not entry.details
    with pytest.raises(SamePerson):
        once.begin(PLAIN, here[AffiliationKind.LIVE])
