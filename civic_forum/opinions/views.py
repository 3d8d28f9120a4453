"""Pages of consultations."""

from flask import render_template, request

from civic_forum.blocks import sections
from civic_forum.blocks.listing import Given
from civic_forum.platform import clock
from civic_forum.platform.delivery import becomes_another
from civic_forum.platform.policy import require
from civic_forum.platform.web import shown_to, visitor

from . import labels, queries
from .models import Consultation
from .pages import bp, desk
from .policy import may_read, may_see_desk


@bp.get("")
def show_list():
    return sections.page(_list_facts, queries.CONSULTATIONS.given(request.args))


def _list_facts(given: Given):
    wanted, now = queries.CONSULTATIONS.read(given), clock.now()
    page = wanted.page(given.get("after"))
    cards = queries.cards(page.items, now)
    becomes_another(*(moment for card in cards for moment in (card.consultation.opens_at, card.consultation.closes_at)))
    return "opinions/list.html", {
        "cards": cards, "stage": wanted["stage"], "chips": wanted.links("stage"), "labels": labels,
        "after_url": page.after and wanted.address(after=page.after)}


def found(slug: str) -> Consultation:
    """The consultation at this address, if the visitor may know of it. Raises NotFound."""
    consultation = queries.by_slug(slug)
    if may_read(visitor(), consultation):
        raise queries.missing()
    return consultation


@bp.get("/<slug>")
def show(slug: str):
    consultation = found(slug)
    becomes_another(consultation.opens_at, consultation.closes_at)
    return render_template("opinions/show.html", consultation=consultation, labels=labels)


@desk.get("")
@shown_to(may_see_desk)
def consultations():
    require(visitor(), may_see_desk)
    page = queries.EVERYTHING.read(request.args).page(request.args.get("after"))
    return render_template("opinions/desk/list.html", cards=queries.cards(page.items, clock.now()), labels=labels)
