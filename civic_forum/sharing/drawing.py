"""Pictures of faces for chats: 1200 × 630, words on navy at the left, at the right the picture of the thing, or a sign.

Pure: the same face and picture give the same bytes. Pillow reads the site's own font as it is vendored.
"""

import io
import math
from functools import cache, lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps

from .rules import LONGEST, Face, lines, plain

WIDTH, HEIGHT = SIZE = 1200, 630
EDGE = 60
"""Between the words and the border."""
SPLIT = 768
"""Width of the words' side."""
TITLE, FIGURE, BESIDE, SMALL = 60, 116, 42, 32
FONT = Path(__file__).resolve().parents[2] / "static/vendor/gc-sans/gc-sans.woff2"
NAVY, BLUE, PALE, WHITE, AMBER, INK = "#052b57", "#0b50d0", "#d6e0eb", "#ffffff", "#ffb114", "#1e2124"
FINER = 4
"""Signs are drawn so many times larger, so that their edges are smooth."""


@cache
def font(size: int, weight: int = 700) -> ImageFont.FreeTypeFont:
    """The font of the site; laid out letter by letter, the same on every machine."""
    typeface = ImageFont.truetype(FONT, size, layout_engine=ImageFont.Layout.BASIC)
    typeface.set_variation_by_axes([weight])
    return typeface


@lru_cache(maxsize=4096)
def is_there(letter: str) -> bool:
    """True if the font has this letter: of others it draws nothing."""
    return letter.isspace() or font(SMALL).getmask(letter).getbbox() is not None


def shown(text: str, most: int = LONGEST) -> str:
    """The text as it can be drawn; an empty box in the place of each letter that the font does not have."""
    return "".join(letter if is_there(letter) else "□" for letter in plain(text, most))


def draw(face: Face, picture: bytes | None) -> bytes:
    """The picture as JPEG. A picture of the thing that cannot be read leaves its sign."""
    size = (WIDTH, HEIGHT) if face.is_band else (WIDTH - SPLIT, HEIGHT)
    image = (cropped(picture, *size) if picture else None) or sign(face, *size)
    if not face.is_band:
        side, image = image, Image.new("RGB", SIZE, NAVY)
        image.paste(side, (SPLIT, 0))
        _write(ImageDraw.Draw(image), face)
    written = io.BytesIO()
    image.save(written, "JPEG", quality=88, subsampling=0)
    return written.getvalue()


def cropped(picture: bytes, width: int, height: int) -> Image.Image | None:
    """The middle of a picture in this size; None where it cannot be read."""
    try:
        with Image.open(io.BytesIO(picture)) as opened:
            opened.draft("RGB", (2 * width, 2 * height))
            whole = ImageOps.exif_transpose(opened).convert("RGBA")
            under = Image.new("RGBA", whole.size, WHITE)
            return ImageOps.fit(Image.alpha_composite(under, whole).convert("RGB"), (width, height),
                                Image.Resampling.LANCZOS)
    except (OSError, ValueError, Image.DecompressionBombError):
        return None


def _write(pen: ImageDraw.ImageDraw, face: Face) -> None:
    _mark(pen, EDGE, EDGE, 52)
    pen.text((EDGE + 68, EDGE + 26), f"{shown(face.site, 20)} · {shown(face.kind, 12)}", PALE, font(SMALL), anchor="lm")
    title = font(TITLE)
    for place, line in enumerate(lines(shown(face.title), SPLIT - 2 * EDGE + 20, 2, title.getlength)):
        pen.text((EDGE, 172 + place * 82), line, WHITE, title, anchor="lt")
    room = SPLIT - 2 * EDGE
    figure, beside = shown(face.figure, 24), shown(face.beside, 24)
    below = not face.left and font(FIGURE).getlength(figure) > room * .62
    size = FIGURE
    while size > SMALL and font(size).getlength(figure) > room * (.62 if beside and not below else 1):
        size -= 4
    pen.text((EDGE, 480), figure, WHITE, font(size), anchor="ls")
    right, base = (0, 550) if below else (font(size).getlength(figure) + 18, 480)
    short = lines(beside, max(room - right, 60), 1, font(BESIDE).getlength)
    pen.text((EDGE + right, base), "".join(short), PALE, font(BESIDE), anchor="ls")
    if face.left:
        words = shown(face.left, 20)
        box = (EDGE, 522, EDGE + font(SMALL).getlength(words) + 48, 522 + 56)
        pen.rounded_rectangle(box, 28, AMBER)
        pen.text((box[0] + 24, 522 + 28), words, INK, font(SMALL), anchor="lm")


def _mark(pen: ImageDraw.ImageDraw, left: int, top: int, size: int) -> None:
    """The mark of the site, as `static/img/mark.svg` has it in a square of 36."""
    unit = size / 36
    pen.rounded_rectangle((left, top, left + size, top + size), 10 * unit, BLUE)
    pen.rounded_rectangle((left + 9.5 * unit, top + 9.5 * unit, left + 26.5 * unit, top + 22.5 * unit), 3 * unit, WHITE)
    pen.polygon([(left + x * unit, top + y * unit) for x, y in ((14, 21), (19.5, 21), (14, 27))], WHITE)


