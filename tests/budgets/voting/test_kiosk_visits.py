"""One visit of a person at the kiosk serves every envelope of a round, each cast for itself."""

import re
from dataclasses import replace
from secrets import token_bytes

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.ballots import identities
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.desk import counts as desk_counts
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.kiosk import services as kiosk
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.voting.refusals import CastingOver, VotedOnline
from civic_forum.ballots.box import voters
from civic_forum.ballots.box.casting import CastForm
from civic_forum.ballots.models import DeskCount
from civic_forum.ballots.kiosk.models import KioskPass
from civic_forum.ballots.rules.boxes import Channel, ConfirmedAction
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound
from civic_forum.notifications.models import Notice
from tests.ballots.kiosks import at_kiosk, device
from tests.ballots.officials import EARLY
from tests.budgets import making
from tests.budgets.making import voter
from tests.racing import at_once

from .scene import fields
from .test_ballot_pages import main_of
from .test_desk_and_kiosk import REASON, identity, visit


@pytest.fixture
def ada(town):
    return voter(town)


@pytest.fixture
def envelopes(town, ada):
    """The boxes of three envelopes that are open."""
    return [one.box_id for one in making.opened(town, envelopes=3).envelopes]


def person_of(user) -> bytes:
    return identities.of_person(user.person)


def form(box_id, person, *chosen) -> CastForm:
    box, state = boxes.by_id(box_id), voters.standing(box_id, person).state
    made = CastForm(box.fingerprint, token_bytes(16), state, token_bytes(16),
                    boxes.rule_of(box).encode(dict.fromkeys(chosen, 1)))
    db.session.rollback()
    return made


def code_for(box_id, user, clerk) -> str:
    return kiosk.issue(box_id, visit(box_id, user, clerk), by=clerk).code


def entered(box_id, user, clerk) -> tuple[str, bytes]:
    """The secret of the kiosk that took their code, and the person there."""
    secret = kiosk.enter(code_for(box_id, user, clerk), device())
    return secret, kiosk.voter(secret, device()).person


def at(secret) -> bytes | None:
    """The box whose turn it is at the kiosk."""
    found = kiosk.voter(secret, device())
    db.session.rollback()
    return found and found.box_id


def assisted(box_ids) -> list[int]:
    db.session.rollback()
    return [boxes.participations(one).assisted for one in box_ids]


def numbers(box_ids) -> list[tuple[int, int]]:
    """Codes and ballots cast with them, for each box."""
    db.session.rollback()
    found = {one.box_id: (one.codes, one.used) for one in db.session.scalars(sa.select(DeskCount))}
    return [found.get(one, (0, 0)) for one in box_ids]


def passes() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(KioskPass))


@pytest.mark.in_turns(of=5)
def test_one_code_leads_through_every_envelope_and_each_is_cast_for_itself(envelopes, ada, clerk):
    secret, person = entered(envelopes[1], ada, clerk)
    for place, box_id in enumerate(envelopes, 1):
        known = kiosk.voter(secret, device())
        assert (known.box_id, known.place, known.total) == (box_id, place, 3), "in the order of the round"
        kiosk.use(secret, form(box_id, person, 1), device())
    assert at(secret) is None and passes() == 0
    assert assisted(envelopes) == [1, 1, 1] and numbers(envelopes) == [(1, 1)] * 3
    assert len(db.session.scalars(sa.select(Notice).filter_by(user_id=ada.id,
                                                              step="assisted_at")).all()) == 1, "told once"


@pytest.mark.in_turns(of=5)
def test_an_envelope_is_left_out_and_a_second_click_leaves_out_no_other(envelopes, ada, clerk):
    secret, person = entered(envelopes[0], ada, clerk)
    kiosk.use(secret, form(envelopes[0], person, 1), device())
    kiosk.skip(secret, envelopes[1], device())
    kiosk.skip(secret, envelopes[1], device())
    assert at(secret) == envelopes[2]
    kiosk.skip(secret, envelopes[2], device())
    assert at(secret) is None and passes() == 0 and assisted(envelopes) == [1, 0, 0]
    assert numbers(envelopes) == [(1, 1), (1, 0), (1, 0)]
    with pytest.raises(NotFound):
        kiosk.skip(secret, envelopes[2], device())


@pytest.mark.in_turns(of=5)
def test_a_ballot_cast_online_stays_and_only_the_others_are_opened(envelopes, ada, clerk):
    person = person_of(ada)
    casting.cast(envelopes[1], person, form(envelopes[1], person, 2), Channel.ONLINE)
    names = [kept.name for kept in kiosk.offered(boxes.by_id(envelopes[0]), person, by=clerk) if kept.why_not is None]
    left_out, = (one for one in kiosk.offered(boxes.by_id(envelopes[0]), person, by=clerk) if one.why_not)
    assert isinstance(left_out.why_not, VotedOnline) and left_out.box.id == envelopes[1]
    handed = kiosk.issue(envelopes[1], visit(envelopes[1], ada, clerk), by=clerk)
    assert list(handed.opens) == names and len(names) == 2
    secret = kiosk.enter(handed.code, device())
    kiosk.use(secret, form(envelopes[0], person, 1), device())
    assert at(secret) == envelopes[2]
    kiosk.use(secret, form(envelopes[2], person, 1), device())
    assert assisted(envelopes) == [1, 0, 1]
    for box_id in envelopes[::2]:  # nobody votes over a ballot of the kiosk either
        with pytest.raises(VotedOnline):
            kiosk.issue(box_id, visit(box_id, ada, clerk), by=clerk)
    assert voters.standing(envelopes[1], person).channel is Channel.ONLINE


