"""A proposal with all that its page shows."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import SERVICE_NAME
from civic_forum.attachments.models import Attachment
from civic_forum.comments.models import Thread
from civic_forum.district.models import Audience, Neighbourhood
from civic_forum.journeys import queries as journeys
from civic_forum.platform.base import db
from civic_forum.platform.statements import made_once

from .. import rules
from ..models import Follow, Proposal, SimilarProposal, Support, proposal_audience
from ..rules import State
from .listing import MOST_SIMILAR
from .records import missing


@dataclass(frozen=True, slots=True)
class File:
    key: str
    name: str
    is_picture: bool
    size: int
    description: str
    width: int | None
    height: int | None


@dataclass(frozen=True, eq=False)
class Detail:
    """A proposal with what stands around it on its page."""

    proposal: Proposal
    thread: Thread | None
    """Held here so that its comments are read without asking for it again."""
    author_name: str | None
    neighbourhood_name: str | None
    merged_number: str | None
    merged_title: str | None
    """Its number where it is hidden."""
    is_supported: bool
    is_followed: bool
    audiences: list[str]
    entries: list[journeys.Entry]
    files: list[File]
    similar: Sequence[sa.Row[tuple[str, str, State, int]]]
    """Number, title, state and support_count."""

    @property
    def is_on_site(self) -> bool:
        """True for one that nobody handed in by name."""
        return self.proposal.channel is not rules.Channel.ONLINE and self.author_name == SERVICE_NAME

    @property
    def steps_taken(self) -> set[str]:
        return {entry.step for entry in self.entries}

    @property
    def pictures(self) -> list[File]:
        return [file for file in self.files if file.is_picture]

    @property
    def documents(self) -> list[File]:
        return [file for file in self.files if not file.is_picture]


def detail(number: str, viewer_id: int | None = None) -> Detail:
    """Raises NotFound. Whether the viewer may read it is for the caller to ask."""
    if not rules.NUMBER.fullmatch(number):
        raise missing()
    row = db.session.execute(_statement(viewer_id is not None), {"number": number, "viewer": viewer_id}).one_or_none()
    if row is None:
        raise missing()
    proposal, files = row[0], {"set": row[0].attachment_set_id}
    return Detail(
        *row, audiences=list(db.session.scalars(_audiences(), {"proposal": proposal.id})),
        entries=journeys.entries(proposal.journey_id),
        files=[File(*row) for row in db.session.execute(_files(), files)] if proposal.attachment_set_id else [],
        similar=db.session.execute(_similar(), {"proposal": proposal.id}).all())


@made_once
def _statement(signed_in: bool) -> sa.Select:
    """The first columns of `Detail` in their order; it is given the `number` and the id of the `viewer`."""
    target = aliased(Proposal)
    return (
        sa.select(Proposal, Thread, User.nickname, Neighbourhood.name, target.number,
                  sa.case((target.hidden_at.is_(None), target.title), else_=target.number),
                  _has(Support, signed_in), _has(Follow, signed_in))
        .join(User, User.id == Proposal.author_id)
        .outerjoin(Thread, Thread.id == Proposal.thread_id)
        .outerjoin(Neighbourhood, Neighbourhood.id == Proposal.neighbourhood_id)
        .outerjoin(target, target.id == Proposal.merged_into_id)
        .where(Proposal.number == sa.bindparam("number")))


def _has(kind: type[Support] | type[Follow], signed_in: bool) -> sa.ColumnElement[bool]:
    if not signed_in:
        return sa.false()
    return sa.exists().where(kind.proposal_id == Proposal.id, kind.user_id == sa.bindparam("viewer"))


_PROPOSAL = sa.bindparam("proposal", type_=Proposal.id.type)


@made_once
def _audiences() -> sa.Select:
    return (sa.select(Audience.name).join(proposal_audience, proposal_audience.c.audience_id == Audience.id)
            .where(proposal_audience.c.proposal_id == _PROPOSAL).order_by(Audience.position))


@made_once
def _files() -> sa.Select:
    return (sa.select(Attachment.key, Attachment.name, Attachment.is_picture, Attachment.size,
                      Attachment.description, Attachment.width, Attachment.height)
            .where(Attachment.set_id == sa.bindparam("set", type_=Attachment.set_id.type))
            .order_by(Attachment.position, Attachment.id))


@made_once
def _similar() -> sa.Select:
    return (sa.select(Proposal.number, Proposal.title, Proposal.state, Proposal.support_count)
            .join(SimilarProposal, SimilarProposal.other_id == Proposal.id)
            .where(SimilarProposal.proposal_id == _PROPOSAL, Proposal.hidden_at.is_(None),
                   Proposal.published_at.is_not(None), Proposal.state.not_in((State.WITHDRAWN, State.MERGED)))
            .order_by(SimilarProposal.place, Proposal.id).limit(MOST_SIMILAR))
