"""The pages of accounts."""

from . import documents, entry, leaving, links, mobile, own, residency, safety, sign_up, signed_in
from .blueprint import bp

__all__ = ["bp", "documents", "entry", "leaving", "links", "mobile", "own", "residency", "safety", "sign_up",
           "signed_in"]
