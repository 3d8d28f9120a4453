"""The proposals of the sample district with their comments, as things that happen at their moments."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from secrets import token_hex

import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from civic_forum.accounts.models import User
from civic_forum.answers.services import author as filings
from civic_forum.attachments import services as attachments
from civic_forum.comments import services as comments
from civic_forum.comments import operations as comment_steps
from civic_forum.comments.models import Comment, Thread
from civic_forum.comments.rules import Stance
from civic_forum.district import queries as district
from civic_forum.platform import rich_text
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from civic_forum.proposals import operations
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import Basics, Body, Channel, Mover, State, Text
from civic_forum.proposals.services import drafts, publication, supports

from . import pictures
from .people import Crowd
from .timeline import TimelineEvent, after, instant, lately, spread

A_MONTH = timedelta(days=30)
AFTER_STEPS = 10_000
"""At the same moment texts come after steps, so that nothing is said of a proposal before it stands by itself again."""


@dataclass
class SampleProposal:
    """One proposal of proposals.json with its comments and supports; what became of it are steps of other files."""

    entry: dict
    remarks: list[dict]
    loaded: datetime
    people: Crowd
    ids: dict[str, int]
    """Where it registers its number and those of its comments."""
    thread_id: int = 0

    def happenings(self) -> list[TimelineEvent]:
        made = [(self.created, self.write)]
        if self.entry["state"] != "draft":
            made += [(self.created, self.attach), (self.created, self.hand_in)]
        made += self._edits() + self._supports() + self._follows() + CommentsOnProposal(self).happenings()
        return after_steps(made, self.loaded)

    @property
    def created(self) -> datetime:
        return self.moment(self.entry["created"])

    def moment(self, text: str) -> datetime:
        return instant(text, self.loaded)

    @property
    def id(self) -> int:
        return self.ids[f"proposal:{self.entry['key']}"]

    def moments(self) -> dict[str, datetime]:
        """Moments at which it and its comments are written."""
        return {f"proposal:{self.entry['key']}": self.created} | {
            f"comment:{remark['key']}": after(remark["time"], self.created) for remark in self.remarks}

    def author(self) -> User:
        return self.people.user(self.entry["author"])

    def record(self) -> Proposal:
        return db.session.get_one(Proposal, self.id)

    # Writing

    def write(self) -> None:
        """The draft in two steps, in the words of the first version."""
        entry, first = self.entry, (self.entry.get("versions") or [self.entry])[0]
        self.key = token_hex(16)
        places = {neighbourhood.name_ko: neighbourhood.id for neighbourhood in district.neighbourhoods()}
        audiences = {audience.name_ko: audience.id for audience in district.audiences()}
        author = self.author()
        drafts.save_draft(self.key, Basics(
            title=first["title"], category=district.category_keys()[entry["category"]],
            neighbourhood_id=places.get(entry["neighbourhood"]),
            audience_ids=tuple(audiences[name] for name in entry["audiences"])), by=author)
        made = drafts.save_draft(self.key, Body(problem=first["problem"], wish=first["wish"]), by=author)
        self.ids[f"proposal:{entry['key']}"] = made.id

    def attach(self) -> None:
        for file in self.entry.get("attachments", ()):
            upload = FileStorage(BytesIO(pictures.file_of(file["name"])), filename=file["name"])
            drafts.attach(self.key, [(attachments.prepare(upload), file["description"])], by=self.author())

    def hand_in(self) -> None:
        entry = self.entry
        if entry["state"] == "held":
            self._hold()
        else:
            self.thread_id = publication.publish(self.key, by=self.author()).thread_id
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
            operations.register(work.session, record, year=work.at.year)
            operations.move(work.session, record, State.HELD, Mover.AUTHOR, at=work.at)
            record.edited_at = work.at

    def _edits(self) -> list:
        texts = [*self.entry.get("versions", ()), self.entry]
        return [(self.moment(before["until"]), lambda text=text: self._edit(text))
                for before, text in zip(texts, texts[1:])]

    def _edit(self, text: dict) -> None:
        publication.edit(self.id, Text(text["title"], text["problem"], text["wish"]),
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
        answered = self.entry.get("answered")
        return self.closings(self.created) + ([self.moment(answered) - timedelta(hours=3)] if answered else [])

    def closings(self, since: datetime) -> list[datetime]:
        """Shortly before the moments after this one at which nobody may write any more."""
        moments = [self.moment(text) - timedelta(minutes=5) for text in self.entry.get("closed", ())]
        return [moment for moment in moments if moment > since]

    def _support(self, name: str) -> None:
        supports.support(self.id, by=self.people.user(name))

    def _follows(self) -> list:
        names = self.people.some(f"{self.entry['key']} follows", self.entry["followers"], self.created,
                                 but=self.entry["author"])
        last = min([self.created + A_MONTH, lately(self.created, self.loaded), *self.closings(self.created)])
        if self.entry["state"] in ("draft", "held") or last <= self.created:
            return []
        return [(at, lambda name=name: supports.follow(self.id, by=self.people.user(name)))
                for at, name in zip(spread(self.created, last, len(names)), names)]


def after_steps(made: Iterable[tuple[datetime, Callable[[], object]]], loaded: datetime) -> list[TimelineEvent]:
    """Those before the loading as events, which come after steps of the same moment."""
    now = loaded - timedelta(minutes=1)
    return [TimelineEvent(at, AFTER_STEPS + order, what) for order, (at, what) in enumerate(made) if at <= now]


def number_of_proposals() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Proposal)) or 0


@dataclass
class SampleComments:
    """The comments on one thing on their way through the services."""

    remarks: list[dict]
    created: datetime
    loaded: datetime
    people: Crowd
    ids: dict[str, int]
    thread: Callable[[], int]
    """Id of the thread, once the thing is there."""

    def happenings(self) -> list[tuple[datetime, Callable[[], object]]]:
        made = []
        for remark in self.remarks:
            at = after(remark["time"], self.created)
            made.append((at, lambda remark=remark: self._say(remark)))
            if remark["supports"]:
                at = max([at, *self.given_back(at)])
                last = min([at + timedelta(days=12), self.loaded - timedelta(hours=2), *self.closings(at)])
                names = self.people.some(f"comment {remark['key']}", remark["supports"], at, but=remark["author"])
                made += [(moment, lambda remark=remark, name=name: self._agree(remark, name))
                         for moment, name in zip(spread(at, max(last, at), len(names)), names)]
        return made

    def given_back(self, _at: datetime) -> list[datetime]:
        """Moment at which what nobody could support at this one could be supported again."""
        return []

    def closings(self, _since: datetime) -> list[datetime]:
        """Moments after this one at which nobody may write any more."""
        return []

    def _say(self, remark: dict) -> None:
        comment = self.say(remark, self.people.user(remark["author"]))
        self.ids[f"comment:{remark['key']}"] = comment.id

    def say(self, remark: dict, author: User) -> Comment:
        if remark["reply_to"]:
            return comments.reply(self.ids[f"comment:{remark['reply_to']}"], text=remark["text"], by=author)
        return comments.write(self.thread(), stance=Stance(remark["stance"]), text=remark["text"], by=author)

    def _agree(self, remark: dict, name: str) -> None:
        comments.support(self.ids[f"comment:{remark['key']}"], by=self.people.user(name))


class CommentsOnProposal(SampleComments):
    """The comments of a proposal, which may be closed for a while."""

    def __init__(self, proposal: SampleProposal) -> None:
        super().__init__(proposal.remarks, proposal.created, proposal.loaded, proposal.people, proposal.ids,
                         lambda: proposal.thread_id)
        self.proposal, self.closings = proposal, proposal.closings

    def given_back(self, at: datetime) -> list[datetime]:
        """Moment at which what was merged at this one stood by itself again."""
        undone, entry = self.proposal.entry.get("apart_again"), self.proposal.entry
        return [self.proposal.moment(undone)] if undone and self.proposal.moment(entry["closed"][-1]) < at else []

    def say(self, remark: dict, author: User) -> Comment:
        if self.proposal.record().state is not State.MERGED:
            return super().say(remark, author)
        with use_case(None) as work:  # one comment of the sample came while its proposal was merged for three days
            thread = work.session.get_one(Thread, self.proposal.thread_id)
            return comment_steps.write(work, thread, author=author, stance=Stance(remark["stance"]),
                                       source=remark["text"], html=rich_text.render(remark["text"]), at=work.at)
