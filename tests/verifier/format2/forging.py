"""Things that somebody who holds the signing key can do to a record: alter anything, hash and sign it anew."""

import copy
import json
from collections.abc import Callable, Iterator
from hashlib import sha256

from tests.verifier.primitives import (
    SEED,
    as_json,
    consistency_of,
    framed,
    hashed,
    leaf_of,
    public_key_of,
    root_of,
    seconds,
    sign,
)

Members = dict[str, bytes]
Change = Callable[[Members], object]


def resealed(members: Members, seed: bytes = SEED) -> Members:
    """The same members with a manifest and signatures that fit them."""
    found = dict(members)
    manifest = json.loads(found["manifest.json"])
    manifest["members"] = {name: sha256(data).hexdigest() for name, data in found.items()
                           if name not in ("manifest.json", "signatures.json")}
    found["manifest.json"] = as_json(manifest)
    return signed_anew(found, seed)


def signed_anew(members: Members, seed: bytes = SEED) -> Members:
    prints = hashed("box/2", members["box.json"])
    signatures = {name: sign(seed, framed(f"{name}/2", prints, members[f"{name}.json"]))
                  for name in ("manifest", "result")}
    return members | {"signatures.json": as_json(signatures)}


def edit(name: str, change: Callable[[object], object]) -> Change:
    """A change of a member's JSON; `change` alters it in place."""
    def altered(members: Members) -> None:
        value = json.loads(members[name])
        change(value)
        members[name] = as_json(value)
    return altered


def edit_lines(name: str, change: Callable[[list[str]], object]) -> Change:
    def altered(members: Members) -> None:
        lines = members[name].decode().splitlines()
        change(lines)
        members[name] = "".join(f"{line}\n" for line in lines).encode()
    return altered


def put(*path: str | int, to: object) -> Callable[[object], None]:
    """Sets the value at a path; a function gets the old one."""
    def change(value: object) -> None:
        *inner, last = path
        for step in inner:
            value = value[step]
        value[last] = to(value[last]) if callable(to) else to
    return change


def drop(*path: str | int) -> Callable[[object], None]:
    def change(value: object) -> None:
        *inner, last = path
        for step in inner:
            value = value[step]
        del value[last]
    return change


def both(*changes: Change) -> Change:
    def altered(members: Members) -> None:
        for change in changes:
            change(members)
    return altered


def head_signed(head: dict, seed: bytes = SEED) -> dict:
    message = framed("head/2", bytes.fromhex(head["fingerprint"]), head["kind"].encode(),
                     head["number"].to_bytes(8, "big"),
                     head["size"].to_bytes(8, "big"), bytes.fromhex(head["root"]), bytes.fromhex(head["live_sha256"]),
                     bytes.fromhex(head["additions_root"]), seconds(head["at"]))
    return head | {"public_key": public_key_of(seed).hex(), "signature": sign(seed, message)}


def count_signed(count: dict, seed: bytes = SEED) -> dict:
    before = bytes.fromhex(count["fingerprint"]), count["number"].to_bytes(4, "big"), seconds(count["at"])
    added = count["additions"].to_bytes(4, "big"), bytes.fromhex(count["additions_root"])
    acts = [as_json(count["acts"])] if "acts" in count else []
    message = framed("count/3" if acts else "count/2", *before, count["voters"].to_bytes(4, "big"), *added, *acts)
    of_roll = {"additions_signature": sign(seed, framed("additions/2", *before, *added))}
    return count | {"public_key": public_key_of(seed).hex(), "signature": sign(seed, message)} | (
        of_roll if "additions_signature" in count else {})


def heads(change: Callable[[list[dict]], object], seed: bytes = SEED) -> Change:
    """A change of the heads, each signed anew."""
    def altered(members: Members) -> None:
        value = json.loads(members["heads.json"])
        change(value)
        members["heads.json"] = as_json([head_signed(head, seed) for head in value])
    return altered


def counts(change: Callable[[list[dict]], object], seed: bytes = SEED) -> Change:
    def altered(members: Members) -> None:
        value = json.loads(members["counts.json"])
        change(value)
        members["counts.json"] = as_json([count_signed(count, seed) for count in value])
    return altered


def confirmed(prints: bytes, number: int, act: dict, seed: bytes = SEED) -> dict:
    """An act of two officials as the site signs it."""
    message = framed("confirmation/3", prints, number.to_bytes(4, "big"), as_json(act))
    return {"confirmation": act, "number": number, "signature": sign(seed, message)}


def confirmations(change: Callable[[list[dict]], object], seed: bytes = SEED) -> Change:
    """A change of the acts that two officials confirmed, each numbered and signed anew."""
    def altered(members: Members) -> None:
        acts = [kept["confirmation"] for kept in json.loads(members["confirmations.json"])]
        change(acts)
        prints = hashed("box/2", members["box.json"])
        members["confirmations.json"] = as_json([confirmed(prints, number, act, seed)
                                                 for number, act in enumerate(acts, 1)])
    return altered


