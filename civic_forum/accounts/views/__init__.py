"""Pages of accounts."""

from ..pages import bp
from . import entry, once, own, passkeys, proofs, residency, safety, sessions
from ..providers import views as providers

__all__ = ["bp", "entry", "once", "own", "passkeys", "proofs", "providers", "residency", "safety", "sessions"]
