"""More than two hundred ways to falsify a record.

Each is tried as it is (by somebody without the key) and again with everything signed anew by the site's own key. What
then passes alone is a forgery that is consistent in itself; it names what people kept that must give it away.
"""

import copy
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.verifier import making
from tests.verifier.making import Cast, Vote, as_json

REFUSED, UNDONE, ANY = "refused", "undone", "any"
PLACES = (0.0, 0.34, 0.5, 1.0)


@dataclass
class Scene:
    """A true record, both editions of it, and what people kept: the things a forger is up against."""

    vote: Vote
    public: bytes
    observers: bytes
    heads: list[dict]
    kept: dict = field(default_factory=dict)  # what was made once for many mutations

    @classmethod
    def of(cls, vote: Vote) -> "Scene":
        return cls(vote, *making.editions(vote), making.kept_heads(vote))

    def members(self, edition: str) -> dict[str, bytes]:
        if edition not in self.kept:
            public = self.public if edition == "choices" else b""
            self.kept[edition] = making.compile_record(self.vote, edition, public)
        return dict(self.kept[edition])

    def receipts(self, *, late: bool = False) -> list[dict]:
        """Of the voters whose ballots the forgeries below touch."""
        if ("receipts", late) in self.kept:
            return self.kept["receipts", late]
        touched = {id(cast): cast for place in PLACES for cast in ballots_of(self.vote, *voter_at(self.vote, place))}
        for pick in (changed_voter, withdrawn_voter):
            touched.update((id(cast), cast) for cast in ballots_of(self.vote, *pick(self.vote)))
        receipts = [making.receipt_of(self.vote, cast, late=late) for cast in touched.values()]
        return self.kept.setdefault(("receipts", late), receipts)


@dataclass
class Mutation:
    """`make` gives the falsified zip as it is and signed anew; `after` says what must become of the second."""

    name: str
    make: Callable[[Scene], tuple[bytes, bytes]]
    after: str | tuple[str, ...] = REFUSED  # or UNDONE, ANY, or the kept things each of which must give it away
    edition: str = "choices"


# Signing anew --------------------------------------------------------------------------------------------------------


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
        message = making.framed("manifest/1", making.hashed("box/1", made["box.json"]), made["manifest.json"])
        signatures = json.loads(made["signatures.json"])
        made["signatures.json"] = as_json({**signatures, "manifest": making.sign(seed, message)})
    return made


def fit_to_log(members: dict[str, bytes], seed: bytes) -> None:
    try:
        entries = [bytes.fromhex(line) for line in members["entries.txt"].decode().split()]
        heads, result = json.loads(members["heads.json"]), json.loads(members["result.json"])
    except ValueError:
        return  # not readable any more: then it is signed as it stands
    leaves = [making.leaf_of(entry) for entry in entries]
    early = sum(b"\x06ballot" in entry[:20] or b"withdrawal" in entry[:24] for entry in entries)
    fingerprint, before = making.hashed("box/1", members["box.json"]).hex(), 0
    for head, size in zip(heads, (0, early, len(leaves)), strict=True):
        head.update(fingerprint=fingerprint, size=size, root=making.root_of(leaves[:size]).hex(),
                    consistency=[item.hex() for item in making.consistency_of(leaves[:size], before)])
        before = size
    members["heads.json"] = as_json([making.signed_head(head, seed) for head in heads])
    members["result.json"] = as_json({**result, "final_root": heads[2]["root"], "final_size": heads[2]["size"]})


# How a mutation is written --------------------------------------------------------------------------------------------

MUTATIONS: list[Mutation] = []


def member(name, edit, *, after=REFUSED, edition="choices", resign="all"):
    """`edit` changes the dict of members."""

    def make(scene):
        members = scene.members(edition)
        edit(members)
        return making.zipped(members), making.zipped(signed_anew(members, scene.vote.seed, resign))

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


def forged(name, alter, *, after, edition="choices"):
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
        return making.zipped(members), signed

    MUTATIONS.append(Mutation(f"forged: {name}", make, after, edition))


def file_bytes(name, edit, *, after=UNDONE):
    """`edit` changes the bytes of the zip; what is outside the members cannot be signed anew."""

    def make(scene):
        return edit(scene.observers), scene.observers

    MUTATIONS.append(Mutation(f"zip: {name}", make, after, "choices"))


