"""Everything that a master key hashed or sealed goes on working when there is a newer one, purpose by purpose."""

from datetime import date
from types import SimpleNamespace

import pytest
from flask import current_app

from civic_forum.accounts import desk_numbers, totp
from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import User
from civic_forum.accounts.operations import issue_code
from civic_forum.accounts.queries import users
from civic_forum.accounts.rules import Purpose
from civic_forum.accounts.services import codes, entry, letters
from civic_forum.accounts.views import kept, sessions
from civic_forum.answers import personal_data
from civic_forum.ballots.box import voters
from civic_forum.ballots.desk import services as desk
from civic_forum.ballots.kiosk import devices, queries
from civic_forum.ballots.kiosk import services as kiosk
from civic_forum.ballots.strikes import queries as strikes
from civic_forum.ballots.voting import ballot
from civic_forum.commitments import money_views
from civic_forum.forums.registration import operations as needs
from civic_forum.moderation.queries import takedowns
from civic_forum.notifications import links
from civic_forum.notifications.rules import Channel, NoticeKind
from civic_forum.platform import backups, clock, keys
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.work import use_case
from tests.accounts.people import ANOTHER, PASSWORD, member, posted
from tests.ballots.desk_scene import Vote
from tests.ballots.kiosks import device

WHO = Identity("김하늘", date(1950, 3, 4))


@pytest.fixture(autouse=True)
def own_keys(app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "KEYS", str(tmp_path / "keys"))


def a_code(user, purpose, email=None):
    with use_case(None) as work:
        return issue_code(work.session, user.id, purpose, at=work.at, email=email)


def link_to_confirm(town):
    user = member(town, email="sanho@example.org")
    code = a_code(user, Purpose.CONFIRM_EMAIL, user.email)
    yield
    assert users.is_open(code, Purpose.CONFIRM_EMAIL, clock.now())
    codes.confirm_email(code)
    db.session.rollback()
    assert user.confirmed_email == user.email


def code_of_the_desk(town):
    user = member(town)
    code = a_code(user, Purpose.DESK_RESET)
    yield
    codes.reset_with_desk_code(user.sign_in_name, code, ANOTHER)


def code_by_mobile(town):
    user = member(town, mobile="010-1234-5678")
    code = a_code(user, Purpose.CONFIRM_MOBILE, user.mobile)
    yield
    codes.confirm(code, by=user)


def code_of_a_letter(town):
    place = town.neighbourhood()
    letter = letters.request(WHO, "금천구 시흥대로 1", place.id, by=town.user())
    paper, = letters.print_batch([letter.id], by=town.clerk(neighbourhood=place))
    posted(town, letter.id)
    yield
    letters.confirm(paper.code, by=db.session.get(User, letter.user_id))


def letter_that_waits(town):
    place = town.neighbourhood()
    letter = letters.request(WHO, "금천구 시흥대로 1", place.id, by=town.user())
    yield
    paper, = letters.print_batch([letter.id], by=town.clerk(neighbourhood=place))
    posted(town, letter.id)
    assert (paper.name, paper.address) == (WHO.name, "금천구 시흥대로 1")
    letters.confirm(paper.code, by=db.session.get(User, letter.user_id))


def number_for_the_desk(town):
    number = desk_numbers.shown(5, clock.now()).text
    yield
    assert desk_numbers.holds(number, clock.now()) and not desk_numbers.holds("5-000000", clock.now())


def second_step(town):
    user = member(town, totp_secret=totp.fresh_secret(), totp_confirmed_at=clock.now())
    half = entry.sign_in(user.sign_in_name, PASSWORD, device="")
    yield
    code = totp.pyotp.TOTP(totp.readable(user.totp_secret)).at(clock.now())
    assert entry.sign_in_with_code(user.id, half.mark, code, device="")


def known_device(town):
    names = sessions._hashed("sanho")[:1]
    yield
    assert sessions._knows(names, "sanho") and not sessions._knows(names, "another")


def unsubscribing(town):
    said = links.Subscription(5, Channel.MAIL, next(iter(NoticeKind)))
    token = links.token(said)
    yield
    assert links.read(token) == said and isinstance(links.read(token[:-1]), links.BadLink)


