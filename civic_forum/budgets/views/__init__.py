"""Pages of budget rounds, all on one blueprint."""

from ..committee import views as committee
from ..projects import views as projects
from ..results import desk as council
from ..results import views as results
from ..reviews import views as reviews
from ..trials import views as trials
from ..voting import downloads, rolls
from ..voting import views as voting
from . import desk, desk_envelopes, desk_opening, public
from .blueprint import bp

__all__ = [
    "bp", "committee", "council", "desk", "desk_envelopes", "desk_opening", "downloads", "projects", "public", "results",
    "reviews", "rolls", "trials", "voting",
]
