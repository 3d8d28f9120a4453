"""Reading a page in a test: what stands where, by the short paths of style sheets."""

import re

from lxml import html

from tests.common import main_of as main_of

STEP = re.compile(r"(?P<tag>[a-z0-9]+)?(?P<rest>(?:[#.][\w-]+|\[[\w-]+\])*)")


def page_at(browser, address: str):
    answer = browser.get(address)
    assert answer.status_code == 200, answer.status_code
    return html.fromstring(answer.text)


def every(page, path: str) -> list:
    """Elements at a path of tags, #id, .class and [attribute], below each other or, with `>`, children."""
    found, axis = ".", "//"
    for step in path.split():
        if step == ">":
            axis = "/"
            continue
        parts = STEP.fullmatch(step)
        found += axis + (parts["tag"] or "*") + "".join(map(_condition, re.findall(r"[#.][\w-]+|\[[\w-]+\]", step)))
        axis = "//"
    return page.xpath(found)


def said(page, path: str) -> str:
    """The text of the one element there, on one line with a space between its parts."""
    [found] = every(page, path)
    return text(found)


def text(element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def _condition(part: str) -> str:
    name = part.strip("#.[]")
    if part[0] == "#":
        return f'[@id="{name}"]'
    return f"[@{name}]" if part[0] == "[" else f'[contains(concat(" ", normalize-space(@class), " "), " {name} ")]'
