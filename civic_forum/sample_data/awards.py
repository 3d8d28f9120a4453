"""The awards of the sample district, nominated, scored and published at their moments."""

from dataclasses import dataclass
from datetime import date, datetime

from civic_forum.awards import queries, services
from civic_forum.kernel.base import db
from civic_forum.proposals.models import Proposal

from . import crowd
from .proposals import SampleProposal
from .timeline import TimelineEvent, instant

AFTER_PROPOSALS = 200_000
"""At the same moment an award comes after what happens to the proposals themselves."""


@dataclass
class AwardTimeline:
    """One round of awards.json on its way through the services."""

    entry: dict
    loaded: datetime
    people: crowd.Crowd
    papers: dict[str, SampleProposal]
    id: int = 0

    def happenings(self) -> list[TimelineEvent]:
        steps = (("begun", self.begin), ("scoring", self.begin_scoring), ("scored", self.score),
                 ("published", self.publish))
        return [TimelineEvent(instant(self.entry[when], self.loaded), AFTER_PROPOSALS, act) for when, act in steps]

    @property
    def moderator(self):
        return self.people.user(self.entry["by"])

    def begin(self) -> None:
        entry = self.entry
        self.id = services.begin(entry["year"], entry["name"], entry["criteria"], entry["winners"],
                                 date.fromisoformat(entry["scores_until"]), by=self.moderator).id
        for one in entry["nominees"]:
            services.nominate(self.id, self._number(one["proposal"]), one["why"], by=self.moderator)
        for name in entry["jury"]:
            services.choose_juror(self.id, self.people.user(name).id, by=self.moderator)

    def begin_scoring(self) -> None:
        services.begin_scoring(self.id, by=self.moderator)

    def score(self) -> None:
        for nominee_id, one in self._nominees():
            for name, points in zip(self.entry["jury"], one["points"], strict=True):
                services.score(nominee_id, points, by=self.people.user(name))

    def publish(self) -> None:
        services.publish(self.id, {nominee_id: one["reason"] for nominee_id, one in self._nominees()},
                         by=self.moderator)

    def _nominees(self) -> list[tuple[int, dict]]:
        found = queries.panel(self.id).cases
        return list(zip([one.nominee.id for one in found], self.entry["nominees"], strict=True))

    def _number(self, key: str) -> str:
        return db.session.get_one(Proposal, self.papers[key].id).number


def happenings(entries: list[dict], papers: dict[str, SampleProposal], loaded: datetime,
               there: crowd.Crowd) -> list[TimelineEvent]:
    return [happening for entry in entries for happening in AwardTimeline(entry, loaded, there, papers).happenings()]
