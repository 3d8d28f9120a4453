"""Reactions to acts on many, to leaving, and the page of one's own."""

from datetime import datetime

import sqlalchemy as sa

from civic_forum.accounts.beside import BESIDE_USER
from civic_forum.accounts.events import EmailConfirmed
from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.blocks.extensions import ME
from civic_forum.moderation.events import BulkTaken
from civic_forum.moderation.models import BulkAction, ModerationAction
from civic_forum.platform import hooks, jobs
from civic_forum.platform.i18n import _, local
from civic_forum.platform.outbox import Carrier, HELD, OutgoingMail, REWRITTEN

from .. import commitments, operations, personal_data, services
from ..letters import KIND
from ..queries import notices
from ..rules import NoticeKind, is_quiet
from .table import ACTS, ACTS_UNTIL, under


@hooks.on(BulkTaken)
def tell_whose_they_are(fact: BulkTaken, session) -> None:
    """However many texts of somebody are hidden at once, their author is told once, and once of what befell the
    account."""
    bulk = session.get_one(BulkAction, fact.bulk_id)
    firsts = sa.select(sa.func.min(ModerationAction.id)).filter_by(bulk_id=bulk.id).group_by(ModerationAction.kind)
    for action in session.scalars(sa.select(ModerationAction).where(ModerationAction.id.in_(firsts))
                                  .order_by(ModerationAction.id)).all():
        people = sa.select(ModerationAction.user_id).filter_by(bulk_id=bulk.id, kind=action.kind).where(
            ModerationAction.user_id.is_not(None))
        operations.tell(session, people, kind=NoticeKind.MODERATION, about=f"bulk:{bulk.id}", title="",
                        url="/me/actions", step=(ACTS_UNTIL if action.until else ACTS)[action.kind],
                        details=under(action), once=f"bulk:{bulk.id}:{action.kind}", at=bulk.at)


def own_notices(user) -> dict[str, object]:
    return {"label": _("알림"), "url": "/me/notices", "total": user.beside[UNREAD]}


UNREAD = "unread_notices"
BESIDE_USER[UNREAD] = notices.unread_of_user
ME.add(own_notices)
PERSONAL_DATA["notifications"] = PersonalData(collect=personal_data.collect, erase=personal_data.erase)


@jobs.keep_for("RETAIN_NOTICES_DAYS", "notices")
def forget_notices(days: int) -> int:
    return services.forget(days)


@jobs.every(minutes=60, name="notices of deadlines")
def tell_of_deadlines() -> int:
    return services.tell_of_deadlines() + services.tell_who_is_silent()


@jobs.every(minutes=60, name="reports of a quarter")
def remind_of_quarters() -> int:
    return commitments.remind()


@jobs.every(5, "news of commitments", at_start=True)
def tell_news() -> int:
    return commitments.tell_news()


MAIL = "mail"
"""The job that sends what is written."""


@jobs.every(1, "notices that leave at once", at_start=True)
def at_once() -> None:
    if services.write_at_once():
        jobs.soon(MAIL)


@jobs.every(10, "digests", at_start=True)
def digests() -> None:
    if services.write_due():
        jobs.soon(MAIL)


def at_night(now: datetime) -> sa.ColumnElement[bool] | None:
    """Short messages that tell of something, written at once, in a digest or tried before. Codes that somebody waits
    for leave at any hour."""
    if not is_quiet(local(now)):
        return None
    return sa.and_(OutgoingMail.carrier == Carrier.SMS, OutgoingMail.kind.startswith(KIND))


HELD["notices at night"] = at_night
REWRITTEN[KIND] = services.write_again
jobs.every(60, "addresses that refuse")(services.drop_dead)


@hooks.on(EmailConfirmed)
def live_again(fact, session) -> None:
    services.live_again(session, fact.user_id)
