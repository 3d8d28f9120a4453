"""Pages of proposals."""

from flask import Blueprint

bp = Blueprint("proposals", __name__, url_prefix="/proposals")

from . import drafts, public  # noqa: E402

__all__ = ["bp", "drafts", "public"]
