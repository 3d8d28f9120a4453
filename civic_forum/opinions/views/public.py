"""Consultations for everybody: the list, and one of them."""

from flask import g, render_template, request

from civic_forum.blocks import about, sections
from civic_forum.blocks.listing import Given
from civic_forum.district.queries import neighbourhood_names
from civic_forum.platform import clock, countdown
from civic_forum.platform.delivery import becomes_another
from civic_forum.platform.web import visitor

from .. import answering, labels, queries
from ..kinds import CONSULTATION
from ..kiosk.queries import codes as kiosk_codes
from ..letters import queries as letters
from ..pages import bp
from ..policy import may_write, takes_kiosk
from ..process import DOCUMENTS
from .results import agenda_of
from .visits import met


@bp.get("")
def show_list():
    return sections.page(_list_facts, queries.CONSULTATIONS.given(request.args))


def _list_facts(words: Given):
    wanted, now = queries.CONSULTATIONS.read(words), clock.now()
    page = wanted.page(words.get("after"))
    cards = queries.cards(page.items, now)
    becomes_another(*(moment for card in cards for moment in (card.consultation.opens_at, card.consultation.closes_at)))
    return "opinions/list.html", {
        "cards": cards, "stage": wanted["stage"], "chips": wanted.links("stage"), "labels": labels, "now": now,
        "left": countdown.days_left, "after_url": page.after and wanted.address(after=page.after)}


@bp.get("/<slug>")
def show(slug: str):
    visit = met(slug)
    consultation, now = visit.consultation, clock.now()
    becomes_another(consultation.opens_at, consultation.closes_at)
    latest = queries.latest_participants(consultation.id)
    codes = takes_kiosk(consultation) and sections.kept(kiosk_codes, consultation.id)
    if visit.here.device or visit.here.kiosk:
        g.pop("page_version", None)  # it says how far this browser came
    return render_template(
        "opinions/show.html", consultation=consultation, visit=visit, labels=labels, people=latest or 0,
        left=countdown.days_left(consultation.closes_at, now), has_result=latest is not None,
        may_write=may_write(visitor(), answering.asked(consultation, visitor())) is None,
        documents=DOCUMENTS.of(consultation), agenda=agenda_of(consultation), codes=codes,
        about_sections=about.SECTIONS.ask(CONSULTATION.name, [consultation.id]), places=codes and neighbourhood_names(),
        taken_out=queries.taken_out(consultation.id),
        letters=consultation.by_letter and sections.kept(letters.numbers, consultation.id))
