"""The state of a cluster that says it is ready, and the faults on which it refuses to start."""

import fcntl
import json
import os
import re
import resource
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from civic_forum import process_group
from civic_forum.app import defaults
from civic_forum.ballots.server_settings import REQUIRED
from civic_forum.cluster import postgresql
from civic_forum.platform.database_copies import NAMES
from tests.running.machine import patience
from tests.servers.site import ROOT, environment

from .visitors import Visitor

pytestmark = pytest.mark.servers


def refused(*arguments, **settings):
    """The words of a start that does not succeed."""
    said = subprocess.run([sys.executable, "-m", "civic_forum.cluster", *arguments], cwd=ROOT,
                          env=environment() | settings, capture_output=True, text=True, timeout=patience(60),
                          start_new_session=True)
    assert said.returncode == 1 and "Traceback" not in said.stderr
    [sentence] = said.stderr.splitlines()
    return sentence


def test_both_workers_serve_pages(cluster):
    for worker in cluster.workers:
        status, _, page = worker.get("/")
        assert status == 200 and 'lang="ko"' in page.decode()


def test_it_is_ready_with_everything_that_it_needs(cluster):
    status, _, body = Visitor(cluster.url).get("/readyz")
    assert (status, json.loads(body)) == (200, {"status": "ok", "degraded": []})


def test_the_sample_accounts_are_named_before_it_is_ready(cluster):
    before = cluster.log.read_text().split("Ready:")[0]
    assert "moderator1" in before and f"Sample password: {cluster.password}" in before


def test_jobs_run_in_one_process_alone(cluster):
    assert len(cluster.processes("civic_forum.worker")) == 1
    assert not any("worker" in name for worker in cluster.workers for name in threads_of(worker.pid))


def threads_of(pid):
    return [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/comm")]


def test_other_users_of_the_machine_reach_nothing_of_it(cluster):
    assert cluster.data.stat().st_mode & 0o077 == 0
    inside = [path for path in cluster.data.iterdir() if path.is_dir()]
    assert {path.name for path in inside} >= {"site", "postgresql", "redis", "nginx"}
    assert [path for path in inside if path.stat().st_mode & 0o077] == []
    secrets = ["passwords", "settings", "redis/redis.conf", "nginx/nginx.conf"]
    assert [name for name in secrets if (cluster.data / name).stat().st_mode & 0o077] == []


@pytest.mark.parametrize("server", ["postgres", "redis-server", "nginx"])
def test_no_server_runs_as_root(cluster, server):
    running = [pid for pid in cluster.processes() if name_of(pid) == server]
    assert running and all(os.stat(f"/proc/{pid}").st_uid != 0 for pid in running)


def name_of(pid):
    return Path(f"/proc/{pid}/comm").read_text().strip()


def test_no_password_stands_in_a_command_line(cluster):
    passwords = json.loads((cluster.data / "passwords").read_text()).values()
    running = cluster.processes()
    assert len(running) > 5
    for pid in running:
        line = Path(f"/proc/{pid}/cmdline").read_text()
        assert not any(password in line for password in passwords)


def test_redis_lets_nobody_in_without_the_password(cluster):
    with socket.create_connection(("127.0.0.1", cluster.redis.port)) as asked:
        asked.sendall(b"PING\r\n")
        assert asked.recv(100).startswith(b"-NOAUTH")


def test_the_settings_for_postgresql_are_those_that_votes_need():
    given = postgresql.settings()
    assert {name: given[name] in allowed for name, allowed in REQUIRED.items()} == dict.fromkeys(REQUIRED, True)


def test_every_process_can_have_all_its_connections_at_once(cluster):
    """Two web workers and the background work, and three that PostgreSQL keeps for superusers."""
    options = defaults(cluster.settings_of_commands | {"SESSION_DAYS": 1, "COOKIE_SECURE": False})
    pool = options["SQLALCHEMY_ENGINE_OPTIONS"]
    needed = 3 * (pool["pool_size"] + pool["max_overflow"]) + 3
    assert needed < int(postgresql.settings()["max_connections"])


def command(cluster, *words):
    """The words of a command that knows the site by the settings beside it."""
    said = subprocess.run([sys.executable, "-m", "civic_forum.cli", *words], cwd=ROOT, text=True, timeout=patience(120),
                          env=environment() | {"CIVIC_FORUM_SETTINGS": str(cluster.data / "settings")},
                          capture_output=True)
    assert said.returncode == 0, said.stderr
    return said.stdout


def test_commands_find_the_site_by_the_settings_beside_it(cluster):
    assert "독산" in command(cluster, "district", "list", "--json")


def test_a_backup_is_made_while_it_runs(cluster, tmp_path):
    command(cluster, "backup", str(tmp_path / "copy"))
    assert (tmp_path / "copy" / NAMES["postgresql"]).stat().st_size > 10_000


@pytest.mark.parametrize("running", ["--name web-1 ", "--name web-2 ", "nginx"])
def test_each_may_open_as_many_files_as_it_has_followers(cluster, running):
    wanted = min(process_group.OPEN_FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    pids = cluster.processes(running)
    assert pids
    for pid in pids:
        [allowed] = re.findall(r"^Max open files +(\d+)", Path(f"/proc/{pid}/limits").read_text(), re.M)
        assert int(allowed) >= wanted


def test_a_taken_port_is_named(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        sentence = refused("--port", port, "--data", str(tmp_path / "data"))
    assert f"port {port}: Address already in use" in sentence


def test_a_second_cluster_on_the_same_directory_is_refused(tmp_path):
    with open(tmp_path / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert refused("--port", "0", "--data", str(tmp_path)) == f"A cluster runs on {tmp_path} already."


def test_a_directory_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    assert str(tmp_path / "file") in refused("--port", "0", "--data", str(tmp_path / "file" / "data"))


def test_a_database_of_a_version_that_is_not_installed_is_named(tmp_path):
    (tmp_path / "postgresql" / "data").mkdir(parents=True)
    (tmp_path / "postgresql" / "data" / "PG_VERSION").write_text("7\n")
    assert "PostgreSQL 7, which is not installed" in refused("--port", "0", "--data", str(tmp_path))
