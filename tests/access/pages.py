"""Forms and links that a page shows, as addresses of the table."""

from collections import defaultdict
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from werkzeug.exceptions import HTTPException

from .asking import rule_of

REFUSED = ("401", "403", "404")
TOLD_AFTERWARDS = {
    *(f"/forums/<slug>/{part}" for part in ("chat", "questions", "questions/<question_id>/supports",
                                            "pulses/<pulse_id>/answers")),
    "/desk/votes/<box>/papers/returns", "/desk/votes/<box>/papers/returns/corrections"}
"""Forms that everybody who sees the page is shown: a live forum is one page for all, whose answer says how to take
part; and which paper is meant is only typed in."""

LEADS_IN = {"/consultations/<slug>/statements/<number>/proposal", "/proposals/<number>/follows",
            "/proposals/<number>/supports", "/threads/<thread_id>/comments"}
"""Forms that visitors are shown: sending one leads to signing in, behind which it is done."""


@dataclass(frozen=True)
class Button:
    """A form or a link: what it asks for, and about what."""

    method: str
    rule: str
    path: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"


class _Sought(HTMLParser):
    """Targets of a page: its links, and the forms with a button that can be pressed."""

    VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

    def __init__(self, html: str):
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self.action: str | None = None
        self.named: dict[str, str] = {}
        """Forms by their ids: a button may stand outside of its form."""
        self.pressed: set[str] = set()
        self.open: list[tuple[str, bool]] = []
        self.feed(html)
        self.found |= {("POST", self.named[name]) for name in self.pressed & set(self.named)}

    def handle_starttag(self, tag, attributes) -> None:
        given = dict(attributes)
        shut = "hidden" in given or tag == "template" or tag in ("fieldset", "button", "input") and "disabled" in given
        shut = shut or any(is_shut for _, is_shut in self.open)
        if tag not in self.VOID:
            self.open.append((tag, shut))
        if tag == "form":
            self.action = (given.get("action") or "") if (given.get("method") or "").lower() == "post" else None
            if self.action is not None and "id" in given:
                self.named[given["id"]] = self.action
        elif shut:
            return
        elif tag == "a" and given.get("href"):
            self.found.add(("GET", given["href"]))
        elif given.get("formaction") and given.get("type") != "button":
            self.found.add(("POST", given["formaction"]))
        elif tag == "button" and "form" in given:
            self.pressed.add(given["form"])
        elif self.action is not None and (tag == "button" and given.get("type") != "button"
                                          or tag == "input" and given.get("type") in ("submit", "image")):
            self.found.add(("POST", self.action))

    def handle_endtag(self, tag) -> None:
        if tag == "form":
            self.action = None
        if any(tag == one for one, _ in self.open):
            while self.open.pop()[0] != tag:
                pass


def buttons(app, answer) -> set[Button]:
    """All of a page that lead to a route of the site."""
    if answer.status_code != 200 or answer.mimetype != "text/html":
        return set()
    adapter, found = app.url_map.bind("localhost"), set()
    for method, address in _Sought(answer.text).found:
        parts = urlsplit(urljoin(answer.request.url, address))
        if parts.hostname != "localhost":
            continue
        try:
            rule, path = adapter.match(parts.path, method, return_rule=True)
        except HTTPException:  # led on by the router, or a file that no route of the table knows
            continue
        found.add(Button(method, rule_of(rule), tuple((name, str(value)) for name, value in sorted(path.items()))))
    return found


class Refusals:
    """Actors who are turned away from a button that is for others.

    Where nobody of the cast is let in, it is the state of the thing that refuses: the page may say so afterwards.
    """

    def __init__(self, rows, things):
        self.rows = defaultdict(list)
        for row in rows:
            for thing in row.things:
                path = {name: str(value) for name, value in things[thing].path.items()}
                self.rows[row.method, row.rule].append((path, row))

    def refuses(self, button: Button, actor: str) -> bool:
        """True if the table turns this actor away from whatever the button is about, and not everybody."""
        expected = [row.expected for path, row in self.rows[button.method, button.rule]
                    if all(path.get(name) == value for name, value in button.path)]
        told = button.rule in TOLD_AFTERWARDS or actor == "visitor" and button.rule in LEADS_IN
        return (not told and bool(expected) and all(one[actor] in REFUSED for one in expected)
                and any(given not in (*REFUSED, "in") for one in expected for given in one.values()))
