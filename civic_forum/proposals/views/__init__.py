"""Pages of proposals."""

from flask import Blueprint

bp = Blueprint("proposals", __name__, url_prefix="/proposals")

from . import desk, drafts, public, versions  # noqa: E402

__all__ = ["bp", "desk", "drafts", "public", "versions"]
