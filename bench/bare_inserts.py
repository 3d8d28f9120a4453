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

app = Flask(__name__)
SEALED_BYTES = 12 + 1 + 37 + 16
_url = make_url(str(config.load()["DATABASE_URL"]))
_box = token_bytes(16)
_lines: LifoQueue = LifoQueue()
_on_sqlite = _url.get_backend_name() == "sqlite"
_mark = "?" if _on_sqlite else "%s"
_participation = ("INSERT INTO participation (box_id, row_key, channel, paper_number)"
                  f" VALUES ({_mark}, {_mark}, 'online', NULL)")
_cast = ("INSERT INTO ballot_cast (box_id, cast_id, row_key, revision, sealed)"
         f" VALUES ({_mark}, {_mark}, {_mark}, 1, {_mark})")


@app.get("/")
def page():
    return "<!doctype html><title>empty</title>"


@app.post("/")
def post():
    request.get_json()
    row_key = token_bytes(32)
    with _connection() as connection:
        connection.execute(_participation, (_box, row_key))
        connection.execute(_cast, (_box, token_bytes(32), row_key, token_bytes(SEALED_BYTES)))
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
