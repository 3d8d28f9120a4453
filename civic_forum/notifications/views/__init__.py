"""The pages of notices. Each subject has its module; all hang on the blueprint of one."""

from .blueprint import bp

__all__ = ["bp"]
