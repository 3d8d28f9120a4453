"""Pages of proposals to which features above add sections, and questions about a proposal to them."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from civic_forum.blocks.extensions import Extension, Page, Section

from .rules import Reached, Supporters

if TYPE_CHECKING:
    from .queries.detail import Detail

ASIDE: "Page[[Detail], Section]" = Page("proposal")
"""Beside the text of a proposal."""
LEAD: "Page[[Detail], Section]" = Page("proposal, above its text")
"""What came of it: the last word first, said by the features that are put together last."""
BODY: "Page[[Detail], Section]" = Page("proposal, beneath its text")
DECIDED: "Extension[[Detail], Reached]" = Extension("decisions about a proposal")
"""A decision by which it is decided."""
LATER_DECISION: "Extension[[Detail], bool]" = Extension("decisions told after the last answer")
"""True where such a decision takes the place of what was answered."""
COUNTED_THROUGH: "Extension[[int, int], list[tuple[str, str]]]" = Extension("supports counted through others")
"""(id of a proposal, id of a user) → number and title of others through which a 공감 of theirs counts here already"""
UNION: "Extension[[int], Supporters]" = Extension("supporters of merged proposals")
"""(id of a proposal) → its supporters with those of what was merged into it; None where nothing is"""
FAMILY: "Extension[[int], list[int]]" = Extension("proposals of one tree of merges")
"""(id of a proposal) → ids of all that are carried on by the same one as this, itself and that one included; None where
it was merged with none"""
CARRIERS: "Extension[[int], list[int]]" = Extension("proposals that carry another one on")
"""(id of a proposal) → ids of those into which it is merged, directly or through others, nearest first"""
RECEIVED: "Extension[[int], str]" = Extension("places at which proposals were received")
"""(id of a proposal) → name of the neighbourhood at whose window it was taken down"""
IN_HAND: "Extension[[int], int]" = Extension("departments that have a proposal")
"""(id of a proposal) → id of the department that has it, else of the one that answered it"""
GROUPED: "Extension[[int], tuple[datetime | None, str]]" = Extension("agendas with a proposal at their core")
"""(id of a proposal) → since when the agenda is public, and its address"""
VOTES: "Extension[[int], list[Any]]" = Extension("votes about a proposal")
"""(id of a proposal) → announced polls with their boxes, the newest first"""
WHY_NOT_MERGE: "Extension[[int, list[int]], dict[int, str]]" = Extension("reasons against merging")
"""(id of a proposal to be merged, ids of others) → id of another: why that one cannot carry it on; so that it is said
before somebody tries"""
