"""One answer of each person by whichever way, in rows that nothing joins."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.blocks import questions, submissions
from civic_forum.calls import services as calls
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.personal_numbers import PersonalNumber
from civic_forum.platform.question_rows import AnswerSheet
from civic_forum.surveys import services
from civic_forum.surveys.models import SurveyAnswer, SurveyMark
from civic_forum.surveys.rules import Way
from tests.opinions.making import verified, words

from .making import VISITOR, over, part, sent, survey

FULL = (4, [0, 2], 12, 5, "의자를 더 놓아 주세요.")


def ways():
    db.session.rollback()
    return sorted(db.session.scalars(sa.select(SurveyAnswer.way)))


@pytest.mark.both
def test_each_person_answers_once_by_whichever_way(browse, town):
    official = town.official()
    made = survey(official, department_id=min(official.department_ids()))
    member, other = town.user(), verified(town.user(), "김독산")
    for user in (member, other):
        site = browse(user)
        assert "답 보내기" in site.get(f"/surveys/{made.slug}").text
        assert site.post(f"/surveys/{made.slug}", data=sent(made, "4", ["0"], "12")).status_code == 303
        assert "이미 답했어요" in site.get(f"/surveys/{made.slug}").text
        assert site.post(f"/surveys/{made.slug}", data=sent(made, "4")).status_code == 409
    verified(member, "김가산")
    with pytest.raises(Conflict):
        services.answer(made.id, part(made, 3), by=member)
    code, unused = services.print_letters(made.id, 2, by=official)
    stranger = browse()
    assert stranger.post(f"/surveys/{made.slug}", data=sent(made, "3") | {"code": code.lower()}).status_code == 303
    assert stranger.post(f"/surveys/{made.slug}", data=sent(made, "3") | {"code": code}).status_code == 409
    wrong = stranger.post(f"/surveys/{made.slug}", data=sent(made, "3") | {"code": "ABCD"})
    assert wrong.status_code == 422 and "편지가 없어요" in wrong.text
    assert stranger.post(f"/surveys/{made.slug}", data=sent(made, "3")).status_code == 303
    desk, second = browse(town.clerk()), browse(official)
    paper = f"/desk/surveys/{made.slug}/paper"
    assert desk.get(paper).status_code == 200
    assert desk.post(paper, data=sent(made, "2") | {"sheet": "7"}).status_code == 303
    again = desk.post(paper, data=sent(made, "2") | {"sheet": "7"})
    assert again.status_code == 409 and "이미 적었어요" in again.text
    assert "적은 7번" in words(second.get(paper)) and "적은 7번" not in words(desk.get(paper))
    assert second.post(paper, data=sent(made, "2") | {"sheet": "7"}).status_code == 303
    assert second.post(paper, data=sent(made, "2") | {"sheet": "7"}).status_code == 409
    assert ways() == sorted(["person", "account", "letter", "free", "paper"])
    assert services.collect(other) == {"answered": [made.title]}
    services.erase(other, db.session)
    assert services.marks_of(made.id, other)[1] in db.session.scalars(sa.select(SurveyMark.mark)).all()
    services.answer(made.id, part(made, 1), unused, by=VISITOR)


def test_nothing_stored_says_who_or_when(town, monkeypatch):
    made, user = survey(town.official()), verified(town.user())
    before = db.session.query(AuditEntry).count()
    services.answer(made.id, part(made, *FULL), by=user)
    db.session.rollback()
    row, sheet = db.session.query(SurveyAnswer).one(), db.session.query(AnswerSheet).one()
    assert {sheet.saved_at, sheet.submission.made_at, sheet.submission.handed_in_at} == {made.opens_at}
    assert sheet.submission.owner_id is None and submissions.collect(user) == [] and row.way is Way.PERSON
    assert db.session.query(AuditEntry).count() == before
    assert questions.collect(sheet, made.questions)["무엇을 바꾸면 좋을까요?"] == FULL[-1]
    monkeypatch.setattr(services.queries, "has", lambda *_asked: False)
    with pytest.raises(Conflict):
        services.answer(made.id, part(made, *FULL), by=user)
    assert ways() == ["person"]
    clock.shift(40 * 24 * 3600)
    calls.forget()
    db.session.refresh(sheet)
    assert FULL[-1] not in str(sheet.answers) and len(sheet.answers) == 4


@pytest.mark.parametrize(("facts", "who", "code", "error"), [
    ({"by_account": False}, "user", "", Denied), ({"freely": False}, None, "", Denied),
    ({"by_letter": False}, None, "ABCD", Denied), ({"opens_at": 1}, "user", "", Denied),
    ({"closes_at": -1}, "user", "", Denied), ({"freely": False}, "blocked", "", Denied)])
def test_an_answer_that_may_not_be_given_leaves_nothing(town, facts, who, code, error):
    days = {name: clock.now() + timedelta(minutes=value) if name.endswith("_at") else value
            for name, value in facts.items()}
    made = survey(town.official(), **days)
    user = {None: VISITOR, "user": town.user(), "blocked": town.user(blocked_at=clock.now())}[who]
    with pytest.raises(error):
        services.answer(made.id, part(made, 4), code, by=user)
    assert ways() == [] and db.session.query(SurveyMark).count() == 0


@pytest.mark.parametrize(("values", "error"), [
    ((None, [0]), Refusal), ((4, None, None, None, "900101-1234568"), PersonalNumber)])
def test_bad_answers_leave_nothing(town, values, error):
    made, user = survey(town.official()), town.user()
    with pytest.raises(error) as refused:
        services.answer(made.id, part(made, *values), by=user)
    assert refused.value.field and ways() == [] and db.session.query(SurveyMark).count() == 0


def test_paper_is_typed_after_the_close_and_nothing_else(town):
    made, official = survey(town.official()), town.moderator()
    over(made)
    with pytest.raises(Denied):
        services.answer(made.id, part(made, 4), by=town.user())
    services.type_paper(made.id, part(made, 4), 3, by=official)
    for sheet in (None, 0, 100_000):
        with pytest.raises(Refusal):
            services.type_paper(made.id, part(made, 4), sheet, by=official)
    assert ways() == ["paper"]
