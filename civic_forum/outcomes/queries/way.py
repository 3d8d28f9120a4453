"""The way behind an outcome: proposed, supported, grouped, voted, answered, decided, carried out."""

import json
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from civic_forum.agendas.queries import union
from civic_forum.answers.models import Answer
from civic_forum.answers.rules import AnswerKind, AnswerState
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.polls.models import Poll
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State

from .. import labels
from ..models import Outcome
from ..rules import Progress, WayStep
from .subjects import OutcomeCase


@dataclass(frozen=True)
class Step:
    """One part of the way as a page shows it."""

    step: WayStep
    count: int | None
    on: date | None
    url: str | None

    @property
    def label(self) -> str:
        if self.step is WayStep.PROPOSED and self.count == 1:
            return str(labels.subject("proposal"))
        return str(labels.WAY[self.step]) % {"count": f"{self.count or 0:,}"}


def shown(outcome: Outcome) -> list[Step]:
    return steps_of(outcome.way)


def steps_of(kept: list[list]) -> list[Step]:
    """Steps of `Outcome.way`."""
    return [Step(WayStep(step), count, on and date.fromisoformat(on), url) for step, count, on, url in kept]


def behind(case: OutcomeCase) -> list[list]:
    """Value of `Outcome.way`: what can be dated in its order, what cannot behind what leads to it."""
    steps = [*_proposed(case), *_grouped(case), *_voted(case), *_carried_out(case.outcome)]
    ordered = sorted(steps, key=lambda step: (step.on or date.min, list(WayStep).index(step.step)))
    return [[step.step.value, step.count, step.on and step.on.isoformat(), step.url] for step in ordered]


def _proposed(case: OutcomeCase) -> list[Step]:
    ids = case.decidable.proposals(case.record.id)
    proposals = list(db.session.scalars(
        sa.select(Proposal).where(Proposal.id.in_(ids), Proposal.published_at.is_not(None),
                                  Proposal.state != State.WITHDRAWN).order_by(Proposal.published_at, Proposal.id)))
    if not proposals:
        return []
    numbers = [proposal.id for proposal in proposals]
    where = f"/proposals/{proposals[0].number}" if len(proposals) == 1 else f"{case.url}#{case.decidable.anchor}"
    reached = min(filter(None, (proposal.threshold_reached_at for proposal in proposals)), default=None)
    proposed = _day(proposals[0].published_at)
    steps = [Step(WayStep.PROPOSED, len(proposals), proposed, where)]
    if supporters := union.count_of_all(numbers):
        steps.append(Step(WayStep.SUPPORTED, supporters, _day(reached) or proposed, where))
    return steps + _answered(numbers)


def _answered(proposal_ids: list[int]) -> list[Step]:
    first = db.session.execute(
        sa.select(Answer.id, Answer.published_at, Proposal.number).join(Proposal, Proposal.id == Answer.proposal_id)
        .where(Answer.proposal_id.in_(proposal_ids), Answer.state == AnswerState.PUBLISHED,
               Answer.kind == AnswerKind.FINAL).order_by(Answer.published_at, Answer.id).limit(1)).one_or_none()
    return [Step(WayStep.ANSWERED, None, _day(first.published_at), f"/proposals/{first.number}#answer-{first.id}")
            ] if first else []


def _grouped(case: OutcomeCase) -> list[Step]:
    """The agenda itself, or the one in which a proposal is at the core, or from which a vote came."""
    group = case.decidable.grouped(case.record)
    return [Step(WayStep.GROUPED, None, _day(group[0]), group[1])] if group else []


def _voted(case: OutcomeCase) -> list[Step]:
    return [Step(WayStep.VOTED, json.loads(poll.box.result)["turnout"]["total"], _closed(poll), f"/polls/{poll.slug}")
            for poll in reversed(case.votes) if poll.box and poll.box.published_at and poll.box.result]


def _closed(poll: Poll) -> date:
    return local(poll.box.closed_at or poll.closes_at).date()


def _carried_out(outcome: Outcome) -> list[Step]:
    """Decided, and carried out as far as it is; the day on which that began stays."""
    here = f"/outcomes/{outcome.id}"
    steps = [Step(WayStep.DECIDED, None, outcome.decided_on, here)]
    known = next((step.on for step in shown(outcome) if step.step is WayStep.IN_PROGRESS), None)
    began = known or (outcome.reported_on if outcome.progress is Progress.IN_PROGRESS else None)
    done = outcome.reported_on if outcome.progress is Progress.DONE else None
    if outcome.progress is not Progress.PROMISED:
        steps += [Step(step, None, on, f"{here}#carried-out")
                  for step, on in ((WayStep.IN_PROGRESS, began), (WayStep.DONE, done)) if on]
    return steps


def _day(moment: datetime | None) -> date | None:
    return moment and local(moment).date()
