"""Pages of accounts."""

from ..pages import bp
from . import entry, own, proofs, residency, safety, sessions

__all__ = ["bp", "entry", "own", "proofs", "residency", "safety", "sessions"]
