"""Desk pages of moderation: the queue, a case, appeals."""

from datetime import timedelta

from flask import abort, flash, redirect, render_template, request, url_for

from civic_forum.blocks import sections
from civic_forum.blocks.pages import handle, saved
from civic_forum.platform import clock
from civic_forum.platform.errors import Denied, NotFound
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require, why_not
from civic_forum.platform.web import by_address, by_user, never_cached, visitor

from .. import labels, services
from .. import queries as moderation_queries
from ..forms import AppealForm, DecisionForm, VerdictForm
from ..pages import bp, concerned, desk, for_moderators
from ..policy import may_appeal, may_keep
from ..queries import actions, appeals, cases, things, waves
from ..queries import queue as queries
from ..rules import APPEAL_DAYS, ActionKind, Rule


@desk.get("/reports/<kind>/<id:subject_id>")
@for_moderators
def case(kind: str, subject_id: int):
    found = cases.case(kind, subject_id)
    named = [one.rule for one in found.reports]
    form = DecisionForm(formdata=None, seen=str(found.seen),
                        rule=max(sorted(set(named)), key=named.count) if named else None)
    return _page(form, found)


@desk.post("/reports/<kind>/<id:subject_id>")
@for_moderators
@by_user
def decide(kind: str, subject_id: int):
    cases.case(kind, subject_id)  # nothing to decide about is a page of its own
    form = DecisionForm()

    def act() -> object:
        form.refuse_personal_numbers()
        return services.decide(kind, subject_id, form.decision(), seen=form.read_up_to, by=visitor())

    return handle(form, act, lambda: _page(form, cases.case(kind, subject_id)),
                  lambda made: saved(_("조치했어요. 글쓴이에게 까닭과 이의 신청 방법을 알려요.") if made
                                     else _("글을 그대로 두고 신고를 마쳤어요."), url_for("moderation_desk.queue")),
                  checks=True)


@desk.get("/actions/<id:action_id>/end")
@for_moderators
def ending(action_id: int):
    return render_template("moderation/end.html", action=actions.action(action_id), labels=labels)


@desk.post("/actions/<id:action_id>/end")
@for_moderators
@by_user
def end(action_id: int):
    action = services.take_back(action_id, by=visitor())
    flash(_("조치를 되돌렸어요. 글쓴이에게 알려요."), "success")
    return redirect(_back(action), 303)


def _back(action) -> str:
    if action.subject_kind == "user":
        return url_for("moderation.action", action_id=action.id)
    return url_for("moderation_desk.case", kind=action.subject_kind, subject_id=action.subject_id)


def _page(form: DecisionForm, found: cases.ReviewCase, status: int = 200):
    return render_template("moderation/case.html", form=form, case=found, labels=labels, Rule=Rule,
                           ActionKind=ActionKind,
                           why_not=may_keep(visitor(), found.author.id)), status


RECENT = timedelta(days=30)
"""So long an act is offered to be taken back beside the queue."""


@desk.get("/reports")
@for_moderators
def queue():
    wanted = queries.QUEUE.read(request.args)
    page = queries.waiting(wanted, visitor().id, request.args.get("after"))
    by_kind, by_rule = sections.kept(queries.totals, visitor().id)
    return render_template("moderation/queue.html", page=page, labels=labels, wanted=wanted, several=waves.TEXTS,
                           kinds=wanted.links("kind", totals={None: sum(by_kind.values())} | dict.fromkeys(
                               wanted.choices("kind"), 0) | by_kind),
                           rules=wanted.links("rule", totals=dict.fromkeys(Rule, 0) | by_rule, every=_("모든 원칙")),
                           latest=actions.latest(clock.now() - RECENT),
                           after_url=page.after and wanted.address(after=page.after))


@bp.get("/moderation/actions/<id:action_id>/appeal")
@never_cached
def appeal_form(action_id: int):
    person, action = concerned(), moderation_queries.actions.action(action_id)
    if person is None:
        return redirect(url_for("accounts.sign_in", next=request.path))
    require(person, may_appeal, action)
    if appeals.of_action(action.id):
        return redirect(url_for(".action", action_id=action_id), 303)
    return _own_page(action, AppealForm(formdata=None))


@bp.post("/moderation/actions/<id:action_id>/appeal")
@never_cached
@by_address
@by_user
def appeal(action_id: int):
    """By whom it concerns, also where the account is blocked."""
    person, action, form = concerned(), moderation_queries.actions.action(action_id), AppealForm()
    if person is None:
        abort(401)
    return handle(form, lambda: services.appeal(action.id, text=form.text.data or "", by=person),
                  lambda: _own_page(moderation_queries.actions.action(action_id), form),
                  lambda made: saved(_("이의를 신청했어요. 다른 운영자가 살펴보고 답해요."), url_for(".action", action_id=action_id)),
                  through=(Denied, NotFound))


def _own_page(action, form) -> str:
    return render_template("moderation/appeal.html", action=action, form=form, labels=labels, days=APPEAL_DAYS)


@desk.get("/appeals")
@for_moderators
def list_appeals():
    wanted = appeals.WAITING.read(request.args)
    page = appeals.waiting(wanted, request.args.get("after"))
    shown = things.shown([(one.action.subject_kind, one.action.subject_id) for one in page.items])
    return render_template("moderation/desk/appeals.html", page=page, shown=shown, labels=labels,
                           today=local(clock.now()).date(), wanted=wanted,
                           after_url=page.after and wanted.address(after=page.after))


@desk.get("/appeals/<id:appeal_id>")
@for_moderators
def appeal_case(appeal_id: int):
    return _case_page(appeals.case(appeal_id), _decision(formdata=None))


@desk.post("/appeals/<id:appeal_id>")
@for_moderators
@by_user
def decide_appeal(appeal_id: int):
    form = _decision()

    def act():
        form.refuse_personal_numbers()
        services.decide_appeal(appeals.case(appeal_id).appeal.id, upheld=form.says_yes(),
                               decision=form.decision.data or "", by=visitor())

    return handle(form, act, lambda: _case_page(appeals.case(appeal_id), form),
                  lambda made: saved(_("결정을 알렸어요."), url_for(".list_appeals")), through=(Denied, NotFound))


def _decision(**given) -> VerdictForm:
    return VerdictForm(_("이의를 받아들여요. 조치 전으로 돌려놓아요."), _("받아들이지 않아요. 조치가 그대로 있어요."), **given)


def _case_page(case: appeals.AppealCase, form: VerdictForm) -> str:
    about = case.action.subject_kind, case.action.subject_id
    return render_template("moderation/desk/appeal.html", case=case, form=form, labels=labels,
                           thing=things.shown([about]).get(about),
                           why_not_decide=why_not(visitor(), "moderation.decide", case.decided))
