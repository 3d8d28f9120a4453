"""Two invented observers of a marked sample, whose keys everybody knows: what they sign shows how it works."""

from hashlib import sha256

from .rules import signing
from .rules.observing import Observer

SEEDS = tuple(sha256(f"civic-forum sample observer {number}".encode()).digest() for number in (1, 2))
OBSERVERS = tuple(Observer(f"예시 참관인 {number}", signing.public_key(seed)) for number, seed in enumerate(SEEDS, 1))
SIGNATURES = 1
