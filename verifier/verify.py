#!/usr/bin/env python3
"""Checks the published record of a vote. It trusts nobody, the site that published it least of all.

It uses Python's standard library only and shares no code with the site, so it may be read and run on its own:

    python3 -I -S verify.py RECORD.zip [--key FINGERPRINT] [--head HEAD.json] [--receipt RECEIPT.json]

FORMAT.md says what a record is; the numbers of sections below are those of that page. The order is: encodings,
signatures, tree, zip file, the parts of a record, what must add up, what people kept, the command itself.
Every check is one call of need(): a condition that must hold, and the sentence that is printed when it does not.
"""

import argparse
import binascii
import datetime
import fractions
import hashlib
import json
import os
import re
import struct
import sys

LARGEST_NUMBER = 2**53 - 1
LARGEST_FILE = 512 * 2**20
LARGEST_JSON = 32 * 2**20
DEEPEST_JSON = 32
HEX = re.compile(r"[0-9a-f]*")
EXACT = re.compile(r"[0-9]{1,40}(?:\.[0-9]{1,40}|/[1-9][0-9]{0,39})?")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


class Wrong(Exception):
    """Something does not hold; the text says what."""


def need(condition, sentence):
    if not condition:
        raise Wrong(sentence)


# 1. Encodings -------------------------------------------------------------------------------------------------------


def sha256(data):
    return hashlib.sha256(data).digest()


def number(value, length=8):
    return value.to_bytes(length, "big")


def frame(label, *fields):
    """The label, then each field behind its length: no two different lists of fields give the same bytes."""
    return label.encode("ascii") + b"".join(number(len(field), 4) + field for field in fields)


def framed_hash(label, *fields):
    return sha256(frame(label, *fields))


def unframe(label, data, where):
    """The fields of a frame. All bytes are used up, so framing the fields again would give the same data."""
    need(data.startswith(label.encode("ascii")), f"{where} does not begin with {label}")
    at, fields = len(label), []
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        field = data[at + 4 : at + 4 + length]
        need(at + 4 + length <= len(data), f"{where} is cut short")
        fields.append(field)
        at += 4 + length
    return fields


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def parse_json(data, where):
    """Objects, lists, strings and whole numbers; nothing else, no name twice, not deep."""

    def whole_number(digits):
        need(len(digits) <= 16 and digits.isdigit() and int(digits) <= LARGEST_NUMBER,
             f"{where}: a number is negative or too large")
        return int(digits)

    def no_such_number(_):
        raise Wrong(f"{where}: a number is not whole")

    def unique_names(pairs):
        found = dict(pairs)
        need(len(found) == len(pairs), f"{where}: a name stands twice in one object")
        return found

    def look(value, depth):
        need(depth <= DEEPEST_JSON, f"{where}: nested too deep")
        need(type(value) in (str, int, dict, list), f"{where}: true, false and null are not allowed")
        for inner in value.values() if type(value) is dict else value if type(value) is list else ():
            look(inner, depth + 1)

    need(len(data) <= LARGEST_JSON, f"{where} is too large")
    try:
        value = json.loads(data.decode("utf-8"), parse_int=whole_number, parse_float=no_such_number,
                           parse_constant=no_such_number, object_pairs_hook=unique_names)
        look(value, 1)
        canonical(value)
    except RecursionError:
        raise Wrong(f"{where}: nested too deep") from None
    except ValueError as error:
        raise Wrong(f"{where} is not JSON in UTF-8: {type(error).__name__}") from None
    return value


def parse_canonical(data, where):
    value = parse_json(data, where)
    need(canonical(value) == data, f"{where} is not canonical JSON")
    return value


def fields_of(value, names, where, optional=()):
    """Refuses an object that lacks one of the names or has others than these and the optional ones."""
    need(type(value) is dict, f"{where} is not an object")
    missing = sorted(set(names) - set(value))
    need(not missing, f"{where} lacks {', '.join(missing)}")
    need(set(value) <= set(names) | set(optional), f"{where} has names that the format does not know")
    return value


def is_list(value, where):
    need(type(value) is list, f"{where} is not a list")
    return value


def is_text(value, where):
    need(type(value) is str and value.strip() != "", f"{where} is not a text, or is empty")
    return value


def is_number(value, where, least=0, most=LARGEST_NUMBER):
    need(type(value) is int and least <= value <= most, f"{where} is not a whole number from {least} to {most}")
    return value


def is_hex(value, length, where):
    need(type(value) is str and len(value) == 2 * length and HEX.fullmatch(value),
         f"{where} is not {length} bytes in lower-case hex")
    return bytes.fromhex(value)


def is_exact(value, where):
    """A number that is written as text: whole, decimal or a fraction. Never a floating-point one."""
    need(type(value) is str and EXACT.fullmatch(value), f"{where} is not an exact number")
    return fractions.Fraction(value)


def hashes_of(value, where):
    return [is_hex(item, 32, where) for item in is_list(value, where)]


def is_instant(value, where):
    """Seconds since 1970."""
    try:
        need(type(value) is str and INSTANT.fullmatch(value), f"{where} is not an instant")
        moment = datetime.datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
    except ValueError:
        raise Wrong(f"{where} is not an instant") from None
    need(moment.year >= 1970, f"{where} is before 1970")
    return int(moment.timestamp())


def lines_of(data, pattern, shortest, where):
    """The fields of every line. `shortest` keeps a file of nothing but line ends from filling the memory."""
    need(data == b"" or data.endswith(b"\n"), f"{where} does not end with a line end: it is cut")
    need(data.count(b"\n") * (shortest + 1) <= len(data), f"{where} has lines that are too short")
    found = []
    for at, line in enumerate(data.split(b"\n")[:-1]):
        match = pattern.fullmatch(line)
        need(match, f"{where}: line {at + 1} is not written as it must be")
        found.append(match.groups())
    return found


# Ed25519 (RFC 8032) in whole numbers --------------------------------------------------------------------------------
# A point is (X, Y, Z, T) with x = X/Z, y = Y/Z, x·y = T/Z. Nothing here is secret: constant time is not needed.

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_MINUS_ONE = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)


def add(one, two):
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c = 2 * one[3] * two[3] * D % P
    d = 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(factor, point):
    result = NEUTRAL
    while factor:
        if factor & 1:
            result = add(result, point)
        point = add(point, point)
        factor >>= 1
    return result


def encode_point(point):
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def decode_point(data):
    """None if the bytes are no point, or not the one way to write it."""
    value = int.from_bytes(data, "little")
    sign, y = value >> 255, value & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * SQRT_MINUS_ONE % P
    if x * x % P != square or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = decode_point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def signature_holds(public_key, message, signature):
    if len(public_key) != 32 or len(signature) != 64:
        return False
    key = decode_point(public_key)
    s = int.from_bytes(signature[32:], "little")
    if key is None or s >= L or encode_point(times(8, key)) == encode_point(NEUTRAL):
        return False
    hashed = hashlib.sha512(signature[:32] + public_key + message).digest()
    k = int.from_bytes(hashed, "little") % L
    minus_key = (P - key[0], key[1], key[2], P - key[3])
    # Comparing with the bytes of R also refuses an R that is not written in the one canonical way.
    return encode_point(add(times(s, BASE), times(k, minus_key))) == signature[:32]


# The tree of RFC 9162, section 2.1 ----------------------------------------------------------------------------------


def leaf_hash(entry):
    return sha256(b"\x00" + entry)


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


