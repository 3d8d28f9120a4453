"""Pictures and papers of the sample, drawn here: files of proposals, what the votes ask about, a map."""

from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from textwrap import wrap

from PIL import Image, ImageDraw, ImageFont
from werkzeug.datastructures import FileStorage

from config import ROOT

WIDTH, HEIGHT = 1200, 800
LETTERS = ROOT / "static" / "vendor" / "gc-sans" / "gc-sans.woff2"
PAPER, INK, SOFT = (250, 249, 246), (40, 44, 52), (190, 196, 204)
PALETTE = ((37, 110, 244), (34, 135, 56), (199, 133, 0), (171, 43, 54), (109, 120, 130))


def file_of(name: str) -> bytes:
    """A file of the kind that the name says: `.pdf`, `.jpg` or `.png`."""
    kind = name.rsplit(".", 1)[-1].lower()
    seed = sha256(name.encode()).digest()
    made = BytesIO()
    if kind == "pdf":
        pages = [_table(seed), _map(seed)]
        pages[0].save(made, "PDF", save_all=True, append_images=pages[1:], resolution=110)
    elif kind == "png":
        _map(seed).save(made, "PNG")
    else:
        _street(seed).save(made, "JPEG", quality=85)
    return made.getvalue()


def _street(seed: bytes) -> Image.Image:
    """A lane between walls, with cars and a measuring tape."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), (214, 226, 236))
    draw = ImageDraw.Draw(picture)
    horizon = 300 + seed[0] % 60
    draw.rectangle((0, horizon, WIDTH, HEIGHT), fill=(150, 152, 156))
    draw.polygon([(0, 0), (420, horizon - 40), (420, horizon + 20), (0, HEIGHT)], fill=(196, 170, 148))
    draw.polygon([(WIDTH, 0), (780, horizon - 40), (780, horizon + 20), (WIDTH, HEIGHT)], fill=(178, 182, 190))
    for number in range(5):
        left = 60 + number * 70
        draw.rectangle((left, 90 + number * 38, left + 44, 170 + number * 34), fill=(120, 140, 160))
    for number in range(2 + seed[1] % 2):
        x, y, size = 640 + number * 120, 560 - number * 110, 190 - number * 50
        colour = PALETTE[seed[2 + number] % len(PALETTE)]
        draw.rounded_rectangle((x, y, x + size * 1.6, y + size * 0.6), 24, fill=colour)
        draw.rounded_rectangle((x + size * 0.3, y - size * 0.35, x + size * 1.3, y + 12), 20, fill=colour)
        for wheel in (0.3, 1.2):
            draw.ellipse((x + size * wheel, y + size * 0.45, x + size * wheel + 46, y + size * 0.45 + 46), fill=INK)
    draw.line((330, 700, 600, 640), fill=(235, 200, 30), width=16)
    for tick in range(0, 271, 27):
        draw.line((330 + tick, 692 - tick * 0.22, 330 + tick, 712 - tick * 0.22), fill=INK, width=3)
    return picture


def _map(seed: bytes) -> Image.Image:
    """Streets and numbered points."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(picture)
    for number in range(6):
        offset = 90 + number * 190 + seed[number] % 60
        draw.line((offset, 0, offset - 80 + seed[number + 6] % 160, HEIGHT), fill=SOFT, width=26)
        level = 70 + number * 130 + seed[number + 12] % 40
        draw.line((0, level, WIDTH, level + seed[number + 18] % 80 - 40), fill=SOFT, width=18)
    for number in range(6):
        x, y = 120 + seed[number] * 4 % 1000, 90 + seed[number + 8] * 3 % 620
        draw.ellipse((x - 22, y - 22, x + 22, y + 22), fill=(189, 44, 15))
        draw.text((x - 5, y - 8), str(number + 1), fill="white")
    return picture


