"""Every SELECT on proposals, by what asks."""

from .detail import Detail, detail
from .listing import PROPOSALS, listed, standing_out
from .records import (
    by_number, carried_count, draft, draft_count, drafts_of, followed_by, locked, missing, numbered, of_author,
    similar_to, totals,
)

__all__ = ["PROPOSALS", "Detail", "by_number", "carried_count", "detail", "draft", "draft_count", "drafts_of",
           "followed_by", "listed", "locked", "missing", "numbered", "of_author", "similar_to", "standing_out",
           "totals"]
