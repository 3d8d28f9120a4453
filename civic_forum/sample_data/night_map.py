"""A map for the sample: streets of a neighbourhood, with a circle at each place that is free at night. Drawn, not
real."""

from io import BytesIO

from PIL import Image, ImageDraw
from werkzeug.datastructures import FileStorage

WIDE, HIGH, BLOCK = 900, 640, 150
FREE = ((90, 75), (245, 225), (395, 75), (545, 375), (695, 225), (845, 525), (395, 525), (90, 375), (695, 525))


def drawn() -> FileStorage:
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
