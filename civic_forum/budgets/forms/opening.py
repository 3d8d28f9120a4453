"""The form of two officials who open all votes of a round together: what they saw of each, password and code."""

from flask import request
from wtforms import PasswordField, StringField

from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _l

SEEN = "seen-"
HASH_DIGITS = 64


class OpenAllForm(Form):
    """With a hidden field `seen-<envelope>` for each box that the page showed."""

    password = PasswordField(_l("내 비밀번호"))
    code = StringField(_l("인증 앱의 숫자 6자리"))

    @property
    def fingerprints(self) -> dict[str, bytes]:
        """Address of the envelope → the fingerprint that the official looked at; what is none is left out."""
        found = {}
        for name, text in request.form.items():
            if name.startswith(SEEN) and len(text) == HASH_DIGITS:
                try:
                    found[name.removeprefix(SEEN)] = bytes.fromhex(text)
                except ValueError:
                    continue
        return found
