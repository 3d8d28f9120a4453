"""Results of a forum: proposals out of notes and questions, steps of journeys, notices, work at the desk, leaving."""

import pytest
import sqlalchemy as sa

from civic_forum.agendas.models import Agenda
from civic_forum.forums.floor.models import Turn
from civic_forum.forums.minutes import own_data as record_data
from civic_forum.forums.minutes import services as minutes
from civic_forum.forums.minutes.models import Correction
from civic_forum.forums.preparing import services as stages
from civic_forum.forums.questions import becoming
from civic_forum.forums.tables.models import Note
from civic_forum.journeys.models import JourneyEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound
from civic_forum.platform.waiting import WORK
from civic_forum.notifications.models import Notice
from civic_forum.proposals.rules import Basics, Body, State
from civic_forum.proposals.services import drafts, publication
from tests.agendas.test_grouping import opened
from tests.forums.minutes.making import finished_forum
from tests.forums.minutes.test_keeping import later
from tests.forums.scene import live_forum


def test_a_note_becomes_the_draft_of_its_author_once(town):
    scene = finished_forum(town)
    note = scene.notes[0]
    draft = becoming.propose(scene.forum.id, "note", note.id, by=scene.speaker)
    assert (draft.state, draft.title, draft.author_id) == (State.DRAFT, "가지를 쳐요", scene.speaker.id)
    assert scene.forum.title in draft.problem and "가지를 쳐요" in draft.problem
    assert becoming.propose(scene.forum.id, "note", note.id, by=scene.speaker).id == draft.id


def test_others_may_not_and_of_paper_moderators_may(town):
    scene = finished_forum(town)
    own, paper = scene.notes
    for user, note in ((town.resident(), own), (scene.moderator, own), (scene.speaker, paper)):
        with pytest.raises(Denied):
            becoming.propose(scene.forum.id, "note", note.id, by=user)
    draft = becoming.propose(scene.forum.id, "note", paper.id, by=scene.moderator)
    with pytest.raises(Conflict):
        becoming.propose(scene.forum.id, "note", paper.id, by=town.moderator())
    assert draft.author_id == scene.moderator.id
    with pytest.raises(NotFound):
        becoming.propose(live_forum(town).forum.id, "note", paper.id, by=scene.moderator)


def test_a_draft_that_is_thrown_away_leaves_the_note_free_again(town):
    scene = finished_forum(town)
    draft = becoming.propose(scene.forum.id, "note", scene.notes[0].id, by=scene.speaker)
    key = draft.draft_key
    drafts.throw_away_draft(key, by=scene.speaker)
    assert db.session.scalar(sa.select(Note.proposal_id).filter_by(id=scene.notes[0].id)) is None
    assert becoming.propose(scene.forum.id, "note", scene.notes[0].id, by=scene.speaker).draft_key != key


@pytest.mark.both
def test_by_form_from_the_list_to_the_proposal_that_says_where_it_began(town, browse):
    scene = finished_forum(town)
    browser, path = browse(scene.speaker), f"/forums/{scene.forum.slug}"
    page = browser.get(f"{path}/proposals").text
    assert page.count("제안으로 쓰기") == 3 and "의자 노아주세요" not in page
    answer = browser.post(f"{path}/question/{scene.questions[0].id}/proposal")
    assert answer.status_code == 303
    assert "언제 고치나요?" in browser.get(answer.location).text
    key = answer.location.split("/")[-2]
    drafts.save_draft(key, Basics("가려진 등부터 고쳐 주세요", "safety"), by=scene.speaker)
    drafts.save_draft(key, Body("등이 가려져 밤에 걷기가 어려워요. 가지를 먼저 쳐 주세요.", "가려진 등을 먼저 고쳐 주세요."), by=scene.speaker)
    number = publication.publish(key, by=scene.speaker).number
    assert f'href="{path}"' in browse().get(f"/proposals/{number}").text
    assert number in browser.get(f"{path}/proposals").text


def test_the_agenda_and_its_proposals_say_that_it_was_held_and_has_minutes(town, at):
    proposal = town.proposal()
    agenda, _links = opened(town.moderator(), proposal)
    scene = live_forum(town, about_kind="agenda", about_id=agenda.id)
    stages.close_forum(scene.forum.id, by=scene.host)
    minutes.draft(scene.forum.id, by=scene.host)
    later(at)
    minutes.sign(scene.forum.id, 1, by=scene.host)
    for journey_id in (proposal.journey_id, db.session.get_one(Agenda, agenda.id).journey_id):
        steps = db.session.scalars(sa.select(JourneyEntry.step).filter_by(journey_id=journey_id)
                                   .order_by(JourneyEntry.id)).all()
        assert [one for one in steps if one.startswith("forum_")] == ["forum_held", "forum_minutes"]


def test_participants_are_told_of_the_draft_and_of_the_signed_version(town, at):
    scene = finished_forum(town)
    stranger = town.resident()
    minutes.draft(scene.forum.id, by=scene.host)
    later(at)
    minutes.sign(scene.forum.id, 1, by=scene.host)
    told = db.session.execute(sa.select(Notice.user_id, Notice.step)).all()
    assert {step for user_id, step in told if user_id == scene.speaker.id} == {
        "forum_minutes_draft", "forum_minutes_signed"}
    assert stranger.id not in {user_id for user_id, _step in told}


def waits(kind, staff) -> list[str]:
    return [row[2] for row in db.session.execute(WORK[kind].waiting(staff))]


@pytest.mark.both
def test_minutes_wait_at_the_desk_until_they_are_signed(town, at):
    scene = live_forum(town)
    assert waits("forums.to_draft", None) == waits("forums.to_sign", None) == []
    stages.close_forum(scene.forum.id, by=scene.host)
    assert (waits("forums.to_draft", None), waits("forums.to_sign", None)) == ([scene.forum.slug], [])
    minutes.draft(scene.forum.id, by=scene.host)
    assert (waits("forums.to_draft", None), waits("forums.to_sign", None)) == ([], [scene.forum.slug])
    later(at)
    minutes.sign(scene.forum.id, 1, by=scene.host)
    assert waits("forums.to_draft", None) == waits("forums.to_sign", None) == []


def test_somebody_who_leaves_takes_along_what_tells_more_about_them(town):
    scene = finished_forum(town)
    minutes.draft(scene.forum.id, by=scene.host)
    minutes.ask(scene.forum.id, f"note:{scene.notes[0].id}", "가지", "나뭇가지", by=scene.speaker)
    kept = record_data.collect(scene.speaker)
    assert [one["becomes"] for one in kept["corrections"]] == ["나뭇가지"]
    assert [one["about"] for one in kept["turns"]] == ["독산1동"]
    assert [one["text"] for one in kept["captions"]] == ["등이 열아홉 군데 어두워요."]
    record_data.erase(scene.speaker, db.session)
    db.session.commit()
    turn = db.session.scalar(sa.select(Turn).execution_options(populate_existing=True))
    assert (turn.about, turn.neighbourhood_id, turn.age_group) == (None, None, None)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Correction)) == 1
