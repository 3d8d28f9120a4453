"""Makes records of votes for tests, from verifier/FORMAT.md alone: shares nothing with verify.py or the site."""

import copy
import hashlib
import json
import random
from dataclasses import dataclass, field

from tests.verifier.budgets import outcome_of
from tests.verifier.primitives import (
    SEED,
    as_json,
    consistency_of,
    framed,
    hashed,
    inclusion_of,
    leaf_of,
    public_key_of,
    root_of,
    seconds,
    sign,
    tracker_of,
    zipped,
)

COMMON = ["box.json", "key.json", "heads.json", "entries.txt", "openings.txt", "choices.txt", "paper.json",
          "paper-choices.json", "objections.json", "participations.json", "result.json"]
CHOICES_ONLY = {"choices.txt", "paper-choices.json"}
RULES = {
    "approval": {"kind": "approval", "limit": 2, "options": 4},
    "exactly": {"exactly": 1, "kind": "approval", "limit": 2, "options": 4},
    "yes_no": {"kind": "yes_no", "options": 3},
    "points": {"kind": "points", "limit": 10, "options": 3},
    "groups": {"groups": [{"max": 2, "min": 1, "options": [1, 2, 3, 5]}, {"max": 1, "min": 0, "options": [4, 6]}],
               "kind": "approval", "limit": 3, "options": 6,
               "money": {"costs": [40, 30, 25, 60, 10, 35], "limit": 100}},
}


@dataclass
class Cast:
    kind: str
    tag: bytes
    revision: int
    n1: bytes
    n2: bytes
    choice: bytes
    channel: str = "online"


@dataclass
class Batch:
    figures: dict
    n: bytes
    n2: bytes
    choices: list[bytes]


@dataclass
class Objection:
    words: dict
    n: bytes
    withheld: str = ""


@dataclass
class Vote:
    """Everything a record is made of. Alter it and compile it again: that is what a forger with the key can do."""

    box: dict
    seed: bytes
    casts: list[Cast]
    batches: list[Batch]
    objections: list[Objection]
    papers: dict = field(default_factory=lambda: {"spoiled": 1, "taken_back": 0, "unreturned": 2})
    roll: int = 0
    cells: list[tuple[str, int, int]] | None = None
    instants: tuple = ("2020-07-17T00:00:00Z", "2020-07-23T15:00:00Z", "2020-07-28T01:00:00Z")

    @property
    def fingerprint(self) -> bytes:
        return hashed("box/1", as_json(self.box))


def choice_bytes(rule: dict, chance: random.Random) -> bytes:
    """A random choice that the rule allows; one in twelve is an explicit blank."""
    count = rule["options"]
    if chance.randrange(12) == 0:
        return b"\1" + bytes(2 * count)
    if rule["kind"] == "yes_no":
        values = [chance.randint(1, 3) for _ in range(count)]
    elif rule["kind"] == "points":
        values = [0] * count
        for _ in range(chance.randint(1, rule["limit"])):
            values[chance.randrange(count)] += 1
    else:
        values = marks(rule, chance)
        while not within(rule, values):
            values = marks(rule, chance)
    return b"\0" + b"".join(value.to_bytes(2, "big") for value in values)


def marks(rule: dict, chance: random.Random) -> list[int]:
    chosen = rule["limit"] if "exactly" in rule else chance.randint(1, rule["limit"])
    picked = chance.sample(range(rule["options"]), chosen)
    return [int(at in picked) for at in range(rule["options"])]


def within(rule: dict, values: list[int]) -> bool:
    """Whether groups and money allow it."""
    sums = [sum(values[option - 1] for option in group["options"]) for group in rule.get("groups", [])]
    fits = all(group["min"] <= found <= group["max"] for group, found in zip(rule.get("groups", []), sums, strict=True))
    spent = sum(cost for value, cost in zip(values, rule.get("money", {}).get("costs", [])) if value)
    return fits and spent <= rule.get("money", {"limit": 0})["limit"]


