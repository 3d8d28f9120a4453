"""Paper, objections, heads, the vote, the key, manifest and signatures."""

from tests.verifier import making, primitives
from tests.verifier.mutations.writing import EVERYTHING, REFUSED, UNDONE, digit, forged, raw, value

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

for number, kind in enumerate(("opening", "closing", "final")):
    def of(edit, number=number):
        return lambda found: found[number].update(edit(found[number]))

    value(f"root of the {kind} head", "heads.json", of(lambda head: {"root": digit(head["root"], 1)}), resign="heads")
    value(f"size of the {kind} head", "heads.json", of(lambda head: {"size": head["size"] + 1}), resign="heads")
    value(f"kind of the {kind} head", "heads.json", of(lambda _, n=number: {"kind": "final" if n < 2 else "closing"}),
          resign="heads")
    value(f"vote of the {kind} head", "heads.json", of(lambda head: {"fingerprint": digit(head["fingerprint"], 1)}),
          resign="heads")
    value(f"signature of the {kind} head", "heads.json", of(lambda head: {"signature": digit(head["signature"], 1)}),
          resign="none")
    value(f"another key of the {kind} head", "heads.json", of(
        lambda head: making.signed_head(head, primitives.OTHER_SEED)), resign="none")
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
value("another key", "key.json", lambda found: found.update(
    public_key=primitives.public_key_of(primitives.OTHER_SEED).hex()))
value("another algorithm", "key.json", lambda found: found.update(algorithm="none"))

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
