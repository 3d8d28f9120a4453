"""The hall and its other faces: who sees them, in how many statements, with scripts and without."""

import pytest

from civic_forum.forums.chat import mutes
from civic_forum.forums.chat import queries as chat
from civic_forum.forums.chat.models import ChatMessage, ForumMute
from civic_forum.forums.floor import programme
from civic_forum.forums.live import queries as hall
from civic_forum.forums.questions.models import Question
from civic_forum.forums.record import captions, decisions
from civic_forum.forums.record.models import Caption, Decision
from civic_forum.forums.rules import Way
from civic_forum.forums.tables import queries as tables
from civic_forum.platform import clock
from tests.factories import saved
from tests.forums.scene import live_forum

FACES = ("", "/projector", "/large")


@pytest.mark.both
@pytest.mark.parametrize("face", FACES)
def test_everybody_sees_what_goes_on(scene, browse, face):
    for user in (None, scene.person(), scene.host):
        page = browse(user).get(f"/forums/{scene.forum.slug}{face}")
        assert page.status_code == 200
        assert scene.forum.title in page.text


@pytest.mark.both
def test_only_who_leads_sees_the_console(scene, browse):
    assert browse(scene.host).get(f"/forums/{scene.forum.slug}/host").status_code == 200
    assert browse(scene.moderator).get(f"/forums/{scene.forum.slug}/host").status_code == 200
    assert browse(scene.person()).get(f"/forums/{scene.forum.slug}/host").status_code == 403


def test_afterwards_it_says_what_was_decided_and_who_came(scene, browse):
    scene.person(Way.ON_SITE)
    scene.people(2)
    scene.forum.closed_at = clock.now()
    saved(Decision(forum_id=scene.forum.id, text="가려진 등부터 고쳐요.", at=clock.now()))
    page = browse().get(f"/forums/{scene.forum.slug}").text
    assert "가려진 등부터 고쳐요." in page and "<form" not in page.partition("<main")[2].partition("</main")[0]
    assert page.count("<dd>3명</dd>") == 1 and page.count("<dd>2명</dd>") == 1 and page.count("<dd>1명</dd>") == 1


@pytest.mark.parametrize("face, most", [("", 6), ("/projector", 6), ("/large", 5)])
@pytest.mark.parametrize("signed_in", [False, True])
def test_a_page_asks_the_same_few_statements_however_much_there_is(scene, browse, queries, face, most, signed_in):
    """Signed in, the session, the version that it raises, the standing and what is kept for one are four more."""
    who = scene.person() if signed_in else None
    read = lambda: browse(who).get(f"/forums/{scene.forum.slug}{face}")
    read()
    with queries() as few:
        read()
    for number in range(40):
        person = scene.person()
        scene.asking(person)
        saved(Question(forum_id=scene.forum.id, user_id=person.id, text=f"{number}번째 물음", asked_at=clock.now()))
        saved(Caption(forum_id=scene.forum.id, speaker="진행", text="듣고 있어요.", at=clock.now()))
        saved(ChatMessage(forum_id=scene.forum.id, user_id=person.id, text="잘 들려요.", at=clock.now()))
        saved(Decision(forum_id=scene.forum.id, text="고쳐요.", at=clock.now()))
        scene.table(number + 1, person, scene.person())
    read()
    with queries() as many:
        read()
    assert len(few) == len(many) <= most + (4 if signed_in else 0)


@pytest.mark.both
def test_a_joint_read_is_what_each_part_reads(scene, app):
    """In the same order, and with what belongs to it."""
    people = [scene.person() for _number in range(3)]
    for number in range(70):
        saved(Caption(forum_id=scene.forum.id, user_id=people[0].id, speaker="진행", text=f"{number}번째 줄",
                      at=clock.now()))
        saved(ChatMessage(forum_id=scene.forum.id, user_id=people[1].id, text=f"{number}번째 말", at=clock.now()))
    for number in (3, 1, 2):
        scene.table(number, people[0], people[number - 1])
        saved(Decision(forum_id=scene.forum.id, text=f"{number}번을 고쳐요.", at=clock.now()))
    for person in people:
        saved(ForumMute(forum_id=scene.forum.id, user_id=person.id, reason="말을 끊었어요.", at=clock.now(),
                        by_id=scene.host.id))
    names = ("programme", "captions", "tables", "decisions", "chat", "mutes")
    modules = (programme, captions, tables, decisions, chat, mutes)
    duties = list(scene.forum.duties)
    found = hall.parts(scene.forum, people[1], names)
    assert found["programme"].items == programme.part(scene.forum, people[1]).items
    assert [found[name] for name in names[1:]] == [one.part(scene.forum, people[1]) for one in modules[1:]]
    assert scene.forum.duties == duties and duties
    assert found["mutes"].mine.user is people[1] and found["chat"].older
    other = live_forum(scene.town)
    assert hall.parts(other.forum, people[1], ("captions", "tables", "chat"))["captions"].lines == []
