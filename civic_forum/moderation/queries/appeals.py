"""Appeals: of one act, of somebody, and what waits for a decision."""

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from civic_forum.accounts.models import User
from civic_forum.blocks import listing
from civic_forum.blocks.filters import Filter
from civic_forum.blocks.listing import Chosen, Listing
from civic_forum.blocks.orders import Order
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.paging import Page

from .. import labels
from ..models import Appeal, ModerationAction, TakedownRequest
from ..policy import Decided
from ..rules import APPEAL_DAYS
from .texts import of_kind, saying

_GRANTED = sa.and_(TakedownRequest.id == ModerationAction.takedown_id, TakedownRequest.granted)


@dataclass(frozen=True)
class AppealCase:
    """An appeal with the act that it is about."""

    appeal: Appeal
    action: ModerationAction
    acted_by: User | None
    granted_by: User | None
    """Who granted the request from which a takedown came, the second person of the two."""

    @property
    def due_on(self) -> date:
        return due_on(self.appeal)

    @property
    def decided(self) -> Decided:
        before = tuple(moderator for moderator in (self.acted_by, self.granted_by) if moderator is not None)
        return Decided(before, self.action.user_id, self.appeal.by_id, self.appeal.decided_at is not None)


def due_on(appeal: Appeal) -> date:
    return local(appeal.at + timedelta(days=APPEAL_DAYS)).date()


def of_action(action_id: int) -> Appeal | None:
    return db.session.scalar(sa.select(Appeal).filter_by(action_id=action_id))


def case(appeal_id: int) -> AppealCase:
    """Raises NotFound."""
    return _case(_cases().where(Appeal.id == appeal_id))


def locked(appeal_id: int) -> AppealCase:
    """The same, read again and locked. Raises NotFound."""
    db.session.scalar(sa.select(Appeal.id).filter_by(id=appeal_id).with_for_update())
    return _case(_cases().where(Appeal.id == appeal_id).execution_options(populate_existing=True))


def _case(statement: sa.Select) -> AppealCase:
    row = existing(db.session.execute(statement).first(), lambda: NotFound(_("없는 이의 신청이에요. 주소를 다시 확인해 주세요.")))
    return AppealCase(*row)


def waiting(wanted: Chosen, after: str | None = None) -> Page[AppealCase]:
    """Undecided ones about acts that stand."""
    page = wanted.page(after)
    return Page([AppealCase(*row) for row in page.items], page.after)


def for_desk(user: User) -> sa.Select:
    """Appeals that this moderator can decide, since when each waits."""
    return (sa.select(Appeal.id, Appeal.at, sa.cast(Appeal.id, sa.Text), Appeal.text, sa.null())
            .join(ModerationAction, ModerationAction.id == Appeal.action_id)
            .outerjoin(TakedownRequest, _GRANTED)
            .where(Appeal.decided_at.is_(None), ModerationAction.ended_at.is_(None), Appeal.by_id != user.id,
                   sa.or_(ModerationAction.by_id.is_(None), ModerationAction.by_id != user.id),
                   sa.or_(TakedownRequest.id.is_(None), TakedownRequest.decided_by_id != user.id)))


def of_user(user: User) -> list[Appeal]:
    return list(db.session.scalars(sa.select(Appeal).filter_by(by_id=user.id).order_by(Appeal.id)))


def _cases() -> sa.Select:
    granter = aliased(User)
    return (sa.select(Appeal, ModerationAction, User, granter)
            .join(ModerationAction, ModerationAction.id == Appeal.action_id)
            .outerjoin(User, User.id == ModerationAction.by_id)
            .outerjoin(TakedownRequest, _GRANTED).outerjoin(granter, granter.id == TakedownRequest.decided_by_id))


WAITING = listing.declare(Listing(
    "appeals", lambda: _cases().where(Appeal.decided_at.is_(None), ModerationAction.ended_at.is_(None)),
    endpoint="moderation_desk.list_appeals", size=30,
    filters=(Filter("act", _l("조치"), ModerationAction.kind, labels.KIND, _l("모든 조치")),
             Filter("rule", _l("원칙"), ModerationAction.rule, labels.RULE, _l("모든 원칙"),
                    bound=lambda rule: {"rule": rule.value}),
             of_kind(ModerationAction.subject_kind, accounts=True),
             saying(ModerationAction.subject_kind, ModerationAction.subject_id, Appeal.text)),
    orders=(Order("oldest", _l("오래된순"), (Appeal.at, Appeal.id)),
            Order("newest", _l("최신순"), (Appeal.at.desc(), Appeal.id.desc())))))
