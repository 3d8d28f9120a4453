"""Calls for everybody: what is open, what opens next; and one of them."""

from functools import partial
from itertools import cycle

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from civic_forum.blocks import sections
from civic_forum.blocks.charts import share_of
from civic_forum.blocks.listing import Given
from civic_forum.blocks.questions import READERS
from civic_forum.platform import clock, countdown
from civic_forum.platform.delivery import becomes_another
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import can
from civic_forum.platform.web import visitor

from .. import labels, queries
from ..extensions import ABOUT
from ..judging import queries as judging
from ..policy import may_read
from ..rules import CallStage
from .blueprint import bp, moved

TONES = ("", "strong", "good", "warm", "quiet", "soft")

MOVED = {
    "/awards": "/calls?kind=prize", "/awards/<id:number>": "/calls/awards-{number}/results",
    "/desk/awards": "/desk/calls", "/desk/awards/<id:number>": "/desk/calls/awards-{number}",
    "/desk/awards/<id:number>/publication": "/desk/calls/awards-{number}/decision",
    "/desk/awards/nominees/<id:number>": "/desk/calls", "/award-nominees/<id:number>/declining": "/me"}
"""Addresses of awards from before they were calls, and those to which they lead."""


def _lead(to: str, **names: int) -> ResponseReturnValue:
    return redirect(to.format(**names), 301)


for rule, address in MOVED.items():
    moved.add_url_rule(rule, rule, partial(_lead, address))


@bp.get("")
def show_list() -> ResponseReturnValue:
    return sections.page(_list, queries.CALLS.given(request.args))


def _list(words: Given) -> tuple[str, dict[str, object]]:
    wanted, now = queries.CALLS.read(words), clock.now()
    page = wanted.page(words.get("after"))
    calls = [row.Call for row in page.items]
    becomes_another(*(moment for call in calls for moment in (call.opens_at, call.closes_at)))
    return "calls/list.html", {
        "calls": {stage: [call for call in calls if call.stage is stage] for stage in CallStage}, "labels": labels,
        "kind": wanted["kind"], "chips": wanted.links("kind"), "now": now, "left": countdown.days_left,
        "after_url": page.after and wanted.address(after=page.after)}


@bp.get("/<slug>")
def show(slug: str) -> ResponseReturnValue:
    call, now = queries.slugged(slug), clock.now()
    if may_read(visitor(), call):
        raise queries.missing()
    if call.opens_at and call.closes_at:
        becomes_another(call.opens_at, call.closes_at)
    whole = share_of(*((each["text"], each["points"], _("%(points)s점", points=each["points"]), tone)
                       for each, tone in zip(call.criteria, cycle(TONES), strict=False)))
    judges = call.stage is CallStage.REVIEW and call.scoring_at is not None and visitor().is_authenticated and can(
        visitor(), "calls.score", judging.panel(call))
    return render_template(
        "calls/show.html", call=call, labels=labels, questions=queries.questions_of(call), readers=READERS, whole=whole,
        empty={prize["name"]: prize["count"] for prize in judging.prizes_left(call)} if call.decided_at else {},
        judges=judges, moved=queries.moved_closes(call.id),
        left=countdown.days_left(call.closes_at, now) if call.closes_at else "", sections=ABOUT.ask(call))
