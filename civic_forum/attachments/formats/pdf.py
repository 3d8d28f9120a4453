"""PDFs are written anew: what would act by itself, files within the file and who made it do not come along.

An action is known by its own kind (`/S`), wherever it hangs, so that no way of reaching one has to be foreseen. What
nothing leads to any more is not written: earlier versions of the document neither.
"""

import warnings
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from ..rules import FileRefused, Kind, Reason
from .picture_headers import read_header

_ACTS = frozenset(("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/ResetForm", "/GoToR", "/GoToE", "/GoToDp",
                   "/Thread", "/Rendition", "/RichMediaExecute", "/Sound", "/Movie", "/GoTo3DView", "/Hide",
                   "/SetOCGState", "/Trans"))
_TURNS = frozenset(("/NextPage", "/PrevPage", "/FirstPage", "/LastPage"))
_LEADS = frozenset(("http", "https", "mailto", "tel"))
_PLAYS = frozenset(("/RichMedia", "/Screen", "/Movie", "/Sound", "/FileAttachment", "/3D"))
_OF_THE_WHOLE = ("/OpenAction", "/AA", "/AF", "/Perms", "/DSS", "/Legal", "/Requirements", "/SpiderInfo", "/URI")
_NAMED = ("/JavaScript", "/EmbeddedFiles", "/AlternatePresentations", "/Renditions")
_HOLDS = frozenset(("/F", "/UF", "/DOS", "/Mac", "/Unix"))
_OF_THE_BYTES = frozenset(("/Length", "/Filter", "/DecodeParms"))
_FROM_OUTSIDE = ("/F", "/FFilter", "/FDecodeParms", "/Ref", "/OPI")
"""In a stream: where its bytes, the page that it shows, or a finer picture of it stand in another file."""


def cleaned(data: bytes) -> bytes:
    """The same pages; raises FileRefused for what is locked, broken, or nothing but programs and attachments."""
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            if pdf.is_encrypted:
                raise FileRefused(Reason.ENCRYPTED)
            _clean_whole(pdf)
            for pdf_object in list(pdf.objects):
                for part in _with_parts(pdf_object):
                    _clean(part)
            for page in pdf.pages:
                _drop_empty(page.obj.get("/Annots"))
            out = BytesIO()
            with warnings.catch_warnings(action="ignore", category=pikepdf.exceptions.PageCopyWarning):
                pdf.save(out, deterministic_id=True)
    except FileRefused:
        raise
    except pikepdf.PasswordError as locked:
        raise FileRefused(Reason.ENCRYPTED) from locked
    except Exception as fault:  # hostile bytes: RuntimeError, RecursionError and MemoryError included
        raise FileRefused(Reason.BROKEN_DOCUMENT) from fault
    return out.getvalue()


def _clean_whole(pdf: pikepdf.Pdf) -> None:
    root = pdf.Root
    if "/Collection" in root or root.get("/NeedsRendering", False):
        raise FileRefused(Reason.ONLY_A_SHELL)
    _delete(root, _OF_THE_WHOLE)
    _delete(root.get("/Names"), _NAMED)
    _delete(root.get("/AcroForm"), ("/XFA", "/SigFlags"))
    _delete(pdf.trailer, ("/Info",))


def _with_parts(pdf_object) -> Iterator[Dictionary | Stream]:
    """Dictionaries and streams in an object, without those of other objects to which it only points."""
    waiting = [pdf_object]
    while waiting:
        part = waiting.pop()
        if isinstance(part, (Dictionary, Stream)):
            yield part
            within = (part.get(key) for key in list(part.keys()))
        elif isinstance(part, Array):
            within = iter(part)
        else:
            continue
        waiting.extend(inner for inner in within
                       if isinstance(inner, (Dictionary, Array, Stream)) and not inner.is_indirect)


def _clean(part: Dictionary | Stream) -> None:
    if _acts(part) or ("/Rect" in part and part.get("/Subtype") in _PLAYS):
        _delete(part, set(part.keys()) - _OF_THE_BYTES)
        return
    if isinstance(part.get("/Metadata"), Stream):
        _delete(part, ("/Metadata",))
    if isinstance(part.get("/PieceInfo"), Dictionary):
        _delete(part, ("/PieceInfo",))
    if isinstance(files := part.get("/EF"), Dictionary) and not _HOLDS.isdisjoint(files.keys()):
        _delete(part, ("/EF",))
    if part.get("/FS") == "/URL":  # a file that lies elsewhere
        _delete(part, _HOLDS)
    if part.get("/FT") == "/Sig":  # the signature of other bytes would be shown as broken
        _delete(part, ("/V", "/Lock", "/SV"))
    if "/Rect" in part and "/Subtype" in part and part.get("/Subtype") != "/Widget":
        _delete(part, ("/T",))  # who wrote the note
    if isinstance(part, Stream):
        _clean_stream(part)


def _acts(part: Dictionary | Stream) -> bool:
    kind = part.get("/S")
    if not isinstance(kind, Name):
        return False
    if kind == "/URI":
        return str(part.get("/URI", "")).lstrip().partition(":")[0].lower() not in _LEADS
    return kind in _ACTS or (kind == "/Named" and part.get("/N") not in _TURNS)


def _clean_stream(stream: Stream) -> None:
    """Nothing of a file within the file or outside; of a photo no place, camera or comment."""
    _delete(stream, _FROM_OUTSIDE)
    if stream.get("/Type") == "/EmbeddedFile":
        stream.write(b"")
    packed = stream.get("/Filter")
    if packed == "/DCTDecode" or (isinstance(packed, Array) and list(packed) == [Name.DCTDecode]):
        with suppress(FileRefused):
            bare = read_header(stream.read_raw_bytes(), Kind.JPEG).data
            stream.write(bare, filter=packed, decode_parms=stream.get("/DecodeParms"))


def _drop_empty(notes: object) -> None:
    if isinstance(notes, Array):
        for place in reversed(range(len(notes))):
            if isinstance(notes[place], Dictionary) and not notes[place].keys():
                del notes[place]


def _delete(part: object, keys) -> None:
    if isinstance(part, (Dictionary, Stream)):
        for key in keys:
            if key in part:
                del part[key]
