"""One forum as a record."""

import sqlalchemy as sa

from civic_forum.blocks.slugs import SLUG
from civic_forum.kernel.base import db
from civic_forum.kernel.errors import NotFound
from civic_forum.kernel.i18n import _

from ..models import Forum
from ..rules.kinds import CODE


def missing() -> NotFound:
    return NotFound(_("이런 공론장은 없어요. 공론장 목록에서 찾아보세요."))


def by_slug(slug: str) -> Forum:
    """Raises NotFound."""
    forum = slugged(slug)
    if forum is None:
        raise missing()
    return forum


def slugged(slug: str) -> Forum | None:
    return db.session.scalar(sa.select(Forum).filter_by(slug=slug)) if SLUG.fullmatch(slug) else None


def coded(code: str) -> Forum | None:
    return db.session.scalar(sa.select(Forum).filter_by(code=code)) if CODE.fullmatch(code) else None


def locked(forum_id: int) -> Forum:
    """The forum read again, and locked until this transaction ends: before any row of it. Raises NotFound."""
    found = sa.select(Forum).filter_by(id=forum_id).with_for_update(key_share=True, of=Forum)
    forum = db.session.scalar(found.execution_options(populate_existing=True))
    if forum is None:
        raise missing()
    return forum
