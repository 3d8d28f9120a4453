"""Public pages of polls and their results."""

from hashlib import sha256
from typing import Any

from flask import render_template, request

from civic_forum.ballots.counting import closing
from civic_forum.ballots.kiosk import queries as kiosks
from civic_forum.ballots.labels import drawn
from civic_forum.ballots.observing import queries as observed
from civic_forum.ballots.published import downloads
from civic_forum.ballots.published.turnout import turnout_map
from civic_forum.ballots.rolls import electorate
from civic_forum.ballots.rules.boxes import Stage, close_is_due, vote_stage
from civic_forum.ballots.voting import standing
from civic_forum.blocks import sections
from civic_forum.blocks.listing import Given
from civic_forum.platform import clock, countdown
from civic_forum.platform.delivery import becomes_another
from civic_forum.platform.i18n import _
from civic_forum.platform.spreadsheets import as_csv
from civic_forum.platform.web import leads_to, never_cached, visitor

from .. import labels, policy
from ..extensions import PAGE, SUBJECT
from ..pages import bp, readable
from ..queries import detail, listing, records, results
from ..queries.results import Result
from ..sheets import TURNOUT, table

UNDER_WAY = (Stage.ANNOUNCED, Stage.OPEN, Stage.COUNTING)


@bp.get("")
def show_list():
    return sections.page(_list_facts, listing.POLLS.given(request.args))


def _list_facts(filters: Given) -> tuple[str, dict[str, Any]]:
    wanted = listing.POLLS.read(filters)
    page = listing.listed(wanted, filters.get("after"))
    if _closed_meanwhile(page.items):
        page = listing.listed(wanted, filters.get("after"))
    return "polls/list.html", {
        "page": page, "stage": wanted["stage"], "chips": wanted.links("stage"), "labels": labels, "now": clock.now(),
        "left": countdown.left, "after_url": page.after and wanted.address(after=page.after)}


@bp.get("/<slug>")
@leads_to("polls.ballot")
def show(slug: str):
    row, reader = detail.row(slug), visitor()
    if policy.may_read(reader, row[0]):
        raise records.missing()
    if row[0].box is not None and close_is_due(row[0].box, clock.now()):
        closing.close_if_due(row[0].box.id)
        row = detail.row(slug)
    poll = row[0]
    if vote_stage(poll.announced_at, poll.box, clock.now()) is Stage.PUBLISHED:
        own = render_template("ballots/watching.html", box=poll.box) if reader.is_authenticated else ""
        return sections.page(_result, slug, own=own)
    details, now = detail.around(row), clock.now()
    becomes_another(poll.opens_at, poll.closes_at)
    stage = vote_stage(poll.announced_at, poll.box, now)
    turnout = standing.turnout(poll.box) if poll.box is not None and stage in UNDER_WAY else None
    mine = standing.mine(poll.box, poll.roll, reader) if stage is not Stage.PREPARING else None
    return render_template(
        "polls/show.html", **_shown(details, stage), turnout=turnout,
        about_sections=SUBJECT.ask(details) if stage is not Stage.PREPARING else [], mine=mine, has_own=reader.is_authenticated,
        observers=observed.observers(poll.box) if poll.box is not None else None,
        standing=standing.of(standing.Actions(f"/polls/{poll.slug}"), stage, mine),
        kiosks=sections.kept(kiosks.are_there), left=countdown.left(poll.closes_at, now),
        remaining=countdown.remaining(poll.closes_at if stage is Stage.OPEN else poll.opens_at, now),
        key_fingerprint=details.opening_head and sha256(details.opening_head.public_key).hexdigest())


def _shown(details: detail.Detail, stage: Stage) -> dict[str, Any]:
    poll = details.poll
    return {"poll": poll, "found": details, "who": electorate.of_vote(poll.box, poll.roll), "stage": stage,
            "labels": labels}


def _result(slug: str) -> tuple[str, dict[str, Any]]:
    """The page of a published result: but for what somebody may do beside it, nothing is their own."""
    details = detail.around(detail.row(slug, anew=True))
    result = results.of(details.poll)
    return "polls/result.html", _shown(details, Stage.PUBLISHED) | {
        "r": result, "sections": sections.parts_of(PAGE.ask(details.poll.id)), "drawn": drawn, "map": turnout_map(result.cells),
        "about_sections": sections.parts_of(SUBJECT.ask(details)), "has_own": True}


@bp.get("/<slug>/check")
def check(slug: str):
    """Page on which anybody checks a published result."""
    poll = readable(slug)
    downloads.published(poll.box)
    return render_template("polls/check.html", poll=poll, r=results.of(poll))


def _closed_meanwhile(cards: list[listing.PollCard]) -> bool:
    """Close what is due; by the clock it was over before."""
    now = clock.now()
    due = [card.poll.box.id for card in cards if card.poll.box is not None and close_is_due(card.poll.box, now)]
    return any([closing.close_if_due(box_id) for box_id in due])


downloads.mount(bp, "/<slug>", lambda slug: (readable(slug).box, slug))


@bp.get("/<slug>/result.csv")
@never_cached
def result_csv(slug: str):
    poll = readable(slug)
    downloads.published(poll.box)
    return downloads.file(_table(results.of(poll)), "text/csv", f"{slug}-result.csv")


def _table(result: Result) -> str:
    """The lines of the result, then how many took part."""
    header, lines = table(result)
    turnout = result.figures["turnout"]
    blank = [] if "small" in result.figures else [(_("기권한 표"), result.figures["blank"])]
    return as_csv(header, [*lines, (), *((str(label), turnout[key]) for label, key in TURNOUT), *blank])
