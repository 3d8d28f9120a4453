"""The sample forums in which accounts take part: one that is live, with what has happened in minutes before the
loading and stays so (`staying_live`), and one that is announced."""

from datetime import datetime, timedelta

from civic_forum.attachments import queries as attachments
from civic_forum.blocks import submissions
from civic_forum.district import queries as district
from civic_forum.forums.chat.models import ChatMessage
from civic_forum.forums.floor.models import SpeakingRequest, Turn
from civic_forum.forums.floor.rules import Why
from civic_forum.forums.models import Forum
from civic_forum.forums.pulses.models import Pulse, PulseResponse
from civic_forum.forums.questions.models import Question, QuestionSupport
from civic_forum.forums.record.models import Caption
from civic_forum.forums.registration.models import RecordingConsent, Registration
from civic_forum.forums.registration.operations import KIND, NEEDS
from civic_forum.forums.rules import AgeGroup, ForumEventKind, Place, RequestState, Way
from civic_forum.forums.tables.models import ForumTable
from civic_forum.platform import keys

from .forum_past import Record, pulse_kind

moment = datetime.fromisoformat
LIMIT = {"panel": 600, "participant": 120}
CAME_BEFORE = timedelta(minutes=2)


def write(work, forum: Forum, hall, entry: dict) -> None:
    """Everything up to now; it stays live until its host closes it."""
    record = Record(work, forum)
    forum.opened_at, forum.floor_open, forum.turn_s = moment(entry["starts_at"]), True, LIMIT["participant"]
    forum.interpreter_url, forum.table_question = entry["video"]["text"], entry["tables"][0]["question"]
    record.happened(forum.opened_at, ForumEventKind.FORUM_OPENED)
    record.happened(forum.opened_at, ForumEventKind.FLOOR_OPENED)
    _programme(record, hall, entry)
    if forum.documents_id:
        slide = attachments.of_set(forum.documents_id)[0]
        forum.shown_id = slide.id
        record.happened(forum.items[1].started_at, ForumEventKind.SCREEN_SHOWN, slide.id)
    people = _people(record, hall, entry)
    _floor(record, hall, entry)
    for caption in entry["captions"]:
        _caption(record, hall, caption)
    _questions(record, hall, entry, people)
    for pulse in entry["pulses"]:
        _pulse(record, hall, pulse, people)
    for remark in entry["chat"]:
        at, who = moment(remark["at"]), hall.ids[remark["name"]]
        message = record.put(ChatMessage(forum_id=forum.id, user_id=who, text=remark["text"], at=at))
        record.happened(at, ForumEventKind.CHAT_SAID, message.id, by=who)
    hosts = [hall.ids[name] for name in entry["roles"]["table_hosts"]]
    for table, host in zip(entry["tables"], [*hosts, None, None], strict=True):
        record.put(ForumTable(forum_id=forum.id, number=table["number"], name=table["name"], places=table["seats"],
                              host_id=host))
    record.write()


def _programme(record: Record, hall, entry: dict) -> None:
    starts = [moment(part["starts_at"]) for part in entry["programme"]]
    for number, part in enumerate(entry["programme"]):
        if part["state"] != "next":
            ended = starts[number + 1] if part["state"] == "done" else None
            record.ran(record.forum.items[number], starts[number], ended)
    record.work.session.flush()


