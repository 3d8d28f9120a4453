"""Messages of the chat: the last ones, older ones in pages, one of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.platform import paging
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.statements import made_once

from ..models import Forum
from .models import ChatMessage
from .rules import PAGE, SHOWN


@dataclass(frozen=True)
class Chat:
    """The chat in the hall."""

    lines: list[ChatMessage]
    """The last ones, oldest first."""
    older: str | None = None
    """Token of those before."""


def _all(forum_id: int | sa.BindParameter) -> sa.Select[tuple[ChatMessage]]:
    return sa.select(ChatMessage).filter_by(forum_id=forum_id).options(joinedload(ChatMessage.user))


def _last(forum_id: int, most: int, before: int | None = None) -> Chat:
    newest = db.session.scalars(_newest(before is not None).limit(most + 1), {"forum": forum_id, "before": before})
    page = paging.page_of(newest.all(), most, lambda message: (message.id,))
    return Chat(page.items[::-1], page.after)


@made_once
def _newest(older: bool) -> sa.Select[tuple[ChatMessage]]:
    messages = _all(sa.bindparam("forum")).order_by(ChatMessage.id.desc())
    return messages.where(ChatMessage.id < sa.bindparam("before")) if older else messages


def part(forum: Forum, _viewer) -> Chat:
    return _last(forum.id, SHOWN)


def page(forum: Forum, after: str | None) -> Chat:
    """A page, the newest first, and in it the oldest first. Raises Invalid for a token that is none."""
    token = paging.parts(after, int)
    return _last(forum.id, PAGE, token[0] if token else None)


def of_ids(forum_id: int, ids: Collection[int]) -> list[ChatMessage]:
    return list(db.session.scalars(_all(forum_id).where(ChatMessage.id.in_(ids)).order_by(ChatMessage.id)))


def message(forum_id: int, message_id: int) -> ChatMessage:
    """Raises NotFound."""
    return existing(db.session.scalar(_all(forum_id).filter_by(id=message_id)), missing)


def held(forum_id: int, message_id: int) -> ChatMessage:
    """The message read again; the forum's lock, which the caller holds, guards it. Raises NotFound."""
    return existing(db.session.scalar(sa.select(ChatMessage).filter_by(forum_id=forum_id, id=message_id)
                                      .execution_options(populate_existing=True)), missing)


def missing() -> NotFound:
    return NotFound(_("여기에 그런 말이 없어요. 대화를 새로 고친 뒤 확인해 주세요."))


def last_said(forum_id: int, user_id: int) -> datetime | None:
    """Moment at which this person wrote last."""
    return db.session.scalar(sa.select(ChatMessage.at).filter_by(forum_id=forum_id, user_id=user_id)
                             .order_by(ChatMessage.id.desc()).limit(1))
