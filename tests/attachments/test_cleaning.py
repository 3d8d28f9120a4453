"""Documents without what acts by itself, without files within them and without who made them."""

import struct
from io import BytesIO
from zipfile import ZipFile

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from civic_forum.attachments.formats.reading import read_upload
from civic_forum.attachments.rules import FileRefused, Reason

from . import making

SCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.alert(4711)"))
BOX = [0, 0, 9, 9]
HARMFUL = (b"4711", b"/JavaScript", b"/Launch", b"/SubmitForm", b"/RichMedia", b"/EmbeddedFile", b"/XFA", b"MZ-inside",
           b"cmd.exe", b"javascript:")
PEOPLE = (b"Kim Author", b"CAMRA", b"Kim Reader", b"/Metadata", b"/Info")


def cleaned(data: bytes, name: str = "a.pdf") -> bytes:
    return read_upload(data, name).data


def rewritten(change) -> bytes:
    with pikepdf.open(BytesIO(making.pdf())) as pdf:
        change(pdf, pdf.pages[0].obj)
        return plain(pdf)


def plain(pdf: pikepdf.Pdf) -> bytes:
    """Every object readable."""
    out = BytesIO()
    pdf.save(out, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False,
             stream_decode_level=pikepdf.StreamDecodeLevel.generalized)
    return out.getvalue()


def seen(data: bytes) -> bytes:
    with pikepdf.open(BytesIO(data)) as pdf:
        return plain(pdf)


def note(**facts) -> Dictionary:
    return Dictionary(Type=Name.Annot, Rect=BOX, **facts)


def a_bad_one(pdf, page) -> None:
    pdf.Root.OpenAction, pdf.Root.AA = SCRIPT, Dictionary(WC=SCRIPT)
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=[String("a"), SCRIPT]))
    pdf.attachments["run.exe"] = b"MZ-inside"
    button = pdf.make_indirect(
        note(Subtype=Name.Widget, FT=Name.Btn, A=Dictionary(S=Name.SubmitForm, F=String("http://a"))))
    pdf.Root.AcroForm = Dictionary(Fields=[button], XFA=pdf.make_stream(b"<xdp>4711</xdp>"))
    page.AA = Dictionary(O=pdf.make_indirect(SCRIPT))
    page.Annots = Array([
        note(Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String("cmd.exe"))),
        note(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://example.org/"), Next=[SCRIPT])),
        note(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String(" JavaScript:javascript:alert()"))),
        button,
        note(Subtype=Name.RichMedia, RichMediaContent=Dictionary(Assets=Dictionary(a=pdf.make_stream(b"MZ-inside")))),
        note(Subtype=Name.FileAttachment, FS=Dictionary(
            Type=Name.Filespec, EF=Dictionary(F=pdf.make_stream(b"MZ-inside", Type=Name.EmbeddedFile)))),
    ])


def test_of_a_pdf_nothing_acts_by_itself_and_no_file_hides_in_it():
    sent = rewritten(a_bad_one)
    kept = seen(cleaned(sent))
    assert all(mark in sent for mark in HARMFUL)
    assert [mark for mark in HARMFUL if mark in kept] == []
    assert b"https://example.org/" in kept and b"/Btn" in kept


@pytest.mark.parametrize(("address", "stays"), [
    ("https://example.org/a", True), ("HTTP://example.org", True), ("  mailto:a@example.org", True),
    ("tel:02-2627-1114", True), ("java\tscript:alert(4711)", False), ("java\nscript:alert(4711)", False),
    ("\1javascript:alert(4711)", False), ("data:text/html,4711", False), ("file:///etc/4711", False),
    ("smb://evil/4711", False), ("//evil/4711", False), ("evil.example/4711", False), ("ht\ttps://evil/4711", False),
    ("ⅉavascript:4711", False), ("", False),
])
def test_only_links_of_a_known_scheme_stay_in_a_pdf(address, stays):
    def link(_pdf, page):
        page.Annots = Array([note(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String(address)))])

    kept = seen(cleaned(rewritten(link)))
    assert (b"/URI" in kept) is stays and (stays or b"4711" not in kept)


def from_outside(pdf, page) -> None:
    """A page whose text, picture and form stand in files elsewhere."""
    elsewhere = Dictionary(Type=Name.Filespec, FS=Name.URL, F=String("http://evil/4711"))
    page.Contents = pdf.make_stream(b"4712 Tm", F=elsewhere, FFilter=Name.FlateDecode, FDecodeParms=Dictionary(K=4711))
    page.Resources = Dictionary(XObject=Dictionary(
        A=pdf.make_stream(b"q Q", Type=Name.XObject, Subtype=Name.Form, BBox=BOX, F=String("http://evil/4711")),
        B=pdf.make_stream(b"q Q", Type=Name.XObject, Subtype=Name.Form, BBox=BOX, Ref=Dictionary(
            F=String("\\\\evil\\4711"), Page=0)),
        C=pdf.make_stream(b"q Q", Type=Name.XObject, Subtype=Name.Form, BBox=BOX, OPI=Dictionary(
            {"/2.0": Dictionary(F=String("http://evil/4711"))}))))
    page.PieceOfMine = Dictionary(Spec=elsewhere)


