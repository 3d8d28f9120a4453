"""Requests of people concerned to take a text down: by the number they were given, and what waits for moderators."""

import base64
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.blocks import listing
from civic_forum.blocks.filters import Filter
from civic_forum.blocks.listing import Chosen, Listing
from civic_forum.blocks.orders import Order
from civic_forum.platform import keys, plain_text
from civic_forum.platform.base import Number, db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.paging import Page

from .. import labels
from ..models import ModerationAction, TakedownRequest
from ..policy import Decided
from ..rules import ActionKind
from .texts import of_kind, saying, texts, whose

ANSWER_DAYS = 3
"""Within which a moderator looks at it first."""
_NUMBER = "moderation.takedown-number"
_MARK = 8


class TakedownState(StrEnum):
    """State of a request."""

    ASKED = "asked"
    BLOCKED = "blocked"
    GRANTED = "granted"
    REFUSED = "refused"
    OVER = "over"


@dataclass(frozen=True)
class TakedownCase:
    """A request with the act that blocks its text, if there is one that still stands."""

    request: TakedownRequest
    action: ModerationAction | None
    blocked_by: User | None
    author_id: int | None
    """Whose text it is about."""

    @property
    def decided(self) -> Decided:
        return Decided((self.blocked_by,) if self.blocked_by else (), self.author_id,
                       is_decided=self.request.decided_at is not None)

    @property
    def due_on(self) -> date:
        """Blocked or not: who asks and who wrote wait for the same decision. A block ends by itself much later."""
        return local(self.request.at + timedelta(days=ANSWER_DAYS)).date()

    def standing(self, now: datetime) -> TakedownState:
        """By the clock: that the time is over does not wait for somebody to write it down."""
        request = self.request
        if request.decided_at is not None:
            nobody = request.decided_by_id is None and not request.granted
            return TakedownState.GRANTED if request.granted else TakedownState.OVER if nobody else TakedownState.REFUSED
        if request.blocked_until is None:
            return TakedownState.ASKED
        return TakedownState.BLOCKED if now < request.blocked_until else TakedownState.OVER


def number(request: TakedownRequest) -> str:
    """Number that the requester keeps: nobody can guess that of another."""
    return f"{request.id}-{_marks(request.id)[0]}"


def by_number(text: str) -> TakedownCase:
    """Raises NotFound."""
    id_, _dash, mark = text.strip().upper().partition("-")
    known = plain_text.number(id_)
    if known is None or not keys.is_one_of(mark, _marks(known)):
        raise _missing()
    return case(known)


def by_form_key(form_key: str) -> TakedownRequest | None:
    return db.session.scalar(sa.select(TakedownRequest).filter_by(form_key=form_key))


def case(takedown_id: int) -> TakedownCase:
    """Raises NotFound."""
    row = db.session.execute(_cases().where(TakedownRequest.id == takedown_id)).first()
    if row is None:
        raise _missing()
    return TakedownCase(*row)


def locked(takedown_id: int) -> TakedownCase:
    """The same, read again and locked, with the undecided ones about the same text. Raises NotFound."""
    about = case(takedown_id).request
    db.session.execute(sa.select(TakedownRequest.id).where(
        TakedownRequest.subject_kind == about.subject_kind, TakedownRequest.subject_id == about.subject_id,
        sa.or_(TakedownRequest.decided_at.is_(None), TakedownRequest.id == takedown_id))
        .order_by(TakedownRequest.id).with_for_update()).all()
    return TakedownCase(*db.session.execute(_cases().where(TakedownRequest.id == takedown_id)
                                    .execution_options(populate_existing=True)).one())


def hold(request_ids: Collection[int]) -> None:
    """Lock these requests in one order."""
    if request_ids:
        db.session.execute(sa.select(TakedownRequest.id).where(TakedownRequest.id.in_(request_ids))
                           .order_by(TakedownRequest.id).with_for_update()).all()


