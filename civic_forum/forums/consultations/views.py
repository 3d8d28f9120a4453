"""A consultation in the hall: put there by the host, sent statements by tables, drawn as words and a map."""

from flask import render_template, request
from wtforms import StringField

from civic_forum.opinions import labels as opinion_labels
from civic_forum.platform import plain_text
from civic_forum.platform.web import by_saver, visitor

from .. import pages
from ..forms import LiveForm
from ..fragments import Patch, draws
from ..models import Forum
from ..pages import bp
from ..rules import ForumEventKind
from . import queries, services

bp.add_app_template_global(opinion_labels, "opinion_labels")


class PutForm(LiveForm):
    consultation = StringField()


@bp.post("/<slug>/consultation")
@pages.answering("consultation", "#consultation")
def put_consultation(forum: Forum):
    form = PutForm()
    services.put(forum.id, form.consultation.data or "", form.sent_as, by=visitor())


@bp.post("/<slug>/consultation/end")
@pages.answering("consultation-end", "#consultation")
def take_consultation(forum: Forum):
    services.take_away(forum.id, by=visitor())


@bp.post("/<slug>/consultation/results")
@by_saver
@pages.answering("consultation-result", "#consultation")
def renew_result(forum: Forum):
    services.renew(forum.id, by=visitor())


@bp.post("/<slug>/tables/<id:number>/statements")
@by_saver
@pages.answering("arrange", "#notes")
def send_notes(forum: Forum, number: int):
    services.send(forum.id, number, [plain_text.number(note_id) or 0 for note_id in request.form.getlist("note")],
                  LiveForm().sent_as, by=visitor())


ANEW = {ForumEventKind.CONSULTATION_PUT: ("now", "host", "result"),
        ForumEventKind.CONSULTATION_TAKEN: ("now", "host", "result"), ForumEventKind.CONSULTATION_ANSWERED: ("count",),
        ForumEventKind.CONSULTATION_WRITTEN: ("count",), ForumEventKind.CONSULTATION_COMPUTED: ("result",)}
"""Pieces that each event changes."""


@draws("consultation")
def draw_consultation(forum: Forum, events) -> list[Patch]:
    shown = queries.part(forum, None)
    changed = dict.fromkeys(piece for event in events for piece in ANEW[event.kind])
    return [Patch(f"consultation-{piece}", render_template(
        f"forums/pieces/consultation_{piece}.html", forum=forum, consultations=shown)) for piece in changed]
