"""Codes of the second factor, taken inside the caller's transaction."""

from datetime import datetime

from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _

from .. import totp
from ..models import User


class Wrong(Refusal):
    """Name, password or code do not fit; counts towards the limit of failed sign-ins."""


def use_second_factor(user: User, code: str, at: datetime) -> None:
    """Take a code of a user whose row the caller holds. Raises Wrong; a code works once."""
    step = user.totp_secret and totp.step_of(user.totp_secret, code, at, after=user.totp_last_step)
    if step is None:
        raise Wrong(_("숫자 6자리가 맞지 않아요. 앱에 지금 보이는 숫자를 적어 주세요."), field="code")
    user.totp_last_step = step
