"""A district with its office for whole ways in a browser: people at keyboards, and proposals that were handed in."""

from itertools import count

import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.proposals.models import Proposal, Support
from civic_forum.proposals.rules import Basics, Body
from civic_forum.proposals.services import drafts, publication
from tests.notifications.told import reachable

WISH = "어르신이 앉아서 버스를 기다릴 수 있게 의자를 놓아 주세요."
_problem = count(1)


def handed_in(town, title: str, author=None) -> Proposal:
    """As by its form: in the search, and with what is similar to it."""
    author, key = author or reachable(town.resident()), drafts.new_key()
    drafts.save_draft(key, Basics(title, "traffic"), by=author)
    drafts.save_draft(key, Body(f"{next(_problem)}번째 정류장에는 앉을 자리가 하나도 없어요.", WISH), by=author)
    return publication.publish(key, by=author)


def supports() -> set[tuple[int, int]]:
    """Each supporter with a proposal."""
    return {tuple(row) for row in db.session.execute(sa.select(Support.proposal_id, Support.user_id))}


def counted() -> dict[str, tuple]:
    """The words of every proposal about itself, and the number of people behind it."""
    db.session.rollback()
    return {number: tuple(said) for number, *said in db.session.execute(sa.select(
        Proposal.number, Proposal.title, Proposal.state, Proposal.support_count, Proposal.merged_support_count,
        Proposal.threshold_reached_at))}
