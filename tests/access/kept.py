"""Permissions and forms as the table finds them, kept as text beside it: `python -m tests.access.kept` writes them.

`permissions.txt` says of each permission to whom it says yes about which things, `forms.txt` of each page to whom it
shows which forms about which things. Both follow from the requests that decide the table (`rights.py`); what differs
from them is either a fault, or meant and written anew. Of those who go the same way one page is read, for all of them.
"""

from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import fill

from tests.conftest import build

from .rights import ADDRESSES, Findings, Rights
from .scene import ACTORS
from .stage import staged

PERMISSIONS, FORMS = (Path(__file__).with_name(name) for name in ("permissions.txt", "forms.txt"))
OF_THE_FRAME = ("/sign-out", "/me/staff-acts/read")
"""Forms above and below every page."""
Entries = dict[str, dict[str, str]]
"""Names of people, by their subject: a permission or a form on a page, and a thing."""


def permissions(rights: Rights) -> Entries:
    """To whom each permission says yes about each thing, wherever it is asked."""
    yes = defaultdict(lambda: defaultdict(set))
    for found in map(rights.at, ADDRESSES):
        for thing, asked in found.answers.items():
            for name, answers in asked.items():
                yes[name][thing or "-"] |= {actor for actor, given in answers.items() if True in given}
    return _in_words(yes)


def forms(rights: Rights) -> Entries:
    """To whom each page about each thing shows each form."""
    shown = defaultdict(lambda: defaultdict(set))
    for method, rule in ADDRESSES:
        if method == "GET":
            for thing, buttons in rights.at((method, rule)).shown.items():
                for button, actors in buttons.items():
                    if button.method == "POST" and button.rule not in OF_THE_FRAME:
                        shown[f"{rule} shows {button.rule}"][thing or "-"] |= actors
    return _in_words(shown)


def differences(kept: Entries, now: Entries) -> list[str]:
    """Permissions or forms and things about which the two do not say the same."""
    return [f"{about}, {thing}: {_said(kept, about, thing)} before, {_said(now, about, thing)} now"
            for about in sorted(kept | now) for thing in sorted(kept.get(about, {}) | now.get(about, {}))
            if _said(kept, about, thing) != _said(now, about, thing)]


def beyond(kept: Entries, found: Findings) -> list[str]:
    """To whom permissions said yes at one address of whom nothing is kept."""
    yes = {(name, thing or "-"): {actor for actor, given in answers.items() if True in given}
           for thing, asked in found.answers.items() for name, answers in asked.items()}
    return [f"{name}, {thing}: yes to {' '.join(sorted(more))} as well" for (name, thing), actors in sorted(yes.items())
            if (more := actors - _actors(kept.get(name, {}).get(thing, "nobody")))]


def _said(entries: Entries, about: str, thing: str) -> str:
    return entries.get(about, {}).get(thing, "not asked")


def read(path: Path) -> Entries:
    entries, about = {}, ""
    for line in path.read_text().replace("\n        ", " ").splitlines():
        if line.startswith(" "):
            who, things = line.split(":")
            entries[about] |= dict.fromkeys(things.split(), who.strip())
        elif line and not line.startswith("#"):
            about = line
            entries[about] = {}
    return entries


def write(path: Path, entries: Entries) -> None:
    lines = ["# Written by `python -m tests.access.kept`."]
    for about, things in sorted(entries.items()):
        lines.append(about)
        for who in sorted(set(things.values())):
            named = " ".join(sorted(thing for thing in things if things[thing] == who))
            lines.append(fill(f"{who}: {named}", 120, initial_indent=" " * 4, subsequent_indent=" " * 8,
                              break_on_hyphens=False))
    path.write_text("\n".join(lines) + "\n")


def _in_words(found) -> Entries:
    return {about: {thing: _names(actors) for thing, actors in things.items()} for about, things in found.items()}


def _names(actors: set[str]) -> str:
    if len(actors) > len(ACTORS) / 2:
        return " ".join(["everybody", *(f"-{actor}" for actor in ACTORS if actor not in actors)])
    return " ".join(actor for actor in ACTORS if actor in actors) or "nobody"


def _actors(names: str) -> set[str]:
    first, *others = names.split()
    if first == "everybody":
        return set(ACTORS) - {name.removeprefix("-") for name in others}
    return {first, *others} - {"nobody"}


def main() -> None:
    with TemporaryDirectory() as data:
        for stage in staged(build(Path(data))):
            with Rights.on(stage) as rights:
                write(PERMISSIONS, permissions(rights))
                write(FORMS, forms(rights))


if __name__ == "__main__":
    main()
