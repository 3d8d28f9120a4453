"""The section of docs/security.md on paths of power, made from the table of the page: `python -m tests.site.powers`."""

import re
from pathlib import Path

from civic_forum.site import powers

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "security.md"
SECTION = re.compile(r"(?<=^## Paths of power\n).*?(?=^## )", re.M | re.S)
PEOPLE = ("nobody", "one", "two")
HEAD = "\n".join((
    "Who can do what, alone or by two, with which key or file, and what is left as a trace. `/security` shows the same "
    "in Korean and English; both are made from `civic_forum/site/powers.toml` (`python -m tests.site.powers` writes "
    "this section). *Two* are two people, as far as the site knows who is who: no two accounts of one mobile, mail or "
    "person.", ""))


def section() -> str:
    """Text below the heading, in Markdown."""
    parts = [HEAD]
    for subject in powers.subjects():
        rows = ["| what | how many | who | with | trace | shown by |", "|---|---|---|---|---|---|"]
        rows += [f"| {' | '.join(cells(power))} |" for power in subject["powers"]]
        parts.append("\n".join([f"### {subject['name']['en']}", *rows, ""]))
    return "\n".join(parts) + "\n"


def cells(power) -> list[str]:
    who, key, trace = (power[name]["en"] if name in power else "-" for name in ("who", "key", "trace"))
    shown_by = ", ".join(f"`{test}`" for test in power.get("tests", ())) or "-"
    return [power["act"]["en"], PEOPLE[power["people"]], who, key, trace, shown_by]


def main() -> None:
    text = DOCUMENT.read_text("utf-8")
    DOCUMENT.write_text(SECTION.sub(lambda _match: section(), text), "utf-8")


if __name__ == "__main__":
    main()
