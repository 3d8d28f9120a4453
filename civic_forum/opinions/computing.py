"""Computing results: when they are due, in a process of their own, kept if no other was faster.

A computation that is killed, runs out of memory or is overtaken changes nothing: the earlier result stays, with its
date.
"""

import json
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
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

from . import extensions, keyring, mapping, queries, rows, rules
from .formats import publication
from .formats.publication import Text
from .mapping import Matrix, Previous, Settings, Steady
from .mapping.picture import picture
from .models import Consultation, Letter, OpinionMap, PaperTyping, Participant, Seat, Statement
from .operations import counted, counts
from .queries import Opened
from .sealing import VALUES, Keys, Point, room_of

log = logging.getLogger(__name__)
SECONDS, MEGABYTES = 300, 3_000
"""Most that one computation may use."""
WHO = ("neighbourhoods", "age_bands", "bases")


def due() -> list[int]:
    """Consultations whose result is computed now."""
    now = clock.now()
    ids = []
    begun = db.session.scalars(sa.select(Consultation).where(
        Consultation.announced_at.is_not(None), Consultation.opens_at <= now, Consultation.key_destroyed_at.is_(None),
        ~sa.exists().where(OpinionMap.consultation_id == Consultation.id, OpinionMap.is_last))
        .order_by(Consultation.id))
    for consultation in begun:
        last, there = queries.latest_map(consultation.id), counts(consultation)
        gone = queries.kept(last).get("counted", last.participants) - there.counted if last else 0
        if rules.is_due(there.new, there.known, gone, last and last.at, now, over=consultation.closes_at <= now):
            ids.append(consultation.id)
    return ids


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
    statements = [statement for statement in queries.statements(consultation_id) if statement.published_at is not None]
    keys = keyring.keys(consultation_id)
    people, damaged = queries.everybody(keys, counted(consultation))
    kept = queries.kept(last) if last else None
    made = subprocess_call.call_limited(
        SECONDS, MEGABYTES, result, matrix(people, statements),
        [Text(str(statement.number), statement.text, statement.is_taken_out and not statement.out_until,
              statement.is_meta and not statement.out_until, str(statement.origin))
         for statement in statements],
        Settings(seed=consultation_id), _previous(kept, people), _about(consultation), last.published if last else None,
        consultation.publishes_matrix and is_last, is_last)
    made.published["damaged"] = damaged
    tell_who(made, _who(people), kept, is_last)
    if not _keep(keys, number, made, is_last):
        return False
    extensions.tell(extensions.COMPUTED, consultation_id)
    return True


def compute_within(seconds: float, consultation_id: int) -> bool | None:
    """As `compute`; None where it takes longer than so many seconds: then it goes on, and whoever waits hears of the
    result by `extensions.COMPUTED`. Raises what `compute` raises."""
    app = current_app._get_current_object()

    def run() -> bool:
        with app.app_context():
            return compute(consultation_id)

    let_go()
    pool = ThreadPoolExecutor(1, f"result-{consultation_id}")
    future = pool.submit(run)
    pool.shutdown(wait=False)
    if wait([future], seconds).done:
        return future.result()
    future.add_done_callback(_note_failure)
    return None


def _note_failure(future: Future) -> None:
    if trouble := future.exception():
        log.error("a result that took long was not computed: %s", type(trouble).__name__)


class Made(NamedTuple):
    """A result: what everybody may read, what the next one needs, and where each participant stands in it."""

    published: dict[str, Any]
    kept: dict[str, Any]
    places: dict[str, Point]
    """By the name of their row, in hex."""


def result(answers: Matrix, texts: list[Text], settings: Settings, previous: Previous | None, about: dict[str, Any],
           before: dict[str, Any] | None, with_matrix: bool, is_last: bool) -> Made:
    """The result of these answers, after that of `before`. Pure; runs in a process of its own."""
    statements = [mapping.Statement(text.id, text.taken_out, text.meta) for text in texts]
    about_people = [text.id for text in texts if text.meta]
    mapped = answers.without(about_people)
    opinion_map = mapping.compute(mapped, statements, settings, previous)
    if about_people:
        opinion_map = opinion_map.with_counts(answers, about_people)
    whole = with_matrix and opinion_map.participants >= rules.MATRIX_LEAST
    published = publication.make(
        opinion_map, texts, settings, about, before, mapped if whole else None, is_last=is_last)
    published["picture"] = picture(opinion_map.projection, opinion_map.groups, published["groups"])
    kept = {"components": list(opinion_map.components), "priority": dict(opinion_map.priority),
            "steady": asdict(opinion_map.steady) if opinion_map.steady else None,
            "counted": opinion_map.participants, "answers": len(answers.rows)}
    return Made(published, kept, {person: Point(opinion_map.groups.get(person), x, y)
                                  for person, (x, y) in opinion_map.projection.items()})


def _about(consultation: Consultation) -> dict[str, Any]:
    return {"slug": consultation.slug, "title": consultation.title, "question": consultation.question,
            "closes_at": consultation.closes_at.isoformat()}