def _table(seed: bytes) -> Image.Image:
    """Rows of counts with bars."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(picture)
    for row in range(16):
        top = 60 + row * 44
        draw.line((80, top + 40, WIDTH - 80, top + 40), fill=SOFT, width=2)
        draw.text((100, top + 12), f"{row + 1}", fill=INK)
        length = 120 + seed[row] * 3
        draw.rectangle((220, top + 8, 220 + length, top + 30), fill=PALETTE[row % 2])
        draw.text((240 + length, top + 12), str(seed[row] // 4 + 3), fill=INK)
    return picture


SKY, GROUND, EARTH, GRASS = (222, 234, 242), (214, 205, 186), (176, 138, 98), (150, 184, 120)
WOOD, STONE, WATER, NIGHT, LEAVES = (140, 100, 66), (176, 180, 186), (132, 178, 210), (38, 46, 66), (92, 142, 88)
LIGHT, ROAD, STEEL, WHITE = (250, 222, 140), (110, 114, 120), (86, 96, 110), (252, 252, 250)
CARS = ((37, 110, 244), (171, 43, 54), (34, 135, 56))
Draw = ImageDraw.ImageDraw


def picture_of(slug: str, number: int) -> bytes | None:
    """A JPEG of an option, or None where its entry describes none."""
    draw = _DRAWN.get((slug, number))
    if draw is None:
        return None
    picture = Image.new("RGB", (WIDTH, HEIGHT), SKY)
    draw(ImageDraw.Draw(picture))
    made = BytesIO()
    picture.save(made, "JPEG", quality=85)
    return made.getvalue()


def _ramp(draw: Draw) -> None:
    """A low ramp with handrails beside the stairs of an entrance."""
    draw.rectangle((0, 560, WIDTH, HEIGHT), fill=GROUND)
    draw.rectangle((640, 120, 1160, 560), fill=(236, 226, 208))
    draw.rectangle((820, 250, 980, 480), fill=WOOD)
    for step in range(4):
        draw.rectangle((790, 480 + step * 30, 1010 + step * 20, 510 + step * 30), fill=STONE, outline=INK)
    draw.polygon([(790, 480), (790, 600), (180, 600)], fill=(200, 204, 208), outline=INK)
    draw.line((180, 500, 790, 380), fill=STEEL, width=14)
    for post in range(5):
        x = 180 + post * 150
        draw.line((x, 500 - post * 29, x, 598 - post * 29), fill=STEEL, width=10)


def _night_parking(draw: Draw) -> None:
    """Marked places of a shop at night; one car drives into a free one."""
    draw.rectangle((0, 0, WIDTH, HEIGHT), fill=NIGHT)
    draw.rectangle((0, 90, WIDTH, 330), fill=(62, 70, 92))
    for window in range(6):
        lit = LIGHT if window % 3 == 0 else (80, 88, 110)
        draw.rectangle((90 + window * 180, 140, 200 + window * 180, 260), fill=lit)
    draw.rectangle((0, 420, WIDTH, HEIGHT), fill=(70, 74, 84))
    for line in range(4):
        draw.line((90 + line * 330, 440, 90 + line * 330, 640), fill=WHITE, width=8)
    _car(draw, 125, 480, CARS[0])
    _car(draw, 760, 650, CARS[1])
    draw.polygon([(760, 690), (600, 640), (600, 740)], fill=(140, 136, 100))


def _river(draw: Draw) -> None:
    """A path along the river: fourteen benches with backs, two awnings."""
    draw.rectangle((0, 300, WIDTH, 470), fill=WATER)
    draw.rectangle((0, 470, WIDTH, HEIGHT), fill=GRASS)
    draw.rectangle((0, 560, WIDTH, 690), fill=GROUND)
    for bench in range(14):
        x, y = (40 + bench * 165, 530) if bench < 7 else (40 + (bench - 7) * 165, 730)
        draw.rectangle((x, y, x + 90, y + 14), fill=WOOD)
        draw.rectangle((x, y - 36, x + 90, y - 24), fill=WOOD)
        for leg in (10, 76):
            draw.line((x + leg, y - 36, x + leg, y + 34), fill=INK, width=6)
    for x in (250, 800):
        draw.polygon([(x - 150, 380), (x + 150, 380), (x + 90, 320), (x - 90, 320)], fill=(240, 236, 224), outline=INK)
        for post in (-130, 130):
            draw.line((x + post, 380, x + post, 500), fill=STEEL, width=8)


def _garden(draw: Draw) -> None:
    """Twenty-four plots in wooden frames and earth paths between them."""
    draw.rectangle((0, 0, WIDTH, HEIGHT), fill=EARTH)
    for plot in range(24):
        x, y = 50 + plot % 6 * 188, 50 + plot // 6 * 182
        draw.rectangle((x, y, x + 150, y + 140), fill=(104, 78, 56), outline=WOOD, width=12)
        for row in range(3):
            for plant in range(4):
                left, top = x + 24 + plant * 30, y + 24 + row * 36
                draw.ellipse((left, top, left + 20, top + 20), fill=LEAVES if (plot + row) % 2 else GRASS)


def _nine_places(draw: Draw) -> None:
    """A plan of the empty lot with nine parking places."""
    draw.rectangle((0, 0, WIDTH, HEIGHT), fill=WHITE)
    draw.polygon([(90, 110), (1110, 70), (1130, 720), (70, 740)], fill=(236, 238, 240), outline=INK, width=6)
    for place in range(9):
        x, y = (150 + place * 190, 130) if place < 5 else (245 + (place - 5) * 190, 490)
        draw.rectangle((x, y, x + 150, y + 210), outline=INK, width=6)
        draw.text((x + 66, y + 90), str(place + 1), fill=INK, font_size=40)
    draw.line((70, 415, 1130, 415), fill=ROAD, width=60)


def _rest(draw: Draw) -> None:
    """Benches and low exercise equipment under trees."""
    draw.rectangle((0, 500, WIDTH, HEIGHT), fill=GRASS)
    for x in (220, 560, 900):
        draw.rectangle((x - 22, 320, x + 22, 560), fill=WOOD)
        draw.ellipse((x - 190, 70, x + 190, 380), fill=LEAVES)
    for x in (120, 460):
        draw.rectangle((x, 600, x + 210, 620), fill=WOOD)
        draw.rectangle((x, 540, x + 210, 556), fill=WOOD)
        for leg in (20, 180):
            draw.line((x + leg, 540, x + leg, 680), fill=INK, width=10)
    for x in (800, 1000):
        draw.line((x, 520, x, 700), fill=STEEL, width=16)
        draw.line((x - 70, 560, x + 70, 560), fill=STEEL, width=14)
        draw.ellipse((x - 60, 640, x + 60, 700), outline=STEEL, width=12)


def _playground(draw: Draw) -> None:
    """Low mounds of earth, a bridge of logs, a low fence all around."""
    draw.rectangle((0, 430, WIDTH, HEIGHT), fill=GROUND)
    draw.chord((90, 360, 560, 860), 180, 360, fill=EARTH)
    draw.chord((680, 400, 1120, 820), 180, 360, fill=(160, 124, 88))
    for log in range(9):
        x = 440 + log * 36
        draw.ellipse((x, 470, x + 34, 520), fill=WOOD, outline=INK)
    draw.line((440, 520, 770, 520), fill=INK, width=8)
    for post in range(25):
        x = 10 + post * 49
        draw.rectangle((x, 690, x + 16, 790), fill=WOOD)
    for rail in (710, 750):
        draw.rectangle((0, rail, WIDTH, rail + 12), fill=WOOD)


def _car(draw: Draw, x: int, y: int, colour: tuple[int, int, int]) -> None:
    draw.rounded_rectangle((x, y + 40, x + 260, y + 110), 26, fill=colour)
    draw.rounded_rectangle((x + 50, y, x + 200, y + 60), 24, fill=colour)
    for wheel in (50, 190):
        draw.ellipse((x + wheel - 22, y + 88, x + wheel + 26, y + 136), fill=INK)


_DRAWN: dict[tuple[str, int], Callable[[Draw], None]] = {
    ("napulnapul-2020", 5): _ramp, ("napulnapul-2020", 10): _night_parking, ("napulnapul-2020", 12): _river,
    ("doksan3-empty-lot", 1): _garden, ("doksan3-empty-lot", 2): _nine_places, ("doksan3-empty-lot", 3): _rest,
    ("doksan3-empty-lot", 4): _playground,
}


WIDE, HIGH, BLOCK = 900, 640, 150
FREE = ((90, 75), (245, 225), (395, 75), (545, 375), (695, 225), (845, 525), (395, 525), (90, 375), (695, 525))


def slide(words: dict) -> FileStorage:
    """A slide with one bar: of the whole, the share that is free."""
    picture = Image.new("RGB", (1600, 900), WHITE)
    draw = ImageDraw.Draw(picture)
    def write(at: tuple[int, int], text: str, size: int, fill: object, weight: int = 400) -> None:
        font = ImageFont.truetype(str(LETTERS), size)
        font.set_variation_by_axes([weight])
        draw.text(at, text, fill=fill, font=font)

    write((100, 90), words["title"], 88, INK, 700)
    draw.rounded_rectangle((100, 290, 1500, 520), 28, fill=(230, 232, 234))
    end = 100 + int(1400 * words["share"])
    draw.rounded_rectangle((100, 290, end, 520), 28, fill=PALETTE[0])
    write((150, 345), words["free"], 104, WHITE, 700)
    write((end + 50, 368), words["taken"], 62, INK)
    write((100, 560), words["whole"], 66, INK)
    write((100, 665), words["source"], 54, (88, 97, 106))
    data = BytesIO()
    picture.save(data, "PNG", optimize=True)
    data.seek(0)
    return FileStorage(data, "slide.png")


def paper(text: str) -> FileStorage:
    """A sheet on a table with a text by hand."""
    picture = Image.new("RGB", (640, 480), WOOD)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((40, 30, 600, 450), fill=PAPER, outline=SOFT)
    draw.multiline_text((70, 60), "\n".join(wrap(text, 18)), fill=INK, spacing=16,
                        font=ImageFont.truetype(str(LETTERS), 26))
    data = BytesIO()
    picture.save(data, "JPEG", quality=70)
    data.seek(0)
    return FileStorage(data, "paper.jpg")


def night_map() -> FileStorage:
    """As a PDF of one page."""
    picture = Image.new("RGB", (WIDE, HIGH), "#eef1f4")
    draw = ImageDraw.Draw(picture)
    for left in range(0, WIDE, BLOCK):
        for top in range(0, HIGH, BLOCK):
            draw.rectangle((left + 14, top + 14, left + BLOCK - 14, top + BLOCK - 14), fill="#d8dee4",
                           outline="#8a949e")
    for x, y in FREE:
        draw.ellipse((x - 26, y - 26, x + 26, y + 26), outline="#0b50d0", width=8)
    data = BytesIO()
    picture.save(data, "PDF")
    data.seek(0)
    return FileStorage(data, "night-parking.pdf")


def then_or_now(place: str, side: str) -> FileStorage:
    """The place of an outcome before or after, as a JPEG."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), SKY)
    _PLACES[place](ImageDraw.Draw(picture), side == "after")
    data = BytesIO()
    picture.save(data, "JPEG", quality=85)
    data.seek(0)
    return FileStorage(data, f"{place}-{side}.jpg")


