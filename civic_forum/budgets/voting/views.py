"""Pages of the ballots of a round: which there are, casting one or all, and the vote on one envelope."""

from collections.abc import Mapping
from hashlib import sha256

from flask import jsonify, redirect, render_template, request, url_for
from flask_login import login_required

from civic_forum.accounts import session_cookie
from civic_forum.ballots import identities
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.counting import closing
from civic_forum.ballots.published import heads
from civic_forum.ballots.rolls import electorate
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.ballots.voting import refusals, standing
from civic_forum.ballots.voting import ballot as ballot_forms
from civic_forum.ballots.voting import pages as ballot_pages
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.voting.ballot import BallotForm, LastLook, title_of
from civic_forum.ballots.voting.pages import Voting
from civic_forum.ballots.voting.receipts import ReceiptView
from civic_forum.ballots.voting.standing import Actions
from civic_forum.ballots.box import voters
from civic_forum.ballots.box.casting import CastForm, opened_for
from civic_forum.ballots.rules.boxes import Channel, Stage, close_is_due, vote_stage
from civic_forum.platform import clock, countdown
from civic_forum.platform.delivery import becomes_another
from civic_forum.platform.errors import Denied, Invalid, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.web import sign_in_for, unlogged, visitor

from .. import queries as records
from ..models import BudgetRound, Envelope
from ..pages import bp, found, found_envelope
from ..policy import may_read
from ..projects import queries as projects
from . import queries


@bp.get("/<slug>/ballot")
@sign_in_for(ballot_pages.WHY_SIGN_IN, once=records.grows)
@login_required
@unlogged
def ballots(slug: str):
    """Straight to what this person has to fill in; a page of reasons where there is nothing."""
    budget_round = found(slug)
    own = queries.own(budget_round.envelopes, visitor())
    open_to = [vote for vote in own if vote.may_vote]
    if not own:
        return redirect(f"/budgets/{slug}")
    if len(open_to) > 1:
        return redirect(f"/budgets/{slug}/ballot/all")
    if open_to or len(budget_round.envelopes) == 1:
        return redirect(ways_of((open_to or own)[0].envelope).ballot)
    return render_template("budgets/ballot/overview.html", round=budget_round, own=own, ways=ways_of)


@bp.get("/<slug>/ballot/all")
@sign_in_for(ballot_pages.WHY_SIGN_IN, once=records.grows)
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
@sign_in_for(ballot_pages.WHY_SIGN_IN, once=records.grows)
@login_required
@unlogged
def ballot(slug: str, envelope: str):
    purse = found_envelope(slug, envelope)
    return redirect(f"/budgets/{slug}") if purse.box is None else ballot_pages.ballot(voting(purse))


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
    return [(vote.envelope, ballot_forms.opened(
        vote.envelope.box, vote.person, voters.standing(vote.envelope.box_id, vote.person), key=vote.envelope.slug,
        form_key=opened_for(vote.envelope.box_id, vote.person, visitor().id)))
        for vote in queries.own(budget_round.envelopes, visitor()) if vote.may_vote]


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
        pictures=projects.pictures([envelope.id for envelope, _form in forms]),
        closes_at=closes_at, next_votes=ballot_pages.next_votes([envelope.box_id for envelope, _form in forms]),
        **around(budget_round, [envelope for envelope, _form in forms])), status


def around(budget_round: BudgetRound, envelopes: list[Envelope]) -> dict[str, object]:
    """Common context of the page of all, its receipts and the page of late ballots."""
    page = f"/budgets/{budget_round.slug}"
    return {"round": budget_round, "envelopes": envelopes, "box": envelopes[0].box, "title": budget_round.title,
            "ways": Actions(page, ballot_page=f"{page}/ballot", roll_page=f"{page}/ballot"),
            "way": [(_("주민참여예산"), "/budgets"), (budget_round.title, page)]}


TOGETHER = "together"
"""The field in which a page without script names its ballots."""


@bp.post("/<slug>/<envelope>/casts")
@unlogged
def cast(slug: str, envelope: str):
    vote, caller = records.vote(slug, envelope, session_cookie.of_request())
    if may_read(caller, vote):
        raise records.missing()
    if vote.box_id is None:
        raise records.no_envelope() if vote.envelope_id is None else records.missing()
    return ballot_pages.cast(vote.box_id, caller, lambda: voting(records.envelope(records.by_slug(slug), envelope)))


