"""Appeals: once, by whom it concerns, decided by somebody else; upheld, everything is as it was."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.personal_data import PERSONAL_DATA
from civic_forum.comments import services as comments
from civic_forum.comments.models import Comment, Thread
from civic_forum.comments.rules import Stance
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.moderation import queries
from civic_forum.moderation.services import appeals, cases, takedowns
from civic_forum.moderation.models import Appeal, ModerationAction
from civic_forum.moderation.rules import ActionKind, Ended, Ground
from tests.racing import at_once

from .acts import acted

WHY = "광고가 아니라 동네 소식이에요."
ANSWER = "다시 읽어 보니 동네 소식이 맞아요."


@pytest.fixture
def remark(town):
    return comments.write(town.proposal().thread_id, stance=Stance.NOTE, text="시장에서 행사가 있어요.", by=town.user())


@pytest.fixture
def hidden(town, remark):
    return acted(town.moderator(), "comment", remark.id)


def appealed(action):
    return appeals.appeal(action.id, text=WHY, by=db.session.get(User, action.user_id))


def test_an_appeal_that_is_upheld_gives_everything_back(town, remark, hidden):
    before = db.session.get(Thread, remark.thread_id).comment_count
    made = appealed(hidden)
    appeals.decide_appeal(made.id, upheld=True, decision=ANSWER, by=town.moderator())
    db.session.expire_all()
    assert db.session.get(Comment, remark.id).is_shown
    assert db.session.get(Thread, remark.thread_id).comment_count == before + 1
    assert db.session.get(ModerationAction, hidden.id).ended_how == Ended.APPEAL_UPHELD


def test_an_appeal_that_is_not_upheld_changes_nothing_but_its_answer(town, remark, hidden):
    made = appealed(hidden)
    appeals.decide_appeal(made.id, upheld=False, decision=ANSWER, by=town.moderator())
    db.session.expire_all()
    assert not db.session.get(Comment, remark.id).is_shown
    found = db.session.get(Appeal, made.id)
    assert (found.upheld, found.decision) == (False, ANSWER)


def test_nobody_appeals_for_somebody_else(town, hidden):
    for somebody in (town.user(), town.moderator()):
        with pytest.raises(Denied, match="내 글이나"):
            appeals.appeal(hidden.id, text=WHY, by=somebody)


def test_one_appeal_for_each_act(hidden):
    appealed(hidden)
    with pytest.raises(Conflict, match="이미 이의를"):
        appealed(hidden)


def test_an_act_that_is_over_needs_no_appeal(town, hidden):
    cases.take_back(hidden.id, by=town.moderator())
    with pytest.raises(Denied, match="이미 끝난"):
        appealed(hidden)


def test_an_act_that_has_ended_meanwhile_is_not_decided_any_more(town, hidden):
    made = appealed(hidden)
    cases.take_back(hidden.id, by=town.moderator())
    with pytest.raises(Conflict, match="이미 끝난 조치예요"):
        appeals.decide_appeal(made.id, upheld=False, decision=ANSWER, by=town.moderator())
    db.session.rollback()
    assert db.session.get(Appeal, made.id).decided_at is None


def test_the_one_who_acted_does_not_decide_under_any_account(town, remark):
    moderator = town.moderator(mobile="01000001234")
    made = appealed(acted(moderator, "comment", remark.id))
    for same in (moderator, town.moderator(mobile="01000001234")):
        with pytest.raises(Denied, match="조치한 운영자가 아닌"):
            appeals.decide_appeal(made.id, upheld=True, decision=ANSWER, by=same)


@pytest.mark.both
def test_the_one_who_granted_the_takedown_does_not_decide_the_appeal_against_it(town, remark):
    blocker, granter = town.moderator(), town.moderator(mobile="01000001234")
    request = takedowns.ask_takedown("a" * 32, "comment", remark.id, ground=Ground.PRIVACY,
                                     text="사는 곳을 알 수 있는 글이에요.", contact="someone@example.org")
    takedowns.block_takedown(request.id, reason="사는 곳이 드러나요.", by=blocker)
    takedowns.decide_takedown(request.id, granted=True, decision="사는 곳을 알 수 있는 글이에요.", by=granter)
    third = town.moderator()
    made = appealed(db.session.scalar(sa.select(ModerationAction).filter_by(takedown_id=request.id)))
    waiting = {one.id: list(db.session.scalars(sa.select(queries.appeals.for_desk(one).subquery().c[0])))
               for one in (blocker, granter, third)}
    assert waiting == {blocker.id: [], granter.id: [], third.id: [made.id]}
    for same in (blocker, granter, town.moderator(mobile="01000001234")):
        with pytest.raises(Denied, match="조치한 운영자가 아닌"):
            appeals.decide_appeal(made.id, upheld=False, decision=ANSWER, by=same)
    assert appeals.decide_appeal(made.id, upheld=True, decision=ANSWER, by=third).upheld


@pytest.mark.parametrize("text", ["", "짧아요", "가" * 1001, " \u202e "])
def test_words_that_say_nothing_are_asked_for(town, hidden, text):
    with pytest.raises(Refusal) as refusal:
        appeals.appeal(hidden.id, text=text, by=db.session.get(User, hidden.user_id))
    assert refusal.value.field == "text"


@pytest.mark.both
def test_many_clicks_make_one_appeal(app, hidden):
    action, author = hidden.id, hidden.user_id
    db.session.rollback()
    at_once(app, 6, lambda n: appeals.appeal(action, text=WHY, by=db.session.get(User, author)))
    assert db.session.query(Appeal).count() == 1


def test_two_moderators_decide_once_and_the_second_learns_of_it(app, town, hidden):
    made, people = appealed(hidden).id, [town.moderator().id for _n in range(4)]
    db.session.rollback()
    told = at_once(app, 4, lambda n: appeals.decide_appeal(made, upheld=n % 2 == 0, decision=ANSWER,
                                                           by=db.session.get(User, people[n])))
    assert sum(isinstance(one, Conflict) for one in told) == 3
    found = db.session.get(Appeal, made)
    assert (db.session.get(ModerationAction, hidden.id).ended_at is not None) == found.upheld


def test_a_mute_is_appealed_against_like_a_hidden_text(town):
    user, moderator = town.user(), town.moderator()
    action = acted(moderator, "user", user.id, kind=ActionKind.WARN)
    made = appealed(action)
    assert appeals.decide_appeal(made.id, upheld=True, decision=ANSWER, by=town.moderator()).upheld


@pytest.mark.both
def test_own_words_are_given_out_and_go_on_leaving(hidden):
    made = appealed(hidden)
    author = db.session.get(User, hidden.user_id)
    data = PERSONAL_DATA["appeals"]
    assert data.collect(author)[0]["text"] == WHY
    data.erase(author, db.session)
    db.session.commit()
    assert db.session.get(Appeal, made.id).text == ""


@pytest.mark.both
def test_the_desk_shows_what_one_may_decide(town, browse, hidden):
    first, second = db.session.get(User, hidden.by_id), town.moderator()
    made = appealed(hidden)
    page = browse(second).get(f"/desk/appeals/{made.id}").text
    assert WHY in page and "결정 알리기" in page and "시장에서 행사가" in page
    assert "결정 알리기" not in browse(first).get(f"/desk/appeals/{made.id}").text
    assert WHY in browse(second).get("/desk/appeals").text
    assert queries.appeals.waiting(queries.appeals.WAITING.of()).items[0].appeal.id == made.id
    assert browse(town.official()).get("/desk/appeals").status_code == 403


@pytest.mark.both
def test_the_author_appeals_from_the_page_of_the_act_and_reads_the_answer(town, browse, hidden):
    author = browse(db.session.get(User, hidden.user_id))
    here = f"/moderation/actions/{hidden.id}"
    assert f"{here}/appeal" in author.get(here).text
    assert author.get(f"{here}/appeal").status_code == 200
    assert author.post(f"{here}/appeal", data={"text": "짧아요"}).status_code == 422
    assert author.post(f"{here}/appeal", data={"text": WHY}).location == here
    assert "다른 운영자가" in author.get(here).text
    db.session.rollback()
    second = browse(town.moderator())
    case = f"/desk/appeals/{db.session.query(Appeal.id).scalar()}"
    db.session.rollback()
    assert second.post(case, data={"decision": ANSWER}).status_code == 422
    assert second.post(case, data={"decision": ANSWER, "answer": "yes"}).status_code == 303
    assert ANSWER in author.get(here).text
    assert "이의를 받아들였어요" in browse().get("/moderation/ledger").text
    db.session.rollback()
    assert browse(town.user()).get(f"{here}/appeal").status_code == 403
