"""Calls that are closed, with applications that were handed in, by rows."""

from datetime import date, timedelta
from secrets import token_bytes

import sqlalchemy as sa

from civic_forum.blocks import submissions
from civic_forum.blocks.seats import SeatSide, SeatWay
from civic_forum.bodies.models import Body, BodySeat, Membership
from civic_forum.bodies.rules import BodyAccess, BodyKind, QuorumShare
from civic_forum.calls.judging import queries, services
from civic_forum.calls.models import Call, CallApplication
from civic_forum.calls.rules import Applicants, ApplicationState, CallKind, Channel, ScoresShown, Step
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import today
from civic_forum.platform.question_rows import AnswerSheet, Question, QuestionType, Reader
from tests.factories import saved

CRITERIA = [{"text": "문제를 잘 아는가", "points": 60}, {"text": "해 볼 수 있는가", "points": 40}]
REASON, SINCE = "잰 숫자가 있어요.", date(2020, 1, 1)


def jury_body(town, users, *, slug="lab-jury"):
    """A body on whose voting seats these users sit, and somebody on one that has no vote."""
    body = saved(Body(slug=slug, name="리빙랩 심사위원회", kind=BodyKind.JURY, mandate="심사해요.", basis="조례 제5조",
                      access=BodyAccess.OPEN, notice_days=7, minutes_days=5, quorum_of="voting",
                      quorum_share=QuorumShare.MORE_THAN_HALF, begins=SINCE, created_at=clock.now(), texts={}))
    for key, votes, members in (("civil", True, users), ("desk", False, [town.user()])):
        seat = saved(BodySeat(body_id=body.id, key=key, name="위원", side=SeatSide.CIVIL, number=len(members),
                              at_most=True, votes=votes, way=SeatWay.CALL, texts={}))
        for serial, user in enumerate(members, 1):
            saved(Membership(seat_id=seat.id, about_kind="body", user_id=user.id, serial=serial,
                             begins=SINCE, way=SeatWay.CALL, consent=True))
    return body


class Judged:
    """A living lab that closed an hour ago, its department's two officials and its jury."""

    def __init__(self, town, *, jury=2, jurors=(), slug="lab", **facts):
        self.town, self.official, self.second = town, town.official(), town.official()
        self.jury = [*jurors, *(town.resident() for _number in range(jury - len(jurors)))]
        now = clock.now()
        self.call = saved(Call(**{
            "slug": slug, "kind": CallKind.LAB, "title": "리빙랩 2027", "department_id": town.department().id,
            "body_id": jury_body(town, self.jury, slug=f"{slug}-jury").id if jury else None,
            "applicants": Applicants.GROUP, "budget": 20_000_000,
            "most_won": 15_000_000, "reserves": 2, "opens_at": now - timedelta(days=9),
            "closes_at": now - timedelta(hours=1),
            "has_scores": jury > 0, "criteria": CRITERIA if jury else [], "least_points": 60, "themes": [],
            "scores_shown": ScoresShown.NAMES, "scores_until": today() + timedelta(days=1),
            "created_by_id": self.official.id,
            "created_at": now, "announced_at": now - timedelta(days=10), "announced_by_id": self.second.id} | facts))
        self.questions = [saved(Question(about_kind="call", about_id=self.call.id, number=number,
                                         type=QuestionType.TEXT, label=f"{reader.value} 질문", reader=reader, options=[],
                                         keep_days=30))
                          for number, reader in enumerate(Reader, 1)]

    def apply(self, title, asked=10_000_000, *, owner=None, group="도시락", place=None, **facts):
        """An application that was handed in; its number."""
        submission = submissions.begin(
            db.session, "call_application", at=clock.now(), coded=False, drawn=True).submission
        submission.owner_id, submission.handed_in_at = (owner or self.town.resident()).id, clock.now()
        saved(CallApplication(**{"call_id": self.call.id, "submission": submission, "mark": token_bytes(32), "place": 1,
                                 "title": title, "asked": asked, "group_name": group, "group_folded": group,
                                 "channel": Channel.ONLINE, "state": ApplicationState.RECEIVED} | facts))
        saved(AnswerSheet(submission=submission, about_kind="call", about_id=self.call.id, saved_at=clock.now(),
                          answers={}))
        return submission.number

    def scoring(self):
        """Papers are complete, and the jury reads."""
        services.pass_rest(self.call.slug, Step.COMPLETE, by=self.official)
        services.begin_scoring(self.call.slug, by=self.official)
        for juror in self.jury:
            services.open_applications(self.call.slug, by=juror)
        return self

    def score(self, number, *sums):
        """Each juror gives one of these sums."""
        for juror, points in zip(self.jury, sums, strict=True):
            first = min(points, 60)
            services.score(self.call.slug, number, (first, points - first), "", by=juror)

    def release(self):
        clock.shift(2 * 24 * 3600)
        subject = services.subject_of(self.call)
        services.RELEASE.propose(subject, by=self.official)
        services.RELEASE.confirm(subject, by=self.second)
        return self

    def reasons(self):
        """Write a reason for all that are to be chosen or in the reserve."""
        over = [each.id for each in queries.those(self.call.id, *queries.OVER, most=9_999)]
        db.session.execute(sa.update(CallApplication).where(CallApplication.id.in_(over)).values(reason=REASON))
        db.session.commit()
        return self

    def decide(self):
        services.propose_decision(self.call.slug, by=self.official)
        services.DECISION.confirm(services.subject_of(self.call), by=self.second)
        return self

    def state(self, number):
        db.session.rollback()
        return queries.application(self.call, number)
