"""Work that waits at the desk: forums whose minutes are to be drafted, or to be brought to their signature."""

from datetime import timedelta

import sqlalchemy as sa

from civic_forum.kernel.i18n import _
from civic_forum.kernel.waiting import DeskLine, Waiting

from ..models import Forum, Minutes

DRAFTED_WITHIN = timedelta(days=3)
SIGNED_WITHIN = timedelta(days=14)
"""Since the draft: a week of corrections, and a week to answer them and sign."""


def to_draft(_staff) -> sa.Select:
    none = ~sa.exists().where(Minutes.forum_id == Forum.id)
    return sa.select(Forum.id, Forum.closed_at, Forum.slug, Forum.title, sa.null()).where(
        Forum.closed_at.is_not(None), Forum.signed_version.is_(None), none)


def to_sign(_staff) -> sa.Select:
    return (sa.select(Forum.id, Minutes.published_at, Forum.slug, Forum.title, sa.null())
            .join(Minutes, sa.and_(Minutes.forum_id == Forum.id, Minutes.version == 1))
            .where(Forum.closed_at.is_not(None), Forum.signed_version.is_(None)))


def draft_lines(found: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/forums/{one.ref}/minutes", one.title or "", (), _("기록으로 회의록 초안을 만들어 주세요."))
            for one in found]


def sign_lines(found: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/forums/{one.ref}/minutes", one.title or "", (),
                     _("고칠 곳에 답하고, 이레가 지나면 진행자가 서명하도록 알려 주세요.")) for one in found]