def test_no_stream_of_a_pdf_names_a_file_outside():
    sent = rewritten(from_outside)
    kept = seen(cleaned(sent))
    assert all(mark in sent for mark in (b"4711", b"/FFilter", b"/FDecodeParms", b"/Ref", b"/OPI"))
    assert [mark for mark in (b"4711", b"evil", b"/FFilter", b"/FDecodeParms", b"/Ref", b"/OPI") if mark in kept] == []
    assert b"4712 Tm" in kept


def by_somebody(pdf, page) -> None:
    pdf.docinfo["/Author"] = "Kim Author"
    with pdf.open_metadata() as metadata:
        metadata["dc:creator"] = ["Kim Author"]
    page.Annots = Array([note(Subtype=Name.Text, T=String("Kim Reader"), Contents=String("a note")),
                         note(Subtype=Name.FreeText, T=String("Kim Reader"))])
    page.Resources = Dictionary(XObject=Dictionary(I=pdf.make_stream(
        making.jpeg(exif=making.exif(1, b"CAMRA")), Type=Name.XObject, Subtype=Name.Image, Width=120, Height=80,
        ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Filter=Name.DCTDecode)))


def test_nobody_is_named_in_a_pdf_and_its_photos_know_no_camera():
    sent = rewritten(by_somebody)
    kept = seen(cleaned(sent))
    assert all(mark in sent for mark in PEOPLE)
    assert [mark for mark in PEOPLE if mark in kept] == []
    assert b"a note" in kept
    with pikepdf.open(BytesIO(cleaned(sent))) as pdf:
        picture = pikepdf.PdfImage(pdf.pages[0].Resources.XObject.I).as_pil_image()
    assert picture.size == (120, 80)


def test_fonts_that_are_called_like_actions_stay():
    def name_fonts(_pdf, page):
        page.Resources = Dictionary(Font=Dictionary({
            f"/{name}": Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
            for name in ("AA", "EF", "JS", "OpenAction", "XFA")}))

    assert seen(cleaned(rewritten(name_fonts))).count(b"/Helvetica") == 5


def test_a_signature_goes_and_its_field_stays():
    def sign(pdf, page):
        field = pdf.make_indirect(note(Subtype=Name.Widget, FT=Name.Sig, T=String("here"), V=Dictionary(
            Type=Name.Sig, ByteRange=[0, 1, 2, 3], Contents=String("4711"))))
        pdf.Root.AcroForm, page.Annots = Dictionary(Fields=[field], SigFlags=3), Array([field])

    kept = seen(cleaned(rewritten(sign)))
    assert b"/ByteRange" not in kept and b"/SigFlags" not in kept and b"(here)" in kept


def whole_in_a_program(pdf, _page) -> None:
    pdf.Root.NeedsRendering = True


def whole_in_attachments(pdf, _page) -> None:
    pdf.Root.Collection = Dictionary(View=Name.D)


@pytest.mark.parametrize("change", [whole_in_a_program, whole_in_attachments])
def test_a_pdf_of_which_only_a_shell_would_stay_is_refused(change):
    with pytest.raises(FileRefused) as refused:
        cleaned(rewritten(change))
    assert refused.value.reason is Reason.ONLY_A_SHELL


def test_a_pdf_that_is_locked_without_a_password_is_refused():
    out = BytesIO()
    with pikepdf.open(BytesIO(making.pdf())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="x", user=""))
    with pytest.raises(FileRefused) as refused:
        cleaned(out.getvalue())
    assert refused.value.reason is Reason.ENCRYPTED


HWPX = {
    "Contents/content.hpf": b'<opf:package><opf:metadata><opf:meta name="creator">Kim Author</opf:meta></opf:metadata>'
                            b"<opf:manifest/></opf:package>",
    "Contents/header.xml": b'<hh:head><hh:trackChangeAuthor id="1" name="Kim Reader" mark="1"/></hh:head>',
    "Contents/section0.xml": b'<hp:p><hp:stringParam name="Author">Kim Reader</hp:stringParam>'
                             b'<hp:stringParam name="Number">7</hp:stringParam></hp:p>',
    "Scripts/sourceScripts": b"function OnDocument_Open() { alert(4711) }",
    "BinData/image1.jpg": making.jpeg(exif=making.exif(1, b"CAMRA")),
}


