"""An nginx of our own before the web workers, on the files that a real site includes."""

import signal
import socket
from pathlib import Path

import config
from civic_forum import process_group
from civic_forum.process_group import Child

from .rooms import ServiceDirectory, program

OWNER = "www-data"
FILES = config.ROOT / "deploy" / "nginx"
SOCKETS, CACHE = "/run/civic_forum/", "/var/cache/civic_forum"
"""Where they are on a real site, as those files say."""
CONNECTIONS = 16384
"""Of one process; who follows a forum takes two, one on each side."""
FRAME = """
daemon off;
pid {home}/pid;
error_log {home}/log warn;
worker_processes 1;
events {{ worker_connections {connections}; }}
http {{
  access_log off;
  client_body_temp_path {home}/body;
  proxy_temp_path {home}/proxy;
  fastcgi_temp_path {home}/fastcgi;
  uwsgi_temp_path {home}/uwsgi;
  scgi_temp_path {home}/scgi;
{http}
}}
"""
SERVER = """
{http}
server {{
listen {address};
{site}
}}
"""


def frame(home: Path | str, http: str) -> str:
    """The whole configuration of an nginx without privileges that keeps everything in its room."""
    return FRAME.format(home=home, connections=CONNECTIONS, http=http)


def command(home: Path | str) -> list[str]:
    return [program("nginx", "nginx"), "-p", str(home), "-e", f"{home}/log", "-c", f"{home}/nginx.conf"]


class Nginx(Child):
    """nginx on a socket that the supervisor opened and keeps, so nobody is refused while it is started again."""

    def __init__(self, room: ServiceDirectory, listener: socket.socket):
        self.room = room
        host, port = listener.getsockname()[:2]
        self.address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        inherited = f"NGINX={listener.fileno()};"
        super().__init__("nginx", room.command("env", inherited, *command(room.inside)),
                         (room.file, listener.fileno()), log=room.output())

    def start(self) -> None:
        end_orphans("nginx")
        self.room.write("nginx.conf", frame(self.room.inside, self.sites()))
        super().start()

    def sites(self) -> str:
        moved = {SOCKETS: f"{self.room.inside}/", CACHE: f"{self.room.inside}/cache"}
        texts = {}
        for name in ("http", "site"):
            text = (FILES / f"{name}.conf").read_text("utf-8")
            for there, here in moved.items():
                text = text.replace(there, here)
            texts[name] = text
        return SERVER.format(address=self.address, **texts)


def end_orphans(name: str) -> None:
    """End the workers that outlive an nginx which was killed: they would go on with what it knew."""
    for pid in process_group.others_in_group():
        if command_of(pid) == name:
            process_group.send([pid], signal.SIGTERM)


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""
