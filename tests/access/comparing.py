"""Kinds of differences between two kept sets of answers (`snapshots.py`).

Pages are compared as a browser reads them. The order of attributes, runs of white space and white space between
blocks are the kind "white space alone", which is counted and not listed; a space that comes or goes within a line is
the kind "space between words".
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from html.parser import HTMLParser
from itertools import zip_longest

CHANGING = [(re.compile(pattern), kind) for pattern, kind in (
    (r"\?v=[\w-]+", "?v=VERSION"),
    (r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)\.\d+", r"\1"),
    (r"(<dcterms:(?:created|modified)[^>]*>)[^<]*", r"\1"),
)]
"""Versions of files in addresses; parts of a second, which keep stopped moments in order; when a table was written."""
KEPT_WHOLE = ("textarea", "pre")
INLINE = {"a", "abbr", "b", "bdi", "cite", "code", "data", "em", "i", "kbd", "mark", "q", "s", "small", "span",
          "strong", "sub", "sup", "time", "u", "var"}
NAMES = {"class": "class names", "id": "ids", "for": "ids", "aria-labelledby": "ids", "aria-describedby": "ids",
         "aria-controls": "ids"}
SAME, SPACE = "white space alone", "space between words"
Token = tuple


class Reader(HTMLParser):
    """Tags with their attributes in alphabetical order, and texts."""

    def __init__(self, html: str):
        super().__init__()
        self.tokens: list[Token] = []
        self.shown: list[str] = []
        self.whole = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs) -> None:
        self.whole = tag in KEPT_WHOLE
        given = {name: " ".join((value or "").split()) if name in ("class", "style", "d", "points") else value
                 for name, value in attrs}
        self.tokens.append(("tag", tag, tuple(sorted(given.items(), key=str))))
        self._pass(tag)

    def handle_endtag(self, tag) -> None:
        self.whole = False
        self.tokens.append(("end", tag, ()))
        self._pass(tag)

    def handle_data(self, data) -> None:
        if self.whole:
            self.tokens.append(("text", data, ()))
        elif data.strip():
            self.tokens.append(("text", " ".join(data.split()), ()))
        self.shown.append(" ".join(f"[{data}]".split())[1:-1])

    def handle_decl(self, decl) -> None:
        self.tokens.append(("text", f"<!{decl}>", ()))

    def handle_comment(self, data) -> None:
        self.tokens.append(("comment", " ".join(data.split()), ()))

    def _pass(self, tag: str) -> None:
        self.shown.append("" if tag in INLINE else "\n")

    def words(self) -> list[str]:
        """Texts as they are shown, a line for each block, with the spaces between its words."""
        return [line for part in re.sub(" +", " ", "".join(self.shown)).split("\n") if (line := part.strip())]


def kinds_of_page(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Kinds of differences between two pages, each with an example."""
    old, new = Reader(before), Reader(after)
    differs = False
    for tag, a, b, c, d in SequenceMatcher(None, old.tokens, new.tokens, autojunk=False).get_opcodes():
        if tag != "equal":
            differs = True
            gone, come = old.tokens[a:b], new.tokens[c:d]
            yield _kind(gone, come), "\n".join(
                [*(f"- {_line(one)}" for one in gone), *(f"+ {_line(one)}" for one in come)])
    lines = []
    if [one for one in old.tokens if one[0] == "text"] == [one for one in new.tokens if one[0] == "text"]:
        lines = [(one, two) for one, two in zip_longest(old.words(), new.words(), fillvalue="") if one != two]
    for one, two in lines:
        yield SPACE, f"- {one}\n+ {two}"
    if not differs and not lines:
        yield SAME, ""


def _kind(gone: list[Token], come: list[Token]) -> str:
    tokens = [*gone, *come]
    if all(one[:2] == ("tag", "link") for one in tokens):
        return "style links"
    if all(one[1] == "script" for one in tokens):
        return "script links"
    if len(gone) == len(come) and all(one[:2] == two[:2] for one, two in zip(gone, come, strict=True)):
        changed = {name for one, two in zip(gone, come, strict=True) for name, _value in {*one[2]} ^ {*two[2]}}
        return ", ".join(sorted({NAMES.get(name, f"attribute {name}") for name in changed}))
    if all(one[0] == "text" for one in tokens):
        return "words"
    if all(one[0] == "comment" for one in tokens):
        return "comments"
    return "other elements" if gone and come else "elements gone" if gone else "elements added"


def _line(token: Token) -> str:
    sort, name, attributes = token
    if sort == "tag":
        return f"<{' '.join([name, *(f'{one}={value!r}' for one, value in attributes)])}>"
    return f"</{name}>" if sort == "end" else name


def _unchanging(body: str) -> str:
    for pattern, kind in CHANGING:
        body = pattern.sub(kind, body)
    return body


def kinds(before: list | None, after: list | None) -> Iterator[tuple[str, str]]:
    """Kinds of differences between two answers."""
    if before is None or after is None:
        yield ("answers gone" if after is None else "answers added"), ""
        return
    (status, headers, said, body), (new_status, new_headers, new_said, new_body) = before, after
    if status != new_status:
        yield "status", f"- {status}\n+ {new_status}"
    for name in sorted(headers.keys() | new_headers.keys()):
        if headers.get(name) != new_headers.get(name):
            yield f"header {name}", f"- {headers.get(name)}\n+ {new_headers.get(name)}"
    if said != new_said:
        yield "sentences on the next page", f"- {said}\n+ {new_said}"
    body, new_body = _unchanging(body), _unchanging(new_body)
    if body == new_body:
        return
    sort = headers.get("Content-Type", "").partition(";")[0]
    if sort == "text/html":
        yield from kinds_of_page(body, new_body)
    else:
        lines = [(one, two) for one, two in zip_longest(body.split("\n"), new_body.split("\n"), fillvalue="")
                 if one != two]
        yield f"body of {sort}", "\n".join(f"- {one[:400]}\n+ {two[:400]}" for one, two in lines[:3])


def report(before: dict[str, list], after: dict[str, list], most: int = 1) -> tuple[list[str], bool]:
    """Lines that say which kinds of differences there are, the most frequent first, each with its addresses and its
    most frequent examples; and whether there is one that is more than white space."""
    answers, addresses = Counter(), defaultdict(Counter)
    examples: dict[str, Counter] = defaultdict(Counter)
    places: dict[tuple[str, str], str] = {}
    equal = 0
    for name in sorted(before.keys() | after.keys()):
        found = [] if before.get(name) == after.get(name) else list(kinds(before.get(name), after.get(name)))
        equal += not found
        for kind in {kind for kind, _example in found}:
            answers[kind] += 1
            addresses[kind][name.partition(",")[0]] += 1
        for kind, example in found:
            examples[kind][example] += 1
            places.setdefault((kind, example), name)
    lines = [f"{len(before)} answers before, {len(after)} after, {equal} the same"]
    for kind, times in answers.most_common():
        where = addresses[kind]
        lines += ["", f"## {kind}: {times} answers of {len(where)} addresses, {len(examples[kind])} different"]
        if kind != SAME:
            lines.append("at " + ", ".join(f"{address} ({many})" for address, many in where.most_common(8)))
            for example, many in examples[kind].most_common(most):
                lines += [f"{many} times, as on {places[kind, example]}", example]
    return lines, bool(set(answers) - {SAME})
