"""Objections of authors, as something that can be reported and hidden: whose it is, where it stands, who sees it."""

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.proposals import policy as proposals
from civic_forum.proposals.models import Proposal

from . import policy
from .models import AuthorObjection, ProposalMerge

WORDS = 200


def authors(session, objection_ids: Collection[int]) -> dict[int, int]:
    """Authors of these, by id; nothing is locked."""
    return dict(session.execute(sa.select(AuthorObjection.id, AuthorObjection.by_id)
                                .where(AuthorObjection.id.in_(objection_ids))).all())


def locked(session, objection_ids: Collection[int]) -> dict[int, AuthorObjection]:
    """These by id, read again and locked in one order."""
    rows = session.scalars(sa.select(AuthorObjection).where(AuthorObjection.id.in_(objection_ids))
                           .order_by(AuthorObjection.id).with_for_update(key_share=True)
                           .execution_options(populate_existing=True))
    return {one.id: one for one in rows}


def put_hidden(_work, hidden: Mapping[AuthorObjection, tuple[datetime, str] | None]) -> None:
    """Hide these since a moment under a rule, or show them again (None). Nothing counts or searches them."""
    for one, given in hidden.items():
        one.hidden_at, one.hidden_rule = given or (None, None)


def url(objection: AuthorObjection) -> str:
    """Public address."""
    if objection.link is not None:
        return f"/agendas/{objection.link.agenda.slug}#objection-{objection.id}"
    return f"/proposals/{_page(objection.merge).number}#objection-{objection.id}"


def excerpt(objection: AuthorObjection) -> str:
    """The first of its words."""
    return objection.text if len(objection.text) <= WORDS else f"{objection.text[:WORDS].rstrip()}…"


def is_public(objection: AuthorObjection, viewer) -> bool:
    """True if this viewer reads it on the page of the agenda or the proposal."""
    if objection.hidden_at is not None:
        return False
    if objection.link is not None:
        return policy.may_read(viewer, objection.link.agenda) is None
    return _is_read(_page(objection.merge))


def _page(merge: ProposalMerge) -> Proposal:
    """Both proposals show what was said about their merge."""
    return merge.merged if _is_read(merge.merged) else merge.into


def _is_read(proposal: Proposal) -> bool:
    return proposals.is_public(proposal) and proposal.hidden_at is None


def find(viewer, objection_id: int) -> AuthorObjection | None:
    found = db.session.get(AuthorObjection, objection_id)
    return found if found is not None and is_public(found, viewer) else None

