"""The pages of budget rounds. Each subject has its module; all hang on the blueprints of one."""

from . import committee, public, trials
from .blueprint import bp

__all__ = ["bp", "committee", "public", "trials"]
