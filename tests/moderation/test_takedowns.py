"""Requests to take a text down: without an account, blocked by one, decided by another, over by itself."""

from datetime import timedelta

import pytest

from config import BY_NAME
from civic_forum.accounts.models import AccessRecord, User
from civic_forum.comments import services as comments
from civic_forum.comments.models import Comment
from civic_forum.comments.rules import Stance
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal, TooMany
from civic_forum.moderation.services import appeals, cases
from civic_forum.moderation.services.takedowns import (ask_takedown, block_takedown, decide_takedown, forget_contacts,
                                                       see_takedown_contact)
from civic_forum.moderation.models import ModerationAction, TakedownRequest
from civic_forum.moderation.queries import takedowns
from civic_forum.moderation.queries.takedowns import TakedownState
from civic_forum.moderation.rules import OPEN_REQUESTS, ActionKind, Ground
from tests import limits
from tests.factories import MAY
from tests.racing import at_once

WHY, REASON = "제 이름과 사는 곳이 그대로 적혀 있어요.", "사는 곳이 드러나요."
DECISION, CONTACT = "누구인지 알 수 있어 계속 가려요.", "concerned@example.org"


@pytest.fixture
def remark(town):
    return comments.write(town.proposal().thread_id, stance=Stance.NOTE, text="그 사람은 시장에 살아요.", by=town.user())


def asked(remark, key="a" * 32, **facts):
    return ask_takedown(key, "comment", remark.id, **{
        "ground": Ground.PRIVACY, "text": WHY, "contact": CONTACT} | facts)


def is_shown(remark) -> bool:
    db.session.expire_all()
    return db.session.get(Comment, remark.id).is_shown


def standing(request) -> TakedownState:
    db.session.rollback()
    return takedowns.case(request.id).standing(clock.now())


def test_one_blocks_another_grants_and_it_stays_hidden(town, remark, at):
    at(MAY)
    request = asked(remark)
    assert is_shown(remark) and standing(request) is TakedownState.ASKED
    block_takedown(request.id, reason=REASON, by=town.moderator())
    assert not is_shown(remark) and standing(request) is TakedownState.BLOCKED
    decide_takedown(request.id, granted=True, decision=DECISION, by=town.moderator())
    at(MAY + timedelta(days=31))
    cases.end_over()
    assert not is_shown(remark) and standing(request) is TakedownState.GRANTED


def test_refused_it_is_shown_again(town, remark):
    request = asked(remark)
    block_takedown(request.id, reason=REASON, by=town.moderator())
    decide_takedown(request.id, granted=False, decision="공개된 사실이에요. 다시 보여요.", by=town.moderator())
    assert is_shown(remark) and standing(request) is TakedownState.REFUSED


def test_a_takedown_that_nobody_decides_on_is_shown_again_by_itself(town, remark, at):
    at(MAY)
    request = asked(remark)
    block_takedown(request.id, reason=REASON, by=town.moderator())
    at(MAY + timedelta(days=30) - timedelta(seconds=1))
    cases.end_over()
    assert not is_shown(remark)
    at(MAY + timedelta(days=30))
    assert standing(request) is TakedownState.OVER
    cases.end_over()
    assert is_shown(remark) and standing(request) is TakedownState.OVER
    with pytest.raises(Conflict):
        decide_takedown(request.id, granted=True, decision=DECISION, by=town.moderator())


def test_nothing_is_granted_once_the_time_is_over_also_before_that_is_written_down(town, remark, at):
    at(MAY)
    request = asked(remark)
    block_takedown(request.id, reason=REASON, by=town.moderator())
    at(MAY + timedelta(days=30))
    with pytest.raises(Refusal, match="먼저 글을"):
        decide_takedown(request.id, granted=True, decision=DECISION, by=town.moderator())
    cases.end_over()
    assert is_shown(remark) and standing(request) is TakedownState.OVER


def test_an_appeal_of_the_author_ends_it(town, remark):
    request = asked(remark)
    block_takedown(request.id, reason=REASON, by=town.moderator())
    action = db.session.query(ModerationAction).one()
    made = appeals.appeal(action.id, text="시장에 산다고 쓴 적이 없어요.", by=db.session.get(User, action.user_id))
    appeals.decide_appeal(made.id, upheld=True, decision="누구인지 알 수 없어요. 되돌려요.", by=town.moderator())
    assert is_shown(remark) and standing(request) is TakedownState.OVER


