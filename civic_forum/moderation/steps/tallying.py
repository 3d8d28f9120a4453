"""Numbers of acts in each month, as the ledger shows them."""

from datetime import datetime

import sqlalchemy as sa

from civic_forum.platform.base import upsert
from civic_forum.platform.i18n import local

from ..models import ModerationAction, ModerationTally
from ..queries.ledger import month


def tally(session, at: datetime, rule: str, change: int) -> None:
    """So many acts by this rule more, or fewer, in the month of this moment: numbers outlive the acts."""
    insert = upsert(ModerationTally).values(month=_name(at), rule=rule, total=change)
    session.execute(insert.on_conflict_do_update(
        index_elements=[ModerationTally.month, ModerationTally.rule],
        set_={"total": ModerationTally.total + change}))


def tally_again(session) -> None:
    """Count all acts anew, after rows were added past `act` (loading data in bulk)."""
    session.execute(sa.delete(ModerationTally))
    first, last = session.execute(sa.select(sa.func.min(ModerationAction.at), sa.func.max(ModerationAction.at))).one()
    year, number = (local(first).year, local(first).month) if first else (0, 0)
    while first and (one := month(year, number)).start <= last:
        session.execute(sa.insert(ModerationTally).from_select(["month", "rule", "total"], sa.select(
            sa.literal(one.name), ModerationAction.rule, sa.func.count()).where(
                ModerationAction.at >= one.start, ModerationAction.at < one.end).group_by(ModerationAction.rule)))
        year, number = year + number // 12, number % 12 + 1


def _name(at: datetime) -> str:
    return f"{local(at):%Y-%m}"
