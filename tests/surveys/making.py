"""Surveys, ready-made."""

from datetime import timedelta
from itertools import count

from flask_login import AnonymousUserMixin

from civic_forum.blocks import questions
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.question_rows import Question, QuestionType, Reader
from civic_forum.surveys import queries, services
from civic_forum.surveys.models import Survey
from civic_forum.surveys.parts import Findings
from tests.factories import saved

_number = count(1)
VISITOR = AnonymousUserMixin()
SATISFACTION = ("매우 불만", "불만", "보통", "만족", "매우 만족")
ASKED = ((QuestionType.CHOICE, "이 공간에 얼마나 만족하나요?", {"options": list(SATISFACTION), "needed": True}),
         (QuestionType.SEVERAL, "무엇을 하러 오나요?", {"options": ["모임", "책", "쉼"]}),
         (QuestionType.NUMBER, "한 달에 몇 번 오나요?", {}), (QuestionType.SCALE, "또 올 건가요?", {}),
         (QuestionType.TEXT, "무엇을 바꾸면 좋을까요?", {"reader": Reader.OFFICE, "keep_days": 30}))

FINDINGS = Findings(summary="대부분 만족해요. 의자를 더 바라요.", missing="낮에 일하는 분이 적을 수 있어요.")


def survey(writer, asked=ASKED, **facts) -> Survey:
    """One that is open, by every way."""
    now = clock.now()
    made = saved(Survey(**{
        "slug": f"space-{next(_number)}", "title": "공간 만족도", "text": "공간을 더 좋게 하려고 물어요.",
        "opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(days=7), "by_account": True,
        "by_person": True,
        "by_letter": True, "by_paper": True, "freely": True, "written_by_id": writer.id, "announced_at": now} | facts))
    for number, (kind, label, more) in enumerate(asked, 1):
        db.session.add(Question(about_kind="survey", about_id=made.id, number=number, type=kind, label=label, help="",
                                **{"reader": Reader.PUBLIC, "options": [], "needed": False, "most": None,
                                   "keep_days": None} | more))
    db.session.commit()
    return made


def part(made, *values):
    """Answers to its questions, in their order."""
    asked = queries.questions_of(made)
    names = [questions.name_of(question) for question in asked]
    answers = questions.part_of(asked)(**dict(zip(names, values)))
    db.session.rollback()
    return answers


def sent(made, *values):
    """The same as a form sends them."""
    fields = {f"q{question.id}": value for question, value in zip(queries.questions_of(made), values)}
    db.session.rollback()
    return fields


def on_paper(made, answers, *typists):
    """A sheet of paper for each of these, typed by two people."""
    for sheet, values in enumerate(answers, 1):
        for typist in typists:
            services.type_paper(made.id, part(made, *values), sheet, by=typist)


def over(made):
    """Its time ends now."""
    made.closes_at = clock.now() - timedelta(minutes=1)
    db.session.commit()
