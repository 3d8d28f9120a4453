"""Last days that come near or have passed: told once each, by a job that may run as often as it likes."""

from datetime import timedelta

from civic_forum.accounts.rules import Role
from civic_forum.answers.rules import REMINDED_AFTER_DAYS
from civic_forum.platform import clock
from civic_forum.platform.i18n import local
from civic_forum.platform.work import use_case

from .. import steps
from ..queries import deadlines, recipients
from ..queries.deadlines import Deadline
from ..rules import NoticeKind

SOON_DAYS = 5
"""How many days before the last one its department hears of it."""
LATE_DAYS = 7
"""How far the job looks back, for it may not have run; what is later still stands at the desk."""
AT_ONCE = 50


def tell_of_deadlines() -> int:
    """Tell departments of what is nearly due and late, and authors of what is late. Returns how many were looked at."""
    today = local(clock.now()).date()
    window = today - timedelta(days=LATE_DAYS), today + timedelta(days=SOON_DAYS)
    looked_at, after = 0, 0
    while found := deadlines.between(*window, after=after, limit=AT_ONCE):
        with use_case(None) as work:
            for deadline in found:
                _tell(work, deadline, is_late=deadline.due_on < today)
        looked_at, after = looked_at + len(found), found[-1].duty_id
    return looked_at


def _tell(work, deadline: Deadline, *, is_late: bool) -> None:
    """Nobody is told whose turn has passed meanwhile: the duty is looked at again under the lock."""
    if not deadlines.still_stands(deadline):
        return
    said = {"about": f"proposal:{deadline.proposal_id}", "title": deadline.title, "at": work.at,
            "details": {"due": deadline.due_on.isoformat()},
            "once": f"{'late' if is_late else 'soon'}:{deadline.duty_id}:{deadline.due_on}"}
    staff = (recipients.moderators() if deadline.department_id is None
             else recipients.staff(Role.OFFICIAL, department_id=deadline.department_id))
    steps.tell(work.session, staff, kind=NoticeKind.DUTY, step="duty_late" if is_late else "duty_soon",
               url=f"/desk/answers/{deadline.number}", **said)
    if is_late:
        steps.tell(work.session, recipients.one(deadline.author_id), kind=NoticeKind.MY_PROPOSAL, step="answer_late",
                   url=f"/proposals/{deadline.number}", **said)


def tell_who_is_silent() -> int:
    """Ask authors once more for what was asked of them, after a week. Returns how many were looked at."""
    today = local(clock.now()).date()
    window = today - timedelta(days=REMINDED_AFTER_DAYS + LATE_DAYS), today - timedelta(days=REMINDED_AFTER_DAYS)
    looked_at, after = 0, 0
    while found := deadlines.silent(*window, after=after, limit=AT_ONCE):
        with use_case(None) as work:
            for silence in found:
                if deadlines.still_waits(silence):
                    steps.tell(work.session, recipients.one(silence.author_id), kind=NoticeKind.MY_PROPOSAL,
                               about=f"proposal:{silence.proposal_id}", title=silence.title, at=work.at,
                               step="completion_waits", url=f"/proposals/{silence.number}/completion",
                               once=f"completion-waits:{silence.pause_id}")
        looked_at, after = looked_at + len(found), found[-1].pause_id
    return looked_at