def _people(record: Record, hall, entry: dict) -> list[int]:
    """Those who came, on site and online: whoever speaks is among them."""
    forum, present, neighbourhoods = record.forum, entry["present"], district.neighbourhoods()
    count = present["on_site"] + present["online"]
    first = [hall.ids[speaker["name"]] for speaker in (*entry["queue"], *entry["turns"])]
    ids = list(dict.fromkeys([*first, *hall.crowd("forum-live", count)]))[:count]
    for number, who in enumerate(ids):
        came = forum.opened_at - CAME_BEFORE + timedelta(seconds=20 * number)
        registration = Registration(
            forum_id=forum.id, user_id=who, way=Way.ON_SITE if number < present["on_site"] else Way.ONLINE,
            place=Place.HELD, asked_at=forum.announced_at + timedelta(minutes=number), needs=[],
            came_at=max(came, forum.opened_at),
            neighbourhood_id=neighbourhoods[number % len(neighbourhoods)].id if number % 3 else None)
        _hand_in(record, registration)
        record.work.session.add_all([registration, RecordingConsent(
            forum_id=forum.id, user_id=who, given=number % 8 != 0, at=registration.asked_at)])
        record.work.session.flush()
        record.happened(registration.came_at, ForumEventKind.PERSON_CAME, registration.id, by=who)
    return ids


def _floor(record: Record, hall, entry: dict) -> None:
    seen: set[int] = set()
    for speaker in entry["turns"]:
        start, who = moment(speaker["starts_at"]), hall.ids[speaker["name"]]
        record.spoke(Turn(
            forum_id=record.forum.id, user_id=who, role=speaker["role"], about=speaker["belongs_to"],
            topic=speaker["topic"], first_time=speaker["role"] == "participant" and who not in seen,
            why=Why.FIRST_TIME if speaker["role"] == "participant" else None,
            limit_s=LIMIT[speaker["role"]], started_at=start,
            ended_at=None if speaker["seconds"] is None else start + timedelta(seconds=speaker["seconds"])))
        seen.add(who)
    for wish in entry["queue"]:
        at, who = moment(wish["asked_at"]), hall.ids[wish["name"]]
        if not wish["first_time"]:
            _spoke_before(record, who, wish)
        request = record.put(SpeakingRequest(
            forum_id=record.forum.id, user_id=who, for_group=wish.get("for_group"), asked_at=at, number=0,
            state=RequestState.WAITING))
        record.happened(at, ForumEventKind.FLOOR_ASKED, request.id, by=who, asked=request)


