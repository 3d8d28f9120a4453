"""The record of a draw: what everybody needs to draw again, as one file (verifier/DRAW.md)."""

from io import BytesIO

from civic_forum.ballots.record.canonical_zip import CanonicalZip
from civic_forum.ballots.rules.log import Canonical, canonical_json, stamp
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _

from . import operations, queries
from .models import Draw, DrawEntry


def members(draw: Draw) -> dict[str, bytes]:
    """Name → bytes, in their order; without values and result before they are known. Raises NotFound as long as chances
    are reckoned."""
    if draw.chance is None:
        raise NotFound(_("가능성을 셈하고 있어요. 몇 분 뒤에 다시 열어 주세요."))
    entry = queries.values(draw.id)
    texts = {"definition.json": draw.definition, "list.txt": draw.list_text,
             "chance.json": canonical_json(draw.chance).decode(), "values.json": entry and entry.figures,
             "passed.json": passed_json(draw), "result.json": entry and draw.result,
             "signatures.json": canonical_json(_signatures(draw, entry)).decode()}
    return {name: text.encode() for name, text in texts.items() if text is not None}


def passed_json(draw: Draw) -> str:
    return canonical_json([each.to_json() for each in operations.entries_of(draw)]).decode()


def _signatures(draw: Draw, entry: DrawEntry | None) -> dict[str, Canonical]:
    drawn = {"beacon": entry.signature, "seed": operations.seed_of(draw, entry).hex()} if entry else {}
    entries = queries.passed(draw.id)
    return {**draw.signatures, **drawn, "passed": [each.signature for each in entries],
            "restored": [each.restored_signature for each in entries if each.restored_signature],
            "observed": [{"key": each.key, "agrees": int(each.agrees), "text": each.text, "signature": each.signature,
                          "at": stamp(each.at)} for each in queries.observed(draw.id)]}


def record(draw: Draw) -> bytes:
    file = BytesIO()
    archive = CanonicalZip(file)
    for name, content in members(draw).items():
        archive.add(name, [content])
    archive.close()
    return file.getvalue()
