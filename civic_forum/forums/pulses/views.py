"""Pulses: opened by the host, answered by everybody who takes part, drawn as bars."""

from flask import render_template

from civic_forum.platform.i18n import _l
from civic_forum.platform.web import visitor

from .. import pages
from ..fragments import Patch, draws
from ..models import Forum
from ..pages import bp, by_hand
from ..rules import ForumEventKind
from . import queries, services
from .forms import HandsForm, PulseForm, ResponseForm, WordForm

WORDS = {"yes": _l("그래요"), "no": _l("아니에요"), "unsure": _l("모르겠어요")}
bp.add_app_template_global(WORDS, "pulse_words")


@bp.post("/<slug>/pulses")
@pages.answering("pulse-open", "#pulse")
def open_pulse(forum: Forum):
    form = PulseForm()
    services.begin(forum.id, form.chosen(), form.text.data or "", form.sent_as, by=visitor())


@bp.post("/<slug>/pulses/<id:pulse_id>/answers")
@by_hand
@pages.answering("pulse", "#pulse")
def answer_pulse(forum: Forum, pulse_id: int):
    services.answer(forum.id, pulse_id, ResponseForm().value.data or "", by=visitor())


@bp.post("/<slug>/pulses/hands")
@pages.answering("hands", "#pulse")
def count_hands(forum: Forum):
    """Of the pulse that is open: the form stands on pages of table hosts from before it was."""
    form = HandsForm()
    services.count_hands(forum.id, None, form.counts(), table_id=form.table_id, by=visitor())


@bp.post("/<slug>/pulses/<id:pulse_id>/words")
@pages.answering("word-out", "#pulse")
def take_word_out(forum: Forum, pulse_id: int):
    form = WordForm()
    services.take_out(forum.id, pulse_id, form.word.data or "", form.why.data or "", by=visitor())


@bp.post("/<slug>/pulses/<id:pulse_id>/end")
@pages.answering("pulse-end", "#pulse")
def close_pulse(forum: Forum, pulse_id: int):
    services.close(forum.id, pulse_id, by=visitor())


@draws("pulse")
def draw_pulse(forum: Forum, events) -> list[Patch]:
    """However many answers there were: the bars once. The whole where a pulse opened or closed."""
    shown = queries.part(forum, None)
    if all(event.kind not in (ForumEventKind.PULSE_OPENED, ForumEventKind.PULSE_CLOSED) for event in events):
        return [_drawn("pulse-bars", "pulse_bars", forum, shown)]
    return [_drawn("pulse-now", "pulse", forum, shown), _drawn("pulse-host", "pulse_host", forum, shown)]


def _drawn(place: str, piece: str, forum: Forum, shown: queries.Pulses) -> Patch:
    return Patch(place, render_template(f"forums/pieces/{piece}.html", forum=forum, pulses=shown))
