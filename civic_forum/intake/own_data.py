"""Own data of somebody who handed something in or claimed it."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic_forum.blocks import sections
from civic_forum.platform import clock, site_version
from civic_forum.platform.i18n import _

from . import labels, queries, services
from .claims.models import Claim
from .models import IntakeItem


def collect(user: Any) -> list[dict[str, object]]:
    return [{"number": item.number, "form": item.form, "text": item.text, "day": item.day.isoformat(),
             "became": item.became, "reply": item.reply, "facts": item.facts} for item in queries.of_owner(user.id)]


def on_me(user: Any) -> dict[str, object] | None:
    """Items that somebody handed in or claimed, on their own page."""
    if site_version.is_unused(IntakeItem.__tablename__):
        return None
    return sections.kept_for_one(_handed_in, user.id)


def _handed_in(user_id: int) -> dict[str, object] | None:
    rows = [((item.is_public and item.text) or item.number, f"/intake/{item.number}",
             str(labels.word(item)) if is_own else _("확인을 기다려요"))
            for item, is_own in queries.of_person(user_id)]
    return {"label": _("현장에서 낸 것"), "key": "intake", "place": 55, "total": len(rows), "items": rows} if rows else None


def erase(user: Any, session: Session) -> None:
    """A text that nobody else read goes with its owner, and every claim and picture; one that everybody
    reads names nobody."""
    session.execute(sa.delete(Claim).where(Claim.user_id == user.id))
    for item in queries.of_owner(user.id):
        services.throw_away_pictures(session, item)
        if item.checked_at is None:
            item.text, item.facts, item.submission.withdrawn_at = "", None, clock.now()
    session.flush()
