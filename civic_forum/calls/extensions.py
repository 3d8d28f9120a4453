"""Questions about a call to the features above."""

from typing import TYPE_CHECKING

from civic_forum.blocks.extensions import Extension, Page, Section

if TYPE_CHECKING:
    from .models import Call, CallApplication

WHY_NOT_LOTS: "Extension[[Call], str]" = Extension("lots by which nobody could be drawn")
"""Name of such a lot; None where all are well."""
OWN: "Page[[CallApplication], Section]" = Page("own application")
