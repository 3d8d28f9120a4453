"""Where ballots arrive: as JSON of one length from the script, or as a form from a page without it.

Nothing here writes a line, an event or a cookie; the routes stay out of every log.
"""

from flask import jsonify, redirect, render_template, request, session, url_for

from civic_forum.ballots import ballot_forms, identities, refusals
from civic_forum.ballots.queries import boxes, casts, rolls
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.ballots.rules.receipts import Receipt
from civic_forum.ballots.services import casting
from civic_forum.ballots.slips import Slip
from civic_forum.ballots.steps.casting import CastForm
from civic_forum.kernel.error_pages import error_page
from civic_forum.kernel.errors import Conflict, Denied, Refusal, Unavailable
from civic_forum.kernel.i18n import _, local, moment
from civic_forum.kernel.web import leaves_no_trace, visitor

from ..models import Poll
from ..queries import records, voting
from .ballot import around, found, page
from .blueprint import bp


@bp.post("/<slug>/casts")
@leaves_no_trace
def cast(slug: str):
    if request.is_json and (known := voting.known(slug, session.get("_user_id"))):
        return _by_script(slug, known)
    poll = found(slug)
    if poll.box is None:
        raise records.missing()
    if not visitor().is_authenticated:
        return _sign_in_first(poll)
    try:
        receipt = _cast(poll.box.id, identities.candidates(visitor()), _sent(poll))
    except refusals.CastingOver as late:
        return _too_late(slug, late)
    except Refusal as refusal:
        return _refused(poll, refusal)
    return _received(poll, receipt)


def _by_script(slug: str, known: voting.Known):
    """The same with little read: this is what nearly all ballots arrive by, a hundred a second."""
    persons = identities.candidates_of(known.user_id, known.identity_hash, known.distinguisher)
    try:
        receipt = _cast(known.box_id, persons, ballot_forms.from_json(request.get_data()))
    except refusals.CastingOver as late:
        return _too_late(slug, late)
    return jsonify(Slip(receipt).to_json())


def _sent(poll: Poll) -> CastForm:
    if request.is_json:
        return ballot_forms.from_json(request.get_data())
    return ballot_forms.from_fields(request.form, boxes.rule_of(poll.box))


def _cast(box_id: bytes, persons: list[bytes], form: CastForm) -> Receipt:
    """As the person who is in the roll: verified, or where the vote admits that, known by the account."""
    *others, last = persons
    for person in others:
        try:
            return casting.cast(box_id, person, form, Channel.ONLINE)
        except refusals.NotInRoll:
            continue
    return casting.cast(box_id, last, form, Channel.ONLINE)


def _received(poll: Poll, receipt: Receipt):
    slip = Slip(receipt)
    if request.is_json:
        return jsonify(slip.to_json())
    return render_template("polls/receipt.html", slip=slip, **around(poll, ballot_forms.title_of(poll.box)))


def _refused(poll: Poll, refusal: Refusal):
    """With script a sentence; without it the same ballot again, or a page that leads to a new one."""
    if request.is_json:
        raise refusal
    if refusal.status == Refusal.status and (form := _opened(poll)):
        rule = boxes.rule_of(poll.box)
        return page(records.whole(poll.slug), form, chosen=ballot_forms.selection(request.form, rule),
                    blank=ballot_forms.is_blank(request.form), refused=str(refusal), status=refusal.status)
    answer = render_template("errors/error.html", status=refusal.status, title=_("투표하지 못했어요"), message=refusal,
                             action_url=url_for(".ballot", slug=poll.slug), action_label=_("투표 화면 다시 열기"))
    wait = getattr(refusal, "retry_after", None)
    return answer, refusal.status, {"Retry-After": str(wait)} if wait else {}


def _opened(poll: Poll):
    """A new ballot for the same person; None where they may not vote after all."""
    entry = rolls.own_entry(poll.box.roll, visitor())
    if not entry.state.may_vote:
        return None
    return ballot_forms.opened(poll.box, entry.person, casts.standing(poll.box.id, entry.person).revision)


def _too_late(slug: str, late: refusals.CastingOver):
    """409: when it closed, when the ballot came, what counts now."""
    poll = records.by_slug(slug)
    came = _("보낸 투표지가 %(day)s %(time)s에 도착해 세지 않았어요. 시각은 투표함의 시계로 재요. "
             "마감 전에 받은 투표지가 있으면 그것을 그대로 세요.", day=moment(late.at).rsplit(" ", 1)[0],
             time=f"{local(late.at):%H:%M:%S}")
    before = _before(poll)
    if request.is_json:
        answer = error_page(late.status, came)
        answer.set_data(jsonify(answer.get_json() | {"type": "closed", "before": before}).get_data())
        return answer
    title = ballot_forms.title_of(poll.box)
    return render_template("polls/closed.html", late=came, before=before, **around(poll, title)), late.status


def _before(poll: Poll) -> str:
    """Whether a ballot came in time."""
    entry = rolls.own_entry(poll.box.roll, visitor())
    try:
        took_part = entry.person is not None and casts.standing(poll.box.id, entry.person).channel is not None
    except Conflict:  # the key is destroyed, and nobody of this name is written down
        took_part = False
    except Unavailable:
        return _("지금은 알 수 없어요")
    return _("있어요") if took_part else _("없어요")


def _sign_in_first(poll: Poll):
    if request.is_json:
        raise Denied(_("로그인이 끝나서 아직 투표하지 못했어요. 다시 로그인한 뒤 투표 화면을 새로 열어 주세요."))
    return redirect(url_for("accounts.sign_in", next=url_for(".ballot", slug=poll.slug)))
