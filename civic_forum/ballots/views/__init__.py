"""The pages of ballot boxes."""

from .blueprint import bp

__all__ = ["bp"]
