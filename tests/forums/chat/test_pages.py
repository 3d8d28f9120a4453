"""The chat on pages: forms, pieces, what the host does."""

import pytest
import sqlalchemy as sa

from civic_forum.forums.chat import services as chat
from civic_forum.forums.chat.models import ChatMessage
from civic_forum.forums.models import ForumEvent
from civic_forum.forums.fragments import puts
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.factories import saved
from tests.forums.scene import key, live_forum

JSON = {"Accept": "application/json"}


def drawn(scene, app, after=0):
    events = db.session.scalars(sa.select(ForumEvent).where(ForumEvent.number > after).order_by(ForumEvent.number))
    with app.test_request_context():
        return {put.id: put for put in puts(scene.forum, events.all())}


def test_saying_something_with_and_without_script(town, browse):
    scene = live_forum(town)
    page, address = browse(scene.person()), f"/forums/{scene.forum.slug}"
    said = page.post(f"{address}/chat", data={"text": "잘 들려요.", "key": key()})
    assert said.location.endswith(f"{address}?tab=chat#chat")
    assert page.post(f"{address}/chat", data={"text": "저도요.", "key": key()}, headers=JSON).status_code == 204
    for shown in (page.get(address).text, page.get(f"{address}/chat").text, browse().get(address).text):
        assert "잘 들려요." in shown and 'role="log"' in shown


def test_too_fast_says_when_it_works_again(town, browse):
    scene = live_forum(town, chat_slow_s=30)
    page, address = browse(scene.person()), f"/forums/{scene.forum.slug}/chat"
    page.post(address, data={"text": "하나"}, headers=JSON)
    sent = page.post(address, data={"text": "둘", "back": "/chat"})
    assert sent.status_code == 429 and 0 < int(sent.headers["Retry-After"]) <= 30 and "초 뒤에" in sent.text
    assert 'value="둘"' in sent.text


@pytest.mark.both
def test_the_host_hides_silences_and_slows_on_pages(town, browse):
    scene = live_forum(town)
    by = scene.person()
    message = chat.say(scene.forum.id, "시끄러워요.", by=by).id
    host, address = browse(scene.host), f"/forums/{scene.forum.slug}"
    back = f"/chat/{message}"
    assert "진행자가 하는 일" in host.get(address + back).text and "진행자가 하는 일" not in browse(by).get(address + back).text
    assert host.post(f"{address}{back}/hiding", data={"why": "거친 말이에요.", "back": back}).status_code == 303
    shown = browse().get(address).text
    assert "시끄러워요." not in shown and "거친 말이에요." in shown
    sent = host.post(f"{address}/mutes", data={"person": by.id, "reason": "", "minutes": "10", "back": back})
    assert sent.status_code == 422 and "내용을 적어 주세요" in sent.text
    assert host.post(f"{address}/mutes", data={"person": by.id, "reason": "거듭 끊었어요.", "minutes": "10", "back": back}
                     ).status_code == 303
    assert "거듭 끊었어요." in browse(by).get(address).text and "거듭 끊었어요." not in browse(scene.person()).get(address).text
    console = host.get(f"{address}/host").text
    assert "거듭 끊었어요." in console and "/mutes/1/end" in console
    assert host.post(f"{address}/mutes/1/end", data={"back": "/host"}).status_code == 303
    assert "거듭 끊었어요." not in host.get(f"{address}/host").text
    assert host.post(f"{address}/chat/order", data={"open": "0", "slow": "30"}, headers=JSON).status_code == 204
    assert "지금은 대화를 멈췄어요" in browse().get(address).text


@pytest.mark.both
def test_new_messages_come_at_the_end_hidden_ones_stay_and_erased_ones_go(town, app):
    scene = live_forum(town)
    by = scene.person()
    first, second, third = (chat.say(scene.forum.id, f"말 {n} <i>", by=by) for n in range(3))
    there = drawn(scene, app)
    assert there[f"chat-{first.id}"].into == "chat-list" and "&lt;i&gt;" in there[f"chat-{first.id}"].html
    chat.hide(scene.forum.id, second.id, "광고예요.", by=scene.host)
    db.session.execute(sa.delete(ChatMessage).filter_by(id=third.id))
    db.session.commit()
    there = drawn(scene, app)
    assert "말 1" not in there[f"chat-{second.id}"].html and there[f"chat-{third.id}"].html == ""
    assert drawn(scene, app, after=3)[f"chat-{second.id}"].into is None


@pytest.mark.both
@pytest.mark.parametrize("number", [10, 300])
def test_the_page_takes_few_statements_however_much_was_said(town, browse, queries, number):
    scene, by = live_forum(town), town.resident()
    db.session.add_all(ChatMessage(forum_id=scene.forum.id, user_id=by.id, text=f"말 {n}", at=clock.now())
                       for n in range(number))
    db.session.commit()
    for user, most in ((None, 6), (scene.person(), 9)):
        page = browse(user)
        page.get(f"/forums/{scene.forum.slug}/chat")
        with queries() as seen:
            assert page.get(f"/forums/{scene.forum.slug}/chat").status_code == 200
        assert len(seen) <= most, seen


def test_a_message_of_another_forum_is_not_here(town, browse):
    scene, other = live_forum(town), live_forum(town)
    message = saved(ChatMessage(forum_id=other.forum.id, user_id=town.resident().id, text="저기요", at=clock.now()))
    assert browse().get(f"/forums/{scene.forum.slug}/chat/{message.id}").status_code == 404
    assert browse(scene.host).post(f"/forums/{scene.forum.slug}/chat/{message.id}/hiding", data={"why": "싫어요."},
                                   headers=JSON).status_code == 404


@pytest.mark.in_turns(of=5)
def test_so_many_messages_a_minute_are_of_one_person_and_never_of_a_hall_at_one_address(town, browse):
    scene = live_forum(town)
    page, address = browse(scene.person()), f"/forums/{scene.forum.slug}/chat"
    sent = [page.post(address, data={"text": f"말 {n}"}, headers=JSON).status_code for n in range(31)]
    assert sent == [204] * 30 + [429]
    assert browse(scene.person()).post(address, data={"text": "옆 사람"}, headers=JSON).status_code == 204
