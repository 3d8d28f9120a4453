import re
import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from civic_forum.attachments.rules import (
    MAX_BYTES_EACH,
    MAX_NAME_CHARACTERS,
    MAX_PACKING,
    MEGABYTE,
    PACKED_MEGAPIXELS,
    FileRefused,
    Kind,
    Reason,
    check_claim,
    check_packing,
    check_sizes,
    display_name,
    download_header,
)
from tests.hostile.files import NAMES


def reason_for(sizes) -> Reason | None:
    try:
        check_sizes(sizes)
    except FileRefused as refused:
        return refused.reason
    return None


@pytest.mark.parametrize(("sizes", "reason"), [
    ([], None),
    ([5 * MEGABYTE] * 5, None),
    ([1] * 6, Reason.TOO_MANY),
    ([MAX_BYTES_EACH], None),
    ([MAX_BYTES_EACH + 1], Reason.TOO_LARGE),
    ([MAX_BYTES_EACH, 5 * MEGABYTE + 1], Reason.TOO_LARGE_TOGETHER),
    ([10, 0], Reason.EMPTY),
])
def test_files_may_be_so_many_and_so_large(sizes, reason):
    assert reason_for(sizes) is reason


PIXELS, SIZE = PACKED_MEGAPIXELS * 1_000_000, 3 * PACKED_MEGAPIXELS * 1_000_000 // MAX_PACKING


@pytest.mark.parametrize(("kind", "pixels", "size", "fits"), [
    (Kind.PNG, PIXELS, 1, True),
    (Kind.PNG, PIXELS + 1, 1, False),
    (Kind.GIF, PIXELS + 1, 1, False),
    (Kind.JPEG, PIXELS + 1, 1, True),
    (Kind.WEBP, PIXELS + 1, 1, True),
    (Kind.PNG, 2 * PIXELS, 2 * SIZE, True),
    (Kind.PNG, 2 * PIXELS, 2 * SIZE - 1, False),
    (Kind.PNG, 2 * PIXELS + 1, 2 * SIZE, False),
])
def test_a_large_picture_needs_a_three_hundredth_of_its_bytes(kind, pixels, size, fits):
    assert PIXELS == 16_000_000 and SIZE == 160_000
    if fits:
        check_packing(kind, pixels, size)
    else:
        with pytest.raises(FileRefused) as caught:
            check_packing(kind, pixels, size)
        assert caught.value.parameters == {"megapixels": 16}


@pytest.mark.parametrize(("name", "kind", "fits"), [
    ("photo.jpg", Kind.PNG, True),
    ("photo.JPEG", Kind.JPEG, True),
    ("photo.pdf", Kind.PNG, False),
    ("plan.hwp", Kind.HWPX, True),
    ("plan.hwpx", Kind.PDF, False),
    ("plan", Kind.PDF, True),
    ("pdf", Kind.PNG, True),
    ("plan.2026", Kind.PDF, True),
    ("plan.pdf", None, False),
    ("plan.docx", None, True),
    *(("plan.hwp", kind, False) for kind in Kind if kind not in (Kind.HWP, Kind.HWPX)),
])
def test_a_name_may_not_promise_another_sort_of_file(name, kind, fits):
    if fits:
        check_claim(name, kind)
    else:
        with pytest.raises(FileRefused) as caught:
            check_claim(name, kind)
        assert caught.value.parameters == {"extension": name.rpartition(".")[2]}


@pytest.mark.parametrize(("sent", "kind", "shown"), [
    ("놀이터 사진.JPG", Kind.JPEG, "놀이터 사진.jpg"),
    ("photo.png", Kind.JPEG, "photo.jpg"),
    ("2026. 11. 20. 회의", Kind.HWP, "2026. 11. 20. 회의.hwp"),
    ("진행률 80%.pdf", Kind.PDF, "진행률 80%.pdf"),
    ("C:\\Users\\me\\그림.png", Kind.PNG, "그림.png"),
    ("../../etc/passwd", Kind.PDF, "passwd.pdf"),
    ("photo_\u202egpj.exe", Kind.PNG, "photo_gpj.exe.png"),
    (unicodedata.normalize("NFD", "한글.hwp"), Kind.HWP, "한글.hwp"),
    ("a\0b\r\nc.png", Kind.PNG, "ab c.png"),
    ('a"b<c>.png', Kind.PNG, "a_b_c_.png"),
    ("CON.png", Kind.PNG, "CON_.png"),
    (".png", Kind.PNG, "file.png"),
    ("...", Kind.PNG, "file.png"),
    ("", Kind.PDF, "file.pdf"),
    ("가" * 500 + ".hwp", Kind.HWP, "가" * 116 + ".hwp"),
    ("a" + "\u0316" * 9 + "b\u0316.png", Kind.PNG, "a" + "\u0316" * 3 + "b\u0316.png"),
])
def test_a_name_is_shown_as(sent, kind, shown):
    assert display_name(sent, kind) == shown


def assert_harmless(name: str):
    assert 0 < len(name) <= MAX_NAME_CHARACTERS
    assert unicodedata.is_normalized("NFC", name)
    assert not re.search(r'[/\\<>:"|?*]', name)
    assert not any(unicodedata.category(character)[0] == "C" for character in name)
    assert name == name.strip(" .") and not name.startswith("-")
    assert name.endswith(".png")


def assert_safe_header(header: str, name: str):
    assert header.isascii() and header.isprintable()
    match = re.fullmatch(r'attachment; filename="([A-Za-z0-9._ -]+)"; filename\*=UTF-8\'\'([A-Za-z0-9._~%-]+)', header)
    assert match, header
    assert match[1].endswith(".png")
    assert unquote(match[2], errors="strict") == name


@pytest.mark.parametrize(("name", "plain"), [
    ("plan.pdf", "plan.pdf"), ("놀이터 plan.pdf", "plan.pdf"), ("놀이터.pdf", "file.pdf"), ("놀이터", "file"), ("", "file"),
    ("plan.놀이터", "plan"), ("a+b.png", "a_b.png"), ("PLAN.PDF", "PLAN.PDF")])
def test_old_browsers_are_told_a_name_in_plain_letters(name, plain):
    assert download_header(name).startswith(f'attachment; filename="{plain}"; ')


@pytest.mark.parametrize("name", [pytest.param(case.name, id=case.case) for case in NAMES])
def test_a_hostile_name_becomes_harmless(name):
    shown = display_name(name, Kind.PNG)
    assert_harmless(shown)
    assert_safe_header(download_header(shown), shown)


@example("A\x1f\u0300")
@example("A" + "\u0316" * 3 + "\x1f" + "\u0316" * 3)
@given(st.text() | st.text(alphabet=' ./\\".-_:;%\0\r\n\u202e\u0301한가e', max_size=300))
def test_any_name_becomes_harmless(name):
    shown = display_name(name, Kind.PNG)
    assert_harmless(shown)
    assert display_name(shown, Kind.PNG) == shown
    assert_safe_header(download_header(shown), shown)


@given(st.text())
def test_a_header_is_safe_for_any_name_at_all(name):
    header = download_header(name)
    assert header.isascii() and header.isprintable() and header.count('"') == 2


def test_hostile_names_are_many_and_different():
    assert len(NAMES) >= 40
    assert len({case.case for case in NAMES}) == len(NAMES) == len({case.name for case in NAMES})
