"""Public pages of proposals: list, page, 공감 and following."""

from datetime import date, datetime
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_login import login_required

from civic_forum.blocks import moderated, sections
from civic_forum.blocks.listing import Chosen, Given
from civic_forum.blocks.pages import saved
from civic_forum.comments.queries import sections as comments
from civic_forum.district.queries import category_names, neighbourhood_names
from civic_forum.platform import clock
from civic_forum.platform.error_pages import wants_json
from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import _, _l, day, local
from civic_forum.platform.web import by_address, leads_to, sign_in_for, visitor

from .. import extensions, labels, policy, rules
from ..models import Proposal
from ..policy import may_read
from ..queries import detail as details
from ..queries import drafts, listing, records
from ..queries.detail import Detail
from ..rules import PUBLIC, Channel, Stage, State
from . import bp
from ..services import supports
from ..settings import title_is_locked

ON_A_PAGE = 12
"""Full rows of three."""
CHIPS = (State.GATHERING, State.ANSWER_DUE, State.ANSWERED, State.IN_AGENDA, State.IN_PROGRESS, State.DONE)


@bp.get("")
def index():
    return sections.page(_listed, listing.PROPOSALS.given(request.args))


def _listed(parameters: Given) -> tuple[str, dict[str, Any]]:
    wanted, after = listing.PROPOSALS.read(parameters), parameters.get("after")
    names = wanted.choices("neighbourhood")
    page = listing.listed(wanted, after, names=names, limit=ON_A_PAGE)
    return "proposals/list.html", {
        "wanted": wanted, "page": page, "names": names, "chips": tuple(wanted.links("state", CHIPS)),
        "pickers": tuple(wanted.pickers()), "chosen": wanted.labels, "after": after,
        "total": _total(wanted),
        "after_url": page.after and wanted.address(after=page.after),
        "table_url": url_for("exports.file", name="proposals", **wanted.said)}


def _total(wanted: Chosen) -> str:
    if not wanted.narrowed:
        totals = records.totals()
        return _("%(count)s건", count=f"{sum(totals[state] for state in PUBLIC):,}")
    total = listing.count(wanted)
    if total > listing.MOST_COUNTED:
        return _("%(count)s건이 넘어요", count=f"{listing.MOST_COUNTED:,}")
    return _("%(count)s건", count=f"{total:,}")


@bp.get("/mine")
@login_required
def mine():
    """Page of what one wrote, is writing and follows."""
    names = neighbourhood_names()
    return render_template("proposals/mine.html", written=listing.of_author(visitor(), names),
                           followed=listing.followed_by(visitor(), names), drafts=drafts.draft_count(visitor()))


@bp.get("/<number>")
@leads_to("proposals.support")
def show(number: str):
    viewer = visitor()
    detail = details.detail(number, viewer.id if viewer.is_authenticated else None)
    proposal = detail.proposal
    if policy.may_read(viewer, proposal):
        raise records.missing()
    state = rules.state_now(proposal.state, proposal.gathering_ends_at, clock.now())
    hidden = policy.may_read_hidden(viewer, proposal)
    section = None if hidden or not proposal.thread_id else comments.section(
        proposal.thread_id, viewer, request.args.get("order"), request.args.get("after"), request.args.get("stance"))
    why_closed = policy.why_closed(proposal)
    return render_template(
        "proposals/hidden.html" if hidden else "proposals/show.html", p=proposal, found=detail, state=state,
        section=section, stages=stages(detail, state), sections=extensions.ASIDE.ask(detail),
        leads=[] if hidden else extensions.LEAD.ask(detail)[::-1],
        body_sections=[] if hidden else extensions.BODY.ask(detail),
        category=category_names()[proposal.category],
        received=extensions.RECEIVED.ask(proposal.id) if proposal.channel is not Channel.ONLINE else [],
        why_no_support=policy.may_support(viewer, proposal), why_closed=why_closed,
        stairs=rules.stairs(proposal.steps, proposal.step_reached, is_open=not why_closed),
        counted_through=[] if detail.is_supported else counted_through(proposal, viewer),
        days_left=days_left(proposal, state), rule=hidden_rule(proposal), labels=labels,
        was_edited_late=not hidden and proposal.edited_at and proposal.published_at and title_is_locked(proposal))