@pytest.mark.parametrize("reader", ["who asked", "a moderator"])
def test_a_reader_after_the_time_is_over_finds_the_text_shown_without_any_job(town, remark, browse, at, reader):
    at(MAY)
    request, moderator = asked(remark), town.moderator()
    block_takedown(request.id, reason=REASON, by=town.moderator())
    address = f"/moderation/takedowns/{takedowns.number(request)}" if reader == "who asked" else (
        f"/desk/takedowns/{request.id}")
    for moment, is_over in ((MAY + timedelta(days=30, seconds=-1), False), (MAY + timedelta(days=30), True)):
        at(moment)
        for _again in range(2):
            page = browse(None if reader == "who asked" else moderator).get(address)
            assert page.status_code == 200 and ("가린 기간이 끝나 글이 다시 보여요" in page.text) is is_over
            assert (standing(request) is TakedownState.OVER, is_shown(remark)) == (is_over, is_over)


def test_two_who_write_down_at_once_that_the_time_is_over_write_it_once(app, town, remark, at):
    at(MAY)
    request = asked(remark)
    block_takedown(request.id, reason=REASON, by=town.moderator())
    at(MAY + timedelta(days=30))
    ended = at_once(app, 4, lambda _n: cases.end_over())
    assert sorted(ended) == [0, 0, 0, 1] and is_shown(remark)


def test_a_text_hidden_before_stays_hidden_after(town, remark):
    from .acts import acted
    request = asked(remark)
    block_takedown(request.id, reason=REASON, by=town.moderator())
    hiding = acted(town.moderator(), "comment", remark.id, kind=ActionKind.HIDE)
    decide_takedown(request.id, granted=False, decision="공개된 사실이에요. 다시 보여요.", by=town.moderator())
    assert not is_shown(remark)
    cases.take_back(hiding.id, by=town.moderator())
    assert is_shown(remark)


def test_the_one_who_blocked_does_not_decide_under_any_account(town, remark):
    first = town.moderator(mobile="01000001234")
    request = asked(remark)
    block_takedown(request.id, reason=REASON, by=first)
    for same in (first, town.moderator(mobile="01000001234")):
        with pytest.raises(Denied, match="다른 운영자가"):
            decide_takedown(request.id, granted=True, decision=DECISION, by=same)


def test_granting_takes_two_refusing_what_was_never_blocked_takes_one(town, remark):
    request = asked(remark)
    with pytest.raises(Refusal, match="먼저 글을"):
        decide_takedown(request.id, granted=True, decision=DECISION, by=town.moderator())
    decide_takedown(request.id, granted=False, decision="공개된 사실이에요. 가리지 않아요.", by=town.moderator())
    assert is_shown(remark) and standing(request) is TakedownState.REFUSED


def test_a_moderator_does_not_block_the_own_text(town):
    author = town.moderator()
    comment = comments.write(town.proposal().thread_id, stance=Stance.NOTE, text="그 사람은 시장에 살아요.", by=author)
    request = asked(comment)
    with pytest.raises(Denied):
        block_takedown(request.id, reason=REASON, by=author)


@pytest.mark.both
def test_the_contact_is_sealed_and_looking_at_it_is_logged(town, remark):
    request, moderator = asked(remark), town.moderator()
    assert CONTACT.encode() not in request.contact_sealed
    assert see_takedown_contact(request.id, reason="빠진 내용을 물어보려고", by=moderator) == CONTACT
    record = db.session.query(AccessRecord).one()
    assert (record.by_id, record.reason) == (moderator.id, "빠진 내용을 물어보려고")
    trail = " ".join(f"{one.action} {one.details}" for one in db.session.query(AuditEntry))
    assert "contact_seen" in trail and CONTACT not in trail and WHY not in trail
    for reason in ("", "가" * 201):
        with pytest.raises(Refusal):
            see_takedown_contact(request.id, reason=reason, by=moderator)


def test_the_contact_is_thrown_away_some_time_after_the_decision(town, remark, at):
    at(MAY)
    request, open_one = asked(remark), asked(remark, key="e" * 32)
    decide_takedown(request.id, granted=False, decision="공개된 사실이에요. 가리지 않아요.", by=town.moderator())
    at(MAY + timedelta(days=180))
    assert forget_contacts(180) == 0
    at(MAY + timedelta(days=180, seconds=1))
    assert forget_contacts(180) == 1
    db.session.expire_all()
    assert db.session.get(TakedownRequest, request.id).contact_sealed is None
    assert db.session.get(TakedownRequest, open_one.id).contact_sealed is not None
    with pytest.raises(Conflict, match="지운"):
        see_takedown_contact(request.id, reason="빠진 내용을 물어보려고", by=town.moderator())


