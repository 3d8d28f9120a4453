"""Cases before moderators: the queue of reports, one of them, and ends of acts."""

from datetime import timedelta

from flask import render_template, request, url_for

from civic_forum.blocks import sections
from civic_forum.blocks.pages import handle, saved
from civic_forum.platform import clock
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_user, visitor

from .. import labels, services
from ..forms import DecisionForm
from ..pages import desk, for_moderators
from ..policy import may_keep
from ..queries import actions, cases, waves
from ..queries import queue as reports
from ..rules import ActionKind, Rule


@desk.get("/reports/<kind>/<id:subject_id>")
@for_moderators
def case(kind: str, subject_id: int):
    review = cases.case(kind, subject_id, visitor())
    named = [report.rule for report in review.reports]
    form = DecisionForm(formdata=None, seen=str(review.seen),
                        rule=max(sorted(set(named)), key=named.count) if named else None)
    return _page(form, review)


@desk.post("/reports/<kind>/<id:subject_id>")
@for_moderators
@by_user
def decide(kind: str, subject_id: int):
    cases.case(kind, subject_id, visitor())  # nothing to decide about is a page of its own
    form = DecisionForm()
    return handle(form, lambda: services.cases.decide(
        kind, subject_id, form.decision(), seen=form.read_up_to, by=visitor()),
                  lambda: _page(form, cases.case(kind, subject_id, visitor())),
                  lambda made: saved(_("조치했어요. 글쓴이에게 이유와 이의 신청 방법을 알려요.") if made
                                     else _("글을 그대로 두고 신고를 마쳤어요."), url_for("moderation_desk.queue")),
                  checks=True, public=True)


@desk.get("/actions/<id:action_id>/end")
@for_moderators
def ending(action_id: int):
    return render_template("moderation/end.html", action=actions.action(action_id), labels=labels)


@desk.post("/actions/<id:action_id>/end")
@for_moderators
@by_user
def end(action_id: int):
    action = services.cases.take_back(action_id, by=visitor())
    return saved(_("조치를 되돌렸어요. 글쓴이에게 알려요."), _back(action))


def _back(action) -> str:
    if action.subject_kind == "user":
        return url_for("moderation.action", action_id=action.id)
    return url_for("moderation_desk.case", kind=action.subject_kind, subject_id=action.subject_id)


def _page(form: DecisionForm, review: cases.ReviewCase, status: int = 200):
    return render_template("moderation/case.html", form=form, case=review, labels=labels, Rule=Rule,
                           ActionKind=ActionKind,
                           why_not=may_keep(visitor(), review.author and review.author.id)), status


RECENT = timedelta(days=30)
"""So long an act is offered to be taken back beside the queue."""


@desk.get("/reports")
@for_moderators
def queue():
    wanted = reports.QUEUE.read(request.args)
    page = reports.waiting(wanted, visitor().id, request.args.get("after"))
    by_kind, by_rule = sections.kept(reports.totals, visitor().id)
    return render_template("moderation/queue.html", page=page, labels=labels, wanted=wanted, several=waves.TEXTS,
                           kinds=wanted.links("kind", totals={None: sum(by_kind.values())} | dict.fromkeys(
                               wanted.choices("kind"), 0) | by_kind),
                           rules=wanted.links("rule", totals=dict.fromkeys(Rule, 0) | by_rule, every=_("모든 원칙")),
                           latest=actions.latest(clock.now() - RECENT),
                           after_url=page.after and wanted.address(after=page.after))
