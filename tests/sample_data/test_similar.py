"""Texts that are shown beside the title of a proposal that is being written, and what a search finds, on the sample.

similar.json and similar_fresh.json have titles as typed, with 동 and category, what is really related and what merely
shares words; searches.json has queries of thirteen kinds and titles of which any is right. People judged them from the
texts alone; of the last two nobody who made the search knew anything. Texts that they did not read count as neither.
"""

import json
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.commitments.models import Commitment
from civic_forum.district import queries as district
from civic_forum.opinions.models import Consultation
from civic_forum.platform.base import db
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries import listing
from civic_forum.sample_data.people import read
from civic_forum.search import vocabulary
from tests.conftest import build

from .conftest import on_sqlite

JUDGED = {"similar.json": (0.8, 0.95, 8), "similar_fresh.json": (0.56, 0.95, 7)}
"""File of titles → least shares of what is related that is shown, and of titles that show nothing else; how many show
nothing of those with nothing related."""
LEAST_FOUND, FIRST = 0.9, 5
HITS = "//ol[@class='hits']/li//h3"
GUESS = "//p[@class='search-count'][contains(., '대신') or contains(., '몇 낱말만')]"
pytestmark = pytest.mark.one_database


def read_json(name):
    return json.loads(Path(__file__).with_name(name).read_text("utf-8"))


@pytest.fixture(scope="module")
def sample(sample_copy, tmp_path_factory):
    """A district of its own: other tests hide and decide what these look for."""
    with on_sqlite(sample_copy, tmp_path_factory) as (data, settings):
        app = build(data, SECRET_KEY="", **settings)
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="module")
def keys(sample):
    """Keys of the judged texts by their addresses."""
    known = {f"/consultations/{slug}": f"consultation:{slug}" for slug in db.session.scalars(
        sa.select(Consultation.slug))}
    titles = {entry["title"]: entry["key"] for entry in read("proposals")}
    known |= {f"/proposals/{number}": f"proposal:{titles[title]}" for number, title in db.session.execute(
        sa.select(Proposal.number, Proposal.title)) if title in titles}
    titles = {entry["title"]: entry["key"] for entry in read("promises")}
    vocabulary.count_all(db.session)
    db.session.commit()
    return known | {f"/commitments/{id_}": f"promise:{titles[title]}" for id_, title in db.session.execute(
        sa.select(Commitment.id, Commitment.title)) if title in titles}


def shown(keys, title, place, category):
    names = {str(name): key for key, name in district.category_names().items()}
    alike = listing.alike(title, category=names[category], neighbourhood=place or "")
    addresses = [f"/proposals/{card.number}" for card in alike.cards] + [result.url for _title, result in alike.others]
    return {keys[address].replace("kickboard-2", "kickboard") for address in addresses if address in keys}


@pytest.mark.parametrize("name", JUDGED)
def test_the_related_are_shown_and_what_only_shares_words_is_not(keys, name):
    related = there = clean = 0
    titles, quiet = read_json(name), []
    for title, place, category, wanted, unwanted in titles:
        seen = shown(keys, title, place, category)
        related += len({key.replace("kickboard-2", "kickboard") for key in wanted})
        there += len(seen & {key.replace("kickboard-2", "kickboard") for key in wanted})
        clean += not seen & set(unwanted)
        quiet += [not seen] if not wanted else []
    print(f"{name}: {there} of {related} shown, {clean} of {len(titles)} clean, {sum(quiet)} of {len(quiet)} quiet")
    least, least_clean, least_quiet = JUDGED[name]
    assert there / related >= least and clean / len(titles) >= least_clean and sum(quiet) >= least_quiet


def test_a_search_has_something_right_among_the_first(keys, sample):
    missed = Counter()
    searches, client = read_json("searches.json"), sample.test_client()
    for query, kind, right in searches:
        page = html.fromstring(client.get("/search", query_string={"q": query}).data)
        titles = [" ".join(title.text_content().split()) for title in page.xpath(HITS)][:FIRST]
        if not set(titles) & set(right) if right else titles and not page.xpath(GUESS):
            missed[kind] += 1
            print(kind, query, titles, right[:3])
    print(f"{len(searches) - missed.total()} of {len(searches)}: missed {dict(missed)}")
    assert 1 - missed.total() / len(searches) >= LEAST_FOUND
