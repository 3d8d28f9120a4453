"""Items of the sample district: each ends as its text says, and nothing about persons is read anywhere."""

from collections import Counter

import sqlalchemy as sa

from civic_forum.intake.models import IntakeItem
from civic_forum.intake.rules import Became, ItemState
from civic_forum.platform.base import db
from civic_forum.sample_data.people import read

ENDS = {"duty": {Became.DUTY, Became.ANSWERED}, "noted_for": {Became.JOINED}, "support_sheet": {Became.COUNTED},
        "hidden": {None}, "withdrawn": {None}}
"""Ends of the text that are called otherwise, or have come further."""
ENTRIES = read("intake")


def items():
    return {item.row_key: item for item in db.session.scalars(sa.select(IntakeItem))}


def test_each_ends_as_its_text_says_and_is_known_by_its_number(district):
    of_keys, site = items(), district.test_client()
    assert len(of_keys) == len(ENTRIES) == 160
    for entry in ENTRIES:
        end, item = entry["ends"], of_keys[entry["key"]]
        assert item.became in (ENDS[end] if end in ENDS else {Became(end)})
        if end == "duty":
            assert (item.became is Became.ANSWERED) is ("answered" in entry)
            assert item.reply == entry.get("answer", "")
        assert (item.state is ItemState.HIDDEN) is (end == "hidden")
    assert Counter(item.state for item in of_keys.values())[ItemState.WRITTEN] == 0
    answered = next(item for item in of_keys.values() if item.became is Became.ANSWERED)
    assert answered.reply in site.get(f"/intake/{answered.number}").text


def test_nothing_about_persons_is_in_any_public_answer(district):
    site, of_keys = district.test_client(), items()
    gone = [entry for entry in ENTRIES if entry["ends"] in ("hidden", "withdrawn")]
    pages = ["/intake", "/data/intake.csv", "/answers/late", "/feeds/proposals.atom", "/intake?became=kept"]
    pages += [f"/search?q={entry['text'][:12]}" for entry in gone[:3]]
    pages += [f"/intake/{of_keys[entry['key']].number}" for entry in gone]
    texts = [site.get(page).text for page in pages]
    assert all(entry["text"] not in text for entry in gone for text in texts)
    assert ENTRIES[0]["text"] in "".join(texts)
