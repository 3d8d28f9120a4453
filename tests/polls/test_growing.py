"""A poll whose roll grows, by its pages: from making to the record; and a fixed one, which says so first."""

import json
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.identity import SEALED_NAME, Identity
from civic_forum.accounts.models import User
from civic_forum.accounts.operations import verify_person
from civic_forum.accounts.rules import AffiliationKind, Role, Verification
from civic_forum.accounts.services import leaving, residency
from civic_forum.ballots import identities
from civic_forum.ballots.box import additions_file, watching
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.counting import closing, publication
from civic_forum.ballots.counting.publication import VERIFIER
from civic_forum.ballots.models import BallotBox, ElectoralRoll
from civic_forum.ballots.published import records
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.ballots.rolls.rules import EntryState
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.ballots.rules.log import canonical_json
from civic_forum.ballots.voting import services as casting
from civic_forum.platform import clock, keys
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import local
from civic_forum.platform.work import use_case
from civic_forum.polls.models import Poll
from civic_forum.polls.parts import Electorate
from tests.accounts.people import PASSWORD, password_hash
from tests.ballots import boxes
from tests.ballots.people import verified
from tests.budgets.voting.scene import JSON, fields
from tests.polls.making import entry, opened, poll, prepared, voter

CHOICE = "00000100000000"


def growing(town, **facts):
    who = entry()["eligibility"] | {"roll_grows": True}
    return opened(town, eligibility=who, publishes="ballots", **facts)


def text_of(browse, vote, user=None):
    page = browse(user).get(f"/polls/{vote.slug}")
    assert page.status_code == 200
    return re.sub(r"<[^>]+>|\s+", " ", page.text)


def cast(browse, vote, user):
    client = browse(user)
    form = fields(client.get(f"/polls/{vote.slug}/ballot").text)
    return client.post(f"/polls/{vote.slug}/casts", json=form | {"choice": CHOICE}, headers=JSON)


@pytest.mark.in_turns(of=5)
def test_from_making_to_the_record(town, browse):
    ada = voter(town)
    vote = growing(town)
    assert json.loads(vote.box.definition)["roll"] | {"grows": 1, "size": 11} == json.loads(vote.box.definition)["roll"]
    assert additions_file.path(vote.box_id).exists()
    users = [verified(town, f"새 주민 {number}") for number in range(12)]
    for user in (ada, *users):
        assert cast(browse, vote, user).status_code == 200
    clock.shift(86_400)
    assert watching.sign_due() == [vote.box_id] and watching.look() == {}
    [count] = browse().get(f"/polls/{vote.slug}/counts.json").json
    assert (count["voters"], count["additions"], len(count["additions_signature"])) == (13, 12, 128)
    for page in (browse(town.staff(Role.OBSERVER)).get(f"/votes/{vote.box_id.hex()}/observation"),
                 browse(town.official()).get(f"/desk/votes/{vote.box_id.hex()}")):
        assert page.status_code == 200 and "명부에 더한 사람" in page.text and "12명" in page.text
        assert "동 주민센터에서 확인했어요" in page.text
    assert cast(browse, vote, verified(town, "마지막 주민")).status_code == 200
    left = db.session.get(BallotBox, vote.box_id).closes_at - clock.now()
    clock.shift(int(left.total_seconds()) + clock.offset_seconds() + 60)
    assert closing.close(vote.box_id)
    closing.finish(vote.box_id, by=None)
    publication.carry_on(vote.box_id, by=None)
    db.session.rollback()
    box = db.session.get(Poll, vote.id).box
    with zipfile.ZipFile(records.public(box)) as record:
        assert len(record.read("additions.txt").splitlines()) == 13
    result = json.loads(box.result)
    assert (result["turnout"]["roll"], result["turnout"]["total"]) == (24, 14)
    done = subprocess.run([sys.executable, "-I", "-S", str(VERIFIER), str(records.public(box))], capture_output=True,
                          text=True)
    assert done.returncode == 0 and "13 added later" in done.stdout


@pytest.mark.in_turns(of=5)
def test_the_page_says_who_may_still_vote_and_until_when(town, browse):
    vote = growing(town)
    late, unknown = verified(town), town.user()
    assert "에 사는 사람이 투표해요. 조건에 맞으면 " in text_of(browse, vote)
    assert "그 뒤에 주민 확인을 받은 사람도 마감까지 더해요" in text_of(browse, vote)
    assert "까지 주민 확인을 받고 투표할 수 있어요" in text_of(browse, vote, unknown)
    assert "투표하면 그때 명부에 더해요" in text_of(browse, vote, late)
    own = browse(late).get(f"/polls/{vote.slug}/roll").text
    assert "투표할 때 명부에 더해요" in own and f'href="/polls/{vote.slug}/ballot"' in own
    assert "까지 주민 확인을 받고" in browse(unknown).get(f"/polls/{vote.slug}/roll").text
    cast(browse, vote, late)
    assert "투표한 것으로 되어 있어요" in text_of(browse, vote, late)


