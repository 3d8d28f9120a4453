"""Acts of staff on accounts while a vote is open stand in its signed counts, and on the page of observers."""

from dataclasses import replace
from secrets import token_bytes

import pytest
import sqlalchemy as sa

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import DeskCheck, ProviderLink, User
from civic_forum.accounts.rules import AffiliationKind, Evidence, Role, Verification
from civic_forum.accounts.services import codes, residency
from civic_forum.ballots import identities
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.box import acts_file, voters, watching
from civic_forum.ballots.box import casting as box_casting
from civic_forum.ballots.box.casting import CastForm
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.counting import closing
from civic_forum.ballots.counting import queries as tallies
from civic_forum.ballots.desk import counts as desk_counts
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.paper import services as papers
from civic_forum.ballots.record import figures
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.ballots.rules import signing
from civic_forum.ballots.rules.log import instant
from civic_forum.ballots.voting import adding
from civic_forum.ballots.voting import services as casting
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from tests.accounts.people import seen
from tests.ballots import boxes as made_boxes
from tests.common import commit
from tests.factories import saved
from tests.polls.making import opened, voter
from tests.polls.test_pages import casts

from .desk_scene import Vote
from .people import _born, belongs, person

CARD = Evidence.RESIDENT_CARD


@pytest.fixture
def poll(town):
    people = [voter(town) for _each in range(12)]
    poll = opened(town, slug="acts")
    poll.people = people
    return poll


def opened_form(poll, user):
    """The ballot as this account opens it now."""
    db.session.rollback()
    user = db.session.get(User, user.id, populate_existing=True)
    person = identities.of_person(user.person, rolls.key_of(poll.box_id))
    form_key, state = box_casting.opened_for(poll.box_id, person, user.id), voters.standing(poll.box_id, person).state
    return CastForm(poll.box.fingerprint, form_key, state, token_bytes(16), b"")


def sent(poll, user, form, number):
    db.session.rollback()
    user = db.session.get(User, user.id, populate_existing=True)
    choice = boxes.rule_of(poll.box).encode({number: 1})
    casting.cast_as(poll.box_id, identities.candidates(user, rolls.key_of(poll.box_id)),
                    replace(form, choice=choice), Channel.ONLINE, user.id)


def counted(poll, day):
    db.session.rollback()
    clock.shift(86_400 * day)
    assert watching.sign_due() == [poll.box_id]


@pytest.mark.in_turns(of=5)
def test_a_count_tells_what_was_done_at_each_desk_and_stays_as_it_was_signed(town, poll, browse):
    clerk, here, who = town.clerk(), town.neighbourhood(), Identity("지어낸 하나", _born)
    account, _slip = residency.open_account(
        "invented1", "지어낸 별명", who, affiliations={AffiliationKind.LIVE: here.id}, evidence=CARD, by=clerk)
    with pytest.raises(Refusal):
        codes.issue(account, Identity("아닌 사람", _born), evidence=CARD, by=clerk)
    counted(poll, 1)
    [first] = browse().get(f"/polls/{poll.slug}/counts.json").json
    told = {(act["kind"], act["desk"]): act["number"] for act in first["acts"]}
    assert told[("open_account", here.name_ko)] == 1 and told[(acts_file.REFUSED, acts_file.NO_DESK)] >= 1
    message = signing.count(bytes.fromhex(first["fingerprint"]), 1, instant(first["at"]), first["voters"],
                            acts=first["acts"])
    assert signing.verify(bytes.fromhex(first["public_key"]), message, bytes.fromhex(first["signature"]))
    seen(town, who)
    casts(poll, poll.people[0], 1)
    counted(poll, 2)
    before, after = browse().get(f"/polls/{poll.slug}/counts.json").json
    assert before == first and {act["kind"] for act in after["acts"]} > {act["kind"] for act in first["acts"]}
    page = browse(town.staff(Role.OBSERVER)).get(f"/votes/{poll.box_id.hex()}/observation").text
    assert "계정을 만들며 확인" in page and "틀린 이름이나 생년월일" in page


