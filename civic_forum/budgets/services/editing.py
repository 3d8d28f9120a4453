"""Filling in a round before its vote is opened. Afterwards only the days that follow the vote may move."""

from collections.abc import Callable
from typing import Any

from civic_forum.accounts.models import User
from civic_forum.kernel.errors import Conflict
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import require
from civic_forum.kernel.work import Work, use_case

from ..events import RoundEdited
from ..models import BudgetRound
from ..policy.acting import may_edit, why_frozen
from ..policy.preparing import may_reschedule
from ..queries import records
from ..rules.parts import Calendar, Counting, Electorate, ProjectLimits, Terms, Wording
from ..rules.preparing import only_later_days
from ..steps import opening
from ..steps import preparing as steps
from ..steps import reviews

Part = Wording | Calendar | ProjectLimits | Electorate | Counting | Terms
WRITE: dict[type, Callable[[BudgetRound, Any], None]] = {
    Wording: steps.write_wording, Calendar: steps.write_calendar, ProjectLimits: steps.write_limits,
    Electorate: steps.write_electorate, Counting: steps.write_counting, Terms: steps.write_terms}


def edit(round_id: int, part: Part, *, version: int, by: User) -> BudgetRound:
    """Say one part anew. `version` is what the page had read: Conflict when somebody was faster."""
    with use_case(by) as work:
        budget_round = held(round_id, version, may_edit, by)
        WRITE[type(part)](budget_round, part)
        if isinstance(part, Calendar):
            budget_round.season_accepted_at = budget_round.season_accepted_by_id = None
        if isinstance(part, Calendar | ProjectLimits):
            reviews.keep_due(work.session, budget_round)
        finish(work, budget_round, part=type(part).__name__.lower())
        return budget_round


def reschedule(round_id: int, part: Calendar, *, version: int, by: User) -> BudgetRound:
    """Move what comes after the vote, also once it is open. Raises Conflict for anything else that differs."""
    with use_case(by) as work:
        budget_round = held(round_id, version, may_reschedule, by)
        if not only_later_days(budget_round.phases, budget_round.paper_until, part):
            raise Conflict(why_frozen(budget_round) or _("투표 뒤의 일정만 옮길 수 있어요."))
        steps.write_calendar(budget_round, part)
        budget_round.version += 1
        work.record("budgets.rescheduled", budget_round, version=budget_round.version)
        work.emit(RoundEdited(budget_round.id))
        return budget_round


def held(round_id: int, version: int, predicate: Callable, by: User) -> BudgetRound:
    """The round, locked, that this person may change and has read as it is now. Raises Denied and Conflict."""
    budget_round = records.locked(round_id)
    require(by, predicate, budget_round)
    if version != budget_round.version:
        raise Conflict(_("그 사이에 다른 사람이 이 주민참여예산을 고쳤어요. 지금 내용을 확인한 뒤 다시 저장해 주세요."))
    return budget_round


def finish(work: Work, budget_round: BudgetRound, **details) -> None:
    """End of every change: a new version, rolls and boxes in step, the trail, and those who listen."""
    budget_round.version += 1
    opening.keep_in_step(work.session, budget_round)
    work.record("budgets.edited", budget_round, version=budget_round.version, **details)
    work.emit(RoundEdited(budget_round.id))