@pytest.mark.in_turns(of=5)
def test_a_fixed_roll_says_so_first_with_the_votes_that_one_still_reaches(town, browse):
    fixed, grows = opened(town), growing(town, title="아직 더하는 투표")
    later = poll(town, title="다음 달 투표", eligibility=entry()["eligibility"] | {
        "roll_fixed_on": local(clock.now() + timedelta(days=3)).date().isoformat()},
        opens_at=(clock.now() + timedelta(days=9)).isoformat(timespec="seconds"),
        closes_at=(clock.now() + timedelta(days=16)).isoformat(timespec="seconds"))
    for reader in (None, town.user(), verified(town)):
        text = text_of(browse, fixed, reader)
        assert "에 정한 명부" in text or "명부를 정한 날 뒤에" in text
        assert "아직 참여할 수 있는 투표" in text
        page = browse(reader).get(f"/polls/{fixed.slug}").text
        assert page.index(f'href="/polls/{later.slug}"') < page.index(f'href="/polls/{grows.slug}"')
    assert "참여할 수 있는 투표" not in text_of(browse, grows, town.user())
    assert "에 정한 명부로 투표해요" in text_of(browse, prepared(town), town.user())


def test_a_roll_of_declared_people_does_not_grow(town):
    electorate = Electorate(admits_residents=True, admits_members=False, min_age=None,
                            roll_source=RollSource.DECLARED, roll_grows=True)
    with pytest.raises(Refusal) as refused:
        electorate.check()
    assert refused.value.field == "roll_grows"


def test_a_list_grows_by_those_verified_after_its_day(town):
    made = boxes.box(12, grows=True, source=RollSource.IMPORTED)
    late = verified(town)
    assert rolls.own_entry(made.row.roll, late).state is EntryState.MAY_BE_ADDED
    early = voter(town)
    assert rolls.own_entry(made.row.roll, early).state is EntryState.NOT_ON_LIST
    residency.declare(AffiliationKind.WORK, town.neighbourhood("독산1동").id, by=early)
    assert state_of(made, early) is EntryState.NOT_ON_LIST
    place = town.neighbourhood("시흥1동")
    with use_case(None) as work:
        user = work.session.get(User, early.id)
        born = rolls.birth_date(user.person)
        verify_person(user, Identity(keys.unseal(SEALED_NAME, user.person.name_sealed), born), how=Verification.DESK,
                      affiliations={AffiliationKind.LIVE: place.id}, at=work.at)
    assert state_of(made, early) is EntryState.NOT_ON_LIST
    assert state_of(made, late) is EntryState.MAY_BE_ADDED


def state_of(made, user):
    db.session.rollback()
    return rolls.own_entry(made.row.roll, db.session.get(User, user.id)).state


def test_somebody_who_left_and_moved_votes_in_no_other_neighbourhood_of_the_round(town, monkeypatch):
    """Of two namesakes one voted in one neighbourhood, left, and is verified in the other, with another number."""
    places = [town.neighbourhood(name) for name in ("시흥1동", "독산1동")]
    here, there = (neighbourhood_box(place) for place in places)
    monkeypatch.setattr(rolls.voted, "together", lambda _box: [("", here.row), ("", there.row)])
    first = verified(town, place=places[0], password_hash=password_hash())
    verified(town, place=places[0], distinguisher=1)
    person = identities.of_person(first.person, here.row.roll.key_id)
    casting.cast_as(here.id, [person], here.form(person, 1), Channel.ONLINE, first.id)
    leaving.leave(PASSWORD, by=db.session.get(User, first.id))
    third = verified(town, place=places[1], distinguisher=2)
    assert state_of(there, third) is EntryState.NAMESAKE_LEFT
    assert state_of(there, verified(town, "딴 이름", place=places[1])) is EntryState.MAY_BE_ADDED


def neighbourhood_box(place):
    made = boxes.box(12, grows=True)
    rule = replace(rolls.rule_of(made.row.roll), neighbourhoods=(place.name_ko,))
    db.session.execute(sa.update(ElectoralRoll).where(ElectoralRoll.id == made.roll_id).values(
        rule=canonical_json(rule.to_json()).decode()))
    db.session.commit()
    return made


@pytest.mark.in_turns(of=5)
def test_a_vote_that_is_over_early_hides_none_that_one_can_reach(town, browse):
    """However many were made after it, or were to close before it."""
    fixed, grows = opened(town), growing(town, title="아직 더하는 투표")
    for number in range(4):
        early = growing(town, title=f"일찍 끝난 투표 {number}")
        db.session.execute(sa.update(BallotBox).where(BallotBox.id == early.box_id).values(closed_at=clock.now()))
        db.session.execute(sa.update(Poll).where(Poll.id == early.id).values(
            closes_at=early.closes_at - timedelta(hours=1)))
    db.session.commit()
    page = browse(town.user()).get(f"/polls/{fixed.slug}").text
    assert f'href="/polls/{grows.slug}"' in page and "일찍 끝난 투표" not in page
