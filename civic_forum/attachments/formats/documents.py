"""Documents are only ever downloaded: here it is made sure what they are, and who made them is taken out."""

import re
import struct

from ..rules import MEGABYTE, FileRefused, Kind, Reason
from . import archive, hwpx, pdf, summary
from .compound import CompoundFile, NotCompound
from .sniffing import HWP3_SIGNATURE

_PDF_HEADER = re.compile(rb"%PDF-[12]\.\d")
# In a trailer or a cross-reference stream, both of which are readable text in every PDF.
_PDF_ENCRYPTED = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R\b|<<)")
# Readers look for the end of a PDF in its last kilobyte; so do we, and refuse what was cut off.
_PDF_TAIL = 1024

_HWP_SIGNATURE = b"HWP Document File".ljust(32, b"\0")
# HWP 5.0 file header: password, DRM, certificate encryption, certificate DRM.
_HWP_LOCKED = 1 << 1 | 1 << 4 | 1 << 8 | 1 << 10
# HWP 3.0: signature, document information (its password flag at byte 96), summary.
_HWP3_LOCKED_AT = len(HWP3_SIGNATURE) + 96
_HWP3_SUMMARY_AT, _HWP3_LEAST = len(HWP3_SIGNATURE) + 128, len(HWP3_SIGNATURE) + 128 + 1008

_HWPX_TYPE = b"application/hwp+zip"


def cleaned(data: bytes, kind: Kind) -> bytes:
    """A document of that kind without who made it and, where its format lets us, without what acts by itself.

    Raises FileRefused unless these bytes are a whole, unlocked document.
    """
    if kind is Kind.PDF:
        _check_pdf(data)
        return pdf.cleaned(data)
    if kind is Kind.HWPX:
        return hwpx.cleaned(data, _checked_hwpx(data))
    if data.startswith(HWP3_SIGNATURE):
        _check_hwp3(data)
        return data[:_HWP3_SUMMARY_AT] + bytes(_HWP3_LEAST - _HWP3_SUMMARY_AT) + data[_HWP3_LEAST:]
    return summary.blanked(data, _checked_hwp5(data))


def _check_pdf(data: bytes) -> None:
    tail = data[-_PDF_TAIL:]
    if not _PDF_HEADER.match(data) or b"%%EOF" not in tail or b"startxref" not in data:
        raise FileRefused(Reason.BROKEN_DOCUMENT)
    if _PDF_ENCRYPTED.search(data):
        raise FileRefused(Reason.ENCRYPTED)


def _check_hwp3(data: bytes) -> None:
    if len(data) < _HWP3_LEAST:
        raise FileRefused(Reason.BROKEN_DOCUMENT)
    if struct.unpack_from("<H", data, _HWP3_LOCKED_AT) != (0,):
        raise FileRefused(Reason.ENCRYPTED)


def _checked_hwp5(data: bytes) -> CompoundFile:
    try:
        compound = CompoundFile(data)
        header = compound.stream("FileHeader", at_most=4096)
        inside = compound.root_entries()
    except NotCompound as fault:
        raise FileRefused(Reason.BROKEN_DOCUMENT) from fault
    if header is None or not header.startswith(_HWP_SIGNATURE):
        raise FileRefused(Reason.UNKNOWN_KIND)  # .doc, .xls, .msi: the same container
    if len(header) < 40 or "DocInfo" not in inside:
        raise FileRefused(Reason.BROKEN_DOCUMENT)
    if struct.unpack_from("<I", header, 36)[0] & _HWP_LOCKED:
        raise FileRefused(Reason.ENCRYPTED)
    return compound


def _checked_hwpx(data: bytes) -> dict[str, archive.Packed]:
    entries = archive.contents(data)
    declared = entries.get("mimetype")
    if declared is None or archive.unpack(data, declared, 64).strip() != _HWPX_TYPE:
        raise FileRefused(Reason.UNKNOWN_KIND)  # .docx, .xlsx, .odt, .zip
    if not any(name.startswith("Contents/") for name in entries):
        raise FileRefused(Reason.BROKEN_DOCUMENT)
    manifest = entries.get("META-INF/manifest.xml")
    if manifest and b"encryption-data" in archive.unpack(data, manifest, MEGABYTE):
        raise FileRefused(Reason.ENCRYPTED)
    return entries
