"""Forums about things of every kind that is decided: each page leads to the other."""

import pytest

from civic_forum.forums.events import ForumAnnounced
from civic_forum.forums.reactions import tell_the_agenda
from civic_forum.forums.preparing import services as stages
from civic_forum.journeys.queries import entries
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.blocks.subjects import MAKE, assert_that_they_lead_to_each_other, case
from tests.blocks.test_about import hide
from tests.common import form_of
from tests.forums.scene import announced_forum, live_forum
from tests.picking import chosen



def linked(town, browse, moderator, thing):
    """A forum that is being prepared, which the form joins to a thing by its exact name."""
    made = announced_forum(town, announced_at=None)
    page, address = browse(moderator), f"/desk/forums/{made.slug}/wording"
    sent = form_of(page, address) | {"about_kind": thing.ref.kind} | chosen("agenda_slug", thing.name, thing.ref.kind)
    answer = page.post(address, data=sent)
    assert answer.status_code == 303, answer.text
    kept = form_of(page, address)
    assert (kept["about_kind"], kept["agenda_slug-choice"]) == thing.named
    assert thing.title in page.get(f"/desk/forums/{made.slug}").text
    return made


def announce(made):
    db.session.commit()
    made.announced_at = clock.now()
    db.session.commit()


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("kind", MAKE)
def test_a_forum_and_what_it_is_about_lead_to_each_other(town, browse, moderator, kind):
    thing = case(town, kind)
    made = linked(town, browse, moderator, thing)
    here = f'href="/forums/{made.slug}"'
    assert here not in browse().get(thing.page).text
    announce(made)
    shown = assert_that_they_lead_to_each_other(browse(moderator), browse(), thing, f"/forums/{made.slug}")
    assert ("함께 이야기할 의제" in shown) == (kind == "agenda")


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("kind", ["proposal", "project", "forum_decision"])
def test_a_stranger_reads_nothing_of_what_was_hidden_or_withdrawn(town, browse, moderator, kind):
    thing = case(town, kind)
    made, title = linked(town, browse, moderator, thing), thing.title
    announce(made)
    hide(thing.record)
    shown = browse().get(f"/forums/{made.slug}")
    assert shown.status_code == 200 and title not in shown.text and thing.url not in shown.text


@pytest.mark.both
def test_a_forum_that_is_over_leads_to_what_it_was_about(town, browse):
    thing = case(town, "project")
    scene = live_forum(town, about_kind="project", about_id=thing.ref.id)
    stages.close_forum(scene.forum.id, by=scene.host)
    shown = browse().get(f"/forums/{scene.forum.slug}").text
    assert f'href="{thing.url}"' in shown and "여기에서 다룬 것 보기" in shown
    hide(thing.record)
    assert thing.url not in browse(scene.host).get(f"/forums/{scene.forum.slug}").text


def test_a_proposal_says_that_a_forum_about_it_was_announced_and_held(town):
    proposal = case(town, "proposal").record
    scene = live_forum(town, about_kind="proposal", about_id=proposal.id)
    tell_the_agenda(ForumAnnounced(scene.forum.id), db.session)
    db.session.commit()
    stages.close_forum(scene.forum.id, by=scene.host)
    steps = [(one.step, one.url) for one in entries(proposal.journey_id)][-2:]
    here = f"/forums/{scene.forum.slug}"
    assert steps == [("in_forum", here), ("forum_held", f"{here}/record")]


@pytest.mark.both
@pytest.mark.parametrize(("about", "sentence"), [
    ({"about_kind": "comment", "agenda_slug": "1"}, "바탕이 될 수 있는 것을 목록에서 골라 주세요"),
    ({"about_kind": "forum_decision", "agenda_slug": "99"}, "이런 의결은 없어요"),
    ({"about_kind": "poll", "agenda_slug": "no-such"}, "이런 투표는 없어요")])
def test_a_thing_not_there_or_not_decided_comes_back_with_its_sentence(town, browse, moderator, about, sentence):
    made = announced_forum(town)
    page, address = browse(moderator), f"/desk/forums/{made.slug}/wording"
    answer = page.post(address, data=form_of(page, address) | about)
    assert answer.status_code in (404, 422) and sentence in answer.text and 'aria-invalid="true"' in answer.text
    db.session.refresh(made)
    assert made.about is None
