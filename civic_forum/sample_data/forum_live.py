"""The sample forum that is live: what has happened at it so far, in minutes before the loading."""

from datetime import timedelta

from civic_forum.district import queries as district
from civic_forum.forums.chat.models import ChatMessage
from civic_forum.forums.floor.models import SpeakingRequest, Turn
from civic_forum.forums.floor.rules import Why
from civic_forum.forums.models import Forum
from civic_forum.forums.pulses.models import Pulse, PulseResponse
from civic_forum.forums.questions.models import Question, QuestionSupport
from civic_forum.forums.record.models import Caption
from civic_forum.forums.registration.models import RecordingConsent, Registration
from civic_forum.forums.rules import ForumEventKind, Place, RequestState, Way
from civic_forum.forums.tables.models import ForumTable

from .forum_record import Record, counts_of, pulse_kind

LIMIT = {"panel": 600, "participant": 120}
CAME_BEFORE = timedelta(minutes=2)


def write(work, forum: Forum, hall, entry: dict) -> None:
    """Everything up to now; it stays live until its host closes it."""
    record = Record(work, forum)
    forum.opened_at, forum.floor_open, forum.turn_s = hall.moment(entry["starts_at"]), True, LIMIT["participant"]
    forum.interpreter_url, forum.table_question = entry["video"]["text"], entry["tables"][0]["question"]
    record.happened(forum.opened_at, ForumEventKind.FORUM_OPENED)
    record.happened(forum.opened_at, ForumEventKind.FLOOR_OPENED)
    _programme(record, hall, entry)
    people = _people(record, hall, entry)
    _floor(record, hall, entry)
    for one in entry["captions"]:
        _caption(record, hall, one)
    _questions(record, hall, entry, people)
    for one in entry["pulses"]:
        _pulse(record, hall, one, people)
    for one in entry["chat"]:
        at, who = hall.moment(one["at"]), hall.ids[one["name"]]
        message = record.put(ChatMessage(forum_id=forum.id, user_id=who, text=one["text"], at=at))
        record.happened(at, ForumEventKind.CHAT_SAID, message.id, by=who)
    hosts = [hall.ids[name] for name in entry["roles"]["table_hosts"]]
    for one, host in zip(entry["tables"], [*hosts, None, None], strict=True):
        record.put(ForumTable(forum_id=forum.id, number=one["number"], name=one["name"], places=one["seats"],
                              host_id=host))
    record.write()


def _programme(record: Record, hall, entry: dict) -> None:
    starts = [hall.moment(one["starts_at"]) for one in entry["programme"]]
    for number, one in enumerate(entry["programme"]):
        if one["state"] != "next":
            ended = starts[number + 1] if one["state"] == "done" else None
            record.ran(record.forum.items[number], starts[number], ended)
    record.work.session.flush()


def _people(record: Record, hall, entry: dict) -> list[int]:
    """Those who came, on site and online: whoever speaks is among them."""
    forum, present, neighbourhoods = record.forum, entry["present"], district.neighbourhoods()
    count = present["on_site"] + present["online"]
    first = [hall.ids[one["name"]] for one in (*entry["queue"], *entry["turns"])]
    ids = list(dict.fromkeys([*first, *hall.crowd("forum-live", count)]))[:count]
    for number, who in enumerate(ids):
        came = forum.opened_at - CAME_BEFORE + timedelta(seconds=20 * number)
        one = Registration(
            forum_id=forum.id, user_id=who, way=Way.ON_SITE if number < present["on_site"] else Way.ONLINE,
            place=Place.HELD, asked_at=forum.announced_at + timedelta(minutes=number), needs=[],
            came_at=max(came, forum.opened_at),
            neighbourhood_id=neighbourhoods[number % len(neighbourhoods)].id if number % 3 else None)
        record.work.session.add_all([one, RecordingConsent(forum_id=forum.id, user_id=who, given=number % 8 != 0,
                                                           at=one.asked_at)])
        record.work.session.flush()
        record.happened(one.came_at, ForumEventKind.PERSON_CAME, one.id, by=who)
    return ids


def _floor(record: Record, hall, entry: dict) -> None:
    seen: set[int] = set()
    for one in entry["turns"]:
        start, who = hall.moment(one["starts_at"]), hall.ids[one["name"]]
        record.spoke(Turn(
            forum_id=record.forum.id, user_id=who, role=one["role"], about=one["belongs_to"], topic=one["topic"],
            first_time=one["role"] == "participant" and who not in seen,
            why=Why.FIRST_TIME if one["role"] == "participant" else None,
            limit_s=one.get("limit_seconds", LIMIT[one["role"]]), started_at=start,
            ended_at=None if one["seconds"] is None else start + timedelta(seconds=one["seconds"])))
        seen.add(who)
    for one in entry["queue"]:
        at, who = hall.moment(one["asked_at"]), hall.ids[one["name"]]
        if not one["first_time"]:
            _spoke_before(record, who, one)
        request = record.put(SpeakingRequest(
            forum_id=record.forum.id, user_id=who, for_group=one.get("for_group"), asked_at=at, number=0,
            state=RequestState.WAITING))
        record.happened(at, ForumEventKind.FLOOR_ASKED, request.id, by=who, asked=request)


def _spoke_before(record: Record, who: int, entry: dict) -> None:
    """They had the floor earlier in this forum: that is why somebody new goes before them."""
    start = record.forum.opened_at + timedelta(minutes=26 + entry["position"] // 3)
    record.spoke(Turn(
        forum_id=record.forum.id, user_id=who, role="participant", for_group=entry.get("for_group"), first_time=True,
        why=Why.FIRST_TIME, limit_s=LIMIT["participant"], started_at=start, ended_at=start + timedelta(seconds=40)))


def _caption(record: Record, hall, entry: dict) -> None:
    at, who = hall.moment(entry["at"]), hall.ids.get(entry["name"])
    caption = record.put(Caption(forum_id=record.forum.id, user_id=who, speaker=None if who else entry["name"],
                                 text=entry["text"], at=at, by_id=hall.ids["moderator2"]))
    record.happened(at, ForumEventKind.CAPTION_WRITTEN, caption.id, by=caption.by_id)


def _questions(record: Record, hall, entry: dict, people: list[int]) -> None:
    known = {}
    for position, one in enumerate(entry["questions"]):
        at, who = hall.moment(one["at"]), hall.ids[one["by"]]
        known[one["id"]] = question = record.put(Question(
            forum_id=record.forum.id, user_id=who, text=one["text"], asked_at=at, support_count=one["supports"]))
        record.happened(at, ForumEventKind.QUESTION_ASKED, question.id, by=who)
        supporters = [number for number in people[position:] if number != who][:one["supports"]]
        record.work.session.add_all(QuestionSupport(question_id=question.id, user_id=number, at=at)
                                    for number in supporters)
        if one.get("answer"):
            record.answered(question, one, at + timedelta(minutes=6))
    record.grouped(known, entry["questions"])


def _pulse(record: Record, hall, entry: dict, people: list[int]) -> None:
    at = hall.moment(entry["at"])
    pulse = record.put(Pulse(forum_id=record.forum.id, kind=pulse_kind(entry), text=entry["text"], opened_at=at))
    record.happened(at, ForumEventKind.PULSE_OPENED, pulse.id)
    values = [value for value, count in counts_of(entry).items() for _one in range(count)]
    record.work.session.add_all(PulseResponse(pulse_id=pulse.id, user_id=who, value=value, at=at)
                                for who, value in zip(people, values, strict=False))
