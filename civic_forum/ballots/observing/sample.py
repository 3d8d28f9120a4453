"""Two invented observers of a marked sample, whose keys everybody knows: what they sign shows how it works."""

from hashlib import sha256

from ..rules import signing
from .rules import Observer, Statement

SEEDS = tuple(sha256(f"civic-forum sample observer {number}".encode()).digest() for number in (1, 2))
OBSERVERS = tuple(Observer(f"예시 참관인 {number}", signing.public_key(seed)) for number, seed in enumerate(SEEDS, 1))
SIGNATURES = 1


def statement(seed: bytes, fingerprint: bytes, result_sha256: bytes, edition_sha256: bytes, *, agrees: bool = True,
              text: str = "") -> Statement:
    """The output of `verify.py sign` with this key."""
    message = signing.observed(fingerprint, result_sha256, edition_sha256, agrees=agrees, text=text)
    key, signature = signing.signed(seed, message)
    return Statement(fingerprint.hex(), result_sha256.hex(), edition_sha256.hex(), int(agrees), text, key.hex(),
                     signature.hex())
