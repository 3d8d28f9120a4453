"""Pages of the queue of reports."""

from datetime import timedelta

from flask import render_template, request

from civic_forum.blocks import sections
from civic_forum.platform import clock
from civic_forum.platform.i18n import _
from civic_forum.platform.web import visitor

from .. import labels
from ..queries import actions, waves
from ..queries import queue as queries
from ..rules import Rule
from .blueprint import desk
from .gate import for_moderators

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
