"""Records of sample forums: the numbered list of what happened, and the forum of 2020, with everything that is in its
record, written down as it was then."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from civic_forum.answers import operations as duties
from civic_forum.district import queries as district
from civic_forum.forums.events import DecisionWritten, ForumAnnounced
from civic_forum.forums.floor.models import SpeakingRequest, Turn
from civic_forum.forums.floor.rules import Why
from civic_forum.forums.minutes.models import Correction, Minutes
from civic_forum.forums.models import Forum, ForumDuty, ForumEvent, ProgrammeItem
from civic_forum.forums.preparing.process import fresh_code
from civic_forum.forums.pulses.models import Pulse
from civic_forum.forums.questions.models import Question
from civic_forum.forums.record.models import Caption, Decision
from civic_forum.forums.rules import (AgeGroup, CorrectionState, Duty, ForumEventKind, MinutesKind, PulseKind,
                                      RequestState, Seating)
from civic_forum.forums.tables.models import ForumTable, Note, NoteGroup
from civic_forum.platform.work import Work


@dataclass
class Record:
    """Rows go in as they come; events are numbered when all are known."""

    work: Work
    forum: Forum
    events: list[tuple[datetime, ForumEvent, object]] = field(default_factory=list)

    def put(self, row):
        """A row with its id."""
        self.work.session.add(row)
        self.work.session.flush()
        return row

    def happened(self, at: datetime, kind: ForumEventKind, subject_id: int | None = None, *, by: int | None = None,
                 asked: object = None, **details) -> None:
        """`asked` is what keeps the number of this event."""
        event = ForumEvent(forum_id=self.forum.id, at=at, kind=kind, subject_id=subject_id, by_id=by, details=details)
        self.events.append((at, event, asked))

    def write(self) -> None:
        """Number everything 1, 2, 3 … by its time."""
        for number, (_at, event, asked) in enumerate(sorted(self.events, key=lambda happening: happening[0]),
                                                     self.forum.last_number + 1):
            event.number = number
            self.work.session.add(event)
            if asked is not None:
                asked.number = number
        self.forum.last_number += len(self.events)

    def item_at(self, at: datetime) -> ProgrammeItem | None:
        begun = [item for item in self.forum.items if item.started_at and item.started_at <= at]
        return max(begun, key=lambda item: item.started_at, default=None)

    def ran(self, item: ProgrammeItem, started: datetime, ended: datetime | None) -> None:
        item.started_at, item.ended_at = started, ended
        self.happened(started, ForumEventKind.ITEM_STARTED, item.id, number=item.number)
        if ended is not None:
            self.happened(ended, ForumEventKind.ITEM_ENDED, item.id, number=item.number)

    def spoke(self, turn: Turn) -> Turn:
        """Somebody had the floor, and has it still where the turn has no end."""
        item = self.item_at(turn.started_at)
        turn.item_id = item.id if item else None
        self.put(turn)
        self.happened(turn.started_at, ForumEventKind.TURN_STARTED, turn.id, limit_s=turn.limit_s, why=turn.why)
        if turn.ended_at is not None:
            self.happened(turn.ended_at, ForumEventKind.TURN_ENDED, turn.id,
                          seconds=int((turn.ended_at - turn.started_at).total_seconds()))
        return turn

    def answered(self, question: Question, entry: dict, at: datetime) -> None:
        question.answer, question.answered_by, question.answered_at = entry["answer"], entry["answered_by"], at
        self.happened(at, ForumEventKind.QUESTION_ANSWERED, question.id, changed=False)
        if later := entry.get("later"):
            departments = district.ids_by_name(district.departments())
            duties.owe(self.work, question.ref, departments[later["department"]], later["days"])

    def grouped(self, questions: dict[str, Question], entries: list[dict]) -> None:
        """Put those that ask the same under the one they stand under."""
        for entry in entries:
            if entry.get("grouped_with"):
                question, head = questions[entry["id"]], questions[entry["grouped_with"]]
                question.grouped_under_id, head.group_count = head.id, head.group_count + 1
                self.happened(max(question.asked_at, head.asked_at), ForumEventKind.QUESTION_GROUPED, question.id,
                              under=head.id)


def age_group(text: str | None) -> AgeGroup | None:
    return AgeGroup(text) if text else None


def pulse_kind(entry: dict) -> PulseKind:
    return PulseKind(entry["kind"])


ANNOUNCED_BEFORE = timedelta(days=21)
LIMITS = {"host": 600, "panel": 600, "official": 180, "participant": 120}
ANSWERED_AFTER, PULSE_FOR = timedelta(minutes=6), timedelta(seconds=90)


def write(work, hall, entry: dict) -> None:
    """The forum with its record and its minutes, signed; it can be found like any other."""
    record = Record(work, _forum(work, hall, entry))
    forum = record.forum
    record.happened(forum.opened_at, ForumEventKind.FORUM_OPENED)
    _programme(record, entry)
    turns = _turns(record, entry)
    _captions(record, entry, turns)
    _questions(record, entry)
    for pulse in entry["pulses"]:
        _pulse(record, pulse)
    _tables(record, entry)
    _decisions(record, entry)
    _minutes(record, entry)
    record.happened(forum.closed_at, ForumEventKind.FORUM_CLOSED)
    record.write()
    work.emit(ForumAnnounced(forum.id))


def _forum(work, hall, entry: dict) -> Forum:
    starts, ends = (datetime.fromisoformat(entry[name]) for name in ("starts_at", "ends_at"))
    forum = Forum(
        slug=entry["slug"], code=fresh_code(), title=entry["title"], programme_name=entry["programme_name"],
        label=entry["label"], question=entry["agenda"], place=entry["place"], starts_at=starts, ends_at=ends,
        on_site_places=entry["max_on_site"], online_places=entry["max_online"], accessibility=entry["accessibility"],
        recording_note=entry["consent"]["recording"], invented=entry["invented"], came=entry["came"],
        created_at=starts - ANNOUNCED_BEFORE, announced_at=starts - ANNOUNCED_BEFORE, opened_at=starts, closed_at=ends,
        chat_open=False, seating=Seating.MIXED, table_question=entry["tables"][0]["question"])
    work.session.add(forum)
    work.session.flush()
    for speaker in entry["speakers"]:
        duty = {"host": Duty.HOST, "panel": Duty.PANEL}.get(speaker["role"])
        if duty:
            work.session.add(ForumDuty(forum_id=forum.id, duty=duty, name=speaker["name"], about=speaker["belongs_to"],
                                       topic=speaker["topic"]))
    work.session.flush()
    return forum


def _programme(record: Record, entry: dict) -> None:
    starts = [datetime.fromisoformat(part["starts_at"]) for part in entry["programme"]]
    for part, start, end in zip(entry["programme"], starts, [*starts[1:], record.forum.closed_at], strict=True):
        item = record.put(ProgrammeItem(forum_id=record.forum.id, number=part["number"], title=part["title"],
                                        text=part["text"], minutes=part["minutes"]))
        record.ran(item, start, end)
    record.work.session.expire(record.forum, ["items"])


def _turns(record: Record, entry: dict) -> list[Turn]:
    speakers, places = {speaker["id"]: speaker for speaker in entry["speakers"]}, {
        neighbourhood.name_ko: neighbourhood.id for neighbourhood in district.neighbourhoods()}
    return [_turn(record, speakers[turn.get("speaker", turn.get("id"))], turn, places)
            for turn in sorted([*entry["speakers"], *entry["host_turns"]], key=lambda turn: turn["starts_at"])]


def _turn(record: Record, who: dict, spoken: dict, places: dict[str, int]) -> Turn:
    start, length = datetime.fromisoformat(spoken["starts_at"]), spoken["seconds"]
    why = Why(spoken["queue_reason"]) if spoken.get("queue_reason") else None
    request = _request(record, who, spoken, start) if why else None
    return record.spoke(Turn(
        forum_id=record.forum.id, request_id=request and request.id, name=who["name"], role=who["role"],
        about=who["belongs_to"], for_group=who["for_group"], topic=spoken.get("topic"),
        neighbourhood_id=places.get(who["belongs_to"]), age_group=age_group(who["age"]),
        first_time=who["first_time"] and "id" in spoken, why=why, limit_s=max(LIMITS[who["role"]], -length // 60 * -60),
        started_at=start, ended_at=start + timedelta(seconds=length)))


def _request(record: Record, who: dict, spoken: dict, called: datetime) -> SpeakingRequest:
    asked = datetime.fromisoformat(spoken["asked_at"])
    request = record.put(SpeakingRequest(
        forum_id=record.forum.id, name=who["name"], topic=spoken["topic"], for_group=who["for_group"], asked_at=asked,
        number=0, state=RequestState.CALLED, ended_at=called))
    record.happened(asked, ForumEventKind.FLOOR_ASKED, request.id, asked=request)
    return request


def _captions(record: Record, entry: dict, turns: list[Turn]) -> None:
    names = {speaker["id"]: speaker["name"] for speaker in entry["speakers"]}
    for line in entry["captions"]:
        at, name = datetime.fromisoformat(line["at"]), names.get(line["speaker"], line["speaker"])
        turn = next((turn for turn in reversed(turns) if turn.name == name and turn.started_at <= at), None)
        caption = record.put(Caption(forum_id=record.forum.id, turn_id=turn and turn.id, speaker=name,
                                     text=line["text"], at=at))
        record.happened(at, ForumEventKind.CAPTION_WRITTEN, caption.id)


def _questions(record: Record, entry: dict) -> None:
    known = {}
    for question_entry in entry["questions"]:
        at = datetime.fromisoformat(question_entry["at"])
        known[question_entry["id"]] = question = record.put(Question(
            forum_id=record.forum.id, name=question_entry["by"], text=question_entry["text"], asked_at=at,
            support_count=question_entry["supports"]))
        record.happened(at, ForumEventKind.QUESTION_ASKED, question.id)
        if question_entry["answer"]:
            record.answered(question, question_entry, min(at + ANSWERED_AFTER, record.forum.closed_at))
    record.grouped(known, entry["questions"])


def _pulse(record: Record, entry: dict) -> None:
    at, kind = datetime.fromisoformat(entry["at"]), pulse_kind(entry)
    ended = at + PULSE_FOR
    pulse = record.put(Pulse(forum_id=record.forum.id, kind=kind, text=entry["text"], opened_at=at, closed_at=ended,
                             counts=entry["counts"]))
    record.happened(at, ForumEventKind.PULSE_OPENED, pulse.id)
    record.happened(ended, ForumEventKind.PULSE_CLOSED, pulse.id)


def _tables(record: Record, entry: dict) -> None:
    number = next(part["number"] for part in entry["programme"] if part.get("at_tables"))
    item = next(item for item in record.forum.items if item.number == number)
    begun, ended = item.started_at, item.ended_at
    record.forum.seated_at = record.forum.tables_opened_at = begun
    record.forum.tables_closed_at = ended
    record.happened(begun, ForumEventKind.TABLES_SEATED, how=Seating.MIXED.value, tables=len(entry["tables"]))
    record.happened(begun, ForumEventKind.TABLES_OPENED, minutes=item.minutes)
    for table in entry["tables"]:
        _table(record, table, begun, ended)
    record.happened(ended, ForumEventKind.TABLES_CLOSED)


def _table(record: Record, entry: dict, begun: datetime, ended: datetime) -> None:
    handed = ended - timedelta(minutes=1)
    table = record.put(ForumTable(
        forum_id=record.forum.id, number=entry["number"], name=entry["name"], host_name=entry["host"],
        places=entry["seats"], handed_at=handed, result=" · ".join(group["title"] for group in entry["groups"])))
    notes = [(group, note) for group in range(len(entry["groups"])) for note in entry["groups"][group]["notes"]]
    groups = [record.put(NoteGroup(table_id=table.id, number=number, title=group["title"]))
              for number, group in enumerate(entry["groups"], 1)]
    apart = (handed - begun) / (len(notes) + len(groups) + 1)
    for position, (group, note) in enumerate(notes, 1):
        at = begun + apart * position
        written = record.put(Note(
            table_id=table.id, group_id=groups[group].id, on_paper=note["from"] == "paper", text=note["text"], at=at,
            strongest=note["strong"]))
        record.happened(at, ForumEventKind.NOTE_WRITTEN, written.id, number=table.number)
    for position, group in enumerate(groups, len(notes) + 1):
        record.happened(begun + apart * position, ForumEventKind.NOTE_GROUPED, group.id, number=table.number)
    record.happened(handed, ForumEventKind.TABLE_HANDED, table.id, number=table.number, again=False)


def _decisions(record: Record, entry: dict) -> None:
    departments = {department.name_ko: department.id for department in district.departments()}
    last = datetime.fromisoformat(entry["host_turns"][-1]["starts_at"])
    for position, decision_entry in enumerate(entry["decisions"], 1):
        at, department = last + timedelta(minutes=position), departments.get(decision_entry["department"])
        decision = record.put(Decision(
            forum_id=record.forum.id, text=decision_entry["text"], department_id=department,
            department_name=None if department else decision_entry["department"],
            due_on=date.fromisoformat(decision_entry["due"]), at=at, progress=decision_entry["progress"]))
        record.happened(at, ForumEventKind.DECISION_MADE, decision.id)
        record.work.emit(DecisionWritten(decision.id))


def _minutes(record: Record, entry: dict) -> None:
    """The draft as it read before the corrections, the corrections, and what was signed."""
    told = entry["minutes"]
    first, second = told["versions"]
    drafted, signed = (datetime.fromisoformat(version["at"]) for version in (first, second))
    forum_id = record.forum.id
    record.put(Minutes(forum_id=forum_id, version=1, kind=MinutesKind.DRAFT, note=first["note"], made_at=drafted,
                       published_at=drafted,
                       sections=[_before(section, told["corrections"]) for section in told["sections"]]))
    for correction in told["corrections"]:
        record.put(Correction(
            forum_id=forum_id, version=1, place=correction["where"], was=correction["was"], becomes=correction["now"],
            at=datetime.fromisoformat(correction["at"]), state=CorrectionState(correction["state"]),
            reply=correction["reply"], replied_at=signed))
    record.put(Minutes(forum_id=forum_id, version=2, kind=MinutesKind.SIGNED, note=second["note"], made_at=signed,
                       published_at=signed, signed_at=signed, signed_by=told["signed_by"], sections=told["sections"]))
    record.forum.signed_version = 2


def _before(section: dict, corrections: list[dict]) -> dict:
    text = section["text"]
    for correction in corrections:
        text = text.replace(correction["now"], correction["was"])
    return section | {"text": text}
