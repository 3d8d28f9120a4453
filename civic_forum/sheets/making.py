"""Files of papers, made in a process of its own: only there fpdf2, fontTools and xlsxwriter are at work."""

from importlib import import_module

from civic_forum.platform.spreadsheets import XLSX

from .parts import Paper

TYPES = {"pdf": "application/pdf", "hwpx": "application/hwp+zip", "xlsx": XLSX}
"""Media types by the ending; the module of that name draws it."""


def make(ending: str, papers: tuple[Paper, ...], title: str, language: str) -> bytes:
    """The file with this ending."""
    return bytes(import_module(f"{__package__}.{ending}").draw(papers, title, language))
