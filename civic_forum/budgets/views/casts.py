"""Casting of ballots of a round: for one envelope, or for several at once, all of them or none.

Nothing here writes a line, an event or a cookie; the routes stay out of every log.
"""

from collections.abc import Mapping

from flask import jsonify, redirect, render_template, request, session, url_for

from civic_forum.ballots import ballot_forms, identities, refusals
from civic_forum.ballots.box.casting import CastForm
from civic_forum.ballots.pages import ballot_pages
from civic_forum.ballots.queries import boxes
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.ballots.services import casting
from civic_forum.ballots.receipt_view import ReceiptView
from civic_forum.platform.errors import Denied, Invalid, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.web import unlogged, visitor

from ..models import BudgetRound, Envelope
from ..policy.acting import may_read
from ..queries import records
from . import ballot
from .blueprint import bp
from .gate import found

TOGETHER = "together"
"""The field in which a page without script names its ballots."""


@bp.post("/<slug>/<envelope>/casts")
@unlogged
def cast(slug: str, envelope: str):
    vote, caller = records.vote(slug, envelope, session.get("_user_id"))
    if may_read(caller, vote):
        raise records.missing()
    if vote.box_id is None:
        raise records.no_envelope() if vote.envelope_id is None else records.missing()
    return ballot_pages.cast(vote.box_id, caller,
                             lambda: ballot.voting(records.envelope(records.by_slug(slug), envelope)))


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
        receipts = casting.cast_several({one.box_id: forms[one.slug] for one in envelopes},
                                        identities.candidates(visitor()), Channel.ONLINE)
    except refusals.CastingOver as late:
        return _too_late(budget_round, envelopes, late)
    except NotTaken as refusal:
        return _refused(budget_round, envelopes, refusal, refusal.by_slug)
    except Refusal as refusal:
        return _refused(budget_round, envelopes, refusal, {})
    slips = {one.slug: ReceiptView.of(receipts[one.box_id]) for one in envelopes}
    if request.is_json:
        return jsonify({"receipts": {slug: slip.to_json() for slug, slip in slips.items()}})
    return render_template("budgets/ballot/receipts.html", slips=slips, **ballot.around(budget_round, envelopes))


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
    wanted = set(sent) if isinstance(sent, dict | list) and all(isinstance(one, str) for one in sent) else set()
    found = [one for one in budget_round.envelopes if one.slug in wanted and one.box is not None]
    if not found or len(found) != len(wanted):
        raise Invalid(_("투표지를 읽지 못했어요. 투표 화면을 새로 연 뒤 다시 골라 주세요."))
    return found


def _sent(envelopes: list[Envelope]) -> dict[str, CastForm]:
    """By slug. Raises NotTaken with a sentence for every ballot that cannot be cast like this."""
    if request.is_json:
        return ballot_forms.several_from_json(request.get_data(), [one.slug for one in envelopes])
    forms, wrong = {}, {}
    for one in envelopes:
        try:
            forms[one.slug] = ballot_forms.from_fields(
                ballot_forms.fields_of(request.form, one.slug), boxes.rule_of(one.box))
        except Invalid:
            raise
        except Refusal as refusal:
            wrong[one.slug] = refusal
    if wrong:
        raise NotTaken(wrong)
    return forms


def _refused(budget_round: BudgetRound, envelopes: list[Envelope], refusal: Refusal, by_slug: Mapping[str, Refusal]):
    """With script a sentence; without it the same page again, or one that leads to a new one."""
    if request.is_json:
        raise refusal
    forms = ballot.together(budget_round)
    if refusal.status != Refusal.status or not set(envelopes) <= {one for one, _form in forms}:
        return ballot_pages.not_cast(refusal, url_for(".ballots", slug=budget_round.slug))
    fields = {one.slug: ballot_forms.fields_of(request.form, one.slug) for one in envelopes}
    return ballot.all_page(
        budget_round, forms, refused={slug: str(one) for slug, one in by_slug.items()} or {"": str(refusal)},
        groups_refused={slug: getattr(one, "group", None) for slug, one in by_slug.items()}, status=refusal.status,
        again=list(fields),
        chosen={one.slug: ballot_forms.selection(fields[one.slug], boxes.rule_of(one.box)) for one in envelopes},
        blank={one.slug: ballot_forms.is_blank(fields[one.slug]) for one in envelopes})


def _none_named(budget_round: BudgetRound):
    """Without script, by somebody who has voted in all of them and wants to change none."""
    refusal = Refusal(_("이미 모두 투표했어요. 바꾸고 싶은 것에 표시해 주세요."))
    forms = ballot.together(budget_round)
    if not forms or not all(form.changes for _one, form in forms):
        raise Invalid(_("투표지를 읽지 못했어요. 투표 화면을 새로 연 뒤 다시 골라 주세요."))
    return ballot.all_page(budget_round, forms, refused={"": str(refusal)}, status=refusal.status)


def _too_late(budget_round: BudgetRound, envelopes: list[Envelope], late: refusals.CastingOver):
    """409, as for one: none of them was taken."""
    vote = ballot.voting(envelopes[0])
    if request.is_json:
        return ballot_pages.too_late(vote, late)
    return render_template(
        "ballots/ballot_closed.html", late=ballot_pages.when_it_came(late),
        before=ballot_pages.took_part_before(vote.box), **ballot.around(budget_round, envelopes)), late.status


def _sign_in_first(budget_round: BudgetRound):
    if request.is_json:
        raise Denied(_("로그인이 끝나서 아직 투표하지 못했어요. 다시 로그인한 뒤 투표 화면을 새로 열어 주세요."))
    return redirect(url_for("accounts.sign_in", next=url_for(".ballots", slug=budget_round.slug)))
