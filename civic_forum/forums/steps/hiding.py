"""Hiding and showing again by a host: questions and messages of the chat."""

from datetime import datetime

from civic_forum.kernel.errors import Conflict
from civic_forum.kernel.i18n import _

from ..models import ChatMessage, Question


def hide(thing: Question | ChatMessage, why: str, at: datetime) -> None:
    """Its words are gone; that it was there, and why it is gone, everybody reads. Raises Conflict for what is
    hidden."""
    if thing.hidden_at is not None:
        raise Conflict(_("이미 가린 글이에요. 새로 고친 뒤 확인해 주세요."))
    thing.hidden_at, thing.hidden_why = at, why


def show(thing: Question | ChatMessage) -> None:
    """Raises Conflict for what is not hidden, and for what moderators hid: they alone show it."""
    if thing.hidden_at is None:
        raise Conflict(_("가리지 않은 글이에요. 새로 고친 뒤 확인해 주세요."))
    if thing.hidden_rule is not None:
        raise Conflict(_("운영자가 운영 원칙에 따라 가린 글이에요. 신고를 살펴보는 화면에서만 되돌릴 수 있어요."))
    thing.hidden_at = thing.hidden_why = None