def tree_root(hashes):
    """Pairs are joined level by level; one that is left over moves up as it is."""
    if not hashes:
        return sha256(b"")
    level = list(hashes)
    while len(level) > 1:
        paired = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def inclusion_holds(leaf, index, size, proof, root):
    """RFC 9162, 2.1.3.2: does the proof lead from the leaf to the root?"""
    if index >= size:
        return False
    at, last, found = index, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(other, found)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, other)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def consistency_holds(old, old_root, new, new_root, proof):
    """RFC 9162, 2.1.4.2: is the old tree the beginning of the new one?"""
    if old == new or old == 0:
        return proof == [] and old <= new and (old == 0 or old_root == new_root)
    if old > new or not proof:
        return False
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    found_old = found_new = path[0]
    for other in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            found_old, found_new = node_hash(other, found_old), node_hash(other, found_new)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            found_new = node_hash(found_new, other)
        at, last = at >> 1, last >> 1
    return last == 0 and found_old == old_root and found_new == new_root


# 2. The zip file ----------------------------------------------------------------------------------------------------
# zipfile would accept many ways to write one record, and what one program reads another may not. So the members are
# read in the simplest way, the file is written again by the format's rules, and both must be the same bytes.


def write_zip(members):
    body, directory = [], []
    offset = 0
    for name, data in members.items():
        encoded = name.encode("ascii")
        common = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0x0021, binascii.crc32(data), len(data), len(data),
                             len(encoded), 0)
        body += [b"PK\x03\x04", common, encoded, data]
        directory += [b"PK\x01\x02", struct.pack("<H", 20), common, struct.pack("<HHHII", 0, 0, 0, 0, offset), encoded]
        offset += 30 + len(encoded) + len(data)
    listed = b"".join(directory)
    ending = struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(listed), offset, 0)
    return b"".join([*body, listed, b"PK\x05\x06", ending])


def read_zip(data):
    members, offset = {}, 0
    while data[offset : offset + 4] == b"PK\x03\x04":
        need(len(data) >= offset + 30 and len(members) < 20, "the zip file is cut, or has too many members")
        size, name_length = struct.unpack_from("<IH", data, offset + 22)
        start = offset + 30 + name_length
        need(len(data) >= start + size, "the zip file is cut, or a member is said to be longer than the file")
        name = data[offset + 30 : start]
        need(name.isascii(), "the name of a member is not ASCII")
        need(name.decode("ascii") not in members, f"the member {shown(name.decode('ascii'))} stands twice in the zip")
        members[name.decode("ascii")] = data[start : start + size]
        offset = start + size
    need(members, "this is not the zip file of a record")
    need(write_zip(members) == data, "the zip file is not canonical: it was cut, altered or written in another way")
    return members


def shown(text, longest=80):
    """Foreign text, made harmless for a terminal."""
    cleaned = "".join(letter if letter.isprintable() else "?" for letter in text)
    return cleaned if len(cleaned) <= longest else cleaned[: longest - 1] + "…"


# 3. The parts of a record -------------------------------------------------------------------------------------------

WITH_CHOICES = ["manifest.json", "box.json", "key.json", "heads.json", "entries.txt", "openings.txt", "choices.txt",
                "paper.json", "paper-choices.json", "objections.json", "participations.json", "result.json",
                "signatures.json"]
TOTALS_ONLY = [name for name in WITH_CHOICES if name not in ("choices.txt", "paper-choices.json")]
ENTRY_LINE = re.compile(rb"([0-9a-f]{100,300})")
OPENING_LINE = re.compile(rb"(0|[1-9][0-9]{0,9}) ([0-9a-f]{64}) ([0-9a-f]{64}) ([1-9][0-9]{0,9})")
CHOICE_LINE = re.compile(rb"(0|[1-9][0-9]{0,9}) ([0-9a-f]{64}) ([0-9a-f]{2,})")


class Record:
    """One edition of a record, filled by the checks below in the order in which check_record() calls them."""

    def __init__(self, data):
        self.data = data
        self.members = read_zip(data)
        self.rehearsal = False
        self.with_choices = False

    def json(self, name):
        return parse_canonical(self.members[name], name)


def check_manifest(record, report):
    need("manifest.json" in record.members, "there is no manifest.json")
    manifest = record.json("manifest.json")
    fields_of(manifest, ["edition", "format", "members"], "manifest.json", optional=["public_sha256"])
    need(manifest["format"] == 1, "the record has another format version than 1: this program is too old for it")
    need(manifest["edition"] in ("totals", "choices"), "manifest.json: this edition is not known")
    record.edition, record.with_choices = manifest["edition"], manifest["edition"] == "choices"
    expected = WITH_CHOICES if record.with_choices else TOTALS_ONLY
    need(list(record.members) == expected, "the members are not those of this edition, in their order")
    listed = fields_of(manifest["members"], expected[1:-1], "manifest.json: members")
    for name in expected[1:-1]:
        found = sha256(record.members[name])
        need(is_hex(listed[name], 32, "manifest.json: " + name) == found, f"{name} is not the file that was signed for")
    record.public_sha256 = None
    if "public_sha256" in manifest:
        record.public_sha256 = is_hex(manifest["public_sha256"], 32, "manifest.json: public_sha256")
    report.say("zip", count=len(expected))
    report.say("manifest", edition=record.edition)


def check_rule(rule, options):
    """What may be chosen: the kind, the number of options, the limit."""
    need(type(rule) is dict and rule.get("kind") in ("approval", "yes_no", "points"), "box.json: rule: unknown kind")
    limited = [] if rule["kind"] == "yes_no" else ["limit"]
    fields_of(rule, ["kind", "options", *limited], "box.json: rule",
              optional=["exactly", "groups", "money"] if rule["kind"] == "approval" else [])
    count = is_number(rule["options"], "box.json: rule: options", 1, 1000)
    if limited:
        is_number(rule["limit"], "box.json: rule: limit", 1, count if rule["kind"] == "approval" else 65535)
    need(rule.get("exactly", 1) == 1, "box.json: rule: exactly may only be 1")
    check_limits(rule, count)
    need(len(is_list(options, "box.json: options")) == count, "box.json: not as many options as the rule says")
    for at, option in enumerate(options, start=1):
        need(type(option) is dict and option.get("number") == at, f"box.json: option {at} is not numbered {at}")
        is_text(option.get("title"), f"box.json: title of option {at}")


def check_limits(rule, count):
    """Groups of options with limits of their own, and what all that is chosen may cost."""
    where, grouped = "box.json: rule: groups", []
    need("groups" not in rule or is_list(rule["groups"], where), f"{where} is empty")
    for group in rule.get("groups", []):
        fields_of(group, ["max", "min", "options"], where)
        members = [is_number(option, where, 1, count) for option in is_list(group["options"], where)]
        is_number(group["min"], f"{where}: min", 0, is_number(group["max"], f"{where}: max", 1, len(members)))
        grouped += members
    need("groups" not in rule or sorted(grouped) == list(range(1, count + 1)),
         f"{where}: not every option stands in one group, and in one only")
    if "money" in rule:
        where = "box.json: rule: money"
        fields_of(rule["money"], ["costs", "limit"], where)
        is_number(rule["money"]["limit"], where, 1)
        need(len(is_list(rule["money"]["costs"], where)) == count, f"{where}: not one cost for every option")
        for cost in rule["money"]["costs"]:
            is_number(cost, where)


