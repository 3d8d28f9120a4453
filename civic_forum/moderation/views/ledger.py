"""Public pages of acts of moderators: the ledger, and the rules of the house."""

from urllib.parse import urlencode

from flask import render_template, request, url_for

from civic_forum.accounts.labels import ROLE
from civic_forum.kernel import clock
from civic_forum.kernel.i18n import _

from .. import labels
from ..queries import ledger as queries
from ..queries.ledger import LedgerFilter
from ..rules import APPEAL_DAYS, BLOCK_DAYS, Rule
from .blueprint import bp


@bp.get("/moderation/ledger")
def ledger():
    wanted = queries.wanted(request.args.get("rule"), request.args.get("month"))
    page = queries.entries(wanted, request.args.get("after"))
    counted, chosen = queries.counts(clock.now()), _chosen(wanted)
    months = {name: queries.wanted(None, name).month for name in counted}
    rules = [{"label": _("모든 원칙"), "url": _url(wanted, rule=None), "current": wanted.rule is None}, *(
        {"label": labels.RULE[rule], "url": _url(wanted, rule=rule), "current": wanted.rule is rule} for rule in Rule)]
    return render_template(
        "moderation/ledger.html", page=page, rules=rules, counted=counted, months=months, wanted=wanted, labels=labels,
        roles=ROLE, Rule=Rule, now=clock.now(), csv_url=f"/data/moderation.csv?{urlencode(chosen)}",
        month_url=lambda name: _url(wanted, month=name), all_months_url=_url(wanted, month=None),
        after_url=page.after and url_for(".ledger", **chosen, after=page.after))


@bp.get("/moderation/rules")
def house_rules():
    return render_template("moderation/rules.html", labels=labels, Rule=Rule, appeal_days=APPEAL_DAYS,
                           block_days=BLOCK_DAYS)


def _chosen(wanted: LedgerFilter) -> dict[str, str]:
    given = {"rule": wanted.rule and wanted.rule.value, "month": wanted.month and wanted.month.name}
    return {name: value for name, value in given.items() if value}


def _url(wanted: LedgerFilter, **changed) -> str:
    chosen = _chosen(wanted) | {name: value and str(value) for name, value in changed.items()}
    return url_for(".ledger", **{name: value for name, value in chosen.items() if value})
