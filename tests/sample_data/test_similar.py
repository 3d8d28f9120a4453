"""Texts that are shown beside the title of a proposal that is being written, on the sample.

similar.json has titles as typed, with 동 and category, what is really related and what merely shares words, judged by a
person from the texts alone. Projects of budgets and outcomes, which that person did not read, count as neither.
"""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from civic_forum.commitments.models import Commitment
from civic_forum.district import queries as district
from civic_forum.opinions.models import Consultation
from civic_forum.platform.base import db
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries import listing
from civic_forum.sample_data.people import read
from civic_forum.search import vocabulary

TITLES = json.loads(Path(__file__).with_name("similar.json").read_text("utf-8"))
LEAST_SHOWN, LEAST_CLEAN = 0.8, 0.95


@pytest.fixture(scope="module")
def keys(district):
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


def test_the_related_are_shown_and_what_only_shares_words_is_not(keys):
    related = there = clean = 0
    quiet = []
    for title, place, category, wanted, unwanted in TITLES:
        seen = shown(keys, title, place, category)
        related += len({key.replace("kickboard-2", "kickboard") for key in wanted})
        there += len(seen & {key.replace("kickboard-2", "kickboard") for key in wanted})
        clean += not seen & set(unwanted)
        quiet += [not seen] if not wanted else []
    assert there / related >= LEAST_SHOWN
    assert clean / len(TITLES) >= LEAST_CLEAN
    assert all(quiet)
