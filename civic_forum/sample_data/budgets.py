"""The budget rounds of the sample district: one voted on, one of 2021 that is carried out, one in review, one in which
one can vote, and a trial."""

from collections.abc import Iterator
from csv import writer
from datetime import datetime, timedelta
from io import StringIO

import sqlalchemy as sa

from civic_forum.budgets.projects.models import EligibilityReview
from civic_forum.budgets.projects.rules import ProjectText
from civic_forum.budgets.rounds import history
from civic_forum.budgets.rounds.rules import PastProject, PastRound
from civic_forum.budgets.parts import EnvelopeParts, Wording
from civic_forum.budgets.rules import Calendar, Phase, PhaseParts, ProjectState
from civic_forum.budgets.reviews import services as reviews
from civic_forum.budgets.trials import services as trials
from civic_forum.district.models import Department, Neighbourhood
from civic_forum.platform.base import db
from civic_forum.platform.i18n import SEOUL
from civic_forum.platform.work import use_case

from .budget_round import CATEGORIES, EDITOR, ORDER, SampleRound, THOUSAND, id_of, rounds, spread_evenly
from .budget_vote import OpenRound, Voted
from .people import Crowd, read
from .timeline import TimelineEvent
from .votes import resolved

BEFORE = timedelta(days=20)
"""The committee brought it in so long before the day of loading."""
STEP = "100"
"""Won by which each share grows."""


def _trial(entry: dict, loaded: datetime, there: Crowd) -> Iterator[TimelineEvent]:
    yield TimelineEvent(loaded - BEFORE, ORDER, lambda: _bring_in(entry, there))


def _bring_in(entry: dict, there: Crowd) -> None:
    made = trials.create(pabulib(entry), slug=entry["slug"], title=entry["title"], about=entry["about"], step=STEP,
                         at_once=True, by=there.user(EDITOR))
    trials.publish(made.id, by=there.user(EDITOR))


def pabulib(entry: dict) -> bytes:
    """The trial as a file; amounts there are in won, the profiles are laid out in their order."""
    ballots = [profile for profile in entry["profiles"] for _one in range(profile["ballots"])]
    meta = {
        "description": entry["title"], "country": "Korea", "unit": "Geumcheon-gu", "instance": entry["slug"],
        "num_projects": len(entry["projects"]), "num_votes": len(ballots), "budget": entry["budget"] * THOUSAND,
        "currency": "KRW", "vote_type": "approval", "rule": "greedy", "date_begin": "2025", "date_end": "2025",
        "committee_ballots": entry["committee"]["members"]}
    made = StringIO()
    table = writer(made, delimiter=";", lineterminator="\n")
    made.write("META\n")
    table.writerows([("key", "value"), *meta.items()])
    made.write("PROJECTS\n")
    table.writerow(("project_id", "cost", "name", "neighborhood", "committee_votes"))
    table.writerows((one["id"], one["cost"] * THOUSAND, one["title"], one["neighbourhood"] or "",
                     entry["committee"]["votes"][one["id"]]) for one in entry["projects"])
    made.write("VOTES\n")
    table.writerow(("voter_id", "neighborhood", "vote"))
    table.writerows((number, one["neighbourhood"], ",".join(one["choices"])) for number, one in enumerate(ballots, 1))
    return made.getvalue().encode()


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


DAY = timedelta(days=1)
WHY_NOT = {"R08": "다른 사업과 겹침", "R10": "법에 어긋남"}
PASSED_ON = {"R04": "문화체육과"}
"""Which department had it first."""
ASKED_TOO = {"R06": "도로과"}
LOOK_AGAIN = {"R08": "서울시 무선망이 닿지 않는 골목이 우리 동네에 아직 많아요. 비어 있는 골목만이라도 다시 살펴봐 주세요."}
MADE_BEFORE = 5 * DAY