def index(items, place: float) -> int:
    return round(place * (len(items) - 1))


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


# Who is touched -------------------------------------------------------------------------------------------------------


def voters(vote) -> dict[bytes, list[Cast]]:
    found: dict[bytes, list[Cast]] = {}
    for cast in vote.casts:
        found.setdefault(cast.tag, []).append(cast)
    return found


def voter_at(vote, place) -> list[Cast]:
    live = [casts for casts in voters(vote).values() if casts[-1].kind == "ballot"]
    return live[index(live, place)]


def changed_voter(vote) -> list[Cast]:
    return next(casts for casts in voters(vote).values() if len(casts) == 2 and casts[1].kind == "ballot")


def withdrawn_voter(vote) -> list[Cast]:
    return next(casts for casts in voters(vote).values() if casts[-1].kind == "withdrawal")


def ballots_of(vote, *casts) -> list[Cast]:
    return [cast for cast in casts if cast.kind == "ballot"]


def another(choice: bytes, options: int) -> bytes:
    """A choice of one option that is not the one given."""
    wanted = next(at for at in range(options) if choice != one_of(at, options))
    return one_of(wanted, options)


def one_of(at: int, options: int) -> bytes:
    return b"\0" + b"".join(int(number == at).to_bytes(2, "big") for number in range(options))


def new_cast(vote, kind, tag, revision, luck) -> Cast:
    chance = random.Random(luck)
    choice = one_of(0, vote.box["rule"]["options"]) if kind == "ballot" else b""
    return Cast(kind, tag, revision, chance.randbytes(32), chance.randbytes(32), choice)


# Lists of the log -----------------------------------------------------------------------------------------------------

for place in PLACES:
    at = f"at {place:.0%}"
    half = place * 0.5  # among the ballots, never among paper and objections
    lines(f"an entry dropped {at}", "entries.txt", lambda found, p=place: found.pop(index(found, p)))
    lines(f"an entry swapped with the next {at}", "entries.txt", lambda found, p=place: swap(found, p))
    lines(f"a who-half altered {at}", "entries.txt",
          lambda found, p=half: column(found, p, 0, lambda text: digit(text, -100)))
    lines(f"a what-half altered {at}", "entries.txt",
          lambda found, p=half: column(found, p, 0, lambda text: digit(text, -10)), after=ANY)
    lines(f"an opening dropped {at}", "openings.txt", lambda found, p=place: found.pop(index(found, p)))
    lines(f"an n1 altered {at}", "openings.txt",
          lambda found, p=place: column(found, p, 1, lambda text: digit(text, 9)))
    lines(f"a tag altered {at}", "openings.txt",
          lambda found, p=place: column(found, p, 2, lambda text: digit(text, 0)))
    lines(f"a revision altered {at}", "openings.txt",
          lambda found, p=place: column(found, p, 3, lambda text: str(int(text) + 1)))
    lines(f"a choice altered {at}", "choices.txt",
          lambda found, p=place: column(found, p, 2, lambda text: digit(text, 5)))
    lines(f"the opening of a choice dropped {at}", "choices.txt", lambda found, p=place: found.pop(index(found, p)))

for place in (0.0, 0.5, 1.0):
    at = f"at {place:.0%}"
    lines(f"an entry doubled {at}", "entries.txt",
          lambda found, p=place: found.insert(index(found, p), found[index(found, p)]))
    lines(f"an opening doubled {at}", "openings.txt",
          lambda found, p=place: found.insert(index(found, p), found[index(found, p)]))
    lines(f"openings swapped {at}", "openings.txt", lambda found, p=place: swap(found, p))
    lines(f"an n2 altered {at}", "choices.txt",
          lambda found, p=place: column(found, p, 1, lambda text: digit(text, 40)))
    lines(f"choices swapped {at}", "choices.txt", lambda found, p=place: swap(found, p))
    lines(f"the choice of a ballot doubled {at}", "choices.txt",
          lambda found, p=place: found.insert(index(found, p), found[index(found, p)]))

HEX_BALLOT, HEX_WITHDRAWAL = ("00000006" + b"ballot".hex(), "0000000a" + b"withdrawal".hex())


def relabel(found):
    at = next(at for at, line in enumerate(found) if HEX_BALLOT in line)
    found[at] = found[at].replace(HEX_BALLOT, HEX_WITHDRAWAL)


