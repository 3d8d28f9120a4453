"""Draws read again under the lock, and who signs for them. Accounts are locked first, then the call, then the draw."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import Role
from civic_forum.blocks.two_people import Signatory
from civic_forum.calls import queries as calls
from civic_forum.calls.judging import queries as applications
from civic_forum.calls.judging.operations import refuse_applicants
from civic_forum.calls.models import Call
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from .. import policy, queries
from ..models import Draw


CONFIRMED_WITHIN = timedelta(days=7)


@contextmanager
def holding(slug: str, by: User, *signers: int) -> Iterator[tuple[Work, Call, Draw | None]]:
    """A call and its last attempt, read again under the lock with the accounts of those who sign. Of equal points
    earlier attempts stand beside it."""
    call_id = calls.slugged(slug).id
    with use_case(by) as work:
        people.held(by.id, *signers)
        call = calls.locked(call_id)
        require(by, policy.may_hold, call)
        refuse_applicants(by, call)
        draw = queries.last_of(call)
        yield work, call, draw and queries.locked(draw.id)


def standing(draw: Draw | None) -> Draw:
    """Raises Conflict for none that was committed and stands."""
    if draw is None or draw.committed_at is None or draw.ended_at is not None:
        raise Conflict(_("잠근 추첨 명단이 없어요."))
    return draw


def subject_of(draw: Draw) -> str:
    return f"draw:{draw.id}"


def held(subject: str, signers: frozenset[int]) -> Draw:
    people.held(*signers)
    return queries.locked(int(subject.partition(":")[2]))


def signatory(number: int, draw: Draw) -> Signatory:
    """Read again, and locked by nobody here: accounts are locked before the call, or not at all."""
    user = db.session.get_one(User, number)
    reason = policy.may_hold(user, draw.call) or ("applied" if applications.applies(user, draw.call_id) else None)
    return people.signatory(user, (Role.OFFICIAL, Role.MODERATOR), reason)


def may(actor: User, draw: Draw) -> str | None:
    return policy.may_hold(actor, draw.call)
