"""Letting everybody see a round, and what is told about it beside its text."""

from civic_forum.accounts.models import User
from civic_forum.ballots.box import alarms
from civic_forum.ballots.models import VoteNotice
from civic_forum.kernel import text_checks
from civic_forum.kernel.errors import Conflict
from civic_forum.kernel.policy import require
from civic_forum.kernel.work import use_case

from .. import readiness
from ..events import RoundAnnounced
from ..models import BudgetRound
from ..policy.preparing import may_announce, may_notify
from ..queries import preparing as queries
from ..queries import records
from ..steps import opening
from ..labels.preparing import MISSING

MOST_TITLE, MOST_TEXT = 200, 3_000


def announce(round_id: int, *, by: User) -> BudgetRound:
    """Let everybody see it. Raises Conflict while it has no money or no days."""
    with use_case(by) as work:
        budget_round = records.locked(round_id)
        require(by, may_announce, budget_round)
        if missing := readiness.missing_to_announce(budget_round):
            raise Conflict(str(MISSING[missing[0]]))
        budget_round.announced_at = work.at
        budget_round.version += 1
        opening.keep_in_step(work.session, budget_round)
        work.record("budgets.announced", budget_round)
        work.emit(RoundAnnounced(budget_round.id))
        return budget_round


def notify(round_id: int, title: str, text: str, *, by: User) -> VoteNotice:
    """Write a public notice. After the opening it is the only way to correct something, and says so."""
    with use_case(by) as work:
        budget_round = records.locked(round_id)
        require(by, may_notify, budget_round)
        title = text_checks.words_given(title, 1, MOST_TITLE, "title")
        text = text_checks.words_given(text, 1, MOST_TEXT, "text")
        kind = "notice" if budget_round.opened_at is None else "correction"
        notice = alarms.announce(work, queries.subject(budget_round.id), kind=kind, title=title, text=text)
        work.record("budgets.notified", budget_round, notice=notice.id)
        return notice
