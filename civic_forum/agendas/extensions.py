"""The page of an agenda, to which features above add sections."""

from typing import TYPE_CHECKING, Any

from civic_forum.blocks.extensions import Extension, Page, Section

if TYPE_CHECKING:
    from .queries.detail import Detail

VOTES: "Extension[[int], list[Any]]" = Extension("votes about an agenda")
"""(id of an agenda) → announced polls with their boxes, the newest first"""
PAGE: "Page[[Detail], Section]" = Page("agenda")
