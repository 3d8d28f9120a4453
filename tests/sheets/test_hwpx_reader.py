"""The second reader takes a smallest file that the format allows and refuses each that it forbids."""

import io
import zipfile

import pytest

from .hwpx_reader import Forbidden, Table, read

WHERE = "http://www.hancom.co.kr/hwpml/2011"
CELL = ('<hp:tc header="{header}" borderFillIDRef="1"><hp:subList id=""><hp:p paraPrIDRef="0" styleIDRef="0">'
        '<hp:run charPrIDRef="0"><hp:t>{text}</hp:t></hp:run></hp:p></hp:subList><hp:cellAddr colAddr="{column}" '
        'rowAddr="{row}"/><hp:cellSpan colSpan="{columns}" rowSpan="1"/><hp:cellSz/><hp:cellMargin/></hp:tc>')


def cell(text: str, column: int, row: int, columns: int = 1, header: int = 0) -> str:
    return CELL.format(text=text, column=column, row=row, columns=columns, header=header)


TABLE = ('<hp:tbl rowCnt="2" colCnt="2" repeatHeader="1" borderFillIDRef="1"><hp:inMargin/><hp:tr>'
         + cell("해와 돈", 0, 0, columns=2, header=1) + "</hp:tr><hp:tr>" + cell("2021", 0, 1) + cell("7,000", 1, 1)
         + "</hp:tr></hp:tbl>")
PARTS = {
    "mimetype": "application/hwp+zip",
    "version.xml": f'<hv:HCFVersion xmlns:hv="{WHERE}/version" major="5"/>',
    "META-INF/container.xml":
        '<c:container xmlns:c="urn:oasis:names:tc:opendocument:xmlns:container"><c:rootfiles><c:rootfile '
        'full-path="Contents/content.hpf" media-type="application/hwpml-package+xml"/></c:rootfiles></c:container>',
    "Contents/content.hpf":
        '<o:package xmlns:o="http://www.idpf.org/2007/opf/"><o:metadata><o:title>계획</o:title></o:metadata>'
        '<o:manifest><o:item id="h" href="Contents/header.xml"/><o:item id="s" href="Contents/section0.xml"/>'
        '</o:manifest><o:spine><o:itemref idref="h"/><o:itemref idref="s"/></o:spine></o:package>',
    "Contents/header.xml":
        f'<hh:head xmlns:hh="{WHERE}/head" secCnt="1"><hh:refList><hh:borderFills itemCnt="1"><hh:borderFill id="1"/>'
        '</hh:borderFills><hh:charProperties itemCnt="1"><hh:charPr id="0" borderFillIDRef="1"/></hh:charProperties>'
        '<hh:paraProperties itemCnt="1"><hh:paraPr id="0"/></hh:paraProperties><hh:styles itemCnt="1">'
        '<hh:style id="0" paraPrIDRef="0" charPrIDRef="0"/></hh:styles></hh:refList></hh:head>',
    "Contents/section0.xml":
        f'<hs:sec xmlns:hs="{WHERE}/section" xmlns:hp="{WHERE}/paragraph"><hp:p paraPrIDRef="0" styleIDRef="0">'
        '<hp:run charPrIDRef="0"><hp:secPr/><hp:t>한 해<hp:nbSpace/>계획<hp:lineBreak/>둘째 줄</hp:t></hp:run></hp:p>'
        f'<hp:p paraPrIDRef="0" styleIDRef="0" pageBreak="1"><hp:run charPrIDRef="0">{TABLE}</hp:run></hp:p></hs:sec>',
}


def packed(parts: dict[str, str], stored: tuple[str, ...] = ("mimetype", "version.xml")) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return file.getvalue()


def test_paragraphs_and_cells_come_in_their_order():
    document = read(packed(PARTS))
    assert (document.title, document.breaks, document.paragraphs) == ("계획", 1, ["한 해\u00a0계획\n둘째 줄"])
    table, = document.tables
    assert isinstance(table, Table) and table.grid == [["해와 돈", "해와 돈"], ["2021", "7,000"]]
    assert table.repeats_header and [each.is_header for each in table.cells] == [True, False, False]


BROKEN = {  # words of the refusal → part, its words, others in their place
    "another mimetype": ("mimetype", "hwp+zip", "zip"),
    "no version": ("version.xml", 'major="5"', ""),
    "defines entities": ("Contents/section0.xml", "<hs:sec", "<!DOCTYPE a><hs:sec"),
    "is no XML": ("Contents/section0.xml", "</hs:sec>", ""),
    "not one package": ("META-INF/container.xml", "hwpml-package", "hwpml"),
    "a root file is not there": ("META-INF/container.xml", "content.hpf", "other.hpf"),
    "the spine names": ("Contents/content.hpf", 'idref="s"', 'idref="t"'),
    "the manifest names": ("Contents/content.hpf", "section0.xml", "section1.xml"),
    "not so many sections": ("Contents/header.xml", 'secCnt="1"', 'secCnt="2"'),
    "not so many of styles": ("Contents/header.xml", 'styles itemCnt="1"', 'styles itemCnt="2"'),
    "p names paraPrIDRef 7": ("Contents/section0.xml", 'paraPrIDRef="0"', 'paraPrIDRef="7"'),
    "tbl names borderFillIDRef": (
        "Contents/section0.xml", 'repeatHeader="1" borderFillIDRef="1"', 'borderFillIDRef="9"'),
    "does not say its page": ("Contents/section0.xml", "<hp:secPr/>", ""),
    "pageNum stands in a run": ("Contents/section0.xml", "<hp:secPr/>", "<hp:secPr/><hp:pageNum/>"),
    "b stands in a text": ("Contents/section0.xml", "둘째", "<hp:b/>둘째"),
    "has not so many rows": ("Contents/section0.xml", 'rowCnt="2"', 'rowCnt="3"'),
    "cells overlap": ("Contents/section0.xml", 'colAddr="1" rowAddr="1"', 'colAddr="0" rowAddr="1"'),
    "leave holes": ("Contents/section0.xml", 'colSpan="2"', 'colSpan="1"'),
    "says another row": ("Contents/section0.xml", 'colAddr="1" rowAddr="1"', 'colAddr="1" rowAddr="0"'),
    "colSpan is ‘0’": ("Contents/section0.xml", 'colSpan="2"', 'colSpan="0"'),
    "other parts": ("Contents/section0.xml", "<hp:cellMargin/>", ""),
}


@pytest.mark.parametrize("words", BROKEN)
def test_a_file_that_the_format_forbids_is_refused(words):
    part, was, becomes = BROKEN[words]
    assert was in PARTS[part]
    with pytest.raises(Forbidden, match=words):
        read(packed(PARTS | {part: PARTS[part].replace(was, becomes)}))


def test_a_container_that_the_format_forbids_is_refused():
    for words, file in {"no zip": b"PK", "version.xml is packed": packed(PARTS, stored=("mimetype",)),
                        "first entry": packed(dict(reversed(PARTS.items()))),
                        "leaves the container": packed(PARTS | {"../x": ""})}.items():
        with pytest.raises(Forbidden, match=words):
            read(file)