def check_box(record, report):
    box = record.json("box.json")
    names = ["binding", "closes_at", "description", "eligibility", "format", "id", "key_sha256", "opens_at", "options",
             "publishes", "question", "rehearsal", "rule", "subject_title"]
    fields_of(box, names, "box.json", optional=box if type(box) is dict else ())
    need(box["format"] == 1, "box.json: another format version than 1")
    is_hex(box["id"], 16, "box.json: id")
    is_hex(box["key_sha256"], 32, "box.json: key_sha256")
    for name in ("subject_title", "question", "binding"):
        is_text(box[name], "box.json: " + name)
    need(type(box["description"]) is str, "box.json: description is not a text")
    need(type(box["eligibility"]) is dict, "box.json: eligibility is not an object")
    need(is_instant(box["opens_at"], "box.json: opens_at") < is_instant(box["closes_at"], "box.json: closes_at"),
         "box.json: the vote closes before it opens")
    need(box["publishes"] in ("totals", "ballots"), "box.json: publishes is neither totals nor ballots")
    is_number(box["rehearsal"], "box.json: rehearsal", 0, 1)
    check_rule(box["rule"], box["options"])
    need(record.with_choices or box["publishes"] == "totals", "whole ballots are to be published, but are not in here")
    observers = record.with_choices and box["publishes"] == "totals"
    need(observers == (record.public_sha256 is not None),
         "manifest.json: the observers' edition, and no other, must name the public one")
    record.box, record.rule, record.rehearsal = box, box["rule"], box["rehearsal"] == 1
    if "budget" in box:
        check_budget(record, box["budget"])
    record.fingerprint = framed_hash("box/1", record.members["box.json"])
    report.say("box", title=shown(box["subject_title"]), question=shown(box["question"]),
               fingerprint=record.fingerprint.hex())


def check_key(record, expected, report):
    key = fields_of(record.json("key.json"), ["algorithm", "public_key"], "key.json")
    need(key["algorithm"] == "Ed25519", "key.json: the algorithm is not Ed25519")
    record.public_key = is_hex(key["public_key"], 32, "key.json: public_key")
    record.key_fingerprint = sha256(record.public_key).hex()
    need(expected in (None, record.key_fingerprint),
         f"the record is signed by another key ({record.key_fingerprint}) than the one you named")
    report.say("key" if expected is None else "key_named", key=record.key_fingerprint)


def check_signatures(record, report):
    signatures = fields_of(record.json("signatures.json"), ["manifest", "result"], "signatures.json")
    for name in ("manifest", "result"):
        message = frame(name + "/1", record.fingerprint, record.members[name + ".json"])
        signature = is_hex(signatures[name], 64, "signatures.json: " + name)
        need(signature_holds(record.public_key, message, signature), f"the signature of {name}.json does not hold")
    report.say("signatures")


HEAD_NAMES = ["at", "fingerprint", "format", "kind", "number", "public_key", "root", "signature", "size"]
HEAD_KINDS = ["opening", "closing", "final"]


def check_head(head, where, optional=()):
    """The shape and the signature of one head, by the key that it names itself."""
    fields_of(head, HEAD_NAMES, where, optional)
    need(head["format"] == 1 and head["kind"] in HEAD_KINDS, f"{where}: unknown format or kind")
    fingerprint, root, public_key = (is_hex(head[name], 32, f"{where}: {name}")
                                     for name in ("fingerprint", "root", "public_key"))
    message = frame("head/1", fingerprint, head["kind"].encode("ascii"),
                    number(is_number(head["number"], f"{where}: number", 0, 2)),
                    number(is_number(head["size"], f"{where}: size")), root,
                    number(is_instant(head["at"], f"{where}: at")))
    need(signature_holds(public_key, message, is_hex(head["signature"], 64, f"{where}: signature")),
         f"{where}: the signature does not hold")


def check_heads(record, report):
    heads = is_list(record.json("heads.json"), "heads.json")
    need(len(heads) == 3, "heads.json: not three heads")
    size, at = 0, 0
    for index, head in enumerate(heads):
        where = f"the {HEAD_KINDS[index]} head"
        check_head(head, where, optional=["consistency"])
        need((head["number"], head["kind"]) == (index, HEAD_KINDS[index]), f"{where} has another number or kind")
        need(head["fingerprint"] == record.fingerprint.hex(), f"{where} is of another vote, or the vote was altered")
        need(head["public_key"] == record.public_key.hex(), f"{where} is signed by another key than the record")
        need(head["size"] >= size and is_instant(head["at"], where) >= at, f"{where} goes back in size or time")
        hashes_of(head.get("consistency"), f"{where}: consistency")
        size, at = head["size"], is_instant(head["at"], where)
    need(heads[0]["size"] == 0 and heads[0]["consistency"] == [], "the log was not empty at the opening")
    record.heads = heads
    report.say("heads", opened=heads[0]["at"], closed=heads[1]["at"], ended=heads[2]["at"])


def parse_entry(record, data, where):
    """(type, fields after type and fingerprint)"""
    fields = unframe("entry/1", data, where)
    need(len(fields) >= 2, f"{where} has too few fields")
    kind, fingerprint, rest = fields[0], fields[1], fields[2:]
    need(kind in (b"ballot", b"withdrawal", b"paper", b"objection"), f"{where} has an unknown type")
    need(fingerprint == record.fingerprint, f"{where} is of another vote, or the vote was altered")
    need([len(field) for field in rest] == ([32] if kind == b"objection" else [32, 32]), f"{where} is not well formed")
    return kind.decode("ascii"), rest


def check_log(record, report):
    lines = lines_of(record.members["entries.txt"], ENTRY_LINE, 100, "entries.txt")
    closing, final = record.heads[1]["size"], record.heads[2]["size"]
    need(len(lines) == final, f"the log has {len(lines)} entries, but the final head was signed for {final}")
    record.entries, record.hashes = [], []
    for at, (line,) in enumerate(lines):
        need(len(line) % 2 == 0, f"entry {at} ends in the middle of a byte")
        data = bytes.fromhex(line.decode("ascii"))
        kind, fields = parse_entry(record, data, f"entry {at}")
        need((kind in ("ballot", "withdrawal")) == (at < closing), f"entry {at} is on the wrong side of the close")
        record.entries.append((kind, fields))
        record.hashes.append(leaf_hash(data))
    for at in range(1, closing):
        need(record.hashes[at - 1] < record.hashes[at], f"entry {at} is not in the order of leaf hashes, or twice")
    record.numbers = {leaf: at for at, leaf in enumerate(record.hashes)}
    need(len(record.numbers) == final, "an entry stands twice in the log")
    roots = {size: tree_root(record.hashes[:size]) for size in {0, closing, final}}
    before = record.heads[0]
    for head in record.heads:
        need(head["root"] == roots[head["size"]].hex(), f"the log is not the one of the {head['kind']} head")
        proof = hashes_of(head["consistency"], "heads.json: consistency")
        need(consistency_holds(before["size"], roots[before["size"]], head["size"], roots[head["size"]], proof),
             f"the consistency proof of the {head['kind']} head does not hold")
        before = head
    report.say("log", count=final, closing=closing)


def leaves_of(record, *kinds):
    return [at for at, (kind, _) in enumerate(record.entries) if kind in kinds]


def check_openings(record, report):
    """Opens the who-half of every ballot and withdrawal, and derives from it which ballots are live."""
    lines = lines_of(record.members["openings.txt"], OPENING_LINE, 133, "openings.txt")
    need(len(lines) == record.heads[1]["size"], "openings.txt: not one line for every ballot and withdrawal")
    tags = {}
    for at, (leaf, n1, tag, revision) in enumerate(lines):
        need(int(leaf) == at, f"openings.txt: line {at + 1} is not for leaf {at}")
        need(int(revision) < 2**32, f"openings.txt: the revision of leaf {at} is too large")
        who = framed_hash("who/1", bytes.fromhex(n1.decode()), bytes.fromhex(tag.decode()), number(int(revision), 4))
        kind, fields = record.entries[at]
        need(fields[0] == who, f"leaf {at} is not the {kind} that openings.txt says it is")
        tags.setdefault(tag, []).append((int(revision), kind, at))
    record.live, record.fates = [], {}
    for casts in tags.values():
        derive_live(record, sorted(casts))
    record.live.sort()
    fates = list(record.fates.values())
    record.withdrawals, record.replaced = len(leaves_of(record, "withdrawal")), fates.count("replaced")
    report.say("openings", voters=len(tags), ballots=len(leaves_of(record, "ballot")), live=len(record.live),
               replaced=record.replaced, withdrawn=record.withdrawals)


