"""Serves the site from one command: `python -m civic_forum.serve`.

Prepares the data, starts the web server and the background work, says when they are ready, and
keeps them running. Everything lives in one process group that ends together.
"""

import argparse
import os
import sys
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import config
from civic_forum import data_directory, process_group
from civic_forum.process_group import Child, Ended, Stopped, Supervisor
from civic_forum.sample_data import provider

READY_WITHIN_S = 60
PROVIDERS = "sample-providers.toml"
"""In the data directory of a sample: its example of a provider."""


def main() -> None:
    chosen = arguments("bin/run", "Serve the site.")
    if data := given_data(chosen):  # else the file of settings says, or the default
        os.environ[config.PREFIX + "DATA"] = data
    run(lambda supervisor: serve(chosen, supervisor))


def run(work: Callable[[Supervisor], None]) -> None:
    """Do the work until it is Stopped, end all that it started, and exit; a reason why not is printed."""
    os.umask(0o077)  # what the site writes, other users of this machine do not read
    os.chdir(config.ROOT)
    process_group.allow_open_files()
    supervisor = Supervisor()
    try:
        work(supervisor)
    except Stopped:
        code = 0
    except (config.SettingError, Ended, process_group.PortTaken) as reason:
        if str(reason):
            print(reason, file=sys.stderr)
        code = 1
    supervisor.end()
    sys.exit(code)


def arguments(program: str, description: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=program, description=description, allow_abbrev=False)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=port, default=8000, help="0 chooses a free one (default: %(default)s)")
    parser.add_argument("--data", help="directory of database, uploads and mail (default: the setting DATA, instance/)")
    parser.add_argument("--empty", action="store_true", help="do not load the sample district")
    return parser.parse_args()


def given_data(chosen: argparse.Namespace) -> str | None:
    """The directory that the command or the environment names."""
    data = chosen.data or os.environ.get(config.PREFIX + "DATA")
    return str(Path(data).absolute()) if data else None


def port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port: 0 to 65535")
    return int(text)


def serve(chosen: argparse.Namespace, supervisor: Supervisor) -> None:
    """Return never: until Stopped, or Ended when a part will not run."""
    listener = process_group.listen(chosen.host, chosen.port)
    url = address(chosen.host, listener.getsockname()[1])
    if data_directory.location()["URL"] == config.BY_NAME["URL"].default:  # mail links here, unless it was set
        os.environ[config.PREFIX + "URL"] = url
    prepare(supervisor, with_sample=not chosen.empty)
    settings = config.load()
    data_directory.introduce_sample(settings)
    example = example_provider(config.load(), chosen.host, supervisor)
    supervisor.keep(Child("web server", web_server(listener), (listener.fileno(),)))
    supervisor.wait_for("site", lambda: is_ready(url), READY_WITHIN_S)
    if example:
        supervisor.keep(example)
    supervisor.keep(Child("background work", [sys.executable, "-m", "civic_forum.worker"]))
    print(f"Ready: {url}", flush=True)
    while True:
        supervisor.watch()


def prepare(supervisor: Supervisor, with_sample: bool) -> None:
    """Bring the data to where they can be served, unless they are there already."""
    if data_directory.is_prepared(data_directory.location(), with_sample):
        return
    options = [] if with_sample else ["--empty"]
    if supervisor.run(Child("preparation", [sys.executable, "-m", "civic_forum.preparation", *options])):
        raise Ended


def example_provider(settings: dict[str, object], host: str, supervisor: Supervisor) -> Child | None:
    """For a sample without real ones: an example of a provider of identities, on a port that the system gives, which
    the site is told of. Its socket is open already: it is started once the site is ready."""
    at = urlsplit(str(settings["URL"]))
    if not settings["SAMPLE"] or settings["PROVIDERS"] or at.scheme != "http":
        return None
    if find_spec("oidc_provider_mock") is None and supervisor.run(
            Child("preparation of the example", [str(config.ROOT / "bin" / "prepare"), "sample"])):
        print("The sample goes on without its example of a provider of identities.", file=sys.stderr)
        return None
    described = Path(str(settings["DATA"])) / PROVIDERS
    listener = process_group.listen_again(host, provider.port_of(described))
    described.write_text(provider.settings(address(at.hostname or host, listener.getsockname()[1])), "utf-8")
    os.environ[config.PREFIX + "PROVIDERS"] = str(described)
    number = listener.detach()  # it stays open as long as we run, for whoever is started again
    return Child("example of a provider", [sys.executable, "-m", "civic_forum.sample_data.provider", str(number)],
                 (number,), needed=False)


def web_server(listener, name: str = "web") -> list[str]:
    """gunicorn with gevent, which patches its worker before the application is imported.

    It inherits the listening socket, so nobody is refused while it is started again. One worker:
    SQLite has one writer, and the page cache and the limits live in memory.
    """
    return [sys.executable, "-m", "gunicorn", "--bind", f"fd://{listener.fileno()}", "--name", name,
            "--worker-class", "civic_forum.web_worker.Worker", "--workers", "1", "--worker-connections", "3000",
            "--timeout", "120", "--graceful-timeout", "1", "--keep-alive", "20",
            "--log-level", "warning", "--no-control-socket", "--forwarded-allow-ips", "", "wsgi:app"]


def address(host: str, port: int) -> str:
    """Address for a browser on this machine: a name where there is one, since passkeys are of a name."""
    host = {"0.0.0.0": "localhost", "127.0.0.1": "localhost", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_ready(url: str) -> bool | None:
    return says_ready(HTTPConnection(urlsplit(url).netloc, timeout=1))


def says_ready(asked: HTTPConnection) -> bool | None:
    """True if the site at the other end is fine, None while it does not answer; the connection is closed."""
    try:
        asked.request("GET", "/readyz")
        return asked.getresponse().status == 200
    except (OSError, HTTPException):
        return None
    finally:
        asked.close()


if __name__ == "__main__":
    main()
