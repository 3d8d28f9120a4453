"""Notices beside a round."""

from civic_forum.accounts.models import User
from civic_forum.ballots.box import alarms
from civic_forum.ballots.models import VoteNotice
from civic_forum.platform import text_checks
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from ..policy.preparing import may_notify
from ..queries import preparing as queries
from ..queries import records

MOST_TITLE, MOST_TEXT = 200, 3_000


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