@bp.post("/<slug>/casts")
@unlogged
def cast_all(slug: str):
    """The ballots of one page: one transaction, a receipt for each."""
    budget_round = found(slug)
    if not visitor().is_authenticated:
        return _sign_in_first(budget_round)
    if not request.is_json and not request.form.getlist(TOGETHER):
        return _none_named(budget_round)
    envelopes = _named(budget_round)
    try:
        forms = _sent(envelopes)
        if ballot_pages.wants_look():
            return _look(budget_round, envelopes)
        under = {rolls.key_of(envelope.box_id) for envelope in envelopes}
        receipts = casting.cast_several({envelope.box_id: forms[envelope.slug] for envelope in envelopes},
                                        identities.candidates(visitor(), *under), Channel.ONLINE, visitor().id)
    except refusals.CastingOver as late:
        return _too_late(budget_round, envelopes, late)
    except NotTaken as refusal:
        return _refused(budget_round, envelopes, refusal, refusal.by_slug)
    except Refusal as refusal:
        return _refused(budget_round, envelopes, refusal, {})
    slips = {envelope.slug: ReceiptView.of(receipts[envelope.box_id]) for envelope in envelopes}
    if request.is_json:
        return jsonify({"receipts": {slug: slip.to_json() for slug, slip in slips.items()}})
    return render_template("budgets/ballot/receipts.html", slips=slips,
                           next_votes=ballot_pages.next_votes(list(receipts)), **around(budget_round, envelopes))


def _look(budget_round: BudgetRound, envelopes: list[Envelope]):
    opened = [(envelope, form) for envelope, form in together(budget_round) if envelope in envelopes]
    if len(opened) != len(envelopes):
        return redirect(f"/budgets/{budget_round.slug}/ballot")
    if ballot_pages.AGAIN in request.form:
        return all_page(budget_round, together(budget_round), **_tried(envelopes))
    looks = [LastLook.of(form, ballot_forms.fields_of(request.form, envelope.slug)) for envelope, form in opened]
    return ballot_pages.look(looks, min(purse.box.closes_at for purse in envelopes), around(budget_round, envelopes))


def _tried(envelopes: list[Envelope]) -> dict[str, object]:
    """Fields that were sent without script, for the page that shows them again."""
    fields = {envelope.slug: ballot_forms.fields_of(request.form, envelope.slug) for envelope in envelopes}
    return {"again": list(fields), "blank": {slug: ballot_forms.is_blank(typed) for slug, typed in fields.items()},
            "chosen": {envelope.slug: ballot_forms.selection(fields[envelope.slug], boxes.rule_of(envelope.box))
                       for envelope in envelopes}}


class NotTaken(Refusal):
    """Ballots of one page that do not keep to the limits of their envelopes."""

    def __init__(self, by_slug: Mapping[str, Refusal]) -> None:
        super().__init__(_("고른 것을 다시 확인해 주세요. 아직 아무것도 보내지 않았어요."))
        self.by_slug = by_slug


def _named(budget_round: BudgetRound) -> list[Envelope]:
    """The envelopes whose ballots were sent, in their order. Raises Invalid for none, or one without a box."""
    try:
        sent = request.get_json(silent=True) if request.is_json else request.form.getlist(TOGETHER)
    except RecursionError:
        sent = None
    wanted = set(sent) if isinstance(sent, dict | list) and all(isinstance(slug, str) for slug in sent) else set()
    envelopes = [purse for purse in budget_round.envelopes if purse.slug in wanted and purse.box is not None]
    if not envelopes or len(envelopes) != len(wanted):
        raise Invalid(_("투표지를 읽지 못했어요. 투표 화면을 새로 연 뒤 다시 골라 주세요."))
    return envelopes