def derive_live(record, casts):
    """One voter's ballots, sorted by revision: the last one counts, unless it was withdrawn."""
    leaves = [at for _, _, at in casts]
    need([revision for revision, _, _ in casts] == list(range(1, len(casts) + 1)),
         f"the revisions of the voter of leaf {leaves[0]} are not 1, 2, 3 … without gaps")
    need(all(kind == "ballot" for _, kind, _ in casts[:-1]), f"the voter of leaf {leaves[0]} voted after a withdrawal")
    if casts[-1][1] == "withdrawal":
        need(len(casts) > 1, f"leaf {leaves[0]} withdraws a ballot that does not exist")
        record.fates.update(dict.fromkeys(leaves, "withdrawn"))
        return
    record.fates.update(dict.fromkeys(leaves[:-1], "replaced"))
    record.fates[leaves[-1]] = "counted"
    record.live.append(leaves[-1])


def parse_choice(rule, data, where):
    """The values of all options, or None for an explicit blank. Refuses what is not canonical (section 3)."""
    need(len(data) == 2 * rule["options"] + 1 and data[0] in (0, 1), f"{where}: wrong length, or unknown first byte")
    values = [int.from_bytes(data[at : at + 2], "big") for at in range(1, len(data), 2)]
    if data[0] == 1:
        need(not any(values), f"{where}: an explicit blank with choices")
        return None
    kind, limit = rule["kind"], rule.get("limit")
    if kind == "yes_no":
        need(all(value in (1, 2, 3) for value in values), f"{where}: an option without yes, no or blank")
    else:
        need(kind == "points" or all(value in (0, 1) for value in values), f"{where}: an unknown value")
        need(1 <= sum(values) <= limit, f"{where}: nothing chosen, or more than the limit")
        need("exactly" not in rule or sum(values) == limit, f"{where}: not exactly as many as asked for")
    for group in rule.get("groups", []):
        chosen = sum(values[option - 1] for option in group["options"])
        need(group["min"] <= chosen <= group["max"], f"{where}: {chosen} chosen of a group, which its limits forbid")
    if "money" in rule:
        need(sum(value * cost for value, cost in zip(values, rule["money"]["costs"])) <= rule["money"]["limit"],
             f"{where}: what is chosen costs more than the limit")
    return values


def check_choices(record, report):
    """Opens the what-half of every live ballot."""
    lines = lines_of(record.members["choices.txt"], CHOICE_LINE, 73, "choices.txt")
    need(len(lines) == len(record.live), "choices.txt: not one line for every live ballot")
    record.choices = []
    for at, (leaf, n2, written) in zip(record.live, lines):
        need(int(leaf) == at, f"choices.txt: where leaf {at} is expected there is leaf {int(leaf)}")
        need(len(written) == 4 * record.rule["options"] + 2, f"leaf {at}: the choice has a wrong length")
        choice = bytes.fromhex(written.decode("ascii"))
        what = framed_hash("what/1", bytes.fromhex(n2.decode("ascii")), choice)
        need(record.entries[at][1][1] == what, f"leaf {at} is not the choice that choices.txt says it is")
        record.choices.append(parse_choice(record.rule, choice, f"leaf {at}"))
    report.say("choices", count=len(lines))


def items_of(record, name, kind):
    """The items of a list that has one object for each leaf of a type, in their order."""
    items, leaves = is_list(record.json(name), name), leaves_of(record, kind)
    need(len(items) == len(leaves), f"{name}: not one for every {kind} leaf")
    for leaf, item in zip(leaves, items):
        need(type(item) is dict and item.get("leaf") == leaf, f"{name}: where leaf {leaf} is expected there is another")
    return list(zip(leaves, items))


def check_paper(record, report):
    record.batches, numbers = [], set()
    for leaf, item in items_of(record, "paper.json", "paper"):
        where = f"the paper batch of leaf {leaf}"
        fields_of(item, ["figures", "leaf", "n"], where)
        figures = fields_of(item["figures"], ["counted", "invalid", "number", "sheets"], where)
        for name in figures:
            is_number(figures[name], f"{where}: {name}")
        need(figures["sheets"] == figures["counted"] + figures["invalid"] >= 1, f"{where} does not add up")
        need(figures["number"] >= 1 and figures["number"] not in numbers, f"{where} has the number of another one")
        numbers.add(figures["number"])
        opened = framed_hash("text/1", is_hex(item["n"], 32, where), canonical(figures))
        need(record.entries[leaf][1][0] == opened, f"{where} has other figures than those in the log")
        record.batches.append(figures)
    if record.with_choices:
        check_paper_choices(record)
    report.say("paper", batches=len(record.batches), counted=sum(batch["counted"] for batch in record.batches))


def check_paper_choices(record):
    items = items_of(record, "paper-choices.json", "paper")
    for (leaf, item), figures in zip(items, record.batches):
        where = f"the paper batch of leaf {leaf}"
        fields_of(item, ["choices", "leaf", "n2"], where)
        need(len(is_list(item["choices"], where)) == figures["counted"], f"{where} has not as many choices as counted")
        choices = [is_hex(choice, 2 * record.rule["options"] + 1, where) for choice in item["choices"]]
        what = framed_hash("what/1", is_hex(item["n2"], 32, where), b"".join(choices))
        need(record.entries[leaf][1][1] == what, f"{where} has other choices than those in the log")
        record.choices += [parse_choice(record.rule, choice, where) for choice in choices]


def check_objections(record, report):
    withheld = 0
    for leaf, item in items_of(record, "objections.json", "objection"):
        where = f"the objection of leaf {leaf}"
        if "withheld" in item:
            is_text(fields_of(item, ["leaf", "withheld"], where)["withheld"], where)
            withheld += 1
            continue
        fields_of(item, ["leaf", "n", "objection"], where)
        need(type(item["objection"]) is dict, f"{where} is not an object")
        is_text(item["objection"].get("text"), where)
        opened = framed_hash("text/1", is_hex(item["n"], 32, where), canonical(item["objection"]))
        need(record.entries[leaf][1][0] == opened, f"{where} has other words than those in the log")
    report.say("objections", count=len(leaves_of(record, "objection")), withheld=withheld)


# 4. What must add up ------------------------------------------------------------------------------------------------


def numbers_of(value, names, where):
    fields_of(value, names, where)
    for name in names:
        is_number(value[name], f"{where}: {name}")
    return value


def check_result_shape(record):
    result = record.json("result.json")
    names = ["ballots", "blank", "final_root", "final_size", "format", "paper", "replaced", "totals", "turnout",
             "withdrawn"]
    fields_of(result, names, "result.json", optional=["breakdown", "outcome"])
    need(("outcome" in result) == ("budget" in record.box),
         "result.json: an outcome stands in the result of a vote on a budget, and in no other")
    for name in ("ballots", "blank", "final_size", "replaced", "withdrawn"):
        is_number(result[name], "result.json: " + name)
    need(result["format"] == 1, "result.json: another format version than 1")
    need((result["final_size"], result["final_root"]) == (record.heads[2]["size"], record.heads[2]["root"]),
         "result.json is not for the log of the final head")
    numbers_of(result["paper"], ["counted", "invalid", "issued", "spoiled", "taken_back", "unreturned"], "paper")
    numbers_of(result["turnout"], ["assisted", "online", "paper_returned", "roll", "total"], "turnout")
    totals = is_list(result["totals"], "result.json: totals")
    need(len(totals) == record.rule["options"], "result.json: not one total for every option")
    counted = {"approval": ["votes"], "points": ["points"], "yes_no": ["blank", "no", "yes"]}[record.rule["kind"]]
    for at, total in enumerate(totals, start=1):
        numbers_of(total, ["option", *counted], f"result.json: total of option {at}")
        need(total["option"] == at, f"result.json: the total of option {at} is not in its place")
    need(result["blank"] <= result["ballots"], "result.json: more blank ballots than ballots")
    record.result = result


