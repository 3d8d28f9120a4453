"""Objections of authors, as something that can be reported and hidden: whose it is, where it stands, who sees it."""

from civic_forum.blocks.moderated import Passage, Surroundings
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _
from civic_forum.proposals import policy as proposals
from civic_forum.proposals.models import Proposal

from . import policy
from .models import AuthorObjection, ProposalMerge

WORDS = 200


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
    objection = db.session.get(AuthorObjection, objection_id)
    return objection if objection is not None and is_public(objection, viewer) else None


def around(objection: AuthorObjection) -> Surroundings:
    """Subject of an objection, and the answer it got."""
    words = Passage(objection.id, objection.by.name, objection.at, (objection.text,), hidden_rule=objection.hidden_rule)
    return Surroundings(
        objection.link.agenda.question if objection.link else objection.merge.merged.title, url(objection), words,
        after=[Passage(0, str(_("운영자")), objection.answered_at, (objection.answer,))] if objection.answer else [])
