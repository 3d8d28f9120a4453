"""What notices are about, as their reader may see it now: what was hidden, given back or deleted has no title."""

from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa

from civic_forum.agendas.models import Agenda
from civic_forum.kernel.base import db
from civic_forum.outcomes.models import Outcome
from civic_forum.polls.models import Poll
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries.records import READABLE


def titles(abouts: Iterable[str], reader_id: int) -> dict[str, str]:
    """`proposal:12` → its title; what is not in it cannot be seen by this reader, or has no title. One statement."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for about in abouts:
        kind, _colon, number = about.partition(":")
        if kind in KINDS and number.isdecimal():
            wanted[kind].append(int(number))
    asked = [KINDS[kind](ids, reader_id) for kind, ids in wanted.items()]
    if not asked:
        return {}
    return {f"{kind}:{number}": title for kind, number, title in db.session.execute(sa.union_all(*asked)) if title}


def _proposals(ids: list[int], reader_id: int) -> sa.Select:
    return sa.select(sa.literal("proposal"), Proposal.id, Proposal.title).where(
        Proposal.id.in_(ids), sa.or_(READABLE, Proposal.author_id == reader_id))


def _of(kind: str, model, title):
    """What the office says; nobody hides that, and whoever was told of it may see it."""
    return lambda ids, _reader_id: sa.select(sa.literal(kind), model.id, title).where(model.id.in_(ids))


KINDS = {"proposal": _proposals, "agenda": _of("agenda", Agenda, Agenda.question),
         "poll": _of("poll", Poll, Poll.title), "outcome": _of("outcome", Outcome, Outcome.title)}
"""Kinds of things that have titles; others are called as `words.SUBJECT` says."""