def count(record):
    """(ballots, explicit blanks, totals) from the opened choices."""
    valid = [values for values in record.choices if values is not None]
    totals = []
    for at in range(record.rule["options"]):
        column = [values[at] for values in valid]
        if record.rule["kind"] == "yes_no":
            tally = {"yes": column.count(1), "no": column.count(2), "blank": column.count(3)}
        else:
            tally = {"votes" if record.rule["kind"] == "approval" else "points": sum(column)}
        totals.append({"option": at + 1, **tally})
    return len(record.choices), len(record.choices) - len(valid), totals


def check_totals_possible(record):
    """Without the choices: could any ballots give these totals at all?"""
    rule, result = record.rule, record.result
    valid = result["ballots"] - result["blank"]
    if rule["kind"] == "yes_no":
        for total in result["totals"]:
            need(total["yes"] + total["no"] + total["blank"] == valid,
                 f"option {total['option']}: yes, no and blank are not as many as ballots")
        return
    figures = [total["votes" if rule["kind"] == "approval" else "points"] for total in result["totals"]]
    if rule["kind"] == "approval":
        need(max(figures) <= valid, "an option has more votes than there are ballots")
    least = rule["limit"] * valid if "exactly" in rule else valid
    need(least <= sum(figures) <= rule["limit"] * valid, "no ballots within the limit could give these totals")
    for group in rule.get("groups", []):
        chosen = sum(figures[option - 1] for option in group["options"])
        need(group["min"] * valid <= chosen <= group["max"] * valid,
             "no ballots within the limits of the groups could give these totals")
    if "money" in rule:
        spent = sum(votes * cost for votes, cost in zip(figures, rule["money"]["costs"]))
        need(spent <= rule["money"]["limit"] * valid, "no ballots within the money could give these totals")


def check_totals(record, report):
    result = record.result
    if record.with_choices:
        ballots, blank, totals = count(record)
        need(result["ballots"] == ballots, f"recounted {ballots} ballots, but the result says {result['ballots']}")
        need(result["blank"] == blank, f"recounted {blank} blank ballots, but the result says {result['blank']}")
        for mine, theirs in zip(totals, result["totals"]):
            need(mine == theirs,
                 f"option {mine['option']} recounted: {tally_text(mine)}; the result says: {tally_text(theirs)}")
        report.say("recounted", ballots=ballots)
    else:
        check_totals_possible(record)
        report.say("possible", ballots=result["ballots"])
    for option, total in zip(record.box["options"], result["totals"]):
        report.say("total", option=total["option"], title=shown(option["title"]), tally=tally_text(total))
    report.say("blank", blank=result["blank"])


def tally_text(total):
    return ", ".join(f"{name} {total[name]}" for name in ("votes", "points", "yes", "no", "blank") if name in total)


def check_reconciliation(record, report):
    """The figures of ballots, papers and participations against each other; the numbers are those of section 4."""
    parts = numbers_of(record.json("participations.json"), ["assisted", "online", "paper_issued", "paper_returned"],
                       "participations.json")
    result, paper, turnout = record.result, record.result["paper"], record.result["turnout"]
    live, returned = len(record.live), paper["counted"] + paper["invalid"]
    need(live == parts["online"] + parts["assisted"],
         f"{live} live ballots, but {parts['online'] + parts['assisted']} people took part online or assisted")
    need(result["ballots"] == live + paper["counted"], "ballots are not live ballots and counted papers together")
    need(result["replaced"] == record.replaced, "another number of replaced ballots than in the log")
    need(result["withdrawn"] == record.withdrawals, "another number of withdrawals than in the log")
    for name in ("counted", "invalid"):
        need(sum(batch[name] for batch in record.batches) == paper[name], f"the batches have not as many papers {name}")
    need(paper["issued"] == returned + paper["spoiled"] + paper["taken_back"] + paper["unreturned"],
         "the papers issued are not those counted, invalid, spoiled, taken back and unreturned together")
    need(parts["paper_returned"] == returned, "not as many people returned a paper as papers came back")
    need(parts["paper_issued"] == paper["unreturned"], "not as many people kept a paper as papers are unreturned")
    need(record.withdrawals <= paper["issued"], "more ballots were withdrawn than papers issued")
    for name in ("online", "assisted", "paper_returned"):
        need(turnout[name] == parts[name], f"the turnout has another number of {name} than the participations")
    need(turnout["total"] == turnout["online"] + turnout["assisted"] + turnout["paper_returned"],
         "the turnout is not the sum of its channels")
    need(turnout["total"] + parts["paper_issued"] <= turnout["roll"], "more people took part than are in the roll")
    report.say("reconciled", issued=paper["issued"])
    report.say("turnout", total=turnout["total"], roll=turnout["roll"], online=turnout["online"],
               assisted=turnout["assisted"], paper=turnout["paper_returned"])


def check_breakdown(record, report):
    """Turnout by neighbourhood or the like; small cells are hidden, and cannot be found by subtracting."""
    if "breakdown" not in record.result:
        return
    fields_of(record.result["breakdown"], ["by", "cells"], "the breakdown")
    is_text(record.result["breakdown"]["by"], "the breakdown: by")
    cells = is_list(record.result["breakdown"]["cells"], "the breakdown: cells")
    for at, cell in enumerate(cells, start=1):
        where = f"cell {at} of the breakdown"
        hidden = type(cell) is dict and "hidden" in cell
        fields_of(cell, ["name", "roll", "hidden" if hidden else "voted"], where)
        is_text(cell["name"], where)
        is_number(cell["roll"], where)
        is_number(cell["hidden" if hidden else "voted"], where, 1 if hidden else 0, 1 if hidden else cell["roll"])
        need(hidden or cell["voted"] >= 10, f"{where} has fewer than ten voters and is not hidden")
    need(len({cell["name"] for cell in cells}) == len(cells), "the breakdown has a cell twice")
    turnout, hidden = record.result["turnout"], [cell for cell in cells if "hidden" in cell]
    rest = turnout["total"] - sum(cell.get("voted", 0) for cell in cells)
    need(sum(cell["roll"] for cell in cells) == turnout["roll"], "the rolls of the breakdown are not the whole roll")
    need(0 <= rest <= sum(cell["roll"] for cell in hidden), "the breakdown does not add up to the turnout")
    need(len(hidden) in (0, len(cells)) or (len(hidden) > 1 and rest >= 10),
         "a hidden cell of the breakdown can be found by subtracting")
    report.say("breakdown", cells=len(cells), hidden=len(hidden))


# A vote on a budget: what box.json says of it, and what the result makes of the totals -------------------------------

RULES = ["greedy", "weighted", "equal-shares"]


def check_budget(record, budget):
    """The money, the projects and the rules, as they were frozen at the opening. Filled in: record.projects."""
    where = "box.json: budget"
    need(record.rule["kind"] == "approval", f"{where}: the ballots of a budget mark projects")
    fields_of(budget, ["amount", "currency", "projects", "rules"], where,
              optional=budget if type(budget) is dict else ())
    is_exact(budget["amount"], f"{where}: amount")
    is_text(budget["currency"], f"{where}: currency")
    need(len(is_list(budget["projects"], where)) == record.rule["options"],
         f"{where}: not one project for every option")
    record.projects = {}
    for at, project in enumerate(budget["projects"], start=1):
        need(type(project) is dict and project.get("number") == at, f"{where}: project {at} is not numbered {at}")
        name = is_text(project.get("id"), f"{where}: id of project {at}")
        need(name not in record.projects, f"{where}: the id of project {at} stands twice")
        record.projects[name] = (at, is_exact(project.get("cost"), f"{where}: cost of project {at}"))
    for group in is_list(budget.get("exclusions", []), f"{where}: exclusions"):
        for option in is_list(group, f"{where}: exclusions"):
            is_number(option, f"{where}: exclusions", 1, record.rule["options"])
    if "lot" in budget:
        need(all(type(name) is str for name in is_list(budget["lot"], f"{where}: lot"))
             and sorted(budget["lot"]) == sorted(record.projects), f"{where}: the lot does not name every project once")
    check_counting_rules(record, budget)


