"""A PostgreSQL of our own: its cluster, its settings, and the database of the site on it."""

import contextlib
import re
import secrets
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

import config
from civic_forum.process_group import Child, Ended

from .rooms import ServiceDirectory

OWNER = "postgres"
"""The superuser, and the account that the server has when we are root."""
NAME = "civic_forum"
"""The database and the role of the site."""
SETTINGS = config.ROOT / "deploy" / "postgresql" / "civic_forum.conf"
INSTALLED = Path("/usr/lib/postgresql")


def program(name: str, version: str = "") -> str:
    """Of the newest installed version, or of this one; Debian keeps them off PATH."""
    installed = sorted(INSTALLED.glob(f"{version or '*'}/bin/{name}"), key=lambda path: int(path.parts[4]))
    return str(installed[-1]) if installed else shutil.which(name) or name


def is_installed(version: str) -> bool:
    with contextlib.suppress(FileNotFoundError):
        process = subprocess.run([program("postgres", version), "--version"], capture_output=True, text=True)
        return f" {version}." in process.stdout
    return False


def settings() -> dict[str, str]:
    """Settings from the file that a real site includes."""
    return {name: value.strip("'") for name, value
            in re.findall(r"^(\w+) = (\S+|'[^']*')$", SETTINGS.read_text("utf-8"), re.M)}


def initdb(folder: str, password_file: str, version: str = "") -> list[str]:
    return [program("initdb", version), "-D", folder, "-U", OWNER, "--encoding=UTF8", "--locale=C.UTF-8",
            "--auth=scram-sha-256", f"--pwfile={password_file}", "--no-instructions"]


class PostgreSQL(Child):
    """The server on the cluster in its room, made at the first start."""

    def __init__(self, room: ServiceDirectory, port: int, passwords: dict[str, str]):
        self.room, self.port, self.passwords = room, port, passwords
        if not (self.folder / "PG_VERSION").exists():
            if not shutil.which(program("initdb")):
                raise Ended("PostgreSQL is not installed. As root: apt-get install postgresql")
            self.make()
        version = (self.folder / "PG_VERSION").read_text().strip()
        if not is_installed(version):
            raise Ended(f"The database in {self.folder} is of PostgreSQL {version}, which is not installed. "
                        f"As root: apt-get install postgresql-{version}")
        options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": ""}
        command = [program("postgres", version), "-D", f"{room.inside}/data",
                   *(f"--{name}={value}" for name, value in options.items())]
        super().__init__("PostgreSQL", room.command(*command, last_signal=signal.SIGINT), (room.file,), ends_last=True,
                         ends_on=signal.SIGINT, log=room.output())  # TERM would wait until everybody has left

    @property
    def folder(self) -> Path:
        return self.room.path / "data"

    def start(self) -> None:
        self.forget_the_dead()
        self.room.write("data/civic_forum.conf", SETTINGS.read_text("utf-8"))
        super().start()

    def make(self) -> None:
        """Make the cluster under another name first: one that was cut off is never taken for whole."""
        unfinished = self.room.path / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        password = self.room.write("password", self.passwords["superuser"])
        process = subprocess.run(
            self.room.command(*initdb(f"{self.room.inside}/unfinished", f"{self.room.inside}/password")),
            pass_fds=(self.room.file,), cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True)
        password.unlink()
        if process.returncode:
            raise Ended(f"PostgreSQL could not make its files: {process.stderr.strip() or process.stdout.strip()}")
        with open(unfinished / "postgresql.conf", "a") as file:
            file.write("\ninclude_if_exists = 'civic_forum.conf'\n")
        unfinished.rename(self.folder)

    def forget_the_dead(self) -> None:
        """After a power cut the number in the lock file may belong to somebody else by now."""
        lock = self.folder / "postmaster.pid"
        with contextlib.suppress(OSError, ValueError):
            pid = int(lock.read_text().split()[0])
            if Path(f"/proc/{pid}/comm").read_text().strip() != "postgres":
                lock.unlink()

    def answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def write_down(self) -> None:
        """Write what is only in memory and in the log to the disk now rather than when it stops."""
        with self.connect(autocommit=True) as connection:
            connection.execute("CHECKPOINT")

    def connect(self, database: str = "postgres", **options) -> psycopg.Connection:
        return psycopg.connect(host="127.0.0.1", port=self.port, user=OWNER, password=self.passwords["superuser"],
                               dbname=database, connect_timeout=5, **options)

    def make_database(self, anew: bool = False) -> str:
        """The URL of the site's database, made if it is not there; `anew` throws away what is in it."""
        name, password = sql.Identifier(NAME), sql.Literal(self.passwords["site"])
        with self.connect(autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (NAME,)).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
            connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, password))
            if anew:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (NAME,)).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(name, name))
        return f"postgresql://{NAME}:{self.passwords['site']}@127.0.0.1:{self.port}/{NAME}"


def new_password() -> str:
    """In the alphabet of addresses, so that it stands in a URL as it is."""
    return secrets.token_urlsafe(24)
