"""Lists that are said once: filters of an address, orders, tokens, links, tables, JSON; and what stops the start."""

import dataclasses
import io
from enum import StrEnum

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.blocks import listing, tables
from civic_forum.blocks.filters import Apart, Filter, words
from civic_forum.blocks.listing import Column, Listing, WrongListing
from civic_forum.blocks.orders import ISO_DAY, Order, OrderPart
from civic_forum.district.queries import category_names
from civic_forum.platform.base import db
from civic_forum.platform.errors import Invalid
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries.listing import PROPOSALS
from civic_forum.proposals.rules import State
from tests.factories import MAY


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


def statement():
    return sa.select(Proposal.id, Proposal.title, Proposal.support_count, Proposal.category, Proposal.published_at)


SIZES = Listing(
    "sizes", statement, endpoint="proposals.index", card="proposals/card.html", size=2,
    filters=(
        Filter("size", "크기", None, {Size.SMALL: "작은 것", Size.LARGE: "큰 것"}, "모든 크기",
               {Size.SMALL: Proposal.support_count < 10, Size.LARGE: Apart(
                   (Proposal.support_count.between(10, 99), Proposal.support_count >= 100),
                   Proposal.support_count >= 10)}),
        Filter("category", "분야", Proposal.category, category_names, "모든 분야"),
        words("q", "낱말", Proposal.title, Proposal.excerpt, most=10)),
    orders=(Order("newest", "최신순", (Proposal.id.desc(),)),
            Order("mixed", "섞어서", (Proposal.support_count.desc(), Proposal.id))),
    columns=(Column("title", "제목", "제안의 제목이에요."), Column("support_count", "공감", type="number"),
             Column("category", "분야", labels={"safety": "안전"}), Column("published_at", "접수한 날", type="day"),
             Column("length", "길이", type="number", value=lambda row: len(row.title))))


def some(town, *supports):
    return [town.proposal(state=State.GATHERING, support_count=number, title=f"{number} 제안") for number in supports]


def titles(page):
    return [row.title for row in page.items]


def pages(chosen):
    """Titles of all pages, by their tokens."""
    after, found = None, []
    while True:
        page = chosen.page(after)
        found.append(titles(page))
        if (after := page.after) is None:
            return found


@pytest.mark.both
def test_a_token_goes_on_behind_the_last_row_in_every_order(town):
    some(town, 5, 100, 5, 20, 100)
    assert pages(SIZES.of()) == [["100 제안", "20 제안"], ["5 제안", "100 제안"], ["5 제안"]]
    rows = [row for page in (SIZES.of(sort="mixed").page(limit=3),) for row in page.items]
    assert [row.support_count for row in rows] == [100, 100, 20] and rows[0].id < rows[1].id
    assert sum(pages(SIZES.of(sort="mixed")), []) == ["100 제안", "100 제안", "20 제안", "5 제안", "5 제안"]


@pytest.mark.both
def test_a_value_that_is_asked_by_several_statements_is_one_list(town):
    some(town, 5, 100, 20, 10, 300)
    assert pages(SIZES.of({"size": Size.LARGE})) == [["300 제안", "10 제안"], ["20 제안", "100 제안"]]
    [condition] = SIZES.of({"size": Size.LARGE}).conditions()
    assert db.session.scalar(sa.select(sa.func.count()).where(condition)) == 4
    assert pages(SIZES.of({"size": Size.SMALL})) == [["5 제안"]]


@pytest.mark.both
@pytest.mark.parametrize("typed, found", [("100%", 1), ("%", 1), ("_", 0), ("/", 0), ("cctv", 1), ("제안", 2),
                                            ("  ", 2)])
def test_words_are_looked_for_as_they_are_typed(town, typed, found):
    town.proposal(title="100% CCTV 제안")
    town.proposal(title="100 제안")
    assert len(SIZES.read({"q": typed}).page(limit=9).items) == found
    assert SIZES.read({"q": "가" * 30})["q"] == "가" * 10


@pytest.mark.parametrize("args", [{"size": "huge"}, {"category": "huge"}, {"sort": "huge"}, {"category": "0"}])
def test_a_value_that_is_not_known_is_refused(app, args):
    with app.app_context(), pytest.raises(Invalid, match="이런 조건은 없어요"):
        SIZES.read(args)
    own = dataclasses.replace(SIZES, unknown="그런 크기는 없어요.")
    with app.app_context(), pytest.raises(Invalid, match="그런 크기는 없어요"):
        own.read(args)


