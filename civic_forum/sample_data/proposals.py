"""The proposals of the sample district, as things that happen at their moments."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from secrets import token_hex

import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from civic_forum.accounts.models import User
from civic_forum.agendas.services import merging
from civic_forum.answers import services as filings
from civic_forum.attachments import services as attachments
from civic_forum.district import queries as district
from civic_forum.district.labels import CATEGORY
from civic_forum.kernel.base import db
from civic_forum.kernel.work import use_case
from civic_forum.moderation import services as moderation
from civic_forum.moderation.rules import Decision, Rule
from civic_forum.proposals import services as proposals
from civic_forum.proposals import steps
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import Basics, Body, Channel, Mover, State, Text

from . import answers, crowd, pictures
from .people import read
from .comments import RULES, SampleComments
from .timeline import TimelineEvent, after, instant, lately, spread

OFFICIAL = "official1"
A_DAY = timedelta(days=1)
A_MONTH = timedelta(days=30)
CATEGORIES = {str(word): category for category, word in CATEGORY.items()}
AFTER_ANSWER = (State.DECIDED, State.IN_PROGRESS, State.DONE)
"""What an answer leads to, a month apart."""
DECIDED = {outcome["about"].get("proposal") for outcome in read("outcomes")}
"""Keys of proposals with an outcome of their own, which moves them; others are moved by that of their agenda."""


@dataclass
class SampleProposal:
    """One proposal of proposals.json with its comments, on its way through the services."""

    entry: dict
    remarks: list[dict]
    agenda: dict | None
    loaded: datetime
    people: crowd.Crowd
    papers: dict[str, "SampleProposal"]
    id: int = 0
    thread_id: int = 0
    merge_id: int = 0
    action_id: int = 0
    appeal_id: int = 0
    comment_ids: dict[str, int] = field(default_factory=dict)

    def happenings(self) -> list[TimelineEvent]:
        made = [(self.created, self.write)]
        if self.entry["state"] != "draft":
            made += [(self.created, self.attach), (self.created, self.hand_in)]
        made += self._edits() + self._supports() + self._follows() + self._course() + SampleComments(self).happenings()
        now = self.loaded - timedelta(minutes=1)
        return [TimelineEvent(at, order, what) for order, (at, what) in enumerate(made) if at <= now]

    @property
    def created(self) -> datetime:
        return self.moment(self.entry["created"])

    def moment(self, text: str) -> datetime:
        return instant(text, self.loaded)

    def said_at(self, comment: str) -> datetime:
        """Moment at which the comment with this key was written."""
        return next(after(one["time"], self.created) for one in self.remarks if one["key"] == comment)

    def author(self) -> User:
        return self.people.user(self.entry["author"])

    def record(self) -> Proposal:
        return db.session.get_one(Proposal, self.id)

    # Writing

    def write(self) -> None:
        """The draft in two steps, in the words of the first version."""
        entry, first = self.entry, (self.entry.get("versions") or [self.entry])[0]
        self.key = token_hex(16)
        places = {one.name_ko: one.id for one in district.neighbourhoods()}
        audiences = {one.name_ko: one.id for one in district.audiences()}
        author = self.author()
        proposals.save_draft(self.key, Basics(
            title=first["title"], category=CATEGORIES[entry["category"]],
            neighbourhood_id=places.get(entry["neighbourhood"]),
            audience_ids=tuple(audiences[name] for name in entry["audiences"])), by=author)
        self.id = proposals.save_draft(self.key, Body(problem=first["problem"], wish=first["wish"]), by=author).id

    def attach(self) -> None:
        for file in self.entry.get("attachments", ()):
            upload = FileStorage(BytesIO(pictures.file_of(file["name"])), filename=file["name"])
            proposals.attach(self.key, [(attachments.prepare(upload), file["description"])], by=self.author())

    def hand_in(self) -> None:
        entry = self.entry
        if entry["state"] == "held":
            self._hold()
        else:
            self.thread_id = proposals.publish(self.key, by=self.author()).thread_id
        if entry["channel"] != "online" or entry["language"] != "ko":
            with use_case(None):
                record = self.record()
                record.channel, record.language = Channel(entry["channel"]), entry["language"]
        if entry.get("formal"):
            author = self.author()
            filings.file(self.id, name=f"{author.nickname} (예시)", contact=author.email or "02-000-0000", by=author)

    def _hold(self) -> None:
        with use_case(None) as work:
            record = self.record()
            steps.register(work.session, record, year=work.at.year)
            steps.move(work.session, record, State.HELD, Mover.AUTHOR, at=work.at)
            record.edited_at = work.at

    def _edits(self) -> list:
        texts = [*self.entry.get("versions", ()), self.entry]
        return [(self.moment(before["until"]), lambda text=text: self._edit(text))
                for before, text in zip(texts, texts[1:])]

    def _edit(self, text: dict) -> None:
        proposals.edit(self.id, Text(text["title"], text["problem"], text["wish"]),
                       version=self.record().version, by=self.author())

    # Support

    def _supports(self) -> list:
        end = self.created + timedelta(days=19, hours=20)
        moments = []
        count = self.entry["supports"]
        if reached := self.entry.get("threshold_reached"):
            reached = self.moment(reached)
            moments = spread(self.created, reached, 20)
            count -= 20
            moments += spread(reached, max(end, reached + timedelta(days=5)), count) if count else []
        elif count:
            until = min([end, lately(self.created, self.loaded), *self._ends()])
            moments = spread(self.created, until, count)
        names = self.people.some(self.entry["key"], len(moments), self.created, but=self.entry["author"])
        return [(at, lambda name=name: self._support(name)) for at, name in zip(moments, names)]

    def _ends(self) -> list[datetime]:
        """Moment at which support closes before its time."""
        return self.closings(self.created) + [self.moment(answer["date"]) - timedelta(hours=3)
                                               for answer in self.entry.get("answers", ())
                                               if answer["kind"] == "final"]

    def closings(self, since: datetime) -> list[datetime]:
        """Shortly before the moments after this one at which nobody may write any more."""
        entry = self.entry
        texts = [entry.get("withdrawn"), entry.get("merged"), (entry.get("hidden") or {}).get("on"),
                 (entry.get("merge_undone") or {}).get("merged")]
        moments = [self.moment(text) - timedelta(minutes=5) for text in texts if text]
        return [moment for moment in moments if moment > since]

    def _support(self, name: str) -> None:
        proposals.support(self.id, by=self.people.user(name))

    def _follows(self) -> list:
        names = self.people.some(f"{self.entry['key']} follows", self.entry["followers"], self.created,
                                 but=self.entry["author"])
        last = min([self.created + A_MONTH, lately(self.created, self.loaded), *self.closings(self.created)])
        if self.entry["state"] in ("draft", "held") or last <= self.created:
            return []
        return [(at, lambda name=name: proposals.follow(self.id, by=self.people.user(name)))
                for at, name in zip(spread(self.created, last, len(names)), names)]

    # What became of it

    def _course(self) -> list:
        entry, made = self.entry, []
        if entry.get("withdrawn"):
            made.append((self.moment(entry["withdrawn"]), self._withdraw))
        if entry.get("merged_into"):
            made.append((self.moment(entry["merged"]),
                         lambda: self._merge(entry["merged_into"], entry["merge_reason"])))
        if undone := entry.get("merge_undone"):
            made.append((self.moment(undone["merged"]), lambda: self._merge(undone["into"], undone["merge_reason"])))
            made.append((self.moment(undone["undone"]), lambda: self._unmerge(undone["undo_reason"])))
        if hidden := entry.get("hidden"):
            made.append((self.moment(hidden["on"]), lambda: self._hide(hidden)))
            if appeal := hidden["appeal"]:
                made.append((self.moment(appeal["on"]), lambda: self._appeal(appeal)))
                made.append((self.moment(appeal["decided"]), lambda: self._decide_appeal(appeal)))
        return made + self._answers()

    def _answers(self) -> list:
        """Into the agenda, the final answer, and on from there, as far as the proposal has come."""
        state, made = State(self.entry["state"]), []
        reached = AFTER_ANSWER[:AFTER_ANSWER.index(state) + 1] if state in AFTER_ANSWER else ()
        final = next((answer for answer in self.entry.get("answers", ()) if answer["kind"] == "final"), None)
        grouped = self.agenda and (state is State.IN_AGENDA or final is None and reached)
        if self.entry["key"] in DECIDED or grouped and self.agenda["outcome"]:
            reached = ()
        if grouped:
            made.append((self.moment(self.agenda["created"]), lambda: self.move(
                State.IN_AGENDA, Mover.MODERATOR, evidence=self.agenda["question"][:200])))
        made += [(self.moment(answer["date"]), lambda answer=answer: self._answer(answer))
                 for answer in self.entry.get("answers", ())]
        if self.entry.get("assigned_department"):
            owed = self.moment(self.entry["threshold_reached"]) if "threshold_reached" in self.entry else self.created
            made.append((owed + A_DAY, self._put_on_the_table))
        start = self.created
        if final or grouped:
            start = self.moment(final["date"] if final else self.agenda["created"])
        made += [(start + A_MONTH * number, lambda after=after: self.move(after, Mover.OFFICIAL))
                 for number, after in enumerate(reached, 1)]
        return made

    def _answer(self, answer: dict) -> None:
        proposals.lapse_due()
        answers.publish(self.id, answer, by=self.people.user(OFFICIAL))

    def _put_on_the_table(self) -> None:
        answers.put_on_the_table(self.id, self.entry, by=self.people.user(OFFICIAL))

    def move(self, state: State, mover: Mover, evidence: str | None = None) -> None:
        proposals.lapse_due()
        with use_case(None) as work:
            steps.move(work.session, self.record(), state, mover, at=work.at, evidence=evidence)

    def _withdraw(self) -> None:
        proposals.withdraw(self.id, reason=self.entry["withdrawn_reason"], by=self.author())

    def _merge(self, other: str, reason: str) -> None:
        self.merge_id = merging.merge(self.id, self.papers[other].id, reason, by=self.people.user("moderator1")).id

    def _unmerge(self, reason: str) -> None:
        merging.undo(self.merge_id, reason, by=self.people.user("moderator1"))

    def _hide(self, hidden: dict) -> None:
        decision = Decision(hide=True, account=None, rule=Rule(RULES[hidden["rule"]]), reason=hidden["reason"])
        act, = moderation.decide("proposal", self.id, decision, by=self.people.user(hidden["by"]))
        self.action_id = act.id

    def _appeal(self, appeal: dict) -> None:
        self.appeal_id = moderation.appeal(self.action_id, text=appeal["text"], by=self.author()).id

    def _decide_appeal(self, appeal: dict) -> None:
        moderation.decide_appeal(self.appeal_id, upheld=appeal["outcome"] == "upheld", decision=appeal["reason"],
                                 by=self.people.user(appeal["by"]))


def number_of_proposals() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Proposal)) or 0
