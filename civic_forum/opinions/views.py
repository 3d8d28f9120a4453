"""Pages of consultations."""

from flask import render_template, request

from civic_forum.platform import clock
from civic_forum.platform.policy import require
from civic_forum.platform.web import shown_to, visitor

from . import labels, public, queries
from .pages import bp, desk
from .policy import may_see_desk

__all__ = ["bp", "public"]


@desk.get("")
@shown_to(may_see_desk)
def consultations():
    require(visitor(), may_see_desk)
    page = queries.EVERYTHING.read(request.args).page(request.args.get("after"))
    return render_template("opinions/desk/list.html", cards=queries.cards(page.items, clock.now()), labels=labels)
