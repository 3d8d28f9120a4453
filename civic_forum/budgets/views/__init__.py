"""Pages of budget rounds, all on one blueprint."""

from ..committee import views as committee
from ..projects import views as projects
from ..reviews import views as reviews
from ..voting import downloads, rolls
from ..voting import views as voting
from ..trials import views as trials
from . import desk, desk_council, desk_envelopes, desk_opening, exchange, public, results
from .blueprint import bp

__all__ = [
    "bp", "committee", "desk", "desk_council", "desk_envelopes", "desk_opening", "downloads", "exchange", "projects",
    "public", "results", "reviews", "rolls", "trials", "voting",
]
