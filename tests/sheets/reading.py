"""Files of sheets as other programs read them: Poppler, openpyxl, zip and XML."""

import io
import re
import subprocess
import zipfile
from xml.etree import ElementTree

import openpyxl

P = "{http://www.hancom.co.kr/hwpml/2011/paragraph}"


def pdf_pages(data: bytes) -> list[str]:
    """The text of each page."""
    read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, check=True, capture_output=True)
    return read.stdout.decode().split("\f")[:-1]


def pdf_text(data: bytes) -> str:
    return "\n".join(pdf_pages(data))


def xlsx(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data))


def xlsx_text(data: bytes) -> str:
    return "\n".join(f"{value:,}" if isinstance(value, int | float) else str(value) for sheet in xlsx(data)
                     for row in sheet.iter_rows(values_only=True) for value in row if value is not None)


def hwpx(data: bytes) -> ElementTree.Element:
    """The section with all that stands in the file."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        first = package.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        for name in package.namelist():
            if name.endswith((".xml", ".hpf")):
                ElementTree.fromstring(package.read(name))
        return ElementTree.fromstring(package.read("Contents/section0.xml"))


def hwpx_text(data: bytes) -> str:
    return "\n".join("".join(piece.itertext()) for piece in hwpx(data).iter(f"{P}t"))


TEXTS = {"pdf": pdf_text, "xlsx": xlsx_text, "hwpx": hwpx_text}


def together(text: str) -> str:
    """Without spaces and line breaks, which a cell adds."""
    return re.sub(r"\s+", "", text)