def additions(change: Callable[[list[str]], object]) -> Change:
    """A change of the additions to the roll that counts and heads are signed for."""
    def altered(members: Members) -> None:
        edit_lines("additions.txt", change)(members)
        leaves = [leaf_of(bytes.fromhex(line[:64])) for line in members["additions.txt"].decode().splitlines()]
        counts(lambda found: [count.update(additions_root=root_of(leaves[:count["additions"]]).hex())
                              for count in found])(members)
        heads(lambda found: [head.update(additions_root=root_of(leaves).hex()) for head in found[1:]])(members)
    return altered


def log(change: Callable[[list[bytes], int], tuple[list[bytes], int] | None]) -> Change:
    """A change of the entries (and of how many of them are of before the close); heads, result and leaves follow it."""
    def altered(members: Members) -> None:
        entries = [bytes.fromhex(line) for line in members["entries.txt"].decode().split()]
        value = json.loads(members["heads.json"])
        changed = change(entries, value[1]["size"])
        entries, closing = changed if changed else (entries, value[1]["size"])
        members["entries.txt"] = "".join(f"{entry.hex()}\n" for entry in entries).encode()
        follow(members, value, entries, closing)
    return altered


def follow(members: Members, value: list[dict], entries: list[bytes], closing: int) -> None:
    leaves = list(map(leaf_of, entries))
    value[1].update(size=closing, root=root_of(leaves[:closing]).hex(), consistency=[])
    value[2].update(size=len(leaves), root=root_of(leaves).hex(), consistency=[
        node.hex() for node in consistency_of(leaves, closing)])
    for head in value[1:]:
        head["live_sha256"] = sha256(members["live.txt"]).hexdigest()
    members["heads.json"] = as_json([head_signed(head) for head in value])
    edit("result.json", lambda result: result.update(final_root=value[2]["root"], final_size=len(leaves)))(members)
    for name in ("paper.json", "paper-choices.json", "objections.json"):
        moved = closing - closing_of(members, name)
        if moved:
            edit(name, lambda items, moved=moved: [item.update(leaf=item["leaf"] + moved) for item in items])(members)


def closing_of(members: Members, name: str) -> int:
    """The size at which the log was closed, as this list has it; the size of now where it is empty."""
    size, items = json.loads(members["heads.json"])[1]["size"], json.loads(members.get(name, b"[]"))
    papers = json.loads(members["paper.json"])
    before = len(papers) if name == "objections.json" else 0
    return items[0]["leaf"] - before if items else size


def live(change: Callable[[list[str]], object]) -> Change:
    """A change of live.txt that closing and final head are signed for."""
    def altered(members: Members) -> None:
        edit_lines("live.txt", change)(members)
        heads(lambda value: [head.update(live_sha256=sha256(members["live.txt"]).hexdigest())
                             for head in value[1:]])(members)
    return altered


def paths(value: object, at: tuple = ()) -> Iterator[tuple]:
    """Every place in a value, of lists the first and the last item only."""
    yield at
    if isinstance(value, dict):
        for name in value:
            yield from paths(value[name], (*at, name))
    elif isinstance(value, list):
        for number in sorted({0, len(value) - 1} & set(range(len(value)))):
            yield from paths(value[number], (*at, number))


def found_at(value: object, path: tuple) -> object:
    for step in path:
        value = value[step]
    return value


def operations(value: object) -> Iterator[tuple[str, Callable[[object], object]]]:
    """Small changes of one value: another number, text, length or type."""
    if isinstance(value, int):
        yield "one more", lambda old: old + 1
        if value:
            yield "one less", lambda old: old - 1
        yield "as text", str
    elif isinstance(value, str):
        yield "a number", lambda _old: 7
        yield "longer", lambda old: old + "0"
        yield "empty", lambda _old: ""
        if len(value) >= 32:
            yield "another digit", lambda old: old[:-1] + ("0" if old[-1] != "0" else "1")
    elif isinstance(value, list):
        yield "an object", lambda _old: {}
        yield "one twice", lambda old: old + copy.deepcopy(old[-1:]) if old else [0]
        if value:
            yield "one gone", lambda old: old[:-1]
        if value != value[::-1]:
            yield "backwards", lambda old: old[::-1]
    else:
        yield "a list", lambda _old: []
        yield "one name more", lambda old: old | {"zzz": 1}
        for name in value:
            yield f"without {name}", lambda old, name=name: {other: old[other] for other in old if other != name}


def tree_changes(name: str, data: bytes) -> Iterator[tuple[str, Change]]:
    """(kind, change) for every place of a member's JSON; items of lists are of one kind."""
    value = json.loads(data)
    for path in paths(value):
        for told, operation in operations(found_at(value, path)):
            where = "/".join("*" if isinstance(step, int) else step for step in path)
            yield f"{name}:{where}: {told}", _at(name, path, operation)


def _at(name: str, path: tuple, operation: Callable[[object], object]) -> Change:
    def altered(members: Members) -> None:
        value = json.loads(members[name])
        if path:
            put(*path, to=operation)(value)
        else:
            value = operation(value)
        members[name] = as_json(value)
    return altered
