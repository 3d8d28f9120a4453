"""Assets that every page loads: small, from here alone, licensed, and legible in both colour modes."""

import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from civic_forum import styles
from civic_forum.platform import static_files
from civic_forum.platform.packing import BEST, pack

STATIC = Path(__file__).parents[2] / "static"
STYLES = sorted(STATIC.rglob("*.css"))
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
NAMED = ("answering.js", "ballot.js", "clock.js", "draw-check.js", "framing.js", "keep.js", "kiosk.js", "observer.js",
         "print.js", "receipt.js", "receipt-picture.js", "slip.js", "sum.js")
"""Scripts that few pages name, beside app.js, which brings the others where a page has something for them."""
LATER = ("personal-numbers.js", "share.js", "unfold.js")
"""Come when somebody begins to write (tests/comments/test_masking_in_chromium.py), passes a thing on or follows an
address into something that is folded: no part of a first load."""
OFFICE = ("pick.js",)
"""Brought to forms of the office that join two things, which none of the other scripts is for."""
ENTRY = ("passkey.js", "reveal.js")
"""Brought to pages of signing in and up and of one's own safety, which the scripts for texts are not for."""
TYPING = ("intake.js", "intake-numbers.js", "intake-page.js", "intake-queue.js", "intake-sending.js")
"""Brought to the desk's page of typing what was handed in on site, alone."""
BROUGHT = [path for path in SCRIPTS if path.name not in (*NAMED, *LATER, *OFFICE, *ENTRY, *TYPING)]
FONTS = STATIC / "vendor/gc-sans"
FRAME = [*(STATIC / f"{sheet}.css" for sheet in styles.FRAME.split()), STATIC / "img/mark.svg"]

TEXT, GRAPHIC = 4.5, 3.0
PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "ink-2", "ink-3", "brand", "for", "against", "danger", "live")
      for ground in ("bg", "bg-2")),
    *((ink, f"{ink}-bg", TEXT) for ink in ("brand", "for", "against", "ok", "warn", "danger", "info")),
    *((ink, ground, TEXT) for ink in ("ink", "ink-2")
      for ground in ("brand-bg", "ok-bg", "warn-bg", "danger-bg", "info-bg")),
    ("ink-3", "brand-bg", TEXT),
    ("on-fill", "brand-fill", TEXT), ("on-danger", "danger", TEXT), ("bg", "danger", TEXT), ("ink", "mark", TEXT),
    ("on-navy", "navy", TEXT), ("on-navy-2", "navy", TEXT), ("navy-line", "navy", GRAPHIC),
    *((fill, "bg", GRAPHIC) for fill in ("line-control", "brand-fill", "for-fill", "against-fill", "ok-fill", "focus",
                                          "rule", "navy-fill")),
]  # fmt: skip


def compressed(paths) -> int:
    """Bytes of these files as they leave."""
    return sum(len(pack(content(path), "br", BEST)) for path in paths)


def content(path) -> bytes:
    return static_files.content(str(STATIC), str(path.relative_to(STATIC)))