def check_counting_rules(record, budget):
    where, rules = "box.json: budget: rules", budget["rules"]
    fields_of(rules, ["order", "rule", "skips", "threshold", "weights"], where,
              optional=rules if type(rules) is dict else ())
    need(rules["rule"] in RULES and rules["order"] in ("votes", "votes-per-cost"), f"{where}: unknown rule or order")
    is_number(rules["skips"], f"{where}: skips", 0, 1)
    is_number(rules["threshold"], f"{where}: threshold")
    weights = fields_of(rules["weights"], [], f"{where}: weights", optional=["committee", "residents"])
    for body in weights:
        is_exact(weights[body], f"{where}: weights")
    need((rules["rule"] == "weighted") == (weights != {}), f"{where}: weights stand with the weighted rule, and alone")
    if "committee" in budget:
        where = "box.json: budget: committee"
        fields_of(budget["committee"], ["ballots", "votes"], where)
        most = is_number(budget["committee"]["ballots"], where)
        need(len(is_list(budget["committee"]["votes"], where)) == record.rule["options"], f"{where}: too short or long")
        for votes in budget["committee"]["votes"]:
            is_number(votes, where, 0, most)
    need("committee" in budget or "committee" not in weights, f"{where}: the votes of the committee are missing")


def check_outcome(record, report):
    """What is funded, by itself and against the totals. Greedy and weighted are counted again from the totals; equal
    shares is not: that takes a program of its own."""
    budget, outcome = record.box["budget"], record.result["outcome"]
    fields_of(outcome, ["count", "format", "other"], "the outcome", optional=["hidden"])
    need(outcome["format"] == 1, "the outcome: another format version than 1")
    names = ["budget", "cost", "not_selected", "rounds", "rules", "selected", "voters"]
    found = fields_of(outcome["count"], names, "the outcome",
                      optional=outcome["count"] if type(outcome["count"]) is dict else ())
    need(found["rules"] == budget["rules"], "the outcome was counted by other rules than those of the box")
    need(is_exact(found["budget"], "the outcome: budget") == is_exact(budget["amount"], "amount"),
         "the outcome is of another sum of money than the box")
    need(found["voters"] == record.result["ballots"], "the outcome is of another number of ballots than the result")
    votes = {name: record.result["totals"][at - 1]["votes"] for name, (at, _) in record.projects.items()}
    funded = selected_of(record, found, "the outcome")
    check_lines(record, found, votes)
    worth = {name: worth_of(record, name, votes) for name in record.projects}
    for name in funded:
        need(worth[name] > 0 and votes[name] >= budget["rules"]["threshold"],
             f"the outcome funds {shown(name)}, which has too few votes")
    other = fields_of(outcome["other"], ["cost", "rules", "selected"], "the outcome beside it",
                      optional=["voters_with_a_funded_choice"])
    selected_of(record, other, "the outcome beside it")
    report.say("funded", count=len(funded), projects=len(votes), cost=shown(found["cost"]),
               amount=shown(budget["amount"]), currency=shown(budget["currency"]))
    for name in funded:
        at, _ = record.projects[name]
        report.say("project", id=shown(name), title=shown(record.box["options"][at - 1]["title"]), votes=votes[name])
    if budget["rules"]["rule"] == "equal-shares":
        report.say("not_counted_again")
        return
    rule, mine = budget["rules"]["rule"], go_down(record, votes, worth)
    need(mine == funded, f"counted again by {rule} other projects are funded: {', '.join(map(shown, mine))}")
    report.say("counted_again", rule=rule)


def selected_of(record, found, where):
    """The ids of the funded projects: each once, within the money, never two that exclude one another."""
    budget, funded = record.box["budget"], is_list(found["selected"], f"{where}: selected")
    need(all(type(name) is str and name in record.projects for name in funded) and len(set(funded)) == len(funded),
         f"{where}: selected does not name projects of the box, each once")
    cost = sum(record.projects[name][1] for name in funded)
    need(is_exact(found["cost"], f"{where}: cost") == cost, f"{where}: the funded projects do not cost what it says")
    need(cost <= is_exact(budget["amount"], "amount"), f"{where}: the funded projects cost more than there is")
    numbers = {record.projects[name][0] for name in funded}
    need(all(len(numbers & set(group)) <= 1 for group in budget.get("exclusions", [])),
         f"{where}: two projects are funded of which only one can be")
    if record.with_choices and "voters_with_a_funded_choice" in found:
        glad = sum(values is not None and any(values[at - 1] for at in numbers) for values in record.choices)
        need(found["voters_with_a_funded_choice"] == glad,
             f"{where}: {glad} voters have a funded project among their choices, and it says otherwise")
    return funded


def check_lines(record, found, votes):
    """Every project has one line, the funded ones in their order, with the votes and the cost that it has."""
    where = "the outcome: lines of projects"
    rounds, others = is_list(found["rounds"], where), is_list(found["not_selected"], where)
    need(all(type(line) is dict and line.get("project") in record.projects for line in [*rounds, *others]),
         f"{where}: one is of no project of the box")
    need([line["project"] for line in rounds] == found["selected"], f"{where}: not the funded ones in their order")
    need(sorted(line["project"] for line in [*rounds, *others]) == sorted(record.projects),
         f"{where}: not every project stands there once")
    for line in [*rounds, *others]:
        name = line["project"]
        need(is_exact(line.get("votes"), f"{where}: votes") == votes[name]
             and is_exact(line.get("cost"), f"{where}: cost") == record.projects[name][1],
             f"{where}: {shown(name)} has other votes or another cost than in box and totals")


def worth_of(record, name, votes):
    """What a project is ranked by: its votes; by the weighted rule the weighted shares of all who vote."""
    budget, weights = record.box["budget"], record.box["budget"]["rules"]["weights"]
    if budget["rules"]["rule"] != "weighted":
        return fractions.Fraction(votes[name])
    worth = fractions.Fraction(0)
    if "residents" in weights and record.result["ballots"]:
        worth += fractions.Fraction(weights["residents"]) * votes[name] / record.result["ballots"]
    if "committee" in weights and budget["committee"]["ballots"]:
        marked = budget["committee"]["votes"][record.projects[name][0] - 1]
        worth += fractions.Fraction(weights["committee"]) * marked / budget["committee"]["ballots"]
    return worth


def go_down(record, votes, worth):
    """Greedy: down the list once, funding what fits. In ties: lower cost, more votes, then the lot or the id."""
    budget, rules = record.box["budget"], record.box["budget"]["rules"]
    lot = {name: place for place, name in enumerate(budget.get("lot", []))}

    def rank(name):
        cost, value = record.projects[name][1], worth[name]
        if rules["order"] == "votes-per-cost":
            best = (1, -value / cost) if cost else (0, 0)
        else:
            best = (1, -value)
        return *best, cost, -votes[name], lot.get(name, name)

    left, funded, taken = is_exact(budget["amount"], "amount"), [], set()
    for name in sorted(record.projects, key=rank):
        at, cost = record.projects[name]
        excluded = any(at in group and taken & set(group) for group in budget.get("exclusions", []))
        if not worth[name] or votes[name] < rules["threshold"] or excluded:
            continue
        if cost > left:
            if not rules["skips"]:
                break
            continue
        funded.append(name)
        taken.add(at)
        left -= cost
    return funded


