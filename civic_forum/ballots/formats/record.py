"""The record of a vote as one zip: what FORMAT.md describes and `verify.py` checks, in both editions.

What is large is read once for each edition and never held as a whole, so it may come straight from the
database; only leaf hashes are kept, 32 bytes each.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from ..rules import signing
from ..rules.counting import Batch, Participations
from ..rules.encoding import canonical_json, digest, parse_canonical
from ..rules.log import leaf_hash
from ..rules.tree import Tree
from .canonical_zip import CanonicalZip, durable_file

NOT_YET_KNOWN = "0" * 64


class Edition(StrEnum):
    TOTALS = "totals"
    CHOICES = "choices"


class WhoOpening(NamedTuple):
    """Opens the who-half of a ballot or withdrawal."""

    leaf: int
    n1: bytes
    tag: bytes
    revision: int


class WhatOpening(NamedTuple):
    """Opens the what-half of a live ballot."""

    leaf: int
    n2: bytes
    choice: bytes


class PaperOpening(NamedTuple):
    """Opens a batch of paper; `choices` and `n2` stand in the edition with choices only."""

    leaf: int
    n: bytes
    batch: Batch
    n2: bytes
    choices: Sequence[bytes]


class ObjectionOpening(NamedTuple):
    """Opens an objection, or says why its words are withheld."""

    leaf: int
    n: bytes
    objection: Mapping[str, Any]
    withheld: str | None = None


@dataclass(frozen=True)
class Record:
    """All that a record says. Iterables are in log order and can be read more than once."""

    definition: bytes
    """The canonical JSON that the fingerprint covers."""
    heads: Sequence[Mapping[str, Any]]
    """Opening, closing, final, each as the JSON that people keep; consistency proofs are added here."""
    entries: Iterable[bytes]
    openings: Iterable[WhoOpening]
    choices: Iterable[WhatOpening]
    paper: Collection[PaperOpening]
    objections: Collection[ObjectionOpening]
    participations: Participations
    result: bytes
    """The canonical JSON that is signed as `result/1`."""

    def __post_init__(self) -> None:
        for name in ("entries", "openings", "choices", "paper", "objections"):
            if iter(getattr(self, name)) is getattr(self, name):
                raise ValueError(f"{name} is read once for each edition")

    @property
    def fingerprint(self) -> bytes:
        return digest("box/1", self.definition)

    @property
    def publishes(self) -> str:
        """`totals` or `ballots`: which edition is for everyone."""
        return parse_canonical(self.definition)["publishes"]


class Written(NamedTuple):
    """SHA-256 of both files in hex; the same where whole ballots are published."""

    public: str
    observers: str


def write_editions(record: Record, seed: bytes, *, public: Path, observers: Path) -> Written:
    """Writes the edition for everyone and the one for observers; the same bytes at every repetition.

    Where whole ballots are published both are one edition, written at both paths.
    """
    if record.publishes == "ballots":
        whole = write_record(record, seed, Edition.CHOICES, public)
        return Written(whole, write_record(record, seed, Edition.CHOICES, observers))
    totals = write_record(record, seed, Edition.TOTALS, public)
    return Written(totals, write_record(record, seed, Edition.CHOICES, observers, public_sha256=totals))


def write_record(
    record: Record, seed: bytes, edition: Edition, path: Path, *, public_sha256: str | None = None
) -> str:
    """Writes one edition, synced to the disk; returns the SHA-256 of the file in hex."""
    with durable_file(path) as file:
        archive = CanonicalZip(file)
        archive.reserve("manifest.json", len(_manifest(edition, _names(edition), public_sha256)))
        members = {name: archive.add(name, parts) for name, parts in _members(record, seed, edition)}
        manifest = _manifest(edition, members, public_sha256)
        archive.fill("manifest.json", manifest)
        archive.add("signatures.json", [_signatures(record, seed, manifest)])
        archive.close()
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()


def _members(record: Record, seed: bytes, edition: Edition) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Name and content of every member but manifest and signatures, in the order of the format."""
    public_key = signing.public_key(seed)
    yield "box.json", [record.definition]
    yield "key.json", _json({"algorithm": "Ed25519", "public_key": public_key.hex()})
    yield "heads.json", _json(_heads(record.heads, [leaf_hash(entry) for entry in record.entries]))
    yield "entries.txt", (entry.hex().encode() + b"\n" for entry in record.entries)
    yield "openings.txt", (
        f"{who.leaf} {who.n1.hex()} {who.tag.hex()} {who.revision}\n".encode() for who in record.openings
    )
    if edition is Edition.CHOICES:
        yield "choices.txt", (f"{what.leaf} {what.n2.hex()} {what.choice.hex()}\n".encode() for what in record.choices)
    yield "paper.json", _json(
        [{"leaf": paper.leaf, "n": paper.n.hex(), "figures": paper.batch.to_json()} for paper in record.paper]
    )
    if edition is Edition.CHOICES:
        yield "paper-choices.json", _json(
            [
                {"leaf": paper.leaf, "n2": paper.n2.hex(), "choices": [choice.hex() for choice in paper.choices]}
                for paper in record.paper
            ]
        )
    yield "objections.json", _json([_objection(opening) for opening in record.objections])
    yield "participations.json", _json(record.participations.to_json())
    yield "result.json", [record.result]


def _names(edition: Edition) -> dict[str, str]:
    """The members that a manifest names, each with a hash of the right length."""
    names = ["box.json", "key.json", "heads.json", "entries.txt", "openings.txt", "paper.json"]
    names += ["objections.json", "participations.json", "result.json"]
    names += ["choices.txt", "paper-choices.json"] if edition is Edition.CHOICES else []
    return dict.fromkeys(names, NOT_YET_KNOWN)


def _manifest(edition: Edition, members: Mapping[str, str], public_sha256: str | None) -> bytes:
    manifest = {"format": 1, "edition": edition.value, "members": dict(members)}
    return canonical_json(manifest if public_sha256 is None else manifest | {"public_sha256": public_sha256})


def _signatures(record: Record, seed: bytes, manifest: bytes) -> bytes:
    """Ed25519 is deterministic, so the result bears the same signature in both editions."""
    messages = {
        "manifest": signing.manifest_message(record.fingerprint, manifest),
        "result": signing.result_message(record.fingerprint, record.result),
    }
    return canonical_json({name: signing.sign(seed, message).hex() for name, message in messages.items()})


def _heads(heads: Sequence[Mapping[str, Any]], leaves: Sequence[bytes]) -> list[dict]:
    """The heads in order, each but the first with the proof that it continues the one before."""
    proofs: list[list[str]] = [[]]
    for before, head in pairwise(heads):
        proof = Tree(leaves[: head["size"]]).consistency_proof(before["size"])
        proofs.append([node.hex() for node in proof])
    return [dict(head) | {"consistency": proof} for head, proof in zip(heads, proofs, strict=True)]


def _objection(opening: ObjectionOpening) -> dict:
    if opening.withheld is not None:
        return {"leaf": opening.leaf, "withheld": opening.withheld}
    return {"leaf": opening.leaf, "n": opening.n.hex(), "objection": dict(opening.objection)}


def _json(value: Any) -> list[bytes]:
    return [canonical_json(value)]
