"""Courses whose result is out, with sessions."""

from datetime import timedelta

from civic_forum.calls.judging import services as judging
from civic_forum.calls.judging.rules import Proposed
from civic_forum.calls.rules import Applicants, CallKind
from civic_forum.courses import queries, services
from civic_forum.courses.models import CourseSession
from civic_forum.forums.rules import Form
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.calls.making_judging import REASON, Judged
from tests.factories import saved
from tests.forums.scene import announced_forum


def session(town, *, days=3, title="우리 동네는 누가 정하나", **facts):
    """A session of two hours, in so many days."""
    return announced_forum(town, form=Form.SESSION, department_id=town.department().id, title=title,
                           starts_at=clock.now() + timedelta(days=days), **facts)


class Course(Judged):
    """A course of as many sessions of two hours, for which these people were chosen."""

    def __init__(self, town, people, *, sessions=2, hours=4, slug="school", days=3, **facts):
        super().__init__(town, jury=0, slug=slug, kind=CallKind.COURSE, title="주민자치학교", budget=None, hours=hours,
                         applicants=Applicants.PERSON, **facts)
        self.sessions = [session(town, days=days + each, title=f"교육 {each + 1}회") for each in range(sessions)]
        for each in self.sessions:
            saved(CourseSession(call_id=self.call.id, forum_id=each.id))
        self.numbers = [self.apply("배우고 싶어요", owner=each, group=None, asked=None) for each in people]
        for number in self.numbers:
            judging.propose(self.call.slug, number, Proposed(won=0), REASON, by=self.official)
        self.decide()

    def placed(self):
        services.give_all(self.call.slug, by=self.official)
        return self

    def began(self, number=0):
        """The clock stands at the beginning of this session."""
        db.session.rollback()
        clock.shift(clock.offset_seconds() + (self.sessions[number].starts_at - clock.now()).total_seconds())

    def came(self, *sessions, number=None, by=None):
        """Each session is noted on its day."""
        for each in sessions:
            self.began(each)
            services.note(self.call.slug, self.sessions[each].slug, number or self.numbers[0], True,
                          by=by or self.official)

    @property
    def minutes(self):
        db.session.rollback()
        application = self.state(self.numbers[0])
        return queries.minutes([application.id]).get(application.id, 0)
