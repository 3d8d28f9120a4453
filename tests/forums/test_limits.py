"""The limits that people and other programs were told: a change of one is made here as well, on purpose."""

from datetime import timedelta
from importlib import import_module

LIMITS = {
    "chat": {
        "MOST": 300, "WHY_MOST": 300,
        "REASON_MOST": 300},
    "floor": {
        "AT_MOST": 2, "TURN_LEAST_S": 30, "TURN_MOST_S": 1200, "EXTEND_MOST_S": 600, "NAME_LEAST": 1,
        "NAME_MOST": 60, "TOPIC_MOST": 200, "WHY_LEAST": 2, "WHY_MOST": 200, "GROUP_LEAST": 2, "GROUP_MOST": 1000,
        "LEAST_PEOPLE": 3,
        "EXTEND_MOST": 60, "EXTRA_MOST": 240},
    "minutes": {
        "CORRECTED_WITHIN": timedelta(days=7), "PLACE_MOST": 200, "WORDS_MOST": 1000, "REPLY_MOST": 500,
        "NOTE_MOST": 300},
    "preparing": {
        "SHORTEST": timedelta(minutes=10), "LONGEST": timedelta(hours=12), "OPENS_BEFORE": timedelta(hours=1),
        "MOST_PLACES": 100_000, "MOST_ITEMS": 40, "MOST_MINUTES": 600, "MOST_DUTIES": 60, "MOST_OFFERED": 12,
        "LONGEST_OFFER": 60},
    "pulses": {
        "TEXT_MOST": 300, "WHY_MOST": 200, "HANDS_MOST": 1000},
    "questions": {
        "MOST": 300, "NAME_MOST": 60, "ANSWER_MOST": 1000, "WHY_MOST": 300},
    "record": {
        "MOST": 500, "LONGEST_CUE": timedelta(seconds=8), "SHORTEST_CUE": timedelta(seconds=1)},
    "registration": {
        "LONGEST_NEEDS": 300, "LONGEST_REASON": 300},
    "tables": {
        "LEAST_SEATED": 6, "MOST_SEATED": 10, "MOST_TABLES": 170, "LONGEST_NAME": 60, "LONGEST_QUESTION": 300,
        "LONGEST_NOTE": 80, "MOST_NOTES_EACH": 40, "MOST_GROUPS": 20, "LONGEST_GROUP": 100, "MOST_STRONGEST": 3,
        "MOST_AT_ONCE": 40, "LONGEST_RESULT": 1000, "LONGEST_MESSAGE": 300, "BETWEEN_MESSAGES": timedelta(seconds=3),
        "MOST_MINUTES": 240, "MOST_WITHOUT_DEVICE": 10},
}
"""By subject: of its rules."""


def rules_of(subject):
    return import_module(f"civic_forum.forums.{subject}.rules{'.drafting' if subject == 'minutes' else ''}")


def test_every_limit_is_as_it_was_told():
    now = {subject: {name: getattr(rules_of(subject), name) for name in limits} for subject, limits in LIMITS.items()}
    assert now == LIMITS
