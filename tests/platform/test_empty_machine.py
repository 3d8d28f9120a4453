"""A site comes back on an empty machine by the commands of docs/running.md, word for word."""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from civic_forum import process_group
from civic_forum.accounts.services import entry
from civic_forum.app import ROOT
from civic_forum.attachments.models import Attachment
from civic_forum.ballots.counting import closing, publication
from civic_forum.platform import audit_chain, backups, encrypted_archives, last_backup, storage
from civic_forum.platform.base import db
from tests import factories
from tests.ballots.boxes import box
from tests.ballots.officials import both
from tests.ballots.test_publication import watched
from tests.common import let_go
from tests.faults import towns
from tests.faults.people import Somebody
from tests.running.machine import patience
from tests.servers import postgres as server
from tests.servers import processes

PASSWORD = "kalo mena sodi pehu"
VOTERS = 12
COUNTED = {"site_version"}
"""A table that a restore changes, so that no page kept before is shown after it."""


def commands():
    """Lines of the block of the docs: the person's own ones by their names, and those that stay as they are."""
    told = (ROOT / "docs" / "running.md").read_text("utf-8").split("**On an empty machine.**")[1]
    lines = told.split("```\n")[1].splitlines()
    assert "The first eight lines are yours" in told
    return {re.match(r"(?:export )?(\w+)=", line)[1]: line for line in lines[:8]}, lines[8:]


def rows(app):
    """Numbers of rows of every table."""
    with app.app_context():
        found = {table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table))
                 for table in db.metadata.sorted_tables if table.name not in COUNTED}
        let_go()
    return found


def files(app):
    """Uploads and records of votes, by path, with what is in them."""
    data = Path(app.config["DATA"])
    return {str(path.relative_to(data)): path.read_bytes() for name in ("uploads", "records")
            for path in (data / name).rglob("[!.]*") if path.is_file()}


@pytest.fixture(params=["sqlite", "postgres"])
def addresses(request):
    """Databases of the machine that is lost and of the empty one; nothing to say of SQLite's."""
    if request.param == "sqlite":
        yield {}, {}
        return
    postgres = request.getfixturevalue("postgres")
    urls = [server.fresh_database(postgres) for _ in range(2)]
    yield tuple({"DATABASE_URL": url} for url in urls)
    for url in urls:
        server.drop_database(url)


@pytest.fixture
def safe(tmp_path):
    """A place with the private key; settings and keys come into it."""
    (tmp_path / "safe").mkdir()
    text, public = encrypted_archives.new_identity()
    (tmp_path / "safe" / "backup-key").write_text(text)
    return tmp_path / "safe", public


@pytest.fixture
def lost(addresses, safe, tmp_path):
    """A real site with people, a vote that was counted, a file, and a backup; its data is gone, its settings and keys
    are in the safe."""
    (place, public), data = safe, tmp_path / "lost" / "data"
    app = towns.newest_application(data, BACKUP_RECIPIENTS=(public,), STAFF_TOTP=False, **addresses[0])
    with app.app_context():
        assert not app.config["SAMPLE"]
        town = factories.Town()
        entry.create_user("first.name", PASSWORD, "첫째", by=None)
        first, _second = both(town)
        files_of = town.proposal().attachment_set_id
        db.session.add(Attachment(key="abc", set_id=files_of, position=1, name="표.pdf", size=9, is_picture=False,
                                  media_type="application/pdf", digest=storage.keep(os.urandom(100_000)),
                                  added_by_id=first.id, added_at=factories.clock.now()))
        db.session.commit()
        made = box(VOTERS, opens=-3600, closes=5, **watched())
        for voter in made.voters:
            made.cast(voter, 1)
        time.sleep(6)
        closing.close(made.id)
        publication.carry_on(made.id, by=first)
        db.session.remove()
        audit_chain.link()
        db.session.remove()
        backups.backup(str(tmp_path / "backup"))
        assert last_backup.last().name == str(tmp_path / "backup")
    counted, kept = rows(app), files(app)
    assert counted["promise"] == VOTERS and counted["audit_link"] and counted["user"] > 1
    assert any(path.startswith("records/") for path in kept) and any(path.startswith("uploads/") for path in kept)
    shutil.move(f"{data}-keys", place / "keys")
    shutil.rmtree(data)
    return counted, kept, made


@pytest.mark.servers
@pytest.mark.long
def test_the_commands_of_the_docs_bring_a_site_back_on_an_empty_machine(lost, addresses, safe, tmp_path):
    (counted, kept, made), (place, public) = lost, safe
    machine, port = tmp_path / "machine", processes.free_port()
    (machine / "home").mkdir(parents=True)
    own = {"CODE": ROOT, "BACKUP": tmp_path / "backup", "IDENTITY": place / "backup-key", "SAFE": place,
           "SITE": machine / "site", "DATA": machine / "data", "PORT": port,
           "CIVIC_FORUM_SETTINGS": machine / "settings"}
    settings = {"DATA": own["DATA"], "SECRET_KEY": "a long text of this test alone", "BACKUP_RECIPIENTS": public}
    (place / "settings").write_text("".join(f"{name}={value}\n" for name, value in (settings | addresses[1]).items()))
    mine, others = commands()
    assert mine.keys() == own.keys()
    lines = [re.sub("=.*", lambda _match, name=name: f"={own[name]}", line) for name, line in mine.items()]
    # An hour of packages is saved: what is installed for the tests is lent to the new clone.
    others.insert(others.index("bin/prepare"), f"ln -s '{ROOT / '.venv'}' .venv")
    others.insert(next(number for number, line in enumerate(others) if line.endswith(" &")) + 1, "echo Site: $!")
    script = "\n".join([*lines, *others])

    with open(machine / "log", "wb") as log:
        shell = subprocess.Popen(["bash", "-e", "-x", "-c", script], cwd=machine, stdin=subprocess.DEVNULL, stdout=log,
                                 stderr=subprocess.STDOUT, start_new_session=True,
                                 env={"HOME": str(machine / "home"), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
    try:
        assert shell.wait(patience(300)) == 0, (machine / "log").read_text()
        said = (machine / "log").read_text()
        assert '"status":"ok"' in said and "Tables and models agree." in said
        app = towns.application(own["DATA"], **addresses[1])
        assert (rows(app), files(app)) == (counted, kept)
        with app.app_context():
            assert list(audit_chain.faults()) == [] and made.promises() == VOTERS
            let_go()
        person = Somebody()
        person.arrive(f"http://127.0.0.1:{port}")
        person.read_form("/sign-in")
        assert person.post("/sign-in", name="first.name", password="not the right one")[0] != 302
        assert person.post("/sign-in", name="first.name", password=PASSWORD)[0] == 302
        person.leave()
    finally:
        for group in (shell.pid, *map(int, re.findall(r"^Site: (\d+)$", (machine / "log").read_text(), re.M))):
            end(group)
    assert (own["CIVIC_FORUM_SETTINGS"].stat().st_mode & 0o777) == 0o600
    assert not (own["DATA"] / "backup-work" / "pieces").exists()
    assert json.loads((tmp_path / "backup" / "backup.json").read_text())["recipients"] == [public]


def end(group):
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGTERM)
    until = time.monotonic() + patience(30)
    while process_group.members(group):
        assert time.monotonic() < until, process_group.members(group)
        time.sleep(0.05)
