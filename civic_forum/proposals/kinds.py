"""Proposals as a kind of thing: discussed, with files, found, reported, told of."""

import re

import sqlalchemy as sa

from collections.abc import Collection

from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Attached, Discussed, Kind, Moderated, Searched, SearchResult, Told
from civic_forum.kernel.base import db
from civic_forum.kernel.i18n import _, _l, day

from . import policy, queries, steps
from .models import Proposal
from .queries.listing import of_ids, titles
from .queries.records import READABLE

ADDRESS = re.compile(r"/proposals/([0-9]{4}-[0-9]{4,9})(?![^#]*#(?:comment|objection)-)")


def _why_not_read(actor, proposal: Proposal) -> str | None:
    return policy.may_read(actor, proposal) or policy.may_read_hidden(actor, proposal)


def shown_in_search(proposal_ids: list[int]) -> dict[int, SearchResult]:
    """Proposals for the search page; those that not everybody may read any more are left out."""
    return {proposal_id: SearchResult(
        url=f"/proposals/{card.number}", state=card.state,
        about=(card.neighbourhood_name or _("구 전체"), card.category_label, day(card.published_at),
               _("공감 %(count)s", count=f"{card.support_count:,}")))
        for proposal_id, card in of_ids(proposal_ids).items()}


def _find(_actor, proposal_id: int) -> Proposal | None:
    proposal = db.session.get(Proposal, proposal_id)
    if proposal is None or not policy.is_public(proposal) or proposal.hidden_at:
        return None
    return proposal


def _described(proposal_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    rows = db.session.execute(sa.select(Proposal.id, Proposal.title, Proposal.number)
                              .where(Proposal.id.in_(proposal_ids)))
    return {id_: (title, f"/proposals/{number}") for id_, title, number in rows}


def _at(address: str) -> int | None:
    found = ADDRESS.search(address)
    return db.session.scalar(sa.select(Proposal.id).filter_by(number=found[1])) if found else None


def _told(proposal_ids: list[int], reader_id: int) -> sa.Select:
    return sa.select(sa.literal("proposal"), Proposal.id, Proposal.title).where(
        Proposal.id.in_(proposal_ids), sa.or_(READABLE, Proposal.author_id == reader_id))


PROPOSAL = kinds.register(Kind(
    "proposal", Proposal, label=_l("제안"), title=lambda proposal: proposal.title,
    url=lambda proposal: f"/proposals/{proposal.number}", why_not_read=_why_not_read, missing=queries.missing,
    named=queries.numbered,
    capabilities=(
        Discussed(why_not_write=policy.may_comment, titles=titles),
        Attached(sets="proposal", why_not_read=_why_not_read),
        Searched(shown_in_search, place=10),
        Moderated(find=_find, excerpt=lambda proposal: proposal.title, author=Proposal.author_id,
                  authors=steps.authors, locked=steps.locked, put_hidden=steps.put_hidden, described=_described,
                  at=_at),
        Told(_told))))
