"""The pages of budget rounds. Each subject has its module; all hang on the blueprints of one."""

from ..projects import views as projects
from ..reviews import views as desk_reviews
from ..committee import views as committee
from . import (ballot, casts, desk, desk_council, desk_envelopes, desk_opening, desk_roll, downloads, exchange,
               own_roll, public, results, trials, votes)
from .blueprint import bp

__all__ = [
    "ballot", "bp", "casts", "committee", "desk", "desk_council", "desk_envelopes", "desk_opening", "desk_reviews",
    "desk_roll", "downloads", "exchange", "own_roll", "projects", "public", "results", "trials", "votes",
]
