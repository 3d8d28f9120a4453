"""Every file is shown to the virus scanner as it was sent, if there is one."""

import socket
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


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: OK", b"x" * 5000,
                                    b"stream: \xff ERROR\0"])
def test_an_answer_that_does_not_say_that_it_is_clean_is_none(app, town, monkeypatch, answer):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def say():
            line, _address = listener.accept()
            with line:
                while not line.recv(65_536).endswith(bytes(4)):
                    pass
                line.sendall(answer)

        Thread(target=say, daemon=True).start()
        monkeypatch.setitem(app.config, "CLAMD", f"tcp://127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(Unavailable):
            client.found_in(b"x")