def check_record(data, key, report):
    record = report.record = Record(data)
    check_manifest(record, report)
    check_box(record, report)
    check_key(record, key, report)
    check_signatures(record, report)
    check_heads(record, report)
    check_log(record, report)
    check_openings(record, report)
    if record.with_choices:
        check_choices(record, report)
    check_paper(record, report)
    check_objections(record, report)
    check_result_shape(record)
    check_totals(record, report)
    check_reconciliation(record, report)
    check_breakdown(record, report)
    if "budget" in record.box:
        check_outcome(record, report)
    return record


# 5. What people kept ------------------------------------------------------------------------------------------------


def same_vote(record, item, where):
    need(is_hex(item["fingerprint"], 32, f"{where}: fingerprint") == record.fingerprint, f"{where} is of another vote")
    if "public_key" in item:
        need(item["public_key"] == record.public_key.hex(), f"{where} is signed by another key than the record")


def check_kept_head(record, head, where):
    check_head(head, where, optional=["consistency"])
    same_vote(record, head, where)
    kept = {name: head[name] for name in HEAD_NAMES}
    ours = record.heads[head["number"]]
    need(kept == {name: ours[name] for name in HEAD_NAMES},
         f"{where} is not one of the record's heads, and both are signed by the same key: one vote has two logs")


def check_inclusion(record, item, leaf, where):
    """A number, proof and head, as in receipts and inclusion proofs."""
    check_kept_head(record, item["head"], where + ": head")
    index, size, root = is_number(item["number"], f"{where}: number"), item["head"]["size"], item["head"]["root"]
    need(inclusion_holds(leaf, index, size, hashes_of(item["proof"], f"{where}: proof"), bytes.fromhex(root)),
         f"{where}: the inclusion proof does not hold")


def tracker(leaf):
    """The first 60 bits of a leaf hash as 12 characters of Crockford's base32."""
    value = int.from_bytes(leaf[:8], "big") >> 4
    letters = "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[value >> shift & 31] for shift in range(55, -1, -5))
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def check_receipt(record, receipt, where, report):
    late = ["head", "number", "proof"]
    fields_of(receipt, ["fingerprint", "format", "leaf", "public_key", "signature", "tracker"], where, optional=late)
    need(receipt["format"] == 1, f"{where}: another format version than 1")
    same_vote(record, receipt, where)
    leaf = is_hex(receipt["leaf"], 32, f"{where}: leaf")
    signature = is_hex(receipt["signature"], 64, f"{where}: signature")
    need(signature_holds(record.public_key, frame("promise/1", record.fingerprint, leaf), signature),
         f"{where}: the signature does not hold")
    need(receipt["tracker"] == tracker(leaf), f"{where}: the tracker is not that of the leaf")
    fate = record.fates.get(record.numbers.get(leaf))
    need(fate, f"{where}: the ballot {tracker(leaf)} was promised to be in the log and is not: this receipt proves it")
    need(record.entries[record.numbers[leaf]][0] == "ballot", f"{where} is for a leaf that is not a ballot")
    if any(name in receipt for name in late):
        fields_of(receipt, late, where, optional=receipt)
        check_inclusion(record, receipt, leaf, where)
    report.say("receipt_" + fate, tracker=tracker(leaf), leaf=record.numbers[leaf])


def check_proof(record, proof, where, report):
    inclusion = type(proof) is dict and proof.get("kind") == "inclusion"
    names = ["head", "leaf", "number", "size"] if inclusion else ["new", "old"]
    fields_of(proof, ["fingerprint", "format", "kind", "proof", *names], where)
    need(proof["format"] == 1 and proof["kind"] in ("inclusion", "consistency"), f"{where}: unknown format or kind")
    same_vote(record, proof, where)
    if inclusion:
        check_inclusion(record, proof, is_hex(proof["leaf"], 32, f"{where}: leaf"), where)
        need(proof["size"] == proof["head"]["size"], f"{where} has another size than its head")
    else:
        old = is_number(proof["old"], f"{where}: old", 0, len(record.hashes))
        new = is_number(proof["new"], f"{where}: new", old, len(record.hashes))
        roots = tree_root(record.hashes[:old]), tree_root(record.hashes[:new])
        need(consistency_holds(old, roots[0], new, roots[1], hashes_of(proof["proof"], f"{where}: proof")),
             f"{where}: the consistency proof does not hold")
    report.say("proof", kind=proof["kind"])


def check_same(record, other, report):
    """Two editions of one vote: everything that both have must be equal but for the manifests and their signatures."""
    for name in WITH_CHOICES[1:-1] if record.with_choices and other.with_choices else TOTALS_ONLY[1:-1]:
        need(record.members[name] == other.members[name], f"the two editions differ in {name}")
    for one, two in ((record, other), (other, record)):
        if one.public_sha256 is not None and not two.with_choices:
            need(one.public_sha256 == sha256(two.data), "the observers' edition was made with another public file")
    report.say("same")


# 6. The command -----------------------------------------------------------------------------------------------------

