"""Every SELECT on proposals, by what asks."""

from .counts import totals
from .detail import Detail, detail
from .drafts import draft, drafts_of
from .listing import Wanted, gathering_most, listed, newest, years
from .records import by_number, locked, missing, numbered
from .similar import similar_to

__all__ = ["Detail", "Wanted", "by_number", "detail", "draft", "drafts_of", "gathering_most", "listed", "locked",
           "missing", "newest", "numbered", "similar_to", "totals", "years"]
