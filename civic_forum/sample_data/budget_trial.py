"""The trial election of the sample: 200 ballots and a committee in the Pabulib format, counted, open to everybody."""

from collections.abc import Iterator
from csv import writer
from datetime import datetime, timedelta
from io import StringIO

from civic_forum.budgets.services import trials

from .budget_round import EDITOR, ORDER, THOUSAND
from .crowd import Crowd
from .timeline import TimelineEvent

BEFORE = timedelta(days=20)
"""The committee brought it in so long before the day of loading."""
STEP = "100"
"""Won by which each share grows."""


def happenings(entry: dict, loaded: datetime, there: Crowd) -> Iterator[TimelineEvent]:
    yield TimelineEvent(loaded - BEFORE, ORDER, lambda: _bring_in(entry, there))


def _bring_in(entry: dict, there: Crowd) -> None:
    made = trials.create(pabulib(entry), slug=entry["slug"], title=entry["title"], about=entry["about"], step=STEP,
                         at_once=True, by=there.user(EDITOR))
    trials.publish(made.id, by=there.user(EDITOR))


def pabulib(entry: dict) -> bytes:
    """The trial as a file; amounts there are in won, the profiles are laid out in their order."""
    ballots = [profile for profile in entry["profiles"] for _one in range(profile["ballots"])]
    meta = {
        "description": entry["title"], "country": "Korea", "unit": "Geumcheon-gu", "instance": entry["slug"],
        "num_projects": len(entry["projects"]), "num_votes": len(ballots), "budget": entry["budget"] * THOUSAND,
        "currency": "KRW", "vote_type": "approval", "rule": "greedy", "date_begin": "2025", "date_end": "2025",
        "committee_ballots": entry["committee"]["members"]}
    made = StringIO()
    table = writer(made, delimiter=";", lineterminator="\n")
    made.write("META\n")
    table.writerows([("key", "value"), *meta.items()])
    made.write("PROJECTS\n")
    table.writerow(("project_id", "cost", "name", "neighborhood", "committee_votes"))
    table.writerows((one["id"], one["cost"] * THOUSAND, one["title"], one["neighbourhood"] or "",
                     entry["committee"]["votes"][one["id"]]) for one in entry["projects"])
    made.write("VOTES\n")
    table.writerow(("voter_id", "neighborhood", "vote"))
    table.writerows((number, one["neighbourhood"], ",".join(one["choices"])) for number, one in enumerate(ballots, 1))
    return made.getvalue().encode()