def _person(draw: Draw, x: int, y: int, colour: tuple[int, int, int], *, sits: bool = False) -> None:
    """Somebody who stands, or sits, with the feet at y."""
    height = 190 if sits else 260
    draw.ellipse((x - 32, y - height - 60, x + 32, y - height + 4), fill=(232, 180, 148))
    draw.rounded_rectangle((x - 48, y - height + 6, x + 48, y - 70), 34, fill=colour)
    if sits:
        draw.rounded_rectangle((x - 40, y - 108, x + 100, y - 66), 18, fill=INK)
        draw.rectangle((x + 66, y - 90, x + 98, y), fill=INK)
    else:
        draw.rectangle((x - 34, y - 90, x - 8, y), fill=INK)
        draw.rectangle((x + 8, y - 90, x + 34, y), fill=INK)


def _stop(draw: Draw, after: bool) -> None:
    """A narrow pavement at a bus stop: people stand at the wall, or sit on a seat that folds down from it."""
    draw.rectangle((0, 0, WIDTH, 560), fill=(214, 196, 172))
    for line in range(7):
        draw.line((0, line * 80, WIDTH, line * 80), fill=(200, 180, 154), width=4)
    draw.rectangle((0, 560, WIDTH, 690), fill=STONE)
    draw.rectangle((0, 690, WIDTH, HEIGHT), fill=ROAD)
    draw.rectangle((1010, 120, 1030, 640), fill=STEEL)
    draw.rounded_rectangle((930, 70, 1110, 190), 18, fill=PALETTE[0])
    draw.rounded_rectangle((955, 95, 1085, 150), 14, fill=WHITE)
    for wheel in (985, 1050):
        draw.ellipse((wheel - 14, 148, wheel + 14, 176), fill=WHITE)
    if not after:
        _person(draw, 330, 660, (120, 96, 140))
        _person(draw, 560, 660, CARS[1])
        draw.line((400, 430, 400, 660), fill=WOOD, width=12)
        return
    for x in (230, 480):
        draw.rounded_rectangle((x, 520, x + 220, 546), 10, fill=WOOD, outline=INK, width=3)
        draw.polygon([(x + 30, 546), (x + 60, 546), (x + 30, 600)], fill=STEEL)
        draw.polygon([(x + 190, 546), (x + 160, 546), (x + 190, 600)], fill=STEEL)
    for x in (215, 460, 715):
        draw.rounded_rectangle((x, 420, x + 14, 540), 6, fill=(235, 160, 20))
    _person(draw, 320, 640, (120, 96, 140), sits=True)
    _person(draw, 570, 640, CARS[1], sits=True)


