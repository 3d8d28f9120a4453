"""Acts of staff on accounts while a vote is open stand in its signed counts, and on the page of observers."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import DeskCheck
from civic_forum.accounts.rules import AffiliationKind, Evidence, Role
from civic_forum.accounts.services import codes, residency
from civic_forum.ballots.box import acts_file, watching
from civic_forum.ballots.counting import closing
from civic_forum.ballots.counting import queries as tallies
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.record import figures
from civic_forum.ballots.rules import signing
from civic_forum.ballots.rules.log import instant
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from tests.accounts.people import seen
from tests.polls.making import opened, voter
from tests.polls.test_pages import casts

from .people import _born

CARD = Evidence.RESIDENT_CARD


@pytest.fixture
def poll(town):
    people = [voter(town) for _each in range(12)]
    poll = opened(town, slug="acts")
    poll.people = people
    return poll


def counted(poll, day):
    db.session.rollback()
    clock.shift(86_400 * day)
    assert watching.sign_due() == [poll.box_id]


@pytest.mark.both
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
    db.session.execute(sa.delete(DeskCheck))
    db.session.commit()
    counted(poll, 2)
    clock.shift(86_400 * 8)
    closing.close(poll.box_id)
    alarms = tallies.ended(db.session.get(BallotBox, poll.box_id)).alarms
    assert alarms["counts"] == [2] and figures.need_reasons(alarms)
