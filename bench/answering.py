"""Answering a consultation: 300 people at once for a minute, half with accounts, half with a browser alone."""

import itertools
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import monotonic
from urllib.parse import urlencode

import sqlalchemy as sa

import config
from civic_forum.app import create_app
from civic_forum.opinions import keyring, queries
from civic_forum.opinions.models import Participant
from civic_forum.opinions.rules import VALUES
from civic_forum.platform import migrations
from civic_forum.platform.base import db
from tests import factories
from tests.opinions.making import consultation

from .casting import durable, two_cores
from .figures import Figure
from .load import pour
from .servers import Server, free_port, serving, working
from .voters import signed_in

PEOPLE, STATEMENTS = 300, 60
A_SECOND, HELD_S = 50, 60
"""Answers: each person thinks for six seconds."""


@dataclass(frozen=True)
class Asked:
    """An open consultation and the cookies of people who may answer it."""

    slug: str
    cookies: list[str]
    csrf_token: str

    def answers(self) -> Iterator[bytes]:
        """Of the people in turn, as the script of the page sends them: the next statement comes back."""
        for number in itertools.count():
            who, statement = number % PEOPLE, number // PEOPLE % STATEMENTS + 1
            yield self.answer(who, statement, VALUES[(who + statement) % 3])

    def answer(self, who: int, statement: int, value: int) -> bytes:
        body = urlencode({"csrf_token": self.csrf_token, "statement": statement, "value": value, "next": 1})
        return (f"POST /consultations/{self.slug}/responses HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                f"Cookie: {self.cookies[who]}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {len(body)}\r\n\r\n{body}").encode()


def ask(data: Path, people: int = PEOPLE, statements: int = STATEMENTS, **settings: str) -> Asked:
    """Make a database in this data directory (or at the `DATABASE_URL` given) with an open consultation."""
    config.mark_as_sample(data)
    app = create_app(config.load({}, DATA=str(data), **settings))
    with app.app_context():
        migrations.upgrade()
        made, town = consultation([f"{number}번 길에 나무를 더 심어요." for number in range(1, statements + 1)]), factories.Town()
        accounts: list[str | None] = [factories.signed_in(town.user()) for _one in range(people // 2)]
        browsers = [None] * (people - len(accounts))
        cookies, csrf_token = signed_in(app, accounts + browsers)
        for number in range(len(accounts), people):
            cookies[number] += f"; answerer={token_urlsafe(16)}"
        asked = Asked(made.slug, cookies, csrf_token)
        db.session.remove()
        db.engine.dispose()
    return asked


def answering() -> list[Figure]:
    """Both databases, each with its own consultation; site, database and people share two cores."""
    with two_cores():
        return [figure for name in ("SQLite", "PostgreSQL") for figure in measured(name)]


def measured(database: str) -> list[Figure]:
    """Raises AssertionError where an answer that was acknowledged is not there."""
    with TemporaryDirectory(prefix="civic-forum-bench-") as folder, ExitStack() as cluster:
        settings = {"DATABASE_URL": cluster.enter_context(durable())} if database == "PostgreSQL" else {}
        data, costs = Path(folder) / "data", []
        asked = ask(data, **settings)
        with serving("kept", data, free_port(), **settings) as site, working(data, **settings):
            held = pour(site.port, _watched(site, asked.answers(), costs), PEOPLE, seconds=HELD_S, a_second=A_SECOND)
        assert len(given(data, **settings)) == held.statuses[200], held.statuses
    said = f"answers of {PEOPLE} people at once, {database}"
    return [
        Figure(f"{said}: in {HELD_S} s", held.statuses[200], "answers", f"{A_SECOND * HELD_S}"),
        Figure(f"{said}: CPU of one, with the next statement", round(median(costs), 1), "ms", ""),
        Figure(f"{said}: p95 of seconds", round(quantiles(costs, n=20)[-1], 1), "ms", "≤ 50"),
        Figure(f"{said}: p95 until it came back", round(quantiles(held.waits_ms, n=20)[-1], 1), "ms", "≤ 500"),
        Figure(f"{said}: errors", held.errors, "errors", "0"),
    ]


def _watched(site: Server, requests: Iterable[bytes], costs: list[float]) -> Iterator[bytes]:
    """The same requests; each second the milliseconds of the worker's CPU for an answer are noted."""
    began, cpu, sent = monotonic(), site.cpu_s(), 0
    for request in requests:
        if monotonic() - began >= 1 and sent:
            now = site.cpu_s()
            costs.append((now - cpu) / sent * 1000)
            began, cpu, sent = monotonic(), now, 0
        sent += 1
        yield request


def given(data: Path, **settings: str) -> dict[tuple[bytes, int], int]:
    """Answers as the database has them: participant and number of the statement → answer."""
    app = create_app(config.load({}, DATA=str(data), **settings))
    with app.app_context():
        people = [queries.opened(keyring.keys(row.consultation_id), row)
                  for row in db.session.scalars(sa.select(Participant))]
        db.session.remove()
        db.engine.dispose()
    return {(one.row.row_key, number): value for one in people for number, value in one.content.answers.items()}
