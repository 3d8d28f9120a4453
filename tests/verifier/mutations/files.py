"""Members cut, doubled, dropped, added; the zip cut; bits flipped."""

import random

from tests.verifier import primitives
from tests.verifier.mutations.writing import ANY, MUTATIONS, Mutation, file_bytes, member, signed_anew


def halved(name):
    member(f"{name} cut in half", lambda members: members.update({name: members[name][: len(members[name]) // 2]}))


for name in ("box.json", "entries.txt", "openings.txt", "choices.txt", "result.json", "participations.json"):
    halved(name)
for name in ("paper.json", "openings.txt", "choices.txt", "objections.json"):
    member(f"{name} dropped", lambda members, name=name: members.pop(name))
member("a member added", lambda members: members.update({"note.txt": b"hello"}))
member("members in another order", lambda members: members.update({"box.json": members.pop("box.json")}))


def doubled(data):
    """A second box.json behind the first: programs differ in which of the two they read."""
    end = data.index(b"PK\x03\x04", 4)
    end = data.index(b"PK\x03\x04", end + 4)
    first = data.index(b"PK\x03\x04", 4)
    return data[:end] + data[first:end] + data[end:]


file_bytes("a member twice", doubled)
file_bytes("a byte in front", lambda data: b"\0" + data)
file_bytes("a byte behind", lambda data: data + b"\0")
for part in (0.01, 0.3, 0.6, 0.9, 0.999):
    file_bytes(f"cut after {part:.1%}", lambda data, part=part: data[: int(len(data) * part)])


def flip(number):
    """One bit of one byte, anywhere; where it is in a member, that member is signed for anew."""

    def make(scene):
        chance = random.Random(f"flip {number}")
        at, bit = chance.randrange(len(scene.observers)), 1 << chance.randrange(8)
        flipped = bytearray(scene.observers)
        flipped[at] ^= bit
        members = scene.members("choices")
        name = chance.choice([name for name in members if name not in ("manifest.json", "signatures.json")])
        content = bytearray(members[name])
        content[chance.randrange(len(content))] ^= bit
        members[name] = bytes(content)
        return bytes(flipped), primitives.zipped(signed_anew(members, scene.vote.seed, "none"))

    MUTATIONS.append(Mutation(f"zip: a bit flipped, {number}", make, ANY))


for number in range(16):
    flip(number)