def unlabel(found):
    at = next(at for at, line in enumerate(found) if HEX_WITHDRAWAL in line)
    found[at] = found[at].replace(HEX_WITHDRAWAL, HEX_BALLOT)


def reopen_superseded(found):
    """Adds an opening for a leaf that has none, as if a replaced ballot counted too."""
    leaves = {int(line.split()[0]) for line in found}
    leaf = next(at for at in range(10**6) if at not in leaves)
    found.append(f"{leaf} {'00' * 32} {found[0].split()[2]}")
    found.sort(key=lambda line: int(line.split()[0]))


lines("a ballot called a withdrawal", "entries.txt", relabel)
lines("a withdrawal called a ballot", "entries.txt", unlabel)
lines("all reversed", "entries.txt", list.reverse)
lines("an objection put among the ballots", "entries.txt", lambda found: found.insert(0, found.pop()))
lines("an unknown objection added", "entries.txt", lambda found: found.append(digit(found[-1], -1)))
lines("of another vote", "entries.txt", lambda found: column(found, 0, 0, lambda text: digit(text, 50)))
lines("another label", "entries.txt", lambda found: column(found, 0, 0, lambda text: text.replace("2f31", "2f32", 1)))
lines("a field added", "entries.txt", lambda found: column(found, 0, 0, lambda text: text + "00000000"))
lines("a field cut", "entries.txt", lambda found: column(found, 0, 0, lambda text: text[:-2]))
lines("half a byte", "entries.txt", lambda found: column(found, 0, 0, lambda text: text[:-1]))
raw("upper case", "entries.txt", bytes.upper)
raw("line ends of another system", "entries.txt", lambda data: data.replace(b"\n", b"\r\n"))
raw("the last line end cut", "entries.txt", lambda data: data[:-1])
raw("an empty line added", "entries.txt", lambda data: data + b"\n")
raw("emptied", "entries.txt", lambda data: b"")
lines("a leading zero", "openings.txt", lambda found: column(found, 0.5, 3, lambda text: "0" + text))
lines("a revision of 2^32", "openings.txt", lambda found: column(found, 0.5, 3, lambda text: str(2**32)))
lines("numbered from one", "openings.txt", lambda found: column(found, 0, 0, lambda text: "1"))
raw("two spaces", "openings.txt", lambda data: data.replace(b" ", b"  ", 1))
lines("a replaced ballot opened too", "choices.txt", reopen_superseded)
raw("emptied", "choices.txt", lambda data: b"")

# Paper, objections ----------------------------------------------------------------------------------------------------

for name in ("counted", "invalid", "sheets", "number"):
    value(f"{name} one more", "paper.json", lambda found, name=name: found[0]["figures"].update(
        {name: found[0]["figures"][name] + 1}))
value("n altered", "paper.json", lambda found: found[0].update(n=digit(found[0]["n"], 3)))
value("a batch dropped", "paper.json", lambda found: found[:-1])
value("a batch doubled", "paper.json", lambda found: found + found[:1])
value("a choice altered", "paper-choices.json", lambda found: found[0]["choices"].insert(
    0, digit(found[0]["choices"].pop(0), 5)))
value("a choice dropped", "paper-choices.json", lambda found: found[0]["choices"].pop() and None)
value("a choice doubled", "paper-choices.json", lambda found: found[0]["choices"].append(found[0]["choices"][0]))
value("n2 altered", "paper-choices.json", lambda found: found[0].update(n2=digit(found[0]["n2"], 3)))
value("a batch dropped", "paper-choices.json", lambda found: found[:-1])
value("words altered", "objections.json", lambda found: found[0]["objection"].update(text="다 괜찮았어요."))
value("n altered", "objections.json", lambda found: found[0].update(n=digit(found[0]["n"], 3)))
value("one dropped", "objections.json", lambda found: found[1:])
value("swapped", "objections.json", lambda found: [found[1], found[0], *found[2:]])
value("on another leaf", "objections.json", lambda found: found[0].update(leaf=0))
value("another reason for withholding", "objections.json", lambda found: found[2].update(withheld="그냥"),
      after=("same_as",))
value("one withheld that was shown", "objections.json",
      lambda found: [{"leaf": found[0]["leaf"], "withheld": "그냥"}, *found[1:]], after=("same_as",))

