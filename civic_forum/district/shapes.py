"""A schema of the district: one piece for each neighbourhood, by its Korean name.

Neighbours touch as they do in the district, but these are no borders. Pieces stand 3 units inside their places, so that
a ring around one is covered by no other.
"""

from dataclasses import dataclass

WIDTH, HEIGHT = 404, 592
"""Units of the whole picture."""


@dataclass(frozen=True)
class Shape:
    """Corners of a piece, the middle of its words, and the middle of the word that says it is chosen."""

    points: str
    x: int
    y: int
    word_x: int
    word_y: int


SHAPES = {
    "가산동": Shape("27,27 165,27 165,153 47.2,153 27,132.8", 98, 92, 98, 34),
    "독산1동": Shape("53.2,159 203,159 203,265 123.2,265 69,210.8 69,174.8", 142, 210, 142, 166),
    "독산2동": Shape("209,195 326.8,195 343,211.2 343,265 209,265", 276, 232, 266, 202),
    "독산3동": Shape("171,27 288.8,27 325,63.2 325,109 171,109", 246, 70, 236, 34),
    "독산4동": Shape("171,115 325,115 325,189 209,189 209,153 171,153", 267, 154, 257, 122),
    "시흥1동": Shape("125,271 219,271 219,381 153.2,381 125,352.8", 174, 324, 174, 278),
    "시흥2동": Shape("313,351 344.8,351 389,395.2 389,492.8 354.8,527 313,527", 351, 440, 336, 358),
    "시흥3동": Shape("185,447 307,447 307,571 255.2,571 185,500.8", 250, 508, 250, 454),
    "시흥4동": Shape("225,271 343,271 343,345 225,345", 284, 310, 284, 278),
    "시흥5동": Shape("225,351 307,351 307,441 183.2,441 155,412.8 155,387 225,387", 266, 396, 266, 358),
}