@pytest.mark.both
def test_two_clicks_make_one_request(app, town, remark):
    comment = remark.id
    db.session.rollback()
    told = at_once(app, 6, lambda n: ask_takedown(
        "b" * 32, "comment", comment, ground=Ground.PRIVACY, text=WHY, contact=CONTACT).id)
    assert db.session.query(TakedownRequest).count() == 1
    assert {one for one in told if isinstance(one, int)} == {db.session.query(TakedownRequest.id).scalar()}


def test_only_so_many_wait_about_one_text(remark):
    for n in range(OPEN_REQUESTS):
        asked(remark, key=f"{n:032x}")
    with pytest.raises(TooMany):
        asked(remark, key="f" * 32)


def test_a_decided_request_makes_room_for_others_who_ask(town, remark):
    first, *_others = [asked(remark, key=f"{n:032x}") for n in range(OPEN_REQUESTS)]
    decide_takedown(first.id, granted=False, decision="공개된 사실이에요. 가리지 않아요.", by=town.moderator())
    assert asked(remark, key="f" * 32).id


def test_a_text_that_not_everybody_can_read_is_not_there(remark):
    comments.remove(remark.id, by=db.session.get(User, remark.author_id))
    with pytest.raises(NotFound):
        asked(remark)


@pytest.mark.both
def test_the_desk_and_the_list_say_the_same_day_and_what_is_due_first_stands_first(town, remark, at, browse):
    at(MAY)
    first = asked(remark)
    at(MAY + timedelta(days=1))
    asked(remark, key="b" * 32, text="이름을 지워 주세요. 두 번째로 보내요.")
    block_takedown(first.id, reason=REASON, by=town.moderator())
    moderator = browse(town.moderator())
    for address in ("/desk/takedowns", "/desk"):
        html = moderator.get(address).text
        assert html.index("D-2") < html.index("D-3"), address
        assert html.index(WHY) < html.index("두 번째로 보내요.")


def test_two_moderators_block_once_and_the_second_learns_of_it(app, town, remark):
    request, people = asked(remark).id, [town.moderator().id for _n in range(4)]
    db.session.rollback()
    told = at_once(app, 4, lambda n: block_takedown(request, reason=REASON, by=db.session.get(User, people[n])))
    assert sum(isinstance(one, Conflict) for one in told) == 3
    assert db.session.query(ModerationAction).count() == 1


def test_two_moderators_decide_once(app, town, remark):
    request = asked(remark).id
    block_takedown(request, reason=REASON, by=town.moderator())
    people = [town.moderator().id for _n in range(4)]
    db.session.rollback()
    told = at_once(app, 4, lambda n: decide_takedown(request, granted=n % 2 == 0, decision=DECISION,
                                                     by=db.session.get(User, people[n])))
    assert sum(isinstance(one, Conflict) for one in told) == 3
    db.session.rollback()
    assert is_shown(remark) is not takedowns.case(request).request.granted