# Heads ----------------------------------------------------------------------------------------------------------------

for number, kind in enumerate(("opening", "closing", "final")):
    def of(edit, number=number):
        return lambda found: found[number].update(edit(found[number]))

    value(f"root of the {kind} head", "heads.json", of(lambda head: {"root": digit(head["root"], 1)}), resign="heads")
    value(f"size of the {kind} head", "heads.json", of(lambda head: {"size": head["size"] + 1}), resign="heads")
    value(f"kind of the {kind} head", "heads.json", of(lambda head, n=number: {"kind": "final" if n < 2 else "closing"}),
          resign="heads")
    value(f"vote of the {kind} head", "heads.json", of(lambda head: {"fingerprint": digit(head["fingerprint"], 1)}),
          resign="heads")
    value(f"signature of the {kind} head", "heads.json", of(lambda head: {"signature": digit(head["signature"], 1)}),
          resign="none")
    value(f"another key of the {kind} head", "heads.json", of(
        lambda head: making.signed_head(head, making.OTHER_SEED)), resign="none")
value("a later opening", "heads.json", lambda found: found[0].update(at="2020-07-17T00:00:01Z"),
      after=("head", "same_as"), resign="heads")
value("an earlier close", "heads.json", lambda found: found[1].update(at="2020-07-22T15:00:00Z"),
      after=("head", "receipt_late", "same_as"), resign="heads")
value("a later final head", "heads.json", lambda found: found[2].update(at="2020-07-29T01:00:00Z"),
      after=("head", "same_as"), resign="heads")
value("a final head before the close", "heads.json", lambda found: found[2].update(at="2020-07-22T15:00:00Z"),
      resign="heads")
value("a consistency proof altered", "heads.json", lambda found: found[2]["consistency"].insert(
    0, digit(found[2]["consistency"].pop(0), 0)), resign="heads")
value("a consistency proof cut", "heads.json", lambda found: found[2]["consistency"].pop() and None,
      resign="heads")
value("a consistency proof of the opening", "heads.json",
      lambda found: found[1].update(consistency=[found[1]["root"]]), resign="heads")
value("one dropped", "heads.json", lambda found: found[:2], resign="heads")
value("one doubled", "heads.json", lambda found: [*found, found[2]], resign="heads")
value("swapped", "heads.json", lambda found: [found[0], found[2], found[1]], resign="heads")
value("an unknown name", "heads.json", lambda found: found[0].update(note="hello"), resign="heads")

# The vote and the key ---------------------------------------------------------------------------------------------------

EVERYTHING = ("head", "receipt", "same_as")


def retitle(box):
    box["options"][0]["title"], box["options"][1]["title"] = box["options"][1]["title"], box["options"][0]["title"]


BOX_CHANGES = {
    "titles of options swapped": retitle,
    "text of an option": lambda box: box["options"][1].update(text="다른 설명"),
    "the question": lambda box: box.update(question="다른 물음인가요?"),
    "how far it binds": lambda box: box.update(binding="참고만 해요."),
    "a rehearsal": lambda box: box.update(rehearsal=1),
    "the closing instant": lambda box: box.update(closes_at="2020-07-24T15:00:00Z"),
    "a higher limit": lambda box: box["rule"].update(limit=3),
    "who may vote": lambda box: box["eligibility"].update(who=["생활권자"]),
}
for name, change in BOX_CHANGES.items():
    value(name, "box.json", change)
    forged(f"{name} in the box", lambda vote, change=change: change(vote.box), after=EVERYTHING)
forged("a limit below what was chosen", lambda vote: vote.box["rule"].update(limit=1), after=REFUSED)
raw("a space added", "box.json", lambda data: data.replace(b",", b", ", 1))
raw("a name doubled", "box.json", lambda data: b'{"binding":"x",' + data[1:])
value("another key", "key.json", lambda found: found.update(public_key=making.public_key_of(making.OTHER_SEED).hex()))
value("another algorithm", "key.json", lambda found: found.update(algorithm="none"))

# Result and participations ----------------------------------------------------------------------------------------------


def one_more(*path):
    def change(found):
        for step in path[:-1]:
            found = found[step]
        found[path[-1]] += 1

    return change


def move(found, source, target, name="votes"):
    found["totals"][source][name] -= 1
    found["totals"][target][name] += 1


