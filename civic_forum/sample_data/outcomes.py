"""The outcomes of the sample district: what was decided, what was promised, and what became of it."""

from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa

from civic_forum.blocks import kinds
from civic_forum.district.models import Department
from civic_forum.kernel.base import db
from civic_forum.kernel.i18n import local
from civic_forum.kernel.work import use_case
from civic_forum.outcomes import steps
from civic_forum.outcomes.models import Outcome
from civic_forum.outcomes.queries import records, subjects
from civic_forum.outcomes.rules import Decision, OutcomeState, OutcomeText, Progress, ReportText
from civic_forum.outcomes.services.writing import APPROVAL

from .crowd import Crowd
from .proposals import SampleProposal
from .people import read
from .timeline import TimelineEvent

AFTER_AGENDAS = 200_000
"""At the same moment an outcome comes after what happens to its agenda."""
OFFICIAL = "official1"


@dataclass
class OutcomeTimeline:
    """One outcome of outcomes.json on its way; words that the agenda itself has are taken from there."""

    entry: dict
    people: Crowd
    papers: dict[str, SampleProposal]
    id: int = 0

    def happenings(self) -> list[TimelineEvent]:
        made = [(self.entry["at"], self.publish)]
        made += [(one["at"], lambda one=one: self.report(one)) for one in self.entry["reports"]]
        made += [(one["at"], lambda one=one: self.correct(one)) for one in self.entry.get("corrections", ())]
        return [TimelineEvent(datetime.fromisoformat(at), AFTER_AGENDAS + order, what)
                for order, (at, what) in enumerate(made)]

    def publish(self) -> None:
        """In the name of a department that may have no sample account."""
        by = self.people.user(OFFICIAL)
        with use_case(None) as work:
            (kind, name), = self.entry["about"].items()
            record = self.papers[name].record() if kind == "proposal" else kinds.of(kind).named(name)
            case = subjects.locked(kind, record.id)
            department = work.session.scalars(sa.select(Department).filter_by(name_ko=self.entry["department"])).one()
            outcome = Outcome(subject=case.subject, subject_id=case.record.id, department_id=department.id,
                              state=OutcomeState.DRAFT, written_by_id=by.id, written_at=work.at)
            steps.write(outcome, self.text(local(work.at).date()))
            work.session.add(outcome)
            work.session.flush()
            APPROVAL.publish(work, subjects.of(outcome), outcome)
            self.id = outcome.id

    def text(self, today: date) -> OutcomeText:
        entry, promised = self.entry, self.entry["promised_on"]
        return OutcomeText(
            decision=Decision(entry["decision"]), title=entry["title"], reasons=entry["reasons"],
            what_follows=entry["what_follows"], decided_on=today, promised_on=promised and date.fromisoformat(promised),
            cost=entry["cost_won"], cost_note=entry["cost_note"],
            documents=tuple(tuple(pair) for pair in entry["documents"]),
            links=tuple(tuple(pair) for pair in entry.get("links", ())))

    def report(self, told: dict) -> None:
        by = self.people.user(OFFICIAL)
        with use_case(None) as work:
            given = ReportText(told["text"], local(work.at).date(),
                               Progress.DONE if told["done"] else Progress.IN_PROGRESS, told["spent"])
            steps.report(work, self._locked(), given, number=len(records.reports(self.id)) + 1, by_id=by.id)

    def correct(self, told: dict) -> None:
        by = self.people.user(OFFICIAL)
        with use_case(None) as work:
            case = self._locked()
            text = replace(self.text(case.outcome.decided_on), what_follows=told["what_follows"],
                           promised_on=date.fromisoformat(told["promised_on"]))
            APPROVAL.put_in_place(work, case, case.outcome, text, why=told["why"], by_id=by.id)

    def _locked(self) -> subjects.OutcomeCase:
        known = db.session.get_one(Outcome, self.id)
        return subjects.locked(known.subject, known.subject_id)


def entries() -> list[dict]:
    """Entries of outcomes.json, with what the agendas say of their own."""
    of_agendas = {agenda["slug"]: agenda["outcome"] for agenda in read("agendas")}
    return [of_agendas.get(entry["about"].get("agenda"), {}) | entry for entry in read("outcomes")]


def happenings(papers: dict[str, SampleProposal], there: Crowd) -> list[TimelineEvent]:
    return [happening for entry in entries() for happening in OutcomeTimeline(entry, there, papers).happenings()]
