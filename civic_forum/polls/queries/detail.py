"""One poll with all that its page shows, in a few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from civic_forum.accounts.models import User
from civic_forum.agendas.models import Agenda
from civic_forum.ballots.models import BallotBox, Head, VoteNotice
from civic_forum.blocks import about
from civic_forum.blocks.slugs import SLUG
from civic_forum.platform.base import db
from civic_forum.platform.statements import made_once
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


def detail(slug: str) -> Detail:
    """Raises NotFound. Whether the viewer may read it is for the caller to ask."""
    if not SLUG.fullmatch(slug):
        raise missing()
    row = db.session.execute(_detail(), {"slug": slug}).one_or_none()
    if row is None:
        raise missing()
    poll = row[0]
    return Detail(*row, db.session.execute(_notices(), {"subject": f"poll:{poll.id}"}).all(),
                  db.session.execute(_proposals(), {"poll": poll.id}).all(), about.subject(poll.about))


@made_once
def _detail() -> sa.Select:
    options = selectinload(Poll.options)
    return (sa.select(Poll, Head, User.nickname)
            .outerjoin(Head, sa.and_(Head.box_id == Poll.box_id, Head.number == 0))
            .outerjoin(User, User.id == Poll.season_accepted_by_id).where(Poll.slug == sa.bindparam("slug"))
            .options(joinedload(Poll.box).joinedload(BallotBox.roll), joinedload(Poll.roll),
                     options.joinedload(Option.picture), options.joinedload(Option.neighbourhood),
                     options.joinedload(Option.agenda), options.joinedload(Option.proposal)))


@made_once
def _notices() -> sa.Select:
    return (sa.select(VoteNotice.kind, VoteNotice.title, VoteNotice.text, VoteNotice.at)
            .where(VoteNotice.subject == sa.bindparam("subject"))
            .order_by(VoteNotice.at.desc(), VoteNotice.id.desc()).limit(MOST_NOTICES))


@made_once
def _proposals() -> sa.Select:
    return (sa.select(Proposal.number, Proposal.title, Proposal.state)
            .join(poll_proposal, poll_proposal.c.proposal_id == Proposal.id)
            .where(poll_proposal.c.poll_id == sa.bindparam("poll"), Proposal.hidden_at.is_(None),
                   Proposal.published_at.is_not(None)).order_by(Proposal.id))
