"""The ledger of moderation, and acts for whom they concern."""

from typing import Any
from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for

from civic_forum.accounts.labels import ROLE
from civic_forum.blocks import sections
from civic_forum.blocks.listing import Given
from civic_forum.platform import clock
from civic_forum.platform.delivery import becomes_another
from civic_forum.platform.i18n import _
from civic_forum.platform.web import never_cached, visitor

from .. import labels
from ..pages import bp, concerned
from ..policy import may_read_action, may_take_back
from ..queries import actions
from ..queries.actions import appeal_section
from ..rules import APPEAL_DAYS, BLOCK_DAYS, Rule


@bp.get("/moderation/ledger")
def ledger():
    return sections.page(_ledger, actions.LEDGER.given(request.args))


def _ledger(arguments: Given) -> tuple[str, dict[str, Any]]:
    wanted, now = actions.LEDGER.read(arguments), clock.now()
    page, counted = wanted.page(arguments.get("after")), actions.counts(now)
    becomes_another(*[action.until for action in page.items if action.until])
    return "moderation/ledger.html", {
        "page": page, "rules": wanted.links("rule", every=_("모든 원칙")), "counted": counted,
        "months": {name: actions.named(name) for name in counted}, "wanted": wanted,
        "month": wanted["month"] and actions.named(wanted["month"]), "labels": labels, "roles": ROLE, "Rule": Rule,
        "now": now, "csv_url": f"/data/moderation.csv?{urlencode(wanted.said)}",
        "after_url": page.after and wanted.address(after=page.after)}


@bp.get("/moderation/rules")
def house_rules():
    return render_template("moderation/rules.html", labels=labels, Rule=Rule, appeal_days=APPEAL_DAYS,
                           block_days=BLOCK_DAYS)


@bp.get("/moderation/actions/<id:action_id>")
@never_cached
def action(action_id: int):
    """For whom it concerns, also where the account is blocked, and for moderators."""
    person = concerned()
    if person is None:
        return redirect(url_for("accounts.sign_in", next=request.path))
    act = actions.action(action_id)
    if may_read_action(person, act):
        raise actions.missing()
    section = appeal_section(act, person)
    return render_template(
        "moderation/action.html", action=act, thing=actions.thing(act), labels=labels, person=person,
        is_own=act.user_id == person.id, sections=[section] if section else [],
        can_end=act.ended_at is None and may_take_back(visitor(), act) is None)


@bp.get("/me/actions")
@never_cached
def own_actions():
    person = concerned()
    if person is None:
        return redirect(url_for("accounts.sign_in", next=request.path))
    return render_template("moderation/own_actions.html", acts=actions.about(person), labels=labels, person=person)
