"""Words of each form: no page about a visit calls it a forum, in Korean and in English."""

import re
from datetime import timedelta

import pytest
from lxml import html

from civic_forum.agendas.labels import NEXT
from civic_forum.blocks.kinds import Searched
from civic_forum.blocks.occasions import Occasions
from civic_forum.forums import kinds, labels
from civic_forum.forums.rules import Duty, Form
from civic_forum.journeys.labels import STEPS
from civic_forum.notifications.labels import KIND, STEP, SUBJECT
from civic_forum.platform import clock
from civic_forum.platform.i18n import Language, speaking
from civic_forum.sharing import queries
from civic_forum.sharing import services as sharing
from tests.forums.scene import Scene, announced_forum, live_forum

PUBLIC = ["", "/questions", "/chat", "/captions", "/ledger", "/minutes", "/record", "/tables", "/projector", "/large"]
OWN = ["/registration", "/host", "/closing"]
DESK = ["", "/wording", "/times", "/access", "/items", "/duties", "/documents", "/registrations", "/sheet", "/record",
        "/copies", "/season"]


def words_of(answer) -> str:
    """Text of the page without the way to it, which names the list."""
    tree = html.fromstring(answer.text)
    for way in tree.xpath("//header[not(ancestor::main)] | //footer | //nav | //head | //select"):
        way.drop_tree()
    return " ".join(tree.text_content().split())


@pytest.mark.in_turns
@pytest.mark.parametrize("state", ["preparing", "announced", "live", "finished"])
def test_no_page_of_a_visit_calls_it_a_forum(town, browse, state):
    facts = {"slug": "visit", "title": "동에 번쩍", "form": Form.VISIT, "neighbourhood_id": town.neighbourhood().id,
             "consultation_id": None}
    if state in ("live", "finished"):
        over = {"closed_at": clock.now(), "chat_open": False} if state == "finished" else {}
        scene = live_forum(town, **facts | over)
    else:
        begins = {"announced_at": None} if state == "preparing" else {}
        scene = Scene(town, announced_forum(town, **facts | begins, starts_at=clock.now() + timedelta(minutes=30)))
    scene.with_duty(Duty.HOST, scene.moderator)
    pages = [f"/forums/visit{end}" for end in PUBLIC + OWN] + [f"/desk/forums/visit{end}" for end in DESK]
    left = []
    for language, wrong in (("ko", re.compile(".{0,20}공론장")), ("en", re.compile(r".{0,30}\bforums?\b", re.I))):
        browser = browse(scene.moderator)
        browser.get(f"/display?language={language}&back=/help")
        for page in pages:
            answer = browser.get(page)
            if answer.status_code in (303, 403, 404):
                continue
            assert answer.status_code == 200
            left += [(page, place[0]) for place in wrong.finditer(words_of(answer))]
    assert left == []


def test_steps_and_notices_about_any_form_name_none():
    of_forums = {"step_forum": "공론장을 열 만큼 공감이 모였어요", "forum_declined": "공론장을 열지 않는 이유를 알렸어요"}
    sentences = {**STEPS, **STEP, **SUBJECT, **KIND, **NEXT}
    assert {key: text for key, text in sentences.items() if "공론장" in str(text)} == of_forums


def test_search_calendar_and_pictures_that_are_passed_on_say_the_form(town):
    forum = announced_forum(town, form=Form.VISIT)
    hit = kinds.FORUM.get(Searched).results([forum.id])[forum.id]
    assert hit.about[0] == "찾아가는 날"
    assert sharing.face(queries.of("forum", forum.id)).kind == "찾아가는 날"
    days = forum.starts_at - timedelta(days=1), forum.ends_at + timedelta(days=1)
    assert {occasion.label for occasion in kinds.FORUM.get(Occasions).read(*days, (), ())} == {"찾아가는 날"}


def test_nouns_take_the_particle_that_fits_and_none_in_english(town):
    nouns = [labels.named(form, "을/를") for form in Form]
    assert nouns == ["공론장을", "회의를", "교육을", "찾아가는 날을"]
    with speaking(Language.EN):
        assert [labels.named(form, "을/를") for form in Form] == ["forum", "meeting", "course session", "visit day"]