@pytest.mark.both
def test_acts_that_somebody_takes_out_of_the_table_are_named_and_wait_for_a_reason(town, poll):
    clerk, here, who = town.clerk(), town.neighbourhood(), Identity("지어낸 하나", _born)
    residency.open_account(
        "invented1", "지어낸 별명", who, affiliations={AffiliationKind.LIVE: here.id}, evidence=CARD, by=clerk)
    counted(poll, 1)
    commit(sa.delete(DeskCheck))
    counted(poll, 2)
    clock.shift(86_400 * 8)
    closing.close(poll.box_id)
    alarms = tallies.ended(db.session.get(BallotBox, poll.box_id)).alarms
    assert alarms["counts"] == [2] and figures.need_reasons(alarms)


def test_additions_say_which_provider_had_verified_them(town, browse):
    box = made_boxes.box(12, grows=True, closes=200_000, publishes="ballots")
    for name, provider in (("김하늘", "district-id"), ("이바다", "district-id"), ("박들", None)):
        user = town.user(person_id=person(name).id)
        belongs(user, town.neighbourhood(), how=Verification.PROVIDER if provider else Verification.LETTER)
        if provider:
            saved(ProviderLink(user_id=user.id, provider=provider, linked_on=clock.now().date(),
                               subject_hash=token_bytes(32)))
        db.session.commit()
        assert adding.add([box.id], user.id) == [box.id]
    told = {act["kind"]: act["number"] for act in acts_file.so_far(boxes.required(box.id), clock.now())}
    assert told == {"added_provider:district-id": 2, "added_letter": 1}
    page = browse(town.staff(Role.OBSERVER)).get(f"/votes/{box.id.hex()}/observation").text
    assert "온라인으로 확인했어요 (district-id)" in page


@pytest.mark.in_turns(of=5)
def test_first_ballots_of_bound_accounts_are_counted_by_themselves_and_joined_to_none(town, poll, browse):
    """A ballot of an account that nobody touched counts nothing, nor does a change, or the same ballot sent again."""
    anna, ben, *_others = poll.people
    casts(poll, ben, 1)
    touched = sa.update(User).where(User.id == anna.id)
    commit(touched.values(staff_act_at=clock.now(), staff_act_confirmed=True))
    form = opened_form(poll, anna)
    for _again in range(2):
        sent(poll, anna, form, 1)
    sent(poll, anna, opened_form(poll, anna), 2)
    db.session.rollback()
    [row] = desk_counts.of_box(poll.box_id)
    assert (row.desk, row.bound, row.codes, row.papers) == (0, 1, 0, 0)
    counted(poll, 1)
    [count] = browse().get(f"/polls/{poll.slug}/counts.json").json
    assert {"kind": acts_file.BOUND, "desk": acts_file.NO_DESK, "number": 1} in count["acts"]
    page = browse(town.staff(Role.OBSERVER)).get(f"/votes/{poll.box_id.hex()}/observation").text
    assert "다룬 계정에서 온 첫 표" in page and "구 전체 창구" not in page


def test_papers_that_a_desk_changed_are_counted_by_desk(town, browse):
    vote, clerk = Vote(town), town.clerk()
    anna = vote.voter()
    anna.gets_paper(clerk)
    anna.spoils(clerk)
    papers.mark_returned(vote.box_id, 2, by=clerk)
    vote.undo_return(2)
    anna.gives_back(clerk)
    acts = acts_file.so_far(vote.box, clock.now())
    assert {"kind": acts_file.CHANGED, "desk": "시흥1동", "number": 3} in acts
    assert "바꾸거나 돌려받거나 고쳐 적은 종이" in browse(town.staff(Role.OBSERVER)).get(f"/votes/{vote.hex}/observation").text
