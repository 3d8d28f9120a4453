"""Public pages of rounds: the list, and the page of one in every phase."""

from typing import Any

from flask import render_template, request, url_for

from civic_forum.ballots.rules.boxes import close_is_due
from civic_forum.ballots.counting import closing
from civic_forum.blocks import sections
from civic_forum.district.queries import category_names
from civic_forum.platform import clock, countdown
from civic_forum.platform.delivery import becomes_another
from civic_forum.platform.web import leads_to, visitor

from ..counting.settings import CountingRules
from .. import labels
from .. import policy as acting
from .. import queries as records
from .. import rules as phases
from ..pages import bp, money_share
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


@bp.get("/<slug>")
@leads_to("budgets.ballots")
def show(slug: str):
    detail, now = _found(slug), clock.now()
    if any([closing.close_if_due(box.id) for box in detail.boxes if close_is_due(box, now)]):
        detail = _found(slug)
    budget_round, actor = detail.round, visitor()
    becomes_another(*listing.moments(detail.spans))
    own = queries.own(detail, actor) if actor.is_authenticated else None
    rules = CountingRules.from_json(budget_round.counting) if budget_round.counting else None
    change = phases.next_change(detail.spans, now)
    if change is not None and change.ends and change.phase is Phase.VOTING and detail.boxes and all(
            box.closed_at for box in detail.boxes):
        change = None  # two officials closed it early
    projects, keys = queries.shown(budget_round.id)
    takes_part = change is not None and change.ends and change.phase in (Phase.COLLECTING, Phase.VOTING)
    return render_template(
        "budgets/detail.html", round=budget_round, found=detail, own=own, projects=projects, labels=labels,
        pictures=keys, categories=category_names(),
        money=money_share([(project.title, project.cost) for project in projects], detail.money) if detail.chosen
        else None, phase=phases.current(detail.spans, now), change=change, now=now,
        is_over=phases.is_over(detail.spans, now),
        remaining=countdown.remaining(change.at, now) if takes_part else None,
        standing=standing.of(detail, actor, own, now),
        counting=counting.sentences(rules, budget_round.draw) if rules else [],
        own_counting=counting.told_apart(purse.envelope for purse in detail.purses), weighing_words=weighing_words,
        tried=weighing.before_vote(budget_round, [purse.envelope for purse in detail.purses]))


def _found(slug: str) -> queries.RoundDetail:
    detail = queries.detail(slug)
    if acting.may_read(visitor(), detail.round):
        raise records.missing()
    return detail
