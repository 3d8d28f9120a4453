"""One poll with all that its page shows, in a few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from civic_forum.accounts.models import User
from civic_forum.agendas.models import Agenda
from civic_forum.ballots.models import Head, VoteNotice
from civic_forum.blocks import about
from civic_forum.blocks.slugs import SLUG
from civic_forum.platform.base import db
from civic_forum.platform.json_rows import beside, gathered, gathered_beside, instant, rows_of
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State

from ..extensions import SUBJECT
from ..models import Option, Poll, poll_proposal
from .records import missing

MOST_NOTICES = 100


@dataclass(frozen=True, slots=True)
class PollNotice:
    kind: str
    title: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LinkedProposal:
    """A proposal that the poll is about."""

    number: str
    title: str
    state: State


@dataclass(frozen=True)
class Detail:
    poll: Poll
    opening_head: Head | None
    season_accepted_by: str | None
    """Who answers for a vote in election season."""
    notices: list[PollNotice]
    proposals: list[LinkedProposal]
    """Those that everybody may read."""
    about: about.Subject | None
    """The thing that it decides about, if everybody may read it."""
    beside: dict[str, Sequence[list]]
    """Rows of what is about the poll (`extensions.SUBJECT`)."""

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
    options, this = selectinload(Poll.options), aliased(Poll)
    own = sa.select(this.id).where(this.slug == slug).scalar_subquery()
    row = db.session.execute(
        sa.select(Poll, Head, User.nickname, gathered(_notices(), Poll), gathered(_proposals(), Poll),
                  *gathered_beside(SUBJECT.reads, own, this))
        .outerjoin(Head, sa.and_(Head.box_id == Poll.box_id, Head.number == 0))
        .outerjoin(User, User.id == Poll.season_accepted_by_id).where(Poll.slug == slug)
        .options(joinedload(Poll.box), joinedload(Poll.roll),
                 options.joinedload(Option.picture), options.joinedload(Option.neighbourhood),
                 options.joinedload(Option.agenda), options.joinedload(Option.proposal))).one_or_none()
    if row is None:
        raise missing()
    poll, head, nickname, notices, proposals, *columns = row
    return Detail(
        poll, head, nickname,
        [PollNotice(kind, title, text, instant(at)) for kind, title, text, at in rows_of(notices)],
        [LinkedProposal(number, title, State(state)) for number, title, state in rows_of(proposals)],
        about.subject(poll.about), beside(SUBJECT.reads, columns))


def _notices() -> sa.Select:
    return (sa.select(VoteNotice.kind, VoteNotice.title, VoteNotice.text, VoteNotice.at)
            .where(VoteNotice.subject == sa.literal("poll:") + sa.cast(Poll.id, sa.String))
            .order_by(VoteNotice.at.desc(), VoteNotice.id.desc()).limit(MOST_NOTICES))


def _proposals() -> sa.Select:
    return (sa.select(Proposal.number, Proposal.title, Proposal.state)
            .join(poll_proposal, poll_proposal.c.proposal_id == Proposal.id)
            .where(poll_proposal.c.poll_id == Poll.id, Proposal.hidden_at.is_(None),
                   Proposal.published_at.is_not(None)).order_by(Proposal.id))
