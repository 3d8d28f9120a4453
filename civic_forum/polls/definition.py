"""What a box freezes of a poll: plain texts and whole numbers, the same from the same poll byte for byte."""

from datetime import date

from civic_forum.accounts.rules import AffiliationKind
from civic_forum.ballots.rules.encoding import Canonical, stamp
from civic_forum.ballots.rules.rolls import RollRule
from civic_forum.kernel.i18n import local

from . import rules
from .models import Option, Poll

RESIDENTS = frozenset({AffiliationKind.LIVE})
"""구민"""
MEMBERS = frozenset({AffiliationKind.WORK, AffiliationKind.STUDY})
"""생활권자"""


def definition(poll: Poll) -> dict[str, Canonical]:
    """All that the fingerprint covers but what belongs to the box itself: format, id, rehearsal, key.

    Raises ValueError where the options and the number of choices do not go together.
    """
    rule = rules.box_rule(poll.kind, len(poll.options), poll.max_choices)
    texts = {
        "subject_title": poll.title, "question": poll.question, "description": poll.description,
        "rule": rule.to_json(), "options": [_option(one) for one in poll.options], "eligibility": eligibility(poll),
        "opens_at": stamp(poll.opens_at), "closes_at": stamp(poll.closes_at), "binding": poll.binding,
        "publishes": str(poll.publishes),
    }
    if poll.quorum:
        texts["quorum"] = _given({"kind": str(poll.quorum), "value": poll.quorum_value, "text": poll.quorum_text})
    return texts | _given({"programme": poll.programme, "sign_language_video": poll.sign_language_video,
                           "en": poll.texts.get("en"), "paper_until": poll.paper_until and stamp(poll.paper_until)})


def eligibility(poll: Poll) -> dict[str, Canonical]:
    """Who may vote, in words and as the rule of the roll."""
    return {"sentence": poll.eligibility, "roll": roll_rule(poll).to_json()}


def roll_rule(poll: Poll) -> RollRule:
    """Who belongs to the roll: by what they are, where, and how old on the closing day."""
    kinds = (RESIDENTS if poll.admits_residents else frozenset()) | (MEMBERS if poll.admits_members else frozenset())
    return RollRule(
        source=poll.roll_source, fixed_on=poll.roll_fixed_on, kinds=kinds,
        neighbourhoods=tuple(one.name_ko for one in poll.neighbourhoods), min_age=poll.min_age,
        age_on=None if poll.min_age is None else closing_day(poll))


def closing_day(poll: Poll) -> date:
    return local(poll.closes_at).date()


def _option(option: Option) -> dict[str, Canonical]:
    return {"number": option.number, "title": option.title, "text": option.text} | _given({
        "kind": option.kind, "cost": option.cost, "cost_note": option.cost_note,
        "neighbourhood": option.neighbourhood and option.neighbourhood.name_ko,
        "proposal": option.proposal and option.proposal.number, "category": option.category,
        "department": option.department, "division": option.division,
        "sign_language_video": option.sign_language_video, "en": option.texts.get("en"),
        "picture": option.picture and {"sha256": option.picture.digest, "description": option.picture.description}})


def _given(fields: dict[str, object]) -> dict[str, Canonical]:
    return {name: value for name, value in fields.items() if value is not None and value != {}}