def tokens(mode: str) -> dict[str, str]:
    """The colours in a mode; dark pages take the second of each pair, high contrast overrides some."""
    css = (STATIC / "css/colours.css").read_text()
    light = re.search(r"^:root \{(.*?)^\}", css, re.S | re.M)[1]
    found = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", light))
    pairs = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", css)
    assert all(found[name] == light for name, light, _dark in pairs)
    if mode == "dark":
        found |= {name: dark for name, _light, dark in pairs}
    if mode == "high-contrast":
        block = re.search(r'^\[data-krds-mode="high-contrast"\] \{(.*?)^\}', css, re.S | re.M)
        found |= dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block[1]))
    return found


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's ratio of relative luminances."""

    def luminance(colour: str) -> float:
        parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("mode", ["ordinary", "dark", "high-contrast"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_colours_stand_out_from_their_ground(mode, ink, ground, least):
    colours = tokens(mode)
    assert contrast(colours[ink], colours[ground]) >= least


@pytest.mark.parametrize("brought", [OFFICE, ENTRY], ids=["office", "entry"])
def test_a_form_with_scripts_of_its_own_stays_light(brought):
    assert compressed([STATIC / "js/app.js", *(STATIC / "js" / name for name in brought)]) <= 6_000


def test_the_frame_is_light():
    assert compressed(FRAME) <= 18_000
    assert compressed(BROUGHT) <= 6_400
    assert all(compressed([STATIC / "js" / name]) <= 3_100 for name in LATER)


def test_the_letters_of_nearly_every_page_are_light():
    assert (FONTS / "slice-0.woff2").stat().st_size <= 46_000 and (FONTS / "slice-1.woff2").stat().st_size <= 35_000
    assert max(path.stat().st_size for path in FONTS.glob("slice-*.woff2")) <= 46_000


def test_every_letter_of_the_font_is_in_a_slice_that_says_so():
    rules = re.findall(r"slice-(\d+)\.woff2\"\); unicode-range: ([^ ]+)", (STATIC / "css/font.css").read_text())
    shown = {}
    for number, ranges in rules:  # the last that names a letter has it
        for part in ranges.split(","):
            first, _, last = part.removeprefix("U+").partition("-")
            shown |= dict.fromkeys(range(int(first, 16), int(last or first, 16) + 1), number)
    letters = {number: TTFont(FONTS / f"slice-{number}.woff2").getBestCmap() for number, _ranges in rules}
    whole = TTFont(FONTS / "gc-sans.woff2").getBestCmap()
    assert [chr(code) for code in whole if code not in letters[shown[code]]] == []


@pytest.mark.parametrize("sheet", [path for path in STYLES if path.parent.name == "css"], ids=lambda path: path.name)
def test_a_page_with_its_own_sheet_stays_light_too(sheet):
    assert compressed({*FRAME, *BROUGHT, sheet}) <= 30_000
    assert len(sheet.read_text().splitlines()) < 600


def test_the_ballot_is_no_heavier_than_any_page():
    own = [STATIC / "js/app.js", STATIC / "js/ballot.js", STATIC / "js/kiosk.js", STATIC / "css/ballot.css"]
    assert compressed([*FRAME, *own]) <= 31_000


@pytest.mark.parametrize("sheet", STYLES, ids=lambda path: path.name)
def test_sheets_load_nothing_but_files_beside_them(sheet):
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S)
    assert "@import" not in css
    for address in re.findall(r"url\(\s*[\"']?([^\"')]+)", css):
        assert not re.match(r"(?:[a-z]+:|/)", address), address
        assert (sheet.parent / address.split("?")[0]).is_file(), address


def test_files_that_sheets_load_have_their_mark():
    for path in STYLES:
        css = content(path).decode()
        marked = re.findall(r'url\("/static/[^"]+\?v=\w{10}"\)', css)
        assert set(re.findall(r"url\(\"?(?!data:)[^)]*\)", css)) == set(marked)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_never_write_markup_and_load_only_their_neighbours(script):
    source = script.read_text()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", source)
    for neighbour in re.findall(r"import\(\"([^\"]+)\"\)|from \"([^\"]+)\"", source):
        assert (script.parent / "".join(neighbour)).is_file()


@pytest.mark.parametrize("script", sorted(STATIC.glob("js/**/*.js")), ids=lambda path: path.name)
def test_a_script_has_what_it_imports_and_asks_for_others_with_their_mark(script):
    text = content(script).decode()
    named = re.findall(r"\bimport\b[^\n\"]*\"([^\"]+)\"", text)
    assert all(re.fullmatch(r"/static/[\w/.-]+\?v=\w{10}", address) for address in named)
    assert all("vendor/" in address for address in re.findall(r"^import[^\"]*\"([^\"]+)\"", text, re.M))


def test_works_of_others_come_with_their_licence_and_our_font_bears_its_own_name():
    assert "SIL OPEN FONT LICENSE" in (STATIC / "vendor/gc-sans/OFL.txt").read_text()
    assert '"license": "ISC"' in (STATIC / "vendor/krds/package.json").read_text()
    assert (STATIC / "vendor/krds/README.md").is_file()
    ours = (STATIC / "css/font.css").read_text()
    assert 'font-family: "GC Sans"' in ours and "Pretendard" not in ours


def test_no_dark_theme_and_no_colour_that_nothing_reads():
    css = FRAME[0].read_text()
    assert "krds-mode=theme" not in css and "prefers-color-scheme" not in css
    read = set(re.findall(r"var\(\s*(--[\w-]+)", css + "".join(path.read_text() for path in STYLES)))
    assert set(re.findall(r"[;{]\s*(--krds-[\w-]+):", css)) <= read
