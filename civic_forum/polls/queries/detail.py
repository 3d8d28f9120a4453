"""One poll with all that its page shows, in a few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from civic_forum.accounts.models import User
from civic_forum.agendas.models import Agenda
from civic_forum.ballots.models import Head, VoteNotice
from civic_forum.blocks import about
from civic_forum.blocks.slugs import SLUG
from civic_forum.platform.base import db
from civic_forum.platform.errors import existing
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State

from ..models import Option, Poll, poll_proposal
from .records import missing

MOST_NOTICES = 100


@dataclass(frozen=True)
class Detail:
    poll: Poll
    opening_head: Head | None
    season_accepted_by: str | None
    """Who answers for a vote in election season."""
    notices: Sequence[sa.Row[tuple[str, str, str, datetime]]]
    """Kind, title, text and moment, the newest first."""
    proposals: Sequence[sa.Row[tuple[str, str, State]]]
    """Number, title and state of those that it is about and everybody may read."""
    about: about.Subject | None
    """The thing that it decides about, if everybody may read it."""

    @property
    def visible_agendas_of_options(self) -> dict[int, Agenda]:
        """Option number → its agenda, if everybody may read that."""
        return {option.number: option.agenda for option in self.poll.options if _open(option.agenda)}

    @property
    def visible_proposals_of_options(self) -> dict[int, Proposal]:
        """Option number → its proposal, if everybody may read that."""
        return {option.number: option.proposal for option in self.poll.options
                if option.proposal is not None and option.proposal.published_at and not option.proposal.hidden_at}


def _open(agenda: Agenda | None) -> Agenda | None:
    return agenda if agenda is not None and agenda.published_at else None


Row = sa.Row[tuple[Poll, Head | None, str | None]]


def row(slug: str, *, anew: bool = False) -> Row:
    """A poll with the head of its opening and who accepted its season. Raises NotFound. Whether the viewer may read it
    is for the caller to ask."""
    if not SLUG.fullmatch(slug):
        raise missing()
    options = selectinload(Poll.options)
    read = db.session.execute(
        sa.select(Poll, Head, User.nickname)
        .outerjoin(Head, sa.and_(Head.box_id == Poll.box_id, Head.number == 0))
        .outerjoin(User, User.id == Poll.season_accepted_by_id).where(Poll.slug == slug)
        .options(joinedload(Poll.box), joinedload(Poll.roll),
                 options.joinedload(Option.picture), options.joinedload(Option.neighbourhood),
                 options.joinedload(Option.agenda), options.joinedload(Option.proposal)),
        execution_options={"populate_existing": anew}).one_or_none()
    return existing(read, missing)


def around(read: Row) -> Detail:
    poll = read[0]
    return Detail(*read, db.session.execute(_notices(poll.id)).all(), db.session.execute(_proposals(poll.id)).all(),
                  about.subject(poll.about))


def _notices(poll_id: int) -> sa.Select:
    return (sa.select(VoteNotice.kind, VoteNotice.title, VoteNotice.text, VoteNotice.at)
            .where(VoteNotice.subject == f"poll:{poll_id}")
            .order_by(VoteNotice.at.desc(), VoteNotice.id.desc()).limit(MOST_NOTICES))


def _proposals(poll_id: int) -> sa.Select:
    return (sa.select(Proposal.number, Proposal.title, Proposal.state)
            .join(poll_proposal, poll_proposal.c.proposal_id == Proposal.id)
            .where(poll_proposal.c.poll_id == poll_id, Proposal.hidden_at.is_(None),
                   Proposal.published_at.is_not(None)).order_by(Proposal.id))