for path in (("ballots",), ("blank",), ("replaced",), ("withdrawn",), ("paper", "issued"), ("paper", "counted"),
             ("paper", "invalid"), ("paper", "taken_back"), ("paper", "unreturned"), ("turnout", "online"),
             ("turnout", "assisted"), ("turnout", "paper_returned"), ("turnout", "roll"), ("turnout", "total"),
             ("totals", 0, "votes"), ("totals", 3, "votes"), ("totals", 1, "option")):
    value(f"{' '.join(map(str, path))} one more", "result.json", one_more(*path))
value("a vote moved", "result.json", lambda found: move(found, 0, 1))
for source, target in ((0, 1), (1, 2), (2, 3), (3, 0)):
    value(f"a vote moved from {source} to {target}, without choices", "result.json",
          lambda found, source=source, target=target: move(found, source, target), edition="totals",
          after=("same_as",))
value("more votes than ballots, without choices", "result.json",
      lambda found: found["totals"][0].update(votes=found["ballots"] + 1), edition="totals")
value("more votes than the limit, without choices", "result.json",
      lambda found: [total.update(votes=found["ballots"] - found["blank"]) for total in found["totals"]] and None,
      edition="totals")
value("a paper more spoiled", "result.json", lambda found: found["paper"].update(
    issued=found["paper"]["issued"] + 1, spoiled=found["paper"]["spoiled"] + 1), after=("same_as",))
value("breakdown dropped", "result.json", lambda found: found.pop("breakdown") and None, after=("same_as",))
value("a small cell shown", "result.json", lambda found: found["breakdown"]["cells"].append(
    {**{"name": found["breakdown"]["cells"].pop()["name"], "roll": 30}, "voted": 7}))
value("a cell renamed", "result.json", lambda found: found["breakdown"]["cells"][0].update(name="다른 동"),
      after=("same_as",))
value("another final root", "result.json", lambda found: found.update(final_root=digit(found["final_root"], 0)),
      resign="none")
for name in ("online", "assisted", "paper_issued", "paper_returned"):
    value(f"{name} one more", "participations.json", one_more(name))

# Manifest and signatures --------------------------------------------------------------------------------------------------

value("a hash altered", "manifest.json", lambda found: found["members"].update(
    {"entries.txt": digit(found["members"]["entries.txt"], 0)}), resign="manifest")
value("a member left out", "manifest.json", lambda found: found["members"].pop("box.json") and None, resign="manifest")
value("another edition", "manifest.json", lambda found: found.update(edition="totals"), resign="manifest")
value("another version", "manifest.json", lambda found: found.update(format=2), resign="manifest")
value("the public file left out", "manifest.json", lambda found: found.pop("public_sha256") and None,
      resign="manifest")
value("another public file", "manifest.json", lambda found: found.update(
    public_sha256=digit(found["public_sha256"], 0)), resign="manifest", after=("same_as",))
value("manifest altered", "signatures.json", lambda found: found.update(manifest=digit(found["manifest"], 0)),
      after=UNDONE)
value("result altered", "signatures.json", lambda found: found.update(result=digit(found["result"], 127)),
      after=UNDONE)
value("swapped", "signatures.json", lambda found: {"manifest": found["result"], "result": found["manifest"]},
      after=UNDONE)

# Members and the zip -------------------------------------------------------------------------------------------------------


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
        return bytes(flipped), making.zipped(signed_anew(members, scene.vote.seed, "none"))

    MUTATIONS.append(Mutation(f"zip: a bit flipped, {number}", make, ANY))


for number in range(16):
    flip(number)


# Forged throughout: the site itself, with its key, makes another record --------------------------------------------------------


def replace_ballot(place):
    def alter(vote):
        cast = voter_at(vote, place)[-1]
        cast.choice = another(cast.choice, vote.box["rule"]["options"])

    return alter


def supersede(place):
    def alter(vote):
        casts = voter_at(vote, place)
        vote.casts.append(new_cast(vote, "ballot", casts[0].tag, len(casts) + 1, 7))

    return alter


def withdraw(vote):
    casts = voter_at(vote, 0.5)
    vote.casts.append(new_cast(vote, "withdrawal", casts[0].tag, len(casts) + 1, 7))
    vote.cells = None


