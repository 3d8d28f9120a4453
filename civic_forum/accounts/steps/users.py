"""Opening an account inside the caller's transaction: sign-up, the desk, a command and the sample do it."""

from datetime import datetime

from civic_forum.platform.base import db
from civic_forum.platform.i18n import Language

from ..documents import Document, current
from ..models import Consent, User
from ..rules import sign_in_key


def add_user(session, *, name: str, password_hash: str | None, nickname: str, at: datetime,
             neighbourhood_id: int | None = None, language: Language = Language.KO, mobile: str | None = None,
             email: str | None = None, opened_by_id: int | None = None) -> User:
    """The new account, flushed. A name that is taken breaks a unique constraint: `use_case` makes it a Conflict.

    `name` must have the shape that `rules.sign_in_key` knows; `email` is not confirmed by this.
    """
    key = sign_in_key(name)
    if key is None:
        raise ValueError("not a sign-in name")
    user = User(sign_in_name=key, sign_in_key=key, password_hash=password_hash, nickname=nickname, email=email,
                mobile=mobile, neighbourhood_id=neighbourhood_id, language=str(language), created_at=at,
                opened_by_id=opened_by_id)
    session.add(user)
    session.flush()
    return user


def note_consent(user: User, document: Document, *, given: bool, at: datetime) -> None:
    """Note that the user agreed to, refused or took back what the newest version asks."""
    db.session.add(Consent(user_id=user.id, document=document, version=current(document).number, given=given, at=at))
