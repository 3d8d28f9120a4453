"""Digests of pages, by which a page that has not changed since it was looked at is known.

`tests/kept/pages.json` has those of the last `bin/test long`; docs/decisions/0029-pages-looked-at-once.md says why.
"""

import hashlib
import json
import os
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "tests" / "kept" / "pages.json"
FAULTLESS = KEPT.with_name("faultless.txt")
FRAMES = ("templates/base.html", "templates/ballots/kiosk_frame.html", "templates/site/offline.html",
          "templates/frame/strip.html", "templates/parts/display.html")
"""The templates that tell the views apart: a page is the same in all of them but for these."""
RESOURCES = "performance.getEntriesByType('resource').map(one => one.name)"

TOKEN = re.compile(r"[A-Za-z0-9_.,+-]*\d[A-Za-z0-9_.,+-]*|[A-Za-z_-]{20,}")
WIDE = 24
VERSION = re.compile(r"\?v=\w+")
EXACT = frozenset(("class content role tabindex type lang dir style colspan rowspan scope aria-level "
                   "autocomplete width height size rows cols").split())
"""Attributes whose numbers count for what is seen or said of the page."""
NAMING = frozenset(("id", "for", "headers", "form", "list", "name", *(f"aria-{part}" for part in (
    "labelledby", "describedby", "controls", "owns", "errormessage", "details", "activedescendant"))))
"""Attributes in which elements are named: a number stays different from others, whatever it is."""
DRAWN = frozenset(("d", "points"))
SECRET = frozenset(("csrf_token", "form_key"))


def plain(found: re.Match) -> str:
    """The stand-in for a number or a token; one that is long may make a page wider."""
    return "0" if len(found[0]) < WIDE else "00"


class Normalised(HTMLParser):
    """The lines of an HTML page without what differs from one district to the next: numbers and tokens."""

    def __init__(self, html: str):
        super().__init__()
        self.lines, self.names = [], {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if SECRET & {(given.get("name") or "").rsplit(".", 1)[-1]}:
            given["value"] = ""
        self.lines.append(" ".join([f"<{tag}", *(f"{name}={self._value(name, given[name] or '')!r}"
                                                 for name in sorted(given) if name != "nonce")]))

    def _value(self, name: str, value: str) -> str:
        if name in EXACT:
            return value
        if name in DRAWN:
            return ""
        if name in NAMING or name == "href" and value.startswith("#"):
            return TOKEN.sub(lambda found: f"#{self.names.setdefault(found[0], len(self.names))}", value)
        return TOKEN.sub(plain, VERSION.sub("", value))

    def handle_endtag(self, tag):
        self.lines.append(f"</{tag}")

    def handle_data(self, text):
        if words := " ".join(TOKEN.sub(plain, text).split()):
            self.lines.append(words)


def of(html: str, resources, looking: tuple) -> str:
    """A digest of a page: what it says, the files under /static/ that it loads, and what looks at it."""
    lines = [*Normalised(html).lines, *files(resources), *(file(path) for path in FRAMES), repr(looking)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def of_served(html: str, looking: tuple) -> str:
    """A digest of a page before any window opens it: what the site sends, and all that it could load from /static/."""
    return of(html, whole_static(), looking)


@cache
def whole_static() -> tuple[str, ...]:
    return tuple(path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "static").rglob("*")) if path.is_file())


def files(resources) -> list[str]:
    """Paths and digests of the files of this repository among these addresses."""
    paths = {urlsplit(address).path.removeprefix("/") for address in resources}
    return [f"{path} {file(path)}" for path in sorted(paths) if path.startswith("static/")]


@cache
def file(path: str) -> str:
    return hashlib.sha256((ROOT / path).read_bytes()).hexdigest()


def of_page(page, looking: tuple) -> str:
    return of(page.content(), page.evaluate(RESOURCES), looking)


def kept() -> dict[str, str]:
    return json.loads(KEPT.read_text()) if KEPT.exists() else {}


@cache
def faultless() -> set[str]:
    """Digests of the pages of all tests in which axe found nothing, each at one width."""
    return set(FAULTLESS.read_text().split()) if FAULTLESS.exists() else set()


def keep_faultless(digest: str) -> None:
    """Add it to the list, beside other processes that do so too; what is known stays."""
    if digest not in faultless():
        faultless().add(digest)
        with open(FAULTLESS, "a") as file:
            file.write(f"{digest}\n")


def keep(digests: dict[str, str]) -> None:
    """Write the list anew: one line a page, in one step."""
    KEPT.parent.mkdir(exist_ok=True)
    new = KEPT.with_suffix(".new")
    new.write_text(json.dumps(digests, ensure_ascii=False, indent=0, sort_keys=True) + "\n")
    os.replace(new, KEPT)
