"""Every SELECT on proposals, by what asks."""

from .counts import totals
from .detail import Detail, detail
from .drafts import draft, drafts_of
from .listing import PROPOSALS, listed, standing_out
from .own import carried_count, draft_count, followed_by, of_author
from .records import by_number, locked, missing, numbered
from .similar import similar_to

__all__ = ["PROPOSALS", "Detail", "by_number", "carried_count", "detail", "draft", "draft_count", "drafts_of",
           "followed_by", "listed", "locked", "missing", "numbered", "of_author", "similar_to", "standing_out",
           "totals"]
