"""Files are read by processes that can open nothing, large ones one after the other, small ones beside them."""

import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

import pytest

from civic_forum.attachments import lanes, services
from civic_forum.attachments.rules import MAX_FILES
from civic_forum.platform import subprocess_call
from civic_forum.platform.errors import Refusal, TooMany, Unavailable
from tests.attachments import making
from tests.attachments.test_uploading import sent

ROOT = Path(__file__).parents[2]
APART = """
from gevent import monkey; monkey.patch_all()
import gevent, io
from openpyxl import Workbook
from civic_forum.attachments import services
from civic_forum.attachments.formats import tables
from tests.attachments import making
from tests.attachments.test_any_bytes import GOOD
from tests.hostile.files import FILES

services.subprocess_call._stand_outside = lambda: None  # there is no database here
book = io.BytesIO(); made = Workbook(); made.active.append(["가", 1.5]); made.save(book)
files = [(data, "") for data in GOOD.values()]
files += [(one.make(), one.name) for one in FILES if "megapixels" not in one.case and "200 MB" not in one.case]
cases = [(services.read_or_refusal, *one) for one in files[::%d]]
cases += [(tables.rows_or_refusal, data, 10) for data in (book.getvalue(), "가,나".encode("cp949"), b"\\0")]
for function, *given in cases:
    apart, here = services._read(function, *given), function(*given)
    same = lambda one: (one.reason, one.parameters) if isinstance(one, services.FileRefused) else one
    assert same(apart) == same(here), (given[1], apart, here)

data, turns = making.jpeg(4000, 3000), 0
reading = gevent.spawn(services._read, services.read_or_refusal, data, "a.jpg")
while not reading.ready():
    gevent.sleep(0.005)
    turns += 1
assert reading.get().picture.width == 2000
print(turns)
"""


@pytest.mark.parametrize("every", [6, pytest.param(1, marks=pytest.mark.long)])
def test_another_process_reads_as_this_one_would_and_others_are_served(every):
    done = subprocess.run([sys.executable, "-c", APART % every], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) > 5


def test_a_file_whose_reader_ends_is_refused(town, monkeypatch):
    def ends(*_given):
        raise subprocess_call.NoAnswer

    monkeypatch.setattr(subprocess_call, "call_confined", ends)
    with pytest.raises(Refusal, match="끝까지 읽지 못했어요") as refused:
        services.prepare(sent(making.jpeg()))
    assert refused.value.field == "files"


class TestBeforeAnythingIsRead:
    """Whatever refuses here has unpacked nothing."""

    @pytest.fixture(autouse=True)
    def unread(self, monkeypatch):
        read = []
        monkeypatch.setattr(services, "_read", lambda *given: read.append(given))
        yield
        assert read == []

    @pytest.mark.parametrize(("number", "held"), [(MAX_FILES + 1, 0), (2, MAX_FILES - 1)])
    def test_the_number(self, town, number, held):
        with pytest.raises(Refusal, match="5개"):
            services.prepare_all([sent(making.jpeg())] * number, held=held)

    def test_the_pixels_of_the_last_one(self, town):
        with pytest.raises(Refusal, match="4000만 화소"):
            services.prepare_all([sent(making.jpeg()), sent(making.png_claiming(8000, 8000), "큰.png")])

    def test_the_packing(self, town):
        with pytest.raises(Refusal, match="1600만 화소"):
            services.prepare(sent(making.png_claiming(6300, 6300, bytes(6300 * (1 + 3 * 6300)))))

    def test_the_allowance_of_pixels(self, app, town, monkeypatch):
        monkeypatch.setitem(app.config, "LIMIT_UPLOAD_MEGAPIXELS", 100)
        spender, other = town.user(confirmed_email="a@example.org"), town.user()
        large = making.jpeg(6000, 6000, quality=1)
        for by, fits in ((spender, 2), (other, 0)):
            for _ in range(fits):
                services.allowance.spend(by, 36_000_000, len(large))
            services.allowance.spend(by, 20_000_000, 1)
            with pytest.raises(TooMany, match="한 시간에") as refused:
                services.prepare(sent(large), by=by)
            assert refused.value.retry_after > 0

    def test_the_allowance_of_bytes(self, app, town, monkeypatch):
        monkeypatch.setitem(app.config, "LIMIT_UPLOAD_MEGABYTES", 16)
        by = town.user()
        services.allowance.spend(by, 0, 3_000_000)
        with pytest.raises(TooMany):
            services.prepare(sent(making.hwp3() + bytes(2_000_000), "a.hwp"), by=by)


class TestTurns:
    def test_large_and_small_have_their_own(self):
        lane = {pixels: services._Sent(b"", "", pixels).lane for pixels in (0, 1, 4_000_000, 4_000_001)}
        assert lane == {0: lanes.LARGE, 1: lanes.SMALL, 4_000_000: lanes.SMALL, 4_000_001: lanes.LARGE}

    def test_one_after_the_other_few_of_one_account_and_not_for_ever(self, town):
        lane, may_end, inside = lanes.Lane(most=3, most_of_one=2, patience_s=1), Event(), []

        def hold(whose):
            with lane.turn(whose):
                inside.append(whose)
                may_end.wait(20)

        threads = [Thread(target=hold, args=(1,))]
        threads[0].start()
        while not inside:
            pass
        with pytest.raises(Unavailable, match="파일이 많아요") as waited, lane.turn(2):
            pass
        threads += [Thread(target=hold, args=(1,))]
        lane._patience_s = 20
        threads[1].start()
        while lane._there[1] < 2:
            pass
        with pytest.raises(TooMany, match="아직 읽고"), lane.turn(1):
            pass
        threads += [Thread(target=hold, args=(2,))]
        threads[2].start()
        while lane._there.total() < 3:
            pass
        with pytest.raises(Unavailable) as full, lane.turn(3):
            pass
        assert inside == [1] and waited.value.retry_after == full.value.retry_after == lanes.AGAIN_S
        may_end.set()
        for thread in threads:
            thread.join()
        assert inside == [1, 1, 2] and not lane._there
