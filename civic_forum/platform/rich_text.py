"""Markdown as people write it, turned into HTML that is safe to show.

The only module that sanitises and the only one that says "safe". Raw HTML is off in the
renderer; bleach then passes a short allow-list over what the renderer made.
"""

from collections.abc import Iterable
from html import unescape
from urllib.parse import urlsplit

import bleach
import sqlalchemy as sa
from markdown_it import MarkdownIt
from markupsafe import Markup

LONGEST = 10_000
TAGS = frozenset("p br strong em ul ol li blockquote code pre a".split())
PROTOCOLS = frozenset(("http", "https", "mailto"))
LINK_REL = "nofollow ugc noopener"

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 12}).disable(
    ["image", "html_block", "html_inline", "hr", "reference"])
_BREAKS = frozenset(("/p", "/li", "/blockquote", "/pre", "br", "br/", "br /"))


class Html(sa.TypeDecorator[str]):
    """A column of what `render` made; it loads as markup that templates show as it is."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else str(value)

    def process_result_value(self, value, dialect):
        return None if value is None else Markup(value)


def render(source: str) -> str:
    """Sanitised HTML of a Markdown text of at most LONGEST characters (bleach is slow on more).

    Raises ValueError for a longer one.
    """
    if len(source) > LONGEST:
        raise ValueError(f"a text of {len(source)} characters is over {LONGEST}")
    tokens = _markdown.parse(source)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.type, token.tag = token.type.replace("heading", "paragraph"), "p"
    made = _markdown.renderer.render(tokens, _markdown.options, {})
    return bleach.clean(made, tags=TAGS, attributes={"a": _allowed_link}, protocols=PROTOCOLS,
                        strip=True).replace("<a href=", f'<a rel="{LINK_REL}" href=').strip()


def paragraphs(source: str) -> Markup:
    """HTML of a longer text, paragraph by paragraph."""
    return joined(render(part[:LONGEST]) for part in source.split("\n\n"))


def preview(source: str) -> Markup:
    """Result of `render`, for a page that shows it before it is stored."""
    return Markup(render(source))


def _allowed_link(_tag: str, name: str, value: str) -> bool:
    """Absolute http, https or mailto, without userinfo."""
    if name != "href":
        return False
    try:
        link = urlsplit(unescape(value))
        if link.scheme == "mailto":
            return "@" in link.path and not link.query
        return link.scheme in ("http", "https") and bool(link.hostname) and "@" not in link.netloc
    except ValueError:
        return False


def text_of(html: str) -> str:
    """Text of HTML that `render` made, as plain text with single spaces."""
    before, *pieces = html.split("<")
    tags = [piece.partition(">") for piece in pieces]
    text = "".join([f" {words}" if tag in _BREAKS else words for tag, _end, words in tags])
    return " ".join(unescape(before + text).split())


def excerpt(html: str, length: int = 120) -> str:
    """The first `length` characters of the text, cut at a word."""
    text = text_of(html)
    if len(text) <= length:
        return text
    cut = text[:length]
    return (cut.rsplit(" ", 1)[0] if " " in cut[length // 2:] else cut).rstrip(" ,.") + "…"


def joined(texts: Iterable[str]) -> Markup:
    """Texts that are HTML already, one behind the other."""
    return Markup("".join(texts))
