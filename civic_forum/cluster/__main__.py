"""Serves the site for many from one command: `python -m civic_forum.cluster`.

PostgreSQL and Redis first, then the data, then two web workers, nginx and the background work. Everything lives in one
directory and in one process group, and ends together: PostgreSQL and Redis last.
"""

import argparse
import fcntl
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import config
from civic_forum import data_directory, process_group, serve
from civic_forum.process_group import Child, Ended, Supervisor

from .nginx import OWNER as NGINX, Nginx
from .postgresql import OWNER as POSTGRES, PostgreSQL, new_password
from .redis import OWNER as REDIS, Redis
from .rooms import ServiceDirectory, as_account, free_port
from .web import WebWorker

WORKERS = 2
START_S = 30
"""How long a server may take; PostgreSQL after a power cut goes through its log first."""


def main() -> None:
    chosen = serve.arguments("bin/cluster", "Serve the site with nginx, two web workers, PostgreSQL and Redis.")
    directory = Path(serve.given_data(chosen) or config.ROOT / "instance-cluster")
    serve.run(lambda supervisor: guarded(directory, chosen, supervisor))


def guarded(directory: Path, chosen: argparse.Namespace, supervisor: Supervisor) -> None:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(directory / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            Cluster(directory, supervisor).serve(chosen)
    except BlockingIOError as held:
        raise Ended(f"A cluster runs on {directory} already.") from held
    except OSError as reason:
        raise Ended(f"The data directory cannot be used: {reason}") from reason


class Cluster:
    """The site and its servers in one directory."""

    def __init__(self, directory: Path, supervisor: Supervisor):
        self.directory, self.supervisor = directory, supervisor
        self.site = directory / "site"
        self.passwords = self.passwords_of_servers()

    def passwords_of_servers(self) -> dict[str, str]:
        """Made at the first start and kept."""
        path = self.directory / "passwords"
        if not path.exists():
            unfinished = path.with_suffix(".unfinished")
            unfinished.write_text(json.dumps({name: new_password() for name in ("superuser", "site", "redis")}))
            unfinished.rename(path)
        return json.loads(path.read_text())

    def serve(self, chosen: argparse.Namespace) -> None:
        """Return never: until Stopped, or Ended when a part will not run."""
        listener = process_group.listen(chosen.host, chosen.port)
        url = serve.address(chosen.host, listener.getsockname()[1])
        postgres = PostgreSQL(ServiceDirectory(self.directory / "postgresql", POSTGRES), free_port(), self.passwords)
        redis = Redis(ServiceDirectory(self.directory / "redis", REDIS), free_port(), self.passwords["redis"])
        self.begin(postgres, postgres.answers)
        self.begin(redis, redis.answers)
        self.settle(postgres.make_database(anew=self.forget_half_loaded()), redis.url, url)
        serve.prepare(self.supervisor, with_sample=not chosen.empty)
        postgres.write_down()
        settings = config.load()
        data_directory.introduce_sample(settings)
        if not settings["SAMPLE"]:
            config.kept_secret(Path(str(settings["KEYS"])), new=str(settings["SECRET_KEY"]))
        room = ServiceDirectory(self.directory / "nginx", NGINX)
        workers = [WebWorker(room, number) for number in range(1, WORKERS + 1)]
        for worker in workers:
            self.supervisor.keep(worker)
        for worker in workers:
            self.supervisor.wait_for(worker.name, worker.is_ready, serve.READY_WITHIN_S)
        self.supervisor.keep(Nginx(room, listener))
        self.supervisor.wait_for("site", lambda: serve.is_ready(url), serve.READY_WITHIN_S)
        self.supervisor.keep(Child("background work", as_account(None, [sys.executable, "-m", "civic_forum.worker"])))
        print(f"Ready: {url}", flush=True)
        while True:
            self.supervisor.watch()

    def begin(self, server: Child, answers: Callable[[], bool]) -> None:
        self.supervisor.keep(server)
        self.supervisor.wait_for(server.name, lambda: answers() or None, START_S)

    def forget_half_loaded(self) -> bool:
        """Forget a sample district whose loading was cut off; nobody has seen it yet, so it is loaded anew."""
        loading = self.site / data_directory.LOADING
        if not (loading.exists() and config.is_sample(self.site)):
            return False
        for folder in ("uploads", "records"):
            shutil.rmtree(self.site / folder, ignore_errors=True)
        loading.unlink()
        return True

    def settle(self, database: str, redis: str, url: str) -> None:
        """Tell the site's processes where everything is, and commands too: `CIVIC_FORUM_SETTINGS=<data>/settings`."""
        others = config.load({**os.environ, f"{config.PREFIX}SECRET_KEY": "only to read the others"},
                             DATA=str(self.site), CLOCK_OFFSET_S=0)
        settings = {"DATA": str(self.site), "KEYS": str(others["KEYS"]), "DATABASE_URL": database, "REDIS_URL": redis,
                    "PROXY_HOPS": "1"}
        if others["URL"] == config.BY_NAME["URL"].default:
            settings["URL"] = url  # mail links here, unless it was set
        os.environ |= {config.PREFIX + name: value for name, value in settings.items()}
        (self.directory / "settings").write_text(
            "".join(f"{name}={value}\n" for name, value in settings.items()), "utf-8")


if __name__ == "__main__":
    main()
