"""Desk pages of people who come to a forum and what they need."""

from flask import render_template, request, url_for

from civic_forum.blocks.pages import handle, saved
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.web import shown_to, visitor

from .. import labels
from .. import queries as forums
from ..pages import desk
from ..registration import policy, queries, rules, services
from ..registration.forms import ReasonForm
from ..rules import Place
from .views import DESK


@desk.get("/<slug>/registrations")
@shown_to(policy.may_see_registrations)
def registrations(slug: str):
    forum = forums.by_slug(slug)
    require(visitor(), policy.may_see_registrations, forum)
    wanted = request.args.get("place", Place.HELD)
    place = Place(wanted) if wanted in set(Place) else Place.HELD
    page = queries.listed(forum.id, place, request.args.get("after"))
    return render_template(
        "forums/desk/registrations.html", desk=DESK, forum=forum, page=page, place=place, labels=labels,
        counts=queries.counts(forum.id), needed=queries.needed(forum.id), ways=rules.ways_of(forum),
        places_of=rules.places_of,
        chips=[{"label": labels.PLACE[choice], "url": url_for(".registrations", slug=forum.slug, place=choice),
                "current": choice is place} for choice in Place],
        after_url=page.after and url_for(".registrations", slug=forum.slug, place=place, after=page.after))


@desk.route("/<slug>/registrations/<id:registration_id>", methods=["GET", "POST"])
@shown_to(policy.may_see_registrations)
def needs(slug: str, registration_id: int):
    """Page of somebody's needs in their own words, after a reason."""
    forum = forums.by_slug(slug)
    require(visitor(), policy.may_see_registrations, forum)
    registration = queries.by_id(forum.id, registration_id)
    if registration is None:
        raise forums.no_such_forum()
    form = ReasonForm()

    def page(words: str | None = None) -> str:
        return render_template("forums/desk/registration.html", desk=DESK, forum=forum, one=registration, form=form,
                               said=words, labels=labels)

    if request.method != "POST":
        return page()
    return handle(form, lambda: services.see_needs(forum.id, registration_id, form.reason.data or "", by=visitor()),
                  page, page)


@desk.post("/<slug>/registrations/<id:registration_id>/withdrawals")
@shown_to(policy.may_see_registrations)
def withdraw_other(slug: str, registration_id: int):
    form = ReasonForm()
    services.withdraw_other(forums.by_slug(slug).id, registration_id, form.reason.data or "", by=visitor())
    return saved(_("신청을 거두고 본인에게 이유를 알렸어요."), url_for(".registrations", slug=slug))