SENTENCES = {
    "zip": ("The zip file is canonical: written again from its {count} members it is the same, byte for byte.",
            "zip 파일이 정해진 모양이에요. 파일 {count}개로 다시 만들어도 한 바이트도 다르지 않아요."),
    "manifest": ("Every member has the SHA-256 that the manifest names; edition: {edition}.",
                 "모든 파일의 SHA-256이 목록과 같아요. 판: {edition}."),
    "box": ("The vote: {title}: {question} Fingerprint {fingerprint}.",
            "투표: {title}: {question} 지문 {fingerprint}."),
    "key": ("The signing key has the fingerprint {key}. Compare it with one that you know from elsewhere (--key).",
            "서명 열쇠의 지문은 {key}예요. 다른 곳에서 알게 된 지문과 견줘 보세요(--key)."),
    "key_named": ("The signing key is the one you named, {key}.", "서명 열쇠가 알려 주신 것과 같아요. {key}."),
    "signatures": ("The signatures of manifest and result hold.", "목록과 결과의 서명이 맞아요."),
    "heads": ("The signatures of the three heads hold: opening {opened}, closing {closed}, final {ended}.",
              "기록 확인값 세 개의 서명이 맞아요. 시작 {opened}, 마감 {closed}, 마지막 {ended}."),
    "log": ("The log of {count} entries, {closing} of them by the closing, is the one the heads were signed for.",
            "기록 {count}줄(마감까지 {closing}줄)이 기록 확인값에 서명된 것과 같아요."),
    "openings": ("{voters} voters cast {ballots} ballots: {live} live, {replaced} replaced; {withdrawn} withdrawals.",
                 "{voters}명이 {ballots}번 투표했어요. 살아 있는 표 {live}, 바뀐 표 {replaced}, 거둔 것 {withdrawn}."),
    "choices": ("The choices of {count} live ballots are those in the log, and each is a choice the rules allow.",
                "살아 있는 표 {count}개의 선택이 기록과 같고 모두 규칙에 맞아요."),
    "paper": ("{batches} paper batches with {counted} counted ballots are those in the log.",
              "종이 묶음 {batches}개, 센 종이 {counted}장이 기록과 같아요."),
    "objections": ("{count} objections are those in the log ({withheld} withheld).",
                   "이의 제기 {count}건이 기록과 같아요(가린 것 {withheld}건)."),
    "recounted": ("Recounted: {ballots} ballots, with the same totals as the result.",
                  "다시 셌어요. 표 {ballots}개, 결과와 같아요."),
    "possible": ("The totals are possible for {ballots} ballots.", "합계가 표 {ballots}개로 나올 수 있는 수예요."),
    "total": ("  {option}. {title}: {tally}", "  {option}. {title}: {tally}"),
    "blank": ("  Explicit blanks: {blank}", "  기권: {blank}"),
    "reconciled": ("Ballots, papers ({issued} issued) and participations add up.",
                   "표와 종이(내준 것 {issued}장)와 투표한 사람 수가 서로 맞아요."),
    "turnout": ("Turnout: {total} of {roll} ({online} online, {assisted} assisted, {paper} on paper).",
                "투표한 사람: {roll}명 가운데 {total}명(온라인 {online}, 도움 {assisted}, 종이 {paper})."),
    "breakdown": ("The breakdown into {cells} cells adds up; {hidden} are hidden as they must be.",
                  "나눠 본 {cells}칸의 합이 맞고, {hidden}칸이 규칙대로 가려져 있어요."),
    "funded": ("The budget: {count} of {projects} projects for {cost} of {amount} {currency}; they add up.",
               "예산: 사업 {projects}개 가운데 {count}개, {amount} {currency} 가운데 {cost}. 서로 맞아요."),
    "project": ("  {id}. {title}: votes {votes}", "  {id}. {title}: votes {votes}"),
    "counted_again": ("Counted again from the totals by the rule {rule}: the same projects in the same order.",
                      "합계에서 {rule} 규칙으로 다시 계산했어요. 같은 사업이 같은 차례로 뽑혀요."),
    "not_counted_again": ("NOT COUNTED AGAIN HERE: the rule is equal shares. `budget count` counts it from the edition "
                          "with choices.",
                          "여기서 다시 계산하지 않음: 규칙이 균등 배분이에요. 선택이 있는 판에서 `budget count`로 "
                          "다시 계산할 수 있어요."),
    "head": ("The head in {file} is one of the record's.", "{file}의 기록 확인값이 기록에 있어요."),
    "receipt_counted": ("The ballot {tracker} is in the log as leaf {leaf}, and counts.",
                        "{tracker} 표가 기록 {leaf}번에 있고, 세어졌어요."),
    "receipt_replaced": ("The ballot {tracker} is in the log as leaf {leaf}; a later ballot replaced it.",
                         "{tracker} 표가 기록 {leaf}번에 있고, 나중 표로 바뀌었어요."),
    "receipt_withdrawn": ("The ballot {tracker} is in the log as leaf {leaf}; it was withdrawn for a paper ballot.",
                          "{tracker} 표가 기록 {leaf}번에 있고, 종이 투표로 거뒀어요."),
    "proof": ("The {kind} proof holds for this log.", "증명({kind})이 이 기록에 맞아요."),
    "same": ("Both editions hold and tell the same log and the same result.", "두 판이 모두 맞고 기록과 결과가 같아요."),
    "not_recounted": ("NOT RECOUNTED: this edition has no choices, so the totals are the signer's word. "
                      "The observers recount from theirs.",
                      "다시 세지 않음: 이 판에는 선택이 없어서 합계는 서명한 쪽의 말이에요. 참관인이 다시 세요."),
    "rehearsal": ("REHEARSAL: this was a rehearsal, not a vote. Its result counts for nothing.",
                  "예행연습: 진짜 투표가 아니었어요. 이 결과는 아무 효력이 없어요."),
    "ok_named": ("OK: everything checked holds; signed by the key you named.",
                 "맞아요: 확인한 것이 모두 맞고, 알려 주신 열쇠로 서명됐어요."),
    "ok": ("OK: consistent; signer not confirmed.", "맞아요: 기록이 서로 맞아요. 누가 서명했는지는 확인하지 않았어요."),
    "wrong": ("WRONG: {wrong}", "틀렸어요: {wrong}"),
}


class Report:
    """Collects the sentences about what was checked."""

    def __init__(self, language):
        self.language, self.lines, self.record = language, [], None

    def sentence(self, name, **values):
        return SENTENCES[name][self.language == "ko"].format(**values)

    def say(self, name, **values):
        self.lines.append(self.sentence(name, **values))

    def print_lines(self, key, wrong):
        rehearsal = [self.sentence("rehearsal")] if self.record and self.record.rehearsal else []
        checked = list(self.lines)
        if wrong is None and not self.record.with_choices:
            checked.append(self.sentence("not_recounted"))
        last = self.sentence("wrong", wrong=wrong) if wrong else self.sentence("ok" if key is None else "ok_named")
        print("\n".join([*rehearsal, *checked, *rehearsal, last]))

    def print_json(self, key, wrong):
        record = self.record
        told = {"format": 1, "ok": int(wrong is None), "checked": self.lines,
                "signer_confirmed": int(wrong is None and key is not None),
                "recounted": int(wrong is None and record.with_choices)}
        if wrong is not None:
            told["wrong"] = wrong
        if hasattr(record, "edition"):
            told["edition"] = record.edition
        if hasattr(record, "fingerprint"):
            told.update(fingerprint=record.fingerprint.hex(), rehearsal=int(record.rehearsal))
        if hasattr(record, "key_fingerprint"):
            told["key"] = record.key_fingerprint
        print(json.dumps(told, ensure_ascii=False, sort_keys=True))


def named(path, longest=80):
    """A path; of a long one the end, which says which file it is."""
    return shown(path if len(path) <= longest else "…" + path[1 - longest :])


def read_file(path):
    need(os.path.getsize(path) <= LARGEST_FILE, f"{named(path)} is larger than a record may be")
    with open(path, "rb") as file:
        return file.read(LARGEST_FILE)


def kept_json(path):
    """Files that people kept may have been saved with spaces, or with the mark that some editors put in front."""
    data = read_file(path)
    return parse_json(data[3:] if data.startswith(b"\xef\xbb\xbf") else data, named(path))


def check_all(options, report):
    record = check_record(read_file(options.record), options.key, report)
    for path in options.head:
        kept = kept_json(path)
        need(kept != [], f"{named(path)} has no head in it")
        for head in kept if type(kept) is list else [kept]:
            check_kept_head(record, head, named(path))
        report.say("head", file=named(path))
    for path in options.receipt:
        check_receipt(record, kept_json(path), named(path), report)
    for path in options.proof:
        check_proof(record, kept_json(path), named(path), report)
    if options.same_as:
        aside = Report(report.language)
        try:
            other = check_record(read_file(options.same_as), options.key, aside)
        except Wrong as wrong:
            raise Wrong(f"{named(options.same_as)}: {wrong}") from None
        check_same(record, other, report)


def key_fingerprint(text):
    cleaned = "".join(text.split()).replace(":", "").lower()
    if len(cleaned) != 64 or not HEX.fullmatch(cleaned):
        raise argparse.ArgumentTypeError("a key fingerprint is 64 hexadecimal digits")
    return cleaned


def options_of(arguments):
    parser = argparse.ArgumentParser(description="Checks the published record of a vote.", allow_abbrev=False)
    parser.add_argument("record", metavar="RECORD.zip")
    parser.add_argument("--key", type=key_fingerprint, metavar="FINGERPRINT", help="the signing key's SHA-256")
    parser.add_argument("--head", action="append", default=[], metavar="HEAD.json", help="a head that you kept")
    parser.add_argument("--receipt", action="append", default=[], metavar="RECEIPT.json", help="a receipt")
    parser.add_argument("--proof", action="append", default=[], metavar="PROOF.json", help="a proof you downloaded")
    parser.add_argument("--same-as", metavar="OTHER.zip", help="another edition of the same vote")
    parser.add_argument("--language", choices=("en", "ko"), default="en")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args(arguments)


def main(arguments):
    options = options_of(arguments)
    report, wrong = Report(options.language), None
    try:
        check_all(options, report)
    except Wrong as error:
        wrong = str(error)
    except OSError as error:
        print(f"{shown(str(error.filename))} cannot be read: {error.strerror}", file=sys.stderr)
        return 2
    except Exception as error:  # A record that confuses this program must not pass, and must not look like a crash.
        wrong = f"this cannot be read as a record ({type(error).__name__})"
    print_report = report.print_json if options.json else report.print_lines
    print_report(options.key, wrong)
    return 0 if wrong is None else 1


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a terminal that knows no Korean shows question marks
    sys.exit(main(sys.argv[1:]))
