"""Public pages of polls and their results."""

from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from types import SimpleNamespace
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
from civic_forum.platform.i18n import _
from civic_forum.platform.spreadsheets import as_csv
from civic_forum.platform.web import leads_to, never_cached, visitor

from .. import labels, policy
from ..extensions import OWN, PAGE, SUBJECT
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


@dataclass(frozen=True)
class Face:
    """Facts of a poll that everybody may know before its page is made."""

    is_public: bool
    due: bytes | None
    """The box that has to be closed first."""
    poll: SimpleNamespace
    stage: Stage
    standing: standing.Eligibility | None
    """Of a visitor."""


@bp.get("/<slug>")
@leads_to("polls.ballot")
def show(slug: str):
    face: Face = sections.kept(_face, slug)
    if face.due is not None:
        closing.close_if_due(face.due)
        face = sections.kept(_face, slug)
    if not face.is_public:
        readable(slug)
    return (sections.page if face.is_public else sections.page_for_one)(_shown, slug, own=partial(_own, slug, face))


@sections.asks_again
def _face(slug: str) -> Face:
    poll, now = records.by_slug(slug), clock.now()
    box, stage = poll.box, vote_stage(poll.announced_at, poll.box, now)
    clock.until(poll.opens_at, poll.closes_at)
    mine = standing.mine(box, poll.roll, visitor()) if stage is not Stage.PREPARING else None
    moments = box and SimpleNamespace(id=box.id, opened_at=box.opened_at, closed_at=box.closed_at,
                                      published_at=box.published_at)
    return Face(policy.may_read(visitor(), poll) is None, box.id if box and close_is_due(box, now) else None,
                SimpleNamespace(slug=slug, roll_id=poll.roll_id, box=moments), stage,
                standing.of(standing.Actions(f"/polls/{slug}"), stage, mine))


def _own(slug: str, face: Face) -> dict[str, str]:
    """Parts of the page for its reader alone."""
    poll, mine, who = face.poll, face.standing, ""
    if visitor().is_authenticated:
        poll = records.by_slug(slug)
        if face.stage is not Stage.PREPARING:
            mine = standing.of(standing.Actions(f"/polls/{slug}"), face.stage,
                               standing.mine(poll.box, poll.roll, visitor()))
        who = electorate.of_vote(poll.box, poll.roll) if mine and mine.tone == "warn" else ""
    return sections.own_parts("polls/own.html", "standing", "steps", "panel", "roll", "sections", "watching", poll=poll,
                              stage=face.stage, standing=mine, who=who, sections=OWN.ask(slug))


@sections.asks_again
def _shown(slug: str) -> tuple[str, dict[str, Any]]:
    details, now = detail.detail(slug), clock.now()
    poll = details.poll
    stage = vote_stage(poll.announced_at, poll.box, now)
    clock.until(poll.opens_at, poll.closes_at)
    facts = {
        "poll": poll, "found": details, "who": electorate.of_vote(poll.box, poll.roll), "stage": stage,
        "labels": labels, "about_sections": sections.kept(_about, poll.id) if stage is not Stage.PREPARING else [],
        "observers": observed.observers(poll.box) if poll.box is not None else None}
    if stage is Stage.PUBLISHED:
        result = results.of(poll)
        assert result is not None
        return "polls/result.html", facts | {"r": result, "sections": sections.kept(_after, poll.id), "drawn": drawn,
                                             "map": turnout_map(result.cells)}
    turnout = standing.turnout(poll.box) if poll.box is not None and stage in UNDER_WAY else None
    return "polls/show.html", facts | {
        "turnout": turnout, "kiosks": sections.kept(kiosks.are_there), "left": countdown.left(poll.closes_at, now),
        "remaining": countdown.remaining(poll.closes_at if stage is Stage.OPEN else poll.opens_at, now),
        "key_fingerprint": details.opening_head and sha256(details.opening_head.public_key).hexdigest()}


def _about(poll_id: int) -> list[Any]:
    return sections.parts_of(SUBJECT.ask(poll_id))


def _after(poll_id: int) -> list[Any]:
    return sections.parts_of(PAGE.ask(poll_id))


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
