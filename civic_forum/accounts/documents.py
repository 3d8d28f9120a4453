"""Documents that people agree to, in versions that never change: a new text is a new version.

The texts lie in templates/accounts/documents/<document>/<number>.html and <number>.en.html.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Document(StrEnum):
    """`collection` is what sign-up asks; `age` notes that somebody said they are 14 or older."""

    TERMS = "terms"
    PRIVACY = "privacy"
    COLLECTION = "collection"
    AGE = "age"


@dataclass(frozen=True)
class Version:
    number: str
    since: date


_FIRST, _SECOND = Version("1", date(2026, 11, 20)), Version("2", date(2026, 11, 26))
VERSIONS: dict[Document, tuple[Version, ...]] = {
    Document.TERMS: (_FIRST,),
    Document.PRIVACY: (_FIRST, _SECOND, Version("3", date(2026, 11, 27)), Version("4", date(2026, 11, 28))),
    Document.COLLECTION: (_FIRST, _SECOND), Document.AGE: (_FIRST,)}
"""Oldest first."""
REQUIRED = (Document.TERMS, Document.PRIVACY, Document.COLLECTION)


def path(document: Document, number: str | None = None) -> str:
    """Address of the page of a version, or of the newest."""
    place = f"/{document}" if document in (Document.TERMS, Document.PRIVACY) else f"/consents/{document}"
    return f"{place}/{number}" if number else place


def current(document: Document) -> Version:
    return VERSIONS[document][-1]


def editions(document: Document, opened: date) -> dict[str, Version]:
    """Versions in force since a district opened, oldest first, by their numbers: as many as the district had, numbered
    from 1, none older than itself."""
    versions = VERSIONS[document]
    used = [version for version, following in zip(versions, versions[1:]) if following.since > opened] + [versions[-1]]
    return {version.number: Version(str(place), max(version.since, opened)) for place, version in enumerate(used, 1)}


def version(document: Document, number: str) -> Version | None:
    return next((version for version in VERSIONS[document] if version.number == number), None)
