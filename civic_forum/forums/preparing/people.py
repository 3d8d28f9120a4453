"""Desk pages of people who come to a forum and what they need."""

from flask import render_template, request, url_for

from civic_forum.blocks.pages import handle, saved
from civic_forum.platform import clock
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.web import shown_to, visitor

from .. import labels, pages
from .. import queries as forums
from ..models import Forum
from ..pages import desk
from ..policy import ForumContext
from ..registration import policy, queries, rules, services
from ..registration.forms import OtherForm, ReasonForm
from ..rules import Place
from . import listing
from .views import DESK

ENROLLED_AT_ONCE = 20


@desk.get("/enrolments")
@shown_to(policy.may_enrol)
def enrolments():
    """Forums for which somebody can be registered at the desk."""
    return render_template("forums/desk/enrolments.html", desk=DESK,
                           cards=listing.standing_out(ENROLLED_AT_ONCE), labels=labels)


@desk.route("/<slug>/enrolments", methods=["GET", "POST"])
@shown_to(policy.may_enrol)
def enrol(slug: str):
    """Register somebody who came to the desk."""
    forum = pages.forum_at(slug)
    if request.method != "POST":
        return _enrolling(forum, OtherForm(forum, formdata=None))
    form = OtherForm(forum)
    return handle(form, lambda: services.register_other(forum.id, form.sign_in_name.data or "", form.wanted(),
                                                        by=visitor()),
                  lambda: _enrolling(forum, form),
                  lambda registration: saved(_("신청했어요. 자리를 받았어요.") if registration.place is Place.HELD
                                             else _("기다리는 사람으로 적었어요."), url_for(".enrol", slug=slug)))


def _enrolling(forum: Forum, form: OtherForm):
    why_not = policy.may_register_others(visitor(), ForumContext(forum, forums.NOBODY, clock.now()))
    return render_template("forums/desk/enrol.html", desk=DESK, forum=forum, form=form, why_not=why_not)


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
    return saved(_("신청을 거두고 본인에게 까닭을 알렸어요."), url_for(".registrations", slug=slug))
