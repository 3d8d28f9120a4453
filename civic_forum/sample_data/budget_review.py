"""The sample round whose projects are being reviewed: some ended, one late, one passed on, one asked about again."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa

from civic_forum.budgets.models import EligibilityReview
from civic_forum.budgets.services import reviews, second_looks
from civic_forum.district.models import Department
from civic_forum.kernel.base import db
from civic_forum.kernel.work import use_case

from .budget_round import EDITOR, THOUSAND, SampleRound, spread_evenly
from .timeline import TimelineEvent

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
        second_looks.ask(project.id, text=text, by=project.author)

    def _open(self, told: dict) -> EligibilityReview:
        return db.session.scalars(sa.select(EligibilityReview).where(
            EligibilityReview.project_id == self.project(told).id, EligibilityReview.ended_at.is_(None),
            EligibilityReview.taken_back_at.is_(None))).one()


def _department(name: str) -> int:
    return db.session.scalars(sa.select(Department.id).filter_by(name_ko=name)).one()
