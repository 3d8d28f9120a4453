"""A call that is open, with questions, made by rows; and an application to it."""

from datetime import timedelta

from civic_forum.calls.applying import parts, services
from civic_forum.calls.models import Call
from civic_forum.calls.queries import questions_of
from civic_forum.calls.rules import KIND, Applicants, CallKind, ScoresShown
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.question_rows import Question, QuestionType, Reader
from tests.factories import saved

QUESTIONS = ((QuestionType.TEXT, Reader.PUBLIC, True), (QuestionType.MONEY, Reader.OFFICE, False),
             (QuestionType.LINE, Reader.SEALED, False))


def open_call(town, *, slug="lab", asked=QUESTIONS, days=7, **facts):
    now = clock.now()
    call = saved(Call(**{
        "slug": slug, "kind": CallKind.LAB, "title": "올해의 리빙랩", "department_id": town.department().id,
        "applicants": Applicants.BOTH, "scores_shown": ScoresShown.MEAN, "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=days), "created_by_id": town.moderator().id, "created_at": now,
        "announced_at": now - timedelta(days=2), "themes": [], "criteria": []} | facts))
    for number, (kind, reader, needed) in enumerate(asked, 1):
        saved(Question(about_kind=KIND, about_id=call.id, number=number, type=kind, label=f"질문 {number}", help="",
                       reader=reader, needed=needed, options=[], keep_days=90 if reader is Reader.SEALED else None))
    return call


def answered(call, **values):
    """Typed for each field: title, q1 …"""
    rows = questions_of(call)
    part = parts.part_of(call, rows, draft=True)
    defaults = dict.fromkeys(part.fields()) | {"title": "골목 정거장"}
    if rows:
        defaults[f"q{rows[0].id}"] = "빌라 앞에 쌓여요."
    return part(**defaults | values)


def typed_in(call, *, by, contact=""):
    """Number and code of one that a desk typed in from paper."""
    part = parts.typed_in(call, questions_of(call))
    slip = services.type_in(call.id, part(**vars(answered(call)), by_way=0, contact=contact), by=by)
    return slip.submission.number, slip.code


def sent(call, number, by, *, version=1, at=None, **values):
    """Handed in; None, or by how much it was late."""
    return services.hand_in(call, number, services.Typed(answered(call, **values), version),
                            arrived_at=at or clock.now(), by=by)


def received(call, by, **values):
    """Number of an application that was handed in."""
    number = services.begin(call.id, by=by).number
    sent(call, number, by, **values)
    db.session.rollback()
    return number
