"""Every change of moderation, by what people do."""

from .reporting import report

__all__ = ["report"]
