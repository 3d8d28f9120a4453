"""The end of a forum: asked once more, because nothing is written afterwards."""

from flask import redirect, render_template, url_for
from flask_login import login_required

from civic_forum.kernel.policy import require
from civic_forum.kernel.web import never_cached, visitor

from ..policy.acting import may_run
from ..services import stages
from . import gate
from .blueprint import bp


@bp.get("/<slug>/closing")
@never_cached
@login_required
def closing(slug: str):
    forum = gate.found(slug)
    require(visitor(), may_run, gate.at(forum))
    return render_template("forums/closing.html", forum=forum)


@bp.post("/<slug>/closing")
@never_cached
@login_required
def close(slug: str):
    """Whatever still runs ends too; what comes next are the minutes."""
    stages.end(gate.found(slug).id, by=visitor())
    return redirect(url_for(".minutes", slug=slug), 303)
