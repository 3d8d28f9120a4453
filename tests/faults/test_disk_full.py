"""The disk is full under a running site: nothing half-written stays, and it goes on once there is room.

The real thing on a small file system of its own, where we may mount one; and in any case the limit on the size of
a file, which the kernel enforces in the same calls.
"""

import os
import resource
import sqlite3
import subprocess
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image

from civic_forum.comments.models import Comment
from civic_forum.platform.base import db

from . import towns
from .people import Somebody


class TinyDisk:
    """A file system of a few megabytes, filled and freed by a file of our own."""

    def __init__(self, folder):
        self.folder, self.ballast = folder, folder / "ballast"

    def fill(self, _site):
        with open(self.ballast, "wb", buffering=0) as file:
            try:
                while file.write(b"x" * 65536):
                    pass
            except OSError:
                while True:
                    try:
                        file.write(b"x" * 512)
                    except OSError:
                        return

    def free(self, _site):
        self.ballast.unlink()


class SizeLimit:
    """No file of the site may grow beyond what its largest has."""

    def __init__(self, folder):
        self.folder = folder

    def fill(self, site):
        for pid in site.processes():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (1024, resource.RLIM_INFINITY))

    def free(self, site):
        for pid in site.processes():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def can_mount():
    return os.geteuid() == 0 and subprocess.run(
        ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode == 0


KINDS = [SizeLimit, *([TinyDisk] if can_mount() else [])]


@pytest.fixture(params=KINDS)
def disk(request, tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    if request.param is TinyDisk:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "none", str(folder)], check=True)
    yield request.param(folder)
    if request.param is TinyDisk:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def picture():
    written = BytesIO()
    Image.effect_noise((400, 300), 80).save(written, "JPEG")
    return written.getvalue()


def multipart(token, name, content):
    edge = "edge-of-a-part"
    parts = (f'--{edge}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
             f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
             f"Content-Type: image/jpeg\r\n\r\n").encode()
    return parts + content + f"\r\n--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"


def uploads(town):
    return [path for path in Path(town.data, "uploads").rglob("*") if path.is_file()]


def test_a_full_disk_takes_nothing_and_breaks_nothing(disk):
    town = towns.settle(disk.folder / "town", people=1)
    with towns.running(town) as site:
        writer = Somebody(town.sessions[0])
        writer.arrive(site.url)
        writer.read_form(f"/proposals/{town.number}")
        assert writer.comment(town.thread, "앞") == 303
        writer.read_form("/proposals/new")
        draft = writer.post("/proposals/new", title="버스 정류장에 그늘을 만들어 주세요", category="safety")
        assert draft[0] in (302, 303), draft[2][:2000]
        key = draft[1]["Location"].split("/")[3]

        disk.fill(site)
        for _ in range(3):
            status, headers, text = writer.post(f"/threads/{town.thread}/comments", text="글 " * 900, stance="note")
            assert (status, headers["Retry-After"]) == (503, "30") and "hd-outer" in text
            body, kind = multipart(writer.token, "그늘.jpg", picture())
            status, _, text = writer.ask("POST", f"/proposals/drafts/{key}/attachments", body, **{"Content-Type": kind})
            assert status == 503 and "hd-outer" in text
            assert uploads(town) == []
        assert writer.get("/proposals")[0] == 200 and writer.get(f"/proposals/{town.number}")[0] == 200
        assert writer.get("/healthz")[0] == 200 and writer.get("/readyz")[0] == 200

        disk.free(site)
        assert writer.comment(town.thread, "뒤") == 303
        body, kind = multipart(writer.token, "그늘.jpg", picture())
        status, _, _ = writer.ask("POST", f"/proposals/drafts/{key}/attachments", body, **{"Content-Type": kind})
        assert status in (302, 303) and uploads(town)
        writer.leave()
    with town.app.app_context():
        assert list(db.session.scalars(sa.select(Comment.source).order_by(Comment.id))) == ["앞", "뒤"]
    towns.leave(town.app)
    with closing(sqlite3.connect(town.data / "civic_forum.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT comment_count FROM thread").fetchone() == (2,)
