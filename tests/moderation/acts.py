"""Acts of moderators and entries of the ledger, ready-made."""

from datetime import timedelta

import sqlalchemy as sa

from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from civic_forum.moderation import operations
from civic_forum.moderation.models import Appeal, ModerationAction
from civic_forum.moderation.rules import ActionKind, Ended, Rule


def acted(by, subject_kind: str, subject_id: int, kind=ActionKind.HIDE, rule=Rule.ABUSE, reason="욕설이 있어요.", **facts):
    """An act of a moderator, through the step that pages use."""
    with use_case(by) as work:
        return operations.act(work, kind, subject_kind, subject_id, rule=rule, reason=reason, **facts)


AT_A_TIME = 4_000


def fill_ledger(how_many: int, *, user_id: int, days: int = 400) -> None:
    """So many entries of the ledger, spread over the days before now: rows of their own, about texts that are not
    there.

    Every third has ended, every tenth was appealed against. The first few thousand are written, the rest is copied by
    the database: a hundred thousand take seconds.
    """
    now, kinds, rules, ends = clock.now(), list(ActionKind), list(Rule), list(Ended)
    first = (db.session.scalar(sa.select(sa.func.max(ModerationAction.id))) or 0) + 1
    written = min(how_many, AT_A_TIME)
    rows, appeals = [], []
    for n in range(written):
        at, ended = now - timedelta(days=days) * ((written - n) / written), n % 3 == 0
        rows.append({
            "id": first + n, "kind": kinds[n % len(kinds)], "subject_kind": "comment", "subject_id": 10_000_000 + n,
            "rule": rules[n // 3 % len(rules)].value, "reason": "광고예요.", "by_id": user_id, "role": "moderator",
            "at": at, "ended_at": at + timedelta(hours=3) if ended else None, "before": {},
            "ended_how": ends[n % len(ends)].value if ended else None})
        if n % 10 == 0:
            appeals.append({"action_id": first + n, "by_id": user_id, "text": "광고가 아니에요.", "at": at,
                            "upheld": [None, True, False][n % 3]})
    db.session.execute(sa.insert(ModerationAction.__table__), rows)
    db.session.execute(sa.insert(Appeal.__table__), appeals)
    while written < how_many:
        _copy(first, written, min(written, how_many - written))
        written *= 2
    operations.tally_again(db.session)
    db.session.commit()


def _copy(first: int, by: int, how_many: int) -> None:
    """Write so many entries from `first` on once more, with numbers higher `by` so much."""
    for table, own in ((ModerationAction.__table__, ("id", "subject_id")), (Appeal.__table__, ("action_id",))):
        names = [column.name for column in table.columns if column.name != "id" or "id" in own]
        copied = [table.c[name] + by if name in own else table.c[name] for name in names]
        key = table.c[own[0]]
        db.session.execute(table.insert().from_select(
            names, sa.select(*copied).where(key >= first, key < first + how_many)))
