"""A cluster of a district of its own: its pages and commands; it ends as a whole, leaves nothing behind, and starts
again on what is there."""

import json
import os
import signal
import socket
import subprocess
import time
from urllib.parse import quote, urlsplit

import pytest

from civic_forum import data_directory
from tests.district import second
from tests.running.machine import patience
from tests.servers.cluster import running, wait_until
from tests.servers.site import ROOT, command_of, environment, make_sample

from .visitors import Visitor, newcomer

pytestmark = [pytest.mark.servers, pytest.mark.in_turns(of=10)]
SETTINGS = {f"CIVIC_FORUM_{name}": value for name, value in second.NAMES.items()} | {
    "CIVIC_FORUM_SECRET_KEY": "a long text that only this test knows"}
ADDRESSES = ("/", "/figures", "/figures.csv", "/commitments", "/polls", "/budgets", "/privacy", "/help",
             "/nothing-here", "/search?q=" + quote("동네"))


@pytest.fixture(scope="module")
def the_cluster(tmp_path_factory):
    with running(tmp_path_factory.mktemp("empty") / "data", "--empty", **SETTINGS) as cluster:
        yield cluster


@pytest.fixture
def empty_cluster(the_cluster):
    """A running cluster, started again if the test before has stopped it."""
    return the_cluster if the_cluster.process.poll() is None else the_cluster.start()


def command(cluster, *words):
    """The output of a command that knows the settings file of this cluster alone."""
    known = {name: value for name, value in environment().items() if not name.startswith("CIVIC_FORUM_")}
    return subprocess.run([ROOT / "bin" / "civic-forum", *words], cwd=ROOT, capture_output=True, text=True, check=True,
                          env=known | {"CIVIC_FORUM_SETTINGS": str(cluster.data / "settings")}).stdout


def test_its_pages_name_its_district_and_its_commands_need_no_other_setting(empty_cluster, tmp_path):
    lists = tmp_path / "district.json"
    lists.write_text(json.dumps(second.LISTS, ensure_ascii=False), "utf-8")
    assert "5 added" in command(empty_cluster, "district", "add", str(lists))
    for address in ADDRESSES:
        for language in second.LANGUAGES:
            visitor = Visitor(empty_cluster.url)
            visitor.cookies["language"] = language
            status, headers, text = visitor.get(address)
            assert second.faults(status, headers["Content-Type"], text.decode(), language) == [], address
    assert "한빛마을" in Visitor(empty_cluster.url).get("/")[2].decode()


def test_the_secret_of_its_commands_lies_among_its_keys(empty_cluster):
    [kept] = empty_cluster.data.rglob("secret-key")
    assert kept.parent == empty_cluster.data / "site-keys" and kept.stat().st_mode & 0o077 == 0


def of_the_cluster(cluster):
    """Every process of it, those of PostgreSQL too, which lead groups of their own."""
    found = set(cluster.processes())
    for entry in os.listdir("/proc"):
        if entry.isdigit() and parent(entry) in found:
            found.add(int(entry))
    return found


def parent(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return int(stat.read().rsplit(")", 1)[1].split()[1])
    except OSError:
        return None


def left(pids):
    return [command_of(pid) for pid in pids if command_of(pid)]


def said_last(cluster):
    """The end of what PostgreSQL has said."""
    return (cluster.data / "postgresql" / "output").read_text()[-2000:]


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=["TERM", "Ctrl-C"])
def test_asked_to_stop_it_leaves_no_process_behind(empty_cluster, how):
    pids = of_the_cluster(empty_cluster)
    assert len(pids) > 10
    with socket.create_connection(("127.0.0.1", urlsplit(empty_cluster.url).port)):
        empty_cluster.stop(how)
    assert empty_cluster.process.returncode == 0
    assert left(pids) == []


def test_asking_only_the_first_process_ends_all_of_them(empty_cluster):
    pids = of_the_cluster(empty_cluster)
    empty_cluster.process.terminate()
    empty_cluster.process.wait(patience(10))
    assert left(pids) == []


def test_postgresql_is_told_to_end_in_good_order(empty_cluster):
    empty_cluster.process.terminate()
    empty_cluster.process.wait(patience(10))
    assert "database system is shut down" in said_last(empty_cluster).splitlines()[-1]


def test_parts_end_by_themselves_when_the_supervisor_is_killed(empty_cluster):
    pids = of_the_cluster(empty_cluster)
    os.kill(empty_cluster.process.pid, signal.SIGKILL)
    empty_cluster.process.wait()
    wait_until(lambda: left(pids) == [])


def test_a_second_start_has_what_the_first_had(empty_cluster):
    passwords = (empty_cluster.data / "passwords").read_text()
    visitor = Visitor(empty_cluster.url)
    assert visitor.post("/sign-up", **newcomer("second.start"))[0] == 302
    assert visitor.get("/me")[0] == 200
    empty_cluster.stop()
    began = time.monotonic()
    empty_cluster.start()
    assert time.monotonic() - began < patience(60)
    visitor.url = empty_cluster.url
    assert visitor.get("/me")[0] == 200
    assert (empty_cluster.data / "passwords").read_text() == passwords


def test_it_starts_again_on_what_a_power_cut_left_behind(empty_cluster):
    visitor = Visitor(empty_cluster.url)
    assert visitor.post("/sign-up", **newcomer("power.cut"))[0] == 302
    pids = of_the_cluster(empty_cluster)
    empty_cluster.kill()
    wait_until(lambda: left(pids) == [])
    lock = empty_cluster.data / "postgresql" / "data" / "postmaster.pid"
    other = str(os.getpid())  # the number went to somebody else
    lock.write_text("\n".join([other, *lock.read_text().split("\n")[1:]]))
    for name in ("nginx/pid", "nginx/web-1.sock", "nginx/web-2.sock"):
        assert (empty_cluster.data / name).exists()
    empty_cluster.start()
    visitor.url = empty_cluster.url
    assert visitor.get("/me")[0] == 200


def test_a_sample_district_that_was_half_loaded_is_begun_anew(empty_cluster):
    """Last, for it throws the site of these tests away."""
    visitor = Visitor(empty_cluster.url)
    assert visitor.post("/sign-up", **newcomer("half.loaded"))[0] == 302
    empty_cluster.stop()
    make_sample(empty_cluster.data / "site")
    (empty_cluster.data / "site" / data_directory.LOADING).touch()
    empty_cluster.start()
    visitor.url = empty_cluster.url
    assert visitor.get("/me")[0] == 302
