"""Providers of identities of this site, and links of accounts to theirs."""

import sqlalchemy as sa
from flask import current_app

from civic_forum.platform import keys
from civic_forum.platform.base import db

from ..models import ProviderLink
from ..providers.rules import Provider, Wanted

_SUBJECT = "provider-subject"


def all_of_them() -> tuple[Provider, ...]:
    """In the order of the settings."""
    providers: tuple[Provider, ...] = current_app.config["PROVIDERS"]
    return providers


def serving(wanted: Wanted) -> list[Provider]:
    return [provider for provider in all_of_them() if provider.serves(wanted)]


def by_key(key: str) -> Provider | None:
    return next((provider for provider in all_of_them() if provider.key == key), None)


def of_user(user_id: int) -> list[ProviderLink]:
    """In the order in which they were made."""
    return list(db.session.scalars(sa.select(ProviderLink).filter_by(user_id=user_id).order_by(ProviderLink.id)))


def opening(user_id: int) -> list[int]:
    """Ids of the links by which this account can be entered now."""
    known = {provider.key for provider in serving(Wanted.SIGN_IN)}
    return [link.id for link in of_user(user_id) if link.provider in known]


def proving(user_id: int) -> list[Provider]:
    """Providers that can say once more that it is this user."""
    linked = {link.provider for link in of_user(user_id)}
    return [provider for provider in serving(Wanted.PROVE) if provider.key in linked]


def subject_hash(provider: Provider, subject: str) -> bytes:
    """An account at a provider as it is kept: always under the first key, so that it is one row after any rotation."""
    return keys.keyed_hash(_SUBJECT, f"{provider.issuer}\n{subject}".encode(), keys.FIRST)


def held(user_id: int, link_id: int) -> ProviderLink | None:
    return db.session.scalar(sa.select(ProviderLink).filter_by(user_id=user_id, id=link_id).with_for_update())


def owner_of(subject_hash: bytes) -> int | None:
    return db.session.scalar(sa.select(ProviderLink.user_id).filter_by(subject_hash=subject_hash))
