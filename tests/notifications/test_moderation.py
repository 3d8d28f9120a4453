"""An act on one's text or account and how to appeal; what waits for moderators."""

import pytest

from civic_forum.comments import services as comments
from civic_forum.comments.rules import Stance
from civic_forum.platform import clock
from civic_forum.moderation.services import appeals, cases, reports, takedowns, waves
from civic_forum.moderation.rules import ActionKind, Decision, Ground, Rule
from civic_forum.notifications.rules import Channel, Frequency, NoticeKind
from tests.moderation.acts import acted

from .told import last, leaving, notices, reachable, steps, told

MODERATION, DUTY, REPLY = NoticeKind.MODERATION, NoticeKind.DUTY, NoticeKind.REPLY


@pytest.fixture
def comment(town):
    """Somebody's comment below somebody else's proposal."""
    proposal = town.proposal()
    return comments.write(proposal.thread_id, stance=Stance.FOR, text="저도 그렇게 생각해요.", by=reachable(town.resident()))


def test_hiding_names_the_rule_and_the_way_to_appeal(town, comment):
    action = acted(town.moderator(), "comment", comment.id)
    assert told(comment.author) == [(MODERATION, "hidden")]
    assert last(comment.author).url == f"/moderation/actions/{action.id}"
    assert last(comment.author).details == {"rule": "욕설·비방"}
    assert leaving(comment.author) == [(Channel.MAIL, Frequency.AT_ONCE)]


def test_a_blocked_account_is_written_to_because_it_cannot_sign_in(town, comment):
    acted(town.moderator(), "user", comment.author_id, ActionKind.BLOCK)
    assert told(comment.author) == [(MODERATION, "block")]
    assert leaving(comment.author) == [(Channel.MAIL, Frequency.AT_ONCE)]


def test_an_appeal_goes_to_those_who_did_not_act_and_its_decision_back(town, comment):
    acting, other = town.moderator(), town.moderator()
    action = acted(acting, "comment", comment.id)
    appeal = appeals.appeal(action.id, text="욕설이 아니라 사투리예요.", by=comment.author)
    assert "duty_appeal" not in steps(acting)
    assert told(other) == [(DUTY, "duty_appeal")]
    appeals.decide_appeal(appeal.id, upheld=True, decision="살펴보니 사투리가 맞아요.", by=other)
    assert steps(comment.author) == ["hidden", "appeal_upheld"]


def test_taking_an_act_back_is_told(town, comment):
    moderator = town.moderator()
    action = acted(moderator, "comment", comment.id)
    cases.take_back(action.id, by=moderator)
    assert steps(comment.author) == ["hidden", "action_ended"]


@pytest.mark.both
def test_a_wave_tells_each_author_once(town, comment):
    moderator, spammer = town.moderator(), town.resident()
    proposal = town.proposal()
    spam = [comments.write(proposal.thread_id, stance=Stance.NOTE, text=f"싸게 팔아요 {n}", by=spammer) for n in range(9)]
    hide = Decision(hide=True, account=None, rule=Rule.ADVERTISING, reason="광고를 되풀이했어요.")
    bulk = waves.act_on_wave([("comment", one.id) for one in [*spam, comment]], hide, by=moderator)
    assert steps(spammer) == steps(comment.author) == ["hidden"]
    assert last(spammer).url == "/me/actions"
    waves.undo(bulk.id, by=moderator)
    assert steps(spammer) == ["hidden", "action_ended"]


def test_however_many_report_a_text_moderators_hear_of_it_once_a_day(town, comment):
    moderator = town.moderator()
    for _n in range(3):
        reports.report("comment", comment.id, rule=Rule.ABUSE, by=town.resident())
    assert told(moderator) == [(DUTY, "duty_report")]
    assert last(moderator).url == f"/desk/reports/comment/{comment.id}"
    assert notices(comment.author) == []


def test_a_moderator_is_not_told_of_reports_on_what_they_wrote(town):
    author, other = town.moderator(), town.moderator()
    own = comments.write(town.proposal().thread_id, stance=Stance.NOTE, text="우리 가게로 오세요.", by=author)
    reports.report("comment", own.id, rule=Rule.ABUSE, by=town.resident())
    assert told(other) == [(DUTY, "duty_report")] and told(author) == []


@pytest.mark.parametrize("hide, step", [(True, "report_acted"), (False, "report_kept")])
def test_a_reporter_learns_what_became_of_it(town, comment, hide, step):
    readers = [town.user(), town.user()]
    for reader in readers:
        seen = reports.report("comment", comment.id, rule=Rule.ABUSE, by=reader).id
    decision = Decision(hide=hide, account=None, rule=Rule.ABUSE, reason="사람을 얕보는 말이에요.")
    cases.decide("comment", comment.id, decision, seen=seen, by=town.moderator())
    for reader in readers:
        assert told(reader) == [(MODERATION, step)] and last(reader).url == "/me/reports"


def test_a_request_to_take_down_goes_all_its_way(town, comment):
    one, other = town.moderator(), town.moderator()
    asked = takedowns.ask_takedown("a" * 32, "comment", comment.id, ground=Ground.PRIVACY,
                                   text="제 전화번호가 적혀 있어요. 지워 주세요.", contact="010-1234-5678")
    assert told(one) == told(other) == [(DUTY, "duty_takedown")]
    takedowns.block_takedown(asked.id, reason="전화번호가 있어요.", by=one)
    assert steps(comment.author) == ["takedown_until"]
    takedowns.decide_takedown(asked.id, granted=True, decision="살펴보니 전화번호가 맞아요.", by=other)
    assert steps(comment.author) == ["takedown_until", "takedown_granted"]


def test_moderators_hear_once_of_requests_about_a_text_while_they_wait(town, comment):
    moderator, other = town.moderator(), town.moderator()

    def ask(key):
        return takedowns.ask_takedown(key * 32, "comment", comment.id, ground=Ground.PRIVACY,
                                      text="제 전화번호가 적혀 있어요. 지워 주세요.", contact="010-1234-5678")

    first, second = ask("a"), ask("b")
    assert steps(moderator) == ["duty_takedown"]
    for one in (first, second):
        takedowns.decide_takedown(one.id, granted=False, decision="살펴보니 번호가 아니에요.", by=other)
    third = ask("c")
    assert steps(moderator) == ["duty_takedown"] * 2 and last(moderator).url == f"/desk/takedowns/{third.id}"


def test_nothing_of_a_notice_says_what_was_written(town, comment):
    acted(town.moderator(), "comment", comment.id)
    notice = last(comment.author)
    assert "생각" not in f"{notice.title} {notice.details} {notice.url}"
    assert notice.at <= clock.now()
