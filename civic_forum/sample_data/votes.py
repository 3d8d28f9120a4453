"""The votes of the sample district, held again: made, opened, voted in, and the past one counted and published."""

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from io import BytesIO

from werkzeug.datastructures import FileStorage

from civic_forum.accounts.identity import Identity
from civic_forum.ballots.models import Objection
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.ballots.services import closing, confirmations, objections, publication
from civic_forum.ballots.services import rolls as roll_services
from civic_forum.kernel.base import db
from civic_forum.kernel.i18n import SEOUL
from civic_forum.kernel.work import use_case
from civic_forum.polls import process
from civic_forum.polls.models import Poll
from civic_forum.polls.queries import records
from civic_forum.polls.parts import OptionText
from civic_forum.polls.services import making, telling

from . import observing, people
from .ballots import voters
from .casting import Voting
from .crowd import Crowd
from .electorate import Electorate
from .option_pictures import picture_of
from .paper_ballots import TypedPapers
from .people import Newcomer
from .timeline import TimelineEvent

AT_ONCE = timedelta(seconds=2)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
COPIES = "봉투에 넣어 금고에 둔 복사본 하나를 참관인 앞에서 함께 없앴어요."
DAYS_SO_FAR = (3, 2, 2)
"""Of the vote that runs: how much of what was voted so far falls on each day."""
EDITOR, SECOND = "moderator1", "official1"
"""Who prepares and proposes, and who confirms."""


def happenings(joining: list[Newcomer], loaded: datetime, there: Crowd) -> Iterator[TimelineEvent]:
    """Everything that happens in the votes, each at its moment."""
    known = {one.entry["name"]: one.identity() for one in joining}
    told = json.loads((people.DATA / "polls.json").read_text("utf-8"))["polls"]
    for entry in told:
        yield from _vote(resolved(entry, loaded), known, loaded, there).happenings()


def resolved(value: object, loaded: datetime):
    """The entry with every `{"days", "time"}` as the moment or the day, and `{"years"}` as the year, of this
    loading."""
    if isinstance(value, dict):
        if "days" in value and set(value) <= {"days", "time"}:
            day = loaded.astimezone(SEOUL).date() + timedelta(days=value["days"])
            if "time" not in value:
                return day.isoformat()
            return datetime.combine(day, time.fromisoformat(value["time"]), SEOUL).isoformat()
        if set(value) == {"years"}:
            return loaded.astimezone(SEOUL).year + value["years"]
        return {name: resolved(one, loaded) for name, one in value.items()}
    return [resolved(one, loaded) for one in value] if isinstance(value, list) else value


def _vote(entry: dict, known: dict[str, Identity], loaded: datetime, there: Crowd) -> "Vote":
    kind = {"published": PublishedPoll, "open": OpenPoll, "announced": Vote}[entry["state"]]
    return kind(entry, known, loaded, there)


class Vote:
    """One sample vote that is announced, and no more yet."""

    def __init__(self, entry: dict, known: dict[str, Identity], loaded: datetime, there: Crowd):
        self.entry, self.known, self.loaded, self.people = entry, known, loaded, there
        self.opens_at = datetime.fromisoformat(entry["opens_at"])
        self.closes_at = datetime.fromisoformat(entry["closes_at"])
        self.roll_day = date.fromisoformat(entry["eligibility"]["roll_fixed_on"])

    def happenings(self) -> Iterator[TimelineEvent]:
        yield self.at(self.made_at(), self.make)

    def at(self, moment: datetime, what) -> TimelineEvent:
        return TimelineEvent(moment, 1, what)

    def made_at(self) -> datetime:
        return min(datetime.fromisoformat(one["at"]) for one in self.entry["notices"])

    def make(self) -> None:
        told = {name: value for name, value in self.entry.items() if name not in ("generator", "paper", "expected")}
        poll = making.create(told, by=self.people.user(EDITOR))
        for option in self.entry.get("options", ()):
            if picture := picture_of(poll.slug, option["number"]):
                self._hang(option["number"], picture, option["picture_alt"])

    def _hang(self, number: int, picture: bytes, description: str) -> None:
        poll = self.poll
        option = records.option(poll.id, number)
        said = OptionText(**{field.name: getattr(option, field.name) for field in fields(OptionText)
                             if field.name not in ("proposal_number", "agenda_slug")})
        process.edit_option(poll.id, number, said, version=poll.version, description=description,
                            picture=FileStorage(BytesIO(picture), filename=f"{poll.slug}-{number}.jpg"),
                            by=self.people.user(EDITOR))

    @property
    def poll(self) -> Poll:
        return db.session.query(Poll).filter_by(slug=self.entry["slug"]).one()