@pytest.mark.in_turns(of=5)
def test_a_voter_online_everywhere_gets_no_code(envelopes, ada, clerk):
    person = person_of(ada)
    for box_id in envelopes:
        casting.cast(box_id, person, form(box_id, person, 1), Channel.ONLINE)
    with pytest.raises(VotedOnline):
        kiosk.issue(envelopes[0], visit(envelopes[0], ada, clerk), by=clerk)
    assert passes() == 0 and numbers(envelopes) == [(0, 0)] * 3


@pytest.mark.in_turns(of=5)
def test_an_envelope_voted_on_online_during_the_visit_is_passed_over(envelopes, ada, clerk):
    secret, person = entered(envelopes[0], ada, clerk)
    casting.cast(envelopes[1], person, form(envelopes[1], person, 2), Channel.ONLINE)
    kiosk.use(secret, form(envelopes[0], person, 1), device())
    assert at(secret) == envelopes[2]


@pytest.mark.in_turns(of=5)
def test_a_new_code_at_any_envelope_ends_the_visit_before(envelopes, ada, clerk):
    secret, person = entered(envelopes[0], ada, clerk)
    kiosk.use(secret, form(envelopes[0], person, 1), device())
    code_for(envelopes[2], ada, clerk)
    assert at(secret) is None and passes() == 1
    with pytest.raises(NotFound):
        kiosk.use(secret, form(envelopes[1], person, 1), device())
    assert assisted(envelopes) == [1, 0, 0]


@pytest.mark.in_turns(of=5)
def test_every_ballot_has_ten_minutes_of_its_own_and_is_counted_on_the_day_of_the_code(envelopes, ada, clerk):
    secret, person = entered(envelopes[0], ada, clerk)
    for box_id in envelopes:
        clock.shift(590)
        kiosk.use(secret, form(box_id, person, 1), device())
    assert assisted(envelopes) == [1, 1, 1] and numbers(envelopes) == [(1, 1)] * 3, "one row for each box"


@pytest.mark.both
def test_a_visit_that_is_too_late_for_one_ballot_keeps_those_before(envelopes, ada, clerk):
    secret, person = entered(envelopes[0], ada, clerk)
    kiosk.use(secret, form(envelopes[0], person, 1), device())
    clock.shift(601)
    with pytest.raises(NotFound):
        kiosk.use(secret, form(envelopes[1], person, 1), device())
    assert kiosk.forget_expired() == 1 and assisted(envelopes) == [1, 0, 0]


@pytest.mark.in_turns(of=5)
def test_a_crash_behind_a_ballot_leaves_it_cast_and_a_new_code_serves_the_rest(envelopes, ada, clerk, monkeypatch):
    secret, person = entered(envelopes[0], ada, clerk)

    def dies(*_given, **_more):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(desk_counts, "add", dies)
        kiosk.use(secret, form(envelopes[0], person, 1), device())
    assert assisted(envelopes) == [1, 0, 0] and at(secret) == envelopes[0]
    secret, person = entered(envelopes[0], ada, clerk)
    kiosk.skip(secret, envelopes[0], device())
    for box_id in envelopes[1:]:
        kiosk.use(secret, form(box_id, person, 1), device())
    assert assisted(envelopes) == [1, 1, 1] and numbers(envelopes) == [(2, 0), (2, 1), (2, 1)]


@pytest.mark.in_turns(of=5)
def test_a_form_whose_answer_was_lost_gives_its_receipt_again_and_nothing_else(envelopes, ada, clerk):
    secret, person = entered(envelopes[0], ada, clerk)
    first = form(envelopes[0], person, 1)
    receipt = kiosk.use(secret, first, device())
    assert kiosk.use(secret, first, device()).tracker == receipt.tracker
    with pytest.raises(Conflict):
        kiosk.use(secret, replace(first, choice=form(envelopes[0], person, 2).choice), device())
    assert assisted(envelopes) == [1, 0, 0] and at(secret) == envelopes[1] and numbers(envelopes)[0] == (1, 1)


@pytest.mark.in_turns(of=5)
def test_a_ballot_that_was_left_out_is_not_cast_in_the_turn_of_another(envelopes, ada, clerk):
    secret, person = entered(envelopes[0], ada, clerk)
    left_out = form(envelopes[0], person, 1)
    kiosk.skip(secret, envelopes[0], device())
    with pytest.raises(NotFound):
        kiosk.use(secret, left_out, device())
    assert assisted(envelopes) == [0, 0, 0] and at(secret) == envelopes[1]


