"""Pages of the queue of reports."""

from datetime import timedelta

from flask import render_template, request, url_for

from civic_forum.kernel import clock
from civic_forum.kernel.filters import unknown
from civic_forum.kernel.i18n import _
from civic_forum.kernel.web import visitor

from .. import labels
from ..queries import actions, waves
from ..queries import queue as queries
from ..queries.texts import texts
from ..rules import Rule
from .blueprint import desk
from .gate import for_moderators

RECENT = timedelta(days=30)
"""So long an act is offered to be taken back beside the queue."""


@desk.get("/reports")
@for_moderators
def queue():
    kind, rule = _one_of(tuple(texts()), "kind"), _one_of(tuple(Rule), "rule")
    page = queries.waiting(visitor().id, kind=kind, rule=rule and Rule(rule), after=request.args.get("after"))
    by_kind, by_rule = queries.totals(visitor().id)
    kinds = [{"label": _("모두"), "url": _url(None, rule), "current": kind is None, "total": sum(by_kind.values())}, *(
        {"label": labels.SUBJECT[one], "url": _url(one, rule), "current": kind == one, "total": by_kind.get(one, 0)}
        for one in texts())]
    rules = [{"label": _("모든 원칙"), "url": _url(kind, None), "current": rule is None}, *(
        {"label": labels.RULE[one], "url": _url(kind, one), "current": rule == one, "total": by_rule.get(one, 0)}
        for one in Rule)]
    return render_template("moderation/queue.html", page=page, kinds=kinds, rules=rules, labels=labels,
                           several=waves.TEXTS,
                           latest=actions.latest(clock.now() - RECENT),
                           after_url=page.after and _url(kind, rule, after=page.after))


def _url(kind: str | None, rule: str | None, **more) -> str:
    return url_for("moderation_desk.queue", kind=kind, rule=rule, **more)


def _one_of(known: tuple, name: str) -> str | None:
    value = request.args.get(name)
    if value is not None and value not in known:
        raise unknown()
    return value
