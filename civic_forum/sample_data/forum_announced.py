"""The sample forum that is announced: who registered, who waits, what is needed, and what was asked beforehand."""

from datetime import timedelta

from civic_forum.forums.models import Forum
from civic_forum.forums.questions.models import Question, QuestionSupport
from civic_forum.forums.registration.models import RecordingConsent, Registration
from civic_forum.forums.registration.operations import NEEDS
from civic_forum.forums.rules import AgeGroup, ForumEventKind, Place, Way
from civic_forum.kernel import keys
from civic_forum.kernel.i18n import josa

from .forum_record import Record

GROUPS = (AgeGroup.TO_39, AgeGroup.TO_64, None, AgeGroup.FROM_65)
"""What some of them said."""
OFFERED = {"자막": "실시간 자막", "수어 통역": "수어 통역", "큰 글씨 종이 자료": "큰 글씨 자료", "휠체어 자리": "휠체어 자리"}
"""What is needed, as it is offered."""


def write(work, forum: Forum, hall, entry: dict) -> None:
    record = Record(work, forum)
    people = _register(record, hall, entry)
    for one in entry["questions_beforehand"]:
        at, who = hall.moment(one["at"]), hall.ids[one["by"]]
        question = record.put(Question(forum_id=forum.id, user_id=who, text=one["text"], asked_at=at, beforehand=True,
                                       support_count=one["supports"]))
        record.happened(at, ForumEventKind.QUESTION_ASKED, question.id, by=who)
        supporters = [number for number in people if number != who][:one["supports"]]
        work.session.add_all(QuestionSupport(question_id=question.id, user_id=number, at=at) for number in supporters)
    record.write()


def _register(record: Record, hall, entry: dict) -> list[int]:
    """Named accounts have the place that they are said to have; others fill up the counts."""
    named, counts = entry["registered_accounts"], entry["registration"]["counts"]
    known = {name: [hall.ids[one] for one in named[name]] for name in named}
    others = iter(hall.crowd("forum-announced", sum(counts.values()), {one for some in known.values() for one in some}))
    groups = (("on_site", known["on_site"], counts["on_site"], Way.ON_SITE, Place.HELD),
              ("waiting", known["waiting"], counts["waiting_on_site"], Way.ON_SITE, Place.WAITING),
              ("online", known["online"], counts["online"], Way.ONLINE, Place.HELD))
    rows: list[Registration] = []
    for _name, first, count, way, place in groups:
        ids = first + [next(others) for _one in range(count - len(first))]
        rows += [_one(record, who, way, place) for who in ids]
    _space_out(rows, record.forum.registration_from, hall.loaded)
    _say_needs(rows, entry["accessibility"]["needs"])
    agreed = entry["registration"]["consent_recording"]["yes"]
    record.work.session.add_all(rows)
    record.work.session.add_all(
        RecordingConsent(forum_id=record.forum.id, user_id=one.user_id, given=number < agreed, at=one.asked_at)
        for number, one in enumerate(rows))
    record.work.session.flush()
    return [one.user_id for one in rows]


def _one(record: Record, who: int, way: Way, place: Place) -> Registration:
    return Registration(forum_id=record.forum.id, user_id=who, way=way, place=place, needs=[],
                        age_group=GROUPS[who % len(GROUPS)])


def _space_out(rows: list[Registration], begun, loaded) -> None:
    """From the first day of registering until an hour ago, in the order in which places were given."""
    apart = (loaded - timedelta(hours=1) - begun) / len(rows)
    for number, one in enumerate(rows):
        one.asked_at = begun + apart * number


def _say_needs(rows: list[Registration], needs: list[dict]) -> None:
    """Needs: what is offered is chosen; the rest stands in their own words."""
    position = 0
    for need in needs:
        offered = OFFERED.get(need["need"])
        for _one in range(need["count"]):
            one = rows[position % len(rows)]
            if offered:
                one.needs = [offered]
            else:
                one.needs_sealed = keys.seal(NEEDS, f"{josa(need['need'], '이/가')} 필요해요.")
            position += 1
