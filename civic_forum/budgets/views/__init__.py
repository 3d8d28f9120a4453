"""The pages of budget rounds. Each subject has its module; all hang on the blueprints of one."""

from . import committee, desk_reviews, projects, public, trials
from .blueprint import bp

__all__ = ["bp", "committee", "desk_reviews", "projects", "public", "trials"]
