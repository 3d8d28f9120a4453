"""Questions and chat are reported to the moderators and hidden by the same acts as every other text."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.forums.chat import services as chat
from civic_forum.forums.chat.models import ChatMessage
from civic_forum.forums.models import ForumEvent
from civic_forum.forums.questions import services as questions
from civic_forum.forums.questions.models import Question
from civic_forum.forums.rules import ForumEventKind
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound, Refusal
from civic_forum.moderation.services import cases, reports, takedowns
from civic_forum.moderation.models import ModerationAction, Report
from civic_forum.moderation.rules import Decision, Ground, Rule
from tests.forums.scene import key, live_forum
from tests.moderation.acts import acted
from tests.racing import at_once

TEXT = "그건 옆집 김 아무개가 막은 거예요."
HIDE = Decision(hide=True, account=None, rule=Rule.PRIVACY, reason="누구인지 알 수 있는 이웃 이야기가 있어요.")
KINDS = {"forum_question": (Question, questions, "questions",
                            (ForumEventKind.QUESTION_HIDDEN, ForumEventKind.QUESTION_SHOWN)),
         "chat_message": (ChatMessage, chat, "chat", (ForumEventKind.CHAT_HIDDEN, ForumEventKind.CHAT_SHOWN))}


@pytest.fixture(params=sorted(KINDS))
def kind(request):
    return request.param


def written(scene, kind, by=None):
    by = by or scene.person()
    if kind == "chat_message":
        return chat.say(scene.forum.id, TEXT, key(), by=by)
    return questions.ask(scene.forum.id, TEXT, key(), by=by)


def again(said):
    db.session.rollback()
    return db.session.get(type(said), said.id, populate_existing=True)


def told():
    return list(db.session.scalars(sa.select(ForumEvent.kind).order_by(ForumEvent.number)))[1:]


@pytest.mark.both
def test_it_is_reported_hidden_at_the_desk_and_shown_again(town, browse, kind):
    scene, moderator, author = live_forum(town), town.moderator(), town.resident()
    said = written(scene, kind, scene.person(user=author))
    _table, _service, where, happened = KINDS[kind]
    page = f"/forums/{scene.forum.slug}/{where}/{said.id}"
    reader, about = browse(town.user()), f"/reports/new?about={kind}:{said.id}"
    assert about in reader.get(page).text and TEXT in reader.get(about).text
    sent = reader.post("/reports/new", data={"about": f"{kind}:{said.id}", "rule": "privacy"})
    assert (sent.status_code, sent.location) == (303, page)
    desk = browse(moderator)
    report, = db.session.scalars(sa.select(Report))
    assert TEXT in desk.get("/desk/reports").text and TEXT in desk.get(f"/desk/reports?kind={kind}").text
    case = desk.get(f"/desk/reports/{kind}/{said.id}")
    assert TEXT in case.text and scene.forum.title in case.text
    done = desk.post(f"/desk/reports/{kind}/{said.id}", data={
        "text": "hide", "account": "none", "length": "", "rule": "privacy", "reason": HIDE.reason,
        "seen": str(report.id)})
    assert done.status_code == 303
    for address in (page, f"/forums/{scene.forum.slug}/{where}"):
        shown = browse().get(address).text
        assert TEXT not in shown and "운영 원칙에 따라 가렸어요" in shown
    assert reader.get(about).status_code == 404 and TEXT not in reader.get("/me/reports").text
    db.session.rollback()
    action, = db.session.scalars(sa.select(ModerationAction))
    assert action.user_id == author.id and TEXT in browse(author).get(f"/moderation/actions/{action.id}").text
    assert "공론장" in browse(author).get("/me/notices").text
    assert "공론장" in browse().get("/moderation/ledger").text and TEXT not in browse().get("/moderation/ledger").text
    assert told() == [happened[0]]
    cases.take_back(action.id, by=moderator)
    assert again(said).hidden_at is None and told() == list(happened) and TEXT in browse().get(page).text


def test_a_text_hidden_by_moderators_is_not_shown_by_the_host(town, kind):
    scene = live_forum(town)
    said = written(scene, kind)
    acted(town.moderator(), kind, said.id, rule=Rule.PRIVACY)
    service = KINDS[kind][1]
    with pytest.raises(Conflict, match="운영 원칙"):
        service.show(scene.forum.id, said.id, by=scene.host)
    with pytest.raises(Conflict):
        service.hide(scene.forum.id, said.id, "나도 가려요.", by=scene.host)


def test_an_act_on_what_the_host_hid_gives_back_that_the_host_hid_it(town, kind):
    scene, moderator = live_forum(town), town.moderator()
    said = written(scene, kind)
    KINDS[kind][1].hide(scene.forum.id, said.id, "이름이 있어요.", by=scene.host)
    action = acted(moderator, kind, said.id, rule=Rule.PRIVACY)
    cases.take_back(action.id, by=moderator)
    found = again(said)
    assert found.hidden_at is not None and found.hidden_rule is None and found.hidden_why == "이름이 있어요."
    assert told() == [KINDS[kind][3][0]]


def test_a_question_typed_for_somebody_is_answered_for_by_who_typed_it(town):
    scene = live_forum(town)
    said = questions.ask_for(scene.forum.id, "앞줄", TEXT, key(), by=scene.host)
    reports.report("forum_question", said.id, rule=Rule.PRIVACY, by=town.user())
    made, = cases.decide("forum_question", said.id, HIDE, by=town.moderator())
    assert made.user_id == scene.host.id


def test_a_person_concerned_asks_for_it_to_be_taken_down(town, kind):
    scene = live_forum(town)
    said = written(scene, kind)
    asked = takedowns.ask_takedown(key() * 2, kind, said.id, ground=Ground.PRIVACY,
                                   text="제 이름이 있어서 내려 주시면 좋겠어요.", contact="010-2345-6789")
    assert (asked.subject_kind, asked.subject_id) == (kind, said.id)


def test_of_a_forum_that_is_not_announced_nothing_is_reported(town, kind):
    scene = live_forum(town)
    said = written(scene, kind)
    scene.forum.announced_at = None
    db.session.commit()
    with pytest.raises(NotFound):
        reports.report(kind, said.id, rule=Rule.ABUSE, by=town.user())


def test_host_and_moderator_at_once_hide_it_once_and_nobody_waits_for_ever(town, app, kind):
    scene, moderator = live_forum(town), town.moderator().id
    said, forum, host = written(scene, kind).id, scene.forum.id, scene.host.id
    service = KINDS[kind][1]
    reports.report(kind, said, rule=Rule.PRIVACY, by=town.user())
    db.session.rollback()
    acts = [lambda: service.hide(forum, said, "이름이 있어요.", by=db.session.get(User, host)),
            lambda: cases.decide(kind, said, HIDE, by=db.session.get(User, moderator))]
    answers = at_once(app, 4, lambda n: acts[n % 2]())
    assert [type(one) for one in answers if isinstance(one, Refusal)] == [Conflict] * len(
        [one for one in answers if isinstance(one, Refusal)])
    assert told() == [KINDS[kind][3][0]]
