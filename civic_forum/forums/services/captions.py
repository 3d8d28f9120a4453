"""Captions: typed line by line while people speak. Of each there is the event, and no audit entry beside it."""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.kernel.errors import NotFound
from civic_forum.kernel.i18n import _
from civic_forum.kernel.work import Work, use_case

from ..models import Caption, Forum, ForumDuty, Turn
from ..policy.captions import may_caption
from ..queries import captions
from ..rules.captions import MOST
from ..rules.kinds import ForumEventKind
from ..steps import event_log, texts
from . import opening


def write(forum_id: int, text: str, key: str, *, duty_id: int | None = None, by: User) -> Caption:
    """Write down what is being said: by whoever has the floor, or by whom `duty_id` names.

    Raises NotFound for a duty of another forum, Denied and Refusal.
    """
    text = texts.given(text, MOST, "text")
    with use_case(by) as work:
        at = opening.entered(work, forum_id, by, may_caption)
        if seen := event_log.known(work, at.forum, key, ForumEventKind.CAPTION_WRITTEN):
            return work.session.get_one(Caption, seen.subject_id)
        caption = Caption(forum_id=at.forum.id, text=text, at=work.at, by_id=by.id,
                          **_speaker(work, at.forum, duty_id))
        work.session.add(caption)
        work.session.flush()
        event_log.add(work, at.forum, ForumEventKind.CAPTION_WRITTEN, caption.id, key=key)
        return caption


def correct(forum_id: int, caption_id: int, text: str, key: str | None = None, *, by: User) -> Caption:
    """Put one of the last lines right. Raises NotFound for one that has passed."""
    text = texts.given(text, MOST, "text")
    with use_case(by) as work:
        at = opening.entered(work, forum_id, by, may_caption)
        caption = captions.correctable(at.forum.id, caption_id)
        if event_log.known(work, at.forum, key) or caption.text == text:
            return caption
        caption.text, caption.corrected_at = text, work.at
        event_log.add(work, at.forum, ForumEventKind.CAPTION_CORRECTED, caption.id, key=key)
        return caption


def _speaker(work: Work, forum: Forum, duty_id: int | None) -> dict[str, object]:
    if duty_id is not None:
        duty = work.session.scalar(sa.select(ForumDuty).filter_by(forum_id=forum.id, id=duty_id))
        if duty is None:
            raise NotFound(_("이 공론장에 그런 역할을 맡은 분이 없어요."))
        return {"user_id": duty.user_id, "speaker": None if duty.user_id else duty.name}
    turn = work.session.scalar(sa.select(Turn).filter_by(forum_id=forum.id, ended_at=None))
    return {"turn_id": turn.id, "user_id": turn.user_id, "speaker": turn.name} if turn else {}
