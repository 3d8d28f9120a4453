"""Files are read by processes that can open nothing, large ones one after the other, small ones beside them."""

import subprocess
import sys
from pathlib import Path

import pytest

from civic_forum.attachments import lanes, services
from civic_forum.attachments.rules import MAX_FILES
from civic_forum.platform import subprocess_call
from civic_forum.platform.errors import Refusal, TooMany
from tests.attachments import making
from tests.attachments.test_uploading import sent

ROOT = Path(__file__).parents[2]
APART = """
from gevent import monkey; monkey.patch_all()
import gevent, io
from openpyxl import Workbook
from civic_forum.attachments import lanes, services
from tests.attachments import making
from tests.attachments.test_any_bytes import GOOD
from tests.hostile.files import FILES

services.subprocess_call._stand_outside = services.work.let_go = lambda: None  # there is no database here
book = io.BytesIO(); made = Workbook(); made.active.append(["가", 1.5]); made.save(book)
files = [(data, "") for data in GOOD.values()]
files += [(one.make(), one.name) for one in FILES if "megapixels" not in one.case and "200 MB" not in one.case]
cases = [(services.READ_FILE, *one) for one in files[::%d]]
cases += [(services.READ_TABLE, data, 10) for data in (book.getvalue(), "가,나".encode("cp949"), b"\\0")]
for function, *given in cases:
    apart, here = services._read((lanes.SLOW,), None, function, *given), function(*given)
    same = lambda one: (one.reason, one.parameters) if isinstance(one, services.FileRefused) else one
    assert same(apart) == same(here), (given[1], apart, here)

data, turns = making.jpeg(4000, 3000), 0
reading = gevent.spawn(services._read, (lanes.SLOW,), None, services.READ_FILE, data, "a.jpg")
while not reading.ready():
    gevent.sleep(0.005)
    turns += 1
assert reading.get().picture.width == 2000
print(turns)
"""


@pytest.mark.in_turns(of=10)
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


class TestWhatItTakes:
    def test_a_large_picture_has_a_lane_of_its_own_and_everything_else_tries_the_quick_one(self):
        through = {pixels: services._Sent(b"", "", pixels).lanes for pixels in (0, 1, 4_000_000, 4_000_001)}
        both = (lanes.QUICK, lanes.SLOW)
        assert through == {0: both, 1: both, 4_000_000: both, 4_000_001: (lanes.SLOW,)}

    def test_a_file_that_takes_too_long_is_read_among_its_like_and_its_sender_pays(self, app, town, monkeypatch):
        by, tried = town.user(confirmed_email="a@example.org"), []

        def ends(seconds, *_given):
            tried.append((seconds, [len(reading.lane._at_work) for reading in (lanes.QUICK, lanes.SLOW)]))
            raise subprocess_call.NoAnswer(seconds)

        monkeypatch.setattr(subprocess_call, "call_confined", ends)
        monkeypatch.setitem(app.config, "LIMIT_UPLOAD_SECONDS", 30)
        for _each in range(2):
            with pytest.raises(Refusal, match="끝까지 읽지 못했어요"):
                services.prepare(sent(making.pdf(), "a.pdf"), by=by)
        assert tried == [(2, [1, 0]), (15, [0, 1])] * 2
        with pytest.raises(TooMany, match="한 시간에") as refused:
            services.prepare(sent(making.pdf(), "a.pdf"), by=by)
        assert refused.value.retry_after > 0 and len(tried) == 4
        services.allowance.spend(town.user(confirmed_email="b@example.org"), 0, 1)

    def test_without_a_confirmed_address_it_is_a_quarter(self, app, town, monkeypatch):
        monkeypatch.setitem(app.config, "LIMIT_UPLOAD_SECONDS", 8)
        by = town.user()
        services.allowance.charge(by, 1.4)
        services.allowance.spend(by, 0, 1)
        services.allowance.charge(by, 9)
        with pytest.raises(TooMany):
            services.allowance.spend(by, 0, 1)

    def test_a_table_is_read_in_the_same_lanes_and_paid_for(self, app, town, monkeypatch):
        monkeypatch.setitem(app.config, "LIMIT_UPLOAD_SECONDS", 4)
        by = town.user()
        assert services.table_rows(sent("가,나".encode(), "a.csv"), 5, field="file", by=by)
        services.allowance.charge(by, 2)
        with pytest.raises(TooMany):
            services.table_rows(sent("가,나".encode(), "a.csv"), 5, field="file", by=by)