class TestPages:
    SENT = {"form_key": "c" * 32, "ground": "privacy", "text": WHY, "contact": CONTACT}

    def test_anybody_asks_and_follows_it_by_its_number(self, town, remark, browse):
        visitor, about = browse(), f"comment:{remark.id}"
        page = visitor.get(f"/moderation/takedowns/new?about={about}")
        assert page.status_code == 200 and "그 사람은 시장에" in page.text and "제44조의2" in page.text
        sent = visitor.post("/moderation/takedowns/new", data=self.SENT | {"about": about})
        assert sent.status_code == 303
        again = visitor.post("/moderation/takedowns/new", data=self.SENT | {"about": about})
        assert again.location == sent.location
        page = browse().get(sent.location)
        assert "살펴보고 있어요" in page.text and WHY not in page.text and CONTACT not in page.text
        number = sent.location.rsplit("/", 1)[1]
        assert browse().get(f"/moderation/takedowns?number={number.lower()}").location == sent.location

    @pytest.mark.both
    def test_the_address_of_a_text_is_enough(self, town, remark, browse):
        proposal = town.proposal()
        for n, address in enumerate((f"https://forum.example/proposals/{proposal.number}", f"/comments/{remark.id}",
                                     f"/proposals/{proposal.number}?order=newest#comment-{remark.id}")):
            sent = browse().post("/moderation/takedowns/new", data=self.SENT | {"form_key": f"{n:032x}",
                                                                                "address": address})
            assert sent.status_code == 303
        assert [one.subject_kind for one in db.session.query(TakedownRequest).order_by(TakedownRequest.id)] == [
            "proposal", "comment", "comment"]

    def test_an_address_asks_a_few_times_an_hour_and_reads_when_again(self, app, town, browse, monkeypatch):
        monkeypatch.setitem(app.config, "LIMIT_TAKEDOWNS", 3)
        limits.forget()

        def send(n, **address):
            return browse().post("/moderation/takedowns/new", **address, data=self.SENT | {
                "form_key": f"{n:032x}", "about": f"proposal:{town.proposal().id}"})

        assert [send(n).status_code for n in range(3)] == [303, 303, 303]
        refused = send(3)
        assert refused.status_code == 429 and 3300 < int(refused.headers["Retry-After"]) <= 3600
        assert "분 뒤에 다시 해 주세요. 급하면 화면 아래의 연락처로" in refused.text and WHY in refused.text
        assert db.session.query(TakedownRequest).count() == 3
        assert send(4, environ_base={"REMOTE_ADDR": "10.0.0.2"}).status_code == 303
        limits.forget()

    def test_twenty_an_hour_unless_the_site_says_otherwise(self):
        assert BY_NAME["LIMIT_TAKEDOWNS"].default == 20

    @pytest.mark.parametrize("wrong", [{"ground": ""}, {"text": "짧아요"}, {"contact": ""}, {"form_key": "x"},
                                       {"address": "https://example.org"}, {"text": WHY + " 900101-1234568"}])
    def test_a_wrong_form_comes_back_and_leaves_nothing(self, town, remark, browse, wrong):
        about = {} if "address" in wrong else {"about": f"comment:{remark.id}"}
        page = browse().post("/moderation/takedowns/new", data=self.SENT | about | wrong)
        assert page.status_code == 422 and "고쳐 주세요" in page.text
        assert db.session.query(TakedownRequest).count() == 0

    def test_everything_that_is_to_be_put_right_is_said_at_once(self, browse):
        page = browse().post("/moderation/takedowns/new", data={"form_key": "c" * 32})
        assert page.status_code == 422 and "4곳을 고쳐 주세요" in page.text
        for field in ("address", "text", "contact"):
            assert f'href="#{field}"' in page.text
        assert 'href="#ground-0"' in page.text and page.text.count("이유를 하나 골라 주세요.") == 2

    @pytest.mark.parametrize("number", ["1", "1-AAAAAAAA", "999-ABCDEFGH", "x", "1-", "-", "１-AAAA"])
    def test_numbers_cannot_be_guessed(self, town, remark, browse, number):
        asked(remark)
        assert browse().get(f"/moderation/takedowns/{number}").status_code == 404
        assert browse().get(f"/moderation/takedowns?number={number}").status_code == 404

    def test_two_moderators_do_it_at_the_desk(self, town, remark, browse):
        request = asked(remark)
        first, second, here = browse(town.moderator()), browse(town.moderator()), f"/desk/takedowns/{request.id}"
        assert WHY in first.get("/desk/takedowns").text
        assert CONTACT not in first.get(here).text
        assert first.post(f"{here}/contact", data={"why-reason": ""}).status_code == 422
        assert CONTACT in first.post(f"{here}/contact", data={"why-reason": "물어볼 것이 있어요"}).text
        assert first.post(f"{here}/blocks", data={"reason": REASON}).status_code == 303
        assert "결정하기</button>" not in first.get(here).text
        assert first.post(f"{here}/decisions", data={"answer": "yes", "decision": DECISION}).status_code == 403
        assert second.post(f"{here}/decisions", data={"decision": DECISION}).status_code == 422
        assert second.post(f"{here}/decisions", data={"answer": "yes", "decision": DECISION}).status_code == 303
        page = browse().get(f"/moderation/takedowns/{takedowns.number(request)}")
        assert "요청을 받아들였어요" in page.text and DECISION in page.text