def _sent(envelopes: list[Envelope]) -> dict[str, CastForm]:
    """By slug. Raises NotTaken with a sentence for every ballot that cannot be cast like this."""
    if request.is_json:
        return ballot_forms.several_from_json(request.get_data(), [envelope.slug for envelope in envelopes])
    forms, wrong = {}, {}
    for envelope in envelopes:
        try:
            forms[envelope.slug] = ballot_forms.from_fields(
                ballot_forms.fields_of(request.form, envelope.slug), boxes.rule_of(envelope.box))
        except Invalid:
            raise
        except Refusal as refusal:
            wrong[envelope.slug] = refusal
    if wrong:
        raise NotTaken(wrong)
    return forms


def _refused(budget_round: BudgetRound, envelopes: list[Envelope], refusal: Refusal, by_slug: Mapping[str, Refusal]):
    """With script a sentence; without it the same page again, or one that leads to a new one."""
    if request.is_json:
        raise refusal
    forms = together(budget_round)
    if refusal.status != Refusal.status or not set(envelopes) <= {envelope for envelope, _form in forms}:
        return ballot_pages.not_cast(refusal, url_for(".ballots", slug=budget_round.slug))
    return all_page(
        budget_round, forms, refused={slug: str(reason) for slug, reason in by_slug.items()} or {"": str(refusal)},
        groups_refused={slug: getattr(reason, "group", None) for slug, reason in by_slug.items()},
        status=refusal.status, **_tried(envelopes))


def _none_named(budget_round: BudgetRound):
    """Without script, by somebody who has voted in all of them and wants to change none."""
    refusal = Refusal(_("이미 모두 투표했어요. 바꾸고 싶은 것에 표시해 주세요."))
    forms = together(budget_round)
    if not forms or not all(form.changes for _one, form in forms):
        raise Invalid(_("투표지를 읽지 못했어요. 투표 화면을 새로 연 뒤 다시 골라 주세요."))
    return all_page(budget_round, forms, refused={"": str(refusal)}, status=refusal.status)


def _too_late(budget_round: BudgetRound, envelopes: list[Envelope], late: refusals.CastingOver):
    """409, as for one: none of them was taken."""
    vote = voting(envelopes[0])
    if request.is_json:
        return ballot_pages.too_late(vote, late)
    return render_template(
        "ballots/ballot_closed.html", late=ballot_pages.when_it_came(late),
        before=ballot_pages.took_part_before(vote.box), **around(budget_round, envelopes)), late.status


def _sign_in_first(budget_round: BudgetRound):
    if request.is_json:
        raise Denied(_("로그인이 끝나서 아직 투표하지 못했어요. 다시 로그인한 뒤 투표 화면을 새로 열어 주세요."))
    return redirect(url_for("accounts.sign_in", next=url_for(".ballots", slug=budget_round.slug)))


UNDER_WAY = (Stage.OPEN, Stage.COUNTING)


@bp.get("/<slug>/<envelope>")
def vote(slug: str, envelope: str):
    """Stage of the vote on an envelope; before its box is made there is none yet."""
    purse = _closed_if_due(found_envelope(slug, envelope))
    box, now = purse.box, clock.now()
    if box is not None:
        becomes_another(box.opens_at, box.closes_at)
    stage = vote_stage(purse.round.shown_since, box, now)
    signed = heads.of_box(box.id) if box is not None and box.opened_at is not None else []
    return render_template(
        "budgets/ballot/vote.html", envelope=purse, round=purse.round, box=box,
        who=electorate.of_vote(box, purse.roll), stage=stage, way=crumbs_of(purse)[:-1],
        title=title_of(box) if box is not None else f"{purse.round.title} — {purse.name}", ways=ways_of(purse),
        standing=standing.of(ways_of(purse), stage, standing.mine(box, purse.roll, visitor())),
        turnout=standing.turnout(box) if box is not None and stage in UNDER_WAY else None,
        rule=boxes.rule_of(box) if box is not None else None, head=signed[0] if signed else None,
        key_fingerprint=sha256(signed[0].public_key).hexdigest() if signed else None,
        left=countdown.left(box.closes_at, now) if stage is Stage.OPEN else None)


def _closed_if_due(purse: Envelope) -> Envelope:
    if purse.box is None or not close_is_due(purse.box, clock.now()):
        return purse
    slug, envelope = purse.round.slug, purse.slug
    closing.close_if_due(purse.box.id)
    return found_envelope(slug, envelope)
