"""Proposals as things to join to."""

import sqlalchemy as sa

from civic_forum.blocks.pickers import Choice, Pickable, register
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _l
from civic_forum.search import queries as search
from civic_forum.search.models import Entry

from . import labels, rules
from .models import Proposal
from .queries import records

KIND = "proposal"


def _choice(proposal: Proposal) -> Choice:
    return Choice(proposal.number or "", proposal.title, f"{proposal.number} · {labels.STATE[proposal.state]}")


def find(_actor, number: str, _within: str) -> Choice | None:
    """Proposals that everybody may read; a service says of anything else why it cannot be joined."""
    if not rules.NUMBER.fullmatch(number):
        return None
    proposal = db.session.scalar(sa.select(Proposal).where(Proposal.number == number, records.READABLE))
    return _choice(proposal) if proposal is not None else None


def search_titles(_actor, text: str, limit: int, _within: str) -> list[Choice]:
    """By the index; beginnings of a number too."""
    if text[:4].isdecimal() and text[4:5] == "-" and text.isascii():
        statement = sa.select(Proposal).where(Proposal.number.startswith(text, autoescape=True), records.READABLE)
        return [_choice(proposal) for proposal in db.session.scalars(statement.order_by(Proposal.number).limit(limit))]
    readable = sa.exists().where(Proposal.id == Entry.ref_id, records.READABLE)
    ids = [hit.ref_id for hit in search.matches(text, (KIND,), restrict=readable, limit=limit).items]
    by_id = {proposal.id: proposal for proposal in records.readable(ids)} if ids else {}
    return [_choice(by_id[proposal_id]) for proposal_id in ids if proposal_id in by_id]


PROPOSAL = register(Pickable("proposal", _l("제안"), ("agendas.moderate", "calls.see_desk", "opinions.make"),
                             search_titles, find, "/proposals/", rules.NUMBER))
