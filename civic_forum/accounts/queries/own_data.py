"""Everything that is kept about an account, for its owner to take along."""

import sqlalchemy as sa

from civic_forum.platform import keys
from civic_forum.platform.base import db

from ..identity import SEALED_BIRTH_DATE, SEALED_NAME
from ..models import AccessRecord, DeskCheck, Letter, Passkey, Person, ProviderLink, RoleGrant, User, UserSession
from . import people, users


def account(user: User) -> dict:
    """A value that JSON can hold; sealed texts are opened, hashes and secrets are left out."""
    return {
        "sign_in_name": user.sign_in_name, "nickname": user.nickname, "email": user.email,
        "confirmed_email": user.confirmed_email, "mobile": user.mobile,
        "confirmed_mobile": user.confirmed_mobile, "language": user.language,
        "neighbourhood": user.neighbourhood and user.neighbourhood.name_ko,
        "counts_as_resident": user.is_resident, "second_factor_since": _time(user.totp_confirmed_at),
        "created_at": _time(user.created_at), "verified_person": _person(user),
        "affiliations": [{"kind": one.kind, "how": one.how, "neighbourhood": one.neighbourhood.name_ko,
                          "at": _time(one.at)} for one in people.affiliations(user.id)],
        "consents": [{"document": one.document, "version": one.version, "given": one.given, "at": _time(one.at)}
                     for one in users.consents_of(user)],
        "sessions": [{"device": one.device, "created_at": _time(one.created_at), "seen_on": one.seen_on.isoformat()}
                     for one in _all(UserSession, user)],
        "passkeys": [{"name": one.name, "created_at": _time(one.created_at), "used_on": _time(one.used_on),
                      "copied_on": _time(one.copied_on)} for one in _all(Passkey, user)],
        "providers": [{"provider": one.provider, "linked_on": _time(one.linked_on)}
                      for one in _all(ProviderLink, user)],
        "roles": [{"role": one.role, "granted_at": _time(one.granted_at), "withdrawn_at": _time(one.withdrawn_at)}
                  for one in _all(RoleGrant, user)],
        "desk_checks": [{"purpose": one.purpose, "evidence": one.evidence, "at": _time(one.at)}
                        for one in _all(DeskCheck, user)],
        "letters": [{"requested_at": _time(one.requested_at), "printed_at": _time(one.printed_at),
                     "outcome": one.outcome} for one in _all(Letter, user)],
        "looked_up_by_staff": [{"reason": one.reason, "at": _time(one.at)} for one in _all(AccessRecord, user)],
    }


def _all(kind, user: User) -> list:
    return list(db.session.scalars(sa.select(kind).where(kind.user_id == user.id).order_by(kind.id)))


def _person(user: User) -> dict | None:
    person = db.session.get(Person, user.person_id) if user.person_id else None
    return person and {"name": keys.unseal(SEALED_NAME, person.name_sealed),
                       "birth_date": keys.unseal(SEALED_BIRTH_DATE, person.birth_date_sealed)}


def _time(instant) -> str | None:
    return instant and instant.isoformat()