def _spoke_before(record: Record, who: int, entry: dict) -> None:
    """They had the floor earlier in this forum: that is why somebody new goes before them."""
    start = record.forum.opened_at + timedelta(minutes=26 + entry["position"] // 3)
    record.spoke(Turn(
        forum_id=record.forum.id, user_id=who, role="participant", for_group=entry.get("for_group"), first_time=True,
        why=Why.FIRST_TIME, limit_s=LIMIT["participant"], started_at=start, ended_at=start + timedelta(seconds=40)))


def _caption(record: Record, hall, entry: dict) -> None:
    at, who = moment(entry["at"]), hall.ids.get(entry["name"])
    caption = record.put(Caption(forum_id=record.forum.id, user_id=who, speaker=None if who else entry["name"],
                                 text=entry["text"], at=at, by_id=hall.ids["moderator2"]))
    record.happened(at, ForumEventKind.CAPTION_WRITTEN, caption.id, by=caption.by_id)


def _questions(record: Record, hall, entry: dict, people: list[int]) -> None:
    known = {}
    for position, question_entry in enumerate(entry["questions"]):
        at, who = moment(question_entry["at"]), hall.ids[question_entry["by"]]
        known[question_entry["id"]] = question = record.put(Question(
            forum_id=record.forum.id, user_id=who, text=question_entry["text"], asked_at=at,
            support_count=question_entry["supports"]))
        record.happened(at, ForumEventKind.QUESTION_ASKED, question.id, by=who)
        supporters = [number for number in people[position:] if number != who][:question_entry["supports"]]
        record.work.session.add_all(QuestionSupport(question_id=question.id, user_id=number, at=at)
                                    for number in supporters)
        if question_entry.get("answer"):
            record.answered(question, question_entry, at + timedelta(minutes=6))
    record.grouped(known, entry["questions"])


def _pulse(record: Record, hall, entry: dict, people: list[int]) -> None:
    at = moment(entry["at"])
    pulse = record.put(Pulse(forum_id=record.forum.id, kind=pulse_kind(entry), text=entry["text"], opened_at=at))
    record.happened(at, ForumEventKind.PULSE_OPENED, pulse.id)
    values = [value for value, count in entry["counts"].items() for _copy in range(count)]
    record.work.session.add_all(PulseResponse(pulse_id=pulse.id, user_id=who, value=value, at=at)
                                for who, value in zip(people, values, strict=False))


GROUPS = (AgeGroup.TO_39, AgeGroup.TO_64, None, AgeGroup.FROM_65)
"""What some of them said."""


def write_announced(work, forum: Forum, hall, entry: dict) -> None:
    record = Record(work, forum)
    people = _register(record, hall, entry)
    for question_entry in entry["questions_beforehand"]:
        at, who = moment(question_entry["at"]), hall.ids[question_entry["by"]]
        question = record.put(Question(
            forum_id=forum.id, user_id=who, text=question_entry["text"], asked_at=at, beforehand=True,
            support_count=question_entry["supports"]))
        record.happened(at, ForumEventKind.QUESTION_ASKED, question.id, by=who)
        supporters = [number for number in people if number != who][:question_entry["supports"]]
        work.session.add_all(QuestionSupport(question_id=question.id, user_id=number, at=at) for number in supporters)
    record.write()


def _register(record: Record, hall, entry: dict) -> list[int]:
    """Named accounts have the place that they are said to have; others fill up the counts."""
    named, counts = entry["registered_accounts"], entry["registration"]["counts"]
    known = {name: [hall.ids[account] for account in named[name]] for name in named}
    others = iter(hall.crowd("forum-announced", sum(counts.values()), {who for ids in known.values() for who in ids}))
    groups = (("on_site", known["on_site"], counts["on_site"], Way.ON_SITE, Place.HELD),
              ("waiting", known["waiting"], counts["waiting_on_site"], Way.ON_SITE, Place.WAITING),
              ("online", known["online"], counts["online"], Way.ONLINE, Place.HELD))
    rows: list[Registration] = []
    for _name, first, count, way, place in groups:
        ids = first + [next(others) for _place in range(count - len(first))]
        rows += [_one(record, who, way, place) for who in ids]
    _space_out(record, rows, hall.loaded)
    _say_needs(rows, entry["accessibility"]["needs"])
    agreed = entry["registration"]["consent_recording"]["yes"]
    record.work.session.add_all(rows)
    record.work.session.add_all(
        RecordingConsent(forum_id=record.forum.id, user_id=registration.user_id, given=number < agreed,
                         at=registration.asked_at)
        for number, registration in enumerate(rows))
    record.work.session.flush()
    return [registration.user_id for registration in rows]


def _one(record: Record, who: int, way: Way, place: Place) -> Registration:
    return Registration(forum_id=record.forum.id, user_id=who, way=way, place=place, needs=[],
                        age_group=GROUPS[who % len(GROUPS)])


def _space_out(record: Record, rows: list[Registration], loaded) -> None:
    """From the first day of registering until an hour ago, in the order in which places were given."""
    begun = record.forum.registration_from
    apart = (loaded - timedelta(hours=1) - begun) / len(rows)
    for number, registration in enumerate(rows):
        registration.asked_at = begun + apart * number
        _hand_in(record, registration)


def _hand_in(record: Record, registration: Registration) -> None:
    registration.submission = submissions.hand_in(record.work.session, KIND, owner_id=registration.user_id,
                                                  at=registration.asked_at)


def _say_needs(rows: list[Registration], needs: list[dict]) -> None:
    """Needs: what is offered is chosen; the rest stands in their own words."""
    position = 0
    for need in needs:
        for _copy in range(need["count"]):
            registration = rows[position % len(rows)]
            if "offered" in need:
                registration.needs = [need["offered"]]
            else:
                registration.needs_sealed = keys.seal(NEEDS, need["text"])
            position += 1
