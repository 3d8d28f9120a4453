"""Calls by lot that are closed, with verified applicants and two officials who may commit to a draw."""

import json
from datetime import timedelta

from civic_forum.accounts.models import RoleGrant
from civic_forum.accounts.rules import Role
from civic_forum.blocks import questions
from civic_forum.blocks.submissions import Submission
from civic_forum.calls.judging import services as judging
from civic_forum.calls.models import CallApplication
from civic_forum.calls.parts import lots_of
from civic_forum.calls.rules import Applicants, CallKind, Step
from civic_forum.draws import operations, queries
from civic_forum.draws.services import holding, lists, values
from civic_forum.platform import clock, keys
from civic_forum.platform.base import db
from civic_forum.platform.question_rows import AnswerSheet, Question, QuestionType, Reader
from tests.calls.making_judging import Judged
from tests.factories import saved
from tests.polls.making import voter

FIRST, AGAIN = "처음이에요", "해 봤어요"
BALLS, BONUS, SIGNATURE = (3, 11, 15, 29, 35, 44), 7, "ab" * 48


def official(town):
    """One who may be the second by the strict rule."""
    user = voter(town)
    saved(RoleGrant(user_id=user.id, role=Role.OFFICIAL, department_id=town.department().id,
                    granted_at=clock.now() - timedelta(days=30)))
    db.session.refresh(user)
    return user


def later(time):
    """So much later, if it is not."""
    clock.shift(clock.offset_seconds() + max(0, int(time.total_seconds())))


class Drawn(Judged):
    """A call for seats with as many who came for the first time as `first`, and as many who did not."""

    def __init__(self, town, *, first=6, again=6, lots="먼저 자리, 2, 처음이에요\n모두의 자리, 2", places=4, **facts):
        super().__init__(town, jury=0, **{
            "kind": CallKind.SEATS, "applicants": Applicants.PERSON, "has_lot": True, "places": places, "budget": None,
            "most_won": None, "least_points": None, "lots": lots_of(lots), "title": "주민자치회 위원"} | facts)
        self.official, self.second = official(town), official(town)
        self.asked = saved(Question(about_kind="call", about_id=self.call.id, number=9, type=QuestionType.CHOICE,
                                    label="처음인가요", options=[FIRST, AGAIN], reader=Reader.SEALED, keep_days=30,
                                    needed=True))
        self.numbers = [self.answer(option, voter(town)) for option, number in ((0, first), (1, again))
                        for _each in range(number)]

    def answer(self, option, owner):
        number = self.apply("함께하고 싶어요", owner=owner, group=None)
        sheet = self.sheet(number)
        sheet.sealed = keys.seal(questions._SEAL, json.dumps({questions.name_of(self.asked): option}))
        db.session.commit()
        return number

    def sheet(self, number):
        return db.session.query(AnswerSheet).join(Submission).filter(Submission.number == number).one()

    def listed(self):
        judging.pass_rest(self.call.slug, Step.COMPLETE, by=self.official)
        lists.make_list(self.call.slug, by=self.official)
        return self

    def committed(self):
        subject = holding.subject_of(self.listed().draw)
        lists.COMMIT.propose(subject, by=self.official)
        lists.COMMIT.confirm(subject, by=self.second)
        return self

    def typed(self, *, balls=BALLS, by=None):
        """Two officials type the same, after the lottery."""
        later(values.lottery_at(self.draw) + timedelta(hours=2) - clock.now())
        return [values.enter(self.call.slug, balls, BONUS, SIGNATURE, by=each)
                for each in by or (self.official, self.second)]

    @property
    def draw(self):
        db.session.rollback()
        return queries.last_of(self.call)

    def person_of(self, receipt):
        """An application in the list."""
        application = db.session.query(CallApplication).join(Submission).filter(Submission.number == receipt).one()
        return queries.person(self.draw, application.id)

    def number_of(self, receipt):
        """Number in the list of an application."""
        return operations.number_of(self.person_of(receipt))
