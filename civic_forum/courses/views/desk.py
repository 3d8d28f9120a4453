"""The desk of a course: its sessions, who came, certificates on paper."""

from collections.abc import Callable
from functools import partial

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from civic_forum.blocks.pages import handle, saved
from civic_forum.blocks.several import act_on_several
from civic_forum.calls import queries as calls
from civic_forum.calls.judging.operations import refuse_applicants
from civic_forum.calls.models import Call
from civic_forum.platform import clock
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, _n
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_user, never_cached, shown_to, visitor

from .. import labels, queries, rules, services
from ..forms import CertificateForm, PresenceForm, SessionForm
from ..policy import may_hold
from .blueprint import desk
from .public import certificate_page


def _held(slug: str) -> Call:
    call = calls.slugged(slug)
    require(visitor(), may_hold, call)
    refuse_applicants(visitor(), call)
    return call


def _page(call: Call, form: SessionForm, paper: CertificateForm) -> str:
    gatherings = queries.sessions(call.id)
    return render_template(
        "courses/desk.html", call=call, form=form, paper=paper, sessions=gatherings, counts=queries.counts(call.id),
        taught=labels.hours(rules.minutes(gatherings)), trail=_trail(call))


def _trail(call: Call) -> list[tuple[str, str]]:
    return [(_("업무 화면"), "/desk"), (_("모집·공모"), "/desk/calls"), (call.title, f"/desk/calls/{call.slug}")]


@desk.get("/sessions")
@shown_to(may_hold)
def sessions(slug: str) -> ResponseReturnValue:
    return _page(_held(slug), SessionForm(formdata=None), CertificateForm(formdata=None))


@desk.post("/sessions")
@shown_to(may_hold)
@by_user
def act(slug: str) -> ResponseReturnValue:
    """A session added or taken out, or places for all who were chosen."""
    call, form = _held(slug), SessionForm()
    acts: dict[str, Callable[[], object]] = {
        "add": lambda: services.add_session(slug, form.forum.value or "", by=visitor()),
        "remove": partial(services.remove_session, slug, form.session.data or "", by=visitor()),
        "give": partial(services.give_all, slug, by=visitor())}
    if (carry_out := acts.get(form.act.data or "")) is None:
        raise Refusal(_("하나를 골라 주세요."))
    return handle(form, carry_out, lambda: _page(call, form, CertificateForm(formdata=None)), lambda count: saved(
        _n("자리 %(num)s개를 잡고 알렸어요.", "자리 %(num)s개를 잡고 알렸어요.", count) if count else _("저장했어요."),
        url_for(".sessions", slug=slug)))


@desk.get("/sessions/<forum_slug>")
@shown_to(may_hold)
def session(slug: str, forum_slug: str) -> ResponseReturnValue:
    """Those who have a place, with a box for who came."""
    call = _held(slug)
    gathering = queries.session(call.id, forum_slug)
    page = queries.people(call.id, gathering.id, request.args.get("after"))
    came = queries.minutes([row.attendance.application_id for row in page.items])
    fault = rules.why_not_note(gathering, clock.now())
    return render_template(
        "courses/session.html", call=call, session=gathering, rows=[
            (row, labels.progress(call.hours, came.get(row.attendance.application_id, 0))) for row in page.items],
        form=PresenceForm(formdata=None), why_not=labels.FAULT[fault] if fault else None, trail=_trail(call),
        counts=queries.counts(call.id).get(gathering.id, (0, 0)), most=rules.REASON_MOST,
        after_url=page.after and url_for(".session", slug=slug, forum_slug=forum_slug, after=page.after))


@desk.post("/sessions/<forum_slug>")
@shown_to(may_hold)
@by_user
def note(slug: str, forum_slug: str) -> ResponseReturnValue:
    """Presence of those who were ticked, or what was noted of them taken back."""
    form, present = PresenceForm(), request.form.get("act") != "take_back"
    return act_on_several(
        lambda number: services.note(slug, forum_slug, number, present, form.reason.data or "", by=visitor()),
        lambda done: _n("%(num)s명의 출석을 적었어요.", "%(num)s명의 출석을 적었어요.", done) if present else
        _n("%(num)s명의 출석을 거두었어요.", "%(num)s명의 출석을 거두었어요.", done),
        url_for(".session", slug=slug, forum_slug=forum_slug))


@desk.post("/certificates")
@shown_to(may_hold)
@never_cached
@by_user
def certify(slug: str) -> ResponseReturnValue:
    """A certificate on paper, for somebody without an account."""
    call, form = _held(slug), CertificateForm()
    return handle(form, lambda: services.certify_at_desk(slug, form.number.data or "", form.name.data or "",
                                                         by=visitor()),
                  lambda: _page(call, SessionForm(formdata=None), form),
                  lambda certificate: certificate_page(certificate, form.name.data or ""))