def _library(draw: Draw, after: bool) -> None:
    """The entrance of a library: shut, or with a table of bags that wait for those who asked for them."""
    draw.rectangle((0, 0, WIDTH, 620), fill=(228, 220, 206))
    draw.rectangle((0, 620, WIDTH, HEIGHT), fill=GROUND)
    draw.rectangle((0, 40, WIDTH, 130), fill=(86, 70, 120))
    for book, colour in enumerate((*CARS, LIGHT, LEAVES)):
        draw.rectangle((500 + book * 42, 58, 530 + book * 42, 112), fill=colour)
    draw.rectangle((360, 190, 840, 620), fill=(120, 140, 160) if after else STEEL)
    draw.line((600, 190, 600, 620), fill=INK, width=8)
    if not after:
        draw.rounded_rectangle((470, 330, 730, 470), 12, fill=WHITE, outline=INK, width=5)
        draw.line((520, 370, 680, 430), fill=PALETTE[3], width=20)
        draw.line((680, 370, 520, 430), fill=PALETTE[3], width=20)
        _person(draw, 980, 740, CARS[0])
        return
    draw.rectangle((240, 520, 900, 550), fill=WOOD)
    for leg in (260, 860):
        draw.rectangle((leg, 550, leg + 22, 720), fill=WOOD)
    for bag in range(6):
        x = 270 + bag * 104
        draw.rectangle((x, 400, x + 80, 520), fill=(214, 176, 126), outline=(150, 112, 70), width=4)
        draw.rectangle((x + 18, 440, x + 62, 474), fill=WHITE)
        draw.rectangle((x + 20, 366, x + 36, 402), fill=CARS[bag % 3])
        draw.rectangle((x + 42, 376, x + 58, 402), fill=PALETTE[2])
    _person(draw, 1010, 740, CARS[0])
    draw.rectangle((930, 560, 1000, 660), fill=(214, 176, 126), outline=(150, 112, 70), width=4)


