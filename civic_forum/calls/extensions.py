"""Questions about a call to the features above."""

from typing import TYPE_CHECKING

from civic_forum.blocks.extensions import Extension, Page, Section

if TYPE_CHECKING:
    from .models import Call, CallApplication

WHY_NOT_LOTS: "Extension[[Call], str]" = Extension("lots by which nobody could be drawn")
"""Name of such a lot; None where all are well."""
UNDRAWN: "Extension[[Call], bool]" = Extension("draws that everybody was told of and that wait for their lottery")
RESULTS: "Page[[Call], Section]" = Page("results of a call")
TAUGHT: "Extension[[Call], int]" = Extension("minutes that a course lasts")
CAME: "Extension[[int, int], int]" = Extension("minutes that somebody came to a course")
"""(id of the call, id of the user)"""
CERTIFIED: "Extension[[int, str, str], int]" = Extension("minutes of the certificate of a course")
"""(id of the call, number and name as they were typed)"""
ABOUT: "Page[[Call], Section]" = Page("call")
OWN: "Page[[CallApplication], Section]" = Page("own application")
