"""Erasing from the tables of accounts when somebody leaves. Contributions stay, as of 탈퇴한 회원."""

import re

import sqlalchemy as sa

from civic_forum.platform import clock, keys, outbox

from ..identity import SEALED_NAME
from ..models import AccessRecord, Affiliation, DeskCheck, Letter, OneTimeCode, Person, RoleGrant, User, UserSession

MENTION = "…"
"""Stands where a reason named somebody who has left."""


def erase_account(user: User, session) -> None:
    """Erase everything personal about a held user; the row, its number and its dates stay."""
    person = session.get(Person, user.person_id) if user.person_id else None
    names = {user.sign_in_name, user.nickname, user.email, user.confirmed_email, user.mobile,
             person and keys.unseal(SEALED_NAME, person.name_sealed)} - {None, ""}
    _erase_reasons(session, user, names)
    outbox.forget(session, user.id, _own_addresses(user))
    for kind in (OneTimeCode, UserSession, Letter):
        session.execute(sa.delete(kind).where(kind.user_id == user.id))
    for kind in (DeskCheck, Affiliation):
        session.execute(sa.delete(kind).where(sa.or_(
            kind.user_id == user.id, kind.person_id == user.person_id if person else sa.false())))
    session.execute(sa.update(RoleGrant).where(RoleGrant.user_id == user.id, RoleGrant.withdrawn_at.is_(None))
                    .values(withdrawn_at=clock.now()))
    for name in ("sign_in_name", "sign_in_key", "nickname", "password_hash", "email", "confirmed_email", "mobile",
                 "confirmed_mobile", "neighbourhood_id", "person_id", "totp_secret", "totp_confirmed_at",
                 "totp_last_step"):
        setattr(user, name, None)
    user.is_resident, user.language, user.left_at = False, "ko", clock.now()
    session.flush()
    if person is not None:
        session.delete(person)
        session.flush()


def _erase_reasons(session, user: User, names: set[str]) -> None:
    """Erase reasons of looking somebody up: they were typed by hand and may name them; that they did so stays on
    record.

    Of reasons about others only the mention goes: a nickname may be any word, and nobody empties the log by leaving.
    """
    session.execute(sa.update(AccessRecord).where(AccessRecord.user_id == user.id).values(reason=""))
    mention = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))), re.IGNORECASE)
    about_others = sa.select(AccessRecord).where(
        sa.or_(*(AccessRecord.reason.icontains(name, autoescape=True) for name in sorted(names))))
    for record in session.scalars(about_others):
        record.reason = mention.sub(MENTION, record.reason)


def _own_addresses(user: User) -> set[str]:
    """The address that is proved to be theirs, as they spelled it too; another may be somebody else's."""
    spelled = {user.email} if (user.email or "").lower() == user.confirmed_email else set()
    return (spelled | {user.confirmed_email}) - {None}