def test_an_address_is_read_and_written_alike(app):
    asked = {"size": "large", "category": "safety", "q": "가로등", "sort": "mixed"}
    with app.test_request_context():
        chosen = SIZES.read(asked | {"other": "x", "after": ""})
        assert chosen.address() == "/proposals?size=large&category=safety&q=%EA%B0%80%EB%A1%9C%EB%93%B1&sort=mixed"
        assert chosen.address(category=None, after="abc").endswith("B1&sort=mixed&after=abc")
        assert chosen.narrowed and not SIZES.read({"sort": "mixed"}).narrowed
        assert chosen.labels == ["큰 것", "안전", "가로등"]
        every, small, large = chosen.links("size", totals={None: 3, Size.SMALL: 1})
        assert (every.current, large.current, every.total, small.total, large.total) == (False, True, 3, 1, None)
        assert small.url == chosen.address(size="small") and "size" not in every.url
        size, category, typed, sort = chosen.pickers()
        assert size.choices == (("", "모든 크기"), ("small", "작은 것"), ("large", "큰 것")) and size.chosen == "large"
        assert (category.chosen, typed.chosen, typed.most, sort.chosen) == ("safety", "가로등", 10, "mixed")


@pytest.mark.both
def test_a_statement_is_made_once_for_all_who_ask_alike(town):
    made = []

    def select():
        made.append(1)
        return statement()

    counted = dataclasses.replace(SIZES, select=select)
    for category in ("safety", "traffic"):
        counted.read({"category": category}).page()
    assert len(made) == 1
    counted.of().page()
    assert len(made) == 2


@pytest.mark.both
def test_tables_have_the_columns_of_the_list(town):
    town.proposal(title="=제안", support_count=5, published_at=MAY)
    town.proposal(title="둘째 제안", support_count=6, published_at=MAY)
    town.proposal(title="셋째", support_count=60, published_at=MAY)
    chosen, file, book = SIZES.of({"size": Size.SMALL}), io.BytesIO(), io.BytesIO()
    tables.write_csv(file, chosen)
    assert file.getvalue().decode("utf-8-sig").splitlines()[:2] == [
        '"제목","공감","분야","접수한 날","길이"', '"\'=제안",5,"안전","2030-05-01",3']
    tables.write_xlsx(book, chosen)
    assert book.getvalue()[:2] == b"PK" and len(list(tables.rows(chosen))) == 2


def wrong(**changes):
    return dataclasses.replace(SIZES, **changes)


@pytest.mark.parametrize("listings, sentence", [
    ([SIZES, SIZES], "The lists: the name sizes stands twice."),
    ([wrong(orders=())], "The list sizes has no order."),
    ([wrong(orders=(Order("a", "A", (User.id,)),))], "the order a is by user.id, which the list does not select"),
    ([wrong(orders=(Order("a", "A", (Proposal.comment_count,)),))], "the order a is by proposal.comment_count"),
    ([wrong(columns=(Column("nothing", "없음"),))], "it has no nothing for the column of that name"),
    ([wrong(columns=(Column("title", "제목", type="colour"),))], "the column title is of no type colour"),
    ([wrong(filters=(SIZES.filters[0],) * 2)], "the filter size stands twice"),
    ([wrong(filters=(dataclasses.replace(SIZES.filters[0], label=""),))], "the filter size has no label"),
    ([wrong(filters=(dataclasses.replace(SIZES.filters[0], key="sort"),))], "sort is no name for a filter"),
    ([wrong(filters=(Filter("a", "A", Proposal.title),))], "the filter a has neither choices nor a way to read"),
    ([wrong(card="proposals/none.html")], "there is no template proposals/none.html"),
    ([wrong(endpoint="proposals.nowhere")], "there is no page proposals.nowhere"),
])
def test_a_list_that_is_declared_wrongly_stops_the_start(app, listings, sentence):
    with pytest.raises(WrongListing, match=sentence.replace(".", r"\.")):
        listing.check(app, listings)


def test_every_list_of_the_application_is_declared_rightly(app, monkeypatch):
    listing.check(app)
    assert PROPOSALS in listing.LISTINGS
    listing.check(app, [SIZES])
    monkeypatch.setattr(listing, "LISTINGS", [*listing.LISTINGS, wrong(name="broken", card="none.html")])
    with pytest.raises(WrongListing, match="The list broken: there is no template none.html"):
        listing.check(app)


def test_a_day_in_a_token_is_a_day(app):
    assert isinstance(ISO_DAY, OrderPart)
    with app.app_context(), pytest.raises(Invalid):
        ISO_DAY.take("no day")
