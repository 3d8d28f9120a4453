"""Objections to a vote: lodged, kept until the close, a leaf of the log, answered and withheld."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.rules import Role
from civic_forum.ballots.models import LogLeaf
from civic_forum.ballots.observing.models import Objection
from civic_forum.ballots.box.sealing import EntryType, objection_entry
from civic_forum.ballots.counting import closing
from civic_forum.ballots.observing import queries
from civic_forum.ballots.observing import services as objections
from civic_forum.ballots.rules.log import canonical_json, leaf_hash, stamp
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal

from .desk_scene import Vote

TITLE, TEXT = "종이를 받을 곳이 없었어요", "안내문과 달리 사흘 동안 종이 투표지를 내주지 않았어요."
ANSWER = "사흘 동안 내주지 못한 것이 맞아요. 결과에 함께 적을게요."


@pytest.fixture
def observer(town):
    return town.staff(Role.OBSERVER)


def lodged(vote, observer, title=TITLE, text=TEXT):
    return objections.lodge(vote.box_id, title, text, by=observer).id


def found(vote, number) -> Objection:
    db.session.rollback()
    return queries.by_id(vote.box_id, number)


def leaves(vote):
    db.session.rollback()
    return db.session.scalars(sa.select(LogLeaf).filter_by(box_id=vote.box_id).order_by(LogLeaf.number)).all()


def test_it_is_kept_from_everybody_until_the_close_and_then_shown(vote, observer):
    number = lodged(vote, observer)
    assert queries.public(vote.box) == []
    assert [one.id for one in queries.own(vote.box_id, observer.id)] == [number]
    vote.after_the_close()
    closing.close_if_due(vote.box_id)
    assert [one.title for one in queries.public(vote.box)] == [TITLE]


def test_an_objection_before_the_final_head_is_a_leaf_and_a_later_one_is_not(vote, observer):
    early = lodged(vote, observer)
    vote.after_the_last_return()
    closing.close_if_due(vote.box_id)
    between = lodged(vote, observer, title="닫은 뒤에 낸 이의")
    clock.shift(3 * 3600)
    closing.finish(vote.box_id, by=None)
    late = lodged(vote, observer, title="마무리 뒤에 낸 이의")
    assert [found(vote, one).leaf_number for one in (early, between, late)] == [256, 257, None]
    assert found(vote, late).n is None and len(queries.public(vote.box)) == 3
    assert [leaf.type for leaf in leaves(vote)][256:] == [EntryType.OBJECTION] * 2


@pytest.mark.both
def test_the_leaf_hides_the_words_behind_a_random_number_and_names_nobody(vote, observer):
    number = lodged(vote, observer)
    vote.after_the_last_return()
    closing.close_if_due(vote.box_id)
    closing.finish(vote.box_id, by=None)
    *_blind, kept = leaves(vote)
    said = found(vote, number)
    written = {"title": TITLE, "text": TEXT, "lodged_at": stamp(said.lodged_at)}
    assert kept.hash == leaf_hash(objection_entry(vote.box.fingerprint, said.n, canonical_json(written)))
    assert observer.nickname not in str(written)


@pytest.mark.parametrize("title, text, field", [
    ("짧음", TEXT, "title"), ("가" * 201, TEXT, "title"), ("     ", TEXT, "title"), (TITLE, "짧아요", "text"),
    (TITLE, "가" * 3_001, "text")])
def test_too_short_or_too_long_is_refused_at_its_field(vote, observer, title, text, field):
    with pytest.raises(Refusal) as refusal:
        lodged(vote, observer, title, text)
    assert refusal.value.field == field and db.session.scalars(sa.select(Objection)).all() == []


def test_nobody_objects_to_a_vote_that_is_not_open_yet(town, observer):
    with pytest.raises(Denied, match="아직 열리지 않은"):
        lodged(Vote(town, opened=False), observer)


def test_one_observer_does_not_flood_a_vote(vote, observer, monkeypatch):
    monkeypatch.setattr(objections, "MOST_EACH", 2)
    for _each in range(2):
        lodged(vote, observer)
    with pytest.raises(Conflict, match="2건까지"):
        lodged(vote, observer)


def test_an_official_answers_in_the_name_of_the_own_department(vote, town, observer):
    number, official = lodged(vote, observer), town.official()
    mine = town.department().id
    objections.answer(vote.box_id, number, "받아들임", ANSWER, department_id=mine, by=official)
    answered = found(vote, number)
    assert (answered.answer, answered.outcome, answered.answered_for) == (ANSWER, "받아들임", "교통행정과")
    assert answered.answered_by_id == official.id
    with pytest.raises(Denied, match="내가 맡은 부서"):
        objections.answer(vote.box_id, number, "받아들임", ANSWER, department_id=town.department("청소과").id, by=official)


@pytest.mark.parametrize("outcome, text, field", [("", ANSWER, "outcome"), ("가" * 201, ANSWER, "outcome"),
                                                  ("받아들임", "네", "answer"), ("받아들임", "가" * 3_001, "answer")])
def test_an_answer_says_what_is_done_and_why(vote, town, observer, outcome, text, field):
    number = lodged(vote, observer)
    with pytest.raises(Refusal) as refusal:
        objections.answer(vote.box_id, number, outcome, text, department_id=town.department().id, by=town.official())
    assert refusal.value.field == field


@pytest.mark.both
def test_words_are_withheld_with_a_reason_and_shown_again_until_the_count(vote, town, observer):
    number, moderator = lodged(vote, observer), town.moderator()
    with pytest.raises(Refusal, match="왜 가리는지"):
        objections.withhold(vote.box_id, number, "", by=moderator)
    objections.withhold(vote.box_id, number, "다른 사람의 이름이 있어요", by=moderator)
    assert found(vote, number).withheld == "다른 사람의 이름이 있어요"
    objections.show_again(vote.box_id, number, by=moderator)
    with pytest.raises(Conflict, match="가려진 글이 아니에요"):
        objections.show_again(vote.box_id, number, by=moderator)
    said, box = found(vote, number), db.session.get(type(vote.box), vote.box_id)
    said.leaf_number, box.counted_at = 0, clock.now()
    db.session.commit()
    with pytest.raises(Conflict, match="이미 공개 기록에"):
        objections.withhold(vote.box_id, number, "다른 사람의 이름이 있어요", by=moderator)


def test_an_objection_that_stands_on_the_page_only_can_be_withheld_later_too(vote, town, observer):
    number = lodged(vote, observer)
    box = vote.box
    box.counted_at = clock.now()
    db.session.commit()
    objections.withhold(vote.box_id, number, "다른 사람의 이름이 있어요", by=town.moderator())
    assert found(vote, number).withheld


def test_an_objection_of_another_vote_is_not_found(vote, town, observer):
    number, other = lodged(vote, observer), Vote(town)
    with pytest.raises(NotFound):
        objections.answer(other.box_id, number, "받아들임", ANSWER, department_id=town.department().id, by=town.official())


@pytest.mark.both
def test_the_audit_log_has_every_step_and_none_of_the_words(vote, town, observer):
    number = lodged(vote, observer)
    objections.withhold(vote.box_id, number, "다른 사람의 이름이 있어요", by=town.moderator())
    objections.answer(vote.box_id, number, "받아들임", ANSWER, department_id=town.department().id, by=town.official())
    db.session.rollback()
    entries = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [one.action for one in entries] == ["ballots.objection_lodged", "ballots.objection_withheld",
                                               "ballots.objection_answered"]
    assert {one.subject for one in entries} == {f"objection:{number}"}
    assert TEXT not in str([one.details for one in entries]) and TITLE not in str([one.details for one in entries])
