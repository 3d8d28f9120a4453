"""Every file is shown to the virus scanner as it was sent, if there is one."""

import logging
import os
import socket
import struct
import time
from contextlib import contextmanager, suppress
from threading import Thread

import pytest
import sqlalchemy as sa

from civic_forum.attachments import scanner as client
from civic_forum.attachments import services
from civic_forum.platform import storage
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal, Unavailable
from tests.attachments import making
from tests.attachments.test_uploading import sent
from tests.servers import clamd, processes


@pytest.fixture(params=["by_socket", "by_port"])
def asked(request, app, scanner, monkeypatch):
    monkeypatch.setitem(app.config, "CLAMD", getattr(scanner, request.param))


@pytest.fixture
def sqlite_context(sqlite_app):
    with sqlite_app.app_context():
        yield sqlite_app


@pytest.fixture
def nothing_kept(monkeypatch):
    kept = []
    monkeypatch.setattr(storage, "keep", kept.append)
    yield
    assert kept == []


def test_without_a_scanner_nothing_is_asked(town):
    assert client.found_in(clamd.INFECTED) is None


def test_a_clean_file_is_kept(asked, town):
    assert services.prepare(sent(making.jpeg() + bytes(300_000)), by=town.user()).is_kept()


def test_an_infected_file_is_refused_and_noted_without_what_is_in_it(asked, town, nothing_kept):
    by = town.user()
    with pytest.raises(Refusal, match=r"내 계획.*악성 코드") as refused:
        services.prepare(sent(making.pdf() + b"\n%" + clamd.INFECTED + b"\n%%EOF\n", "내 계획.pdf"), by=by)
    assert (refused.value.status, refused.value.field) == (422, "files")
    noted = db.session.scalars(sa.select(AuditEntry).filter_by(action="attachments.infected")).one()
    assert (noted.actor_id, noted.subject) == (by.id, f"user:{by.id}")
    assert noted.details == {"found": f"{clamd.SIGNATURE}.UNOFFICIAL", "size": len(making.pdf()) + 36}


def test_while_the_scanner_is_away_nothing_is_taken(app, town, monkeypatch, nothing_kept):
    for address in (f"tcp://127.0.0.1:{processes.free_port()}", "unix:/nowhere/clamd.ctl"):
        monkeypatch.setitem(app.config, "CLAMD", address)
        with pytest.raises(Unavailable, match="검사할 수 없어서") as away:
            services.prepare(sent(making.jpeg()), by=town.user())
        assert away.value.retry_after == client.AGAIN_S


@contextmanager
def answering(app, monkeypatch, answer, by=None, after_s=0):
    """A scanner that says this, by TCP or at a socket of this path; gives what it was told."""
    told = bytearray()
    listener = socket.create_server(("127.0.0.1", 0)) if by is None else socket.socket(socket.AF_UNIX)
    if by is not None:
        listener.bind(str(by))
        listener.listen()

    def say():
        with suppress(OSError), listener.accept()[0] as line:
            while not told.endswith(bytes(4)):
                told.extend(line.recv(65_536) or bytes(4))
            time.sleep(after_s)
            line.sendall(answer)

    with listener:
        asked = Thread(target=say, daemon=True)
        asked.start()
        monkeypatch.setitem(app.config, "CLAMD", f"unix:{by}" if by else f"tcp://127.0.0.1:{listener.getsockname()[1]}")
        yield told
        asked.join(5)


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: OK", b"x" * 5000,
                                    b"stream: \xff ERROR\0", b"x" * (client.LONGEST_ANSWER - 6) + b" FOUND\0"])
def test_an_answer_that_does_not_say_that_it_is_clean_is_none(sqlite_context, monkeypatch, caplog, answer):
    with answering(sqlite_context, monkeypatch, answer), pytest.raises(Unavailable):
        client.found_in(b"x")
    assert [one.getMessage() for one in caplog.records] == ["scanner: an answer that says nothing"]


@pytest.mark.parametrize(("answer", "found"), [
    (b"stream: OK\0", None), (b"stream: Eicar-Test FOUND\0", "Eicar-Test"),
    (b"x" * (client.LONGEST_ANSWER - 7) + b" FOUND\0", "x" * 993)])
def test_an_answer_names_what_was_found(sqlite_context, monkeypatch, tmp_path, answer, found):
    for by in (None, tmp_path / "clamd.ctl"):
        with answering(sqlite_context, monkeypatch, answer, by):
            assert client.found_in(b"x") == found


def test_a_file_is_sent_whole_in_pieces_after_the_command(sqlite_context, monkeypatch):
    data = os.urandom(client.PIECE + 10)
    with answering(sqlite_context, monkeypatch, b"stream: OK\0") as told:
        client.found_in(data)
    assert told == (b"zINSTREAM\0" + struct.pack(">I", client.PIECE) + data[:client.PIECE]
                    + struct.pack(">I", 10) + data[client.PIECE:] + bytes(4))


def test_a_scanner_that_does_not_answer_is_not_waited_for(sqlite_context, monkeypatch, tmp_path):
    monkeypatch.setattr(client, "PATIENCE_S", 0.05)
    for by in (None, tmp_path / "clamd.ctl"):
        with answering(sqlite_context, monkeypatch, b"stream: OK\0", by, after_s=0.5), pytest.raises(Unavailable):
            client.found_in(b"x")


def test_lines_to_a_scanner_that_is_away_are_closed_and_it_is_written_down(sqlite_context, monkeypatch, caplog):
    caplog.set_level(logging.ERROR)
    monkeypatch.setitem(sqlite_context.config, "CLAMD", "unix:/nowhere/clamd.ctl")
    before = os.listdir("/proc/self/fd")
    with pytest.raises(Unavailable) as away:
        client.found_in(b"x")
    assert os.listdir("/proc/self/fd") == before and away.value.retry_after == client.AGAIN_S
    assert [one.getMessage() for one in caplog.records] == ["scanner: FileNotFoundError"]
