"""The ledgers of promises of the sample district: what promises.json tells of each, written on its day."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property, partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from civic_forum.answers.models import Answer
from civic_forum.answers.rules import AnswerKind
from civic_forum.blocks.kinds import Ref
from civic_forum.budgets.models import BudgetRound
from civic_forum.budgets.projects.models import Project
from civic_forum.commitments import faults, operations, rules
from civic_forum.commitments.models import Commitment
from civic_forum.commitments.queries import records as queries
from civic_forum.commitments.rules import Entry, EntryKind, Status
from civic_forum.commitments.services import entries as services
from civic_forum.forums.models import Forum
from civic_forum.forums.record.models import Decision
from civic_forum.platform.base import db
from civic_forum.platform.i18n import SEOUL
from civic_forum.plans.models import Plan
from civic_forum.plans.rules import PlanKind
from civic_forum.platform.work import Work, use_case

from .ledgers import Said, SaidOf, first_day
from .people import read
from .timeline import TimelineEvent, resolved

if TYPE_CHECKING:
    from .steps import Script

AFTER_ALL = 100_000
"""At the same moment they come after everything else."""
EVENING, NOON = time(18, 30), time(12)
ORIGINS = {"budget_project": "project", "plan_action": "plan"}
"""Kind of an origin in the file → as commitments call it."""


def happenings(script: "Script") -> list[TimelineEvent]:
    """Raises ValueError at its moment for an entry that cannot follow its ledger."""
    made = [SamplePromise(resolved(entry, script.loaded), script).happenings() for entry in read("promises")]
    return [TimelineEvent(at, AFTER_ALL + order, what)
            for order, (at, what) in enumerate(event for events in made for event in events)]


class SamplePromise:
    """A promise of promises.json: the commitment that was made in its origin goes on, or a new one begins."""

    def __init__(self, entry: dict[str, Any], script: "Script"):
        self.entry, self.script, self.said = entry, script, SaidOf(entry, script.ids)
        self.id = 0

    def happenings(self) -> Iterator[tuple[datetime, Any]]:
        begun = datetime.combine(self.said.begun, EVENING, SEOUL)
        yield begun, self.begin
        if linked := self.entry.get("linked"):
            yield datetime.combine(date.fromisoformat(linked), NOON, SEOUL), self.link
        last = self.script.loaded - timedelta(minutes=1)
        for at, facts in groupby(self.said.in_order(), key=lambda fact: min(max(
                datetime.combine(fact[0], EVENING, SEOUL), begun), last)):
            yield at, partial(self.write, list(facts))

    # Where it comes from

    def origins(self) -> list[Ref]:
        return [ref for origin in (self.entry["origin"], *self.entry.get("also_from", ()))
                for ref in self._refs(origin["kind"], origin["key"])]

    def _refs(self, kind: str, key: str) -> list[Ref]:
        """Things that are there by now."""
        ids = self.script.ids
        if kind in ("agenda", "poll", "consultation"):
            return [Ref(kind, ids[f"{kind}:{key}"]), Ref("outcome", ids[f"outcome:{key}"])]
        find = {"answer": self._answer, "budget_project": self._project, "forum_decision": _decision}.get(kind)
        origin_id = find(key) if find else None
        return [Ref(ORIGINS.get(kind, kind), origin_id)] if origin_id else []

    def _answer(self, key: str) -> int | None:
        return db.session.scalar(sa.select(Answer.id).filter_by(
            proposal_id=self.script.ids[f"proposal:{key}"], kind=AnswerKind.FINAL))

    def _project(self, key: str) -> int | None:
        """A project of a round that was entered afterwards is found by its code."""
        slug, code = key.split("/")
        return self.script.ids.get(f"project:{key}") or db.session.scalar(
            sa.select(Project.id).join(BudgetRound, BudgetRound.id == Project.round_id).where(
                BudgetRound.slug == slug, Project.code == code))

    # Writing

    def begin(self) -> None:
        """Go on with what its origin made, or begin."""
        with use_case(None) as work:
            refs, entry = self.origins(), self.entry
            known = next((commitment_id for ref in refs if (commitment_id := queries.made_of(ref.kind, ref.id))), None)
            if known is not None:
                self.id = known
                commitment = queries.locked(known)
                if "also_from" not in entry:
                    operations.put(work, commitment, EntryKind.FACTS, self.said.begun, self.said.facts,
                                   by_id=self._writer)
            else:
                commitment = operations.begin(
                    work, ORIGINS.get(entry["origin"]["kind"], entry["origin"]["kind"]),
                    first_day(entry["term"]["from"]), self.said.facts, by_id=self._writer)
                self.id = commitment.id
                self._add_origins(work, commitment, refs)
            self.script.ids[f"commitment:{entry['key']}"] = self.id
            if self.said.plans:
                commitment.plan_id = _plan(work, self.said.plans[0][0])

    def _add_origins(self, work: Work, commitment: Commitment, refs: Sequence[Ref]) -> None:
        if refs:
            operations.add_origins(work, commitment, refs)
            operations.note_news(work, commitment.id, 1)

    def link(self) -> None:
        """Join it to the thing that carries it on, which is there now."""
        with use_case(None) as work:
            self._add_origins(work, queries.locked(self.id), self._refs(*self.entry["origin"].values()))

    def write(self, facts: Sequence[Said]) -> None:
        with use_case(None) as work:
            today = work.at.astimezone(SEOUL).date()
            for on, kind, content in facts:
                self._put(work, kind, min(on, today), content)

    def _put(self, work: Work, kind: EntryKind, on: date, content: dict[str, Any]) -> None:
        commitment, ledger = queries.locked(self.id), queries.ledger(self.id)
        if kind is EntryKind.STATUS and Status(content["status"]) is ledger.status:
            return  # its origin said so already
        if ledger.is_over and kind is EntryKind.REACHED:  # of what was given up nothing is reached
            milestone = ledger.milestone(content["milestone"])
            kind, content = EntryKind.LOG, {"text": f"{milestone.title if milestone else ''}: {content['text']}"}
        if (fault := faults.fault(ledger, Entry(0, kind, on, content))) is not None:
            raise ValueError(f"promises.json, {self.entry['key']}: {kind.value} on {on}: {fault.value}")
        made = operations.put(work, commitment, kind, on, content, by_id=self._writer)
        told = kind is EntryKind.QUARTER or kind is EntryKind.STATUS and content["status"] is Status.DONE
        if self.entry["origin"]["kind"] == "budget_project" or told and queries.outcome_of(self.id) is not None:
            operations.follow_up(work, commitment, made, queries.ledger(self.id), services.told_of(made))
        elif kind in rules.TELLS:
            operations.note_news(work, self.id, made.number)

    @cached_property
    def _writer(self) -> int:
        """An official of its department."""
        name = next(person["name"] for person in read("people") for role in person["roles"]
                    if role.get("department") == self.entry["department"])
        return self.script.people.user(name).id


def _decision(key: str) -> int | None:
    """`night-doksanro-2020/d3` is the third of that forum."""
    slug, number = key.split("/d")
    return db.session.scalar(sa.select(Decision.id).join(Forum, Forum.id == Decision.forum_id).where(
        Forum.slug == slug).order_by(Decision.id).offset(int(number) - 1).limit(1))


def _plan(work: Work, facts: Mapping[str, Any]) -> int:
    """The plan of these facts, whose versions are written later (`plans`)."""
    plan = work.session.scalar(sa.select(Plan).filter_by(slug=facts["slug"]))
    if plan is None:
        plan = work.store(Plan(slug=facts["slug"], kind=PlanKind.OTHER, title=f"{facts['year']}년 {facts['name']}",
                               year=facts["year"], public_at=work.at))
    return plan.id