def open_about(kind: str, subject_id: int) -> int:
    """Number of undecided requests about this text."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(TakedownRequest).where(
        TakedownRequest.decided_at.is_(None), TakedownRequest.subject_kind == kind,
        TakedownRequest.subject_id == subject_id)) or 0


def first_waiting(request: TakedownRequest) -> int:
    """The oldest undecided one about the same text; itself, if there is no other."""
    return db.session.scalar(sa.select(sa.func.min(TakedownRequest.id)).where(
        TakedownRequest.decided_at.is_(None), TakedownRequest.subject_kind == request.subject_kind,
        TakedownRequest.subject_id == request.subject_id)) or request.id


def waiting(wanted: Chosen, user: User, after: str | None = None) -> Page[TakedownCase]:
    """Undecided ones but for those about this moderator's own texts, which are for the others."""
    page = wanted.page(after, viewer=user.id)
    return Page([TakedownCase(*row) for row in page.items], page.after)


def for_desk(user: User) -> sa.Select:
    """Requests that this moderator can act on, since when each waits: nothing of which they were the first of two, or
    the author."""
    return sa.select(TakedownRequest.id, TakedownRequest.at, sa.cast(TakedownRequest.id, sa.Text), TakedownRequest.text,
                     TakedownRequest.subject_kind).where(
        TakedownRequest.decided_at.is_(None), _author().is_distinct_from(user.id),
        sa.or_(TakedownRequest.blocked_by_id.is_(None), TakedownRequest.blocked_by_id != user.id))


def of_action(session, action: ModerationAction) -> TakedownRequest | None:
    """The undecided request that an act of taking down came from."""
    if action.takedown_id is None:
        return None
    return session.scalar(sa.select(TakedownRequest).filter_by(id=action.takedown_id, decided_at=None))


def _cases() -> sa.Select:
    standing = sa.and_(ModerationAction.takedown_id == TakedownRequest.id, ModerationAction.ended_at.is_(None),
                       ModerationAction.kind == ActionKind.TAKEDOWN)
    return (sa.select(TakedownRequest, ModerationAction, User, _author()).outerjoin(ModerationAction, standing)
            .outerjoin(User, User.id == TakedownRequest.blocked_by_id))


def _author() -> sa.ColumnElement[int]:
    """Author of the text that a request is about."""
    return sa.case(*((TakedownRequest.subject_kind == kind, whose(kind, TakedownRequest.subject_id)
                      .correlate(TakedownRequest).scalar_subquery()) for kind in texts()))


WAITING = listing.declare(Listing(
    "takedowns", lambda: _cases().where(TakedownRequest.decided_at.is_(None),
                                        _author().is_distinct_from(
                                            sa.bindparam("viewer", type_=Number))),
    endpoint="moderation_desk.list_takedowns", size=30,
    filters=(Filter("state", _l("상태"), None,
                    {TakedownState.ASKED: _l("아직 가리지 않았어요"), TakedownState.BLOCKED: _l("가렸어요")}, _l("모든 상태"),
                    {TakedownState.ASKED: TakedownRequest.blocked_until.is_(None),
                     TakedownState.BLOCKED: TakedownRequest.blocked_until.is_not(None)}),
             Filter("ground", _l("이유"), TakedownRequest.ground, labels.GROUND, _l("모든 이유")),
             of_kind(TakedownRequest.subject_kind),
             saying(TakedownRequest.subject_kind, TakedownRequest.subject_id, TakedownRequest.text)),
    orders=(Order("oldest", _l("오래된순"), (TakedownRequest.at, TakedownRequest.id)),
            Order("newest", _l("최신순"), (TakedownRequest.at.desc(), TakedownRequest.id.desc())))))
"""Requests that wait for moderators, the earliest first."""


def _marks(takedown_id: int) -> list[str]:
    """By every key, the newest first: who asked keeps the number of that day."""
    return [base64.b32encode(digest).decode()[:_MARK] for digest in keys.hashes(_NUMBER, str(takedown_id).encode())]


def _missing() -> NotFound:
    return NotFound(_("그런 번호의 요청이 없어요. 받은 번호를 다시 확인해 주세요."))