def number_of_a_takedown(town):
    number = takedowns.number(SimpleNamespace(id=5))
    yield
    assert keys.is_one_of(number.partition("-")[2], takedowns._marks(5))
    assert not keys.is_one_of(number.partition("-")[2], takedowns._marks(6))


def money_that_was_shown(town):
    seal = money_views.seal_of("rows", 5)
    yield
    assert keys.is_one_of(seal, money_views._seals("rows", 5))
    assert not keys.is_one_of(seal, money_views._seals("row", 5))


def kiosk_that_joins(town):
    code = devices.register("1번 기기", None, by=town.administrator()).handed.code
    yield
    secret = devices.join(code)
    assert queries.registered(secret)


def kiosk_that_is_there(town):
    secret = devices.join(devices.register("1번 기기", None, by=town.administrator()).handed.code)
    yield
    assert queries.registered(secret) and queries.registered("another") is None


def code_of_a_kiosk(town):
    vote, clerk = Vote(town), town.clerk()
    anna = vote.voter()
    handed = kiosk.issue(vote.box_id, anna.visit(clerk), by=clerk)
    yield
    secret = kiosk.enter(handed.code, device())
    assert kiosk.use(secret, anna.form(1), device())


def pass_of_a_kiosk(town):
    vote, clerk = Vote(town), town.clerk()
    anna = vote.voter()
    secret = kiosk.enter(kiosk.issue(vote.box_id, anna.visit(clerk), by=clerk).code, device())
    yield
    assert kiosk.use(secret, anna.form(1), device())


def visit_at_the_desk(town):
    vote, clerk = Vote(town), town.clerk()
    anna = vote.voter()
    visit = anna.visit(clerk)
    yield
    assert desk.visitor_of(visit, vote.box_id, by=clerk, at=clock.now()) == (anna.person, None)


def order_of_a_ballot(town):
    vote = Vote(town)
    anna = vote.voter()

    def order():
        return [line["number"] for line in ballot.opened(vote.box, anna.person, voters.standing(
            vote.box_id, anna.person)).lines]

    before = order()
    yield
    assert order() == before


def account_of_a_strike(town):
    sealed = keys.seal(strikes.SEALED, "5")
    yield
    assert strikes.account_of(SimpleNamespace(account=sealed)) == 5


def contact(town):
    sealed = personal_data.sealed("김하늘")
    yield
    assert personal_data.unsealed(SimpleNamespace(name_sealed=sealed, contact_sealed=sealed)) == ("김하늘", "김하늘")


def needs_in_words(town):
    sealed = keys.seal(needs.NEEDS, "휠체어")
    yield
    assert keys.unseal(needs.NEEDS, sealed) == "휠체어"


def text_that_was_kept(town):
    one = kept.Kept("/proposals", [("title", "나무")], False, 5)
    packed = kept.pack(one)
    yield
    assert kept.unpack(packed) == one


def backup_of_before(town):
    keys.newest()
    made = backups._key_check()
    yield
    assert backups._missing_keys({"keys": made}) == [] != backups._missing_keys({"keys": "00" * 32})


PURPOSES = (account_of_a_strike, backup_of_before, code_by_mobile, code_of_a_kiosk, code_of_a_letter, code_of_the_desk,
            contact, kiosk_that_is_there, kiosk_that_joins, known_device, letter_that_waits, link_to_confirm,
            money_that_was_shown, needs_in_words, number_for_the_desk, number_of_a_takedown, order_of_a_ballot,
            pass_of_a_kiosk, second_step, text_that_was_kept, unsubscribing, visit_at_the_desk)


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("purpose", PURPOSES, ids=lambda one: one.__name__)
def test_all_that_was_handed_out_before_works_after_two_rotations(town, purpose):
    steps = purpose(town)
    next(steps)
    db.session.rollback()
    assert (keys.add(), keys.add()) == (2, 3)
    assert next(steps, "done") == "done"


@pytest.mark.parametrize("purpose", [code_of_the_desk, code_of_a_letter, unsubscribing, number_for_the_desk,
                                     backup_of_before], ids=lambda one: one.__name__)
def test_it_would_not_under_other_keys(town, purpose, tmp_path):
    steps = purpose(town)
    next(steps)
    db.session.rollback()
    current_app.config["KEYS"] = str(tmp_path / "other")
    with pytest.raises((Refusal, AssertionError)):
        next(steps)
