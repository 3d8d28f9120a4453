"""Rules of applying: who may, until when, and what may still be taken back. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from ..rules import Applicants, ApplicationState, is_of_age

GROUP_MOST, PEOPLE_MOST = 60, 9_999
CONTACT_KEPT = timedelta(days=365)
"""Name and telephone of somebody without an account, after the close."""


class Unmet(StrEnum):
    """Condition that somebody does not fulfil."""

    GROUP = "group"
    PEOPLE = "people"
    RESIDENT = "resident"
    AGE = "age"


def conditions(call: Any) -> list[str]:
    """Facts to be asked before one begins: `group`, `people`, `resident`, `born`."""
    asked = {"group": call.applicants is Applicants.GROUP,
             "people": call.applicants is not Applicants.PERSON and bool(call.least_people),
             "resident": call.residents_only, "born": call.least_age is not None or call.most_age is not None}
    return [name for name, is_asked in asked.items() if is_asked]


def unmet(call: Any, facts: Mapping[str, Any], year: int) -> list[Unmet]:
    """Conditions that these facts do not fulfil: all those of `conditions`, in the year of the close. A number of
    people is that of a group; zero where a person applies alone."""
    people = facts.get("people")
    fails = {
        Unmet.GROUP: call.applicants is Applicants.GROUP and not facts.get("group", True),
        Unmet.PEOPLE: bool(people or call.applicants is Applicants.GROUP) and people is not None
        and people < (call.least_people or 0),
        Unmet.RESIDENT: call.residents_only and not facts.get("resident", True),
        Unmet.AGE: is_of_age(facts.get("born"), year, call.least_age, call.most_age) is False}
    return [condition for condition, is_failed in fails.items() if is_failed]


def late_by(closes_at: datetime, at: datetime) -> timedelta | None:
    """None for what came before the close; at the very moment of the close it is late."""
    return at - closes_at if at >= closes_at else None


def may_withdraw(state: ApplicationState) -> bool:
    """True until the decision; who was chosen, or waits as a reserve, gives way."""
    return state in (ApplicationState.RECEIVED, ApplicationState.CHOSEN, ApplicationState.RESERVE)


def state_shown(state: ApplicationState, *, is_decided: bool) -> ApplicationState:
    """As whoever applied reads it: what is being looked at is received until the call is decided."""
    own = (ApplicationState.DRAFT, ApplicationState.RECEIVED, ApplicationState.WITHDRAWN)
    return state if is_decided or state in own else ApplicationState.RECEIVED
