"""The hall and its other faces: who sees them, in how many statements, with scripts and without."""

import pytest

from civic_forum.forums.chat.models import ChatMessage
from civic_forum.forums.questions.models import Question
from civic_forum.forums.record.models import Caption, Decision
from civic_forum.forums.rules import Way
from civic_forum.platform import clock
from tests.factories import saved

FACES = ("", "/projector", "/large")


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("face", FACES)
def test_everybody_sees_what_goes_on(scene, browse, face):
    for user in (None, scene.person(), scene.host):
        page = browse(user).get(f"/forums/{scene.forum.slug}{face}")
        assert page.status_code == 200
        assert scene.forum.title in page.text


def test_afterwards_it_says_what_was_decided_and_who_came(scene, browse):
    scene.person(Way.ON_SITE)
    scene.people(2)
    scene.forum.closed_at = clock.now()
    saved(Decision(forum_id=scene.forum.id, text="가려진 등부터 고쳐요.", at=clock.now()))
    page = browse().get(f"/forums/{scene.forum.slug}").text
    assert "가려진 등부터 고쳐요." in page and "<form" not in page.partition("<main")[2].partition("</main")[0]
    assert page.count("<dd>3명</dd>") == 1 and page.count("<dd>2명</dd>") == 1 and page.count("<dd>1명</dd>") == 1


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("face, most", [("", 13), ("/projector", 13), ("/large", 8)])
@pytest.mark.parametrize("signed_in", [False, True])
def test_a_page_asks_the_same_few_statements_however_much_there_is(scene, browse, queries, face, most, signed_in):
    """Signed in, the session, the version that it raises, the standing mutes and what is kept for one are five more."""
    who = scene.person() if signed_in else None
    read = lambda: browse(who).get(f"/forums/{scene.forum.slug}{face}")
    read()
    with queries() as few:
        read()
    for number in range(40):
        person = scene.person()
        scene.asking(person)
        saved(Question(forum_id=scene.forum.id, user_id=person.id, text=f"{number}번째 질문", asked_at=clock.now()))
        saved(Caption(forum_id=scene.forum.id, speaker="진행", text="듣고 있어요.", at=clock.now()))
        saved(ChatMessage(forum_id=scene.forum.id, user_id=person.id, text="잘 들려요.", at=clock.now()))
        saved(Decision(forum_id=scene.forum.id, text="고쳐요.", at=clock.now()))
        scene.table(number + 1, person, scene.person())
    read()
    with queries() as many:
        read()
    assert len(few) == len(many) <= most + (5 if signed_in else 0)