ANSWERED_BY = frozenset(("answered", "answered_again", "referred"))
"""Steps without which nobody answered, however far an agenda has taken a proposal."""


def stages(detail: Detail, state: State) -> list[dict[str, str | None]]:
    """The stepper: each stage with its word and the day on which it was reached."""
    proposal = detail.proposal
    on = {entry.step: _short(entry.at) for entry in detail.entries}
    reached = _reached(detail)
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


def _reached(detail: Detail) -> rules.Reached | None:
    """The farthest that features above say of what this proposal is decided by."""
    return max(extensions.DECIDED.ask(detail), key=lambda reached: rules.DECIDED_WAY.index(reached.state), default=None)


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
    return moderated.rule(proposal.hidden_rule)


def found(number: str) -> Proposal:
    """The proposal with this number, if the visitor may know of it. Raises NotFound."""
    proposal = records.by_number(number)
    if may_read(visitor(), proposal):
        raise records.missing()
    return proposal


def takes_supports(number: str) -> bool:
    proposal = records.numbered(number)
    return proposal is not None and not (may_read(visitor(), proposal) or policy.why_closed(proposal))


@bp.post("/<number>/supports")
@sign_in_for(_l("공감하려면 로그인해 주세요."), once=takes_supports)
@login_required
@by_address
def support(number: str):
    return _answer(found(number), supports.support, True)


@bp.post("/<number>/supports/end")
@login_required
@by_address
def end_support(number: str):
    return _answer(found(number), supports.end_support, False)


def _answer(proposal: Proposal, change, supported: bool):
    before, step = counted_through(proposal, visitor()), rules.next_step(proposal.steps, proposal.step_reached)
    try:
        proposal = change(proposal.id, by=visitor())
    except Conflict as refusal:
        if wants_json():
            raise
        flash(str(refusal))
        return redirect(_page(proposal))
    sentence = _said(supported, bool(before or counted_through(proposal, visitor())))
    if wants_json():
        action = "proposals.end_support" if supported else "proposals.support"
        return jsonify(supported=supported, count=proposal.support_count, sentence=sentence,
                       residents=_("%(count)s명", count=f"{proposal.resident_support_count:,}"),
                       others=_("%(count)s명", count=f"{proposal.support_count - proposal.resident_support_count:,}"),
                       origin=labels.origin(proposal.own_support_count, proposal.merged_support_count),
                       missing=labels.missing(step, proposal.step_reached, proposal.support_count) if step else "",
                       word=_("공감했어요") if supported else _("공감하기"),
                       action=url_for(action, number=proposal.number))
    return saved(sentence, _page(proposal), 302)


def counted_through(proposal, viewer) -> list[tuple[str, str]]:
    """Number and title of other proposals through which a 공감 of this viewer counts here already."""
    if not viewer.is_authenticated or not proposal.merged_support_count:
        return []
    return [named for pairs in extensions.COUNTED_THROUGH.ask(proposal.id, viewer.id) for named in pairs]


def _said(supported: bool, elsewhere: bool) -> str:
    """`elsewhere`: they are counted through a merged proposal whatever they press here, so no number moves."""
    if supported:
        return (_("이 제안에도 공감했어요. 이미 세고 있어서 수는 그대로예요.") if elsewhere else
                _("공감했어요. 함께해 주셔서 고마워요."))
    return (_("이 제안의 공감을 거두었어요. 합쳐진 제안에 공감해서 수는 그대로예요.") if elsewhere else
            _("공감을 거두었어요."))


@bp.post("/<number>/follows")
@sign_in_for(_l("소식을 받으려면 로그인해 주세요."))
@login_required
@by_address
def follow(number: str):
    return _follow(found(number), supports.follow, _("소식을 받기로 했어요. 내 제안 화면에서 모아 볼 수 있어요."))


@bp.post("/<number>/follows/end")
@login_required
@by_address
def end_follow(number: str):
    return _follow(found(number), supports.end_follow, _("소식을 그만 받기로 했어요."))


def _follow(proposal: Proposal, change, sentence: str):
    change(proposal.id, by=visitor())
    return saved(sentence, _page(proposal), 302)


def _page(proposal: Proposal) -> str:
    return url_for("proposals.show", number=proposal.number)