def test_a_hwpx_names_nobody_and_runs_nothing():
    with ZipFile(BytesIO(cleaned(making.hwpx(**HWPX), "a.hwpx"))) as kept:
        assert kept.testzip() is None and kept.namelist()[0] == "mimetype"
        everything = {name: kept.read(name) for name in kept.namelist()}
    assert set(everything) == {*making.HWPX_PARTS, *HWPX}
    assert [mark for mark in (*PEOPLE, b"4711") if mark in b"".join(everything.values())] == []
    assert everything["Contents/content.hpf"] == (
        b"<opf:package><opf:metadata></opf:metadata><opf:manifest/></opf:package>")
    assert everything["Contents/header.xml"] == b'<hh:head><hh:trackChangeAuthor id="1" name="" mark="1"/></hh:head>'
    assert b">7<" in everything["Contents/section0.xml"]


@pytest.mark.parametrize(("sent", "kept"), [
    ('<?xml version="1.0"?>\n<a b=\'>\'>&lt;<!-- 가 --><![CDATA[<metadata>]]></a>', None),
    ("<a><metadata/><metadata></metadata><b/></a>", None),
    ("<a>\r\n<m:metadata x='/>'>Kim<metadata>Kim</metadata>\n</m:metadata >나</a>",
     "<a>\r\n<m:metadata x='/>'></m:metadata >나</a>"),
    ("<a><stringParam  name = 'MemoAuthor'>Kim<b>Kim</b>&amp;Kim</stringParam>가</a>",
     "<a><stringParam  name = 'MemoAuthor'></stringParam>가</a>"),
    ("<a><trackChangeAuthor name='Kim' mark='\"&lt;&#10;나'>7</trackChangeAuthor></a>",
     "<a><trackChangeAuthor name=\"\" mark='\"&lt;&#10;나'>7</trackChangeAuthor></a>"),
    ("<trackChangeAuthor name='Kim>'/>", '<trackChangeAuthor name=""/>'),
    ("<metadata>" * 40_000 + "Kim" + "</metadata>" * 40_000, "<metadata></metadata>"),
    ("<a>" + "<trackChangeAuthor " * 2, ""), ("<metadata>" * 100_000, ""), ("<a>Kim</b>", ""), ("<a/><b/>", ""),
    ('<!DOCTYPE a [<!ENTITY kim "Kim">]><a>&kim;</a>', ""), ('<!DOCTYPE a SYSTEM "http://evil/"><a/>', ""),
    ("<a>&kim;</a>", ""),
], ids=range(14))
def test_a_part_of_a_hwpx_is_read_by_a_parser_and_stays_byte_by_byte(sent, kept):
    data = making.hwpx(**{"Contents/section1.xml": sent.encode()})
    if kept == "":
        with pytest.raises(FileRefused) as refused:
            cleaned(data, "a.hwpx")
        assert refused.value.reason is Reason.BROKEN_DOCUMENT
    else:
        with ZipFile(BytesIO(cleaned(data, "a.hwpx"))) as part:
            assert part.read("Contents/section1.xml").decode() == (sent if kept is None else kept)


def summary(*words: str) -> bytes:
    """A property set: a number, then these words."""
    values = [struct.pack("<2I", 3, 949)]
    for word in words:
        raw = word.encode("utf-16-le") + b"\0\0"
        values.append(struct.pack("<2I", 31, len(word) + 1) + raw + bytes(-len(raw) % 4))
    at, lines = 8 + 8 * len(values), b""
    for number, value in enumerate(values, 1):
        lines += struct.pack("<2I", number, at)
        at += len(value)
    section = struct.pack("<2I", at, len(values)) + lines + b"".join(values)
    return struct.pack("<2HI", 0xFFFE, 0, 0) + bytes(16) + struct.pack("<I", 1) + bytes(16) + struct.pack(
        "<I", 48) + section


@pytest.mark.parametrize("padding", [0, 5000], ids=["in small sectors", "in large sectors"])
def test_the_summary_of_a_hwp_is_blanked_in_its_place(padding):
    words = ("Kim Author", "a title" + "." * padding)
    sent = making.compound({"DocInfo": b"d" * 300, "\x05HwpSummaryInformation": summary(*words),
                            "BodyText": b"b" * 5000, "FileHeader": making.hwp_header()})
    kept = cleaned(sent, "a.hwp")
    assert all(word.encode("utf-16-le") in sent for word in words)
    assert b"K\0i\0m" not in kept and b"t\0i\0t" not in kept
    assert len(kept) == len(sent) and b"b" * 500 in kept and struct.pack("<2I", 3, 949) in kept


def test_the_summary_of_an_old_hwp_is_blanked():
    sent = bytearray(making.hwp3())
    sent[300:320] = "Kim Author".encode("utf-16-le")
    kept = cleaned(bytes(sent), "a.hwp")
    assert b"K\0i\0m" in sent and b"K\0i\0m" not in kept and kept[-100:] == sent[-100:]
