"""Posters: a page of A4 as PDF, with its words as text and a QR code that leads to the thing.

Pure: the same sheet and picture give the same bytes. The font of the site is embedded with the letters that are used.
"""

import io
import tempfile
from datetime import UTC, datetime

import segno
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from fpdf import FPDF

from .drawing import AMBER, BLUE, FONT, INK, NAVY, PALE, WHITE, cropped, shown, sign
from .rules import Sheet, lines

WIDTH, HEIGHT = 210, 297
"""Millimetres, as everything here; sizes of letters are points."""
EDGE = 18
BAND, FOOT = 104, 20
CODE, QUIET = 52, 4
"""Sides of the QR code, and of the modules that stay white around it."""
DOTS_A_ROW, MOST_DOTS = 10, 30
FAMILY = "site"
A_POINT = 25.4 / 72
ALIKE = dict(zip("【】〔〕～∼％▪◾▷▶◦∙", "[][]~~%■■△△··"))
"""Letters that the font does not have, as those that look much like them; read or copied they are what they are."""
NEVER = datetime(2020, 1, 1, tzinfo=UTC)
"""When each of them was made, so that equal content is equal bytes."""
GREY, TRACK = "#464c53", "#dfe3e7"


def draw(sheet: Sheet, picture: bytes | None) -> bytes:
    """The file."""
    face = sheet.face
    words = {name: shown(text) for name, text in (
        ("kind", f"{face.site} · {face.kind}"), ("title", face.title), ("text", sheet.text),
        ("figure", sheet.missing or face.figure), ("beside", sheet.counted_on or face.beside),
        ("sentence", sheet.sentence), ("left", face.left), ("act", sheet.act), ("site", face.site),
        ("address", sheet.address), ("phone", sheet.phone))}
    page = FPDF(format="A4")
    page.set_auto_page_break(False)
    page.set_margin(0)
    page.set_creation_date(NEVER)
    page.set_lang(sheet.language)
    page.set_title(words["title"])
    page.set_author(words["site"])
    page.set_display_mode("fullpage")
    add_fonts(page, "".join(words.values()) + "…□")
    page.add_page()
    _band(page, sheet, picture)
    _upper(page, words)
    _lower(page, words, face.of)
    _code(page, sheet.address, words["act"])
    _foot(page, words)
    return bytes(page.output())


def add_fonts(page: FPDF, letters: str) -> None:
    """Both weights with these letters alone: of the whole font it would take seconds."""
    font, options, small = TTFont(FONT, recalcTimestamp=False), Options(), io.BytesIO()
    options.layout_features, options.drop_tables = [], [*options.drop_tables, "STAT"]
    for table in font["cmap"].tables:
        table.cmap |= {ord(letter): table.cmap[ord(like)] for letter, like in ALIKE.items()
                       if ord(letter) not in table.cmap and ord(like) in table.cmap}
    subset = Subsetter(options)
    subset.populate(text=letters)
    subset.subset(font)
    font.flavor = None
    font.save(small)
    for style, weight in (("", 400), ("B", 700)):
        of_weight = TTFont(io.BytesIO(small.getvalue()), recalcTimestamp=False)
        with tempfile.NamedTemporaryFile(suffix=".ttf") as file:
            instantiateVariableFont(of_weight, {"wght": weight}).save(file.name)
            page.add_font(FAMILY, style, file.name)


def _band(page: FPDF, sheet: Sheet, picture: bytes | None) -> None:
    size = 6 * WIDTH, 6 * BAND
    image = cropped(picture, *size) if picture else None
    written = io.BytesIO()
    (image or sign(sheet.face, *size)).save(written, "JPEG", quality=85)
    page.image(written, 0, 0, WIDTH, BAND)


def _put(page: FPDF, text: str, at: tuple[float, float], size: float, colour: str = INK, *, bold: bool = True,
         right: bool = False) -> float:
    """One line on its base line; its width."""
    page.set_font(FAMILY, "B" if bold else "", size)
    page.set_text_color(colour)
    width = page.get_string_width(text)
    page.text(at[0] - width * right, at[1], text)
    return width


