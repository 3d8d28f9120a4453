import subprocess

import pytest

from civic_forum.attachments.formats.archive import contents
from civic_forum.attachments.formats.compound import CompoundFile, NotCompound
from civic_forum.attachments.formats.reading import read_upload
from civic_forum.attachments.rules import FileRefused, Kind, Reason

from . import making


def refused(data: bytes, name: str = "") -> Reason:
    with pytest.raises(FileRefused) as caught:
        read_upload(data, name)
    return caught.value.reason


@pytest.mark.parametrize(("data", "kind", "media_type"), [
    (making.pdf(), Kind.PDF, "application/pdf"),
    (making.hwp5(), Kind.HWP, "application/x-hwp"),
    (making.hwp3(), Kind.HWP, "application/x-hwp"),
    (making.hwpx(), Kind.HWPX, "application/hwp+zip"),
], ids=["PDF", "HWP 5", "HWP 3", "HWPX"])
def test_a_document_stays_one_and_is_not_changed_twice(data, kind, media_type):
    upload = read_upload(data, "동네 계획")
    assert (upload.kind, upload.picture) == (kind, None)
    assert read_upload(upload.data, "").data == upload.data
    assert upload.media_type == media_type
    assert upload.name == f"동네 계획.{kind}"


@pytest.mark.parametrize("flags", [1 << 1, 1 << 4, 1 << 8, 1 << 10])
def test_a_locked_hwp_is_refused(flags):
    assert refused(making.hwp5(flags | 1)) is Reason.ENCRYPTED


@pytest.mark.parametrize("flags", [0, 1, 1 << 2, 1 << 6])
def test_a_readable_hwp_is_kept_even_if_made_for_distribution(flags):
    assert read_upload(making.hwp5(flags), "공고.hwp").kind is Kind.HWP


def test_a_hwp_with_a_large_header_stream_is_found_outside_the_mini_stream():
    data = making.compound({"DocInfo": b"d" * 300, "FileHeader": making.hwp_header().ljust(4096, b"\0")})
    assert read_upload(data, "공고.hwp").kind is Kind.HWP


def test_a_hwp_that_lacks_its_document_is_broken():
    assert refused(making.compound({"FileHeader": making.hwp_header()})) is Reason.BROKEN_DOCUMENT


def test_streams_are_read_by_name():
    streams = {"Small": b"s" * 100, "Long": bytes(range(256)) * 20, "Last": b"end"}
    compound = CompoundFile(making.compound(streams))
    assert set(compound.root_entries()) == set(streams)
    assert {name: compound.stream(name, at_most=6000) for name in streams} == streams
    assert compound.stream("Missing", at_most=10) is None
    with pytest.raises(NotCompound):
        compound.stream("Long", at_most=5000)


def test_a_pdf_locked_with_an_inline_dictionary_is_refused():
    assert refused(making.pdf(trailer=b"/Encrypt<</Filter/Standard>> ")) is Reason.ENCRYPTED


def test_a_pdf_that_only_speaks_of_encryption_is_kept():
    assert read_upload(making.pdf(extra=b"% /Encrypt your letters"), "a.pdf").kind is Kind.PDF


def test_hwpx_needs_its_type_in_the_archive():
    without = {name: content for name, content in making.HWPX_PARTS.items() if name != "mimetype"}
    assert refused(making.hwpx(without)) is Reason.UNKNOWN_KIND
    assert refused(making.hwpx(mimetype=b"application/epub+zip")) is Reason.UNKNOWN_KIND


def test_hwpx_may_have_its_type_anywhere_in_the_archive():
    parts = dict(reversed(making.HWPX_PARTS.items()))
    assert read_upload(making.hwpx(parts), "a.hwpx").kind is Kind.HWPX


def test_an_archive_made_by_another_tool_reads_the_same(tmp_path):
    """Streamed entries, whose sizes stand only in the table of contents."""
    for name in ("mimetype", "Contents"):
        (tmp_path / name).mkdir() if name == "Contents" else (tmp_path / name).write_bytes(b"application/hwp+zip")
    (tmp_path / "Contents" / "section0.xml").write_bytes(b"<sec/>" * 100)
    script = ("import sys, zipfile\n"
              "with zipfile.ZipFile(sys.stdout.buffer, 'w', zipfile.ZIP_DEFLATED) as archive:\n"
              "    [archive.write(name) for name in ('mimetype', 'Contents/section0.xml')]\n")
    piped = subprocess.run(["python3", "-c", script], cwd=tmp_path, stdout=subprocess.PIPE, check=True).stdout
    assert set(contents(piped)) == {"mimetype", "Contents/section0.xml"}
    assert read_upload(piped, "a.hwpx").kind is Kind.HWPX


def test_blank_parts_may_pack_tightly_while_they_are_small():
    assert read_upload(making.hwpx(**{"Contents/blank.bmp": bytes(900_000)}), "a.hwpx").kind is Kind.HWPX
