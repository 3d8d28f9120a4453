"""The ballots of a round: which envelopes somebody votes in, the ballot of one of them, and all on one page."""

from flask import redirect, render_template
from flask_login import login_required

from civic_forum.ballots import ballot_forms
from civic_forum.ballots.ballot_forms import BallotForm
from civic_forum.ballots.box import voters
from civic_forum.ballots.pages import ballot_pages
from civic_forum.ballots.pages.ballot_pages import Voting
from civic_forum.ballots.receipt_view import ReceiptView
from civic_forum.ballots.standing import Actions
from civic_forum.platform import clock, countdown
from civic_forum.platform.i18n import _
from civic_forum.platform.web import unlogged, visitor

from ..models import BudgetRound, Envelope
from ..queries import voting as queries
from .blueprint import bp
from .gate import found, found_envelope


@bp.get("/<slug>/ballot")
@login_required
@unlogged
def ballots(slug: str):
    """In which envelopes this person votes, and which are done."""
    budget_round = found(slug)
    own = queries.own(budget_round, visitor())
    if not own:
        return redirect(f"/budgets/{slug}")
    if len(budget_round.envelopes) == 1:
        return redirect(ways_of(own[0].envelope).ballot)
    return render_template(
        "budgets/ballot/overview.html", round=budget_round, mine=[one for one in own if one.person is not None],
        others=[one for one in own if one.person is None], together=sum(one.may_vote for one in own) > 1,
        ways=ways_of, left=countdown.left(own[0].envelope.box.closes_at, clock.now()))


@bp.get("/<slug>/ballot/all")
@login_required
@unlogged
def all_ballots(slug: str):
    """All of them on one page, sent together."""
    budget_round = found(slug)
    forms = together(budget_round)
    if len(forms) < 2:
        return redirect(f"/budgets/{slug}/ballot")
    return all_page(budget_round, forms)


@bp.get("/<slug>/<envelope>/ballot")
@login_required
@unlogged
def ballot(slug: str, envelope: str):
    one = found_envelope(slug, envelope)
    return redirect(f"/budgets/{slug}") if one.box is None else ballot_pages.ballot(voting(one))


def ways_of(envelope: Envelope) -> Actions:
    budget_round = envelope.round
    others = (_("다른 배정 예산 투표하기"), f"/budgets/{budget_round.slug}/ballot") if len(budget_round.envelopes) > 1 else None
    return Actions(f"/budgets/{budget_round.slug}/{envelope.slug}", onward=others)


def crumbs_of(envelope: Envelope) -> list[tuple[str, str | None]]:
    budget_round = envelope.round
    return [(_("주민참여예산"), "/budgets"), (budget_round.title, f"/budgets/{budget_round.slug}"),
            (envelope.name, ways_of(envelope).page)]


def voting(envelope: Envelope) -> Voting:
    """An envelope that has a box, for the pages of its ballot."""
    return Voting(envelope.box, ways_of(envelope), crumbs_of(envelope))


def together(budget_round: BudgetRound) -> list[tuple[Envelope, BallotForm]]:
    """A new ballot for every envelope in which the visitor may vote on the site now, in their order."""
    return [(one.envelope, ballot_forms.opened(
        one.envelope.box, one.person, voters.standing(one.envelope.box_id, one.person), key=one.envelope.slug))
        for one in queries.own(budget_round, visitor()) if one.may_vote]


def all_page(budget_round: BudgetRound, forms: list[tuple[Envelope, BallotForm]], *, chosen=None, blank=None,
             refused=None,
             groups_refused=None, again=(), status: int = 200):
    """The page of all; by the slug of an envelope what was sent without script, why it was not taken, and for which of
    its groups; `again`: those which somebody who has voted in them already wants to change."""
    closes_at = min(envelope.box.closes_at for envelope, _form in forms)
    return render_template(
        "budgets/ballot/together.html", forms=forms, papers=[form for _envelope, form in forms],
        chosen=chosen or {}, blank=blank or {}, refused=refused or {}, groups_refused=groups_refused or {}, again=again,
        slips={envelope.slug: ReceiptView.blank() for envelope, _form in forms}, late="", before="",
        closes_at=closes_at,
        left=countdown.left(closes_at, clock.now()),
        **around(budget_round, [envelope for envelope, _form in forms])), status


def around(budget_round: BudgetRound, envelopes: list[Envelope]) -> dict[str, object]:
    """Common context of the page of all, its receipts and the page of late ballots."""
    page = f"/budgets/{budget_round.slug}"
    return {"round": budget_round, "envelopes": envelopes, "box": envelopes[0].box, "title": budget_round.title,
            "ways": Actions(page, ballot_page=f"{page}/ballot", roll_page=f"{page}/ballot"),
            "way": [(_("주민참여예산"), "/budgets"), (budget_round.title, page)]}
