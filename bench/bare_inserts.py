"""An empty Flask POST that makes the inserts of a first cast and nothing else, served like the site.

Through the bare driver, into the same tables of the same database, each request its own commit that is as durable.
"""

import sqlite3
from contextlib import contextmanager
from queue import LifoQueue
from secrets import token_bytes

import psycopg
from flask import Flask, request
from sqlalchemy import make_url

import config
from civic_forum.ballots.box.sealing import FORM_KEY_BYTES, HASH_BYTES, MINE_BYTES, NONCE_BYTES, NUMBER_BYTES

app = Flask(__name__)
SEALED_BYTES = NONCE_BYTES + 16
VOTER_BYTES = SEALED_BYTES + NUMBER_BYTES + FORM_KEY_BYTES + MINE_BYTES + 37
PROMISE_BYTES = SEALED_BYTES + 2 * HASH_BYTES
"""Of what is sealed where there are eighteen options."""
_url = make_url(str(config.load()["DATABASE_URL"]))
_box = token_bytes(16)
_lines: LifoQueue = LifoQueue()
_on_sqlite = _url.get_backend_name() == "sqlite"
_mark = "?" if _on_sqlite else "%s"
_voter = f"INSERT INTO voter (box_id, row_key, channel, paper, sealed) VALUES ({_mark}, {_mark}, 1, 0, {_mark})"
_promise = f"INSERT INTO promise (box_id, name, sealed) VALUES ({_mark}, {_mark}, {_mark})"


@app.get("/")
def page():
    return "<!doctype html><title>empty</title>"


@app.post("/")
def post():
    request.get_json()
    with _connection() as connection:
        connection.execute(_voter, (_box, token_bytes(32), token_bytes(VOTER_BYTES)))
        connection.execute(_promise, (_box, token_bytes(16), token_bytes(PROMISE_BYTES)))
        connection.commit()
    return {}


@contextmanager
def _connection():
    """One that is free, or another one."""
    connection = _connect() if _lines.empty() else _lines.get()
    yield connection
    _lines.put(connection)


def _connect():
    if not _on_sqlite:
        return psycopg.connect(_url.set(drivername="postgresql").render_as_string(hide_password=False))
    connection = sqlite3.connect(_url.database, check_same_thread=False)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 30000"):
        connection.execute(f"PRAGMA {pragma}")
    return connection
