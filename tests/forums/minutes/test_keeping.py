"""From draft to signature: who may what and when, that no version changes, and that what is hidden goes."""

from collections import Counter

import pytest
import sqlalchemy as sa

from civic_forum.forums.minutes import services as minutes
from civic_forum.forums.minutes.rules import drafting
from civic_forum.forums.minutes.rules.drafting import CORRECTED_WITHIN
from civic_forum.forums.minutes.models import Minutes
from civic_forum.forums.rules import CorrectionState, MinutesKind
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from tests.factories import saved
from tests.forums.minutes.making import finished_forum


def refs(version: Minutes) -> Counter:
    return Counter(row["ref"] for row in drafting.rows_of(version.sections))


def text_of(version: Minutes, ref: str) -> str:
    return next(row["text"] for row in drafting.rows_of(version.sections) if row["ref"] == ref)


def later(at):
    now = clock.now()
    at(now + CORRECTED_WITHIN)


@pytest.mark.both
def test_the_draft_has_every_decision_question_and_note_once(town):
    scene = finished_forum(town)
    draft = minutes.draft(scene.forum.id, by=scene.host)
    found = refs(draft)
    for what, ones in (("decision", scene.decisions), ("question", scene.questions), ("note", scene.notes),
                       ("caption", scene.captions)):
        assert {ref: found[ref] for ref in found if ref.startswith(f"{what}:")} == {f"{what}:{one.id}": 1
                                                                                    for one in ones}
    assert (draft.version, draft.kind, draft.published_at is None) == (1, MinutesKind.DRAFT, False)
    assert draft.sections[0]["facts"]["came"] == {"registered": 1, "spoke": 1, "on_site": 0, "online": 1}
    assert minutes.draft(scene.forum.id, by=scene.moderator).id == draft.id


def test_a_wish_of_somebody_comes_with_the_next_version_and_the_first_stays(town):
    scene = finished_forum(town)
    first = minutes.draft(scene.forum.id, by=scene.host)
    place = f"caption:{scene.captions[1].id}"
    asked = minutes.ask(scene.forum.id, place, "열아홉", "열세", by=scene.speaker)
    with pytest.raises(Conflict):
        minutes.revise(scene.forum.id, "아무것도", by=scene.host)
    minutes.answer(scene.forum.id, asked.id, True, "자막을 다시 들었어요.", by=scene.host)
    second = minutes.revise(scene.forum.id, "한 곳을 고쳤어요.", by=scene.host)
    assert (second.version, second.kind) == (2, MinutesKind.CORRECTED)
    assert text_of(second, place) == "등이 열세 군데 어두워요."
    db.session.expire_all()
    assert text_of(db.session.get_one(Minutes, first.id), place) == "등이 열아홉 군데 어두워요."
    with pytest.raises(Conflict):
        minutes.answer(scene.forum.id, asked.id, False, "다시", by=scene.host)


def test_a_declined_correction_changes_nothing_and_says_why(town):
    scene = finished_forum(town)
    minutes.draft(scene.forum.id, by=scene.host)
    asked = minutes.ask(scene.forum.id, f"decision:{scene.decisions[0].id}", "먼저", "나중에", by=scene.speaker)
    answered = minutes.answer(scene.forum.id, asked.id, False, "읽은 그대로예요.", by=scene.moderator)
    assert (answered.state, answered.reply) == (CorrectionState.DECLINED, "읽은 그대로예요.")
    with pytest.raises(Conflict):
        minutes.revise(scene.forum.id, "아무것도", by=scene.host)


def test_only_those_who_took_part_ask_and_only_for_a_week(town, at):
    scene = finished_forum(town)
    minutes.draft(scene.forum.id, by=scene.host)
    place = f"decision:{scene.decisions[0].id}"
    with pytest.raises(Denied):
        minutes.ask(scene.forum.id, place, "먼저", "나중에", by=town.resident())
    for words in ("없는 말", "요."):
        with pytest.raises(Refusal):
            minutes.ask(scene.forum.id, "어딘가", words, "다른 말", by=scene.speaker)
    minutes.ask(scene.forum.id, place, "먼저", "나중에", by=scene.speaker)
    later(at)
    with pytest.raises(Denied):
        minutes.ask(scene.forum.id, place, "고쳐요", "고칩니다", by=scene.speaker)


@pytest.mark.both
def test_the_host_signs_after_the_week_once_everything_is_answered(town, at):
    scene = finished_forum(town)
    first = minutes.draft(scene.forum.id, by=scene.host)
    asked = minutes.ask(scene.forum.id, f"decision:{scene.decisions[0].id}", "먼저", "나중에", by=scene.speaker)
    with pytest.raises(Denied):
        minutes.sign(scene.forum.id, first.version, by=scene.host)
    later(at)
    with pytest.raises(Denied):
        minutes.sign(scene.forum.id, first.version, by=scene.host)
    minutes.answer(scene.forum.id, asked.id, True, "그렇게 읽었어요.", by=scene.host)
    with pytest.raises(Conflict):
        minutes.sign(scene.forum.id, first.version, by=scene.host)
    second = minutes.revise(scene.forum.id, "한 곳을 고쳤어요.", by=scene.host)
    with pytest.raises(Conflict):
        minutes.sign(scene.forum.id, first.version, by=scene.host)
    with pytest.raises(Denied):
        minutes.sign(scene.forum.id, second.version, by=scene.moderator)
    signed = minutes.sign(scene.forum.id, second.version, by=scene.host)
    assert (signed.version, signed.kind, signed.signed_by_id) == (3, MinutesKind.SIGNED, scene.host.id)
    assert signed.sections == second.sections
    with pytest.raises(Denied):
        minutes.sign(scene.forum.id, signed.version, by=scene.host)
    with pytest.raises(Denied):
        minutes.revise(scene.forum.id, "더 고쳐요.", by=scene.host)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Minutes)) == 3


def test_a_text_hidden_after_the_draft_is_not_in_the_next_version(town):
    scene = finished_forum(town)
    minutes.draft(scene.forum.id, by=scene.host)
    question, note = (db.session.merge(one) for one in (scene.questions[0], scene.notes[0]))
    question.hidden_at = note.removed_at = clock.now()
    saved(question)
    second = minutes.revise(scene.forum.id, "가린 글을 뺐어요.", by=scene.host)
    assert {f"question:{question.id}", f"answer:{question.id}", f"note:{note.id}"}.isdisjoint(refs(second))
    assert f"question:{scene.questions[1].id}" in refs(second)
