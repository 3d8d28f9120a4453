"""Time-based codes of an authenticator app (RFC 6238): six digits, steps of 30 seconds, SHA-1."""

from datetime import datetime
from hmac import compare_digest

import pyotp

from civic_forum.platform import keys

from .rules import TOTP_STEP_S

_PURPOSE = "user.totp"
DRIFT = 1
"""Steps that the clock of a telephone may be off, to either side."""


def fresh_secret() -> bytes:
    return keys.seal(_PURPOSE, pyotp.random_base32())


def readable(sealed: bytes) -> str:
    """The secret in base 32, to type into an app."""
    return keys.unseal(_PURPOSE, sealed)


def address(sealed: bytes, name: str, site: str) -> str:
    """The otpauth address that the QR code holds."""
    return pyotp.TOTP(readable(sealed)).provisioning_uri(name=name, issuer_name=site)


def step_of(sealed: bytes, code: str, at: datetime, *, after: int | None) -> int | None:
    """The time step whose code this is, None where it is wrong, too old or used: steps up to `after` are used."""
    typed = "".join(character for character in code if character.isascii() and character.isdigit())
    now = int(at.timestamp()) // TOTP_STEP_S
    made = pyotp.TOTP(readable(sealed))
    for step in range(now - DRIFT, now + DRIFT + 1):
        if compare_digest(made.generate_otp(step), typed) and (after is None or step > after):
            return step
    return None
