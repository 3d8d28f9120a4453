"""The page of one proposal."""

from datetime import date, datetime

from flask import render_template, request

from civic_forum.blocks import kinds
from civic_forum.comments import queries as comments
from civic_forum.district import labels as district_words
from civic_forum.platform import clock
from civic_forum.platform.i18n import _, day, local
from civic_forum.platform.web import visitor

from .. import extensions, labels, policy, queries, rules
from ..rules import Stage, State
from . import bp
from .supporting import counted_through


@bp.get("/<number>")
def show(number: str):
    viewer = visitor()
    found = queries.detail(number, viewer.id if viewer.is_authenticated else None)
    proposal = found.proposal
    if policy.may_read(viewer, proposal):
        raise queries.missing()
    state = rules.state_now(proposal.state, proposal.gathering_ends_at, clock.now())
    hidden = policy.may_read_hidden(viewer, proposal)
    section = None if hidden or not proposal.thread_id else comments.section(
        proposal.thread_id, viewer, request.args.get("order"), request.args.get("after"), request.args.get("stance"))
    return render_template(
        "proposals/hidden.html" if hidden else "proposals/show.html", p=proposal, found=found, state=state,
        section=section, stages=stages(found, state), sections=extensions.ASIDE.ask(found),
        body_sections=[] if hidden else extensions.BODY.ask(found),
        category=district_words.CATEGORY[proposal.category],
        why_no_support=policy.may_support(viewer, proposal), why_closed=policy.why_closed(proposal),
        counted_through=[] if found.is_supported else counted_through(proposal, viewer),
        days_left=days_left(proposal, state), rule=hidden_rule(proposal), labels=labels)


ANSWERED_BY = frozenset(("answered", "answered_again", "referred"))
"""Steps without which nobody answered, however far an agenda has taken a proposal."""


def stages(found: queries.Detail, state: State) -> list[dict[str, str | None]]:
    """The stepper: each stage with its word and the day on which it was reached."""
    proposal = found.proposal
    on = {entry.step: _short(entry.at) for entry in found.entries}
    reached = _reached(found)
    decided = rules.farther(state, reached and reached.state)
    missed = "threshold" not in on and proposal.support_count < proposal.threshold
    notes = {
        Stage.REGISTERED: proposal.published_at and _short(proposal.published_at),
        Stage.SUPPORTED: (state is not State.GATHERING and on.get("threshold")) or _gathering_note(proposal, state),
        Stage.ANSWERED: on.get("answered"),
        Stage.DECIDED: on.get("decided") or (reached and _short(reached.decided_on)) or (
            on.get("in_agenda") if state is State.IN_AGENDA else None),
        Stage.DONE: on.get("done") or on.get("in_progress") or (
            reached and reached.reported_on and _short(reached.reported_on)),
    }
    shown = []
    for stage, status in rules.progress(state, reached and reached.state):
        if stage is Stage.ANSWERED and status == "done" and not on.keys() & ANSWERED_BY:
            status = "todo"
        short = stage is Stage.SUPPORTED and status == "done" and missed
        count = proposal.support_count if short else proposal.threshold
        shown.append({"label": labels.stage(stage, decided, count), "note": notes[stage],
                      "status": "missed" if short else status})
    return shown


def _reached(found: queries.Detail) -> rules.Reached | None:
    """The farthest that features above say of what this proposal is decided by."""
    return max(extensions.DECIDED.ask(found), key=lambda one: rules.DECIDED_WAY.index(one.state), default=None)


def _short(when: date | datetime) -> str:
    """The day, with its year only where it is another one."""
    on = local(when) if isinstance(when, datetime) else when
    return day(when, year=on.year != local(clock.now()).year)


def _gathering_note(proposal, state: State) -> str | None:
    if state is State.GATHERING and proposal.gathering_ends_at:
        return _("%(day)s까지", day=_short(proposal.gathering_ends_at))
    return _("목표 %(count)s명", count=f"{proposal.threshold:,}")


def days_left(proposal, state: State) -> int | None:
    if state is not State.GATHERING or proposal.gathering_ends_at is None:
        return None
    return (local(proposal.gathering_ends_at).date() - local(clock.now()).date()).days


def hidden_rule(proposal) -> str | None:
    if not proposal.hidden_rule:
        return None
    return kinds.rule(proposal.hidden_rule)
