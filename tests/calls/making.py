"""Calls of tests, made by rows."""

from datetime import timedelta

from civic_forum.calls.models import Call
from civic_forum.calls.rules import KIND, Applicants, CallKind, ScoresShown
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.question_rows import Question, QuestionType, Reader
from tests.factories import saved

WHY = "동네의 문제를 주민이 먼저 풀어 보는 실험을 도와요.\n성공하지 못해도 배운 것을 나누면 돼요."
CRITERIA = [{"text": "문제를 잘 아는가", "points": 60}, {"text": "해 볼 방법이 또렷한가", "points": 40}]
STAGES = {"preparing": {"announced_at": None}, "announced": {"opens_in": timedelta(days=2)}, "open": {},
          "review": {"opens_in": timedelta(days=-40)},
          "decided": {"opens_in": timedelta(days=-60), "decided_at": timedelta(days=-1)}}


def call(town, stage="open", *, questions=1, **facts) -> Call:
    """A call of the department of the town, in this stage, open for 30 days, with as many questions."""
    now, facts = clock.now().replace(second=0, microsecond=0), STAGES[stage] | facts
    opens = now + facts.pop("opens_in", timedelta(days=-10))
    if isinstance(decided := facts.get("decided_at"), timedelta):
        facts["decided_at"] = now + decided
    maker = facts.pop("by", None) or town.moderator()
    made = saved(Call(**{
        "slug": f"call-{stage}", "kind": CallKind.LAB, "title": f"골목 실험실 ({stage})", "text": WHY, "themes": [],
        "department_id": town.department().id, "applicants": Applicants.BOTH, "opens_at": opens,
        "closes_at": opens + timedelta(days=30), "criteria": [], "scores_shown": ScoresShown.MEAN,
        "created_by_id": maker.id, "created_at": opens - timedelta(days=9),
        "announced_at": opens - timedelta(days=5)} | facts))
    for number in range(1, questions + 1):
        db.session.add(Question(about_kind=KIND, about_id=made.id, number=number, type=QuestionType.TEXT, options=[],
                                label=f"어떤 문제를 풀고 싶나요? ({number})", needed=True, reader=Reader.PUBLIC))
    db.session.commit()
    return made
