"""The agendas of the sample district, as things that moderators and authors did at their moments."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from civic_forum.accounts.models import User
from civic_forum.agendas.rules import AgendaState, NextKind, Relation
from civic_forum.agendas.services import grouping, making, objecting
from civic_forum.agendas.services.making import Wording
from civic_forum.district import queries as district

from . import crowd
from .proposals import SampleProposal
from .people import read
from .timeline import TimelineEvent, instant

AFTER_PROPOSALS = 100_000
"""At the same moment the agenda comes after what happens to the proposals themselves."""
A_DAY = timedelta(days=1)
FIRST_WORDS = "보도 넓히기의 걸림돌에 대한 의견이에요."
"""How the proposal was introduced whose author objected."""


@dataclass
class AgendaTimeline:
    """One agenda of agendas.json on its way through the services."""

    entry: dict
    loaded: datetime
    people: crowd.Crowd
    papers: dict[str, SampleProposal]
    id: int = 0
    link_id: int = 0
    objection_id: int = 0

    def happenings(self) -> list[TimelineEvent]:
        entry = self.entry
        created = self.moment(entry["created"])
        later = [one for one in entry["proposals"] if self.papers[one["proposal"]].created >= created]
        made = [(created, lambda: self.open([one for one in entry["proposals"] if one not in later]))]
        made += [(self.papers[one["proposal"]].created + A_DAY, lambda one=one: self.group(one)) for one in later]
        made += self._objection() + self._states(created) + self._notes(created)
        if coming := entry.get("next"):
            told = self.loaded - timedelta(minutes=2) if coming["slug"] else created + 2 * A_DAY
            made.append((told, lambda: making.set_next(
                self.id, NextKind(coming["kind"]), coming["note"], slug=coming["slug"], by=self.moderator())))
        now = self.loaded - timedelta(minutes=1)
        return [TimelineEvent(at, AFTER_PROPOSALS + order, what) for order, (at, what) in enumerate(made) if at <= now]

    def moment(self, text: str) -> datetime:
        return instant(text, self.loaded)

    def moderator(self) -> User:
        return self.people.user(self.entry["by"])

    def open(self, members: list[dict]) -> None:
        entry = self.entry
        places = {one.name_ko: one.id for one in district.neighbourhoods()}
        audiences = {one.name_ko: one.id for one in district.audiences()}
        departments = {one.name_ko: one.id for one in district.departments()}
        self.id = making.begin(entry["slug"], Wording(
            entry["question"], entry["summary"], [places[name] for name in entry["neighbourhoods"]],
            [audiences[name] for name in entry["audiences"]], departments[entry["lead_department"]]),
            by=self.moderator()).id
        for member in members:
            self.group(member)
        making.publish(self.id, by=self.moderator())

    def group(self, member: dict) -> None:
        """Take a proposal in; the one whose author will object is introduced in the words that were changed later."""
        objected = self.entry["objection"] and self.entry["objection"]["proposal"] == member["proposal"]
        relation, why = (Relation.RELATED, FIRST_WORDS) if objected else (Relation(member["relation"]), member["why"])
        link, = grouping.group(self.id, [self.papers[member["proposal"]].id], relation, why, by=self.moderator())
        if objected:
            self.link_id = link.id

    def _objection(self) -> list:
        said = self.entry["objection"]
        if said is None:
            return []
        answered = self.moment(said["answered"])
        return [(self.moment(said["on"]), lambda: self.object(said)), (answered, lambda: self.answer(said)),
                (answered + timedelta(minutes=5), lambda: self.reword(said))]

    def object(self, said: dict) -> None:
        by = self.people.user(said["author"])
        self.objection_id = objecting.object_to_grouping(self.link_id, said["text"], by=by).id

    def answer(self, said: dict) -> None:
        objecting.answer(self.objection_id, said["answer"], by=self.people.user(said["by"]))

    def reword(self, said: dict) -> None:
        member = next(one for one in self.entry["proposals"] if one["proposal"] == said["proposal"])
        grouping.change(self.link_id, Relation(member["relation"]), member["why"], by=self.people.user(said["by"]))

    def _states(self, created: datetime) -> list:
        """From deliberation on to the vote, or to a decision whose outcome is still to be written; an outcome brings it
        further."""
        state, days = AgendaState(self.entry["state"]), self.entry["journey"]
        way = []
        if state is not AgendaState.PREPARING:
            way.append((created + A_DAY, AgendaState.IN_DELIBERATION))
        if state is AgendaState.AT_VOTE or state is AgendaState.DECIDED and not self.entry["outcome"]:
            way.append((self.moment(days[-1]["on"]), state))
        return [(at, lambda to=to: making.move(self.id, to, by=self.moderator())) for at, to in way]

    def _notes(self, created: datetime) -> list:
        """Notes of what happened besides what the site writes down by itself."""
        said = self.entry["objection"] or {}
        known = {self.entry["journey"][0]["on"], *(said[name].split()[0] for name in ("on", "answered") if said)}
        known |= {one["at"][:10] for outcome in read("outcomes") if outcome["about"].get("agenda") == self.entry["slug"]
                  for one in (outcome, *outcome["reports"])}
        return [(self.moment(step["on"]), lambda step=step: making.note(self.id, step["what"], by=self.moderator()))
                for step in self.entry["journey"] if step["on"] not in known and self.moment(step["on"]) > created]


def happenings(entries: list[dict], papers: dict[str, SampleProposal], loaded: datetime,
               there: crowd.Crowd) -> list[TimelineEvent]:
    return [happening for entry in entries for happening in AgendaTimeline(entry, loaded, there, papers).happenings()]
