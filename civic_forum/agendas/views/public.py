"""Agendas for everybody."""

from collections.abc import Hashable
from typing import Any

from flask import render_template, request

from civic_forum.blocks import fragments, sections
from civic_forum.blocks.listing import Given
from civic_forum.comments.queries import sections as comments
from civic_forum.platform import clock
from civic_forum.platform.i18n import day, local, today
from civic_forum.platform.web import visitor

from .. import labels, policy, rules
from ..extensions import PAGE
from ..pages import bp
from ..queries import listing, records
from ..queries.detail import Detail, Member, detail, grouped
from ..rules import AgendaState, Relation

CHIPS = (AgendaState.IN_DELIBERATION, AgendaState.AT_VOTE, AgendaState.DECIDED, AgendaState.IN_PROGRESS,
         AgendaState.CLOSED)
VOTED = ("in_poll", "vote_announced")
"""Steps of a journey that say so."""


@bp.get("/agendas")
def index():
    return sections.page(_index, listing.AGENDAS.given(request.args))


def _index(arguments: Given) -> tuple[str, dict[str, Any]]:
    wanted = listing.AGENDAS.read(arguments)
    page = listing.listed(wanted, arguments.get("after"))
    return "agendas/list.html", {
        "page": page, "wanted": wanted, "chips": wanted.links("state", CHIPS),
        "picker": wanted.pickers("neighbourhood")[0], "after_url": page.after and wanted.address(after=page.after)}


@bp.get("/agendas/<slug>")
def show(slug: str):
    details, viewer = detail(slug), visitor()
    agenda = details.agenda
    if policy.may_read(viewer, agenda):
        raise records.missing()
    section = comments.section(agenda.thread_id, viewer, request.args.get("order"), request.args.get("after"),
                               request.args.get("stance")) if agenda.published_at and agenda.thread_id else None
    objectable = _objectable(viewer, details)
    return render_template(
        "agendas/show.html", agenda=agenda, found=details, labels=labels, section=section, sections=PAGE.ask(details),
        stages=_stages(details),
        groups=_groups(details.members, objectable) if objectable else sections.kept(_groups_of, agenda.id))


def _stages(details: Detail) -> list[dict[str, Any]]:
    """The way of the agenda, each stage with the day on which it began."""
    began = {entry.step: day(entry.at, year=local(entry.at).year != today().year)
             for entry in reversed(details.entries)}
    return [{"label": labels.STAGE[stage], "status": status, "note": status != "todo" and began.get(
        "agenda_opened" if stage is AgendaState.PREPARING else labels.JOURNEY_STEP[stage])}
        for stage, status in rules.progress(details.agenda.state, was_voted_on=any(map(began.get, VOTED)))]


def _groups_of(agenda_id: int) -> list[tuple[Relation, int, str]]:
    _everybody, standing, _supporters = sections.kept(grouped, agenda_id)
    return _groups(standing, set())


def _groups(standing: list[Member], objectable: set[int]) -> list[tuple[Relation, int, str]]:
    """Each relation with the number of its members, and the list of them as it is written."""
    return [(relation, len(members), fragments.all_of(
        "agendas/member.html", (_shown(member, objectable) for member in members)))
            for relation in Relation if (members := [member for member in standing if member.relation is relation])]


def _shown(member: Member, objectable: set[int]) -> tuple[Hashable, ...]:
    """Facts of `agendas/member.html`."""
    return (member.number, None if member.hidden else member.title, member.why, member.supporters,
            member.neighbourhood_name, member.took_up, member.state, member.objection.id if member.objection else 0,
            member.link_id if member.link_id in objectable else 0)


def _objectable(viewer, details) -> set[int]:
    """Links that the viewer may object to now."""
    if not viewer.is_authenticated:
        return set()
    return {member.link_id for member in details.members if member.author_id == viewer.id and member.objection is None
            and member.told_at and rules.may_object(member.told_at, clock.now())}


@bp.get("/agendas/<slug>/versions")
def versions(slug: str):
    agenda = records.by_slug(slug)
    if policy.may_read(visitor(), agenda):
        raise records.missing()
    return render_template("agendas/versions.html", agenda=agenda, versions=listing.versions(agenda.id))
