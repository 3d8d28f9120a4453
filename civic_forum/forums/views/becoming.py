"""Pages for carrying something of a forum on as a proposal."""

from flask import redirect, render_template, url_for
from flask_login import login_required

from civic_forum.kernel.policy import require
from civic_forum.kernel.web import by_address, by_user, never_cached, visitor

from ..policy.acting import is_moderator
from ..policy.becoming import may_propose
from ..queries import becoming as queries
from ..services import becoming
from . import gate
from .blueprint import bp


@bp.get("/<slug>/proposals", endpoint="seeds")
@never_cached
@login_required
def show_seeds(slug: str):
    """One's own notes and questions; for moderators also what came on paper."""
    forum = gate.found(slug)
    require(visitor(), may_propose, gate.at(forum))
    seeds = queries.seeds(forum, visitor().id, moderates=is_moderator(visitor()))
    return render_template("forums/seeds.html", forum=forum, seeds=seeds)


@bp.post("/<slug>/<any(note, question):kind>/<id:row_id>/proposal")
@by_address
@by_user
@login_required
def propose(slug: str, kind: str, row_id: int):
    draft = becoming.propose(gate.found(slug).id, kind, row_id, by=visitor())
    if draft.number:
        return redirect(url_for("proposals.show", number=draft.number), 303)
    return redirect(url_for("proposals.write", key=draft.draft_key, step=1), 303)
