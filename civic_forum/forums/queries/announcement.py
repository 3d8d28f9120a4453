"""Content of the page that announces a forum: everything that somebody needs in order to come."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.accounts.models import User
from civic_forum.attachments.models import Attachment
from civic_forum.blocks.slugs import SLUG
from civic_forum.kernel.base import db

from ..models import Forum, ForumDuty, ProgrammeItem
from ..rules import preparing as rules
from ..rules.kinds import Duty
from . import preparing, registering
from .records import missing


@dataclass(frozen=True)
class Announcement:
    """A forum that is to come, with whoever registered as counts."""

    planned: list[preparing.Planned]
    duties: list[ForumDuty]
    documents: list[Attachment]
    counts: registering.Counts
    mine: registering.Mine | None
    season_taken_by: str | None
    """Who answers for holding it in an election season."""

    def of(self, duty: Duty) -> list[ForumDuty]:
        return [one for one in self.duties if one.duty is duty]


def by_slug(slug: str) -> Forum:
    """Raises NotFound."""
    found = SLUG.fullmatch(slug) and db.session.scalar(sa.select(Forum).filter_by(slug=slug))
    if not found:
        raise missing()
    return found


def announcement(forum: Forum, viewer) -> Announcement:
    items = list(db.session.scalars(sa.select(ProgrammeItem).filter_by(forum_id=forum.id)
                                    .order_by(ProgrammeItem.number)))
    times = rules.planned(forum.starts_at, [one.minutes for one in items])
    duties = list(db.session.scalars(sa.select(ForumDuty).filter_by(forum_id=forum.id).order_by(ForumDuty.id)
                                     .options(joinedload(ForumDuty.user))))
    taken_by = None
    if forum.season_accepted_by_id is not None:
        taken_by = db.session.get_one(User, forum.season_accepted_by_id).name
    return Announcement([preparing.Planned(item, *time) for item, time in zip(items, times, strict=True)], duties,
                        preparing.documents(forum), registering.counts(forum.id),
                        registering.mine(forum.id, viewer), taken_by)
