"""Appeals against an act: made, and decided by another moderator."""

from flask import abort, redirect, render_template, request, url_for

from civic_forum.blocks.pages import handle, saved
from civic_forum.platform import clock
from civic_forum.platform.errors import Denied, NotFound
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require, why_not
from civic_forum.platform.web import by_address, by_user, never_cached, visitor

from .. import labels, services
from ..forms import AppealForm, VerdictForm
from ..pages import bp, concerned, desk, for_moderators
from ..policy import may_appeal
from ..queries import actions, appeals, things
from ..rules import APPEAL_DAYS


@bp.get("/moderation/actions/<id:action_id>/appeal")
@never_cached
def appeal_form(action_id: int):
    person, action = concerned(), actions.action(action_id)
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
    person, action, form = concerned(), actions.action(action_id), AppealForm()
    if person is None:
        abort(401)
    return handle(form, lambda: services.appeals.appeal(action.id, text=form.text.data or "", by=person),
                  lambda: _own_page(actions.action(action_id), form),
                  lambda made: saved(_("이의를 신청했어요. 다른 운영자가 살펴보고 답해요."), url_for(".action", action_id=action_id)),
                  through=(Denied, NotFound))


def _own_page(action, form) -> str:
    return render_template("moderation/appeal.html", action=action, form=form, labels=labels, days=APPEAL_DAYS)


@desk.get("/appeals")
@for_moderators
def list_appeals():
    wanted = appeals.WAITING.read(request.args)
    page = appeals.waiting(wanted, request.args.get("after"))
    shown = things.shown([(case.action.subject_kind, case.action.subject_id) for case in page.items])
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
    return handle(form, lambda: services.appeals.decide_appeal(
        appeals.case(appeal_id).appeal.id, upheld=form.says_yes(), decision=form.decision.data or "", by=visitor()),
                  lambda: _case_page(appeals.case(appeal_id), form),
                  lambda _made: saved(_("결정을 알렸어요."), url_for(".list_appeals")),
                  public=True, through=(Denied, NotFound))


def _decision(**options) -> VerdictForm:
    return VerdictForm(_("이의를 받아들여요. 조치 전으로 돌려놓아요."), _("받아들이지 않아요. 조치가 그대로 있어요."), **options)


def _case_page(case: appeals.AppealCase, form: VerdictForm) -> str:
    about = case.action.subject_kind, case.action.subject_id
    return render_template("moderation/desk/appeal.html", case=case, form=form, labels=labels,
                           thing=things.shown([about]).get(about),
                           why_not_decide=why_not(visitor(), "moderation.decide", case.decided))
