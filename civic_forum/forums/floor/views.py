"""Pages of the floor, the programme and the ledger, and what of them is drawn again."""

from collections.abc import Iterator

from flask import Response, render_template

from civic_forum.platform import clock
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.spreadsheets import CSV, as_csv
from civic_forum.platform.web import by_user, visitor

from .. import labels, pages
from ..forms import number_given
from ..fragments import Patch, draws
from ..models import Forum
from ..pages import bp
from . import programme, queries, services
from . import ledger as floor_ledger
from .forms import AskForm, LeadForm
from .ledger import Ledger


@bp.post("/<slug>/floor/requests")
@by_user
@pages.answering("floor", "#floor")
def ask_for_floor(forum: Forum):
    form = AskForm()
    services.ask(forum.id, form.topic.data or "", form.sent_as, for_group=form.for_group.data or "",
                 group_size=number_given(form.group_size), show_neighbourhood=bool(form.show_neighbourhood.data),
                 by=visitor())


@bp.post("/<slug>/floor/requests/typed")
@by_user
@pages.answering("floor-typed", "#floor")
def ask_floor_for(forum: Forum):
    form = AskForm()
    services.ask_for(forum.id, form.name.data or "", form.topic.data or "", form.sent_as, by=visitor())


@bp.post("/<slug>/floor/withdrawals")
@by_user
@pages.answering("floor-withdrawal", "#floor")
def withdraw_from_floor(forum: Forum):
    """Take back one's own request."""
    mine = existing(queries.part(forum, visitor()).mine, lambda: NotFound(_("기다리는 발언 신청이 없어요.")))
    services.withdraw(forum.id, mine.request.id, AskForm().sent_as, by=visitor())


@bp.post("/<slug>/floor/calls")
@pages.answering("floor-next", "#floor-host")
def call_next(forum: Forum):
    form = LeadForm()
    services.call_next(forum.id, number_given(form.seen), form.sent_as, by=visitor())


@bp.post("/<slug>/floor/calls/out-of-order")
@pages.answering("floor-call", "#floor-host")
def call_out_of_order(forum: Forum):
    form = LeadForm()
    services.call(forum.id, form.chosen("request"), form.why.data or "", number_given(form.seen), form.sent_as,
                  by=visitor())


@bp.post("/<slug>/floor/moves")
@pages.answering("floor-move", "#floor-host")
def move_in_queue(forum: Forum):
    form = LeadForm()
    services.move(forum.id, form.chosen("request"), form.chosen("to"), form.why.data or "", form.sent_as, by=visitor())


@bp.post("/<slug>/floor/passes")
@pages.answering("floor-pass", "#floor-host")
def pass_over(forum: Forum):
    form = LeadForm()
    services.pass_over(forum.id, form.chosen("request"), form.passed_why, form.sent_as, by=visitor())


@bp.post("/<slug>/floor/turns")
@pages.answering("floor-give", "#floor-host")
def give_floor(forum: Forum):
    form = LeadForm()
    services.give(forum.id, number_given(form.seen), form.sent_as, duty_id=number_given(form.duty),
                  name=form.name.data or "", role=form.role.data or "official", topic=form.topic.data or "",
                  by=visitor())


@bp.post("/<slug>/floor/turns/extensions")
@pages.answering("floor-extend", "#floor-host")
def extend_turn(forum: Forum):
    form = LeadForm()
    services.extend(forum.id, form.chosen("turn"), form.chosen("seconds"), form.sent_as, by=visitor())


@bp.post("/<slug>/floor/turns/ends")
@pages.answering("floor-end", "#floor-host")
def end_turn(forum: Forum):
    services.end(forum.id, LeadForm().chosen("turn"), by=visitor())


