"""The pages of notices. Each subject has its module; all hang on the blueprint of one."""

from . import box, leaving_mail, settings
from .blueprint import bp

__all__ = ["box", "bp", "leaving_mail", "settings"]