class Reviewed(SampleRound):
    """Rounds of which the calendar is counted from the day of loading."""

    def happenings(self) -> Iterator[TimelineEvent]:
        start, end = self.span("collecting")
        yield self.at(start - MADE_BEFORE, self.make)
        names = self.proposers(start)
        moments = spread_evenly(start, end, len(self.entry["projects"]))
        for told, moment, name in zip(self.entry["projects"], moments, names):
            yield self.at(moment, lambda told=told, name=name: self._hand_in(told, name))
        for told in self.entry["projects"]:
            yield from self._reviewed(told, told["review"])

    def _hand_in(self, told: dict, name: str) -> None:
        """One was handed in for more than a project may cost, and made smaller before it was taken."""
        over = told["proposed_cost"] > self.entry["caps"]["project"]
        notes = told["review"]["history"]
        proposed = told["cost"] if over else told["proposed_cost"]
        self.hand_in(told | {"proposed": proposed, "cost_note": notes[0] if over else ""}, name)
        if over:
            with use_case(None) as work:
                project = self.project(told)
                project.proposed_cost = told["proposed_cost"] * THOUSAND
                work.record("sample_data.project", project)

    def _reviewed(self, told: dict, review: dict) -> Iterator[TimelineEvent]:
        begun, waiting = self.span("review")[0] + timedelta(minutes=30), review["waiting_days"] * DAY
        match review["state"]:
            case "pending":
                yield self.at(max(begun, self._ago(review)), lambda: self.assign([told]))
            case "reassigned":
                first = PASSED_ON[told["id"]]
                yield self.at(begun, lambda: self.assign([told], first))
                yield self.at(self._ago(review), lambda: self._pass_on(told, review["history"][0]))
            case "second_opinion":
                yield self.at(self._ago(review), lambda: self.assign([told]))
                yield self.at(self._ago(review) + 8 * DAY, lambda: self._ask_opinion(told, review))
            case state:
                yield self.at(begun, lambda: self.assign([told]))
                yield self.at(begun + waiting, lambda: self.review(told, self._opinion(told, review, state)))
        if text := LOOK_AGAIN.get(told["id"]):
            yield self.at(begun + waiting + 2 * DAY, lambda: self._ask_again(told, text))

    def _ago(self, review: dict) -> datetime:
        return self.loaded - review["waiting_days"] * DAY

    def _opinion(self, told: dict, review: dict, state: str):
        parts = [(one["item"], one["cost"]) for one in review["cost_parts"] or ()]
        if state == "eligible":
            return self.fine(review["text"], parts)
        if state == "eligible_if":
            return self.fine_if(review["text"], parts, review["history"][0])
        return self.not_fine(review["text"], WHY_NOT[told["id"]])

    def _pass_on(self, told: dict, note: str) -> None:
        found = self._open(told)
        reviews.pass_on(found.id, _department(told["department"]), note=note, by=self.user(EDITOR))

    def _ask_opinion(self, told: dict, review: dict) -> None:
        reviews.ask_opinion(self.project(told).id, _department(ASKED_TOO[told["id"]]), note=review["text"],
                            by=self.user(EDITOR))

    def _ask_again(self, told: dict, text: str) -> None:
        project = self.project(told)
        reviews.ask(project.id, text=text, by=project.author)

    def _open(self, told: dict) -> EligibilityReview:
        return db.session.scalars(sa.select(EligibilityReview).where(
            EligibilityReview.project_id == self.project(told).id, EligibilityReview.ended_at.is_(None),
            EligibilityReview.taken_back_at.is_(None))).one()


def _department(name: str) -> int:
    return db.session.scalars(sa.select(Department.id).filter_by(name_ko=name)).one()


KINDS = {"in_budget": Voted, "carried_out": CarriedOutRound, "review": Reviewed, "voting": OpenRound}


def happenings(ids: dict[str, int], loaded: datetime, there: Crowd) -> Iterator[TimelineEvent]:
    """Everything that happens in the rounds, each at its moment."""
    for entry in rounds():
        yield from KINDS[entry["state"]](resolved(entry, loaded), loaded, there, ids).happenings()
    yield from _trial(read("budgets")["trial"], loaded, there)