class Held(Vote):
    """One that was opened: its roll is a list of invented people, brought as a file."""

    accounts: tuple[str, ...] = ()
    """Sample accounts who vote in it."""

    def __init__(self, *given):
        super().__init__(*given)
        self.entry["eligibility"]["check"] = "imported"
        self.electorate = Electorate(voters(self.entry), self.roll_day, [self.known[name] for name in self.accounts])

    def made_at(self) -> datetime:
        return self.noon(self.roll_day) - 14 * DAY

    def noon(self, day: date) -> datetime:
        return datetime.combine(day, time(12), SEOUL)

    def happenings(self) -> Iterator[TimelineEvent]:
        yield from super().happenings()
        yield self.at(self.noon(self.roll_day), self.bring_roll)
        yield self.at(self.opens_at - 30 * HOUR, self.prepare)
        yield self.at(self.opens_at - 28 * HOUR, lambda: self.propose(ConfirmedAction.OPEN))

    def bring_roll(self) -> None:
        roll_services.import_list(self.electorate.roll(self.others()), roll_id=self.poll.roll_id,
                                  by=self.people.user(EDITOR))

    def others(self) -> dict[Identity, str]:
        return {}

    def prepare(self) -> None:
        process.prepare(self.poll.id, by=self.people.user(EDITOR))

    def voting(self) -> Voting:
        spoiled = [one["place"] for one in self.entry.get("paper", {}).get("spoiled", ())]
        return Voting(self.poll.box, self.electorate, self.people, spoiled)

    def propose(self, action: ConfirmedAction) -> None:
        """Propose and confirm: one official after another."""
        proposed = confirmations.propose(action, self.poll.box_id, by=self.people.user(EDITOR))
        confirmations.confirm(proposed.id, by=self.people.user(SECOND))


class OpenPoll(Held):
    """The one that runs: its generated ballots, and sample accounts who have voted or may."""

    def __init__(self, entry: dict, *given):
        self.accounts = tuple(entry["generator"]["accounts_voted"])
        super().__init__(entry, *given)

    def others(self) -> dict[Identity, str]:
        place = self.entry["eligibility"]["neighbourhoods"][0]
        return {self.known[name]: place for name in self.entry["generator"]["accounts_not_yet"]}

    def happenings(self) -> Iterator[TimelineEvent]:
        yield from super().happenings()
        for day in range(len(DAYS_SO_FAR)):
            yield self.at(self.opens_at + day * DAY + 2 * HOUR, lambda day=day: self.voting().hold(day, DAYS_SO_FAR))


class PublishedPoll(Held):
    """The one of 2020, from its roll to what came of it."""

    def happenings(self) -> Iterator[TimelineEvent]:
        yield from super().happenings()
        shares = [share for _day, share in self.entry["generator"]["casts_by_day"]]
        for day in range(len(shares)):
            yield self.at(self.opens_at + day * DAY + 13 * HOUR, lambda day=day: self.voting().hold(day, shares))
        papers = TypedPapers(self.entry["paper"], self.electorate, self.people)
        yield self.at(self.opens_at + 5 * DAY, lambda: papers.leave_unreturned(self.voting()))
        yield self.at(self.closes_at + AT_ONCE, lambda: closing.close(self.poll.box_id))
        yield self.at(self.closes_at + 12 * HOUR, lambda: papers.type_in(self.poll.box_id))
        published = datetime.fromisoformat(self.entry["published_at"])
        yield self.at(published - 17 * HOUR, self.count)
        yield self.at(published, self.publish)
        for objection in self.entry["objections"]:
            yield from self._objected(objection)
        for step in self.entry["after"]:
            yield self.at(datetime.fromisoformat(step["at"]), lambda step=step: self.tell(step))

    def count(self) -> None:
        """Count, write and check the record; observers sign, then two officers have all destroyed."""
        publication.carry_on(self.poll.box_id, by=self.people.user(EDITOR))
        observing.sign(self.poll.box_id, by=self.people.user(observing.OBSERVER))
        publication.advance(self.poll.box_id, copies=COPIES, by=self.people.user(EDITOR))
        publication.advance(self.poll.box_id, by=self.people.user(SECOND))

    def publish(self) -> None:
        publication.advance(self.poll.box_id, by=self.people.user(EDITOR))

    def tell(self, step: dict) -> None:
        """Tell what came of it; the first step leaves out the option with the fewest votes."""
        order = self.entry["expected"]["order"]
        telling.tell_outcome(self.poll.id, at=datetime.fromisoformat(step["at"]), step=step["step"], text=step["text"],
                             selected=order[:-1] if step is self.entry["after"][0] else None,
                             by=self.people.user(EDITOR))

    def _objected(self, told: dict) -> Iterator[TimelineEvent]:
        made: list[int] = []
        yield self.at(datetime.fromisoformat(told["lodged_at"]), lambda: made.append(self._lodge(told)))
        yield self.at(datetime.fromisoformat(told["answered_at"]), lambda: self._answer(made[0], told))

    def _lodge(self, told: dict) -> int:
        return objections.lodge(self.poll.box_id, title=told["title"], text=told["text"],
                                by=self.people.user(told["by"])).id

    def _answer(self, objection_id: int, told: dict) -> None:
        """In the name of a department that has no sample account."""
        with use_case(None) as work:
            objection = work.session.get(Objection, objection_id)
            objection.answer, objection.outcome, objection.answered_at = told["answer"], told["outcome"], work.at
            objection.answered_for = told["answered_by"]
            work.record("ballots.objection_answered", objection)
