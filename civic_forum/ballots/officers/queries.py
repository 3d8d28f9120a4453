"""Positions that may be officers, and the officers of a vote as they are now."""

import json
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import joinedload

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import Role
from civic_forum.platform import clock
from civic_forum.platform.base import database_now, db
from civic_forum.platform.errors import Conflict, NotFound, Unavailable, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require

from ..keys import keyring
from ..rules.log import canonical_json, instant, parse_canonical, stamp
from ..box import definition
from ..models import BallotBox
from .models import Officer, OfficerChange
from ..policy import may_officiate
from ..published import heads
from ..rules import signing
from .rules import LEAST, Change, NamedOfficer, Office, now_in_office, officers_of, why_not_named

ALARMS = logging.getLogger(__name__)
SUFFIX = ".officers"
"""Of the file beside the keys that has the signed replacements of a box."""


IN_OFFICE = Officer.granted_at.is_not(None), Officer.ended_at.is_(None)


def granted() -> list[Officer]:
    """Positions that may be officers, in the order of their grants."""
    return list(db.session.scalars(_open().where(Officer.granted_at.is_not(None)).order_by(
        Officer.granted_at, Officer.id)))


def enough_from() -> datetime | None:
    """Moment to come from which so many positions as a vote needs may be named; None where fewer are granted."""
    there = granted()
    moment = there[LEAST - 1].granted_at + people.held_for() if len(there) >= LEAST else None
    return moment if moment and moment > clock.now() else None


def proposed() -> list[Officer]:
    """Positions that a second administrator has to confirm."""
    return list(db.session.scalars(_open().where(Officer.granted_at.is_(None)).order_by(Officer.id)))


def _open() -> sa.Select:
    return sa.select(Officer).where(Officer.ended_at.is_(None)).options(
        joinedload(Officer.user), joinedload(Officer.proposed_by))


def held(officer_id: int) -> Officer:
    """Read again and locked until the transaction ends. Raises NotFound, and Conflict for one that has ended."""
    officer = existing(db.session.get(Officer, officer_id, with_for_update={"of": Officer}, populate_existing=True),
                       lambda: NotFound(_("그런 담당관이 없어요. 목록을 새로 열어 확인해 주세요.")))
    if officer.ended_at is not None:
        raise Conflict(_("이미 끝난 담당관이에요. 목록을 새로 열어 확인해 주세요."))
    return officer


def is_in_force(officer: Officer, now: datetime) -> bool:
    return officer.ended_at is None and officer.granted_at is not None and officer.granted_at + people.held_for() <= now


def may_be_named(now: datetime) -> list[Officer]:
    """Positions in force whose holders may officiate."""
    return [officer for officer in granted() if is_in_force(officer, now) and may_officiate(officer.user) is None]


def is_trusted(user: User, now: datetime) -> bool:
    """True for an administrator made so by a command on the machine, or whom two administrators made an officer: one
    administrator alone makes none who could grant."""
    if any(grant.role is Role.ADMINISTRATOR and grant.granted_by_id is None for grant in user.grants):
        return True
    own = db.session.scalar(_open().where(Officer.user_id == user.id))
    return own is not None and is_in_force(own, now)


def parts_of(box: BallotBox) -> dict[str, Any]:
    """The definition: of an opened box the one that is kept beside the keys."""
    kept = definition.of(box.id) if box.opened_at is not None else None
    return parse_canonical((kept["definition"] if kept else box.definition).encode())


def changes_of(box: BallotBox) -> list[Change]:
    """Replacements as they were signed; one that still waits was cut off before the commit of its confirmation. Raises
    Unavailable, with an alarm, for a file that is not as it was signed."""
    path = keyring.beside_keys(box.id, SUFFIX)
    if not path.exists():
        return []
    changes, key = [], signing.public_key(heads.seed_of(box.id))
    try:
        for number, kept in enumerate(json.loads(path.read_bytes()), 1):
            change = kept["change"]
            message = signing.officer(box.fingerprint, number, canonical_json(change))
            if kept["number"] != number or not signing.verify(key, message, bytes.fromhex(kept["signature"])):
                raise ValueError("not as it was signed")
            leaves, comes = kept["grants"]
            changes.append(Change(NamedOfficer(leaves, change["leaves"]), NamedOfficer(comes, change["comes"]),
                                  instant(change["at"]), number, bytes.fromhex(kept["signature"])))
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        ALARMS.critical("ALARM: the replaced officers of box %s cannot be read", box.id.hex())
        raise Unavailable(_("바뀐 담당관의 기록을 읽을 수 없어서 멈췄어요. 구청에 바로 알려 주세요.")) from wrong
    waits = pending_change(box.id)
    if waits and changes and (changes[-1].leaves.grant, changes[-1].comes.grant) == (waits.leaves_id, waits.comes_id):
        changes.pop()
    return changes


