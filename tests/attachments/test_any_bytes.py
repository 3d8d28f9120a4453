"""Any bytes that come in: a file that may be kept, or a refusal; never anything else."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic_forum.attachments.formats.reading import read_upload
from civic_forum.attachments.formats.sniffing import COMPOUND_SIGNATURE
from civic_forum.attachments.rules import FileRefused
from civic_forum.attachments.sentences import SENTENCES
from tests.running.turns import share

from . import making

GOOD = {
    "jpeg": making.jpeg(40, 30, exif=making.exif(6)),
    "progressive": making.jpeg(40, 30, progressive=True),
    "png": making.png(40, 30),
    "webp": making.webp(40, 30),
    "gif": making.gif(40, 30),
    "pdf": making.pdf(),
    "hwp5": making.hwp5(),
    "hwp3": making.hwp3(),
    "hwpx": making.hwpx(),
}
SIGNATURES = [data[:12] for data in GOOD.values()]


def outcome(data: bytes) -> str:
    try:
        upload = read_upload(data, "")
    except FileRefused as refused:
        assert SENTENCES[refused.reason] % refused.parameters
        return refused.reason
    assert upload.data
    return upload.kind


@given(st.binary(max_size=2000))
def test_any_bytes(data):
    outcome(data)


@given(st.sampled_from(SIGNATURES), st.binary(max_size=2000))
def test_any_bytes_after_a_good_beginning(signature, data):
    outcome(signature + data)


@pytest.mark.parametrize("form", GOOD)
@given(st.data())
@settings(max_examples=share(60))
def test_a_file_cut_off_anywhere(form, data):
    whole = GOOD[form]
    outcome(whole[: data.draw(st.integers(0, len(whole) - 1))])


@pytest.mark.parametrize("form", GOOD)
@given(more=st.binary(min_size=1, max_size=200))
@settings(max_examples=share(30))
def test_a_file_with_anything_after_it(form, more):
    upload = None
    try:
        upload = read_upload(GOOD[form] + more, "")
    except FileRefused as refused:
        assert form not in {"jpeg", "progressive", "png", "webp", "gif"}, refused.reason
    if upload and upload.picture and len(more) > 8:
        assert more not in upload.data


@pytest.mark.parametrize("form", GOOD)
@given(st.data())
@settings(max_examples=share(120))
def test_a_file_with_some_bytes_changed(form, data):
    changed = bytearray(GOOD[form])
    for _ in range(data.draw(st.integers(1, 8))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    outcome(bytes(changed))


@given(st.lists(st.integers(0, 2**32 - 1) | st.integers(0, 20), min_size=30, max_size=30), st.binary(max_size=3000))
@settings(max_examples=share(150))
def test_a_compound_file_of_wild_numbers(numbers, rest):
    head = COMPOUND_SIGNATURE + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    outcome((head + struct.pack("<30I", *numbers)).ljust(512, b"\xff") + rest)


@given(st.lists(st.integers(0, 30), min_size=16, max_size=16), st.integers(0, 7))
@settings(max_examples=share(150))
def test_a_hwp_whose_table_leads_anywhere(table, at):
    data = bytearray(making.hwp5())
    struct.pack_into(f"<{16}I", data, 512 + 4 * at, *table)
    outcome(bytes(data))
