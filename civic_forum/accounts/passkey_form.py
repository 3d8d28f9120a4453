"""Asking for a password, or for a passkey in its place: for every form that asks who is at the device."""

from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from civic_forum.platform.i18n import _l
from civic_forum.platform.web import visitor

from .authenticators import Answer

MOST = 20_000
"""Characters of an answer; those of the largest authenticators have a few thousand."""


class PasskeyField(PasswordField):
    """The answer of an authenticator, as the browser brings it; `templates/parts/passkey.html` never shows it again."""

    def __init__(self, label=None, **kwargs):
        super().__init__(label, [Length(max=MOST, message=_l("패스키를 확인하지 못했어요. 단추를 다시 눌러 주세요."))], **kwargs)

    @property
    def answer(self) -> Answer:
        return Answer(self.data or "")


class NeededWithoutPasskey(InputRequired):
    """Asks for the password of who has one and uses no passkey in its place: the field `passkey`, whatever precedes
    it."""

    def __call__(self, form, field):
        if not passkey_of(form).data and not getattr(visitor(), "types_nothing", False):
            super().__call__(form, field)


def passkey_of(form) -> PasskeyField:
    """The field of a form in which a passkey is used."""
    return next(field for field in form if isinstance(field, PasskeyField))


def shown_in(form, password: PasswordField) -> str | Answer:
    """The passkey if one was used, else the password."""
    field = passkey_of(form)
    return field.answer if field.data else password.data or ""
