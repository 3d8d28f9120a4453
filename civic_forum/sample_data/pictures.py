"""Pictures and papers for the attachments of the sample proposals, drawn here."""

from hashlib import sha256
from io import BytesIO

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1200, 800
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
