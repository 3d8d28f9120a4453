"""Pages of accounts."""

from ..pages import bp
from . import entry, first_links, invitations, once, own, passkeys, proofs, residency, safety, sessions
from ..providers import views as providers

__all__ = ["bp", "entry", "first_links", "invitations", "once", "own", "passkeys", "proofs", "providers", "residency",
           "safety", "sessions"]
