"""The copy of K and the backup before an opening, as officials see them; asking for the backup."""

from typing import NamedTuple

from civic_forum.accounts.models import User
from civic_forum.kernel import last_backup
from civic_forum.kernel.errors import Conflict
from civic_forum.kernel.i18n import _
from civic_forum.kernel.last_backup import Asked, Made
from civic_forum.kernel.work import use_case

from ..models import BallotBox, Confirmation
from ..officers import queries as officers
from ..policy import may_officiate
from ..queries import before_opening, boxes
from ..steps import locking


class Before(NamedTuple):
    """How far a box is that nobody has opened yet."""

    is_needed: bool
    copied: Confirmation | None
    is_backed_up: bool
    last: Made | None
    asked: Asked | None


def before(box: BallotBox) -> Before:
    return Before(before_opening.is_needed(box), before_opening.copied(box), before_opening.is_backed_up(box),
                  last_backup.last(), last_backup.asked())


def ask_for_backup(box_id: bytes, *, by: User) -> None:
    """Have the worker make a backup of the site. Raises Denied, and Conflict while one is being made."""
    with use_case(by) as work:
        actor, box = locking.acting(by, may_officiate), boxes.held(box_id)
        officers.required(actor, box)
        if (asked := last_backup.asked()) is not None and asked.failed is None:
            raise Conflict(_("백업을 만들고 있어요. 다 되면 이 화면에 나와요."))
        work.record("ballots.backup_asked", box)
    last_backup.ask()