@pytest.mark.in_turns(of=5)
def test_an_envelope_that_closed_or_is_damaged_meanwhile_stops_no_other(town, envelopes, ada, clerk):
    secret, person = entered(envelopes[0], ada, clerk)
    sent, following = form(envelopes[0], person, 1), form(envelopes[1], person, 1)
    proposed = confirmations.propose(ConfirmedAction.CLOSE_EARLY, envelopes[0], note=EARLY, by=town.official())
    confirmations.confirm(proposed.id, by=town.moderator())
    with pytest.raises(CastingOver):
        kiosk.use(secret, sent, device())
    assert at(secret) == envelopes[1], "passed over"
    keyring._box_key(envelopes[2]).unlink()
    assert kiosk.use(secret, following, device()).tracker and at(secret) is None
    assert assisted(envelopes[1:2]) == [1] and numbers(envelopes)[1] == (1, 1)


@pytest.mark.in_turns(of=5)
def test_casts_and_skips_of_one_turn_at_once_take_one_turn(app, envelopes, ada, clerk):
    secret, person = entered(envelopes[0], ada, clerk)
    forms, here = [form(envelopes[0], person, 1 + n % 3) for n in range(4)], device()
    db.session.rollback()
    at_once(app, 6, lambda n: kiosk.use(secret, forms[n], here) if n < 4 else kiosk.skip(secret, envelopes[0], here))
    assert at(secret) == envelopes[1], "one turn, however many clicks"
    assert assisted(envelopes)[1:] == [0, 0]


@pytest.mark.in_turns(of=5)
def test_clerks_at_once_at_different_envelopes_leave_one_visit_and_lines_without_a_gap(app, envelopes, ada, clerk):
    visits = [visit(box_id, ada, clerk) for box_id in envelopes]
    db.session.rollback()
    handed = at_once(app, 3, lambda n: kiosk.issue(envelopes[n], visits[n], by=clerk))
    assert passes() == 1 and numbers(envelopes) == [(3, 0)] * 3
    assert sorted(one.number for one in handed) == [1, 2, 3]


@pytest.mark.in_turns(of=5)
def test_the_pages_of_a_visit_say_how_far_it_is(browse, envelopes, ada, clerk):
    casting.cast(envelopes[2], person_of(ada), form(envelopes[2], person_of(ada), 1), Channel.ONLINE)
    client = at_kiosk(browse())
    client.post("/kiosk", data={"code": code_for(envelopes[0], ada, clerk)})
    first = client.get("/kiosk/ballot")
    assert "투표지 2장 가운데 1번째" in main_of(first) and "이 투표지는 건너뛰기" in main_of(first)
    done = client.post("/kiosk/casts", data=fields(first.text) | {"option": "1"})
    assert done.status_code == 200 and "2장 가운데 1장을 마쳤어요" in main_of(done)
    assert "Max-Age=600" in next(line for line in done.headers.getlist("Set-Cookie") if line.startswith("kiosk="))
    onward, = html.fromstring(done.text).xpath("//a[normalize-space()='다음 투표지 열기']/@href")
    second = client.get(onward)
    assert "2번째" in main_of(second) and "건너뛰기" not in main_of(second)
    last = client.post("/kiosk/casts", data=fields(second.text) | {"option": "1"})
    assert "다음 분을 위해 화면 지우기" in last.text and "다음 투표지" not in last.text
    assert client.get("/kiosk/ballot").status_code == 302 and passes() == 0


@pytest.mark.in_turns(of=5)
def test_leaving_a_ballot_out_by_the_page_and_again_by_the_back_button(browse, envelopes, ada, clerk):
    client = at_kiosk(browse())
    client.post("/kiosk", data={"code": code_for(envelopes[0], ada, clerk)})
    token = re.search(r'name="box" value="([0-9a-f]+)"', client.get("/kiosk/ballot").text)[1]
    for _click in range(2):
        assert client.post("/kiosk/skips", data={"box": token}).location == "/kiosk/ballot"
    assert "3장 가운데 2번째" in main_of(client.get("/kiosk/ballot"))
    assert client.post("/kiosk/skips", data={"box": "nothing"}).status_code == 404


@pytest.mark.in_turns(of=5)
def test_the_clerk_sees_which_envelopes_a_code_opens(browse, envelopes, ada, clerk):
    person = person_of(ada)
    casting.cast(envelopes[2], person, form(envelopes[2], person, 1), Channel.ONLINE)
    who = identity(ada)
    shown = browse(clerk).post(f"/desk/votes/{envelopes[2].hex()}/kiosk-passes/look-ups", data={
        "reason": REASON, "name": who.name, "birth_date": f"{who.birth_date:%Y%m%d}"})
    said = main_of(shown)
    assert "번호 하나로 이어서 열어요: 배정 예산 1, 배정 예산 2" in said
    assert "이미 투표한 분이에요" in said and "번호 드리기" in said
