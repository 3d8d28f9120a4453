"""Computing results: when they are due, in a process of their own, kept if no other was faster.

A computation that is killed, runs out of memory or is overtaken changes nothing: the earlier result stays, with its
date.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import current_app

from civic_forum.district.models import Neighbourhood
from civic_forum.platform import clock, subprocess_call, writers
from civic_forum.platform.base import db
from civic_forum.platform.errors import Unavailable
from civic_forum.platform.jobs import every
from civic_forum.platform.subprocess_call import NoAnswer
from civic_forum.platform.work import let_go, use_case

from . import extensions, mapping, queries, rules
from .formats import publication
from .formats.publication import Text
from .mapping import Matrix, Previous, Settings, Steady
from .mapping.picture import picture
from .models import Consultation, Kiosk, Letter, OpinionMap, PaperTyping, Participant, Response, Statement
from .operations import counted, counts

log = logging.getLogger(__name__)
SECONDS, MEGABYTES = 300, 3_000
"""Most that one computation may use."""
WRITTEN_AT_ONCE = 5_000
WHO = ("neighbourhoods", "age_bands", "bases")


def due() -> list[int]:
    """Consultations whose result is computed now."""
    now = clock.now()
    found = []
    rows = db.session.scalars(sa.select(Consultation).where(
        Consultation.announced_at.is_not(None), Consultation.opens_at <= now,
        ~sa.exists().where(OpinionMap.consultation_id == Consultation.id, OpinionMap.is_last))
        .order_by(Consultation.id))
    for one in rows:
        last, there = queries.latest_map(one.id), counts(one)
        gone = last.kept.get("counted", last.participants) - there.counted if last else 0
        if rules.is_due(there.new, there.known, gone, last and last.at, now, over=one.closes_at <= now):
            found.append(one.id)
    return found


@every(1, "results of consultations", at_start=True)
def compute_due() -> int:
    """Compute what is due; returns how many results there are more."""
    made = 0
    for consultation_id in due():
        try:
            made += compute(consultation_id)
        except (NoAnswer, Unavailable, ValueError) as trouble:
            log.error("the result of consultation %s was not computed: %s", consultation_id, type(trouble).__name__)
    return made


def compute(consultation_id: int) -> bool:
    """Compute the result of what is answered by now, and keep it; False where another was faster or the last
    one is there. Raises Unavailable while it is being computed in any process of this machine."""
    with writers.turn_at(Path(current_app.config["DATA"]) / f"result-{consultation_id}", 0):
        return _compute(consultation_id)


def _compute(consultation_id: int) -> bool:
    consultation = db.session.get_one(Consultation, consultation_id)
    last = queries.latest_map(consultation_id)
    if last is not None and last.is_last:
        return False
    number, is_last = (last.number if last else 0) + 1, consultation.closes_at <= clock.now()
    if is_last:
        queries.locked(consultation_id)  # who answered in the last moment commits first
    statements = [one for one in queries.statements(consultation_id) if one.published_at is not None]
    answers, who = matrix(consultation, statements), _who(consultation)
    made = subprocess_call.call_limited(
        SECONDS, MEGABYTES, result, answers,
        [Text(str(one.number), one.text, one.is_taken_out, one.is_meta, str(one.origin)) for one in statements],
        Settings(seed=consultation_id), _previous(last), _about(consultation), last.published if last else None,
        consultation.publishes_matrix and is_last, is_last)
    tell_who(made, who, last.kept if last else None, is_last)
    kept = _keep(consultation_id, number, made, is_last)
    if kept:
        extensions.tell(extensions.COMPUTED, consultation_id)
    return kept


def compute_within(seconds: float, consultation_id: int) -> bool | None:
    """As `compute`; None where it takes longer than so many seconds: then it goes on, and whoever waits hears of the
    result by `extensions.COMPUTED`. Raises what `compute` raises."""
    app = current_app._get_current_object()

    def run() -> bool:
        with app.app_context():
            return compute(consultation_id)

    let_go()
    pool = ThreadPoolExecutor(1, f"result-{consultation_id}")
    found = pool.submit(run)
    pool.shutdown(wait=False)
    if wait([found], seconds).done:
        return found.result()
    found.add_done_callback(_note_failure)
    return None


def _note_failure(found: Future) -> None:
    if trouble := found.exception():
        log.error("a result that took long was not computed: %s", type(trouble).__name__)


class Made(NamedTuple):
    """A result: what everybody may read, what the next one needs, and where each participant stands in it."""

    published: dict[str, Any]
    kept: dict[str, Any]
    places: list[dict[str, Any]]


def result(answers: Matrix, texts: list[Text], settings: Settings, previous: Previous | None, about: dict[str, Any],
           before: dict[str, Any] | None, with_matrix: bool, is_last: bool) -> Made:
    """The result of these answers, after that of `before`. Pure; runs in a process of its own."""
    statements = [mapping.Statement(one.id, one.taken_out, one.meta) for one in texts]
    about_people = [one.id for one in texts if one.meta]
    mapped = answers.without(about_people)
    found = mapping.compute(mapped, statements, settings, previous)
    if about_people:
        found = found.with_counts(answers, about_people)
    whole = with_matrix and found.participants >= rules.MATRIX_LEAST
    published = publication.make(found, texts, settings, about, before, mapped if whole else None, is_last=is_last)
    published["picture"] = picture(found.projection, found.groups, published["groups"])
    kept = {"components": list(found.components), "steady": asdict(found.steady) if found.steady else None,
            "priority": dict(found.priority), "counted": found.participants, "answers": len(answers.rows)}
    places = [{"id": int(one), "group_name": found.groups.get(one), "x": x, "y": y, "is_counted": True}
              for one, (x, y) in found.projection.items()]
    return Made(published, kept, places)


def _about(consultation: Consultation) -> dict[str, Any]:
    return {"slug": consultation.slug, "title": consultation.title, "question": consultation.question,
            "closes_at": consultation.closes_at.isoformat()}


def _who(consultation: Consultation) -> dict[str, dict[str, int]]:
    """Numbers of those who answered by neighbourhood, age band and basis; `` of those of whom it is not known."""
    found: dict[str, Counter[str]] = {name: Counter() for name in WHO}
    for *kinds, number in db.session.execute(
            sa.select(Neighbourhood.name_ko, Participant.age_band, Participant.basis, sa.func.count())
            .select_from(Participant).outerjoin(Neighbourhood, Neighbourhood.id == Participant.neighbourhood_id)
            .where(counted(consultation)).group_by(Neighbourhood.name_ko, Participant.age_band, Participant.basis)):
        for name, kind in zip(WHO, kinds):
            found[name][str(kind or "")] += number
    return {name: dict(numbers) for name, numbers in found.items()}


def tell_who(made: Made, now: Mapping[str, Mapping[str, int]], before: Mapping[str, Any] | None,
             is_last: bool) -> None:
    """Add who answered to the last result, once and for all: two such tables would tell by their difference of one
    person. `now` are the numbers by kind; those are told that stood when the published number of participants changed,
    which the result `before` kept; a result that kept none may have told them."""
    people, known = made.published["participants"], None if before is None else before.get("who")
    who = now if before is None or known and people == made.kept["counted"] else known or {}
    made.kept["who"] = {} if is_last else who
    told = who if is_last and all(sum(numbers.values()) == people for numbers in who.values()) else {}
    made.published["about"] |= {name: rules.not_few(told.get(name, {})) for name in WHO}


def matrix(consultation: Consultation, statements: list[Statement]) -> Matrix:
    import numpy as np
    people = list(db.session.scalars(sa.select(Participant.id).where(counted(consultation)).order_by(Participant.id)))
    lines = {one.id: str(one.number) for one in statements}
    rows = db.session.execute(
        sa.select(Response.participant_id, Response.statement_id, Response.value)
        .join(Participant, Participant.id == Response.participant_id).where(counted(consultation))).all()
    place = {one: number for number, one in enumerate(people)}
    column = {one: number for number, one in enumerate(lines)}
    given = np.array([(place[who], column[what], value) for who, what, value in rows
                      if who in place and what in column], np.int64).reshape(-1, 3)
    return Matrix(tuple(map(str, people)), tuple(lines.values()), given[:, 0].astype(np.int32),
                  given[:, 1].astype(np.int32), given[:, 2].astype(np.int8))


def _previous(last: OpinionMap | None) -> Previous | None:
    if last is None:
        return None
    groups = {str(row.id): row.group_name for row in db.session.execute(
        sa.select(Participant.id, Participant.group_name).where(
            Participant.consultation_id == last.consultation_id, Participant.group_name.is_not(None)))}
    steady = last.kept["steady"]
    first, second = last.kept["components"]
    return Previous((first, second), groups, Steady(**steady) if steady else None)


def _keep(consultation_id: int, number: int, made: Made, is_last: bool) -> bool:
    with use_case(None) as work:
        consultation = queries.locked(consultation_id)
        last = queries.latest_map(consultation_id)
        if (last.number if last else 0) != number - 1:
            return False
        work.session.add(OpinionMap(
            consultation_id=consultation_id, number=number, at=work.at, is_last=is_last,
            participants=made.published["participants"], published=made.published, kept=made.kept))
        work.session.flush()
        work.session.execute(sa.update(OpinionMap).where(
            OpinionMap.consultation_id == consultation_id, OpinionMap.number < number).values(published={}, kept={}))
        if is_last:
            for kind in (PaperTyping, Letter, Kiosk):
                work.session.execute(sa.delete(kind).where(kind.consultation_id == consultation_id))
        _place(work.session, consultation, made.places)
        work.record("opinions.computed", consultation, number=number, participants=made.published["participants"])
        return True


def _place(session, consultation: Consultation, places: list[dict[str, Any]]) -> None:
    """Group and place of each participant, for whoever asks about themselves."""
    session.execute(sa.update(Participant).where(Participant.consultation_id == consultation.id).values(
        group_name=None, x=None, y=None, is_counted=False).execution_options(synchronize_session=False))
    there = set(session.scalars(sa.select(Participant.id).where(Participant.consultation_id == consultation.id)))
    rows = [one for one in places if one["id"] in there]  # who has left meanwhile stands nowhere
    for begin in range(0, len(rows), WRITTEN_AT_ONCE):
        session.execute(sa.update(Participant), rows[begin:begin + WRITTEN_AT_ONCE])
