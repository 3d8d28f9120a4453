"""Pictures of every page in the list, on a phone and a desk: `python -m tests.browser.pictures DIR [NAME…]`.

Starts a site of its own with the sample district. Names choose the pages that hold one of them.
"""

import os
import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Error

from tests.servers import chromium, site

from .pages import PAGES
from .visits import Visits

WIDTHS = (chromium.PHONE, chromium.DESKTOP)


def main(folder: str, *names: str) -> None:
    os.environ["CIVIC_FORUM_PICTURES"] = folder
    chosen = [shown for shown in PAGES if not names or any(name in shown.name for name in names)]
    with (tempfile.TemporaryDirectory() as room, site.running(Path(room) / "data") as running,
          chromium.running() as browser):
        visits = Visits(browser, running)
        for number, shown in enumerate(chosen, 1):
            for width in WIDTHS:
                take(visits, shown, width, f"{number:03d}-{file_name(shown.name)}-{width}")
        visits.close()


def take(visits: Visits, shown, width: int, name: str) -> None:
    page = visits.fresh(shown.who, width=width) if shown.alone else visits.page(shown.who, width=width)
    try:
        shown.visit(page, visits.site.url)
        print(chromium.picture(page, name))
    except Error as fault:
        print(f"{shown.name}, {width}: {fault.message.splitlines()[0]}", file=sys.stderr)
    if shown.alone:
        page.context.close()


def file_name(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python -m tests.browser.pictures DIR [NAME…]")
    main(*sys.argv[1:])
