"""The 28 projects that the neighbourhoods chose in 2020 for 2021, entered as they came out."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from civic_forum.budgets.rules.history import PastProject, PastRound
from civic_forum.budgets.parts import EnvelopeParts, Wording
from civic_forum.budgets.rules.parts import Calendar, PhaseParts
from civic_forum.budgets.rules.phases import Phase
from civic_forum.budgets.rules.projects import ProjectText
from civic_forum.budgets.rules.states import ProjectState
from civic_forum.budgets.services import history
from civic_forum.district.models import Department, Neighbourhood
from civic_forum.kernel.i18n import SEOUL

from .budget_round import CATEGORIES, EDITOR, THOUSAND, SampleRound, id_of
from .timeline import TimelineEvent


class CarriedOutRound(SampleRound):
    """Decided at the assemblies (주민총회), carried out in one year."""

    def happenings(self) -> Iterator[TimelineEvent]:
        yield self.at(self._month("to") + timedelta(days=35), self._enter)

    def _month(self, name: str) -> datetime:
        return datetime.fromisoformat(f"{self.entry['executed'][name]}-01T10:00:00").replace(tzinfo=SEOUL)

    def _enter(self) -> None:
        begun, ended = self._month("from"), self._month("to") + timedelta(days=30)
        history.enter(PastRound(
            self.entry["slug"], Wording(self.entry["title"], self.entry["year"], self.entry["description"]),
            self.entry["decided_in"], Calendar((PhaseParts(Phase.CARRIED_OUT, begun, ended),)),
            [(told["id"], self.purse(told)) for told in self.entry["envelopes"]],
            [self._project(told, ended) for told in self.entry["projects"]], self.entry["invented"]),
            by=self.user(EDITOR))

    def purse(self, told: dict) -> EnvelopeParts:
        return EnvelopeParts(told["name"], told["amount"] * THOUSAND,
                             neighbourhood_id=id_of(Neighbourhood, told["name"]))

    def _project(self, told: dict, at: datetime) -> PastProject:
        return PastProject(
            told["id"], told["envelope"], ProjectText(told["title"], told["text"], told["cost"] * THOUSAND,
                                                      place=told["neighbourhood"]),
            ProjectState(told["status"]), at, told.get("status_note", ""), id_of(Neighbourhood, told["neighbourhood"]),
            CATEGORIES[told["category"]], id_of(Department, told["department"]))
