"""The page of an agenda, to which features above add sections."""

from typing import TYPE_CHECKING

from civic_forum.blocks.extensions import Page, Section

if TYPE_CHECKING:
    from .queries.detail import Detail

PAGE: "Page[[Detail], Section]" = Page("agenda")