def box_of(rule: dict, publishes: str, rehearsal: int, chance: random.Random) -> dict:
    options = [{"number": at, "text": "설명", "title": f"항목 {at}"} for at in range(1, rule["options"] + 1)]
    return {
        "binding": "결과를 그대로 따라요.", "closes_at": "2020-07-23T15:00:00Z", "description": "",
        "eligibility": {"roll": {"fixed_on": "2020-07-10", "source": "verified"}, "who": ["구민"]}, "format": 1,
        "id": chance.randbytes(16).hex(), "key_sha256": chance.randbytes(32).hex(), "opens_at": "2020-07-17T00:00:00Z",
        "options": options, "publishes": publishes, "question": "무엇을 할까요?", "rehearsal": rehearsal,
        "rule": copy.deepcopy(rule), "subject_title": "나풀나풀 주민투표",
    }


def make_vote(ballots: int, *, kind="approval", publishes="totals", rehearsal=0, seed=SEED, luck=1) -> Vote:
    """A vote in which `ballots` ballots count: a fifth on paper, every seventh voter changing their mind."""
    chance = random.Random(luck)
    rule = RULES[kind]
    paper = ballots // 5
    casts = []
    withdrawn = max(1, ballots // 50)
    for voter in range(ballots - paper + withdrawn):
        tag = chance.randbytes(32)
        kinds = ["ballot"] * (1 + (voter % 7 == 3) + (voter % 49 == 10))
        if voter >= ballots - paper:
            kinds.append("withdrawal")
        for revision, type_ in enumerate(kinds, start=1):
            choice = choice_bytes(rule, chance) if type_ == "ballot" else b""
            casts.append(Cast(type_, tag, revision, chance.randbytes(32), chance.randbytes(32), choice,
                              "assisted" if voter % 11 == 5 else "online"))
    batches = []
    for at in range(0, paper, 20):
        choices = [choice_bytes(rule, chance) for _ in range(min(20, paper - at))]
        invalid = int(at == 0)
        figures = {"counted": len(choices), "invalid": invalid, "number": len(batches) + 1,
                   "sheets": len(choices) + invalid}
        batches.append(Batch(figures, chance.randbytes(32), chance.randbytes(32), choices))
    objections = [Objection({"by": f"observer{at}", "text": "종이가 모자랐어요."}, chance.randbytes(32),
                            "이름을 가려 달라고 했어요." if at == 3 else "") for at in (1, 2, 3)]
    vote = Vote(box_of(rule, publishes, rehearsal, chance), seed, casts, batches, objections)
    vote.papers["unreturned"] = withdrawn + 1
    turnout = ballots + bool(batches)
    vote.roll = turnout * 3 + 20
    vote.cells = cells_of(turnout, vote.roll)
    return vote


def cells_of(turnout: int, roll: int) -> list[tuple[str, int, int]]:
    """Five neighbourhoods: (name, roll, voted). One is tiny, the others share the rest."""
    tiny = min(7, turnout)
    rest = turnout - tiny
    shares = [rest - 3 * (rest // 4), rest // 4 + rest // 10, rest // 4, rest // 4 - rest // 10]
    rolls = [3 * share for share in shares]
    rows = zip(("가산동", "독산1동", "독산2동", "시흥1동"), rolls, shares, strict=True)
    return [*rows, ("시흥3동", roll - sum(rolls), tiny)]


def live_of(casts: list[Cast]) -> list[Cast]:
    last: dict[bytes, Cast] = {}
    for cast in casts:
        if cast.tag not in last or last[cast.tag].revision < cast.revision:
            last[cast.tag] = cast
    return [cast for cast in last.values() if cast.kind == "ballot"]


def entry_of(vote: Vote, thing) -> bytes:
    if isinstance(thing, Cast):
        who = hashed("who/1", thing.n1, thing.tag, thing.revision.to_bytes(4, "big"))
        return framed("entry/1", thing.kind.encode(), vote.fingerprint, who, hashed("what/1", thing.n2, thing.choice))
    if isinstance(thing, Batch):
        return framed("entry/1", b"paper", vote.fingerprint, hashed("text/1", thing.n, as_json(thing.figures)),
                      hashed("what/1", thing.n2, b"".join(thing.choices)))
    return framed("entry/1", b"objection", vote.fingerprint, hashed("text/1", thing.n, as_json(thing.words)))


def tally_of(rule: dict, choices: list[bytes]) -> list[dict]:
    def value(choice, at):
        return int.from_bytes(choice[2 * at - 1 : 2 * at + 1], "big")

    totals = []
    for at in range(1, rule["options"] + 1):
        column = [value(choice, at) for choice in choices if choice[0] == 0]
        if rule["kind"] == "yes_no":
            counted = {"yes": column.count(1), "no": column.count(2), "blank": column.count(3)}
        else:
            counted = {"votes" if rule["kind"] == "approval" else "points": sum(column)}
        totals.append({"option": at, **counted})
    return totals


def result_of(vote: Vote, casts: list[Cast], size: int, root: bytes) -> tuple[dict, dict]:
    """(participations, result)"""
    live = live_of(casts)
    choices = [cast.choice for cast in live] + [choice for batch in vote.batches for choice in batch.choices]
    counted, invalid = (sum(batch.figures[name] for batch in vote.batches) for name in ("counted", "invalid"))
    online = sum(cast.channel == "online" for cast in live)
    withdrawn = {cast.tag for cast in casts if cast.kind == "withdrawal"}
    participations = {"assisted": len(live) - online, "online": online, "paper_issued": vote.papers["unreturned"],
                      "paper_returned": counted + invalid}
    result = {
        "ballots": len(choices), "blank": sum(choice[0] for choice in choices), "final_root": root.hex(),
        "final_size": size, "format": 1,
        "paper": {**vote.papers, "counted": counted, "invalid": invalid,
                  "issued": counted + invalid + sum(vote.papers.values())},
        "replaced": sum(cast.kind == "ballot" and cast.tag not in withdrawn for cast in casts) - len(live),
        "totals": tally_of(vote.box["rule"], choices),
        "turnout": {"assisted": len(live) - online, "online": online, "paper_returned": counted + invalid,
                    "roll": vote.roll, "total": len(live) + counted + invalid},
        "withdrawn": len(withdrawn),
    }
    if "budget" in vote.box:
        result["outcome"] = outcome_of(vote.box, result, choices)
    if vote.cells is not None:
        result["breakdown"] = {"by": "neighbourhood", "cells": hide(vote.cells)}
    return participations, result


def hide(cells: list[tuple[str, int, int]]) -> list[dict]:
    """Hides cells under ten, and more, smallest first, until nothing can be found by subtracting."""
    small = {name for name, _, voted in cells if voted < 10}
    for name, _, _ in sorted(cells, key=lambda cell: cell[2]):
        if small and (len(small) == 1 or sum(voted for cell, _, voted in cells if cell in small) < 10):
            small.add(name)
    return [{"hidden": 1, "name": name, "roll": roll} if name in small else {"name": name, "roll": roll, "voted": voted}
            for name, roll, voted in cells]


def head_of(vote: Vote, number: int, leaves: list[bytes], old: int) -> dict:
    kind = ("opening", "closing", "final")[number]
    head = {"at": vote.instants[number], "consistency": [item.hex() for item in consistency_of(leaves, old)],
            "fingerprint": vote.fingerprint.hex(), "format": 1, "kind": kind, "number": number, "public_key": "",
            "root": root_of(leaves).hex(), "signature": "", "size": len(leaves)}
    return signed_head(head, vote.seed)


def signed_head(head: dict, seed: bytes) -> dict:
    message = framed("head/1", bytes.fromhex(head["fingerprint"]), head["kind"].encode(),
                     head["number"].to_bytes(8, "big"), head["size"].to_bytes(8, "big"), bytes.fromhex(head["root"]),
                     seconds(head["at"]))
    return {**head, "public_key": public_key_of(seed).hex(), "signature": sign(seed, message)}


def compile_record(vote: Vote, edition: str = "choices", public: bytes = b"") -> dict[str, bytes]:
    """The members of one edition, in order. `public` is the public file that the observers' edition names."""
    casts = sorted(vote.casts, key=lambda cast: leaf_of(entry_of(vote, cast)))
    things = [*casts, *vote.batches, *vote.objections]
    entries = [entry_of(vote, thing) for thing in things]
    leaves = [leaf_of(entry) for entry in entries]
    live = {id(cast) for cast in live_of(casts)}
    first_objection = len(casts) + len(vote.batches)
    participations, result = result_of(vote, casts, len(leaves), root_of(leaves))
    members = {
        "box.json": as_json(vote.box),
        "key.json": as_json({"algorithm": "Ed25519", "public_key": public_key_of(vote.seed).hex()}),
        "heads.json": as_json([head_of(vote, 0, [], 0), head_of(vote, 1, leaves[: len(casts)], 0),
                               head_of(vote, 2, leaves, len(casts))]),
        "entries.txt": "".join(f"{entry.hex()}\n" for entry in entries).encode(),
        "openings.txt": "".join(f"{at} {cast.n1.hex()} {cast.tag.hex()} {cast.revision}\n"
                                for at, cast in enumerate(casts)).encode(),
        "choices.txt": "".join(f"{at} {cast.n2.hex()} {cast.choice.hex()}\n"
                               for at, cast in enumerate(casts) if id(cast) in live).encode(),
        "paper.json": as_json([{"figures": batch.figures, "leaf": at, "n": batch.n.hex()}
                               for at, batch in enumerate(vote.batches, start=len(casts))]),
        "paper-choices.json": as_json([{"choices": [choice.hex() for choice in batch.choices], "leaf": at,
                                        "n2": batch.n2.hex()}
                                       for at, batch in enumerate(vote.batches, start=len(casts))]),
        "objections.json": as_json([
            {"leaf": at, "withheld": objection.withheld} if objection.withheld
            else {"leaf": at, "n": objection.n.hex(), "objection": objection.words}
            for at, objection in enumerate(vote.objections, start=first_objection)]),
        "participations.json": as_json(participations),
        "result.json": as_json(result),
    }
    if edition == "totals":
        members = {name: data for name, data in members.items() if name not in CHOICES_ONLY}
    return sealed(members, vote.seed, edition, hashlib.sha256(public).hexdigest() if public else "")


def sealed(members: dict[str, bytes], seed: bytes, edition: str, public_sha256: str = "") -> dict[str, bytes]:
    """The members with manifest and signatures around them."""
    inner = {name: data for name, data in members.items() if name not in ("manifest.json", "signatures.json")}
    manifest = {"edition": edition, "format": 1,
                "members": {name: hashlib.sha256(data).hexdigest() for name, data in inner.items()}}
    if public_sha256:
        manifest["public_sha256"] = public_sha256
    fingerprint = hashed("box/1", inner["box.json"])
    signatures = {name: sign(seed, framed(f"{name}/1", fingerprint, data))
                  for name, data in (("manifest", as_json(manifest)), ("result", inner["result.json"]))}
    return {"manifest.json": as_json(manifest), **inner, "signatures.json": as_json(signatures)}


def editions(vote: Vote) -> tuple[bytes, bytes]:
    """(public file, observers' file) as zip bytes; one and the same where whole ballots are published."""
    if vote.box["publishes"] == "ballots":
        whole = zipped(compile_record(vote))
        return whole, whole
    public = zipped(compile_record(vote, "totals"))
    return public, zipped(compile_record(vote, "choices", public))


def kept_heads(vote: Vote) -> list[dict]:
    heads = json.loads(compile_record(vote)["heads.json"])
    return [{name: value for name, value in head.items() if name != "consistency"} for head in heads]


def receipt_of(vote: Vote, cast: Cast, *, late: bool = False) -> dict:
    """The receipt of a ballot; `late`, with the inclusion proof that is there after the close."""
    leaf = leaf_of(entry_of(vote, cast))
    receipt = {"fingerprint": vote.fingerprint.hex(), "format": 1, "leaf": leaf.hex(),
               "public_key": public_key_of(vote.seed).hex(),
               "signature": sign(vote.seed, framed("promise/1", vote.fingerprint, leaf)), "tracker": tracker_of(leaf)}
    if not late:
        return receipt
    leaves = sorted(leaf_of(entry_of(vote, other)) for other in vote.casts)
    number = leaves.index(leaf)
    return {**receipt, "head": kept_heads(vote)[1], "number": number,
            "proof": [item.hex() for item in inclusion_of(leaves, number)]}
