"""Acts: what stands on a thing, what is over, what concerns somebody."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _

from ..models import BulkAction, ModerationAction
from ..rules import ActionKind


def action(action_id: int) -> ModerationAction:
    """Raises NotFound."""
    found = db.session.get(ModerationAction, action_id)
    if found is None:
        raise missing()
    return found


def missing() -> NotFound:
    return NotFound(_("없는 조치예요. 주소를 다시 확인해 주세요."))


def of_ids(action_ids: Collection[int]) -> Sequence[sa.Row]:
    """Things that these acts are about; nothing of it ever changes. Raises NotFound where one is missing."""
    rows = db.session.execute(sa.select(ModerationAction.id, ModerationAction.subject_kind, ModerationAction.subject_id,
                                        ModerationAction.user_id, ModerationAction.takedown_id)
                              .where(ModerationAction.id.in_(action_ids))).all()
    if len(rows) < len(set(action_ids)):
        raise missing()
    return rows


def latest(since: datetime, limit: int = 5) -> list[ModerationAction]:
    """Acts of moderators one by one and those that still stand, the latest first."""
    return list(db.session.scalars(sa.select(ModerationAction).where(
        ModerationAction.at >= since, ModerationAction.ended_at.is_(None), ModerationAction.bulk_id.is_(None),
        ModerationAction.takedown_id.is_(None))
        .order_by(ModerationAction.at.desc(), ModerationAction.id.desc()).limit(limit)))


def locked(action_ids: Collection[int]) -> Sequence[ModerationAction]:
    """These acts, read again and locked in one order."""
    return db.session.scalars(sa.select(ModerationAction).where(ModerationAction.id.in_(action_ids))
                              .order_by(ModerationAction.id).with_for_update()
                              .execution_options(populate_existing=True)).all()


def standing_on(things: Mapping[str, Collection[int]]) -> Sequence[ModerationAction]:
    """Acts that have not ended on these things, by kind; the oldest first. What is over by the clock is among them."""
    return db.session.scalars(sa.select(ModerationAction).where(ModerationAction.ended_at.is_(None), sa.or_(*(
        sa.and_(ModerationAction.subject_kind == kind, ModerationAction.subject_id.in_(ids))
        for kind, ids in things.items()))).order_by(ModerationAction.id)).all()


def over(now: datetime) -> list[int]:
    """Acts that have lasted until their moment and are still to be ended."""
    return list(db.session.scalars(sa.select(ModerationAction.id).where(
        ModerationAction.ended_at.is_(None), ModerationAction.until <= now).order_by(ModerationAction.id)))


def about(user: User) -> list[ModerationAction]:
    """Acts on this user's texts and account, the latest first."""
    return list(db.session.scalars(sa.select(ModerationAction).filter_by(user_id=user.id)
                                   .order_by(ModerationAction.id.desc())))


def count_about(user: User) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(ModerationAction).filter_by(user_id=user.id)) or 0


def standing_of_bulk(bulk_id: int, of: int | None = None) -> Sequence[sa.Row]:
    """Acts of a wave that have not ended, or of what hit one user in it: ids, and whose they are."""
    found = sa.select(ModerationAction.id, ModerationAction.user_id).where(
        ModerationAction.bulk_id == bulk_id, ModerationAction.ended_at.is_(None))
    return db.session.execute(found if of is None else found.where(ModerationAction.user_id == of)).all()


def bulk(bulk_id: int) -> BulkAction:
    """Raises NotFound."""
    found = db.session.get(BulkAction, bulk_id)
    if found is None:
        raise missing()
    return found


def locked_bulk(bulk_id: int) -> BulkAction:
    """The same, read again and locked."""
    found = db.session.get(BulkAction, bulk_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise missing()
    return found


def users_under(kind: ActionKind, user_ids: Collection[int], now: datetime) -> set[int]:
    """Those of these users on whom an act of this kind stands, by the clock."""
    return set(db.session.scalars(sa.select(ModerationAction.subject_id).where(
        ModerationAction.subject_kind == "user", ModerationAction.subject_id.in_(user_ids),
        ModerationAction.kind == kind, ModerationAction.ended_at.is_(None),
        sa.or_(ModerationAction.until.is_(None), ModerationAction.until > now))))


def counts_of_bulk(bulk_id: int) -> list[tuple[ActionKind, str, int, int]]:
    """Numbers of what one act on a wave did: (kind of act, kind of thing, how many, how many of them stand)."""
    standing = sa.func.sum(sa.case((ModerationAction.ended_at.is_(None), 1), else_=0))
    return [tuple(row) for row in db.session.execute(
        sa.select(ModerationAction.kind, ModerationAction.subject_kind, sa.func.count(), standing)
        .where(ModerationAction.bulk_id == bulk_id).group_by(ModerationAction.kind, ModerationAction.subject_kind)
        .order_by(ModerationAction.kind, ModerationAction.subject_kind))]


def latest_bulks(limit: int = 5) -> list[BulkAction]:
    return list(db.session.scalars(sa.select(BulkAction).order_by(BulkAction.id.desc()).limit(limit)))
