"""Documents that people agree to, in versions that never change: a new text is a new version.

The texts lie in templates/accounts/documents/<document>/<number>.html, a block in each language. A district may have
editions of its own instead, which are settings (`settings.py`): each text that was in force is one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from civic_forum.platform import settings
from civic_forum.platform.i18n import local


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
    texts: Mapping[str, str] | None = None
    """By language, in Markdown, of an edition of the district; empty where it went back to that of the site."""

    @property
    def says_something(self) -> bool:
        return any((self.texts or {}).values())


_FIRST, _SECOND = Version("1", date(2026, 11, 20)), Version("2", date(2026, 11, 26))
VERSIONS: dict[Document, tuple[Version, ...]] = {
    Document.TERMS: (_FIRST,),
    Document.PRIVACY: (_FIRST, _SECOND, Version("3", date(2026, 11, 27)), Version("4", date(2026, 11, 28))),
    Document.COLLECTION: (_FIRST, _SECOND), Document.AGE: (_FIRST,)}
"""Oldest first."""
OWN = {Document.TERMS: "TERMS_TEXT", Document.PRIVACY: "PRIVACY_TEXT"}
"""Settings in which a district has its own."""
REQUIRED = (Document.TERMS, Document.PRIVACY, Document.COLLECTION)


def path(document: Document, number: str | None = None) -> str:
    """Address of the page of a version, or of the newest."""
    place = f"/{document}" if document in (Document.TERMS, Document.PRIVACY) else f"/consents/{document}"
    return f"{place}/{number}" if number else place


def own_versions(document: Document) -> list[Version]:
    """Editions of the district, oldest first; those in which it went back to the site's are empty."""
    name, decided = settings.in_every_language(OWN.get(document, "")), settings.now()
    if name not in decided.values:
        return []
    earlier = decided.earlier.get(name, ())
    texts = [*(texts for texts, _end in earlier), decided.values[name]]
    return [Version(f"own-{number}", local(end).date(), texts[number])
            for number, (_text, end) in enumerate(earlier, 1)]


def current(document: Document) -> Version:
    own = own_versions(document)[-1:]
    return own[0] if own and own[0].says_something else VERSIONS[document][-1]


def editions(document: Document, opened: date) -> dict[str, Version]:
    """Versions in force since a district opened, oldest first, by their numbers: as many as the district had, numbered
    from 1, none older than itself."""
    versions = VERSIONS[document]
    used = [version for version, following in zip(versions, versions[1:]) if following.since > opened] + [versions[-1]]
    used += [version for version in own_versions(document) if version.says_something]
    return {version.number: Version(str(place), max(version.since, opened)) for place, version in enumerate(used, 1)}


def version(document: Document, number: str) -> Version | None:
    every = *VERSIONS[document], *(edition for edition in own_versions(document) if edition.says_something)
    return next((version for version in every if version.number == number), None)
