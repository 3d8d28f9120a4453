"""Registrations of bodies with the rest of the site, and the personal data of a member."""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.blocks.pages import MENU, Navigation
from civic_forum.district.extensions import OPEN_WORK, Moving
from civic_forum.platform.i18n import _l
from civic_forum.platform.waiting import DeskEntry, DeskLine, DeskWork, ENTRIES, WORK, Waiting
from civic_forum.search import operations as search

from . import queries, rules
from .events import BodyEdited, BodyMade
from .kinds import PUBLIC
from .models import Body, MemberChange, Membership

TODAY = sa.bindparam("today", callable_=queries.today, type_=Body.begins.type)
search.follow(PUBLIC, "body_id", BodyMade, BodyEdited)


def collect(user: User) -> list[dict[str, object]]:
    """Seats that somebody has or had."""
    return [{"body": membership.seat.body.slug, "seat": membership.seat.key, "function": membership.function,
             "from": membership.begins.isoformat(), "until": membership.until and membership.until.isoformat(),
             "came_by": membership.way, "left_because": membership.end_reason, "named": bool(membership.consent)}
            for membership in queries.of_user(user.id)]


def erase(user: User, session) -> None:
    """The seat was taken all the same, by nobody who is known."""
    session.execute(sa.delete(MemberChange).where(MemberChange.user_id == user.id))
    session.execute(sa.update(Membership).where(Membership.user_id == user.id, Membership.seat_id.is_not(None)).values(
        user_id=None, name=None, consent=False))


def change_lines(waits: list[Waiting]) -> list[DeskLine]:
    """Changes of members, by the body of each."""
    bodies = queries.of_ids([int(wait.ref or 0) for wait in waits])
    return [DeskLine(f"/desk/bodies/{body.slug}/changes/{wait.id}", body.title)
            for wait in waits for body in (bodies[int(wait.ref or 0)],)]


PERSONAL_DATA["memberships"] = PersonalData(collect=collect, erase=erase)
OPEN_WORK["bodies"] = Moving(label=_l("맡은 위원회"), model=Body, column=Body.department_id,
                            is_open=(sa.or_(Body.ends.is_(None), Body.ends >= TODAY),))
MENU["bodies"] = Navigation(_l("회의와 위원회"), "bodies.show_list", 31, "gatherings")
ENTRIES["bodies"] = DeskEntry("bodies.manage", _l("회의와 위원회"), "body_desk.show_list")
WORK["bodies.changes"] = DeskWork("bodies.approve", _l("위원 변경 승인하기"), queries.to_approve, change_lines,
                                  within=rules.CHANGE_LASTS)
