"""Public notices on a vote, written inside the caller's transaction."""

from datetime import datetime

from ..models import VoteNotice


def add_notice(session, subject: str, *, kind: str, title: str, text: str, at: datetime,
               by_id: int | None) -> VoteNotice:
    """`kind` is notice, correction (after the opening) or alarm; whoever calls it tells the fact (`VoteNoticed`)."""
    notice = VoteNotice(subject=subject, kind=kind, title=title, text=text, at=at, by_id=by_id)
    session.add(notice)
    session.flush()
    return notice
