"""What leaving takes away from the tables of accounts. Contributions stay, as of 탈퇴한 회원."""

import sqlalchemy as sa

from civic_forum.kernel import clock, keys, outbox

from ..identity import SEALED_NAME
from ..models import AccessRecord, Affiliation, DeskCheck, Letter, OneTimeCode, Person, RoleGrant, User, UserSession


def erase_account(user: User, session) -> None:
    """Erase everything personal about a held user; the row, its number and its dates stay."""
    person = session.get(Person, user.person_id) if user.person_id else None
    names = {user.sign_in_name, user.nickname, user.email, user.confirmed_email, user.mobile,
             person and keys.unseal(SEALED_NAME, person.name_sealed)} - {None, ""}
    _erase_reasons(session, user, names)
    outbox.forget(session, user.id, {address for address in (user.email, user.confirmed_email) if address})
    for kind in (OneTimeCode, UserSession, Letter):
        session.execute(sa.delete(kind).where(kind.user_id == user.id))
    for kind in (DeskCheck, Affiliation):
        session.execute(sa.delete(kind).where(sa.or_(
            kind.user_id == user.id, kind.person_id == user.person_id if person else sa.false())))
    session.execute(sa.update(RoleGrant).where(RoleGrant.user_id == user.id, RoleGrant.withdrawn_at.is_(None))
                    .values(withdrawn_at=clock.now()))
    for name in ("sign_in_name", "sign_in_key", "nickname", "password_hash", "email", "confirmed_email", "mobile",
                 "neighbourhood_id", "person_id", "totp_secret", "totp_confirmed_at", "totp_last_step"):
        setattr(user, name, None)
    user.is_resident, user.language, user.left_at = False, "ko", clock.now()
    session.flush()
    if person is not None:
        session.delete(person)
        session.flush()


def _erase_reasons(session, user: User, names: set[str]) -> None:
    """Why staff looked somebody up was typed by hand and may name them; that they did so stays on record."""
    mentions = [AccessRecord.reason.contains(name, autoescape=True) for name in sorted(names)]
    session.execute(sa.update(AccessRecord).where(sa.or_(AccessRecord.user_id == user.id, *mentions))
                    .values(reason=""))
