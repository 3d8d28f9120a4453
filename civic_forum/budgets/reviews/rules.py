"""Completeness of a review before it is handed in, and deadlines of questions. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from civic_forum.platform.plain_text import clean

from ..rules import BEFORE_VOTING, Finding, ORDER, Phase, ProjectState, Span, Verdict, current, in_order

TEXT_MOST = 2_000
OPINION_LEAST = 10
DURATION_MOST, RUNNING_MOST, PART_MOST = 200, 300, 100
MOST_PARTS = 20
LONGEST = {"legal_text": TEXT_MOST, "technical_text": TEXT_MOST, "duration": DURATION_MOST,
           "running_cost_text": RUNNING_MOST, "conflicts": TEXT_MOST, "text": TEXT_MOST, "condition": TEXT_MOST,
           "reason": TEXT_MOST}
ASK_LEAST, ASK_MOST = 10, 1_000
NOTE_LEAST, NOTE_MOST = 5, 300

STATE_OF = {Verdict.ELIGIBLE: ProjectState.ELIGIBLE, Verdict.ELIGIBLE_IF: ProjectState.ELIGIBLE_IF,
            Verdict.NOT_ELIGIBLE: ProjectState.NOT_ELIGIBLE}
REVIEWED = frozenset(STATE_OF.values())
LOOKED_AT_AGAIN = frozenset((ProjectState.NOT_ELIGIBLE, ProjectState.ELIGIBLE_IF))
"""What a proposer may ask to be looked at again."""


@dataclass(frozen=True)
class Opinion:
    """Opinion of a department on a project. Won in `cost_parts` and `running_cost` (a year)."""

    legal: Finding | None = None
    legal_text: str = ""
    technical: Finding | None = None
    technical_text: str = ""
    cost_parts: tuple[tuple[str, int], ...] = ()
    duration: str = ""
    running_cost: int | None = None
    running_cost_text: str = ""
    conflicts: str = ""
    text: str = ""
    verdict: Verdict | None = None
    condition: str = ""
    reason_id: int | None = None
    reason: str = ""

    @property
    def cost(self) -> int | None:
        """Won: the sum of the parts; None where there are none."""
        return sum(won for _what, won in self.cost_parts) if self.cost_parts else None


class Lack(StrEnum):
    """Reason that keeps a review from being handed in."""

    FINDING = "finding"
    OPINION = "opinion"
    VERDICT = "verdict"
    COST = "cost"
    CONDITION = "condition"
    REASON = "reason"
    WHICH_REASON = "which_reason"
    AGAINST_ITSELF = "against_itself"


def lacks(opinion: Opinion, *, has_reasons: bool) -> list[tuple[str, Lack]]:
    """Field and fault of everything that a review still needs. `has_reasons`: whether its round lists reasons."""
    faults = [(name, Lack.FINDING) for name in ("legal", "technical") if getattr(opinion, name) is None]
    if len(clean(opinion.text)) < OPINION_LEAST:
        faults.append(("text", Lack.OPINION))
    match opinion.verdict:
        case None:
            faults.append(("verdict", Lack.VERDICT))
        case Verdict.NOT_ELIGIBLE:
            if has_reasons and opinion.reason_id is None:
                faults.append(("reason_id", Lack.WHICH_REASON))
            if len(clean(opinion.reason)) < OPINION_LEAST:
                faults.append(("reason", Lack.REASON))
        case verdict:
            if not opinion.cost:
                faults.append(("cost_parts", Lack.COST))
            if verdict is Verdict.ELIGIBLE_IF and len(clean(opinion.condition)) < OPINION_LEAST:
                faults.append(("condition", Lack.CONDITION))
            if Finding.NOT_POSSIBLE in (opinion.legal, opinion.technical):
                faults.append(("verdict", Lack.AGAINST_ITSELF))
    return faults


def due(assigned_at: datetime, days: int, spans: Iterable[Span]) -> datetime:
    """The last moment at which a review is in time: `days` of the calendar after it was assigned, but never behind the
    phase in which it is made."""
    by_days, ends = assigned_at + timedelta(days=days), _phase_ends(spans, assigned_at)
    return by_days if ends is None else min(by_days, ends - timedelta(microseconds=1))  # so that midnight is no new day


def is_cut_short(assigned_at: datetime, due_at: datetime, days: int) -> bool:
    """True if the phase ends before the days of the round are over."""
    return due_at < assigned_at + timedelta(days=days)


def _phase_ends(spans: Iterable[Span], assigned_at: datetime) -> datetime | None:
    """End of the first phase between collecting and the vote that was not over at `assigned_at`."""
    ordered = in_order(spans)
    for span, following in zip(ordered, [*ordered[1:], None], strict=False):
        ends = span.ends_at or following and following.starts_at
        if span.phase is not Phase.COLLECTING and span.phase in BEFORE_VOTING and ends and ends > assigned_at:
            return ends
    return None


def look_until(ended_at: datetime, days: int) -> datetime:
    """The first moment at which a second look can be asked for no more."""
    return ended_at + timedelta(days=days)


def takes_reviews(spans: Iterable[Span], now: datetime) -> bool:
    """True if reviews are made now: collecting is over. Whether the vote is open yet is asked apart."""
    phase = current(spans, now)
    return phase is not None and ORDER.index(phase) > ORDER.index(Phase.COLLECTING)
