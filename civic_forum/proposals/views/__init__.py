"""The pages of proposals."""

from flask import Blueprint

bp = Blueprint("proposals", __name__, url_prefix="/proposals")

from . import checking, detail, drafts, editing, listing, supporting  # noqa: E402

__all__ = ["bp", "checking", "detail", "drafts", "editing", "listing", "supporting"]
