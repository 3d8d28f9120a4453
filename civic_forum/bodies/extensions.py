"""The page of a body, to which features above add sections, and what they say is due in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from civic_forum.blocks.extensions import Extension, Page, Section

from .queries import BodyCase, Family


@dataclass(frozen=True)
class Due:
    """Something that the secretary of a body has to do."""

    text: str
    url: str
    day: date | None = None
    """The last that is in time."""


PAGE: Page[[Family], Section] = Page("body")
DUE: Extension[[BodyCase], Sequence[Due]] = Extension("what is due in a body")
