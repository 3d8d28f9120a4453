"""Posters as a printer and a phone see them: Poppler renders them, ZBar reads their code."""

import subprocess
from pathlib import Path


def words(file: Path) -> str:
    """The text of a PDF, as somebody finds or copies it."""
    return subprocess.run(["pdftotext", "-layout", file, "-"], check=True, capture_output=True).stdout.decode()


def rendered(file: Path) -> Path:
    subprocess.run(["pdftoppm", "-r", "80", "-png", "-singlefile", file, file.with_suffix("")], check=True)
    return file.with_suffix(".png")


def codes(picture: Path) -> list[str]:
    """Texts of the QR codes of a picture."""
    found = subprocess.run(["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", picture],
                           capture_output=True)
    return found.stdout.decode().splitlines()
