"""The numbered list of what happened at a sample forum, in the order of time."""

from dataclasses import dataclass, field
from datetime import datetime

from civic_forum.forums.floor.models import Turn
from civic_forum.forums.models import Forum, ForumEvent, ProgrammeItem
from civic_forum.forums.questions.models import Question
from civic_forum.forums.rules import AgeGroup, ForumEventKind, PulseKind
from civic_forum.kernel.work import Work

PULSE_VALUES = {"네": "yes", "아니요": "no", "잘 모르겠어요": "unsure"}


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
        for number, (_at, event, asked) in enumerate(sorted(self.events, key=lambda one: one[0]),
                                                     self.forum.last_number + 1):
            event.number = number
            self.work.session.add(event)
            if asked is not None:
                asked.number = number
        self.forum.last_number += len(self.events)

    def item_at(self, at: datetime) -> ProgrammeItem | None:
        begun = [one for one in self.forum.items if one.started_at and one.started_at <= at]
        return max(begun, key=lambda one: one.started_at, default=None)

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


def counts_of(entry: dict) -> dict[str, int]:
    return {PULSE_VALUES.get(word, word): count for word, count in entry["counts"].items()}
