"""The pages of moderators, of those they acted on, and of those who reported."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts import passwords
from civic_forum.accounts.models import User
from civic_forum.comments import services as comments
from civic_forum.comments.rules import Stance
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.moderation.services import cases, reports
from civic_forum.moderation.models import BulkAction, ModerationAction
from civic_forum.moderation.rules import ActionKind, Decision, Length, Rule
from civic_forum.proposals.models import Proposal

WHY = {"rule": Rule.ADVERTISING, "reason": "같은 광고를 되풀이했어요."}
HIDE = Decision(hide=True, account=None, **WHY)
SENT = {"text": "hide", "account": "none", "rule": "advertising", "reason": WHY["reason"]}


@pytest.fixture
def remark(town):
    proposal = town.proposal(title="공원에 의자를 놓아 주세요")
    parent = comments.write(proposal.thread_id, stance=Stance.FOR, text="어르신이 쉬어 가요.", by=town.user())
    made = comments.reply(parent.id, text="우리 가게로 오세요.", by=town.user(nickname="광고왕"))
    comments.reply(parent.id, text="저도 찬성해요.", by=town.user())
    return made


def report(town, remark, rule=Rule.ADVERTISING, sentence="", **facts):
    return reports.report("comment", remark.id, rule=rule, sentence=sentence, by=town.user(**facts)).id


def page(answer, status=200):
    assert answer.status_code == status, answer.text
    return answer.text


@pytest.mark.both
def test_the_queue_puts_what_weighs_most_first_and_groups_by_thing(town, browse, remark):
    light = comments.write(remark.thread_id, stance=Stance.NOTE, text="가벼운 일이에요.", by=town.user())
    report(town, light, Rule.OTHER, "조금 이상해요.")
    for _ in range(2):
        report(town, remark)
    html = page(browse(town.moderator()).get("/desk/reports"))
    assert html.index("우리 가게로 오세요.") < html.index("가벼운 일이에요.")
    assert html.count("우리 가게로 오세요.") == 1 and "광고·홍보 2" in html and "공원에 의자를 놓아 주세요" in html
    assert "가벼운 일이에요." not in page(browse(town.moderator()).get("/desk/reports?rule=advertising"))
    assert "살펴볼 신고가 없어요." in page(browse(town.moderator()).get("/desk/reports?kind=proposal"))
    page(browse(town.moderator()).get("/desk/reports?rule=nonsense"), 400)


@pytest.mark.both
def test_the_desk_says_under_which_rules_how_many_reported(town, browse, remark):
    for rule in (Rule.ADVERTISING, Rule.ADVERTISING, Rule.ABUSE):
        report(town, remark, rule)
    html = page(browse(town.moderator()).get("/desk"))
    assert "<span>댓글</span><span>광고·홍보 2</span><span>욕설·비방 1</span>" in html


@pytest.mark.both
def test_the_queue_goes_on_page_by_page_without_losing_any(town, browse):
    thread, reporter = town.proposal().thread_id, town.user()
    for n in range(45):
        one = comments.write(thread, stance=Stance.NOTE, text=f"글 번호 {n:03}", by=town.user())
        reports.report("comment", one.id, rule=list(Rule)[n % 6], by=reporter)
    browser, address, seen = browse(town.moderator()), "/desk/reports", []
    while address:
        html = page(browser.get(address))
        seen += re.findall(r"글 번호 (\d+)", html)
        found = re.search(r'href="(/desk/reports\?[^"]*after=[^"]+)"', html)
        address = found and found[1].replace("&amp;", "&")
    assert sorted(seen) == [f"{n:03}" for n in range(45)]


def test_the_case_shows_the_text_with_its_parent_and_neighbours_and_nobody_who_reported(town, browse, remark):
    report(town, remark, sentence="가게 이름이 나와요.", nickname="조용한이웃")
    html = page(browse(town.moderator()).get(f"/desk/reports/comment/{remark.id}"))
    for text in ("어르신이 쉬어 가요.", "우리 가게로 오세요.", "저도 찬성해요.", "가게 이름이 나와요.", "공원에 의자를 놓아 주세요"):
        assert text in html
    assert "조용한이웃" not in html


@pytest.mark.both
def test_hiding_from_the_page_and_what_others_and_the_author_see(town, browse, remark):
    seen = report(town, remark)
    moderator = browse(town.moderator())
    answer = moderator.post(f"/desk/reports/comment/{remark.id}", data=SENT | {"seen": str(seen)})
    assert (answer.status_code, answer.location) == (303, "/desk/reports")
    address = f"/proposals/{db.session.scalar(sa.text('SELECT number FROM proposal'))}"
    others = page(browse().get(address))
    assert "우리 가게로 오세요." not in others and "가린 댓글이에요. 어긴 원칙: 광고·홍보" in others
    author = browse(db.session.get_one(User, remark.author_id))
    own = page(author.get(address))
    assert "우리 가게로 오세요." in own and "/me/actions" in own
    listed = page(author.get("/me/actions"))
    action = re.search(r"/moderation/actions/\d+", listed)[0]
    html = page(author.get(action))
    assert WHY["reason"] in html and "광고·홍보" in html and "우리 가게로 오세요." in html
    page(browse(town.user()).get(action), 404)
    assert browse().get(action).status_code == 302


def test_an_act_just_done_can_be_taken_back_from_the_queue(town, browse, remark, at):
    seen, moderator = report(town, remark), town.moderator()
    assert "최근에 한 조치" not in page(browse(moderator).get("/desk/reports"))
    cases.decide("comment", remark.id, HIDE, seen=seen, by=moderator)
    act = db.session.scalar(sa.select(ModerationAction))
    html = page(browse(town.moderator()).get("/desk/reports"))
    assert f'href="/desk/actions/{act.id}/end"' in html and WHY["reason"] in html
    at(clock.now() + timedelta(days=31))
    assert "최근에 한 조치" not in page(browse(town.moderator()).get("/desk/reports"))
    cases.take_back(act.id, by=moderator)
    assert "최근에 한 조치" not in page(browse(moderator).get("/desk/reports"))


def test_the_second_moderator_is_told_what_the_first_did(town, browse, remark):
    seen = report(town, remark)
    page(browse(town.moderator()).post(f"/desk/reports/comment/{remark.id}", data=SENT | {"seen": seen}), 303)
    html = page(browse(town.moderator()).post(f"/desk/reports/comment/{remark.id}", data=SENT | {"seen": seen}), 409)
    assert "다른 운영자가 먼저 살펴봤어요. 조치했어요. 아래에서 확인해 주세요." in html and "이미 가린 글이에요" in html


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("sent, says", [
    ({"text": "burn"}, "그대로 둘지 가릴지"), ({"account": "exile"}, "어떤 조치를 할지"), ({"rule": ""}, "어긴 원칙을"),
    ({"reason": ""}, "5자 이상 500자 이하"), ({"reason": "가" * 501}, "500자까지"), ({"account": "mute"}, "얼마 동안인지"),
    ({"account": "mute", "length": "9999"}, "얼마 동안인지"), ({"account": "hide"}, "어떤 조치를 할지"),
    ({"account": "takedown"}, "어떤 조치를 할지")])
def test_bad_input_has_its_sentence_and_no_trace(town, browse, remark, sent, says):
    report(town, remark)
    html = page(browse(town.moderator()).post(f"/desk/reports/comment/{remark.id}", data=SENT | sent), 422)
    assert says in html and not db.session.scalars(sa.select(ModerationAction)).all()


def test_reporters_learn_what_became_of_it(town, browse, remark):
    reader = town.user()
    seen = reports.report("comment", remark.id, rule=Rule.ABUSE, by=reader).id
    assert "살펴보고 있어요" in page(browse(reader).get("/me/reports"))
    cases.decide("comment", remark.id, Decision(hide=False, account=None), seen=seen, by=town.moderator())
    html = page(browse(reader).get("/me/reports"))
    assert "그대로 두었어요" in html and "우리 가게로 오세요." in html
    cases.decide("comment", remark.id, HIDE, by=town.moderator())
    assert "우리 가게로 오세요." not in page(browse(reader).get("/me/reports"))


@pytest.mark.both
def test_texts_below_a_hidden_proposal_are_not_read_by_who_reported_them(town, browse, remark):
    """Its comments are hidden with it, wherever they are quoted."""
    reader = browse(by := town.user())
    reports.report("comment", remark.id, rule=Rule.ABUSE, by=by)
    assert "우리 가게로 오세요." in page(reader.get("/me/reports"))
    proposal = db.session.scalar(sa.select(Proposal).filter_by(thread_id=remark.thread_id))
    cases.decide("proposal", proposal.id, HIDE, by=town.moderator())
    html = page(reader.get("/me/reports"))
    assert "살펴보고 있어요" in html and "우리 가게로 오세요." not in html


@pytest.mark.both
def test_a_moderator_does_not_read_when_and_why_their_own_text_was_reported(town, browse):
    author = town.moderator()
    own = comments.write(town.proposal().thread_id, stance=Stance.NOTE, text="우리 가게로 오세요.", by=author)
    report(town, own, sentence="같은 말을 되풀이해요.")
    address = f"/desk/reports/comment/{own.id}"
    said = '<ul class="said-of">'
    assert said in page(browse(town.moderator()).get(address))
    html = page(browse(author).get(address))
    assert said not in html and "되풀이해요" not in html and "다른 운영자가 살펴봐요" in html


def test_a_blocked_user_sees_why_at_the_door_and_nothing_else(town, browse, remark):
    author = db.session.get_one(User, remark.author_id)
    author.password_hash = passwords.hashed("아주 긴 비밀번호 1")
    db.session.commit()
    hidden, block = cases.decide("comment", remark.id, Decision(
        hide=True, account=ActionKind.BLOCK, length=Length.WEEK, **WHY), by=town.moderator())
    browser = browse()
    sent = {"name": author.sign_in_name, "password": "아주 긴 비밀번호 1"}
    answer = browser.post("/sign-in", data=sent)
    assert (answer.status_code, answer.location) == (303, "/me/actions")
    html = page(browser.get("/me/actions"))
    assert "지금은 로그인할 수 없어요" in html and WHY["reason"] in html
    for one in (hidden, block):
        assert "이의" in page(browser.get(f"/moderation/actions/{one.id}"))
    other, = cases.decide("comment", comments.write(
        remark.thread_id, stance=Stance.NOTE, text="다른 글이에요.", by=town.user()).id, HIDE, by=town.moderator())
    page(browser.get(f"/moderation/actions/{other.id}"), 404)
    assert browser.get("/me").status_code == 302
    assert browse().post("/sign-in", data=sent | {"password": "틀린 비밀번호예요 2"}).status_code == 422


def test_taking_back_asks_first_and_says_so(town, browse, remark):
    act, = cases.decide("comment", remark.id, HIDE, by=town.moderator())
    moderator = browse(town.moderator())
    assert "되돌릴까요?" in page(moderator.get(f"/desk/actions/{act.id}/end"))
    assert moderator.post(f"/desk/actions/{act.id}/end").location == f"/desk/reports/comment/{remark.id}"
    assert "이미 끝난 조치" in page(moderator.get(f"/desk/actions/{act.id}/end"))
    assert "이미 끝난 조치" in page(moderator.post(f"/desk/actions/{act.id}/end"), 409)


@pytest.mark.both
def test_a_wave_from_choosing_to_taking_back(town, browse):
    thread = town.proposal().thread_id
    texts = [comments.write(thread, stance=Stance.NOTE, text=f"대박 할인 행사 {n}", by=town.user()) for n in range(4)]
    moderator = browse(town.moderator())
    html = page(moderator.get("/desk/waves?by=text&q=대박 할인"))
    assert html.count('name="things"') == 4 and "checked" in html
    assert 'name="things"' in page(moderator.get("/desk/waves?by=new&since=24"))
    sent = SENT | {"things": [f"comment:{one.id}" for one in texts[:3]], "account": "mute", "length": "7"}
    answer = moderator.post("/desk/waves?by=text&q=대박 할인", data=sent)
    assert answer.status_code == 303
    assert "3건 가운데 3건" in page(moderator.get(answer.location))
    page(moderator.post(f"{answer.location}/end"), 303)
    assert "되돌렸어요" in page(moderator.get(answer.location))
    page(moderator.post(f"{answer.location}/end"), 409)
    for bad in ("comment:0", "user:1", "nonsense", "comment:1 OR 1"):
        page(moderator.post("/desk/waves", data=sent | {"things": [bad]}), 400)
    assert "하나 이상" in page(moderator.post("/desk/waves", data=sent | {"things": []}), 422)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BulkAction)) == 1


@pytest.mark.parametrize("address", ["by=nonsense", "by=new&since=7000", "by=account", "by=account&user=x"])
def test_unknown_ways_to_look_for_a_wave_are_refused(town, browse, address):
    page(browse(town.moderator()).get(f"/desk/waves?{address}"), 400)


def test_a_muted_resident_may_support_and_sees_why_not_write(town, browse, remark):
    cases.decide("comment", remark.id, Decision(hide=False, account=ActionKind.MUTE, length=Length.DAY, **WHY),
                 by=town.moderator())
    author = browse(db.session.get_one(User, remark.author_id))
    html = page(author.get(f"/proposals/{db.session.scalar(sa.text('SELECT number FROM proposal'))}"))
    assert "까지 글을 쓸 수 없어요" in html and 'formaction="/comments/' in html
    assert "까지 글을 쓸 수 없어요" in page(author.get("/me/actions"))
