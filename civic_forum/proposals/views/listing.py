"""The list of proposals with its filters."""

from typing import Any

from flask import render_template, request, url_for
from flask_login import login_required

from civic_forum.blocks import sections
from civic_forum.blocks.listing import Given
from civic_forum.district.queries import neighbourhood_names
from civic_forum.platform.delivery import becomes_another
from civic_forum.platform.web import visitor

from .. import queries
from ..rules import State
from . import bp

CHIPS = (State.GATHERING, State.ANSWER_DUE, State.ANSWERED, State.IN_AGENDA, State.IN_PROGRESS, State.DONE)


@bp.get("")
def index():
    return sections.page(_listed, queries.PROPOSALS.given(request.args))


def _listed(given: Given) -> tuple[str, dict[str, Any]]:
    wanted, after = queries.PROPOSALS.read(given), given.get("after")
    names = wanted.choices("neighbourhood")
    page = queries.listed(wanted, after, names=names)
    becomes_another(*[card.deadline for card in page.items if card.deadline])
    return "proposals/list.html", {
        "wanted": wanted, "page": page, "names": names, "chips": tuple(wanted.links("state", CHIPS)),
        "pickers": tuple(wanted.pickers()), "chosen": wanted.labels, "after": after,
        "after_url": page.after and wanted.address(after=page.after),
        "table_url": url_for("exports.file", name="proposals", **wanted.said)}


@bp.get("/mine")
@login_required
def mine():
    """Page of what one wrote, is writing and follows."""
    names = neighbourhood_names()
    return render_template("proposals/mine.html", written=queries.of_author(visitor(), names),
                           followed=queries.followed_by(visitor(), names), drafts=queries.draft_count(visitor()))
