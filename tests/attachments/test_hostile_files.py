import json
import subprocess
import sys
from pathlib import Path

import pytest

from civic_forum.attachments.formats.reading import read_upload
from civic_forum.attachments.rules import FileRefused
from tests.hostile.files import FILES, HTML, SCRIPT
from tests.running.machine import patience

OF_ANOTHER_FILE = (HTML, SCRIPT, b"PK\x03\x04", b"PK\x05\x06", b"%PDF", b"startxref")
ROOT = Path(__file__).parents[2]

# Reads the files named on standard input one after the other and says what it cost.
MEASURE = """
import json, re, sys, time
from pathlib import Path
from civic_forum.attachments.formats.reading import read_upload
from civic_forum.attachments.rules import FileRefused

for path in json.load(sys.stdin):
    data, started = Path(path).read_bytes(), time.process_time()
    try:
        read_upload(data, Path(path).name)
    except FileRefused:
        pass
    peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
    print(json.dumps([int(peak[1]) // 1024, time.process_time() - started]))
"""


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("case", FILES, ids=lambda case: case.case)
def test_of_a_hostile_file_becomes(case):
    data = case.make()
    if case.reason:
        with pytest.raises(FileRefused) as caught:
            read_upload(data, case.name)
        assert caught.value.reason is case.reason
        return
    upload = read_upload(data, case.name)
    assert upload.data
    if upload.picture:  # written anew: nothing of a second file is left in it
        for kept in (upload.data, upload.picture.thumb):
            assert not any(mark in kept for mark in OF_ANOTHER_FILE)


@pytest.mark.in_turns(of=10)
def test_no_hostile_file_takes_more_than_300_megabytes_or_long(tmp_path):
    paths = []
    for number, case in enumerate(FILES):
        path = tmp_path / str(number)
        path.write_bytes(case.make())
        paths.append(str(path))
    output = subprocess.run([sys.executable, "-c", MEASURE], input=json.dumps(paths), text=True, cwd=ROOT,
                            stdout=subprocess.PIPE, check=True).stdout
    costs = [json.loads(line) for line in output.splitlines()]
    assert len(costs) == len(FILES)
    for case, (megabytes, seconds) in zip(FILES, costs, strict=True):
        assert megabytes < 300, case.case
        assert seconds < patience(10), case.case


def test_hostile_files_are_many_and_different():
    assert len({case.case for case in FILES}) == len(FILES) >= 60
