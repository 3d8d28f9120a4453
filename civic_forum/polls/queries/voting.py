"""Query of a cast before it opens the box: one plain statement instead of records that nobody shows."""

from functools import lru_cache
from typing import NamedTuple

import sqlalchemy as sa

from civic_forum.accounts.models import Person, User, UserSession
from civic_forum.accounts.queries import sessions
from civic_forum.blocks.slugs import SLUG
from civic_forum.kernel import clock
from civic_forum.kernel.base import Instant, db

from ..models import Poll


class Known(NamedTuple):
    """The box of a poll, and whose session a request carries."""

    box_id: bytes
    user_id: int
    identity_hash: bytes | None
    distinguisher: int | None


def known(slug: str, secret: object) -> Known | None:
    """None wherever anything is out of the ordinary (no such poll, a rehearsal, nobody signed in): ask the records."""
    if not isinstance(secret, str) or not SLUG.fullmatch(slug):
        return None
    given = {"slug": slug, "secret": sessions.secret_hash(secret), "opened_after": sessions.opened_after(),
             "now": clock.now()}
    row = db.session.connection().execute(_known(), given).one_or_none()
    return row and Known(*row)


@lru_cache(maxsize=1)
def _known() -> sa.Select:
    poll, user = Poll.__table__.c, User.__table__.c
    session, person = UserSession.__table__.c, Person.__table__.c
    found = UserSession.__table__.join(User.__table__, user.id == session.user_id).outerjoin(
        Person.__table__, person.id == user.person_id).join(Poll.__table__, sa.true())
    return sa.select(poll.box_id, user.id, person.identity_hash, person.distinguisher).select_from(found).where(
        poll.slug == sa.bindparam("slug"), poll.announced_at.is_not(None), poll.rehearsal_of_id.is_(None),
        poll.box_id.is_not(None), session.secret_hash == sa.bindparam("secret"),
        session.created_at > sa.bindparam("opened_after"), user.left_at.is_(None),
        sa.or_(user.blocked_at.is_(None), user.blocked_until <= sa.bindparam("now", type_=Instant())))
