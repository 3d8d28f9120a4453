"""Work of the worker on notices that leave the site, and what proving an address means here."""

from datetime import datetime

import sqlalchemy as sa

from civic_forum.accounts.events import EmailConfirmed
from civic_forum.platform import hooks, jobs
from civic_forum.platform.i18n import local
from civic_forum.platform.outbox import HELD, REWRITTEN, Carrier, OutgoingMail

from ..letters import KIND
from ..rules import is_quiet
from ..services import addresses, delivering, digesting

MAIL = "mail"
"""The job that sends what is written."""


@jobs.every(1, "notices that leave at once", at_start=True)
def at_once() -> None:
    if delivering.write_at_once():
        jobs.soon(MAIL)


@jobs.every(10, "digests", at_start=True)
def digests() -> None:
    if digesting.write_due():
        jobs.soon(MAIL)


def at_night(now: datetime) -> sa.ColumnElement[bool] | None:
    """Short messages that tell of something, written at once, in a digest or tried before. Codes that somebody waits
    for leave at any hour."""
    if not is_quiet(local(now)):
        return None
    return sa.and_(OutgoingMail.carrier == Carrier.SMS, OutgoingMail.kind.startswith(KIND))


HELD["notices at night"] = at_night
REWRITTEN[KIND] = delivering.write_again
jobs.every(60, "addresses that refuse")(addresses.drop_dead)


@hooks.on(EmailConfirmed)
def live_again(fact, session) -> None:
    addresses.live_again(session, fact.user_id)
