"""Telling what was done of what was promised."""

from flask import render_template, url_for

from civic_forum.blocks.pages import handle, saved
from civic_forum.platform.errors import Denied
from civic_forum.platform import clock
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_user, visitor

from .. import policy, services
from ..forms import ReportForm
from ..models import Outcome
from ..queries import records
from .blueprint import desk
from .gate import for_officials


@desk.get("/<id:outcome_id>/reports")
@for_officials
def report_form(outcome_id: int):
    outcome = records.public(outcome_id)
    require(visitor(), policy.may_report, outcome)
    told = records.reports(outcome.id)
    return _page(outcome, ReportForm(formdata=None, data={"seen": str(len(told)), "on": local(clock.now()).date()}))


@desk.post("/<id:outcome_id>/reports")
@for_officials
@by_user
def report(outcome_id: int):
    outcome, form = records.public(outcome_id), ReportForm()
    require(visitor(), policy.may_report, outcome)
    return handle(form, lambda: services.report(outcome.id, form.part(), seen=form.read_version, by=visitor()),
                  lambda: _page(outcome, form),
                  lambda made: saved(_("알렸어요. 결과 화면과 처리 과정에 보여요."),
                                     url_for("outcomes.show", outcome_id=outcome.id) + "#carried-out"), through=Denied)


def _page(outcome: Outcome, form: ReportForm) -> str:
    return render_template("outcomes/report.html", outcome=outcome, form=form, told=records.reports(outcome.id))