def _who(people: Sequence[Opened]) -> dict[str, dict[str, int]]:
    """Numbers of those who answered by neighbourhood, age band and basis; `` of those of whom it is not known."""
    names = dict(db.session.execute(sa.select(Neighbourhood.id, Neighbourhood.name_ko)).all())
    counters: dict[str, Counter[str]] = {name: Counter() for name in WHO}
    for person in people:
        place = names.get(person.content.neighbourhood_id)
        for name, kind in zip(WHO, (place, person.content.age_band, person.row.basis)):
            counters[name][str(kind or "")] += 1
    return {name: dict(numbers) for name, numbers in counters.items()}


def tell_who(made: Made, now: Mapping[str, Mapping[str, int]], before: Mapping[str, Any] | None, is_last: bool) -> None:
    """Add who answered to the last result, once and for all: two such tables would tell by their difference of one
    person. `now` are the numbers by kind; those are told that stood when the published number of participants changed,
    which the result `before` kept; a result that kept none may have told them."""
    people, known = made.published["participants"], None if before is None else before.get("who")
    who = now if before is None or known and people == made.kept["counted"] else known or {}
    made.kept["who"] = {} if is_last else who
    told = who if is_last and all(sum(numbers.values()) == people for numbers in who.values()) else {}
    made.published["about"] |= {name: rules.not_few(told.get(name, {})) for name in WHO}


def matrix(people: Sequence[Opened], statements: Sequence[Statement]) -> Matrix:
    """Answers of these people, each by the name of their row in hex, to these statements."""
    import numpy as np
    room = max((len(person.content.codes) for person in people), default=0)
    packed = np.frombuffer(b"".join(person.content.codes.ljust(room, b"\0") for person in people), np.uint8)
    codes = (packed[:, None] >> np.arange(0, 8, 2, np.uint8) & 3).reshape(len(people), 4 * room)
    codes = codes[:, [statement.number - 1 for statement in statements if statement.number <= 4 * room]]
    places = codes.nonzero()
    return Matrix(
        tuple(person.row.row_key.hex() for person in people), tuple(str(statement.number) for statement in statements),
        places[0].astype(np.int32), places[1].astype(np.int32), np.array(VALUES, np.int8)[codes[places]])


def answers_of_counted(consultation: Consultation) -> int:
    """Answers of those who are in the last result."""
    people, _damaged = queries.everybody(keyring.keys(consultation.id), counted(consultation))
    return sum(len(person.content.answers) for person in people if person.row.is_counted)


def _previous(kept: Mapping[str, Any] | None, people: Sequence[Opened]) -> Previous | None:
    if not kept:
        return None
    groups = {person.row.row_key.hex(): person.point.group for person in people if person.point.group is not None}
    first, second = kept["components"]
    return Previous((first, second), groups, Steady(**kept["steady"]) if kept["steady"] else None)


def _keep(keys: Keys, number: int, made: Made, is_last: bool) -> bool:
    with use_case(None) as work:
        consultation = queries.locked(keys.consultation_id)
        last = queries.latest_map(consultation.id)
        if (last.number if last else 0) != number - 1:
            return False
        here = _place(keys, made.places)
        if last is not None and here < (before := queries.kept(last).get("rows", 0)):
            log.critical("ALARM: of %s rows of consultation %s %s are gone", before, consultation.id, before - here)
        work.store(OpinionMap(
            consultation_id=consultation.id, number=number, at=work.at, is_last=is_last,
            participants=made.published["participants"], published=made.published,
            kept=keys.seal("kept", json.dumps(made.kept | {"rows": here}).encode(), number)))
        work.session.execute(sa.update(OpinionMap).where(
            OpinionMap.consultation_id == consultation.id, OpinionMap.number < number).values(published={}, kept=b""))
        if is_last:
            for kind in (PaperTyping, Letter, Seat):
                work.session.execute(sa.delete(kind).where(kind.consultation_id == consultation.id))
        work.record("opinions.computed", consultation, number=number, participants=made.published["participants"],
                    rows=here, damaged=made.published["damaged"])
        return True


def _place(keys: Keys, places: Mapping[str, Point]) -> int:
    """Write the group and place of everybody, nowhere for those who are in none, so that all rows look alike; returns
    how many rows there are."""
    table, written = Participant.__table__, []
    here = table.c.consultation_id == keys.consultation_id
    for row in db.session.execute(sa.select(table).where(here).order_by(table.c.row_key).with_for_update()).all():
        point = None if row.is_empty else places.get(row.row_key.hex())  # who left meanwhile stands nowhere
        written.append({"key": row.row_key, "counted": point is not None,
                        "point": keys.seal_point(row, point or Point())})
    if written:
        db.session.execute(sa.update(table).where(here, table.c.row_key == sa.bindparam("key")).values(
            is_counted=sa.bindparam("counted"), place=sa.bindparam("point")), written)
    return len(written)


@every(1, "rooms of consultations")
def make_room() -> int:
    """Seal the rows of consultations anew whose statements fill their room; returns of how many."""
    full = [consultation.id for consultation in queries.with_key(Consultation.closes_at > clock.now())
            if room_of(queries.highest_number(consultation.id)) > consultation.room]
    for consultation_id in full:
        with use_case(None) as work:
            consultation, keys = queries.locked(consultation_id), keyring.keys(consultation_id)
            consultation.room = room_of(queries.highest_number(consultation_id))
            for row in rows.all_held(keys):
                if (content := keys.open_row(row)) is not None:
                    rows.put(keys, row, content, consultation.room)
            work.record("opinions.room_made", consultation, room=consultation.room)
    return len(full)
