"""A proposal with all that its page shows, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from civic_forum.accounts.models import User
from civic_forum.attachments.models import Attachment
from civic_forum.comments.models import Thread
from civic_forum.district.models import Audience, Neighbourhood
from civic_forum.journeys import queries as journeys
from civic_forum.platform.base import db, is_sqlite
from civic_forum.platform.i18n import Language, language
from civic_forum.platform.json_rows import beside, gathered, gathered_beside, instant, rows_of

from .. import extensions, rules
from ..models import Follow, Proposal, SimilarProposal, Support, proposal_audience
from ..rules import State
from .listing import MOST_SIMILAR
from .records import missing

MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class File:
    key: str
    name: str
    is_picture: bool
    size: int
    description: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Similar:
    number: str
    title: str
    state: State
    support_count: int


@dataclass(frozen=True)
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
    similar: list[Similar]
    beside: dict[str, Sequence[list]]
    """Rows that features above asked to be read with it (`extensions.reads`)."""

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
    statement = _statement(viewer_id is not None, language(), is_sqlite())
    row = db.session.execute(statement, {"number": number, "viewer": viewer_id}).one_or_none()
    if row is None:
        raise missing()
    proposal, thread, author, neighbourhood, merged_number, merged_title, supported, followed, *columns = row
    audiences, entries, files, similar = map(rows_of, columns[:4])
    return Detail(
        proposal, thread, author, neighbourhood, merged_number, merged_title, bool(supported), bool(followed),
        audiences=[name for name, in audiences],
        entries=[journeys.Entry(step, instant(at), text, url) for step, at, text, url in entries],
        files=[File(key, name, bool(is_picture), *rest) for key, name, is_picture, *rest in files],
        similar=[Similar(other, title, State(state), count) for other, title, state, count in similar],
        beside=beside(extensions.reads(), columns[4:]))


@lru_cache(maxsize=16)
def _statement(signed_in: bool, _words: Language, _for_sqlite: bool) -> sa.Select:
    """Made once for each language and database: making it takes longer than carrying it out."""
    target, this = aliased(Proposal), aliased(Proposal)
    own = sa.select(this.id).where(this.number == sa.bindparam("number")).scalar_subquery()
    return (
        sa.select(Proposal, Thread, User.nickname, Neighbourhood.name, target.number,
                  sa.case((target.hidden_at.is_(None), target.title), else_=target.number),
                  _has(Support, signed_in), _has(Follow, signed_in),
                  *(gathered(rows, Proposal) for rows in (_audiences(), _journey(), _files(), _similar())),
                  *gathered_beside(extensions.reads(), own, Proposal))
        .join(User, User.id == Proposal.author_id)
        .outerjoin(Thread, Thread.id == Proposal.thread_id)
        .outerjoin(Neighbourhood, Neighbourhood.id == Proposal.neighbourhood_id)
        .outerjoin(target, target.id == Proposal.merged_into_id)
        .where(Proposal.number == sa.bindparam("number")))


def _has(kind: type[Support] | type[Follow], signed_in: bool) -> sa.ColumnElement[bool]:
    if not signed_in:
        return sa.false()
    return sa.exists().where(kind.proposal_id == Proposal.id, kind.user_id == sa.bindparam("viewer"))


def _audiences() -> sa.Select:
    return (sa.select(Audience.name).join(proposal_audience, proposal_audience.c.audience_id == Audience.id)
            .where(proposal_audience.c.proposal_id == Proposal.id).order_by(Audience.position))


def _journey() -> sa.Select:
    return journeys.steps_of(Proposal.journey_id).limit(MOST_STEPS)


def _files() -> sa.Select:
    return (sa.select(Attachment.key, Attachment.name, Attachment.is_picture, Attachment.size,
                      Attachment.description, Attachment.width, Attachment.height)
            .where(Attachment.set_id == Proposal.attachment_set_id).order_by(Attachment.position, Attachment.id))


def _similar() -> sa.Select:
    other = aliased(Proposal)
    return (sa.select(other.number, other.title, other.state, other.support_count)
            .join(SimilarProposal, SimilarProposal.other_id == other.id)
            .where(SimilarProposal.proposal_id == Proposal.id, other.hidden_at.is_(None),
                   other.published_at.is_not(None), other.state.not_in((State.WITHDRAWN, State.MERGED)))
            .order_by(SimilarProposal.place, other.id).limit(MOST_SIMILAR))
