"""The logs: entries of the audit log, and look-ups of people."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from civic_forum.accounts.labels import TAKEN_OUT
from civic_forum.accounts.models import AccessRecord
from civic_forum.blocks import listing
from civic_forum.blocks.filters import Filter, words
from civic_forum.blocks.listing import Chosen, Listing
from civic_forum.blocks.orders import Order
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.i18n import _l
from civic_forum.platform.paging import Page
from civic_forum.platform.work import let_go

from .filters import AREA, SUBJECT, days, named, numbered

BATCH = 500
PERSON = "person"
"""Stands for looking up one person, where a table can be taken out."""
TYPED = "q"


def _orders(column: Any) -> tuple[Order, Order]:
    return Order("newest", _l("최신순"), (column.desc(),)), Order("oldest", _l("오래된순"), (column,))


AUDIT = listing.declare(Listing(
    "audit log", lambda: sa.select(AuditEntry), endpoint="desk.audit", size=50,
    filters=(AREA, SUBJECT, named("actor", _l("한 사람의 로그인 이름"), AuditEntry.actor_id), *days(AuditEntry.at),
             words(TYPED, _l("무엇을 했는지에 있는 낱말"), AuditEntry.action, most=60)),
    orders=_orders(AuditEntry.id)))
ACCESS = listing.declare(Listing(
    "access log", lambda: sa.select(AccessRecord), endpoint="desk.access_log", size=50,
    filters=(named("by", _l("찾은 사람의 로그인 이름"), AccessRecord.by_id),
             numbered("user", _l("찾은 회원의 번호"), AccessRecord.user_id),
             Filter("what", _l("회원이나 명단"), AccessRecord.what, {PERSON: _l("회원"), **TAKEN_OUT}, _l("모두"),
                    {PERSON: AccessRecord.what.is_(None)}),
             *days(AccessRecord.at), words(TYPED, _l("이유에 있는 낱말"), AccessRecord.reason, most=60)),
    orders=_orders(AccessRecord.id)))


def page(wanted: Chosen, after: str | None = None, *, limit: int = 0) -> Page[Any]:
    """Records of a log. Raises Invalid for an `after` that is no token."""
    records = wanted.page(after, limit=limit)
    return Page([row[0] for row in records.items], records.after)


def whole(wanted: Chosen) -> Iterator[list]:
    """Everything that a filter finds, in batches; in between no connection is held."""
    records = page(wanted, limit=BATCH)
    yield records.items
    let_go()
    while records.after:
        records = page(wanted, records.after, limit=BATCH)
        yield records.items
        let_go()


def narrowed(wanted: Chosen) -> dict[str, str]:
    """Filters as the audit log notes them: people by their ids, and of typed words only that there were some."""
    by_key = wanted.listing.by_key
    return {key: "typed" if key == TYPED else str(by_key[key].binds(value).get(key, value))
            for key, value in wanted.values.items()}
