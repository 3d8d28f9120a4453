"""The pages of notices. Each subject has its module; all hang on the blueprint of one."""

from . import leaving_mail
from .blueprint import bp

__all__ = ["bp", "leaving_mail"]
