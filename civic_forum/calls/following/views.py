"""The page on which something follows for those who were chosen."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from civic_forum.blocks.pages import handle, saved
from civic_forum.bodies import queries as bodies
from civic_forum.platform.i18n import _n
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_user, shown_to, visitor

from ..judging.forms import choices_of
from ..judging.views import held, trail
from ..models import Call
from ..rules import CallKind
from ..views.blueprint import desk
from . import forms, queries, services
from .policy import may_follow


@desk.route("/<slug>/following", methods=["GET", "POST"])
@shown_to(may_follow)
@by_user
def follow(slug: str) -> ResponseReturnValue:
    """Seats or places for all who were chosen, in one step."""
    call = held(slug)
    require(visitor(), may_follow, call)
    form = _form(call)
    if request.method != "POST":
        return _page(call, form)
    if call.kind is CallKind.PARTICIPANTS:
        return handle(form, lambda: services.register(slug, form.forum.value or "", by=visitor()),
                      lambda: _page(call, form), lambda count: saved(
            _n("%(num)s명을 신청하고 알렸어요.", "%(num)s명을 신청하고 알렸어요.", count), url_for(".follow", slug=slug)))
    return handle(form, lambda: services.propose_seats(slug, form.term, by=visitor()), lambda: _page(call, form),
                  lambda count: saved(_n("%(num)s명을 제안했어요. 다른 담당자가 위원회 화면에서 승인하면 정해져요.",
                                         "%(num)s명을 제안했어요. 다른 담당자가 위원회 화면에서 승인하면 정해져요.", count),
                                      url_for(".follow", slug=slug)))


def _form(call: Call) -> Any:
    if call.kind is CallKind.PARTICIPANTS:
        return forms.PlacesForm()
    form = forms.SeatsForm()
    form.seat.choices = choices_of({seat.key: seat.title for seat in bodies.case(call.filled_id).seats}
                                   if call.filled_id else {})
    return form


def _page(call: Call, form: Any) -> str:
    chosen = queries.chosen(call)
    return render_template(
        "calls/following.html", call=call, trail=trail(call), form=form, chosen=len(chosen),
        fresh=sum(application.followed_at is None for application in chosen),
        gives_places=call.kind is CallKind.PARTICIPANTS,
        without=[application.number for application in chosen if application.submission.owner_id is None])
