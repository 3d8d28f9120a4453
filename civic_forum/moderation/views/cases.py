"""One reported text with what stands around it, and what a moderator does about it."""

from flask import flash, redirect, render_template, url_for

from civic_forum.blocks.pages import handle, saved
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_user, visitor

from .. import services, labels
from ..forms import DecisionForm
from ..policy import may_keep
from ..queries import actions, cases
from ..rules import ActionKind, Rule
from .blueprint import desk
from .gate import for_moderators


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