def drop_voter(place):
    def alter(vote):
        tag = voter_at(vote, place)[0].tag
        vote.casts = [cast for cast in vote.casts if cast.tag != tag]
        vote.cells = None

    return alter


def stuff(vote):
    vote.casts.append(new_cast(vote, "ballot", random.Random(8).randbytes(32), 1, 9))
    vote.cells = None


def hide_change(vote):
    """The voter's first ballot taken out, the second called the first."""
    first, second = changed_voter(vote)
    vote.casts.remove(first)
    second.revision = 1


def revive(vote):
    vote.casts.remove(withdrawn_voter(vote)[-1])
    vote.cells = None


def first_revision_gone(vote):
    vote.casts.remove(changed_voter(vote)[0])


def same_revision(vote):
    changed_voter(vote)[1].revision = 1


def far_revision(vote):
    changed_voter(vote)[1].revision = 3


def vote_after_withdrawal(vote):
    casts = withdrawn_voter(vote)
    vote.casts.append(new_cast(vote, "ballot", casts[0].tag, len(casts) + 1, 7))


def withdraw_nothing(vote):
    vote.casts.append(new_cast(vote, "withdrawal", random.Random(8).randbytes(32), 1, 9))


def choose(*values, blank=0, cut=0):
    def alter(vote):
        encoded = bytes([blank]) + b"".join(value.to_bytes(2, "big") for value in values)
        voter_at(vote, 0.5)[-1].choice = encoded[: len(encoded) - cut]

    return alter


def change_paper(vote):
    batch = vote.batches[0]
    batch.choices[0] = another(batch.choices[0], vote.box["rule"]["options"])


def drop_paper(vote):
    batch = vote.batches[0]
    batch.choices.pop()
    batch.figures.update(counted=batch.figures["counted"] - 1, sheets=batch.figures["sheets"] - 1)
    vote.cells = None


def change_objection(vote):
    vote.objections[0].words["text"] = "다 괜찮았어요."


for place in PLACES:
    forged(f"a choice replaced at {place:.0%}", replace_ballot(place), after=EVERYTHING)
    forged(f"a voter dropped at {place:.0%}", drop_voter(place), after=EVERYTHING)
for place in (0.34, 0.5):
    forged(f"a later ballot added at {place:.0%}", supersede(place), after=("head", "same_as"))
forged("a choice replaced, without choices", replace_ballot(0.5), after=EVERYTHING, edition="totals")
forged("a voter dropped, without choices", drop_voter(0.5), after=EVERYTHING, edition="totals")
forged("a withdrawal", withdraw, after=("head", "same_as"))
forged("a voter added", stuff, after=("head", "same_as"))
forged("a change hidden", hide_change, after=EVERYTHING)
forged("a withdrawal taken out", revive, after=("head", "same_as"))
forged("a first ballot taken out", first_revision_gone, after=REFUSED)
forged("a revision twice", same_revision, after=REFUSED)
forged("a revision skipped", far_revision, after=REFUSED)
forged("a ballot after a withdrawal", vote_after_withdrawal, after=REFUSED)
forged("a withdrawal of nothing", withdraw_nothing, after=REFUSED)
forged("a ballot over the limit", choose(1, 1, 1, 0), after=REFUSED)
forged("a ballot with nothing chosen", choose(0, 0, 0, 0), after=REFUSED)
forged("a vote counted twice", choose(2, 0, 0, 0), after=REFUSED)
forged("a vote counted 256 times", choose(256, 0, 0, 0), after=REFUSED)
forged("a blank with a choice", choose(1, 0, 0, 0, blank=1), after=REFUSED)
forged("a first byte of two", choose(1, 0, 0, 0, blank=2), after=REFUSED)
forged("a choice too short", choose(1, 0, 0, 0, cut=2), after=REFUSED)
forged("a choice too long", choose(1, 0, 0, 0, 0), after=REFUSED)
forged("a paper ballot replaced", change_paper, after=("head", "same_as"))
forged("a paper ballot taken out", drop_paper, after=("head", "same_as"))
forged("an objection altered", change_objection, after=("head", "same_as"))
forged("an objection dropped", lambda vote: vote.objections.pop(), after=("head", "same_as"))
forged("a smaller roll", lambda vote: [setattr(vote, "roll", vote.roll - 1), setattr(vote, "cells", None)],
       after=("same_as",))
