"""Public pages of acts of moderators: the ledger, and the rules of the house."""

from typing import Any
from urllib.parse import urlencode

from flask import render_template, request

from civic_forum.accounts.labels import ROLE
from civic_forum.blocks import sections
from civic_forum.blocks.listing import Given
from civic_forum.platform import clock
from civic_forum.platform.delivery import becomes_another
from civic_forum.platform.i18n import _

from .. import labels
from ..queries import ledger as queries
from ..rules import APPEAL_DAYS, BLOCK_DAYS, Rule
from .blueprint import bp


@bp.get("/moderation/ledger")
def ledger():
    return sections.page(_ledger, queries.LEDGER.given(request.args))


def _ledger(given: Given) -> tuple[str, dict[str, Any]]:
    wanted, now = queries.LEDGER.read(given), clock.now()
    page, counted = wanted.page(given.get("after")), queries.counts(now)
    becomes_another(*[one.until for one in page.items if one.until])
    return "moderation/ledger.html", {
        "page": page, "rules": wanted.links("rule", every=_("모든 원칙")), "counted": counted,
        "months": {name: queries.named(name) for name in counted}, "wanted": wanted,
        "month": wanted["month"] and queries.named(wanted["month"]), "labels": labels, "roles": ROLE, "Rule": Rule,
        "now": now, "csv_url": f"/data/moderation.csv?{urlencode(wanted.said)}",
        "after_url": page.after and wanted.address(after=page.after)}


@bp.get("/moderation/rules")
def house_rules():
    return render_template("moderation/rules.html", labels=labels, Rule=Rule, appeal_days=APPEAL_DAYS,
                           block_days=BLOCK_DAYS)
