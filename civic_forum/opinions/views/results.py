"""The result of a consultation, and its file."""

from collections.abc import Mapping
from typing import Any

from flask import jsonify

from civic_forum.blocks import about, sections
from civic_forum.blocks.kinds import Ref
from civic_forum.district.maps import DistrictMap, district_map
from civic_forum.district.queries import neighbourhoods
from civic_forum.platform.delivery import becomes_another
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_download

from .. import labels, proposing, queries, results, rules
from ..models import Consultation, OpinionMap, Statement
from ..pages import bp, found
from ..policy import stage_of, why_lost
from ..results import Result


@bp.get("/<slug>/result")
def result(slug: str):
    consultation = found(slug)
    lost = why_lost(consultation)  # a file says so, of which no section knows
    return (sections.page if consultation.announced_at else sections.page_for_one)(_result, slug, lost)


@sections.asks_again
def _result(slug: str, lost: str | None) -> tuple[str, dict[str, Any]]:
    consultation = queries.by_slug(slug)
    becomes_another(consultation.opens_at, consultation.closes_at)
    statements = {each.number: each for each in queries.statements(consultation.id)}
    latest = queries.latest_map(consultation.id)
    read = result_of(latest, statements)
    return "opinions/result.html", {
        "consultation": consultation, "stage": stage_of(consultation), "labels": labels, "statements": statements,
        "at": latest and latest.at, "is_last": bool(latest and latest.is_last), "result": read,
        "taken_out": queries.taken_out(consultation.id), "proposals": proposing.begun_with(consultation.id),
        "places": _map(read.neighbourhoods) if read else None, "agenda": agenda_of(consultation),
        "others": rules.OTHERS, "lost": lost}


@bp.get("/<slug>/result.json")
@by_download
def result_json(slug: str):
    """The publication, from which anybody can compute the result again. Raises NotFound before there is one."""
    consultation = found(slug)
    latest = existing(queries.latest_map(consultation.id), lambda: NotFound(_("아직 결과가 없어요.")))
    hidden = {str(each.number) for each in queries.statements(consultation.id) if each.hidden_at is not None}
    return jsonify(latest.published | {"statements": [
        each | {"text": ""} if each["id"] in hidden else each for each in latest.published["statements"]]})


def _map(people: Mapping[str, int]) -> DistrictMap | None:
    """Those who answered by neighbourhood; None where no place is known or all are few."""
    places = [place for place in neighbourhoods(closed=True)
              if place.closed_at is None or not people.keys().isdisjoint(place.names)]
    known = {place.id: people[name] for place in places for name in place.names if name in people}
    hidden = [place.id for place in places if place.id not in known]
    return district_map(known, _("명"), hidden=hidden, neighbourhoods=places) if known else None


def agenda_of(consultation: Consultation) -> about.Subject | None:
    """The agenda that was made of its result, once everybody may read it."""
    return about.subject(Ref("agenda", consultation.agenda_id)) if consultation.agenda_id else None


def result_of(latest: OpinionMap | None, statements: Mapping[int, Statement]) -> Result | None:
    return latest and results.read(latest.published, {number for number, each in statements.items() if each.is_asked})
