"""How a mutation is written, and how a record is signed anew."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass

from tests.verifier import making, primitives
from tests.verifier.primitives import as_json
from tests.verifier.mutations.scene import Scene, index

REFUSED, UNDONE, ANY = "refused", "undone", "any"
EVERYTHING = ("head", "receipt", "same_as")


@dataclass
class Mutation:
    """`make` gives the falsified zip as it is and signed anew; `after` says what must become of the second."""

    name: str
    make: Callable[[Scene], tuple[bytes, bytes]]
    after: str | tuple[str, ...] = REFUSED  # or UNDONE, ANY, or the kept things each of which must give it away
    edition: str = "choices"
    because: str = ""
    """Words of the refusal of the record signed anew; empty where any refusal will do."""


def signed_anew(members: dict[str, bytes], seed: bytes, resign: str = "all") -> dict[str, bytes]:
    """With "all", heads and result are also made to fit the log again; "heads" signs them as they are now, "manifest"
    keeps the manifest as it is now."""
    members = dict(members)
    manifest = json.loads(members["manifest.json"])
    if resign == "all":
        fit_to_log(members, seed)
    elif resign == "heads":
        members["heads.json"] = as_json([making.signed_head(head, seed) for head in json.loads(members["heads.json"])])
    made = making.sealed(members, seed, manifest["edition"], manifest.get("public_sha256", ""))
    if resign == "manifest":
        made["manifest.json"] = members["manifest.json"]
        message = primitives.framed("manifest/1", primitives.hashed("box/1", made["box.json"]), made["manifest.json"])
        signatures = json.loads(made["signatures.json"])
        made["signatures.json"] = as_json({**signatures, "manifest": primitives.sign(seed, message)})
    return made


def fit_to_log(members: dict[str, bytes], seed: bytes) -> None:
    try:
        entries = [bytes.fromhex(line) for line in members["entries.txt"].decode().split()]
        heads, result = json.loads(members["heads.json"]), json.loads(members["result.json"])
    except ValueError:
        return  # not readable any more: then it is signed as it stands
    leaves = [primitives.leaf_of(entry) for entry in entries]
    early = sum(b"\x06ballot" in entry[:20] or b"withdrawal" in entry[:24] for entry in entries)
    fingerprint, before = primitives.hashed("box/1", members["box.json"]).hex(), 0
    for head, size in zip(heads, (0, early, len(leaves)), strict=True):
        head.update(fingerprint=fingerprint, size=size, root=primitives.root_of(leaves[:size]).hex(),
                    consistency=[item.hex() for item in primitives.consistency_of(leaves[:size], before)])
        before = size
    members["heads.json"] = as_json([making.signed_head(head, seed) for head in heads])
    members["result.json"] = as_json({**result, "final_root": heads[2]["root"], "final_size": heads[2]["size"]})


MUTATIONS: list[Mutation] = []


def member(name, edit, *, after=REFUSED, edition="choices", resign="all"):
    """`edit` changes the dict of members."""

    def make(scene):
        members = scene.members(edition)
        edit(members)
        return primitives.zipped(members), primitives.zipped(signed_anew(members, scene.vote.seed, resign))

    MUTATIONS.append(Mutation(name, make, after, edition))


def lines(name, file, edit, **options):
    """`edit` gets the list of lines of a text member and changes it."""

    def change(members):
        split = members[file].decode().splitlines()
        edit(split)
        members[file] = "".join(f"{line}\n" for line in split).encode()

    member(f"{file}: {name}", change, **options)


def value(name, file, edit, **options):
    """`edit` gets the value of a JSON member and changes it, or gives another."""

    def change(members):
        found = json.loads(members[file])
        given = edit(found)
        members[file] = as_json(found if given is None else given)

    member(f"{file}: {name}", change, **options)


def raw(name, file, edit, **options):
    def change(members):
        members[file] = edit(members[file])

    member(f"{file}: {name}", change, **options)


def forged(name, alter, *, after, edition="choices", because=""):
    """`alter` changes the vote itself, and the whole record is made again; without the key the old heads, manifest and
    signatures stay."""

    def make(scene):
        vote = copy.deepcopy(scene.vote)
        alter(vote)
        public, observers = making.editions(vote)
        signed = public if edition == "totals" else observers
        members = making.compile_record(vote, edition, public if edition == "choices" else b"")
        true = scene.members(edition)
        members.update({name: true[name] for name in ("manifest.json", "heads.json", "signatures.json")})
        return primitives.zipped(members), signed

    MUTATIONS.append(Mutation(f"forged: {name}", make, after, edition, because))


def file_bytes(name, edit, *, after=UNDONE):
    """`edit` changes the bytes of the zip; what is outside the members cannot be signed anew."""

    def make(scene):
        return edit(scene.observers), scene.observers

    MUTATIONS.append(Mutation(f"zip: {name}", make, after, "choices"))


def digit(text: str, at: int) -> str:
    """Another hex digit (or decimal one) at this place."""
    at %= len(text)
    return text[:at] + ("1" if text[at] != "1" else "2") + text[at + 1 :]


def swap(items, place):
    at = min(index(items, place), len(items) - 2)
    items[at], items[at + 1] = items[at + 1], items[at]


def column(items, place, number, edit):
    at = index(items, place)
    fields = items[at].split(" ")
    fields[number] = edit(fields[number])
    items[at] = " ".join(fields)
