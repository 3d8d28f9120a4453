"""Both editions of a record as files: what FORMAT.md describes and `verify.py` checks. What is large is read
once for each edition and never held as a whole; only leaf hashes are kept."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any, BinaryIO, NamedTuple

from ..box.closing import Live
from ..box.sealing import fingerprint as fingerprint_of
from ..rules.log import FORMAT, KEPT_FORMAT, Tree, canonical_json, leaf_hash, parse_canonical, stamp
from ..rules import signing
from .canonical_zip import CanonicalZip

WITH_CHOICES = frozenset(("choices.txt", "paper-choices.json"))
NOT_YET_KNOWN = "0" * 64


class Edition(StrEnum):
    """Figures that an edition lets its reader recount."""

    TOTALS = "totals"
    CHOICES = "choices"


class PaperOpening(NamedTuple):
    """Opens a batch of paper; `choices` and `n2` stand in the edition with choices only."""

    leaf: int
    n: bytes
    figures: Mapping[str, Any]
    n2: bytes
    choices: Sequence[bytes]


class RollLine(NamedTuple):
    """An entry of the roll, and whether its person took part."""

    leaf: bytes
    took_part: bool


@dataclass(frozen=True)
class Record:
    """All that a record says. Iterables are in the order of the format and can be read more than once."""

    definition: bytes
    """Canonical JSON that the fingerprint covers."""
    heads: Sequence[Mapping[str, Any]]
    """Opening, closing, final, as `heads.to_json` makes them."""
    entries: Iterable[bytes]
    counts: Collection[Mapping[str, Any]]
    """As `count_json` makes them."""
    tokens: Iterable[bytes]
    roll: Iterable[RollLine]
    additions: Iterable[RollLine] | None
    """None where the roll does not grow."""
    live: Iterable[Live]
    paper: Collection[PaperOpening]
    objections: Collection[Mapping[str, Any]]
    """As `objection_json` makes them."""
    alarms: Mapping[str, Any]
    draw: Mapping[str, Any]
    """Empty where no tie needed one."""
    result: bytes
    """Canonical JSON that is signed as `result/2`."""
    confirmations: Collection[Mapping[str, Any]] | None = None
    """Acts of two officials as they were signed; None in format 2."""

    @property
    def format(self) -> int:
        return parse_canonical(self.definition).get("format", KEPT_FORMAT)

    @property
    def fingerprint(self) -> bytes:
        return fingerprint_of(self.definition)

    @property
    def is_open(self) -> bool:
        """True if everybody gets the choices: whole ballots are published, and there are not too few."""
        published = parse_canonical(self.definition)["publishes"]
        return published == "ballots" and "small" not in parse_canonical(self.result)


def count_json(seed: bytes, fingerprint: bytes, number: int, at: datetime, voters: int, additions: int = 0,
               root: bytes | None = None, *, acts: Sequence[Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """A signed count of voters as people keep it; where the roll grows, with how many were added and the root over
    them. `acts` of staff so far, each a desk, a kind and a number; None in a box of format 2."""
    under = root or signing.ZEROS
    message = signing.count(fingerprint, number, at, voters, additions=additions, root=under,
                            acts=None if acts is None else list(map(dict, acts)))
    public_key, signature = signing.signed(seed, message)
    told = {"format": KEPT_FORMAT} if acts is None else {"format": FORMAT, "acts": list(map(dict, acts))}
    count = {**told, "fingerprint": fingerprint.hex(), "number": number, "at": stamp(at), "voters": voters,
             "additions": additions, "additions_root": under.hex(), "public_key": public_key.hex(),
             "signature": signature.hex()}
    return count if root is None else count | {"additions_signature": signing.sign(
        seed, signing.additions(fingerprint, number, at, additions, root)).hex()}


def objection_json(leaf: int, n: bytes, objection: Mapping[str, Any], withheld: str | None) -> dict[str, Any]:
    """Opens an objection, unless its words are withheld for the reason given."""
    return {"leaf": leaf, "withheld": withheld} if withheld is not None else {
        "leaf": leaf, "n": n.hex(), "objection": dict(objection)}


def live_txt(tokens: Iterable[bytes]) -> bytes:
    """Content of `live.txt`, which closing and final head are signed for."""
    return b"".join(_line(token) for token in tokens)


def write_editions(record: Record, seed: bytes, *, public: BinaryIO, observers: BinaryIO) -> tuple[str, str]:
    """Both editions into files that are empty, the same bytes at every repetition; one and the same where everybody
    gets the choices. SHA-256 of both, in hex."""
    for_all = write_record(record, seed, Edition.CHOICES if record.is_open else Edition.TOTALS, public)
    named = None if record.is_open else for_all
    return for_all, write_record(record, seed, Edition.CHOICES, observers, public_sha256=named)


def write_record(record: Record, seed: bytes, edition: Edition, file: BinaryIO, *,
                 public_sha256: str | None = None) -> str:
    """One edition; the SHA-256 of the file in hex."""
    names = [name for name in MEMBERS if (edition is Edition.CHOICES or name not in WITH_CHOICES)
             and (record.additions is not None or name != "additions.txt")
             and (record.confirmations is not None or name != "confirmations.json")]
    archive = CanonicalZip(file)
    empty = _manifest(record, edition, dict.fromkeys(names, NOT_YET_KNOWN), public_sha256)
    archive.reserve("manifest.json", len(empty))
    members = {name: archive.add(name, MEMBERS[name](record, seed)) for name in names}
    manifest = _manifest(record, edition, members, public_sha256)
    archive.fill("manifest.json", manifest)
    archive.add("signatures.json", [_signatures(record, seed, manifest)])
    archive.close()
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


def _line(value: bytes) -> bytes:
    return value.hex().encode("ascii") + b"\n"


def _roll_line(line: RollLine) -> bytes:
    return f"{line.leaf.hex()} {int(line.took_part)}\n".encode("ascii")


def _choice_line(live: Live) -> bytes:
    return f"{live.number} {live.mine.hex()} {live.n.hex()} {live.choice.hex()}\n".encode("ascii")


def _manifest(record: Record, edition: Edition, members: Mapping[str, str], public_sha256: str | None) -> bytes:
    manifest = {"format": record.format, "edition": edition.value, "members": dict(members)}
    return canonical_json(manifest if public_sha256 is None else manifest | {"public_sha256": public_sha256})


def _signatures(record: Record, seed: bytes, manifest: bytes) -> bytes:
    """Ed25519 is deterministic, so the result bears the same signature in both editions."""
    signed = {"manifest": signing.manifest(record.fingerprint, manifest),
              "result": signing.result(record.fingerprint, record.result)}
    return canonical_json({name: signing.sign(seed, message).hex() for name, message in signed.items()})


def _heads(heads: Sequence[Mapping[str, Any]], leaves: Sequence[bytes]) -> list[dict]:
    """Heads in order, each but the first with the proof that it continues the one before."""
    proofs: list[list[str]] = [[]]
    for before, head in pairwise(heads):
        proofs.append([node.hex() for node in Tree(leaves[:head["size"]]).consistency_proof(before["size"])])
    return [dict(head) | {"consistency": proof} for head, proof in zip(heads, proofs, strict=True)]


def _json(value: Any) -> Iterator[bytes]:
    yield canonical_json(value)


MEMBERS: Mapping[str, Callable[[Record, bytes], Iterable[bytes]]] = {
    "box.json": lambda record, seed: [record.definition],
    "key.json": lambda record, seed: _json({"algorithm": "Ed25519", "public_key": signing.public_key(seed).hex()}),
    "heads.json": lambda record, seed: _json(_heads(record.heads, [leaf_hash(entry) for entry in record.entries])),
    "entries.txt": lambda record, seed: map(_line, record.entries),
    "counts.json": lambda record, seed: _json(list(map(dict, record.counts))),
    "live.txt": lambda record, seed: map(_line, record.tokens),
    "roll.txt": lambda record, seed: map(_roll_line, record.roll),
    "additions.txt": lambda record, seed: map(_roll_line, record.additions or ()),
    "choices.txt": lambda record, seed: map(_choice_line, record.live),
    "paper.json": lambda record, seed: _json([
        {"leaf": paper.leaf, "n": paper.n.hex(), "figures": dict(paper.figures)} for paper in record.paper]),
    "paper-choices.json": lambda record, seed: _json([
        {"leaf": paper.leaf, "n2": paper.n2.hex(), "choices": [choice.hex() for choice in paper.choices]}
        for paper in record.paper]),
    "objections.json": lambda record, seed: _json(list(map(dict, record.objections))),
    "alarms.json": lambda record, seed: _json(dict(record.alarms)),
    "confirmations.json": lambda record, seed: _json(list(map(dict, record.confirmations or ()))),
    "draw.json": lambda record, seed: _json(dict(record.draw)),
    "result.json": lambda record, seed: [record.result],
}
"""In the order of the file; `manifest.json` stands before them and `signatures.json` behind."""
