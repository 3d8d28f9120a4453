"""Striking from the roll of an opened vote: two officials, a reason, and the person is told at once."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.accounts.models import User
from civic_forum.ballots import identities
from civic_forum.ballots import operations as opening
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.counting import closing
from civic_forum.ballots.counting import queries as tallies
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.strikes import queries
from civic_forum.ballots.strikes import services as strikes
from civic_forum.ballots.published import heads
from civic_forum.ballots.rolls import services as rolls
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.voting.refusals import StruckFromRoll
from civic_forum.ballots.models import BallotBox, Confirmation, RollEntry
from civic_forum.ballots.strikes.models import Strike
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.platform.work import use_case
from civic_forum.notifications.models import Notice
from tests.accounts.people import PASSWORD, password_hash
from tests.ballots.boxes import box, form_of
from tests.ballots.officials import CLOSE_EARLY, EARLY, OPEN, after, both, strike
from tests.ballots.test_publication import watched
from tests.polls.making import opened, voter
from tests.polls.test_pages import text_of
from tests.racing import at_once
from tests.factories import count

WHY = "다른 구로 이사했어요"


def entry(made, person):
    db.session.rollback()
    return db.session.get(RollEntry, (made.roll_id, person), populate_existing=True)


def test_two_officials_strike_and_a_ballot_already_cast_stays(town):
    made, (one, other) = box(12), both(town)
    somebody = made.voters[0]
    made.cast(somebody, 1)
    proposed = strikes.propose(made.id, somebody, WHY, by=one)
    assert entry(made, somebody).struck_at is None
    made.cast(somebody, 2)
    strikes.confirm(proposed.id, by=other)
    struck = entry(made, somebody)
    assert (struck.struck_reason, struck.struck_by_id) == (WHY, other.id) and struck.struck_at is not None
    assert count(Strike) == 0, "nobody stays in a proposal that is decided"
    with pytest.raises(StruckFromRoll):
        made.cast(somebody, 1)
    strike(made.id, made.voters[1], one, other)
    after(3700)
    closing.close(made.id)
    ended = tallies.ended(made.row)
    assert ended.alarms["strikes"] == 2 and len(ended.frozen.live) == 1 and len(ended.roll()) == 12


def test_one_official_alone_strikes_nobody_after_the_opening(town):
    made, moderator = box(3), town.moderator(mobile="01012345678")
    with pytest.raises(Conflict, match="두 담당관"):
        rolls.strike(made.roll_id, made.voters[0], WHY, by=moderator)
    proposed = strikes.propose(made.id, made.voters[0], WHY, by=moderator)
    for same in (moderator, town.official(mobile="01012345678")):
        with pytest.raises(Denied):
            strikes.confirm(proposed.id, by=same)
        with pytest.raises((Denied, Refusal)):
            confirmations.confirm(proposed.id, by=same)
    assert entry(made, made.voters[0]).struck_at is None


@pytest.mark.parametrize("reason", ["", " ", "가", "가" * 301])
def test_a_reason_is_asked_for(town, reason):
    made, (one, _other) = box(3), both(town)
    with pytest.raises(Refusal) as refused:
        strikes.propose(made.id, made.voters[0], reason, by=one)
    assert refused.value.field == "reason" and count(Strike) == 0


def test_a_strike_is_neither_proposed_nor_confirmed_twice(town):
    made, (one, other) = box(3), both(town)
    proposed = strikes.propose(made.id, made.voters[0], WHY, by=one)
    with pytest.raises(Conflict, match="이미 제안"):
        strikes.propose(made.id, made.voters[0], WHY, by=other)
    another = strikes.propose(made.id, made.voters[1], WHY, by=one)
    strikes.confirm(proposed.id, by=other)
    for again in (lambda: strikes.confirm(proposed.id, by=other), lambda: strikes.withdraw(proposed.id, by=one)):
        with pytest.raises(Conflict, match="이미"):
            again()
    with pytest.raises(Conflict, match="이미 명부에서"):
        strikes.propose(made.id, made.voters[0], WHY, by=other)
    strikes.confirm(another.id, by=other)
    assert count(Confirmation) == 2


def test_of_two_who_confirm_at_once_one_strikes(town, app):
    made, one = box(3), town.moderator()
    others = [town.official().id, town.administrator().id]
    proposed = strikes.propose(made.id, made.voters[0], WHY, by=one).id
    db.session.remove()
    answers = at_once(app, 2, lambda n: strikes.confirm(proposed, by=db.session.get(User, others[n])))
    assert sorted(type(answer).__name__ for answer in answers) == ["Confirmation", "Conflict"]
    told = db.session.scalars(sa.select(AuditEntry.action)).all()
    assert told.count("ballots.strike_confirmed") == told.count("ballots.roll_entry_struck") == 1


def test_somebody_who_is_not_in_the_roll_and_one_who_was_struck_before_are_refused(town):
    made, (one, other) = box(3), both(town)
    with pytest.raises(NotFound):
        strikes.propose(made.id, b"?" * 32, WHY, by=one)
    proposed = strikes.propose(made.id, made.voters[0], WHY, by=one)
    with use_case(None):
        found = db.session.get(RollEntry, (made.roll_id, made.voters[0]))
        found.struck_at = clock.now()
    with pytest.raises(Conflict, match="이미 명부에서"):
        strikes.confirm(proposed.id, by=other)


def test_before_the_opening_and_after_the_close_nothing_is_proposed_or_confirmed(town):
    made, (one, other) = box(12, opened=False), both(town)
    with pytest.raises(Conflict, match="열기 전에는"):
        strikes.propose(made.id, made.voters[0], WHY, by=one)
    rolls.strike(made.roll_id, made.voters[0], WHY, by=one)
    confirmations.confirm(confirmations.propose(OPEN, made.id, by=one).id, by=other)
    late, over = (strikes.propose(made.id, person, WHY, by=one) for person in made.voters[1:3])
    confirmations.confirm(confirmations.propose(CLOSE_EARLY, made.id, note=EARLY, by=one).id, by=other)
    for attempt in (lambda: strikes.confirm(late.id, by=other),
                    lambda: strikes.propose(made.id, made.voters[3], WHY, by=one)):
        with pytest.raises(Conflict, match="끝난 뒤에는"):
            attempt()
    strikes.withdraw(over.id, by=one)
    assert strikes.forget_void() == 1 and count(Strike) == 0
    assert entry(made, made.voters[1]).struck_at is None


def test_a_vote_whose_time_is_over_but_which_nobody_has_closed_is_closed_too(town):
    made, (one, other) = box(3), both(town)
    proposed = strikes.propose(made.id, made.voters[0], WHY, by=one)
    after(3700)
    with pytest.raises(Conflict, match="끝난 뒤에는"):
        strikes.confirm(proposed.id, by=other)


def test_a_proposal_is_void_after_a_day_and_forgets_the_person(town):
    made, (one, other) = box(3, closes=90_000), both(town)
    proposed = strikes.propose(made.id, made.voters[0], WHY, by=one)
    assert strikes.forget_void() == 0
    after(24 * 3600)
    with pytest.raises(Conflict, match="24시간"):
        strikes.confirm(proposed.id, by=other)
    assert queries.waiting(made.row) == [] and strikes.forget_void() == 1 and count(Strike) == 0
    strikes.confirm(strikes.propose(made.id, made.voters[0], WHY, by=other).id, by=one)


def shared(*closes):
    """Opened votes of one roll, with when they close, and three persons in it."""
    people = [bytes([n]) * 32 for n in range(8)]
    made = [box(people, closes=seconds, opened=False, **watched()) for seconds in closes]
    for one in made:
        with use_case(None):
            row = db.session.get_one(BallotBox, one.id)
            opening.refresh(row, opening.parts_of(row), roll_id=made[0].roll_id)
            opening.open_box(row, at=clock.now())
        heads.keep(one.id)
    return [*people, *(replace(one, roll_id=made[0].roll_id) for one in made)]


def test_one_act_strikes_in_every_vote_of_the_roll_and_in_no_other(town):
    *people, first, second = shared(3600, 3600)
    elsewhere = box(people)
    one, other = both(town)
    proposed = strikes.propose(second.id, people[0], WHY, by=one)
    assert [each.confirmation.id for each in queries.waiting(first.row)] == [proposed.id]
    strikes.confirm(proposed.id, by=other)
    for made in (first, second):
        with pytest.raises(StruckFromRoll):
            casting.cast(made.id, people[0], form_of(made.row, people[0], made.choice(1)), Channel.ONLINE)
    elsewhere.cast(people[0], 1)


def test_while_one_vote_of_the_roll_is_over_nobody_is_struck(town):
    *people, first, _second = shared(3600, 600)
    one, other = both(town)
    proposed = strikes.propose(first.id, people[0], WHY, by=one)
    after(700)
    with pytest.raises(Conflict, match="끝난 뒤에는"):
        strikes.confirm(proposed.id, by=other)


def test_a_box_without_a_roll_is_not_drawn_in(town):
    made, bare = box(3), box(3, opened=False)
    one, other = both(town)
    with use_case(None):
        db.session.get_one(type(bare.row), bare.id).roll_id = None
    before = bare.row.definition
    with pytest.raises(Conflict, match="명부가 없어요"):
        strikes.propose(bare.id, made.voters[0], WHY, by=one)
    strike(made.id, made.voters[0], one, other)
    assert bare.row.definition == before and queries.waiting(bare.row) == []


@pytest.mark.in_turns(of=5)
def test_opening_closing_and_striking_wait_in_no_circle(town, app):
    *people, first, second, third = shared(3600, 3600, 3600)
    made = first, second, third
    one, other = (who.id for who in both(town))
    db.session.remove()

    def act(n):
        return strike(made[n % 3].id, people[n], db.session.get(User, one), db.session.get(User, other))

    answers = at_once(app, 8, act)
    assert {type(answer) for answer in answers} == {Confirmation}, answers
    assert all(entry(made[0], person).struck_at for person in people)


@pytest.mark.in_turns(of=5)
def test_a_struck_voter_is_told_at_once_and_finds_where_to_object(town, browse):
    person = voter(town)
    made = opened(town)
    one, other = both(town)
    with pytest.raises(Conflict):
        rolls.object_to(made.roll_id, "아직 빠지지 않았는데요.", by=person)
    strike(made.box_id, identities.candidates(person)[0], one, other, account_id=person.id)
    db.session.rollback()
    notice = db.session.scalars(sa.select(Notice).filter_by(user_id=person.id, step="struck")).one()
    mine = browse(person)
    page = mine.get(notice.url)
    assert WHY in text_of(page) and "명부에 이의 내기" in text_of(page) and WHY not in str(vars(notice))
    sent = mine.post(f"{notice.url}/objections", data={"text": "이사하지 않았어요. 아직 시흥1동에 살아요."})
    assert sent.status_code == 303 and "답변을 기다리고" in text_of(mine.get(notice.url))
    somebody = town.resident()
    refused = browse(somebody).post(f"{notice.url}/objections", data={"text": "저도 명부에 없는 것 같아요."})
    assert refused.status_code == 409


def at_the_vote(official, strikes: str) -> tuple[str, str] | None:
    """The first words of the notice that a strike waits, and its link, on the page where officials confirm."""
    page = html.fromstring(official.get(strikes.removesuffix("/strikes")).text)
    for notice in page.xpath("//article[@aria-labelledby='to-strike']"):
        [link] = notice.xpath(".//a")
        assert link.get("href") == strikes
        return notice.findtext("p").partition(".")[0], link.text.strip()
    return None


@pytest.mark.both
def test_the_pages_lead_two_officials_to_the_strike(town, browse):
    person, elsewhere = voter(town), box(3)
    made = opened(town)
    one, other = (who(password_hash=password_hash()) for who in (town.moderator, town.official))
    here, ours = f"/desk/votes/{made.box_id.hex()}/strikes", (browse(one), browse(other))
    unknown = ours[0].post(here, data={"name": "nobody-at-all", "reason": WHY})
    assert unknown.status_code == 422 and "로그인 이름이 없어요" in unknown.text
    assert ours[0].post(here, data={"name": person.sign_in_name, "reason": WHY}).status_code == 302
    assert "다른 담당관의 확인을 기다려요" in ours[0].get(here).text
    assert at_the_vote(ours[0], here) == ("내가 제안했고 다른 담당관을 기다려요", "제안 보기")
    assert at_the_vote(ours[1], here) == ("다른 담당관이 제안했어요", "확인하러 가기")
    assert f'href="{here}"' in ours[1].get("/desk").text and f'href="{here}"' not in ours[0].get("/desk").text
    seen = text_of(ours[1].get(here))
    assert person.name in seen and WHY in seen and "명부에 적힌 동" in seen and "뺀 사람 1명" not in seen
    db.session.rollback()
    proposed = db.session.scalar(sa.select(Confirmation.id).filter_by(action=ConfirmedAction.STRIKE))
    db.session.rollback()
    way = f"{here}/{proposed}/confirmation"
    name = f"strike{proposed}-password"
    assert "비밀번호가 맞지 않아요" in ours[1].post(way, data={name: "wrong words"}).text
    other_way = f"/desk/votes/{elsewhere.id.hex()}/strikes/{proposed}/confirmation"
    assert ours[1].post(other_way, data={name: PASSWORD}).status_code == 404
    assert ours[1].post(way, data={name: PASSWORD}).status_code == 302
    assert count(Strike) == 0 and "확인을 기다리는 제안" not in ours[1].get(here).text
    assert at_the_vote(ours[1], here) is None and f'href="{here}"' not in ours[1].get("/desk").text
    assert "뺀 사람 1명" in ours[0].get(here).text


def test_the_roll_s_page_sends_a_moderator_to_the_strike_after_the_opening(town, browse):
    made, moderator = opened(town), town.moderator()
    page = browse(moderator).get(f"/desk/polls/{made.slug}/roll")
    assert f"/desk/votes/{made.box_id.hex()}/strikes" in page.text and "/corrections" not in page.text
