"""Lists of the office: words find, filters narrow, orders sort, pages keep all of it, unknown values are refused."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from lxml import html

from civic_forum.answers.queries.late import LATE, NOBODY
from civic_forum.blocks.listing import Listing
from civic_forum.kernel import clock
from tests.answers.making import on_the_table, owed
from tests.factories import Town

MARK = re.compile("[①②③④]")
"""Stands once in each row."""


@dataclass(frozen=True)
class Case:
    listing: Listing
    address: str
    make: Callable[[Town, Callable], None]
    """The rows, given the town and the clock."""
    found: dict[str, str]
    """Query → rows in their order."""
    unknown: tuple[str, ...] = ("sort=nothing",)
    who: Callable[[Town], object] = field(default=lambda town: None)


def late_answers(town, at):
    first = clock.now()
    owed(town, title="① 가로등을 고쳐요")
    at(first + timedelta(days=1))
    on_the_table(town, town.official(), title="② 의자를 놓아요")
    at(first + timedelta(days=2))
    owed(town, title="③ 가로등을 더해요")
    at(first + timedelta(days=60))


CASES = [
    Case(LATE, "/answers/late", late_answers,
         {"": "①②③", "sort=newest": "③②①", "q=가로등": "①③", f"department={NOBODY}&sort=newest": "③①",
          f"department={NOBODY}&q=의자": ""},
         ("sort=nothing", "department=x", "department=999")),
]


def rows(page) -> str:
    assert page.status_code == 200
    return "".join(MARK.findall(html.fromstring(page.text).xpath("//main")[0].text_content()))


@pytest.fixture
def one_a_page(case):
    size = case.listing.size
    object.__setattr__(case.listing, "size", 1)
    yield
    object.__setattr__(case.listing, "size", size)


each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.listing.name.replace(" ", "-"))


@each
def test_a_list_is_narrowed_and_sorted_and_its_pages_keep_that(town, browse, at, case, one_a_page):
    case.make(town, at)
    browser = browse(case.who(town))
    for query, expected in case.found.items():
        seen, address = "", f"{case.address}?{query}"
        while address:
            kept = dict(parse_qsl(urlsplit(address).query))
            assert kept.items() >= dict(parse_qsl(query)).items()
            page = browser.get(address)
            seen += rows(page)
            address = next(iter(html.fromstring(page.text).xpath("//a[@rel='next']/@href")), None)
        assert seen == expected, query
        form = html.fromstring(page.text).xpath("//main//form[@method='get'][.//*[@name='q']]")[0]
        assert dict(form.form_values()).items() >= dict(parse_qsl(query)).items()


@each
def test_a_value_that_there_is_not_is_refused(town, browse, case):
    browser = browse(case.who(town))
    for query in (*case.unknown, "after=x"):
        assert browser.get(f"{case.address}?{query}").status_code == 400, query
