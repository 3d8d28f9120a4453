"""Captions: read, corrected, and typed line by line while people speak. Of each there is the event, and no audit entry
beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.accounts.models import User
from civic_forum.platform import paging
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.statements import made_once
from civic_forum.platform.work import Work, use_case

from .. import operations
from ..floor.models import Turn
from ..models import Forum, ForumDuty
from ..rules import ForumEventKind
from .models import Caption
from .policy import may_caption
from .rules import CORRECTABLE, MOST, SHOWN

PAGE = 100


@dataclass(frozen=True)
class Captions:
    """Captions in the hall."""

    lines: list[Caption]
    """The last ones, oldest first."""


def _all(forum_id: int | sa.BindParameter) -> sa.Select[tuple[Caption]]:
    return sa.select(Caption).filter_by(forum_id=forum_id).options(joinedload(Caption.user))


def last(forum_id: int, limit: int = SHOWN) -> list[Caption]:
    """The last ones, oldest first."""
    return list(reversed(db.session.scalars(_newest(), {"forum": forum_id, "limit": limit}).all()))


@made_once
def _newest() -> sa.Select:
    return (_all(sa.bindparam("forum")).order_by(Caption.at.desc(), Caption.id.desc())
            .limit(sa.bindparam("limit", type_=sa.Integer)))


def part(forum: Forum, _viewer) -> Captions:
    return Captions(last(forum.id))


def page(forum_id: int, after: str | None = None) -> paging.Page[Caption]:
    """Captions from the first on. Raises Invalid for a token that is none."""
    query = _all(forum_id).order_by(Caption.at, Caption.id).limit(PAGE + 1)
    if token := paging.parts(after, int, int):
        query = query.where(sa.tuple_(Caption.at, Caption.id) > sa.tuple_(paging.moment(token[0]), token[1]))
    return paging.page_of(db.session.scalars(query).all(), PAGE, lambda line: (paging.microseconds(line.at), line.id))


def everything(forum_id: int) -> list[Caption]:
    return list(db.session.scalars(_all(forum_id).order_by(Caption.at, Caption.id)))


def of_ids(forum_id: int, ids: Sequence[int]) -> list[Caption]:
    return list(db.session.scalars(_all(forum_id).where(Caption.id.in_(ids)).order_by(Caption.at, Caption.id)))


def correctable(forum_id: int, caption_id: int) -> Caption:
    """One of the last lines. Raises NotFound for an earlier one."""
    line = next((line for line in last(forum_id, CORRECTABLE) if line.id == caption_id), None)
    return existing(line, lambda: NotFound(
        _("지나간 자막이라 여기서는 고칠 수 없어요. 마친 뒤에 회의록에서 바로잡아 주세요.")))


def speakers(forum_id: int) -> list[ForumDuty]:
    """People whose words a captioner may choose beside those of the turn: everybody with a duty."""
    return list(db.session.scalars(sa.select(ForumDuty).filter_by(forum_id=forum_id)
                                   .options(joinedload(ForumDuty.user)).order_by(ForumDuty.id)))


def write(forum_id: int, text: str, key: str, *, duty_id: int | None = None, by: User) -> Caption:
    """Write down what is being said: by whoever has the floor, or by whom `duty_id` names.

    Raises NotFound for a duty of another forum, Denied and Refusal.
    """
    text = operations.checked_text(text, MOST, "text")
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_caption)
        if seen := operations.known_event(work, at.forum, key, ForumEventKind.CAPTION_WRITTEN):
            return work.session.get_one(Caption, seen.subject_id)
        caption = work.store(Caption(forum_id=at.forum.id, text=text, at=work.at, by_id=by.id,
                                     **_speaker(work, at.forum, duty_id)))
        operations.add_event(work, at.forum, ForumEventKind.CAPTION_WRITTEN, caption.id, key=key)
        return caption


def correct(forum_id: int, caption_id: int, text: str, key: str | None = None, *, by: User) -> Caption:
    """Put one of the last lines right. Raises NotFound for one that has passed."""
    text = operations.checked_text(text, MOST, "text")
    with use_case(by) as work:
        at = operations.entered(work, forum_id, by, may_caption)
        caption = correctable(at.forum.id, caption_id)
        if operations.known_event(work, at.forum, key) or caption.text == text:
            return caption
        caption.text, caption.corrected_at = text, work.at
        operations.add_event(work, at.forum, ForumEventKind.CAPTION_CORRECTED, caption.id, key=key)
        return caption


def _speaker(work: Work, forum: Forum, duty_id: int | None) -> dict[str, object]:
    if duty_id is not None:
        duty = existing(work.session.scalar(sa.select(ForumDuty).filter_by(forum_id=forum.id, id=duty_id)),
                        lambda: NotFound(_("여기에 그런 역할을 맡은 분이 없어요.")))
        return {"user_id": duty.user_id, "speaker": None if duty.user_id else duty.name}
    turn = work.session.scalar(sa.select(Turn).filter_by(forum_id=forum.id, ended_at=None))
    return {"turn_id": turn.id, "user_id": turn.user_id, "speaker": turn.name} if turn else {}
