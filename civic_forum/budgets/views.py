"""All pages of budget rounds. Each subject has its own; all hang on the blueprints of `pages`."""

from .committee import views as committee
from .pages import bp
from .projects import views as projects
from .results import desk as council
from .results import views as results
from .reviews import views as reviews
from .rounds import desk, envelopes
from .rounds import views as rounds
from .trials import views as trials
from .voting import rolls
from .voting import views as voting

__all__ = ["bp", "committee", "council", "desk", "envelopes", "projects", "results", "reviews", "rolls",
           "rounds", "trials", "voting"]
