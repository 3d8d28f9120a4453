"""Context of every page about one thing of a running forum, and limits on how fast people may send."""

from civic_forum.kernel.web import limiter, visitor, writer

from .. import labels
from ..models import Forum
from ..policy.acting import ForumContext, runs
from ..rules.kinds import Duty
from . import gate
from .answers import Refused


def around(forum: Forum, refused: Refused, back: str) -> dict[str, object]:
    """Context of a page that is kept as it is now (`live.js`), and to send its forms from."""
    at = gate.at(forum)
    running = runs(visitor(), at)
    return {"forum": forum, "at": at, "standing": at.standing, "now": at.now, "refused": refused, "labels": labels,
            "runs": running, "roles": ["runs"] if running else [], "back": back}


def roles(at: ForumContext) -> list[str]:
    """Roles for which the script may show pieces: those in pieces that are the same for everybody (`data-for`)."""
    held = [f"table-{one}" for one in sorted(at.standing.hosted_table_ids | {at.standing.table_id} - {None})]
    if Duty.CAPTIONER in at.standing.duties:
        held.append("captions")
    return ["runs", *held] if runs(visitor(), at) else held


def _limit(per_minute: int, scope: str):
    return limiter.shared_limit(f"{per_minute} per minute", scope=scope, key_func=writer, methods=["POST"],
                                exempt_when=lambda: not visitor().is_authenticated)


by_speaker = _limit(30, "forum-writing")
"""Decorates views by which people in a hall write. Counted for each person and never for an address: a hall is one."""
by_hand = _limit(120, "forum-hands")
"""Decorates views by which they press a button: a support, an answer to a pulse."""
