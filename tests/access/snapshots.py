"""HTML of every page for every actor of the table, kept before a change of the code and compared after it.

    python -m tests.access.snapshots keep FOLDER      one file for each address
    python -m tests.access.snapshots compare A B      differences by kind, the most frequent first; status 1 for any

What differs from run to run (tokens, keys, moments) is replaced by its kind; one line stands for each tag.
"""

import difflib
import gzip
import json
import re
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.conftest import build

from .scene import ACTORS
from .stage import staged
from .table import ROWS

CHANGING = [(re.compile(pattern), kind) for pattern, kind in (
    (r'(<input[^>]*name="(?:csrf_token|form_key|key|state|mine|visit|seen|draft_key)"[^>]*value=")[^"]*', r"\1TOKEN"),
    (r"\?v=[\w-]+", "?v=VERSION"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?", "INSTANT"),
    (r"\d{4}-\d\d-\d\d", "DAY"),
    (r"(?:\d{4}\. )?\d{1,2}\. \d{1,2}\.(?:\([월화수목금토일]\))?(?: \d\d:\d\d)?", "MOMENT"),
    (r"\b\d\d:\d\d\b", "TIME"),
    (r"\d+(?:일|시간|분|초)( 전| 뒤| 남음)", r"SPAN\1"),
    (r"\b[0-9a-f]{12,}\b", "HEX"),
    (r"\b(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{16,}={0,2}", "CODE"),
    (r"\b[A-Z2-7]{4}(?:[ -][A-Z2-7]{4})+\b", "NUMBER"),
)]


def plain(html: str) -> str:
    """The page without what is new in every run, one tag or text on a line."""
    for pattern, kind in CHANGING:
        html = pattern.sub(kind, html)
    lines = (line.strip() for line in re.sub(r"(<[^>]*>)", r"\n\1\n", re.sub(r"\s+", " ", html)).splitlines())
    return "\n".join(line for line in lines if line)


def keep(folder: Path) -> int:
    """Number of pages written."""
    folder.mkdir(parents=True)
    count = 0
    with TemporaryDirectory() as data:
        for stage in staged(build(Path(data))):
            for number, rule in enumerate(dict.fromkeys(row.rule for row in ROWS if row.method == "GET")):
                pages = {}
                for row in (one for one in ROWS if (one.method, one.rule) == ("GET", rule)):
                    for thing in row.things:
                        for actor in ACTORS:
                            if row.expected[actor].startswith("200"):
                                answer, _changed = stage.request(row, thing, actor)
                                if answer.mimetype == "text/html":
                                    pages[f"{rule}, {thing or '-'}, {actor}"] = plain(answer.text)
                count += len(pages)
                if pages:
                    with gzip.open(folder / f"{number:03d}.json.gz", "wt", encoding="utf-8") as file:
                        json.dump(pages, file, ensure_ascii=False)
    return count


def read(folder: Path) -> dict[str, str]:
    found = {}
    for path in sorted(folder.glob("*.json.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            found |= json.load(file)
    return found


def differences(before: dict[str, str], after: dict[str, str]) -> list[tuple[int, str, str]]:
    """Differences by kind: how often, an example of a page, and the lines that came and went; pages that only one of
    them has too."""
    kinds, examples = Counter(), {}
    for page in sorted(before.keys() | after.keys()):
        old, new = (there.get(page, "(no such page)").split("\n") for there in (before, after))
        if old == new:
            continue
        for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag != "equal":
                kind = "\n".join([*(f"- {line}" for line in old[a:b]), *(f"+ {line}" for line in new[c:d])])
                kinds[kind] += 1
                examples.setdefault(kind, page)
    return [(count, examples[kind], kind) for kind, count in kinds.most_common()]


def main(what: str, *folders: str) -> int:
    if what == "keep":
        print(keep(Path(folders[0])), "pages")
        return 0
    before, after = (read(Path(folder)) for folder in folders)
    found = differences(before, after)
    for count, page, kind in found:
        print(f"{count} times, as on {page}\n{kind}\n")
    print(f"{len(before)} pages before, {len(after)} after, {len(found)} kinds of differences")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