@bp.post("/<slug>/floor/settings")
@pages.answering("floor-set", "#floor-host")
def set_floor(forum: Forum):
    """Open or close the queue, or else how long a turn is from now on."""
    form = LeadForm()
    if form.open.data in ("yes", "no"):
        services.open_floor(forum.id, form.open.data == "yes", form.sent_as, by=visitor())
    else:
        services.set_length(forum.id, form.chosen("seconds"), form.sent_as, by=visitor())


@draws("floor")
def draw_floor(forum: Forum, _events) -> list[Patch]:
    """The stage and the queue as they are now."""
    now = clock.now()
    shown = {"forum": forum, "floor": queries.read(forum, now), "programme": programme.read(forum, now)}
    return [Patch("now", render_template("forums/pieces/stage.html", **shown)),
            Patch("floor-next", render_template("forums/pieces/next.html", **shown)),
            Patch("floor-queue", render_template("forums/pieces/queue.html", **shown)),
            Patch("floor-state", render_template("forums/pieces/floor_state.html", **shown))]


@bp.post("/<slug>/programme/starts")
@pages.answering("programme-start", "#programme-host")
def start_item(forum: Forum):
    form = LeadForm()
    programme.start(forum.id, form.chosen("item"), number_given(form.seen), form.sent_as, by=visitor())


@bp.post("/<slug>/programme/extensions")
@pages.answering("programme-extend", "#programme-host")
def extend_item(forum: Forum):
    form = LeadForm()
    programme.extend(forum.id, form.chosen("item"), form.chosen("minutes"), form.sent_as, by=visitor())


@bp.post("/<slug>/programme/ends")
@pages.answering("programme-end", "#programme-host")
def end_item(forum: Forum):
    form = LeadForm()
    programme.end(forum.id, form.chosen("item"), form.sent_as, by=visitor())


@draws("programme")
def draw_programme(forum: Forum, _events) -> list[Patch]:
    """The stage, the row of items, and the host's list of them."""
    now = clock.now()
    shown = {"forum": forum, "floor": queries.read(forum, now), "programme": programme.read(forum, now)}
    return [Patch("now", render_template("forums/pieces/stage.html", **shown)),
            Patch("agenda", render_template("forums/pieces/agenda.html", **shown)),
            Patch("programme-steps", render_template("forums/pieces/programme_steps.html", **shown))]


ROLE = {"host": _l("진행"), "panel": _l("패널"), "official": _l("부서"), "participant": _l("참여자")}
FIRST = {True: _l("처음 발언"), False: _l("다시 발언")}


@bp.get("/<slug>/ledger")
def ledger(slug: str):
    forum = pages.forum_at(slug)
    return render_template("forums/ledger.html", forum=forum, ledger=floor_ledger.of(forum), labels=labels, roles=ROLE,
                           first=FIRST)


@bp.get("/<slug>/ledger.csv")
def ledger_csv(slug: str):
    """Ledger of the page in one table: seconds where turns are public anyway, whole minutes where people are counted by
    what they gave."""
    forum = pages.forum_at(slug)
    header = (_("무엇으로 나눴는지"), _("이름"), _("초"), _("분"), _("발언"), _("사람"))
    return Response(as_csv(header, _rows(floor_ledger.of(forum))), mimetype=CSV,
                    headers={"Content-Disposition": f'attachment; filename="{forum.slug}-ledger.csv"'})


def _rows(ledger: Ledger) -> Iterator[tuple]:
    for name, lines, called in ((_("자격"), ledger.roles, ROLE), (_("순서"), ledger.items, ledger.titles),
                                (_("처음 발언"), ledger.first_times, FIRST)):
        for line in lines:
            yield name, called.get(line.key, _("순서 밖에서")), line.seconds, "", line.turns, line.people
    for name, pairs, called in ((_("동네"), ledger.neighbourhoods, {}), (_("나이대"), ledger.age_groups, labels.AGE_GROUP)):
        for line, minutes in pairs or ():
            word = _("그 밖에, 밝히지 않음") if line.key is None else called.get(line.key, line.key)
            yield name, word, "", minutes, line.turns, line.people
