"""Twenty large pictures of one person, and the small one of another, sent to a real site at once."""

import time
from secrets import token_hex
from threading import Thread

import pytest

from tests.attachments import making
from tests.faults import towns
from tests.faults.people import Somebody
from tests.hostile.files import _png_of_zeros

PATIENCE_S = 2
"""For a small picture, whatever others have sent; where the machine has more to do, five times as long as alone."""


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return towns.settle(tmp_path_factory.mktemp("queue") / "data", people=4, LIMIT_UPLOAD_MEGAPIXELS=4000,
                        LIMIT_UPLOAD_MEGABYTES=4000)


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

    def upload(self, *files, draft=None):
        """Status, headers and text of the answer."""
        edge = token_hex(16)
        parts = [f'name="csrf_token"\r\n\r\n{self.token}'.encode()]
        parts += [b'name="files"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n' + data for data in files]
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


@pytest.mark.in_turns(of=5)
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


def test_many_at_once_are_told_to_come_back(site, town):
    large = _png_of_zeros(6300, 6300)
    people = [Uploader(session, seconds=120).begin(site.url) for session in town.sessions]
    threads, answers = send_at_once(site, people * 3, large)
    for one in (*threads, *people):
        one.join() if isinstance(one, Thread) else one.leave()
    busy = [(headers.get("Retry-After"), text) for status, headers, text in answers if status == 503]
    assert busy and {status for status, *_ in answers} == {302, 503}
    assert all(again == "10" and "올리는 파일이 많아요" in text for again, text in busy)
