"""Pages of acts on one's own texts and account, and of one's reports."""

from flask import redirect, render_template, request, url_for
from flask_login import login_required

from civic_forum.platform.web import never_cached, visitor

from .. import labels
from ..policy import may_read_action, may_take_back
from ..queries import actions, own
from ..queries.own import appeal_section
from .blueprint import bp
from .gate import concerned


@bp.get("/moderation/actions/<id:action_id>")
@never_cached
def action(action_id: int):
    """For whom it concerns, also where the account is blocked, and for moderators."""
    person = concerned()
    if person is None:
        return redirect(url_for("accounts.sign_in", next=request.path))
    found = actions.action(action_id)
    if may_read_action(person, found):
        raise actions.missing()
    section = appeal_section(found, person)
    return render_template(
        "moderation/action.html", action=found, thing=own.thing(found), labels=labels, person=person,
        is_own=found.user_id == person.id, sections=[section] if section else [],
        can_end=found.ended_at is None and may_take_back(visitor(), found) is None)


@bp.get("/me/actions")
@never_cached
def own_actions():
    person = concerned()
    if person is None:
        return redirect(url_for("accounts.sign_in", next=request.path))
    return render_template("moderation/own_actions.html", acts=actions.about(person), labels=labels, person=person)


@bp.get("/me/reports")
@never_cached
@login_required
def own_reports():
    return render_template("moderation/own_reports.html", reports=own.reports(visitor()), labels=labels)