def sign(face: Face, width: int, height: int) -> Image.Image:
    """The side of a face that has no picture: a ring of how many, or the sign of its kind."""
    image = Image.new("RGB", (width * FINER, height * FINER), BLUE)
    pen = ImageDraw.Draw(image)
    wide, high = image.size
    pen.ellipse((-.3 * wide, .62 * high, .75 * wide, .62 * high + 1.05 * wide), "#1a60e0")
    pen.ellipse((.6 * wide, -.2 * high, 1.5 * wide, -.2 * high + .9 * wide), "#2a6fea")
    size = min(wide, high) * .68
    box = ((wide - size) / 2, (high - size) / 2)
    if face.of:
        _ring(pen, box, size, face.of)
    else:
        _SIGNS.get(face.place, _bubble)(pen, *box, size)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _ring(pen: ImageDraw.ImageDraw, corner: tuple[float, float], size: float, of: tuple[int, int]) -> None:
    left, top = corner
    box, thick = (left, top, left + size, top + size), round(size / 8)
    pen.ellipse(box, outline="#5b92f2", width=thick)
    part = min(of[0] / of[1], 1) if of[1] else 1
    if part:
        pen.arc(box, -90, -90 + 360 * part, WHITE, thick)
    words = font(round(size * (.36 if of[0] < 1000 else .22)))
    pen.text((left + size / 2, top + size / 2), f"{of[0]:,}", WHITE, words, anchor="mm")


def _bubble(pen: ImageDraw.ImageDraw, left: float, top: float, size: float) -> None:
    """Forums, agendas: two people talk."""
    def bubble(x: float, y: float, wide: float, colour: str, tail: float) -> None:
        high = wide * .68
        pen.rounded_rectangle((x, y, x + wide, y + high), wide * .16, colour)
        pen.polygon([(x + wide * tail, y + high - 1), (x + wide * (tail + .2), y + high - 1),
                     (x + wide * (tail + (0 if tail < .5 else .2)), y + high + wide * .18)], colour)

    bubble(left, top + size * .06, size * .72, WHITE, .18)
    bubble(left + size * .36, top + size * .46, size * .64, AMBER, .62)


def _ballot(pen: ImageDraw.ImageDraw, left: float, top: float, size: float) -> None:
    """Votes: a paper with a tick above its box."""
    pen.rounded_rectangle((left + size * .22, top, left + size * .78, top + size * .62), size * .04, WHITE)
    tick = [(left + size * x, top + size * y) for x, y in ((.36, .26), (.47, .38), (.66, .14))]
    pen.line(tick, BLUE, round(size * .07), joint="curve")
    pen.rounded_rectangle((left, top + size * .5, left + size, top + size), size * .06, AMBER)
    pen.rounded_rectangle((left + size * .14, top + size * .56, left + size * .86, top + size * .62), size * .03, INK)


def _coins(pen: ImageDraw.ImageDraw, left: float, top: float, size: float) -> None:
    """Rounds: money in growing piles."""
    for place, many in enumerate((2, 4, 6)):
        for level in range(many):
            y, x = top + size * (.88 - .155 * level), left + size * .35 * place
            pen.rounded_rectangle((x, y, x + size * .3, y + size * .12), size * .05, AMBER if level % 2 else WHITE)


def _pin(pen: ImageDraw.ImageDraw, left: float, top: float, size: float) -> None:
    """Projects: a place in the district."""
    middle, radius = left + size / 2, size * .33
    pen.ellipse((left + size * .2, top + size * .86, left + size * .8, top + size), "#0a3f9f")
    slope = math.radians(28)
    pen.polygon([(middle - radius * math.cos(slope), top + radius + radius * math.sin(slope)),
                 (middle + radius * math.cos(slope), top + radius + radius * math.sin(slope)),
                 (middle, top + size * .94)], WHITE)
    pen.ellipse((middle - radius, top, middle + radius, top + 2 * radius), WHITE)
    pen.ellipse((middle - radius * .45, top + radius * .55, middle + radius * .45, top + radius * 1.45), BLUE)


def _tick(pen: ImageDraw.ImageDraw, left: float, top: float, size: float) -> None:
    """Outcomes: what was done."""
    pen.ellipse((left, top, left + size, top + size), WHITE)
    pen.line([(left + size * x, top + size * y) for x, y in ((.28, .52), (.44, .68), (.74, .34))], BLUE,
             round(size * .1), joint="curve")


def _clock(pen: ImageDraw.ImageDraw, left: float, top: float, size: float) -> None:
    """Outcomes: what was promised and is not done yet."""
    pen.ellipse((left, top, left + size, top + size), WHITE)
    pen.line([(left + size * x, top + size * y) for x, y in ((.5, .2), (.5, .52), (.72, .64))], BLUE, round(size * .1),
             joint="curve")


_SIGNS = {"polls": _ballot, "budgets": _coins, "projects": _pin, "outcomes": _tick, "promised": _clock}
