"""The desk of a draw: one page with one next step, and letters to print."""

from collections.abc import Callable
from functools import partial

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from civic_forum.blocks.pages import handle, saved
from civic_forum.calls import queries as calls
from civic_forum.calls.judging import queries as applications
from civic_forum.calls.judging.operations import refuse_applicants
from civic_forum.calls.models import Call
from civic_forum.platform import clock
from civic_forum.platform.downloads import csv_on_the_way
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_user, shown_to, visitor

from .. import labels, queries
from ..forms import DrawForm
from ..policy import may_hold
from ..services import holding, leaving, lists, values
from .blueprint import desk
from .public import letter_page


def _held(slug: str) -> Call:
    call = calls.slugged(slug)
    require(visitor(), may_hold, call)
    refuse_applicants(visitor(), call)
    return call


@desk.get("/<slug>")
@shown_to(may_hold)
def show(slug: str) -> ResponseReturnValue:
    return _page(_held(slug), DrawForm(formdata=None))


def _page(call: Call, form: DrawForm) -> str:
    draw, drawn = queries.last_of(call), [
        each for each, _entry in queries.of_call(call.id) if clock.now() >= values.lottery_at(each)]
    form.attempt.choices = [(each.attempt, _("%(number)s번째 추첨", number=each.attempt)) for each in drawn[::-1]]
    is_standing = draw is not None and draw.committed_at is not None and draw.ended_at is None
    acts = leaving.ENDING if is_standing else lists.COMMIT
    pending = acts.pending(holding.subject_of(draw)) if draw else None
    late = values.LATE.pending(holding.subject_of(draw)) if is_standing else None
    if draw and not form.is_submitted():
        form.observers.data = "\n".join(f"{each['name']}, {each['key']}" for each in draw.observers)
    return render_template(
        "draws/desk.html", call=call, draw=draw, form=form, labels=labels, is_standing=is_standing, pending=pending,
        seen=pending and acts.fingerprint(draw).hex(),
        lottery_at=local(values.lottery_at(draw)) if is_standing else None,
        is_drawn_outside=draw in drawn, is_earlier_drawn=bool({*drawn} - {draw}),
        trail=[(_("업무 화면"), "/desk"), (_("모집·공모"), "/desk/calls"), (call.title, f"/desk/calls/{call.slug}")],
        is_late=is_standing and values.may_state_late(visitor(), draw) is None,
        late=late if late and late.until > clock.now() else None,
        own_values=[entry for each in drawn for entry in queries.entries(each.id) if entry.by_id == visitor().id],
        known=queries.values(draw.id) if is_standing else None,
        seats_kept=queries.seats_kept(draw) if draw and draw.ended_at and call.filled_id else 0,
        going=[(person, number, *(acts.pending(leaving.subject_of(person)) for acts in (
            leaving.PASSING, leaving.KEEPING)))
               for person, number in queries.going(call.id)])


@desk.post("/<slug>")
@shown_to(may_hold)
@by_user
def act(slug: str) -> ResponseReturnValue:
    call, form, me = _held(slug), DrawForm(), visitor()
    draw = queries.last_of(call)
    subject, seen = holding.subject_of(draw) if draw else "", form.fingerprint
    *balls, bonus = form.typed_balls or [0]
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "list": (partial(lists.make_list, slug, by=me), _("명단을 만들었어요. 읽어 보고 잠그자고 해 주세요.")),
        "observers": (partial(lists.name_observers, slug, form.observers.data or "", by=me), _("참관인을 적었어요.")),
        "commit": (partial(lists.COMMIT.propose, subject, by=me), _("다른 담당자가 확인하면 명단을 잠가요.")),
        "confirm_commit": (partial(lists.COMMIT.confirm, subject, seen=seen, by=me), _("명단을 잠그고 모두에게 알렸어요.")),
        "values": (partial(values.enter, slug, balls, bonus, (form.signature.data or "").strip(), by=me,
                           attempt=form.attempt.data),
                   _("적었어요. 두 사람이 같게 적으면 결과가 나와요.")),
        "late": (partial(values.LATE.propose, subject, by=me), _("다른 담당자가 확인하면 다음 로또로 뽑아요.")),
        "confirm_late": (partial(values.LATE.confirm, subject, by=me), _("다음 로또로 뽑기로 했어요.")),
        "pass": (lambda: leaving.propose_passing(slug, form.number.data or "", form.why, by=me),
                 _("다른 담당자가 확인하면 본인에게 알려요.")),
        "confirm_pass": (lambda: leaving.confirm_passing(slug, form.number.data or "", seen=seen, by=me),
                         _("확인했어요.")),
        **{name: (partial(leaving.settle, acts_of, slug, form.number.data or "", by=me), _(
            "적었어요. 다른 담당자가 한 번 더 누르면 그렇게 돼요.")) for name, acts_of in (
                ("keep", leaving.KEEPING), ("restore", leaving.RESTORING))},
        "end": (partial(leaving.propose_end, slug, form.reason.data or "", form.decision.data or "", by=me),
                _("다른 담당자가 확인하면 이 추첨을 끝내요.")),
        "confirm_end": (partial(leaving.ENDING.confirm, subject, seen=seen, by=me), _("이 추첨을 끝냈어요."))}
    carry_out, told = acts.get(form.act.data or "", (None, ""))
    if carry_out is None:
        raise Refusal(_("하나를 골라 주세요."))
    return handle(form, carry_out, lambda: _page(calls.slugged(slug), form),
                  lambda _made: saved(told, url_for(".show", slug=slug)))


@desk.post("/<slug>/observers")
@shown_to(may_hold)
@by_user
def tell_observers(slug: str) -> ResponseReturnValue:
    """People under their numbers, as a file for the observers alone."""
    _held(slug)
    return csv_on_the_way(f"draw-{slug}-observers", ("receipt", "number", "salt", "name", "birthday"),
                          lists.for_observers(slug, by=visitor()))


@desk.get("/<slug>/letters/<number>")
@shown_to(may_hold)
def letter(slug: str, number: str) -> ResponseReturnValue:
    """The letter of somebody without an account, to print; who looked is on record."""
    call = _held(slug)
    application = applications.application(call, number)
    lists.note_letter(slug, application.id, by=visitor())
    return letter_page(slug, application.id)
