"""Pages of accounts."""

from ..pages import bp
from . import entry, own, passkeys, proofs, residency, safety, sessions

__all__ = ["bp", "entry", "own", "passkeys", "proofs", "residency", "safety", "sessions"]
