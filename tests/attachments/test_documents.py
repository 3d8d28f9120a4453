import struct
import subprocess
from io import BytesIO

import pikepdf
import pytest

from civic_forum.attachments.formats import compound as compound_files
from civic_forum.attachments.formats.archive import contents
from civic_forum.attachments.formats.compound import CompoundFile, NotCompound
from civic_forum.attachments.formats.reading import read_upload
from civic_forum.attachments.rules import MEGABYTE, FileRefused, Kind, Reason

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
    (tmp_path / "Contents" / "section0.xml").write_bytes(b"<sec>" + b"<p/>" * 100 + b"</sec>")
    script = ("import sys, zipfile\n"
              "with zipfile.ZipFile(sys.stdout.buffer, 'w', zipfile.ZIP_DEFLATED) as archive:\n"
              "    [archive.write(name) for name in ('mimetype', 'Contents/section0.xml')]\n")
    piped = subprocess.run(["python3", "-c", script], cwd=tmp_path, stdout=subprocess.PIPE, check=True).stdout
    assert set(contents(piped)) == {"mimetype", "Contents/section0.xml"}
    assert read_upload(piped, "a.hwpx").kind is Kind.HWPX


def test_blank_parts_may_pack_tightly_while_they_are_small():
    assert read_upload(making.hwpx(**{"Contents/blank.bmp": bytes(900_000)}), "a.hwpx").kind is Kind.HWPX


STREAMS = {"Small": b"s" * 100, "Long": bytes(5000)}
OF_A_LINE = {"start": 116, "size": 120}


def compound_with(of_line=None, **numbers) -> bytes:
    """A compound file with other numbers: in its header and table by their place in the file, or in lines of its
    directory, the root first."""
    data = bytearray(making.compound(STREAMS))
    directory = 512 * (1 + struct.unpack_from("<I", data, 48)[0])
    for line, changed in (of_line or {}).items():
        for name, value in changed.items():
            struct.pack_into("<I", data, directory + 128 * line + OF_A_LINE[name], value)
    for place, value in numbers.items():
        struct.pack_into("<I", data, int(place.removeprefix("at_")), value)
    return bytes(data)


@pytest.mark.parametrize(("data", "said"), [
    (compound_with(at_44=10_000), "more tables than sectors"),
    (compound_with(**{f"at_{512 + 4 * 127}": 0xFFFFFFFE}), "cut off"),
    (compound_with({2: {"size": 5632}}), "a stream that is too short"),
    (compound_with({2: {"start": 120}}), "a sector that does not exist"),
    (compound_with({0: {"size": 100_000}, 1: {"start": 100}}), "a mini stream that is too short"),
    (compound_with({1: {"start": 100}}), "a mini sector that does not exist"),
], ids=lambda given: given if isinstance(given, str) else "")
def test_a_compound_file_whose_numbers_lead_nowhere_is_none(data, said):
    with pytest.raises(NotCompound, match=said):
        found = CompoundFile(data)
        assert {name: found.stream(name, at_most=6000) for name in STREAMS} == STREAMS


def test_a_directory_has_so_many_entries_at_most(monkeypatch):
    monkeypatch.setattr(compound_files, "_MAX_ENTRIES", 4)
    assert CompoundFile(making.compound(STREAMS)).root_entries().keys() == STREAMS.keys()
    with pytest.raises(NotCompound, match="too many entries"):
        CompoundFile(making.compound(STREAMS | {"Third": b"3", "Fourth": b"4"}))


COUNT, METHOD_OF_LINE, UNPACKED_OF_LINE = (8, 10), 10, 24
"""Places of numbers: in the end of an archive, and in a line of its table of contents."""


def archive_with(change) -> bytes:
    """An HWPX after `change` of its bytes, which is given the place of its end and those of the lines of its table."""
    data = bytearray(making.hwpx())
    lines, at = [], data.find(b"PK\x01\x02")
    while at >= 0:
        lines.append(at)
        at = data.find(b"PK\x01\x02", at + 4)
    change(data, data.rindex(b"PK\x05\x06"), lines)
    return bytes(data)


def counting(more: int):
    def change(data, end, _lines):
        for at in COUNT:
            data[end + at] += more
    return change


def claiming(line: int, more: int):
    def change(data, _end, lines):
        at = lines[line] + UNPACKED_OF_LINE
        struct.pack_into("<I", data, at, struct.unpack_from("<I", data, at)[0] + more)
    return change


def unsigned(data, _end, lines):
    data[lines[2]: lines[2] + 4] = b"none"


@pytest.mark.parametrize("change", [
    pytest.param(counting(1), id="more lines than there are"), pytest.param(counting(-1), id="fewer lines"),
    pytest.param(unsigned, id="a line that is none"),
    pytest.param(claiming(3, 1), id="longer than it unpacks to"),
    pytest.param(claiming(3, -1), id="shorter than it unpacks to")])
def test_an_archive_that_contradicts_its_table_of_contents_is_broken(change):
    assert read_upload(archive_with(counting(0)), "").kind is Kind.HWPX
    assert refused(archive_with(change)) is Reason.BROKEN_DOCUMENT


@pytest.mark.parametrize("more", [-1, 1])
def test_a_stored_part_has_one_size(more):
    with pytest.raises(FileRefused) as caught:
        contents(archive_with(claiming(0, more)))
    assert caught.value.reason is Reason.BROKEN_DOCUMENT


def test_an_archive_with_a_name_twice_is_broken():
    data = making.hwpx(**{"Contents/section1.xml": b"<a/>", "Contents/section2.xml": b"<b/>"})
    assert refused(data.replace(b"section2", b"section1")) is Reason.BROKEN_DOCUMENT


def test_small_parts_that_grow_large_together_are_a_bomb():
    data = bytearray(making.hwpx(**{f"Contents/{number}": b"" for number in range(200)}))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        if data[at + METHOD_OF_LINE]:
            struct.pack_into("<I", data, at + UNPACKED_OF_LINE, MEGABYTE)
        at = data.find(b"PK\x01\x02", at + 4)
    assert refused(bytes(data)) is Reason.BOMB


def test_a_pdf_that_hides_its_lock_is_refused():
    """A letter of a name may be written as its number."""
    out = BytesIO()
    with pikepdf.open(BytesIO(making.pdf())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="secret", user=""),
                 object_stream_mode=pikepdf.ObjectStreamMode.disable)
    hidden = out.getvalue().replace(b"/Encrypt ", b"/#45ncrypt ")
    assert b"/#45ncrypt " in hidden and refused(hidden) is Reason.ENCRYPTED
