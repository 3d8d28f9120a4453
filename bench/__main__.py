"""bin/bench [NAME…] [--json] [--write]"""

import argparse
import platform
import tempfile
from pathlib import Path

from . import (
    budgets, casting, closing, code, digests, first_load, forum, fragments, growth, office, opinions, pages, promises,
    search, sign_in,
)
from .districts import Districts
from .figures import show, write

MEASURES = {
    "pages": pages.pages, "first-load": first_load.first_load, "growth": growth.growth,
    "search": search.search, "sign-in": sign_in.sign_in, "casting": casting.casting, "closing": closing.closing,
    "digests": digests.digests, "fragments": fragments.fragments, "code": code.code,
    "office": office.office, "forum": forum.forum, "budgets": budgets.budgets, "promises": promises.promises,
    "opinions": opinions.opinions,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench", description="Measure what docs/performance.md states.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(MEASURES)}; default: all")
    parser.add_argument("--json", action="store_true", help="one JSON object for each figure")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/performance.md")
    chosen = parser.parse_args()
    unknown = set(chosen.names) - set(MEASURES)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(MEASURES)}")
    if not chosen.json:
        print(f"Python {platform.python_version()}, {platform.machine()}; one gunicorn worker (gevent), SQLite;"
              " search, casting and forum on PostgreSQL too")
    with tempfile.TemporaryDirectory(prefix="civic-forum-bench-") as folder:
        districts = Districts(Path(folder))
        for name in chosen.names or MEASURES:
            figures = MEASURES[name](districts)
            show(name, figures, chosen.json)
            if chosen.write:
                write(name, figures)


if __name__ == "__main__":
    main()
