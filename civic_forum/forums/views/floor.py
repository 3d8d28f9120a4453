"""The floor: asking for it, leading the queue, and what of it is drawn again when it changes."""

from flask import render_template

from civic_forum.kernel import clock
from civic_forum.kernel.errors import NotFound
from civic_forum.kernel.i18n import _
from civic_forum.kernel.web import by_user, visitor

from ..forms.floor import AskForm, LeadForm, number_given
from ..models import Forum
from ..fragments import Patch, draws
from ..queries import floor as queries
from ..queries import programme as programmes
from ..services import asking, floor
from . import answers
from .blueprint import bp


@bp.post("/<slug>/floor/requests")
@by_user
@answers.answering("floor", "#floor")
def ask_for_floor(forum: Forum):
    form = AskForm()
    asking.ask(forum.id, form.topic.data or "", form.sent_as, for_group=form.for_group.data or "",
               group_size=number_given(form.group_size), show_neighbourhood=bool(form.show_neighbourhood.data),
               by=visitor())


@bp.post("/<slug>/floor/requests/typed")
@by_user
@answers.answering("floor-typed", "#floor")
def ask_floor_for(forum: Forum):
    form = AskForm()
    asking.ask_for(forum.id, form.name.data or "", form.topic.data or "", form.sent_as, by=visitor())


@bp.post("/<slug>/floor/withdrawals")
@by_user
@answers.answering("floor-withdrawal", "#floor")
def withdraw_from_floor(forum: Forum):
    """Take back one's own request."""
    mine = queries.part(forum, visitor()).mine
    if mine is None:
        raise NotFound(_("기다리는 발언 신청이 없어요."))
    asking.withdraw(forum.id, mine.request.id, AskForm().sent_as, by=visitor())


@bp.post("/<slug>/floor/calls")
@answers.answering("floor-next", "#floor-host")
def call_next(forum: Forum):
    form = LeadForm()
    floor.call_next(forum.id, number_given(form.seen), form.sent_as, by=visitor())


@bp.post("/<slug>/floor/calls/out-of-order")
@answers.answering("floor-call", "#floor-host")
def call_out_of_order(forum: Forum):
    form = LeadForm()
    floor.call(forum.id, form.chosen("request"), form.why.data or "", number_given(form.seen), form.sent_as,
               by=visitor())


@bp.post("/<slug>/floor/moves")
@answers.answering("floor-move", "#floor-host")
def move_in_queue(forum: Forum):
    form = LeadForm()
    floor.move(forum.id, form.chosen("request"), form.chosen("to"), form.why.data or "", form.sent_as, by=visitor())


@bp.post("/<slug>/floor/passes")
@answers.answering("floor-pass", "#floor-host")
def pass_over(forum: Forum):
    form = LeadForm()
    floor.pass_over(forum.id, form.chosen("request"), form.passed_why, form.sent_as, by=visitor())


@bp.post("/<slug>/floor/turns")
@answers.answering("floor-give", "#floor-host")
def give_floor(forum: Forum):
    form = LeadForm()
    floor.give(forum.id, number_given(form.seen), form.sent_as, duty_id=number_given(form.duty),
               name=form.name.data or "", role=form.role.data or "official", topic=form.topic.data or "", by=visitor())


@bp.post("/<slug>/floor/turns/extensions")
@answers.answering("floor-extend", "#floor-host")
def extend_turn(forum: Forum):
    form = LeadForm()
    floor.extend(forum.id, form.chosen("turn"), form.chosen("seconds"), form.sent_as, by=visitor())


@bp.post("/<slug>/floor/turns/ends")
@answers.answering("floor-end", "#floor-host")
def end_turn(forum: Forum):
    floor.end(forum.id, LeadForm().chosen("turn"), by=visitor())


@bp.post("/<slug>/floor/settings")
@answers.answering("floor-set", "#floor-host")
def set_floor(forum: Forum):
    """Open or close the queue, or else how long a turn is from now on."""
    form = LeadForm()
    if form.open.data in ("yes", "no"):
        floor.open_floor(forum.id, form.open.data == "yes", form.sent_as, by=visitor())
    else:
        floor.set_length(forum.id, form.chosen("seconds"), form.sent_as, by=visitor())


@draws("floor")
def draw_floor(forum: Forum, _events) -> list[Patch]:
    """The stage and the queue as they are now."""
    now = clock.now()
    shown = {"forum": forum, "floor": queries.read(forum, now), "programme": programmes.read(forum, now)}
    return [Patch("now", render_template("forums/pieces/stage.html", **shown)),
            Patch("floor-queue", render_template("forums/pieces/queue.html", **shown)),
            Patch("floor-state", render_template("forums/pieces/floor_state.html", **shown))]
