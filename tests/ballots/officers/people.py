"""Officers and administrators of the tests."""

from itertools import count

from civic_forum.accounts.models import RoleGrant
from civic_forum.accounts.rules import Role
from civic_forum.ballots.models import BallotBox, Confirmation
from civic_forum.ballots.officers.models import Officer
from civic_forum.ballots.officers import queries
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.blocks.two_people import HELD_FOR
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.ballots import boxes
from tests.ballots.people import belongs, person
from tests.factories import saved

_number = count(1)


def staff(town, role=Role.OFFICIAL, *, granted_by=None, verified=True):
    """Somebody of the staff whom a clerk has seen; an administrator as a command makes one, unless said by whom."""
    number = next(_number)
    user = town.user(person_id=person(f"담당{number}").id if verified else None)
    if verified:
        belongs(user, town.neighbourhood())
    saved(RoleGrant(user_id=user.id, role=role, granted_at=clock.now(), granted_by_id=granted_by and granted_by.id,
                    department_id=town.department().id if role is Role.OFFICIAL else None))
    db.session.refresh(user)
    return user


def granted(user, *, by=(None, None), at=None):
    """A grant that is in force, from two administrators or from a command."""
    at = at or clock.now() - HELD_FOR
    first, second = by
    return saved(Officer(user_id=user.id, position=f"주민참여과 {next(_number)}팀장", proposed_by_id=first and first.id,
                         proposed_at=at, granted_by_id=second and second.id, granted_at=at))


def three(town, **given):
    """Three officers with their grants."""
    users = [staff(town) for _one in range(3)]
    return users, [granted(user, **given) for user in users]


def box_of(grants, **given):
    """A box with these officers; an opened one was opened by the first two."""
    made = boxes.box(10, officers=[{"grant": one.id, "position": one.position} for one in grants], **given)
    if given.get("opened", True):
        at = made.row.opened_at
        saved(Confirmation(box_id=made.id, action=ConfirmedAction.OPEN, fingerprint=made.fingerprint, proposed_at=at,
                           proposed_by_id=grants[0].user_id, confirmed_by_id=grants[1].user_id, confirmed_at=at,
                           ended_at=at))
    return made


def seats(made) -> list[int]:
    """Grants of a box that act now."""
    db.session.rollback()
    return [one.grant for one in queries.current(db.session.get(BallotBox, made.id))]
