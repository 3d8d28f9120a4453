"""Common parts of sample rounds with a vote: its rules, its limits, its roll, its boxes and who votes in them."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from civic_forum.accounts.identity import Identity
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.rules.boxes import ConfirmedAction, RollSource
from civic_forum.ballots.services import confirmations
from civic_forum.ballots.services import rolls as roll_services
from civic_forum.budgets import parts as budget_parts
from civic_forum.budgets.rules import parts
from civic_forum.budgets.rules.counting.settings import CountingRules
from civic_forum.budgets.services import groups, opening
from civic_forum.kernel.base import db
from civic_forum.kernel.i18n import SEOUL

from . import budget_ballots
from .budget_round import EDITOR, SECOND, SampleRound
from .casting import Voting
from .electorate import Electorate
from .timeline import TimelineEvent

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class RoundWithVote(SampleRound, ABC):
    """A round whose roll is a list of invented people, brought as a file, and whose vote was opened."""

    def __init__(self, entry: dict, *given):
        super().__init__(entry, *given)
        self.voters = list(budget_ballots.voters(entry))
        self.electorates: dict[str, Electorate] = {}
        self.roll_day = date.fromisoformat(entry["eligibility"]["roll_fixed_on"])

    @abstractmethod
    def counting(self) -> CountingRules:
        """By which rules it is counted, without the least votes of its envelopes."""

    def accounts(self) -> list[Identity]:
        """Of holders of sample accounts who cast the first ballots of the generator."""
        return []

    def others(self) -> dict[Identity, str]:
        """Other people in the roll, and where each stands."""
        return {}

    @property
    def all(self) -> list[dict]:
        return [*self.entry["projects"], *self.entry["not_eligible"]]

    def make(self) -> None:
        """With who votes, how it is counted and how far it binds, as they were fixed from the beginning."""
        super().make()
        who = self.entry["eligibility"]
        self.edit(budget_parts.Electorate(True, "생활권자" in who["who"], who["label"], RollSource.IMPORTED, who["min_age"],
                             self.roll_day))
        self.edit(parts.Counting(self.counting(), counting_note=self.entry["rules"]["explanation"]))
        self.edit(budget_parts.Terms(self.entry["binding"], self.entry["publishes"]))

    def set_limits(self) -> None:
        """Set how many of which projects may be chosen, and of which only one can win."""
        for told in self.entry["choice_groups"]:
            if told["name"] != next(one["name"] for one in self.entry["envelopes"] if one["id"] == told["envelope"]):
                codes = tuple(self.codes[one["id"]] for one in self.entry["projects"]
                              if one.get("group") == told["name"])
                groups.group(self.round.id, told["envelope"],
                             parts.Grouping(told["name"], told["min"], told["max"], codes),
                             version=self.round.version, by=self.user(EDITOR))
        for told in self.entry["rules"]["exclusions"]:
            groups.exclude(self.round.id, told["why"], [self.codes[one] for one in told["projects"]],
                           version=self.round.version, by=self.user(EDITOR))

    def opened(self) -> Iterator[TimelineEvent]:
        """From the day of the roll to the opening."""
        opens = self.span("voting")[0]
        yield self.at(datetime.combine(self.roll_day, time(12), SEOUL), self._bring_roll)
        yield self.at(opens - 30 * HOUR, lambda: opening.prepare(self.round.id, by=self.user(EDITOR)))
        yield self.at(opens - 28 * HOUR, self._open)

    def _bring_roll(self) -> None:
        people = Electorate([one.voter({}) for one in self.voters], self.roll_day, self.accounts()).roll(self.others())
        for roll_id in sorted({one.roll_id for one in self.round.envelopes}):
            roll_services.import_list(people, roll_id=roll_id, by=self.user(EDITOR))

    def _open(self) -> None:
        """Open the boxes: one official proposes, another one confirms."""
        for _slug, box_id in self.boxes():
            proposed = confirmations.propose(ConfirmedAction.OPEN, box_id, by=self.user(EDITOR))
            confirmations.confirm(proposed.id, by=self.user(SECOND))

    def boxes(self) -> list[tuple[str, bytes]]:
        """Address of the envelope and id of its box."""
        return [(one.slug, one.box_id) for one in self.round.envelopes]

    def electorate(self, slug: str) -> Electorate:
        """Voters of the box of one envelope and their choices, by the numbers on its ballot."""
        if slug not in self.electorates:
            numbers = {told["id"]: self.project(told).number for told in self.entry["projects"]
                       if told["envelope"] == slug}
            self.electorates[slug] = Electorate([one.voter(numbers) for one in self.voters], self.roll_day,
                                                self.accounts())
        return self.electorates[slug]

    def hold(self, day: int, shares: tuple[int, ...]) -> None:
        """Everybody whose turn is on this day votes in every envelope."""
        for slug, box_id in self.boxes():
            Voting(db.session.get_one(BallotBox, box_id), self.electorate(slug), self.people).hold(day, shares)
