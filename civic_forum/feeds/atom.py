"""A feed as Atom says it (RFC 4287). Knows no feature; whatever text it is given, what comes out is well-formed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

from civic_forum.platform.delivery import ATOM

NAMESPACE = "http://www.w3.org/2005/Atom"
SINCE = "2026"
"""The year from which names of this kind are given out (RFC 4151)."""
NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ElementTree.register_namespace("", NAMESPACE)


@dataclass(frozen=True, slots=True)
class Item:
    path: str
    """Of its page, root-relative."""
    name: str
    """What it is called for ever, whatever becomes of its page and its words: `proposal/2026-0412`."""
    title: str
    summary: str
    published: datetime
    updated: datetime
    label: str | None = None


@dataclass(frozen=True)
class Feed:
    path: str
    """Its own."""
    page: str
    """The page that shows the same to people."""
    title: str
    items: Sequence[Item]
    begun: datetime
    """What an empty feed says of when it was changed."""

    @property
    def updated(self) -> datetime:
        return max((item.updated for item in self.items), default=self.begun)


def document(feed: Feed, *, site: str, author: str, language: str) -> bytes:
    """The feed as a document; `site` is the address of the site, `author` who speaks in it."""
    host = urlsplit(site).hostname or "localhost"
    root = ElementTree.Element(_tag("feed"), {"xml:lang": language})
    _put(root, "id", _id(host, f"feed{feed.path}"))
    _put(root, "title", feed.title)
    _put(root, "updated", _instant(feed.updated))
    _put(ElementTree.SubElement(root, _tag("author")), "name", author)
    _put(root, "link", rel="self", type=ATOM, href=site + feed.path)
    _put(root, "link", rel="alternate", type="text/html", href=site + feed.page)
    for item in feed.items:
        entry = ElementTree.SubElement(root, _tag("entry"))
        _put(entry, "id", _id(host, item.name))
        _put(entry, "title", item.title)
        _put(entry, "published", _instant(item.published))
        _put(entry, "updated", _instant(item.updated))
        _put(entry, "link", rel="alternate", type="text/html", href=site + item.path)
        if item.label:
            _put(entry, "category", term=item.label)
        _put(entry, "summary", item.summary)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _put(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> None:
    child = ElementTree.SubElement(parent, _tag(name))
    child.attrib.update({key: NO_XML.sub("", value) for key, value in attributes.items()})
    child.text = None if text is None else NO_XML.sub("", text)


def _id(host: str, name: str) -> str:
    return f"tag:{host},{SINCE}:{name}"


def _instant(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z"
