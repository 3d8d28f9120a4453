"""Pages of accounts."""

from ..pages import bp
from . import entry, own, passkeys, proofs, residency, safety, sessions
from ..providers import views as providers

__all__ = ["bp", "entry", "own", "passkeys", "proofs", "providers", "residency", "safety", "sessions"]
