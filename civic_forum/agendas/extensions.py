"""The page of an agenda, to which features above add sections."""

from typing import TYPE_CHECKING, Any

from civic_forum.blocks.extensions import Extension, Page, Section

if TYPE_CHECKING:
    from .queries.detail import Detail

VOTES: "Extension[[int], list[Any]]" = Extension("votes about an agenda")
"""(id of an agenda) → announced polls with their boxes, the newest first"""
GROUNDS: Extension[[int], str] = Extension("grounds of an agenda other than proposals")
"""(id of an agenda) → a sentence for its way, which says what it came from"""
PAGE: "Page[[Detail], Section]" = Page("agenda")
