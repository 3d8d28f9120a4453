"""People, hours and draw of a rehearsal (예행연습), whatever is rehearsed."""

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import users
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _

from ..box.draws import DrawKind

MOST_HOURS = 72
MOST_PEOPLE = 200
DRAW = DrawKind.DICE
"""Few ballots are often a tie, and nobody waits for the lottery of a Saturday to rehearse the count."""


def check_hours(hours: int) -> None:
    """Raises Refusal at `hours`."""
    if not 1 <= hours <= MOST_HOURS:
        raise Refusal(_("1시간에서 %(most)s시간 사이로 적어 주세요.", most=MOST_HOURS), field="hours")


def invited(names, by: User) -> list[User]:
    """The people of these sign-in names and whoever starts it. Raises Refusal naming somebody who is not there."""
    found = {by.id: by}
    for name in names:
        user = users.by_name(name)
        if user is None or not user.is_active:
            raise Refusal(_("%(name)s라는 로그인 이름이 없어요.", name=name), field="names")
        found[user.id] = user
    if len(found) > MOST_PEOPLE:
        raise Refusal(_("예행연습에는 %(most)s명까지 함께할 수 있어요.", most=MOST_PEOPLE), field="names")
    return list(found.values())
