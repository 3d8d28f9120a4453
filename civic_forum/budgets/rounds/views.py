"""Public pages of rounds: the list, and the page of one in every phase."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import request, url_for

from civic_forum.ballots.rules.boxes import close_is_due
from civic_forum.ballots.counting import closing
from civic_forum.blocks import sections
from civic_forum.district.queries import category_names
from civic_forum.platform import clock, countdown
from civic_forum.platform.web import leads_to, visitor

from ..counting.settings import CountingRules
from .. import labels
from .. import policy as acting
from .. import queries as records
from .. import rules as phases
from ..pages import bp, found as readable, money_share
from ..rules import Phase
from ..results import weighing
from ..results import labels as weighing_words
from . import listing, queries, standing
from . import labels as counting


@bp.get("")
def show_list():
    return sections.page(_list, request.args.get("after"))


def _list(after: str | None) -> tuple[str, dict[str, Any]]:
    page = listing.listed(after)
    return "budgets/list.html", {
        "page": page, "labels": labels, "after_url": page.after and url_for(".show_list", after=page.after)}


@dataclass(frozen=True)
class Face:
    """Facts of a round that everybody may know before its page is made."""

    is_public: bool
    due: Sequence[bytes]
    """Boxes that have to be closed first."""
    standing: standing.Eligibility
    """Of a visitor."""


@bp.get("/<slug>")
@leads_to("budgets.ballots")
def show(slug: str):
    face: Face = sections.kept(_face, slug)
    if any([closing.close_if_due(box_id) for box_id in face.due]):
        face = sections.kept(_face, slug)
    if not face.is_public:
        readable(slug)
    return (sections.page if face.is_public else sections.page_for_one)(_shown, slug, own=partial(_own, slug, face))


@sections.asks_again
def _face(slug: str) -> Face:
    budget_round, now = records.by_slug(slug), clock.now()
    sketch = queries.sketch(budget_round)
    return Face(acting.may_read(visitor(), budget_round) is None,
                [box.id for box in sketch.boxes if close_is_due(box, now)], standing.of(sketch, visitor(), None, now))


def _own(slug: str, face: Face) -> dict[str, str]:
    """Parts of the page for its reader alone."""
    reader, facts = visitor(), {"standing": face.standing, "round": {"slug": slug}, "boxes": ()}
    if reader.is_authenticated:
        sketch = queries.sketch(records.by_slug(slug))
        own = queries.own(sketch, reader)
        facts = {"standing": standing.of(sketch, reader, own, clock.now()), "round": sketch.round, "own": own,
                 "boxes": sketch.boxes, "purses": () if sketch.round.decided_in else sketch.round.envelopes}
    return sections.own_parts("budgets/own.html", "standing", "steps", "projects", "rolls", "watching", labels=labels,
                              **facts)


@sections.asks_again
def _shown(slug: str) -> tuple[str, dict[str, Any]]:
    detail, now = queries.detail(slug), clock.now()
    budget_round = detail.round
    clock.until(*(moment for span in budget_round.phases for moment in (span.starts_at, span.ends_at) if moment))
    rules = CountingRules.from_json(budget_round.counting) if budget_round.counting else None
    change = phases.next_change(detail.spans, now)
    if change is not None and change.ends and change.phase is Phase.VOTING and detail.boxes and all(
            box.closed_at for box in detail.boxes):
        change = None  # two officials closed it early
    projects, keys = queries.shown(budget_round.id)
    takes_part = change is not None and change.ends and change.phase in (Phase.COLLECTING, Phase.VOTING)
    return "budgets/detail.html", {
        "round": budget_round, "found": detail, "projects": projects, "labels": labels, "pictures": keys,
        "categories": category_names(),
        "money": money_share([(project.title, project.cost) for project in projects], detail.money) if detail.chosen
        else None, "phase": phases.current(detail.spans, now), "change": change, "now": now,
        "is_over": phases.is_over(detail.spans, now),
        "remaining": countdown.remaining(change.at, now) if change is not None and takes_part else None,
        "counting": counting.sentences(rules, budget_round.draw) if rules else [],
        "own_counting": counting.told_apart(purse.envelope for purse in detail.purses),
        "weighing_words": weighing_words,
        "tried": weighing.before_vote(budget_round, [purse.envelope for purse in detail.purses])}
