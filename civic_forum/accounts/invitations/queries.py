"""Invitations to roles: by what stands in a mail, of a list, of an address."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.blocks import listing
from civic_forum.blocks.listing import Listing
from civic_forum.blocks.orders import Order
from civic_forum.platform import keys
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _l

from ..models import RoleGrant, User
from .directory import MOST
from .models import Invitation, InvitationList

_PURPOSE = "invitation"
_PLACES = (joinedload(Invitation.department), joinedload(Invitation.neighbourhood))


def token_hash(token: str) -> bytes:
    return keys.keyed_hash(_PURPOSE, token.encode("utf-8", "surrogatepass"))


def opened(token: str, at: datetime, *, lock: bool = False) -> Invitation | None:
    """The invitation that this token opens now, under whichever key."""
    sent = sa.select(Invitation).where(Invitation.expires_at > at, Invitation.token_hash.in_(
        keys.hashes(_PURPOSE, token.encode("utf-8", "surrogatepass"))))
    return db.session.scalar(sent.with_for_update().execution_options(populate_existing=True) if lock
                             else sent.options(*_PLACES))


def of_list(list_id: int, *, lock: bool = False) -> list[Invitation]:
    people = sa.select(Invitation).filter_by(list_id=list_id).order_by(Invitation.id).limit(MOST)
    return list(db.session.scalars(people.with_for_update().execution_options(populate_existing=True) if lock
                                   else people.options(*_PLACES)))


def invited(emails: Collection[str], at: datetime) -> frozenset[str]:
    """Those of these addresses that have an invitation."""
    return frozenset(db.session.scalars(sa.select(Invitation.email).where(
        Invitation.email.in_(emails), Invitation.expires_at > at)))


def held(emails: Collection[str]) -> frozenset[tuple[str, tuple]]:
    """Roles that the accounts of these confirmed addresses have: address; role, department, neighbourhood."""
    grants = sa.select(User.confirmed_email, RoleGrant.role, RoleGrant.department_id,
                       RoleGrant.neighbourhood_id).join(RoleGrant, RoleGrant.user_id == User.id).where(
        User.confirmed_email.in_(emails), RoleGrant.withdrawn_at.is_(None))
    return frozenset((email, tuple(post)) for email, *post in db.session.execute(grants))


def waiting(limit: int = 50) -> list[tuple[InvitationList, int]]:
    """Lists that wait for a second administrator with the number of their invitations, the oldest first."""
    lists = sa.select(InvitationList, sa.func.count()).join(Invitation, Invitation.list_id == InvitationList.id).where(
        InvitationList.confirmed_at.is_(None)).group_by(InvitationList.id).order_by(InvitationList.id).limit(limit)
    return [(proposed, number) for proposed, number in db.session.execute(lists)]


SENT = listing.declare(Listing(
    "invitations", lambda: sa.select(Invitation).where(Invitation.token_hash.is_not(None)).options(*_PLACES),
    endpoint="desk.invitations", size=50, orders=(Order("newest", _l("최신순"), (Invitation.id.desc(),)),)))
"""Invitations that were sent and not used."""
