"""Leaving, and taking one's data along. See docs/decisions/0004-leaving.md."""

from datetime import timedelta

from civic_forum.accounts.personal_data import PERSONAL_DATA
from civic_forum.platform import clock, erasure, outbox
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from ..authenticators import Answer
from ..events import UserLeft
from ..models import User
from ..policy import may_download_own, may_leave
from ..queries import users
from ..proofs import confirm_own_password, held_with_password

ACCOUNT = "account"
"""Our own entry among what is erased: the last, since others may need to know who it was."""
REPEATED = timedelta(hours=2)
ABOUT_PEOPLE = "user", "person", "outgoing_mail", "proposal", "opinion_participant"
"""These tables and all that point to them hold what somebody wrote: also for the office alone, about a proposal."""


def leave(shown: str | Answer, *, by: User) -> None:
    """Erase everything personal about oneself in one transaction. Raises Refusal at `password`, or Denied."""
    known = confirm_own_password(shown, by=by)
    with use_case(by) as work:
        user = held_with_password(by, known)
        require(by, may_leave, user)
        erase(work, user)
    outbox.forget_files(by.id)
    erasure.forget_deleted(erasure.tables_about(*ABOUT_PEOPLE))


def erase(work: Work, user: User) -> None:
    """Erase everything personal about a held user, in the transaction of leaving."""
    _erase_of_features(user, work.session)
    PERSONAL_DATA[ACCOUNT].erase(user, work.session)
    work.record("accounts.left", user)
    work.emit(UserLeft(user.id))


def clear_remains() -> None:
    """Once more for those who left lately: something may have been told or written to them just then, and somebody may
    have been reading."""
    left = users.left_since(clock.now() - REPEATED)
    if left:
        for user_id in left:
            _erase_again(user_id)
            outbox.forget_files(user_id)
        erasure.forget_deleted(erasure.tables_about(*ABOUT_PEOPLE))


def _erase_of_features(user: User, session) -> None:
    for name in sorted(PERSONAL_DATA):
        if name != ACCOUNT:
            PERSONAL_DATA[name].erase(user, session)


def _erase_again(user_id: int) -> None:
    with use_case(None) as work:
        _erase_of_features(users.held(user_id), work.session)
        outbox.forget(work.session, user_id, set())


def confirm_download(shown: str | Answer, *, by: User) -> None:
    """Raises Refusal at `password`, or Denied; the download itself changes nothing."""
    confirm_own_password(shown, by=by)
    with use_case(by) as work:
        require(by, may_download_own)
        work.record("accounts.data_downloaded", by)
