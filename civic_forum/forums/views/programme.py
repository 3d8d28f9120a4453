"""The programme: leading through it, and what of it is drawn again when it goes on."""

from flask import render_template

from civic_forum.kernel import clock
from civic_forum.kernel.web import visitor

from ..forms.floor import LeadForm, number_given
from ..models import Forum
from ..fragments import Patch, draws
from ..queries import floor as floors
from ..queries import programme as queries
from ..services import programme
from . import answers
from .blueprint import bp


@bp.post("/<slug>/programme/starts")
@answers.answering("programme-start", "#programme-host")
def start_item(forum: Forum):
    form = LeadForm()
    programme.start(forum.id, form.chosen("item"), number_given(form.seen), form.sent_as, by=visitor())


@bp.post("/<slug>/programme/extensions")
@answers.answering("programme-extend", "#programme-host")
def extend_item(forum: Forum):
    form = LeadForm()
    programme.extend(forum.id, form.chosen("item"), form.chosen("minutes"), form.sent_as, by=visitor())


@bp.post("/<slug>/programme/ends")
@answers.answering("programme-end", "#programme-host")
def end_item(forum: Forum):
    form = LeadForm()
    programme.end(forum.id, form.chosen("item"), form.sent_as, by=visitor())


@draws("programme")
def draw_programme(forum: Forum, _events) -> list[Patch]:
    """The stage, the row of items, and the host's list of them."""
    now = clock.now()
    shown = {"forum": forum, "floor": floors.read(forum, now), "programme": queries.read(forum, now)}
    return [Patch("now", render_template("forums/pieces/stage.html", **shown)),
            Patch("agenda", render_template("forums/pieces/agenda.html", **shown)),
            Patch("programme-steps", render_template("forums/pieces/programme_steps.html", **shown))]
