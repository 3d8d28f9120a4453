"""Access to pages of the desk; services check again what they change."""

from civic_forum.accounts import turned_away
from civic_forum.accounts.models import User
from civic_forum.platform.web import shown_to, visitor

from ..policy import may_moderate

for_moderators = shown_to(may_moderate)


def concerned() -> User | None:
    """The user who is signed in, or gave the right password to an account that is blocked."""
    person = visitor()
    return person if person.is_authenticated else turned_away.user()
