"""Signatures in the first bytes. Strict: a signature counts at the very beginning and nowhere else."""

from ..rules import FileRefused, Kind, Reason

HWP3_SIGNATURE = b"HWP Document File V3.00 \x1a\x01\x02\x03\x04\x05"
COMPOUND_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_SIGNATURE = b"PK\x03\x04"

# A compound file may be .hwp or .doc, and a zip .hwpx or .docx: `documents` looks further.
_SIGNATURES = (
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"GIF87a", Kind.GIF),
    (b"GIF89a", Kind.GIF),
    (b"%PDF-", Kind.PDF),
    (HWP3_SIGNATURE, Kind.HWP),
    (COMPOUND_SIGNATURE, Kind.HWP),
    (ZIP_SIGNATURE, Kind.HWPX),
)
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


def kind_of(data: bytes) -> Kind:
    """The only kind that these bytes can be; raises FileRefused where there is none."""
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Kind.WEBP
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        raise FileRefused(Reason.HEIC)
    raise FileRefused(Reason.UNKNOWN_KIND)
