"""The limits that people and other programs were told: a change of one is made here as well, on purpose."""

from civic_forum.proposals import rules

LIMITS = {
    "TITLE_LEAST": 5, "TITLE_MOST": 100, "BODY_LEAST": 10, "BODY_MOST": 10_000, "REASON_LEAST": 5,
    "REASON_MOST": 500}


def test_every_limit_is_as_it_was_told():
    assert {name: getattr(rules, name) for name in LIMITS} == LIMITS
