"""The limits that people and other programs were told: a change of one is made here as well, on purpose."""

import pytest

from civic_forum.answers import rules

from .making import declined, text

LIMITS = {
    "TEXT_LEAST": 10, "TEXT_MOST": 10_000, "REASON_LEAST": 10, "REASON_MOST": 2000, "NOTE_MOST": 500, "WHY_LEAST": 5,
    "WHY_MOST": 300, "ASKED_LEAST": 10, "ASKED_MOST": 1000, "REPLY_MOST": 2000, "TO_LEAST": 2, "TO_MOST": 100,
    "EVIDENCE_LEAST": 5, "EVIDENCE_MOST": 300, "NAME_LEAST": 2, "NAME_MOST": 60, "CONTACT_LEAST": 5,
    "CONTACT_MOST": 100, "MOST_COST": 10_000_000_000_000, "REVIEW_DAYS": 15, "REMINDED_AFTER_DAYS": 7}


def test_every_limit_is_as_it_was_told():
    assert {name: getattr(rules, name) for name in LIMITS} == LIMITS


def test_text_and_reason_may_be_as_short_as_that():
    assert rules.missing(text(text="가" * 10)) is None
    assert rules.missing(text(text="가" * 9)) is rules.Missing.TEXT
    assert rules.missing(declined()) is None
    assert [rules.missing(declined(reason="가" * size)) for size in (9, 10)] == [rules.Missing.REASON, None]


@pytest.mark.parametrize("facts, lacks", [
    ({"by_when": "2027-03"}, rules.Missing.NOTHING_ELSE), ({"cost": 7_400_000}, rules.Missing.NOTHING_ELSE),
    ({}, None), ({"outcome": rules.AnswerOutcome.DIFFERENTLY}, rules.Missing.BY_WHEN),
    ({"outcome": rules.AnswerOutcome.DIFFERENTLY, "by_when": "2027-03", "cost": 7_400_000}, None),
    ({"outcome": rules.AnswerOutcome.DIFFERENTLY, "reason": None}, rules.Missing.REASON)])
def test_a_no_says_neither_a_day_nor_money_and_something_else_does(facts, lacks):
    assert rules.missing(declined(**facts)) is lacks