def _several(page: FPDF, text: str, top: float, size: float, width: float, most: int, colour: str = INK, *,
             bold: bool = True) -> float:
    """Lines from this height down; where the next ones may begin."""
    page.set_font(FAMILY, "B" if bold else "", size)
    high = size * A_POINT * 1.32
    for line in lines(text, width, most, page.get_string_width):
        _put(page, line, (EDGE, top + size * A_POINT), size, colour, bold=bold)
        top += high
    return top


def _upper(page: FPDF, words: dict[str, str]) -> None:
    _put(page, words["kind"], (EDGE, BAND + 18), 17, BLUE)
    size = 44 if len(words["title"]) <= 24 else 34
    below = _several(page, words["title"], BAND + 23, size, WIDTH - 2 * EDGE, 2 if size == 44 else 3)
    _several(page, words["text"], below + 3, 17, WIDTH - 2 * EDGE, 2, GREY, bold=False)


def _lower(page: FPDF, words: dict[str, str], of: tuple[int, int] | None) -> None:
    room, base = WIDTH - 2 * EDGE - CODE - 8, 222
    size = 54
    page.set_font(FAMILY, "B", size)
    while size > 20 and page.get_string_width(words["figure"]) > room * (.68 if words["beside"] else 1):
        size -= 2
        page.set_font(FAMILY, "B", size)
    wide = _put(page, words["figure"], (EDGE, base), size, BLUE)
    page.set_font(FAMILY, "B", 20)
    beside = lines(words["beside"], max(room - wide - 3, 12), 1, page.get_string_width)
    _put(page, "".join(beside), (EDGE + wide + 3, base), 20)
    below = base + 5
    if of and of[1] <= MOST_DOTS:
        below = _dots(page, below, *of)
    below = _several(page, words["sentence"], below + 1, 17, room, 2)
    if words["left"]:
        page.set_font(FAMILY, "B", 15)
        page.set_fill_color(AMBER)
        wide = page.get_string_width(words["left"]) + 9
        page.rect(EDGE, below + 2, wide, 10, style="F", round_corners=True, corner_radius=5)
        _put(page, words["left"], (EDGE + 4.5, below + 8.9), 15)


def _dots(page: FPDF, top: float, done: int, many: int) -> float:
    """One dot for each person, those who are there in blue."""
    for place in range(many):
        row, column = divmod(place, DOTS_A_ROW)
        page.set_fill_color(BLUE if place < done else TRACK)
        page.circle(EDGE + 4 + column * 10.5, top + 5 + row * 10, 4, style="F")
    return top + 10 * -(-many // DOTS_A_ROW) + 1


def _code(page: FPDF, address: str, act: str) -> None:
    """The QR code as squares, its quiet zone white."""
    modules = tuple(segno.make(address, error="m", micro=False).matrix)
    side = CODE / len(modules)
    left, top = WIDTH - EDGE - CODE, 204.0
    page.set_fill_color(WHITE)
    page.rect(left - QUIET * side, top - QUIET * side, CODE + 2 * QUIET * side, CODE + 2 * QUIET * side, style="F")
    page.set_fill_color(INK)
    for y, row in enumerate(modules):
        start = None
        for x, dark in enumerate((*row, 0)):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                page.rect(left + start * side, top + y * side, (x - start) * side, side, style="F")
                start = None
    page.set_font(FAMILY, "B", 15)
    width = page.get_string_width(act)
    _put(page, act, (left + (CODE - width) / 2, top + CODE + 9), 15)


def _foot(page: FPDF, words: dict[str, str]) -> None:
    top = HEIGHT - FOOT
    page.set_fill_color(NAVY)
    page.rect(0, top, WIDTH, FOOT, style="F")
    _put(page, words["site"], (EDGE, top + 8.5), 14, WHITE)
    page.set_font(FAMILY, "", 11)
    address = lines(words["address"], WIDTH - 2 * EDGE - 50, 1, page.get_string_width)
    _put(page, "".join(address), (EDGE, top + 14.5), 11, PALE, bold=False)
    _put(page, words["phone"], (WIDTH - EDGE, top + 11.5), 14, WHITE, right=True)
