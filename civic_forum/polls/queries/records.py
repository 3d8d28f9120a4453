"""Polls as records, and those that wait at the desk."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_login import AnonymousUserMixin
from sqlalchemy.orm import joinedload, selectinload

from civic_forum.accounts.models import User
from civic_forum.accounts.queries.sessions import Caller, find_with_caller, with_caller
from civic_forum.accounts.session_cookie import SessionCookie
from civic_forum.attachments.models import Attachment
from civic_forum.ballots.models import BallotBox, ElectoralRoll, RollObjection, VoteNotice
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.ballots.voted import Reachable
from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.slugs import SLUG
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, end_of, local
from civic_forum.platform.statements import made_once
from civic_forum.platform.waiting import DeskLine, Waiting
from civic_forum.proposals.models import Proposal

from .. import rules
from ..models import Option, Poll


def missing() -> NotFound:
    return NotFound(_("이런 투표는 없어요. 주소를 다시 확인하거나 투표 목록에서 찾아보세요."))


def topics(ids: "sa.Select[Any]") -> "sa.Select[Any]":
    """Those with these ids, as lists of what is owed name them."""
    return sa.select(Poll.id, Poll.title, sa.literal(0).label("support_count"),
                     (sa.literal("/polls/") + Poll.slug).label("url")).where(Poll.id.in_(ids))


def by_slug(slug: str) -> Poll:
    """Raises NotFound."""
    return existing(slugged(slug), missing)


def slugged(slug: str) -> Poll | None:
    if not SLUG.fullmatch(slug):
        return None
    return db.session.scalar(_slugged(), {"slug": slug})


@made_once
def _slugged() -> sa.Select[tuple[Poll]]:
    return sa.select(Poll).where(Poll.slug == sa.bindparam("slug")).options(
        joinedload(Poll.box).joinedload(BallotBox.roll), joinedload(Poll.roll))


def vote(slug: str, cookie: SessionCookie) -> tuple[sa.Row, Caller | AnonymousUserMixin]:
    """The first reading of a cast, in one statement: the box of a poll and who may know of it, and whose session has
    this cookie. Raises NotFound."""
    row, caller = find_with_caller(_vote(), cookie, slug=slug) if SLUG.fullmatch(slug) else (None, None)
    if row is None or row.box_id is None:
        raise missing()
    return row, caller


@made_once
def _vote() -> sa.Select:
    poll = Poll.__table__.c
    return with_caller(sa.select(poll.box_id, poll.announced_at, poll.rehearsal_of_id).where(
        poll.slug == sa.bindparam("slug")))


def whole(slug: str) -> Poll:
    """With everything that its definition says, in few statements. Raises NotFound."""
    if not SLUG.fullmatch(slug):
        raise missing()
    options = selectinload(Poll.options)
    query = sa.select(Poll).filter_by(slug=slug).options(
        joinedload(Poll.box), joinedload(Poll.roll), selectinload(Poll.neighbourhoods),
        options.joinedload(Option.picture), options.joinedload(Option.neighbourhood),
        options.joinedload(Option.proposal))
    return existing(db.session.scalar(query), missing)


def by_subject(subject: str) -> Poll:
    """The poll whose vote a box is. Raises NotFound."""
    ref = Ref.read(subject)
    return existing(db.session.get(Poll, ref.id) if ref is not None and ref.kind == "poll" else None, missing)


def of_numbers(numbers: Collection[int]) -> list[Poll]:
    """Several at once; from then on `by_subject` asks no more, as long as they are held."""
    return list(db.session.scalars(_of_numbers(), {"numbers": list(numbers)}))


@made_once
def _of_numbers() -> sa.Select[Any]:
    return sa.select(Poll).where(Poll.id.in_(sa.bindparam("numbers", expanding=True)))


def reachable(now: datetime) -> list[Reachable]:
    """Polls for which whoever is verified now comes in time."""
    rows = db.session.execute(
        sa.select(Poll.title, Poll.slug, Poll.roll_grows, Poll.roll_fixed_on, Poll.opens_at, Poll.closes_at)
        .outerjoin(ElectoralRoll, ElectoralRoll.id == Poll.roll_id)
        .outerjoin(BallotBox, BallotBox.id == Poll.box_id).where(
            BallotBox.closed_at.is_(None), Poll.announced_at.is_not(None), Poll.rehearsal_of_id.is_(None),
            Poll.closes_at > now, sa.or_(Poll.roll_grows, sa.and_(
                Poll.roll_source == RollSource.VERIFIED, Poll.roll_fixed_on >= local(now).date(),
                ElectoralRoll.fixed_at.is_(None)))).order_by(Poll.closes_at, Poll.id))
    return [Reachable(poll.title, f"/polls/{poll.slug}",
                      poll.closes_at if poll.roll_grows else end_of(poll.roll_fixed_on),
                      f"/polls/{poll.slug}/ballot" if poll.roll_grows and poll.opens_at <= now else None)
            for poll in rows]


def grows(slug: str) -> bool:
    """True where people who are verified now are added to the roll of this poll, which everybody may know of and which
    has not ended."""
    return SLUG.fullmatch(slug) is not None and bool(db.session.scalar(sa.select(Poll.roll_grows).where(
        Poll.slug == slug, Poll.announced_at.is_not(None), Poll.rehearsal_of_id.is_(None),
        Poll.closes_at > clock.now())))


def of_roll(roll_id: int) -> Poll | None:
    """The poll whose electoral roll this is."""
    return db.session.scalar(sa.select(Poll).filter_by(roll_id=roll_id).options(joinedload(Poll.box))
                             .order_by(Poll.id).limit(1))


def locked(poll_id: int) -> Poll:
    """The poll read again, and locked with its box until this transaction ends. Raises NotFound.

    The lock of the box keeps its opening and an edit apart: whichever comes second sees the first.
    """
    query = sa.select(Poll).filter_by(id=poll_id).with_for_update(key_share=True, of=Poll)
    poll = db.session.scalar(query.execution_options(populate_existing=True))
    if poll is None:
        raise missing()
    if poll.box_id is not None:
        boxes.held(poll.box_id)
    return poll


def option(poll_id: int, number: int) -> Option:
    """Raises NotFound."""
    option = None
    if 1 <= number <= rules.MOST_OPTIONS:
        option = db.session.scalar(sa.select(Option).filter_by(poll_id=poll_id, number=number))
    if option is None:
        raise NotFound(_("이런 번호의 항목은 없어요."))
    return option


def pictures(poll_id: int) -> dict[int, Attachment]:
    """Number of the option → its picture."""
    query = sa.select(Option.number, Attachment).join(Attachment, Attachment.id == Option.attachment_id)
    return dict(db.session.execute(query.where(Option.poll_id == poll_id)).all())


def proposals_titled(titles: Collection[str]) -> list[Proposal]:
    if not titles:
        return []
    return list(db.session.scalars(sa.select(Proposal).where(
        Proposal.title.in_(titles), Proposal.published_at.is_not(None), Proposal.hidden_at.is_(None))
        .order_by(Proposal.id)))


def rehearsals_of(poll_id: int) -> list[Poll]:
    return list(db.session.scalars(sa.select(Poll).filter_by(rehearsal_of_id=poll_id).order_by(Poll.id)))


def notices_of(poll: Poll) -> list[VoteNotice]:
    return list(db.session.scalars(sa.select(VoteNotice).filter_by(subject=poll.subject)
                                   .order_by(VoteNotice.at.desc(), VoteNotice.id.desc())))


def showing_picture_of(option_id: int) -> list[Poll]:
    """The poll of this option, and its rehearsals, whose copies show the same picture."""
    poll_id = sa.select(Option.poll_id).filter_by(id=option_id).scalar_subquery()
    return list(db.session.scalars(sa.select(Poll).where(sa.or_(Poll.id == poll_id, Poll.rehearsal_of_id == poll_id))
                                   .order_by(Poll.id)))


ANSWERED_WITHIN = timedelta(days=3)


def roll_objections(_user: User) -> sa.Select:
    """Without an answer. What they say stands on the page of the roll alone."""
    return sa.select(RollObjection.id, RollObjection.at, Poll.slug, Poll.title, sa.null()).join(
        Poll, sa.and_(Poll.roll_id == RollObjection.roll_id, Poll.rehearsal_of_id.is_(None))).where(
        RollObjection.answered_at.is_(None))


def roll_objection_lines(tasks: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/polls/{task.ref}/roll", task.title, (),
                     _("명부에서 빠졌거나 내용이 다르다고 했어요.")) for task in tasks]
