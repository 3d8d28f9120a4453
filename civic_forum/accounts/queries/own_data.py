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
        "affiliations": [{"kind": affiliation.kind, "how": affiliation.how,
                          "neighbourhood": affiliation.neighbourhood.name_ko, "at": _time(affiliation.at)}
                         for affiliation in people.affiliations(user.id)],
        "consents": [{"document": consent.document, "version": consent.version, "given": consent.given,
                      "at": _time(consent.at)} for consent in users.consents_of(user)],
        "sessions": [{"device": session.device, "created_at": _time(session.created_at),
                      "seen_on": session.seen_on.isoformat()} for session in _all(UserSession, user)],
        "passkeys": [{"name": passkey.name, "created_at": _time(passkey.created_at), "used_on": _time(passkey.used_on),
                      "copied_on": _time(passkey.copied_on)} for passkey in _all(Passkey, user)],
        "providers": [{"provider": link.provider, "linked_on": _time(link.linked_on)}
                      for link in _all(ProviderLink, user)],
        "roles": [{"role": grant.role, "granted_at": _time(grant.granted_at), "withdrawn_at": _time(grant.withdrawn_at)}
                  for grant in _all(RoleGrant, user)],
        "desk_checks": [{"purpose": check.purpose, "evidence": check.evidence, "at": _time(check.at)}
                        for check in _all(DeskCheck, user)],
        "letters": [{"requested_at": _time(letter.requested_at), "printed_at": _time(letter.printed_at),
                     "outcome": letter.outcome} for letter in _all(Letter, user)],
        "looked_up_by_staff": [{"reason": visit.reason, "at": _time(visit.at)} for visit in _all(AccessRecord, user)],
    }


def _all(kind, user: User) -> list:
    return list(db.session.scalars(sa.select(kind).where(kind.user_id == user.id).order_by(kind.id)))


def _person(user: User) -> dict | None:
    person = db.session.get(Person, user.person_id) if user.person_id else None
    return person and {"name": keys.unseal(SEALED_NAME, person.name_sealed),
                       "birth_date": keys.unseal(SEALED_BIRTH_DATE, person.birth_date_sealed)}


def _time(instant) -> str | None:
    return instant and instant.isoformat()
