import json
import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from civic_forum import serve as serving
from civic_forum.accounts.providers import rules
from tests.accounts.virtual import authenticator
from tests.running.machine import patience
from . import chromium, processes
from .site import ROOT, running

pytestmark = pytest.mark.servers
SETTINGS = {"CIVIC_FORUM_SECRET_KEY": "a long text that only this test knows"}


def get(site, path):
    asked = HTTPConnection(urlsplit(site.url).netloc, timeout=patience(10))
    asked.request("GET", path)
    answer = asked.getresponse()
    body = answer.read()
    asked.close()
    return answer.status, body


def serve(*arguments, **settings):
    """Run the command to its end, for starts that are refused."""
    return subprocess.run(
        [sys.executable, "-m", "civic_forum.serve", *arguments], cwd=ROOT, env=os.environ | settings,
        capture_output=True, text=True, timeout=patience(60), start_new_session=True)


@pytest.fixture(scope="module")
def the_site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("site") / "data", "--empty", **SETTINGS) as site:
        yield site


@pytest.fixture
def empty_site(the_site):
    """A running site, started again if the test before has stopped it."""
    return the_site if the_site.process.poll() is None else the_site.start()


@pytest.mark.in_turns(of=5)
def test_a_site_says_that_it_lives_and_is_ready(empty_site):
    assert get(empty_site, "/healthz")[0] == 200
    status, body = get(empty_site, "/readyz")
    assert (status, json.loads(body)["degraded"]) == (200, [])


@pytest.mark.in_turns(of=10)
def test_other_users_of_the_machine_read_nothing_that_the_site_writes(empty_site):
    data = empty_site.data
    written = [path for path in data.rglob("*") if path.is_file()]
    assert "civic_forum.db" in {path.name for path in written}
    assert [path for path in (data, *written) if path.stat().st_mode & 0o077] == []


def test_a_passkey_is_made_and_used_at_the_address_that_it_says(empty_site, window):
    """Browsers make none for a number: it says a name, and the number answers as well."""
    assert urlsplit(empty_site.url).hostname == "localhost"
    with urlopen(f"{empty_site.url.replace('localhost', '127.0.0.1')}/sign-up") as by_number:
        assert by_number.status == 200
    page = window(base_url=empty_site.url, width=390)
    with authenticator(page) as device:
        page.goto("/sign-up")
        page.wait_for_selector(chromium.ENHANCED, state="attached")
        page.get_by_label("로그인 이름", exact=True).fill("sanho.kim")
        for label in ("만 14세 이상이에요", "이용약관에 동의해요 (필수)", "개인정보 수집과 이용에 동의해요 (필수)"):
            page.get_by_label(label, exact=True).check()
        page.get_by_role("button", name="비밀번호 대신 패스키로 가입하기").click()
        page.get_by_role("heading", name="가입했어요").wait_for()
        assert [one["rpId"] for one in device.credentials()] == ["localhost"]
        page.context.clear_cookies()
        page.goto("/sign-in?next=/me")
        page.get_by_role("button", name="패스키로 로그인하기").click()
        page.wait_for_url(f"{empty_site.url}/me")


@pytest.fixture
def example(tmp_path, monkeypatch):
    """Port of the example of a provider of a sample in a folder; its socket stays open until the test is over."""
    opened = []

    def started(name, host="127.0.0.1"):
        (tmp_path / name).mkdir(exist_ok=True)
        settings = {"URL": "http://localhost:8000", "SAMPLE": True, "PROVIDERS": (), "DATA": tmp_path / name}
        opened.append(socket.socket(fileno=serving.example_provider(settings, host, None).files[0]))
        [described] = rules.read(os.environ["CIVIC_FORUM_PROVIDERS"])
        port = opened[-1].getsockname()[1]
        assert described.issuer == f"http://localhost:{port}"
        return port, opened[-1]

    monkeypatch.setenv("CIVIC_FORUM_PROVIDERS", "")
    yield started
    for one in opened:
        one.close()


def test_samples_side_by_side_have_an_example_of_a_provider_each(example):
    first, socket_of_first = example("first")
    second, _socket = example("second")
    assert first != second
    again, _socket = example("first")
    assert again not in (first, second), "while somebody has its port"
    socket_of_first.close()
    third, socket_of_third = example("third")
    socket_of_third.close()
    assert example("third")[0] == third, "links to it go by its address"


