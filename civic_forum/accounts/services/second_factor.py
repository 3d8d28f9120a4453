"""The second factor: set up, confirmed by a first code, turned off with the password."""

from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import totp
from ..models import User, UserSession
from ..policy.own import may_change_own, may_remove_second_factor
from ..queries import users
from ..steps.second_factor import use_second_factor
from ..steps.sessions import end_sessions
from .profile import confirm_own_password, held_with_password


def begin(password: str, *, by: User) -> None:
    """Make the secret that the app is to learn; it counts once `confirm` has seen a code.

    Raises Refusal at `password`: whoever found a device signed in does not lock its owner out.
    """
    known = confirm_own_password(password, by=by)
    with use_case(by) as work:
        user = held_with_password(by, known)
        if user.totp_confirmed_at:
            raise Conflict(_("두 번째 확인을 이미 쓰고 있어요."))
        user.totp_secret, user.totp_last_step = totp.fresh_secret(), None
        work.record("accounts.second_factor_begun", user)


def confirm(code: str, *, session_id: int | None, by: User) -> None:
    """From now on nobody signs in without a code; other sessions end, since they came without one."""
    with use_case(by) as work:
        user = users.held(by.id)
        require(by, may_change_own, user)
        if user.totp_confirmed_at or not user.totp_secret:
            raise Conflict(_("설정을 처음부터 다시 해 주세요."))
        use_second_factor(user, code, work.at)
        user.totp_confirmed_at = work.at
        end_sessions(work.session, user.id, but=session_id)
        if session_id and (here := work.session.get(UserSession, session_id)):
            here.second_factor_at = work.at
        work.record("accounts.second_factor_confirmed", user)


def turn_off(password: str, *, by: User) -> None:
    """Raises Refusal at `password`. Roles of staff stop counting where a second factor is required."""
    known = confirm_own_password(password, by=by)
    with use_case(by) as work:
        user = held_with_password(by, known)
        _forget(user)
        work.record("accounts.second_factor_turned_off", user)


def remove(user: User, *, by: User) -> None:
    """For somebody who lost their telephone; their sessions end."""
    with use_case(by) as work:
        user = users.held(user.id)
        require(by, may_remove_second_factor, user)
        if not user.totp_secret:
            raise Refusal(_("두 번째 확인을 쓰지 않는 계정이에요."))
        _forget(user)
        end_sessions(work.session, user.id)
        work.record("accounts.second_factor_removed", user)


def _forget(user: User) -> None:
    user.totp_secret = user.totp_confirmed_at = user.totp_last_step = None
