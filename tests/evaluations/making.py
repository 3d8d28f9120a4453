"""An evaluation that is open, its members, and the commitments in it."""

from datetime import timedelta

from civic_forum.answers.services import later
from civic_forum.bodies.models import Body
from civic_forum.commitments.services import entries
from civic_forum.evaluations import services
from civic_forum.evaluations.models import Evaluation, EvaluationItem
from civic_forum.evaluations.parts import ResultFacts
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import today
from tests.calls.making_judging import jury_body
from tests.factories import saved

CRITERIA = [{"text": "약속대로 했는가", "points": 40}, {"text": "쓸모가 있었는가", "points": 60}]
DUE = today() + timedelta(days=30)


class Evaluated:
    """Two officials of the department that looks after it, members on voting seats, pledges of another department."""

    def __init__(self, town, *, members=6, pledges=2, people=(), **facts):
        self.town, self.official, self.second = town, town.official(), town.official()
        self.keepers = [town.official(department=town.department("청소과")) for _number in range(2)]
        self.members = [*people, *(town.resident() for _number in range(members - len(people)))]
        self.body: Body = jury_body(town, self.members, slug="panel")
        self.body.department_id = town.department().id
        db.session.commit()
        self.pledges = [self.pledge(f"골목 {number}곳 비우기") for number in range(1, pledges + 1)]
        now = clock.now()
        self.evaluation = saved(Evaluation(**{
            "slug": "pledges", "title": "올해 약속 평가", "body_id": self.body.id, "criteria": CRITERIA,
            "department_id": town.department().id, "begins_on": today() - timedelta(days=30),
            "ends_on": today() + timedelta(days=30), "grades_until": now + timedelta(hours=2), "created_at": now,
            "opened_at": now - timedelta(days=1)} | facts))
        for commitment in self.pledges:
            saved(EvaluationItem(evaluation_id=self.evaluation.id, commitment_id=commitment.id))

    def pledge(self, title):
        keeper = self.keepers[0]
        return entries.begin({"title": title, "goal": "", "department": min(keeper.department_ids()),
                              "due_on": DUE.isoformat()}, today(), by=keeper)

    def grade(self, member, pledge=0, points=(30, 50), note=""):
        services.grade("pledges", self.pledges[pledge].id, points, note, by=member)

    @property
    def subject(self):
        return services.subject_of(self.evaluation)

    def close(self):
        clock.shift(3 * 3600)

    def release(self):
        services.RELEASE.propose(self.subject, by=self.official)
        services.RELEASE.confirm(self.subject, by=self.second)
        db.session.rollback()

    def decided(self, facts, votes, pledge=0):
        """A change that was put before the body, with its votes for and against."""
        vote = services.ask_change("pledges", self.pledges[pledge].id, facts, by=self.keepers[0])
        services.note_result("pledges", vote.number, ResultFacts(
            votes_for=votes[0], votes_against=votes[1], abstained=0, decided_on=today(), text="평가단이 이렇게 정했어요."),
            by=self.official)
        services.RESULT.confirm(services.body_subject(vote), by=self.second)
        db.session.rollback()
        return vote

    def reply(self, duty, text, seen=0):
        """A reply by one of the department, approved by another."""
        answer = later.APPROVAL.submit(duty.id, text, seen=seen, by=self.keepers[0])
        return later.APPROVAL.approve(duty.id, seen=answer.version, by=self.keepers[1])
