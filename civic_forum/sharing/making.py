"""Drawing in a process of its own: only there Pillow, fontTools and fpdf2 are imported."""

from .rules import Face, Sheet


def picture(face: Face, blob: bytes | None) -> bytes:
    """The picture of a face as JPEG."""
    from . import drawing
    return drawing.draw(face, blob)


def poster(sheet: Sheet, blob: bytes | None) -> bytes:
    """A poster as PDF."""
    from . import poster as posters
    return posters.draw(sheet, blob)
