"""What the worker does about notices that leave the site, and what proving an address means here."""

from civic_forum.accounts.events import EmailConfirmed
from civic_forum.kernel import hooks, jobs

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


jobs.every(60, "addresses that refuse")(addresses.drop_dead)


@hooks.on(EmailConfirmed)
def live_again(fact, session) -> None:
    addresses.live_again(session, fact.user_id)