def keep_changes(box: BallotBox, changes: Iterable[Change]) -> None:
    """Write the replacements beside the keys. Raises Unavailable."""
    keyring.write_file(keyring.beside_keys(box.id, SUFFIX), json.dumps([
        to_json(change) | {"grants": [change.leaves.grant, change.comes.grant]} for change in changes]).encode())


def to_json(change: Change) -> dict[str, Any]:
    """As `alarms.json` has it."""
    return {"change": said(change.leaves, change.comes, change.at), "number": change.number,
            "signature": change.signature.hex()}


def said(leaves: NamedOfficer, comes: NamedOfficer, at: datetime) -> dict[str, str]:
    return {"at": stamp(at), "comes": comes.position, "leaves": leaves.position}


def current(box: BallotBox, now: datetime | None = None) -> list[NamedOfficer]:
    """Officers of a vote as they are now."""
    named = officers_of(parts_of(box))
    return now_in_office(named, changes_of(box), now or clock.now()) if named else []


def own(user: User) -> Officer | None:
    """The grant of this person; None while it is not long enough that staff could have got into their account."""
    entered = people.entered_at(user.id)
    if entered is not None and clock.now() < entered + people.held_for():
        return None
    return db.session.scalar(sa.select(Officer).where(Officer.user_id == user.id, *IN_OFFICE))


def office(box: BallotBox, user: User) -> Office:
    """The place of this person in this vote, as it is now."""
    return office_with(box, own(user))


def required(actor: User, *of: BallotBox) -> Office:
    """Their place in the first of these votes. Raises Denied for somebody who may not act in every one."""
    places = [office(box, actor) for box in of]
    for place in places:
        require(actor, may_officiate, place)
    return places[0]


def may_act_in(boxes: Iterable[BallotBox], user: User) -> bool:
    """True where this person may act in all of these votes; votes without officers ask nothing."""
    named = [box for box in boxes if current(box)]
    grant = own(user) if named else None
    return all(office_with(box, grant).may_act for box in named)


def office_with(box: BallotBox, grant: Officer | None) -> Office:
    """The same by a grant that was read before."""
    named = current(box)
    if not named or grant is None:
        return Office(bool(named), None)
    by = frozenset(user_id for user_id in (grant.proposed_by_id, grant.granted_by_id) if user_id is not None)
    return Office(True, next((officer for officer in named if officer.grant == grant.id), None), by)


def usual() -> list[dict[str, Any]]:
    """Officers of every vote of a marked sample for which nobody was named: those whom its loader granted."""
    named = [NamedOfficer(grant.id, grant.position).to_json() for grant in granted() if grant.granted_by_id is None]
    return named if why_not_named(len(named), LEAST) is None else []


def has_too_few(box: BallotBox) -> bool:
    """True where no two could be sure to be there: fewer are named than a vote has at least."""
    return not box.rehearsal and len(officers_of(parts_of(box))) < current_app.config["LEAST_OFFICERS"]


def why_not_open(box: BallotBox, parts: Mapping[str, Any]) -> str | None:
    """Reason of the officers of this definition against opening a vote, or None."""
    named, least = officers_of(parts), current_app.config["LEAST_OFFICERS"]
    if box.rehearsal or not named and not least:
        return None
    if why_not_named(len(named), least):
        return _("이 투표를 맡을 담당관을 먼저 정해 주세요. 세 명에서 여섯 명까지예요.")
    able = {officer.id for officer in may_be_named(database_now())}
    if gone := [officer.position for officer in named if officer.grant not in able]:
        return _("지금은 담당관이 될 수 없는 사람이 있어요: %(positions)s. 담당관을 다시 정해 주세요.", positions=", ".join(gone))
    return None


def pending_change(box_id: bytes, *, lock: bool = False) -> OfficerChange | None:
    query = sa.select(OfficerChange).filter_by(box_id=box_id, ended_at=None).execution_options(populate_existing=True)
    return db.session.scalar(query.with_for_update() if lock else query.options(
        joinedload(OfficerChange.leaves), joinedload(OfficerChange.comes), joinedload(OfficerChange.proposed_by)))


def rows(ids: Iterable[int]) -> dict[int, Officer]:
    """Grants by their numbers, ended ones too."""
    return {officer.id: officer for officer in db.session.scalars(
        sa.select(Officer).where(Officer.id.in_(list(ids))).options(joinedload(Officer.user)))}