@pytest.mark.parametrize("host, said", [
    ("127.0.0.1", "localhost"), ("0.0.0.0", "localhost"), ("localhost", "localhost"), ("192.0.2.7", "192.0.2.7"),
    ("::1", "[::1]"), ("::", "[::1]"), ("forum.example.org", "forum.example.org")])
def test_it_says_a_name_where_there_is_one(host, said):
    assert serving.address(host, 8123) == f"http://{said}:8123"


def test_everything_runs_in_one_group_and_stops_soon(empty_site):
    assert len(empty_site.processes()) >= 4
    with socket.create_connection(("127.0.0.1", urlsplit(empty_site.url).port)):
        empty_site.stop()
    assert empty_site.process.returncode == 0
    assert empty_site.processes() == []


@pytest.mark.in_turns(of=10)
def test_ctrl_c_stops_it_just_as_well(empty_site):
    empty_site.stop(signal.SIGINT)
    assert empty_site.process.returncode == 0


def test_asking_only_the_first_process_ends_all_of_them(empty_site):
    empty_site.process.terminate()
    empty_site.process.wait(2)
    assert empty_site.processes() == []


def test_a_web_server_that_is_killed_comes_back_on_its_own(empty_site):
    os.kill(empty_site.processes("gunicorn")[0], signal.SIGKILL)
    assert get(empty_site, "/healthz")[0] == 200


def test_background_work_that_is_killed_comes_back_on_its_own(empty_site):
    [before] = empty_site.processes("civic_forum.worker")
    os.kill(before, signal.SIGKILL)
    deadline = time.monotonic() + patience(10)
    while empty_site.processes("civic_forum.worker") in ([], [before]) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(empty_site.processes("civic_forum.worker")) == 1


@pytest.mark.in_turns(of=10)
def test_it_starts_again_on_what_a_power_cut_left_behind(empty_site):
    empty_site.kill()
    assert empty_site.processes() == []
    empty_site.start()
    assert get(empty_site, "/readyz")[0] == 200


def test_a_taken_port_is_named(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        refused = serve("--port", port, "--data", str(tmp_path / "data"), "--empty", **SETTINGS)
    assert refused.returncode == 1
    assert f"port {port}: Address already in use" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.in_turns(of=10)
def test_a_data_directory_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    refused = serve("--port", "0", "--data", str(tmp_path / "file" / "data"), "--empty", **SETTINGS)
    assert refused.returncode == 1
    assert "The data directory cannot be used" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.in_turns(of=10)
def test_the_data_directory_may_stand_in_the_file_of_settings(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "settings").write_text(f"DATA={tmp_path / 'file' / 'data'}\nSECRET_KEY=long enough for a real site\n")
    refused = serve("--port", "0", "--empty", CIVIC_FORUM_SETTINGS=str(tmp_path / "settings"))
    assert refused.returncode == 1 and str(tmp_path / "file") in refused.stderr


@pytest.mark.in_turns(of=10)
def test_an_empty_site_without_a_secret_key_is_refused(tmp_path):
    refused = serve("--port", "0", "--data", str(tmp_path / "data"), "--empty")
    assert refused.returncode == 1
    assert "CIVIC_FORUM_SECRET_KEY is missing" in refused.stderr


def test_a_wrong_setting_is_named(tmp_path):
    refused = serve("--port", "0", "--data", str(tmp_path / "data"), CIVIC_FORUM_SUPPORT_DAYS="soon")
    assert refused.returncode == 1
    assert "CIVIC_FORUM_SUPPORT_DAYS" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_part_that_never_lives_long_ends_the_site_with_its_name(tmp_path):
    script = ("from civic_forum.process_group import Child, Ended, Supervisor\n"
              "import sys\n"
              "supervisor = Supervisor()\n"
              "supervisor.keep(Child('clockwork', [sys.executable, '-c', 'raise SystemExit(7)']))\n"
              "try:\n    while True: supervisor.watch(0.1)\n"
              "except Ended as reason: print(reason)\nsupervisor.end()\n")
    said = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True,
                          timeout=patience(60), start_new_session=True)
    assert "clockwork ended 5 times within seconds, at last with code 7" in said.stdout


def test_a_server_that_does_not_start_says_why(tmp_path):
    server = processes.start(["redis-server", "--port", "none"], tmp_path / "log")
    with pytest.raises(processes.DidNotStart, match="Invalid|argument|FATAL"):
        processes.wait_until(lambda: False, server, tmp_path / "log")
