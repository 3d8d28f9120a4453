"""The pages of answers."""

from .blueprint import bp, desk

__all__ = ["bp", "desk"]
