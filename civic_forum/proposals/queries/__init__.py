"""Every SELECT on proposals, by what asks."""

from .counts import totals
from .detail import Detail, detail
from .drafts import draft, drafts_of
from .listing import Wanted, gathering_most, listed, newest, years
from .own import draft_count, followed_by, of_author
from .records import by_number, locked, missing, numbered
from .similar import similar_to

__all__ = ["Detail", "Wanted", "by_number", "detail", "draft", "draft_count", "drafts_of", "followed_by",
           "gathering_most", "listed", "locked", "missing", "newest", "numbered", "of_author", "similar_to", "totals",
           "years"]
