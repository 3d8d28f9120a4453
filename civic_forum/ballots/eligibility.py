"""Eligibility, as the columns of a vote say it: in words, and as the rule of its roll."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Protocol

from civic_forum.accounts.rules import AffiliationKind
from civic_forum.district.models import Neighbourhood
from civic_forum.platform.i18n import local

from .rules.boxes import RollSource
from .rules.encoding import Canonical
from .rules.rolls import RollRule


class Voted(Protocol):
    """A row of a feature that is put to the vote; these are its columns."""

    eligibility: str
    """One sentence."""
    roll_source: RollSource
    roll_fixed_on: date
    admits_residents: bool
    admits_members: bool
    neighbourhoods: Collection[Neighbourhood]
    """Only these; empty: the whole district."""
    min_age: int | None
    """On the closing day."""
    closes_at: datetime


def eligibility(vote: Voted) -> dict[str, Canonical]:
    """Eligibility in words and as the rule of the roll."""
    return {"sentence": vote.eligibility, "roll": roll_rule(vote).to_json()}


def roll_rule(vote: Voted) -> RollRule:
    """The rule of the roll: by what people are, where, and how old on the closing day."""
    residents = {AffiliationKind.LIVE} if vote.admits_residents else set()  # 구민
    members = {AffiliationKind.WORK, AffiliationKind.STUDY} if vote.admits_members else set()  # 생활권자
    return RollRule(
        source=vote.roll_source, fixed_on=vote.roll_fixed_on, kinds=frozenset(residents | members),
        neighbourhoods=tuple(one.name_ko for one in vote.neighbourhoods), min_age=vote.min_age,
        age_on=None if vote.min_age is None else local(vote.closes_at).date())