def _corner(draw: Draw, after: bool) -> None:
    """A corner of an alley: full of parked cars, or kept free by posts and paint."""
    draw.rectangle((0, 300, WIDTH, HEIGHT), fill=(150, 152, 156))
    draw.rectangle((0, 60, 460, 420), fill=(196, 170, 148))
    draw.rectangle((760, 90, WIDTH, 420), fill=(178, 182, 190))
    for window in range(3):
        draw.rectangle((60 + window * 130, 130, 140 + window * 130, 240), fill=(120, 140, 160))
        draw.rectangle((810 + window * 130, 150, 890 + window * 130, 260), fill=(120, 140, 160))
    draw.polygon([(460, 300), (760, 300), (1000, HEIGHT), (220, HEIGHT)], fill=ROAD)
    if not after:
        for x, y, colour in ((300, 400, 0), (640, 430, 1), (180, 590, 2), (720, 620, 0)):
            _car(draw, x, y, CARS[colour])
        return
    for stripe in range(6):
        draw.line((150 + stripe * 70, 700, 250 + stripe * 70, 560), fill=(245, 205, 40), width=22)
    draw.line((120, 730, 640, 730), fill=(245, 205, 40), width=14)
    for post in range(5):
        x = 190 + post * 110
        draw.rounded_rectangle((x, 500, x + 30, 660), 14, fill=(226, 90, 40))
        for band in (530, 580):
            draw.rectangle((x, band, x + 30, band + 20), fill=WHITE)
    _person(draw, 860, 720, CARS[2])


_PLACES: dict[str, Callable[[Draw, bool], None]] = {"bus-stop": _stop, "library": _library, "corner": _corner}
