"""Twenty large pictures of one person, and the small one of another, sent to a real site at once."""

import time
from io import BytesIO
from secrets import token_hex
from threading import Event, Thread

import pikepdf
import pytest
from PIL import Image
from pikepdf import Array, Dictionary

from civic_forum.attachments.rules import MAX_FILES
from tests.attachments import making
from tests.faults import towns
from tests.faults.people import Somebody
from tests.hostile.files import _png_of_zeros
from tests.running.machine import patience

PATIENCE_S = 2
"""For a small picture, whatever others have sent; where the machine has more to do, five times as long as alone."""


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return towns.settle(tmp_path_factory.mktemp("queue") / "data", people=4, LIMIT_UPLOAD_MEGAPIXELS=4000,
                        LIMIT_UPLOAD_MEGABYTES=4000, LIMIT_UPLOAD_SECONDS=4000)


@pytest.fixture(scope="module")
def site(town):
    with towns.running(town) as site:
        yield site


class Uploader(Somebody):
    """Somebody with a draft."""

    def begin(self, url):
        """Arrive with a new draft."""
        self.arrive(url)
        self.read_form("/proposals/new")
        self.draft = token_hex(16)
        status, headers, _ = self.post("/proposals/new", key=self.draft, title="산책로에 의자를", version="0", go="leave")
        assert status == 302
        return self

    def upload(self, *files, draft=None, name="a.png"):
        """Status, headers and text of the answer."""
        edge = token_hex(16)
        parts = [f'name="csrf_token"\r\n\r\n{self.token}'.encode()]
        parts += [f'name="files"; filename="{name}"\r\nContent-Type: image/png\r\n\r\n'.encode() + data
                  for data in files]
        body = b"".join(f"--{edge}\r\nContent-Disposition: form-data; ".encode() + part + b"\r\n" for part in parts)
        return self.ask("POST", f"/proposals/drafts/{draft or self.draft}/attachments",
                        body + f"--{edge}--\r\n".encode(),
                        **{"Content-Type": f"multipart/form-data; boundary={edge}"})


def send_at_once(site, people, data) -> tuple[list[Thread], list]:
    """Send it for each of them, on a connection of its own: the threads, and the answers as they come."""
    answers = []

    def send(of):
        one = Uploader(of.cookie.removeprefix("session="), seconds=120)
        one.token = of.token
        one.arrive(site.url)
        answers.append(one.upload(data, draft=of.draft))
        one.leave()

    threads = [Thread(target=send, args=(one,)) for one in people]
    for thread in threads:
        thread.start()
    return threads, answers


@pytest.mark.in_turns(of=10)
def test_a_small_picture_does_not_wait_for_twenty_large_ones(site, town):
    large, small = _png_of_zeros(6300, 6300), making.png(50, 50)
    first, other = (Uploader(session, seconds=120).begin(site.url) for session in town.sessions[:2])
    began = time.monotonic()
    other.upload(small)
    alone = time.monotonic() - began
    (threads, answers), waits = send_at_once(site, [first] * 20, large), []
    while any(thread.is_alive() for thread in threads) and len(waits) < 4:
        time.sleep(0.2)
        began = time.monotonic()
        status, _, text = other.upload(small) if len(waits) < 3 else other.get("/proposals")
        assert status in (302, 200), text[-3000:]
        waits.append(time.monotonic() - began)
    for thread in threads:
        thread.join()
    first.leave()
    other.leave()
    assert max(waits) < max(PATIENCE_S, 5 * alone), (waits, alone)
    told = [(status, headers.get("Retry-After")) for status, headers, _ in answers]
    assert {302, 429} <= {status for status, _ in told} <= {302, 429, 503}  # 503: after 20 s of waiting
    assert all(again == "10" for status, again in told if status != 302)
    assert any("앞에 보낸 파일을 아직 읽고 있어요" in text for _, _, text in answers)
    assert sum(status == 302 for status, _ in told) <= 5


@pytest.mark.in_turns(of=5)
def test_many_at_once_are_told_to_come_back(site, town):
    large = _png_of_zeros(6300, 6300)
    people = [Uploader(session, seconds=120).begin(site.url) for session in town.sessions]
    threads, answers = send_at_once(site, people * 5, large)
    for one in (*threads, *people):
        one.join() if isinstance(one, Thread) else one.leave()
    told = [(status, headers.get("Retry-After"), text) for status, headers, text in answers]
    assert {302, 429} <= {status for status, *_ in told} <= {302, 429, 503}
    assert all(again == "10" for status, again, _text in told if status != 302)
    assert all("올리는 파일이 많아요" in text for status, _again, text in told if status == 503)


def _many_nodes() -> bytes:
    """A HWPX of many elements, of which each is written anew."""
    part = b"<a>" + b"<trackChangeAuthor name='Kim'/>" * 30_000 + b"</a>"
    return making.hwpx(**{f"Contents/section{number}.xml": part for number in range(1, 60)})


def _many_objects() -> bytes:
    """A PDF of many dictionaries."""
    with pikepdf.open(BytesIO(making.pdf())) as pdf:
        pdf.Root.Many = Array([pdf.make_indirect(Dictionary(A=Array([Dictionary() for _each in range(20)])))
                               for _each in range(10_000)])
        out = BytesIO()
        pdf.save(out)
    return out.getvalue()


HOSTILE = {
    "a.hwpx": _many_nodes, "a.pdf": _many_objects, "a.png": lambda: _png_of_zeros(6300, 6300),
    "a.jpg": lambda: making.saved(Image.new("RGB", (8000, 5000)), "JPEG", progressive=True),
    "a.webp": lambda: making.saved(Image.new("RGBA", (4000, 3000), (1, 2, 3, 4)), "WEBP"),
    "a.hwp": lambda: making.hwp5() + bytes(15_000_000),
}


@pytest.mark.long
@pytest.mark.parametrize("name", HOSTILE)
def test_twenty_hostile_files_of_one_make_another_wait_three_times_as_long_at_most(site, town, name):
    hostile, small, answers, ended = HOSTILE[name](), making.pdf(), [], Event()
    attacker = Uploader(town.sessions[2], seconds=patience(120))
    other = Uploader(town.sessions[3], seconds=patience(120), address="127.0.0.2")

    def p95(number):
        times = []
        while len(times) < number or not ended.is_set() and len(times) < 100:
            if len(times) % MAX_FILES == 0:
                other.begin(site.url)
            began = time.monotonic()
            status, _, text = other.upload(small, name="b.pdf")
            times.append(time.monotonic() - began)
            assert status == 302, text[-2000:]
        return sorted(times)[int(len(times) * 0.95)]

    def send():
        for number in range(20):
            if number % MAX_FILES == 0:
                attacker.begin(site.url)
            answers.append(attacker.upload(hostile, name=name)[0])
        ended.set()

    ended.set()
    alone = p95(10)
    ended.clear()
    thread = Thread(target=send)
    thread.start()
    beside = p95(10)
    thread.join()
    attacker.leave()
    other.leave()
    assert beside <= max(3 * alone, PATIENCE_S), (beside, alone, answers)
