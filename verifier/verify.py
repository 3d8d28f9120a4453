#!/usr/bin/env python3
"""Checks the published record of a vote, format 2 or 3. It trusts nobody, the site that published it least of all.

It uses Python's standard library only and shares no code with the site, so it may be read and run on its own:

    python3 -I -S verify.py RECORD.zip [--key FINGERPRINT] [--head HEAD.json] [--count COUNT.json]
                                       [--receipt RECEIPT.json] [--draw FIGURES] [--same-as OTHER.zip]
                                       [--signatures SIGNATURES.json] [--confirmations CONFIRMATIONS.json]
                                       [--language en|ko]
    python3 -I -S verify.py keygen MY.key
    python3 -I -S verify.py sign RECORD.zip --key MY.key --site-key FINGERPRINT [--refuse TEXT]

FORMAT.md says what a record is; the numbers of sections below are those of that page. Every check is one call of
need(): a condition that must hold, the place in the record, and what is said there when it does not hold, in English
and Korean with " | " between them.
"""

import argparse
import binascii
import collections
import datetime
import fractions
import functools
import hashlib
import json
import math
import os
import re
import struct
import sys

LARGEST_NUMBER = 2**53 - 1
LARGEST_FILE = 512 * 2**20
LARGEST_JSON = 32 * 2**20
DEEPEST_JSON = 32
FEW = 10
HEX = re.compile(r"[0-9a-f]*")
EXACT = re.compile(r"[0-9]{1,40}(?:/[1-9][0-9]{0,39})?")
COUNTED = re.compile(r"[0-9]+(?:\.[0-9]+|/[1-9][0-9]*)?")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}Z")
SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
ZEROS = bytes(32)
CONFUSED = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error)
if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)  # exact prices can have thousands of digits


class Wrong(Exception):
    """Something does not hold; `said` is a pair of texts, English and Korean, that say where and what."""

    def __init__(self, where, sentence):
        self.said = tuple(f"{where}: {text}" for text in sentence.split(" | "))
        super().__init__(self.said[0])


class Unusable(Wrong):
    """A file that is not one that can be looked at: it proves nothing against a record."""


def need(condition, where, sentence):
    if not condition:
        raise Wrong(where, sentence)


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


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def parse_json(data, where):
    """Objects, lists, strings and whole numbers; nothing else, no name twice, not deep."""

    def whole_number(digits):
        need(len(digits) <= 16 and digits.isdigit() and int(digits) <= LARGEST_NUMBER, where, "a number is negative or "
             "large | 음수이거나 큰 수예요")
        return int(digits)

    def refused(_):
        need(False, where, "a number is not whole | 정수가 아닌 수가 있어요")

    def unique_names(pairs):
        need(len(dict(pairs)) == len(pairs), where, "a name stands twice in one object | 한 객체에 같은 이름이 두 번 있어요")
        return dict(pairs)

    def look(value, depth):
        need(depth <= DEEPEST_JSON, where, "is nested too deep | 너무 깊이 겹쳐 있어요")
        need(type(value) in (str, int, dict, list), where, "has true, false or null | true, false, null이 있어요")
        for inner in value.values() if type(value) is dict else value if type(value) is list else ():
            look(inner, depth + 1)

    need(len(data) <= LARGEST_JSON, where, "is too large | 너무 커요")
    try:
        value = json.loads(data.decode("utf-8"), parse_int=whole_number, parse_float=refused,
                           parse_constant=refused, object_pairs_hook=unique_names)
        look(value, 1)
        canonical(value)
    except (RecursionError, ValueError):
        raise Wrong(where, "is not JSON in UTF-8, or too deep | UTF-8로 쓴 JSON이 아니거나 너무 깊어요") from None
    return value


# Shapes: what a value in a member may be. A shape is a check, a tuple of the texts that it may be, [shape] for a list,
# or {name: shape} for an object. In an object "name?" may be missing, and beside "*?" any other names may stand.


def shaped(value, shape, where):
    """The value, which is refused if it has another shape."""
    if callable(shape):
        shape(value, where)
    elif type(shape) is tuple:
        need(value in shape, where, "is not known | 모르는 값이에요")
    elif type(shape) is list:
        for at, item in enumerate(is_list(value, where), start=1):
            shaped(item, shape[0], f"{where}: {at}")
    else:
        names = {name.rstrip("?"): inner for name, inner in shape.items()}
        fields_of(value, [name for name in names if name in shape], where, value if "*?" in shape else names)
        for name in filter(value.__contains__, names):
            shaped(value[name], names[name], f"{where}: {name}")
    return value


def of_kind(**shapes):
    """The check of an object whose `kind` says which of these shapes it has."""
    def check(value, where):
        need(type(value) is dict and value.get("kind") in list(shapes), where, "an unknown kind | 모르는 종류예요")
        shaped(value, {"kind": is_text, **shapes[value["kind"]]}, where)
    return check


def fields_of(value, names, where, optional=()):
    """Refuses an object that lacks one of the names or has others than these and the optional ones."""
    is_object(value, where)
    missing = ", ".join(sorted(set(names) - set(value)))
    need(not missing, where, f"lacks {missing} | {missing} 없음")
    unknown = shown(", ".join(sorted(set(value) - set(names) - set(optional))))
    need(not unknown, where, f"has names that the format does not know: {unknown} | 형식에 없는 이름이 있어요: {unknown}")


def is_object(value, where):
    need(type(value) is dict, where, "is not an object | 객체가 아니에요")


def is_list(value, where, least=0, most=LARGEST_NUMBER):
    need(type(value) is list, where, "is not a list | 목록이 아니에요")
    need(least <= len(value) <= most, where, "too few or too many | 너무 적거나 많아요")
    return value


def is_string(value, where):
    need(type(value) is str, where, "is not a text | 글이 아니에요")


def is_text(value, where):
    need(type(value) is str and value.strip(SPACES) != "", where, "is not a text, or is blank | 글이 아니거나 비어 있어요")


def is_number(value, where, least=0, most=LARGEST_NUMBER):
    need(type(value) is int and least <= value <= most, where, f"is not from {least} to {most} | {least}에서 {most}까지의 "
         f"정수가 아니에요")


def is_hex(value, where, length=32):
    need(type(value) is str and len(value) == 2 * length and HEX.fullmatch(value), where, f"is not {length} bytes in "
         f"hex | 소문자 16진수 {length}바이트가 아니에요")


def is_exact(value, where):
    """A whole number or a fraction in lowest terms, written as text. Never a floating-point one."""
    need(type(value) is str and EXACT.fullmatch(value) and str(fractions.Fraction(value)) == value, where,
         "is not a whole number or a fraction in lowest terms | 정수나 기약분수로 쓴 글이 아니에요")


def is_instant(value, where):
    try:
        need(INSTANT.fullmatch(value) and seconds(value) >= 0, where, "is no instant since 1970 | 1970년부터의 시각이 아니에요")
    except (TypeError, ValueError):
        raise Wrong(where, "is no instant since 1970 | 1970년부터의 시각이 아니에요") from None


def whole(least, most=LARGEST_NUMBER):
    return functools.partial(is_number, least=least, most=most)


def is_format_2(value, where):
    need(value == 2, where, "is not format 2, which this program knows | 이 프로그램이 아는 형식 2가 아니에요")


def is_format_2_or_3(value, where):
    need(value in (2, 3), where, "is not format 2 or 3, which this program knows | 이 프로그램이 아는 형식 2나 3이 아니에요")


def anything(_value, _where):
    """The shape of what is not looked at."""


def seconds(instant):
    """Since 1970."""
    return int(datetime.datetime.fromisoformat(instant.replace("Z", "+00:00")).timestamp())


def exact_text(value):
    """A decimal where it ends, else a fraction in lowest terms."""
    value = fractions.Fraction(value)
    places = value.denominator.bit_length()  # a decimal that ends does so within as many
    if pow(10, places, value.denominator):
        return str(value)
    digits = str(value.numerator * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")


def lines_of(data, pattern, shortest, where):
    """The fields of every line. `shortest` keeps a file of nothing but line ends from filling the memory."""
    need(data == b"" or data.endswith(b"\n"), where, "does not end with a line end: it is cut | 줄 끝이 없어요. 잘렸어요")
    need(data.count(b"\n") * (shortest + 1) <= len(data), where, "has lines that are too short | 너무 짧은 줄이 있어요")
    found = []
    for at, line in enumerate(data.split(b"\n")[:-1], start=1):
        match = pattern.fullmatch(line)
        if not match:
            raise Wrong(where, f"line {at} is not written as it must be | {at}번째 줄이 정해진 꼴이 아니에요")
        found.append(match.groups())
    return found


def ascending(values, where):
    need(all(map(bytes.__lt__, values, values[1:])), where, "is not ascending | 차례가 아니거나 같은 줄이 있어요")


def same(found, expected, where):
    """Refuses the first place where what the record says is not what was counted here."""
    if type(found) is dict and type(expected) is dict:
        fields_of(found, expected, where)
        for name, value in expected.items():
            same(found[name], value, f"{where}: {shown(name)}")
    elif type(found) is list and type(expected) is list:
        for at, (one, other) in enumerate(zip(found, expected), start=1):
            same(one, other, f"{where}: {at}")
        need(len(found) == len(expected), where, f"has {len(found)} items, counted again {len(expected)} | 항목이 "
             f"{len(found)}개인데 다시 세면 {len(expected)}개예요")
    else:
        need(type(found) is type(expected) and found == expected, where, f"says {shown(str(found))}, counted again "
             f"{shown(str(expected))} | 기록에는 {shown(str(found))}, 다시 세면 {shown(str(expected))}")


def shown(text, longest=80):
    """Foreign text, made harmless for a terminal and for the sentences here."""
    cleaned = "".join(letter if letter.isprintable() and letter != "|" else "?" for letter in text)
    return cleaned if len(cleaned) <= longest else cleaned[: longest - 1] + "…"


# Ed25519 (RFC 8032) in whole numbers --------------------------------------------------------------------------------
# A point is (X, Y, Z, T) with x = X/Z, y = Y/Z, x·y = T/Z. Checking needs no constant time; observers sign at home.

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
    if factor == 0:
        return NEUTRAL
    rest = times(factor >> 1, add(point, point))
    return add(rest, point) if factor & 1 else rest


def encode_point(point):
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def decode_point(data):
    """None if the bytes are no point, or not the one way to write it."""
    value = int.from_bytes(data, "little")
    y = value & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * SQRT_MINUS_ONE % P
    if x & 1 != value >> 255:
        x = P - x
    point = x, y, 1, x * y % P
    return point if x * x % P == square and encode_point(point) == data else None


BASE = decode_point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def key_point(public_key):
    """None if the bytes are no point, or one of small order."""
    point = decode_point(public_key)
    return None if point is None or encode_point(times(8, point)) == encode_point(NEUTRAL) else point


def signature_holds(public_key, message, signature):
    key, s = key_point(public_key), int.from_bytes(signature[32:], "little")
    if key is None or s >= L or len(signature) != 64:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % L
    minus_key = (P - key[0], key[1], key[2], P - key[3])
    # Comparing with the bytes of R also refuses an R that is not written in the one canonical way.
    return encode_point(add(times(s, BASE), times(k, minus_key))) == signature[:32]


def key_of(seed):
    """(secret number, prefix, public key) of a seed."""
    hashed = hashlib.sha512(seed).digest()
    secret = int.from_bytes(hashed[:32], "little") & (2**254 - 8) | 2**254
    return secret, hashed[32:], encode_point(times(secret, BASE))


def signature_of(seed, message):
    secret, prefix, public_key = key_of(seed)
    r = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % L
    big_r = encode_point(times(r, BASE))
    k = int.from_bytes(hashlib.sha512(big_r + public_key + message).digest(), "little") % L
    return big_r + ((r + k * secret) % L).to_bytes(32, "little")


# The tree of RFC 9162, section 2.1 ----------------------------------------------------------------------------------


def leaf_hash(entry):
    return sha256(b"\x00" + entry)


def tree_root(hashes):
    """Pairs are joined level by level; one that is left over moves up as it is."""
    level = list(hashes) or [sha256(b"")]
    while len(level) > 1:
        paired = [sha256(b"\x01" + left + right) for left, right in zip(level[::2], level[1::2])]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def halves(hashes):
    """Left and right of the top node: the left one has the largest power of two that leaves something to the right."""
    middle = 1 << (len(hashes) - 1).bit_length() - 1
    return hashes[:middle], hashes[middle:]


def inclusion_proof(hashes, at):
    """RFC 9162, 2.1.3.1, for the leaf at this place."""
    if len(hashes) == 1:
        return []
    left, right = halves(hashes)
    if at < len(left):
        return [*inclusion_proof(left, at), tree_root(right)]
    return [*inclusion_proof(right, at - len(left)), tree_root(left)]


def consistency_proof(hashes, old, whole=True):
    """RFC 9162, 2.1.4.1, that the first `old` leaves are the beginning; `whole` where their root is known anyhow."""
    if old in (0, len(hashes)):
        return [] if whole else [tree_root(hashes)]
    left, right = halves(hashes)
    if old <= len(left):
        return [*consistency_proof(left, old, whole), tree_root(right)]
    return [*consistency_proof(right, old - len(left), False), tree_root(left)]


# 2. The zip file ----------------------------------------------------------------------------------------------------
# zipfile would accept many ways to write one record, and what one program reads another may not. So the members are
# read in the simplest way, the file is written again by the format's rules, and both must be the same bytes.


def write_zip(members):
    body, directory, offset = [], [], 0
    for name, data in members.items():
        encoded, size = name.encode("latin-1"), len(data)
        common = struct.pack("<5H3I2H", 20, 0, 0, 0, 0x0021, binascii.crc32(data), size, size, len(encoded), 0)
        body += [b"PK\x03\x04", common, encoded, data]
        directory += [b"PK\x01\x02", struct.pack("<H", 20), common, struct.pack("<3H2I", 0, 0, 0, 0, offset), encoded]
        offset += 30 + len(encoded) + size
    listed = b"".join(directory)
    ending = struct.pack("<4H2IH", 0, 0, len(members), len(members), len(listed), offset, 0)
    return b"".join([*body, listed, b"PK\x05\x06", ending])


def read_zip(data):
    members, offset = {}, 0
    while data[offset : offset + 4] == b"PK\x03\x04" and len(data) >= offset + 30 and len(members) < len(MEMBERS):
        size, name_length = struct.unpack_from("<IH", data, offset + 22)
        start = offset + 30 + name_length
        members[data[offset + 30 : start].decode("latin-1")] = data[start : start + size]
        offset = start + size
    need(members, "zip", "is not the zip file of a record | 기록의 zip 파일이 아니에요")
    need(write_zip(members) == data, "zip", "is not canonical: cut or altered | 정해진 꼴이 아니에요. 잘렸거나 바뀌었어요")
    return members


# 3. The members of a record -----------------------------------------------------------------------------------------

MEMBERS = ["manifest.json", "box.json", "key.json", "heads.json", "entries.txt", "counts.json", "live.txt", "roll.txt",
           "additions.txt", "choices.txt", "paper.json", "paper-choices.json", "objections.json", "alarms.json",
           "confirmations.json", "draw.json", "result.json", "signatures.json"]
COUNT_OF = "result.json: outcome: count"
WITH_CHOICES = {"choices.txt", "paper-choices.json"}
OF_ADDITIONS = ["additions_forged", "additions_gone", "additions_lost", "additions_other"]
WITH_REASONS = ["damaged", "foreign", "lost", "missing", "papers_short", "sheets", "counts", "late"]
ALARM_WORDS = {
    "damaged": "rows that could not be read | 읽을 수 없게 된 줄", "foreign": "rows of nobody on the roll | 명부에 없는 줄",
    "lost": "promised ballots that are gone | 사라진 약속한 표", "missing": "rows that are gone | 사라진 줄",
    "papers_short": "papers fewer than returned | 돌아온 것보다 모자란 종이",
    "sheets": "papers whose sheet is gone or in another state | 없어졌거나 상태가 다른 종이",
    "counts": "signed counts that fell, in voters or acts of staff, or were too high, by number | 투표자나 담당자가 한 일이 줄었거나 "
              "투표자가 너무 많은 서명한 수의 번호",
    "ledger": "there was no ledger. | 장부가 없었어요.",
    "late": "seconds by which the closing head is late | 마감이 늦은 초",
    "additions_forged": "entries added without the key of the vote | 투표함 열쇠 없이 더한 줄",
    "additions_gone": "additions removed from the roll | 명부에서 없어진 추가",
    "additions_lost": "the site lost the order of the additions. | 더한 차례를 잃었어요.",
    "additions_other": "counts that were signed for other additions | 다른 추가에 서명한 투표자 수"}
LATE_FROM, REASON_FROM = 3600, 6 * 3600  # seconds after which a late closing head is told, and needs a reason
GLAD = "voters_with_a_funded_choice"
ENTRY_LINE = re.compile(rb"([0-9a-f]{250}|[0-9a-f]{248}|[0-9a-f]{184})")  # ballot, paper or objection
TOKEN_LINE = re.compile(rb"([0-9a-f]{64})")
ROLL_LINE = re.compile(rb"([0-9a-f]{64}) ([01])")
CHOICE_LINE = re.compile(rb"(0|[1-9][0-9]{0,9}) ([0-9a-f]{32}) ([0-9a-f]{64}) ((?:[0-9a-f]{2})+)")


# The shapes of the members and of what people kept; what else must hold is checked below.

HEX_16, SIGNATURE = functools.partial(is_hex, length=16), functools.partial(is_hex, length=64)
MANIFEST = {"edition": ("totals", "choices"), "format": is_format_2_or_3, "members": is_object,
            "public_sha256?": is_hex}
COUNTING_RULES = {
    "completion": ("none", "add1", "add1-until-infeasible"), "fill": ("none", "greedy"),
    "order": ("votes", "votes-per-cost"), "rule": ("greedy", "weighted", "equal-shares"),
    "share?": ("marks", "ballots"), "skips": whole(0, 1), "step": is_exact, "threshold": is_number,
    "utility": ("cost", "cardinality"), "weights": {"committee?": is_exact, "residents?": is_exact}}
BOX = {
    "binding": is_text, "closes_at": is_instant, "description": is_string, "eligibility": is_object,
    "format": is_format_2_or_3, "id": HEX_16, "key_sha256": is_hex, "observers": [{"key": is_hex, "name": is_text}],
    "officers": [{"position": is_text, "*?": anything}], "opens_at": is_instant,
    "options": [{"number": is_number, "title": is_text, "cost?": is_number, "*?": anything}],
    "publishes": ("totals", "ballots"), "question": is_text, "rehearsal": whole(0, 1),
    "roll": {"grows": whole(0, 1), "root": is_hex, "rule": is_object, "size": is_number},
    "rule": of_kind(yes_no={"options": whole(1, 1000)}, points={"options": whole(1, 1000), "limit": whole(1, 65535)},
                    approval={"options": whole(1, 1000), "limit": whole(1), "exactly?": whole(1, 1),
                              "groups?": [{"max": whole(1), "min": is_number, "options": [is_number]}],
                              "money?": {"costs": is_list, "limit": whole(1)}}),
    "signatures": is_number, "subject_title": is_text, "draw?": ("lottery", "dice"),
    "winners?": of_kind(most={"seats": whole(1)}, yes={}, none={}),
    "quorum?": of_kind(
        min_voters={"value": whole(1, 10_000_000), "missed?": ("advisory",), "text?": is_string},
        min_turnout={"value": whole(1, 100), "missed?": ("advisory",), "text?": is_string},
        per_mille={"value": whole(1, 1000), "missed?": ("advisory",),
                   "of": {"number": whole(1, 10_000_000), "on": is_text, "source": is_text}}),
    "budget?": {"amount": is_number, "currency": is_text, "rules": COUNTING_RULES, "exclusions?": [[is_number]],
                "committee?": {"ballots": is_number, "votes": [is_number]}, "*?": anything},
    "*?": anything}
OF_THIS_VOTE = {"fingerprint": is_hex, "format": is_format_2, "public_key": is_hex, "signature": SIGNATURE}
HEAD_KINDS = ("opening", "closing", "final")
HEAD = {**OF_THIS_VOTE, "additions_root": is_hex, "at": is_instant, "kind": HEAD_KINDS, "live_sha256": is_hex,
        "number": whole(0, 2), "root": is_hex, "size": is_number}
COUNT = {**OF_THIS_VOTE, "additions": whole(0, 2**32 - 1), "additions_root": is_hex,
         "additions_signature?": SIGNATURE, "at": is_instant, "number": whole(1, 2**32 - 1),
         "voters": whole(0, 2**32 - 1)}
COUNT_3 = {**COUNT, "format": (3,), "acts": [{"desk": is_text, "kind": is_text, "number": whole(1)}]}
BATCH = {"figures": {"counted": is_number, "invalid": is_number, "number": whole(1), "sheets": whole(1)}, "n": is_hex}
BATCH_CHOICES = {"choices": [is_string], "n2": is_hex}
OBJECTION = {"n": is_hex, "objection": {"text": is_text, "*?": anything}}
ALARMS = {
    "additions_forged?": is_number, "additions_gone?": is_number, "additions_lost?": whole(0, 1),
    "additions_other?": is_number, "counts": is_list, "damaged": is_number, "foreign": is_number,
    "ledger": whole(0, 1), "lost": is_number, "missing": is_number, "papers_short": is_number,
    "late?": is_number, "sheets": is_number, "strikes": is_number,
    "early_close?": {"at": is_instant, "reason": is_text}, "reasons": [{"at": is_instant, "text": is_text}],
    "officers": [{"change": {"at": is_instant, "comes": is_text, "leaves": is_text}, "number": is_number,
                  "signature": SIGNATURE}]}
ACTIONS = {
    "open": "the opening | 열기", "close_early": "closing early | 일찍 끝내기",
    "count_anyway": "counting in spite of an alarm | 경보가 있는 채로 세기", "draw": "the draw | 추첨 결과",
    "set_back": "setting the vote back to before its count | 세기 전으로 되돌리기",
    "strike": "striking somebody from the roll | 명부에서 빼기", "export_key": "copying the key of the vote | 열쇠 복사",
    "answer_refusal": "the answer to observers who refused | 틀렸다는 참관인에게 한 답",
    "without_signatures": "going on with too few signatures | 서명이 모자란 채로 이어 가기",
    "destroy_key": "destroying ballots and key | 표와 열쇠 없애기", "publish": "the publication | 공개"}
AFTER_RECORD = ("export_key", "answer_refusal", "without_signatures", "destroy_key", "publish")
ACT = {"action": tuple(ACTIONS), "at": is_instant, "by": [is_text], "note?": is_text}
CONFIRMATION = {"confirmation": ACT, "number": whole(1, 2**32 - 1), "signature": SIGNATURE}
AFTERWARDS = {**CONFIRMATION, "confirmation": {**ACT, "edition_sha256": is_hex, "key_sha256?": is_hex,
                                               "result_sha256": is_hex}}
DRAW = of_kind(dice={"faces": [whole(1, 6)]},
               lottery={"bonus": whole(1, 45), "number": whole(1), "numbers": [whole(1, 45)]})
FIGURES = {"approval": ["votes"], "points": ["points"], "yes_no": ["blank", "no", "yes"]}
FIGURE_WORDS = {"votes": "표", "points": "점수", "yes": "찬성", "no": "반대", "blank": "기권"}
ROWS = ["assisted", "damaged", "missing", "online", "paper_issued", "paper_returned", "paper_taken_back"]
PAPER = ["counted", "invalid", "issued", "spoiled", "taken_back", "unreturned"]
TURNOUT = ["assisted", "damaged", "missing", "online", "paper_returned", "roll", "total"]
RESULT = {
    "ballots": is_number, "desks": [{"desk": is_text, "issued": is_number, "withdrawn": is_number}],
    "final_root": is_hex, "final_size": is_number, "format": is_format_2_or_3, "outcome": is_object,
    "paper": dict.fromkeys(PAPER, is_number), "rows": dict.fromkeys(ROWS, is_number),
    "turnout": dict.fromkeys(TURNOUT, is_number)}
CELL = {"name": is_text, "roll": is_number, "hidden?": whole(1, 1), "voted?": whole(FEW)}
RECEIPT = {**OF_THIS_VOTE, "leaf": is_hex, "mine": HEX_16, "tracker": is_string}
LATE = {"head": anything, "number": is_number, "proof": is_list}  # in a receipt of after the close
OBSERVED = {**OF_THIS_VOTE, "agrees": whole(0, 1), "edition_sha256": is_hex, "result_sha256": is_hex, "text": is_string}
OBSERVERS_KEY = {"algorithm": ("Ed25519",), "format": is_format_2, "public_key": is_hex, "seed": is_hex}


class Record:
    """One edition of a record, filled by the checks below in the order of CHECKS."""

    def __init__(self, data, key=None, say=None):
        self.data, self.members = data, read_zip(data)
        self.named_key, self.say = key, say
        self.box = self.agreed = self.refused = self.edition = None
        self.not_recounted, self.draw_compared = [], False

    def json(self, name, shape):
        """A member's content, in canonical JSON and of this shape."""
        value = parse_json(self.members[name], name)
        need(canonical(value) == self.members[name], name, "is not canonical JSON | 정해진 꼴의 JSON이 아니에요")
        return shaped(value, shape, name)


def check_manifest(record):
    need("manifest.json" in record.members, "zip", "has no manifest.json | manifest.json이 없어요")
    manifest = record.json("manifest.json", MANIFEST)
    record.with_choices, record.public_sha256 = manifest["edition"] == "choices", manifest.get("public_sha256")
    record.format = manifest["format"]
    left_out = {"additions.txt"} - set(record.members) | (set() if record.with_choices else WITH_CHOICES)
    left_out |= {"confirmations.json"} if record.format == 2 else set()
    expected = [name for name in MEMBERS if name not in left_out]
    need(list(record.members) == expected, "zip", "not the members of this edition, in order | 이 판의 파일이나 차례가 아니에요")
    fields_of(manifest["members"], expected[1:-1], "manifest.json: members")
    for name in expected[1:-1]:
        need(manifest["members"][name] == sha256(record.members[name]).hex(), name, "is not as signed | 서명과 달라요")
    record.say(f"The zip file is canonical and its {len(expected)} members have the hashes of the manifest; format "
               f"{record.format}, edition: {manifest['edition']}. | zip 파일이 정해진 꼴이고 파일 {len(expected)}개가 목록의 해시와 같아요. "
               f"형식 "
               f"{record.format}, 판: {'선택이 있는 판' if record.with_choices else '합계만 있는 판'}.")


def check_box(record):
    box, where = record.json("box.json", BOX), "box.json"
    same(box["format"], record.format, f"{where}: format")
    need(box["opens_at"] < box["closes_at"], where, "the vote closes before it opens | 여는 시각보다 먼저 마감해요")
    check_rule(box["rule"], box["options"])
    record.box, record.rule = box, box["rule"]
    is_number(box["roll"]["size"], f"{where}: roll: size", 0 if box["rehearsal"] or box["roll"]["grows"] else FEW)
    check_people_of_box(box)
    check_how_it_is_decided(box)
    record.fingerprint = framed_hash("box/2", record.members["box.json"])
    record.say(f"The vote: {shown(box['subject_title'])}: {shown(box['question'])} Fingerprint "
               f"{record.fingerprint.hex()}. | 투표: {shown(box['subject_title'])}: {shown(box['question'])} 지문 "
               f"{record.fingerprint.hex()}.")


def check_rule(rule, options):
    """Limits of what may be chosen: altogether, by groups of options, and by what it may cost."""
    where, count = "box.json: rule", rule["options"]
    numbers = list(range(1, count + 1))
    if rule["kind"] == "approval":
        is_number(rule["limit"], f"{where}: limit", 1, count)
    need([option["number"] for option in options] == numbers, "box.json: options", f"are not numbered from 1 to "
         f"{count} | 1부터 {count}까지의 번호가 아니에요")
    if "groups" in rule:
        for group in rule["groups"]:
            is_number(group["max"], f"{where}: groups: max", 1, len(group["options"]))
            is_number(group["min"], f"{where}: groups: min", 0, group["max"])
        need(sorted(option for group in rule["groups"] for option in group["options"]) == numbers, f"{where}: groups",
             "not every option stands in one group once | 모든 항목이 한 묶음에 한 번씩 있지 않아요")
    need("money" not in rule or rule["money"]["costs"] == [option.get("cost") for option in options], f"{where}: money",
         "other costs than those of the options | 항목의 사업비와 달라요")


def check_people_of_box(box):
    where, observers = "box.json: observers", is_list(box["observers"], "box.json: observers", 0, 100)
    keys, names = ({observer[name] for observer in observers} for name in ("key", "name"))
    need(len(keys) == len(names) == len(observers), where, "a name or key stands twice | 같은 이름이나 열쇠가 두 번 있어요")
    need(None not in map(key_point, map(bytes.fromhex, keys)), where, "a key is no public key | 공개 열쇠가 아닌 것이 있어요")
    secret = box["publishes"] == "totals" and not box["rehearsal"]
    need(len(observers) >= 2 or not secret, where, "secret votes have two at least | 합계만 공개하면 참관인이 둘 이상이어야 해요")
    is_number(box["signatures"], "box.json: signatures", int(secret), len(observers) - int(secret))
    need(len(box["officers"]) in (0, 3, 4, 5, 6), "box.json: officers", "too few or too many | 너무 적거나 많아요")


def check_how_it_is_decided(box):
    """Winners of a poll, or money and rules of a budget."""
    need(("winners" in box) != ("budget" in box), "box.json", "needs winners or budget | winners나 budget 하나만 있어야 해요")
    quorum = box.get("quorum", {})
    need(box["format"] > 2 or not quorum or not ({"missed", "of"} & set(quorum) or "budget" in box), "box.json: quorum",
         "is of a later format | 나중 형식에만 있어요")
    if "budget" in box:
        check_budget(box, box["budget"])
        return
    winners, where = box["winners"], "box.json: winners"
    need(winners["kind"] == "none" or (winners["kind"] == "yes") == (box["rule"]["kind"] == "yes_no"), where,
         "does not go with the rule | 규칙과 맞지 않아요")
    is_number(winners.get("seats", 1), f"{where}: seats", 1, box["rule"]["options"])


def check_budget(box, budget):
    """The money, the codes and costs of the projects, and the rules, as they were frozen at the opening."""
    where, count, weights = "box.json: budget", box["rule"]["options"], budget["rules"]["weights"]
    need(box["rule"]["kind"] == "approval", where, "the ballots of a budget mark projects | 예산 투표는 사업을 고르는 투표예요")
    shaped(box["options"], [{"code": is_text, "cost": is_number, "*?": anything}], "box.json: options")
    need(len({option["code"] for option in box["options"]}) == count, "box.json: options", "a code twice | 같은 번호가 있어요")
    for group in budget.get("exclusions", []):
        need(len(set(group).intersection(range(1, count + 1))) == len(group) > 1, f"{where}: exclusions", "are not two "
             "or more options | 서로 다른 항목 둘 이상이 아니에요")
    check_counting_rules(budget["rules"], f"{where}: rules")
    where = f"{where}: committee"
    need("committee" in budget if "committee" in weights else weights or "committee" not in budget, where,
         "stands with the weighted rule, and where it has a weight | 비중이 있는 방식에만, 위원회의 비중이 있으면 꼭 있어야 해요")
    if "committee" in budget:
        for votes in is_list(budget["committee"]["votes"], f"{where}: votes", count, count):
            is_number(votes, f"{where}: votes", 0, budget["committee"]["ballots"])


def check_counting_rules(rules, where):
    weighted, weights = rules["rule"] == "weighted", list(map(fractions.Fraction, rules["weights"].values()))
    need(fractions.Fraction(rules["step"]) > 0, f"{where}: step", "is nothing | 0이에요")
    need((sum(weights) > 0) == weighted and (weighted or not weights), f"{where}: weights", "stand with the weighted "
         "rule | 비중이 있는 방식에만 있어요")
    need(("share" in rules) == weighted, f"{where}: share", "goes with the weighted rule alone | 비중이 있는 방식에만 있어요")
    plain = (rules["completion"], rules["fill"], rules["utility"]) == ("none", "none", "cost")
    need(plain or rules["rule"] == "equal-shares", where, "those are for equal shares | 균등 몫에만 있는 것이 있어요")
    need(not weighted or rules["order"] == "votes", where, "the weighted rule goes by its score | 비중이 있는 방식은 점수를 따라요")


def check_key(record):
    key, expected = record.json("key.json", {"algorithm": ("Ed25519",), "public_key": is_hex}), record.named_key
    record.public_key = bytes.fromhex(key["public_key"])
    fingerprint = sha256(record.public_key).hex()
    need(expected in (None, fingerprint), "key.json", f"another key ({fingerprint}) than the one you named | 알려 주신 열쇠가 "
         f"아니에요({fingerprint})")
    advice = ("Compare it with one that you know from elsewhere (--key). ", "다른 곳에서 알게 된 지문과 견줘 보세요(--key).")
    english, korean = advice if expected is None else ("You named it. ", "알려 주신 것과 같아요.")
    record.say(f"The signing key has the fingerprint {fingerprint}. {english}| 서명 열쇠의 지문: {fingerprint}. {korean}")


def signed(public_key, message, signature, where):
    need(signature_holds(public_key, message, bytes.fromhex(signature)), where, "the signature is wrong | 서명이 틀려요")


def check_signatures(record):
    for name, signature in record.json("signatures.json", {"manifest": SIGNATURE, "result": SIGNATURE}).items():
        message = frame(f"{name}/2", record.fingerprint, record.members[f"{name}.json"])
        signed(record.public_key, message, signature, f"signatures.json: {name}")
    record.say("The signatures of manifest and result hold. | 목록과 결과의 서명이 맞아요.")


def of_this_vote(record, item, where, label, *fields):
    """Refuses what is of another vote, of another key than the record's, or not signed by it."""
    need(item["fingerprint"] == record.fingerprint.hex(), where, "is of another vote | 다른 투표의 것이에요")
    need(item["public_key"] == record.public_key.hex(), where, "is signed by another key | 다른 열쇠로 서명했어요")
    signed(record.public_key, frame(label, record.fingerprint, *fields), item["signature"], where)


def check_head(record, head, where):
    root, live, additions = (bytes.fromhex(head[name]) for name in ("root", "live_sha256", "additions_root"))
    of_this_vote(record, head, where, "head/2", head["kind"].encode("ascii"), number(head["number"]),
                 number(head["size"]), root, live, additions, number(seconds(head["at"])))


def check_heads(record):
    heads = record.heads = is_list(record.json("heads.json", [{**HEAD, "consistency": is_list}]), "heads.json", 3, 3)
    opens_at, closes_at = record.box["opens_at"], record.box["closes_at"]
    for index, (head, before) in enumerate(zip(heads, [heads[0], *heads])):
        where = f"heads.json: {HEAD_KINDS[index]}"
        check_head(record, head, where)
        need((head["number"], head["kind"]) == (index, HEAD_KINDS[index]), where, "other number or kind | 번호나 종류가 달라요")
        need(head["size"] >= before["size"] and head["at"] >= before["at"], where, "goes back | 앞의 것보다 작거나 일러요")
    opened, closed, final = (head["at"] for head in heads)
    need(seconds(opened) >= seconds(opens_at) - 366 * 86400 and opened < closed, "heads.json", "opened after it "
         "closed, or a year before its day | 마감보다 늦게, 또는 정한 날보다 한 해 넘게 먼저 열었어요")
    need((closed < closes_at) == ("early_close" in record.json("alarms.json", ALARMS)), "heads.json: closing",
         f"signed at {closed}, the vote closes at {closes_at}, and alarms.json says otherwise | {closed}에 서명했는데 마감은 "
         f"{closes_at}이고 alarms.json의 말과 달라요")
    need(heads[0]["size"] == 0, "heads.json: opening", "the log was not empty | 기록이 비어 있지 않았어요")
    record.say(f"The signatures of the three heads hold: opening {opened}, closing {closed} (to be {closes_at}), final "
               f"{final}. | 기록 확인값 세 개의 서명이 맞아요. 시작 {opened}, 마감 {closed}(정한 시각 {closes_at}), 마지막 {final}.")
    if opened > opens_at:
        record.say(f"OPENED LATE: the opening head was signed at {opened}, and voting was to begin at {opens_at}. | "
                   f"늦게 열었어요: "
                   f"{opens_at}에 시작하기로 했는데 {opened}에 열었어요.")
    if closed < closes_at:
        record.say(f"CLOSED EARLY: at {closed} instead of {closes_at}. | 일찍 끝냈어요: {closes_at}이 아니라 {closed}에 끝냈어요.")
    elif (late := seconds(closed) - seconds(closes_at)) > LATE_FROM:
        record.say(f"CLOSED LATE: {late} seconds after {closes_at}. | 늦게 끝냈어요: {closes_at}보다 {late}초 늦게 끝냈어요.")


def check_log(record):
    """Ballots up to the closing, in the order of their hashes; then paper and objections."""
    where, (closing, final) = "entries.txt", (head["size"] for head in record.heads[1:])
    start, between = frame("entry/2", b"ballot", record.fingerprint) + number(32, 4), number(32, 4)
    lines = lines_of(record.members[where], ENTRY_LINE, 184, where)
    need(len(lines) == final, where, f"has {len(lines)} entries, the final head was signed for {final} | "
         f"{len(lines)}줄인데 마지막 확인값은 {final}줄에 서명했어요")
    entries = [bytes.fromhex(line.decode("ascii")) for (line,) in lines]
    ballots, later = entries[:closing], entries[closing:]
    for at, entry in enumerate(ballots):
        if len(entry) != len(start) + 68 or not entry.startswith(start) or entry[-36:-32] != between:
            raise Wrong(f"{where}: {at}", "is not a ballot of this vote | 이 투표의 표가 아니에요")
    record.marks, record.commitments = [entry[-68:-36] for entry in ballots], [entry[-32:] for entry in ballots]
    record.later = [parse_later(record, entry, f"{where}: {at}") for at, entry in enumerate(later, start=closing)]
    record.hashes = list(map(leaf_hash, entries))
    record.numbers = {leaf: at for at, leaf in enumerate(record.hashes)}
    ascending(record.hashes[:closing], where)
    need(len(set(record.marks)) == closing == len(set(record.commitments)), where, "a mark or commitment twice | 표시나 "
         "봉인이 같은 표가 있어요")
    need(len(record.numbers) == final, where, "an entry stands twice | 같은 줄이 두 번 있어요")
    for head, before in zip(record.heads, [record.heads[0], *record.heads]):
        where, hashes = f"heads.json: {head['kind']}", record.hashes[: head["size"]]
        need(head["root"] == tree_root(hashes).hex(), where, "is for another log | 다른 기록의 것이에요")
        proof = [node.hex() for node in consistency_proof(hashes, before["size"])]
        need(head["consistency"] == proof, where, "the consistency proof does not hold | 이어짐 증명이 맞지 않아요")
    record.say(f"The log of {final} entries, {closing} of them by the closing, is the one the heads were signed for. | "
               f"기록 {final}줄(마감까지 {closing}줄)이 기록 확인값에 서명된 것과 같아요.")


def parse_later(record, entry, where):
    """(type, fields after type and fingerprint) of an entry behind the closing."""
    fields = [entry[-68:-36], entry[-32:]]
    for kind, found in (("paper", fields), ("objection", fields[1:])):
        if entry == frame("entry/2", kind.encode("ascii"), record.fingerprint, *found):
            return kind, found
    raise Wrong(where, "is neither paper nor objection of this vote | 이 투표의 종이도 이의도 아니에요")


def check_live(record):
    """The tokens of the ballots that count, as the heads were signed for them."""
    data, closing = record.members["live.txt"], record.heads[1]["size"]
    record.tokens = [token for (token,) in lines_of(data, TOKEN_LINE, 64, "live.txt")]
    ascending(record.tokens, "live.txt")
    for head in record.heads:
        digest = ZEROS if head["kind"] == "opening" else sha256(data)
        need(head["live_sha256"] == digest.hex(), f"heads.json: {head['kind']}", "another live.txt | 다른 live.txt예요")
    live = len(record.tokens)
    need(closing % 64 == 0 and closing >= 2 * live + 256, "heads.json: closing", f"{closing} ballot leaves are no "
         f"multiple of 64 that is at least twice {live} and 256 more | 표의 줄 {closing}개가 64의 배수이고 {live}의 두 배에 256을 더한 "
         "것 이상이어야 하는데 아니에요")
    record.say(f"{live} ballots count, as the heads were signed for. | 세는 표는 {live}개이고 확인값에 서명된 것과 같아요.")


def check_choices(record):
    """Opens mark and commitment of every live ballot, and finds its token."""
    where, fingerprint = "choices.txt", number(32, 4) + record.fingerprint + number(16, 4)
    width, record.ballots = 2 * record.rule["options"] + 1, collections.Counter()
    if not record.with_choices:
        return
    mine_start, live_start = b"mine/2" + fingerprint, b"live/2" + fingerprint
    ballot_start, between = b"ballot/2" + number(32, 4), number(width, 4)
    before, tokens, opened = -1, [], collections.Counter()
    for leaf, *written in lines_of(record.members[where], CHOICE_LINE, 102, where):
        at, (mine, n, choice) = int(leaf), (bytes.fromhex(each.decode("ascii")) for each in written)
        if not before < at < len(record.marks):
            raise Wrong(where, f"leaf {at} is not in its place | {at}번 줄이 제자리에 없어요")
        if record.marks[at] != sha256(mine_start + mine):
            raise Wrong(where, f"leaf {at} has another mark | {at}번 줄의 표시가 달라요")
        if len(choice) != width or record.commitments[at] != sha256(ballot_start + n + between + choice):
            raise Wrong(where, f"leaf {at} has another choice | {at}번 줄의 선택이 달라요")
        before = at
        tokens.append(sha256(live_start + mine).hex().encode())
        opened[choice] += 1
    need(sorted(tokens) == record.tokens, where, "opens other ballots than live.txt names | live.txt와 다른 표를 열어요")
    for choice, count in opened.items():
        record.ballots[parse_choice(record.rule, choice, where)] += count
    record.say(f"The choices of {len(tokens)} ballots fit log and rule. | 세는 표 {len(tokens)}개의 선택이 기록과 규칙에 맞아요.")


def parse_choice(rule, data, where):
    """The values of all options, or None for an explicit blank. Refuses what is not canonical (section 3)."""
    need(len(data) == 2 * rule["options"] + 1 and data[0] in (0, 1), where, "a wrong length | 길이가 틀려요")
    values = struct.unpack(f">{rule['options']}H", data[1:])
    if data[0] == 1:
        need(not any(values), where, "an explicit blank with choices | 기권인데 고른 것이 있어요")
        return None
    if rule["kind"] == "yes_no":
        need(all(value in (1, 2, 3) for value in values), where, "not yes, no or blank | 찬성, 반대, 기권이 아니에요")
    else:
        for least, chosen, most, wrong in limits_of(rule, values):
            need(least <= chosen <= most, where, wrong)
    return values


def limits_of(rule, values):
    """(least, what these values come to, most, what is said otherwise) for a choice, by all limits of the rule."""
    limits = [(1, sum(values), rule["limit"], "nothing chosen, or more than the limit | 고르지 않았거나 너무 많아요")]
    if rule["kind"] == "approval":
        limits.insert(0, (0, max(values), 1, "an unknown value | 모르는 값이에요"))
    if "exactly" in rule:
        limits.append((rule["limit"], sum(values), rule["limit"], "not exactly as many as asked for | 정한 수만큼이 아니에요"))
    for group in rule.get("groups", []):
        chosen = sum(values[option - 1] for option in group["options"])
        limits.append((group["min"], chosen, group["max"], "a group's limits are not kept | 묶음의 한도를 지키지 않았어요"))
    if "money" in rule:
        spent = sum(value * cost for value, cost in zip(values, rule["money"]["costs"]))
        limits.append((0, spent, rule["money"]["limit"], "what is chosen costs more than the limit | 고른 것이 돈의 한도를 넘어요"))
    return limits


def check_counts(record):
    """Signed counts of voters while the vote was open."""
    record.counts = record.json("counts.json", [count_shape(record)])
    for at, (count, before) in enumerate(zip(record.counts, [None, *record.counts]), start=1):
        where = f"counts.json: {at}"
        check_count_signed(record, count, where)
        later = before is None or (before["number"] < count["number"] and before["at"] <= count["at"] and
                                   before["additions"] <= count["additions"])
        need(later and record.heads[0]["at"] <= count["at"] <= record.heads[1]["at"], where, "is misplaced | 제자리가 아니에요")
        for kind, desk in fewer_acts(count, before):
            act = f"{shown(kind)}, {shown(desk)}"
            record.say(f"FELL: count {count['number']} tells fewer acts of staff than the one before: {act} | 줄었어요: "
                       f"{count['number']}번 서명한 수에 담당자가 한 일이 앞의 것보다 적어요: {act}")
    numbers = ", ".join(f"{count['number']}: {count['voters']}" for count in record.counts[-3:])
    record.say(f"Signed counts of voters: {len(record.counts)}, the last (number: voters) {numbers}. | 서명한 투표자 수: "
               f"{len(record.counts)}개, 마지막 것(번호: 수) {numbers}." if numbers else "The record has no signed counts of "
                                                                                 "voters: "
               "nobody can tell from it whether some vanished meanwhile. | 서명한 투표자 수가 없어요. 그 사이에 사라진 것이 있는지 이 "
               "기록만으로는 알 수 없어요.")
    for act in record.counts[-1].get("acts", []) if record.counts else []:
        told = f"{shown(act['kind'])}, {shown(act['desk'])}: {act['number']}"
        record.say(f"  Acts of staff by the last count: {told} |   마지막 수까지 담당자가 한 일: {told}")


def fewer_acts(count, before):
    """Kinds and desks of acts of staff of which a count tells fewer than one before it."""
    told, earlier = ({(act["kind"], act["desk"]): act["number"] for act in (signed_count or {}).get("acts", [])}
                     for signed_count in (count, before))
    return [name for name in earlier if told.get(name, 0) < earlier[name]]


def count_shape(record):
    return COUNT if record.format == 2 else COUNT_3


def check_count_signed(record, count, where):
    numbered, when, added = number(count["number"], 4), number(seconds(count["at"])), number(count["additions"], 4)
    root = bytes.fromhex(count["additions_root"])
    acts = [] if record.format == 2 else [canonical(count["acts"])]
    of_this_vote(record, count, where, f"count/{record.format}", numbered, when, number(count["voters"], 4), added,
                 root, *acts)
    named = [(act["kind"], act["desk"]) for act in count.get("acts", [])]
    need(named == sorted(set(named)), f"{where}: acts", "not ascending by kind and desk, each once | 종류와 창구의 차례가 아니에요")
    need(("additions_signature" in count) == (record.box["roll"]["grows"] == 1), where, "additions_signature "
         "stands where the roll grows, and nowhere else | additions_signature는 명부가 늘어나는 투표에만 있어요")
    if "additions_signature" in count:
        signed(record.public_key, frame("additions/2", record.fingerprint, numbered, when, added, root),
               count["additions_signature"], where)


def check_roll(record):
    """The roll as it was frozen, what was added to it, and how many of both took part."""
    box, where = record.box["roll"], "roll.txt"
    lines = lines_of(record.members["roll.txt"], ROLL_LINE, 66, where)
    leaves = [leaf for leaf, _ in lines]
    ascending(leaves, where)
    need(len(lines) == box["size"] and roll_root(leaves) == box["root"], where, "is not the roll that the vote was "
         "opened with | 투표를 연 때의 명부가 아니에요")
    need(("additions.txt" in record.members) == (box["grows"] == 1), "zip", "additions.txt stands where the roll "
         "grows, and nowhere else | additions.txt는 명부가 늘어나는 투표에만 있어요")
    added = lines_of(record.members.get("additions.txt", b""), ROLL_LINE, 66, "additions.txt")
    record.additions = [leaf for leaf, _ in added]
    check_additions(record, record.additions, set(leaves))
    record.took_part = sum(mark == b"1" for _, mark in lines + added)
    record.on_roll = len(lines) + len(added)
    record.say(f"The roll of {len(lines)} ({len(added)} added later) is the one that was frozen; {record.took_part} "
               f"took part. | 명부 {len(lines)}명(나중에 더한 {len(added)}명)이 정해진 것과 같고, {record.took_part}명이 참여했어요.")


def roll_root(leaves):
    return tree_root([leaf_hash(bytes.fromhex(leaf.decode("ascii"))) for leaf in leaves]).hex()


def check_additions(record, leaves, before):
    """Each signed root is that of the first so many additions; between two of them they are ascending."""
    start = 0
    ends = [(count["additions"], count, f"counts.json: {at}") for at, count in enumerate(record.counts, start=1)]
    ends += [(len(leaves), head, f"heads.json: {head['kind']}") for head in record.heads[1:]]
    for size, item, signer in ends:
        check_additions_named(record, item, size, signer)
        ascending(leaves[start:size], "additions.txt")
        start = size
    need(record.heads[0]["additions_root"] == ZEROS.hex(), "heads.json: opening", "names additions | 명부 추가를 말해요")
    need(len(set(leaves) | before) == len(leaves) + len(before), "additions.txt", "an entry twice | 같은 줄이 두 번 있어요")


def check_additions_named(record, item, size, where):
    """A count or a head is signed for the first so many additions of the record."""
    need(size <= len(record.additions), where, "names more additions than there are | 더한 사람보다 많은 수를 말해요")
    root = roll_root(record.additions[:size]) if record.box["roll"]["grows"] else ZEROS.hex()
    need(item["additions_root"] == root, where, "was signed for other additions | 다른 명부 추가에 서명했어요")


def items_of(record, name, kind, shape):
    """(where, fields of the leaf, item) of a list that has one object for each leaf of a type, in their order."""
    items = record.json(name, [{"leaf": is_number, **shape}])
    leaves = [(at, fields) for at, (type_, fields) in enumerate(record.later, start=len(record.marks)) if type_ == kind]
    need(len(items) == len(leaves), name, f"not one for every {kind} leaf | 기록의 줄마다 하나씩 있지 않아요")
    for (leaf, _), item in zip(leaves, items):
        need(item["leaf"] == leaf, name, f"leaf {leaf} is not in its place | {leaf}번 줄이 제자리에 없어요")
    return [(f"{name}: {leaf}", fields, item) for (leaf, fields), item in zip(leaves, items)]


def check_paper(record):
    record.batches = []
    for where, fields, item in items_of(record, "paper.json", "paper", BATCH):
        figures = item["figures"]
        need(figures["sheets"] == figures["counted"] + figures["invalid"], where, "does not add up | 합이 맞지 않아요")
        need(fields[0] == framed_hash("text/2", bytes.fromhex(item["n"]), canonical(figures)), where,
             "other figures than in the log | 기록과 수가 달라요")
        record.batches.append(figures)
    need(len({batch["number"] for batch in record.batches}) == len(record.batches), "paper.json", "a number twice | "
         "번호가 같은 묶음이 있어요")
    need(len(record.batches) < 2 or all(batch["sheets"] >= FEW for batch in record.batches), "paper.json", "fewer than "
         "ten sheets | 열 장이 안 돼요")
    numbers = sorted(batch["number"] for batch in record.batches)
    if numbers != list(range(1, len(numbers) + 1)):
        need(record.format == 2, "paper.json", "the numbers of the batches have gaps | 묶음의 번호가 비어 있어요")
        record.say(f"PILES MISSING: paper batches are numbered {shown(str(numbers))}; ask what became of the others. "
                   f"| 빠진 묶음: 종이 묶음의 번호 {shown(str(numbers))}. 나머지는 어떻게 됐는지 물어보세요.")
    if record.with_choices:
        check_paper_choices(record)
    record.counted = sum(batch["counted"] for batch in record.batches)
    record.say(f"{len(record.batches)} paper batches with {record.counted} counted ballots are those in the log. | 종이 "
               f"묶음 {len(record.batches)}개, 센 종이 {record.counted}장이 기록과 같아요.")


def check_paper_choices(record):
    items = items_of(record, "paper-choices.json", "paper", BATCH_CHOICES)
    for (where, fields, item), figures in zip(items, record.batches):
        choices = is_list(item["choices"], where, figures["counted"], figures["counted"])
        for choice in choices:
            is_hex(choice, where, 2 * record.rule["options"] + 1)
        opened = framed_hash("paper/2", bytes.fromhex(item["n2"]), bytes.fromhex("".join(choices)))
        need(fields[1] == opened, where, "other choices than in the log | 기록과 선택이 달라요")
        record.ballots.update(parse_choice(record.rule, bytes.fromhex(choice), where) for choice in choices)


def check_objections(record):
    items = items_of(record, "objections.json", "objection", {"*?": anything})
    withheld = sum("withheld" in item for *_, item in items)
    for where, fields, item in items:
        shaped(item, {"leaf": is_number, **({"withheld": is_text} if "withheld" in item else OBJECTION)}, where)
        need("withheld" in item or fields[0] == framed_hash("text/2", bytes.fromhex(item["n"]), canonical(
            item["objection"])), where, "other words than in the log | 기록과 글이 달라요")
    record.say(f"Objections: {len(items)} ({withheld} withheld). | 이의 제기: {len(items)}건(가린 것 {withheld}건).")
    for *_, item in items:
        english, korean = ("Withheld", "가린 까닭") if "withheld" in item else ("Objection", "이의")
        text = shown(item["withheld"] if "withheld" in item else item["objection"]["text"], 200)
        record.say(f"  {english}: {text} |   {korean}: {text}")


def check_alarms(record):
    """Findings of the closing, and the reason that two officers gave for them."""
    alarms, where = record.json("alarms.json", ALARMS), "alarms.json"
    need(alarms["strikes"] <= record.on_roll, f"{where}: strikes", "more than the roll has | 명부보다 많아요")
    late = seconds(record.heads[1]["at"]) - seconds(record.box["closes_at"])
    same(alarms.get("late"), None if record.format == 2 else late if late > REASON_FROM else 0, f"{where}: late")
    amiss = [name for name in WITH_REASONS if alarms.get(name)] + ["ledger"] * (not alarms["ledger"])
    need(not amiss or alarms["reasons"], f"{where}: reasons", "none | 까닭이 없어요")
    need(record.box["officers"] or not alarms["officers"], f"{where}: officers", "the vote has none | 담당관이 없는 투표예요")
    told = alarms["reasons"] + [item["change"] for item in alarms["officers"]]
    need(all(item["at"] >= record.heads[0]["at"] for item in told), where, "is of before the opening | 열기 전의 것이 있어요")
    need(record.format == 2 or all(reason["at"] >= record.heads[1]["at"] for reason in alarms["reasons"]),
         f"{where}: reasons", "is of before the closing | 마감 전의 것이 있어요")
    if "early_close" in alarms:
        amiss.append("early_close")
        need(record.heads[0]["at"] <= alarms["early_close"]["at"] <= record.heads[1]["at"], f"{where}: early_close",
             "not between opening and closing | 시작과 마감 사이가 아니에요")
    officers, before = in_office(record.box, []), record.heads[0]
    for at, item in enumerate(alarms["officers"], start=1):
        of_item, change = f"{where}: officers: {at}", item["change"]
        need(item["number"] == at, of_item, "is not numbered in order | 번호가 차례가 아니에요")
        message = frame("officer/2", record.fingerprint, number(at, 4), canonical(change))
        signed(record.public_key, message, item["signature"], of_item)
        need(change["leaves"] in officers, of_item, "replaces somebody who was not in office | 맡고 있지 않던 사람을 바꿨어요")
        need(change["at"] >= before["at"], of_item, "is of before the one before it | 앞의 것보다 일러요")
        officers[officers.index(change["leaves"])], before = change["comes"], change
    for name in OF_ADDITIONS:
        need((name in alarms) == (record.box["roll"]["grows"] == 1), f"{where}: {name}", "stands where the roll grows, "
             "and nowhere else | 명부가 늘어나는 투표에만 있어요")
    record.alarms = alarms
    tell_alarms(record, alarms, [name for name in amiss if name in ALARM_WORDS])


def tell_alarms(record, alarms, amiss):
    """In words, each on a line of its own: strikes, what was amiss, the reasons, the early close, replaced officers."""
    if alarms["strikes"]:
        record.say(f"STRUCK from the roll after the opening: {alarms['strikes']} people; a ballot already cast stays. "
                   f"| 연 뒤에 "
                   f"명부에서 뺀 사람: {alarms['strikes']}명. 이미 낸 표는 그대로예요.")
    for name in amiss + [name for name in OF_ADDITIONS if alarms.get(name)]:
        (english, korean), figure = ALARM_WORDS[name].split(" | "), f": {shown(str(alarms[name]))}"
        figure = "" if english.endswith(".") else figure
        record.say(f"ALARM: {english}{figure} | 경보: {korean}{figure}")
    for reason in alarms["reasons"]:
        text = shown(reason["text"], 500)
        record.say(f"  Reason given at {reason['at']}: {text} |   {reason['at']}에 적은 까닭: {text}")
    if "early_close" in alarms:
        text = shown(alarms["early_close"]["reason"], 500)
        record.say(f"  Reason of the early close: {text} |   일찍 끝낸 까닭: {text}")
    for change in (item["change"] for item in alarms["officers"]):
        leaves, comes = shown(change["leaves"]), shown(change["comes"])
        record.say(f"OFFICER REPLACED: {comes} in place of {leaves} from {change['at']}. | 담당관이 바뀌었어요: "
                   f"{change['at']}부터 "
                   f"{leaves} 대신 {comes}.")


def check_draw(record):
    """The draw for ties, of the kind that was named before the vote and, for the lottery, the one of the right day."""
    draw, where = record.json("draw.json", is_object), "draw.json"
    record.lot, record.draw, record.drawn_at = None, draw, seconds(record.heads[1]["at"])
    if draw == {}:
        return
    shaped(draw, DRAW, where)
    need(draw["kind"] == record.box.get("draw"), where, "is of another kind | 정한 추첨이 아니에요")
    if draw["kind"] == "dice":
        is_list(draw["faces"], where, 20, 20)
    else:
        drawn = is_list(draw["numbers"], where, 6, 6)
        need(len({*drawn, draw["bonus"]}) == 7 and drawn == sorted(drawn), where, "are not ascending | 차례가 아니거나 같아요")
        first = seconds("2002-12-07T11:35:00Z")  # of draw number 1; one every week since
        after = seconds(record.heads[1]["at"]) + 86400
        need(draw["number"] == max(1, (after - first) // 604800 + 2), where, "is not of that week | 그 주의 추첨이 아니에요")
        record.drawn_at = first + 604800 * (draw["number"] - 1)
    root, said = bytes.fromhex(record.heads[1]["root"]), canonical(draw)
    order = sorted(range(1, record.rule["options"] + 1), key=lambda at: framed_hash("lot/2", root, said, number(at, 4)))
    record.lot = {at: place for place, at in enumerate(order)}
    english, korean = drawn_in_words(draw)
    record.say(f"A TIE was decided by a draw: {english}. Whoever types the figures decides it: compare them with "
               f"those drawn "
               f"in public (--draw {written_draw(draw)}). | 똑같은 표를 추첨으로 정했어요: {korean}. 숫자를 적는 사람이 정하는 셈이니 공개된 추첨과 "
               f"견줘 보세요(--draw {written_draw(draw)}).")


def check_confirmations(record):
    """Acts of two officials that came before the record, as the site signed them."""
    record.confirmed = []
    if record.format == 2:
        record.say("A record of format 2 does not say who confirmed the opening and the other acts of officials. | 형식 "
                   "2의 기록은 "
                   "여는 일 같은 담당관의 일을 누가 확인했는지 말하지 않아요.")
        return
    where, acts = "confirmations.json", record.json("confirmations.json", [CONFIRMATION])
    for at, item in enumerate(acts, start=1):
        act = check_confirmation(record, item, at, f"{where}: {at}")
        need(act["action"] not in ("destroy_key", "publish"), f"{where}: {at}", "can only come after the record | 기록 "
             "뒤에만 올 수 있어요")
    of = {action: [act for act in record.confirmed if act["action"] == action] for action in ACTIONS}
    opened, alarms = record.heads[0]["at"], record.alarms
    officers = record.box["officers"] and not record.box["rehearsal"]
    need([act["at"] for act in of["open"]] in ([opened], *([] if officers else [[]])), where, "not one opening, at the "
         "instant of the opening head | 시작 확인값의 시각에 연 것이 하나 있지 않아요")
    if not of["open"]:
        record.say("NOBODY is said to have confirmed the opening. | 여는 것을 확인했다는 사람이 없어요.")
    said = [(alarms[name]["at"], alarms[name]["reason"], "close_early") for name in ("early_close",) if name in alarms]
    said += [(reason["at"], reason["text"], "count_anyway") for reason in alarms["reasons"]]
    for when, text, action in said:
        need(any((act["at"], act.get("note")) == (when, text) for act in of[action]), where, f"{action}: nobody "
                                                                                             f"confirmed "
             f"what alarms.json says | {action}: alarms.json의 말을 확인한 사람이 없어요")
    need(record.draw == {} or (of["draw"] and of["draw"][-1].get("note") == canonical(record.draw).decode()), where,
         "nobody confirmed the draw | 추첨을 확인한 사람이 없어요")
    need(record.draw == {} or seconds(of["draw"][-1]["at"]) >= record.drawn_at, where, "the draw was confirmed before "
         "it could be drawn | 추첨하기 전에 추첨을 확인했어요")
    need(len(of["strike"]) <= alarms["strikes"], where, "more strikes than alarms.json says | alarms.json보다 많이 뺐어요")


def check_confirmation(record, item, at, where):
    """Its number, its signature, and that those who confirmed it were officers of the vote then; returns the act."""
    act, before = item["confirmation"], record.confirmed[-1:]
    need(item["number"] == at, where, "is not numbered in order | 번호가 차례가 아니에요")
    signed(record.public_key, frame("confirmation/3", record.fingerprint, number(at, 4), canonical(act)),
           item["signature"], where)
    need(all(one["at"] <= act["at"] for one in before), where, "is of before the one before it | 앞의 것보다 일러요")
    changes = [item["change"] for item in record.alarms["officers"] if item["change"]["at"] <= act["at"]]
    alone, officers = record.box["rehearsal"] == 1, in_office(record.box, changes)
    need((1 if alone else 2) <= len(act["by"]) <= 2, f"{where}: by", "not two | 두 사람이 아니에요")
    if officers and act["at"] >= record.heads[0]["at"]:
        positions = set(act["by"])
        need(len(positions) == len(act["by"]) and positions <= {*officers}, f"{where}: by", "not two different "
             "officers of the vote at that time | 그때 이 투표의 서로 다른 담당관이 아니에요")
    record.confirmed.append(act)
    (english, korean), by = ACTIONS[act["action"]].split(" | "), shown(", ".join(act["by"]), 200)
    note = f" ({shown(act['note'], 500)})" if "note" in act else ""
    record.say(f"The site says that these officials confirmed {english} at {act['at']}: {by}.{note} | {korean}: "
               f"{act['at']}에 "
               f"{by} 담당관이 확인했다고 이 누리집이 서명했어요.{note}")
    return act


def in_office(box, changes):
    """Positions of the officers of a vote behind these changes."""
    officers = [officer["position"] for officer in box["officers"]]
    for change in changes:
        officers[officers.index(change["leaves"])] = change["comes"]
    return officers


def drawn_in_words(draw):
    if draw["kind"] == "dice":
        faces = " ".join(map(str, draw["faces"]))
        return f"20 dice {faces}", f"주사위 20개 {faces}"
    numbers, bonus = ", ".join(map(str, draw["numbers"])), draw["bonus"]
    return (f"lottery 6/45 no. {draw['number']}, {numbers} and the bonus {bonus}",
            f"로또 6/45 {draw['number']}회 {numbers}, 보너스 {bonus}")


def written_draw(draw):
    """A draw as it is named behind --draw."""
    if draw["kind"] == "dice":
        return "".join(map(str, draw["faces"]))
    return f"{draw['number']}:{','.join(map(str, draw['numbers']))}+{draw['bonus']}"


# 4. What must add up ------------------------------------------------------------------------------------------------


def check_result_shape(record):
    where, heads, count = "result.json", record.heads, record.rule["options"]
    small = "small" in record.json(where, is_object)
    total = dict.fromkeys(["option", *FIGURES[record.rule["kind"]]], is_number)
    result = record.json(where, {**RESULT, "small": whole(1, 1)} if small else {
        **RESULT, "blank": is_number, "totals": [total], "breakdown?": {"by": is_text, "cells": [CELL]}})
    record.result, record.small = result, small
    same(result["format"], record.format, f"{where}: format")
    need((result["final_size"], result["final_root"]) == (heads[2]["size"], heads[2]["root"]), where, "is not for the "
         "log of the final head | 마지막 확인값의 기록이 아니에요")
    need(small == (result["ballots"] < FEW), f"{where}: small", "stands with fewer than ten | 표가 열 장보다 적을 때 있어요")
    need(small or result["blank"] <= result["ballots"], f"{where}: blank", "more than ballots | 표보다 많아요")
    need(small or [total["option"] for total in result["totals"]] == list(range(1, count + 1)), f"{where}: totals",
         f"are not numbered from 1 to {count} | 1부터 {count}까지의 번호가 아니에요")


def check_edition(record):
    """Edition that holds the choices: everyone's where whole ballots are published and there are ten."""
    open_to_all = record.box["publishes"] == "ballots" and not record.small
    need(record.with_choices or not open_to_all, "manifest.json", "lacks whole ballots | 투표지가 없어요")
    need((record.with_choices and not open_to_all) == (record.public_sha256 is not None), "manifest.json",
         "the observers' edition, and no other, names the public one | 참관인의 판만 공개하는 판을 가리켜요")


def tally(record):
    """Ballots, explicit blanks and totals from the opened choices, by their names in the result."""
    names = FIGURES[record.rule["kind"]]
    totals = [{"option": at, **dict.fromkeys(names, 0)} for at in range(1, record.rule["options"] + 1)]
    for values, count in record.ballots.items():
        for total, value in zip(totals, values or ()):
            if record.rule["kind"] == "yes_no":
                total[(None, "yes", "no", "blank")[value]] += count
            else:
                total[names[0]] += value * count
    return {"ballots": sum(record.ballots.values()), "blank": record.ballots[None], "totals": totals}


def check_totals(record):
    result = record.result
    need(result["ballots"] == len(record.tokens) + record.counted, "result.json: ballots", "are not live ballots and "
         "papers | 세는 표와 센 종이의 합이 아니에요")
    if record.with_choices:
        told = tally(record)
        for name in ["ballots"] if record.small else told:
            same(result[name], told[name], f"result.json: {name}")
        record.totals = told["totals"]
        record.say(f"Recounted: {told['ballots']} ballots. | 다시 셌어요. 표 {told['ballots']}개.")
    else:
        record.not_recounted.append("totals | 합계")
        if not record.small:
            record.totals = result["totals"]
            check_totals_possible(record)
    if record.small:
        record.say("Fewer than ten ballots: numbers are not published. | 표가 열 장보다 적어서 수는 공개하지 않아요.")
        return
    for option, total in zip(record.box["options"], result["totals"]):
        line, names = f"  {total['option']}. {shown(option['title'])}: ", FIGURES[record.rule["kind"]]
        english = ", ".join(f"{name} {total[name]}" for name in names)
        korean = ", ".join(f"{FIGURE_WORDS[name]} {total[name]}" for name in names)
        record.say(f"{line}{english} | {line}{korean}")
    record.say(f"  Explicit blanks: {result['blank']} |   기권: {result['blank']}")


def check_totals_possible(record):
    """Without the choices: could any ballots give these totals at all?"""
    rule, result, where = record.rule, record.result, "result.json: totals"
    valid = result["ballots"] - result["blank"]
    if rule["kind"] == "yes_no":
        need(all(total["yes"] + total["no"] + total["blank"] == valid for total in result["totals"]), where,
             "yes, no and blank are not as many as ballots | 찬성, 반대, 기권의 합이 표의 수가 아니에요")
        return
    limits = limits_of(rule, [total[FIGURES[rule["kind"]][0]] for total in result["totals"]])
    need(all(least * valid <= figure <= most * valid for least, figure, most, _ in limits), where, "no ballots could "
         "give these | 어떤 표로도 나올 수 없어요")


def check_reconciliation(record):
    """Rows, ballots, papers and the roll against each other; the numbers are those of section 4."""
    result, alarms, where = record.result, record.alarms, "result.json"
    rows, paper, turnout = result["rows"], result["paper"], result["turnout"]
    on_paper, loose = rows["paper_issued"] + rows["paper_returned"], alarms["sheets"]
    unclear, back = turnout["damaged"] + turnout["missing"], paper["counted"] + paper["invalid"]
    kept, issued = on_paper - turnout["paper_returned"], sum(desk["issued"] for desk in result["desks"])
    of_rows = {name: rows[name] for name in ("assisted", "damaged", "missing", "online")}
    total = turnout["online"] + turnout["assisted"] + turnout["paper_returned"] + unclear
    same(turnout, {**turnout, **of_rows, "roll": record.on_roll, "total": total}, f"{where}: turnout")
    same(total, record.took_part, f"{where}: turnout: total")
    for name in ("damaged", "missing"):
        same(alarms[name], rows[name], f"alarms.json: {name}")
    need(rows["online"] + rows["assisted"] == len(record.tokens), f"{where}: rows", "not the live ballots | 세는 표와 달라요")
    need(rows["paper_returned"] <= turnout["paper_returned"] <= on_paper, f"{where}: turnout: paper_returned",
         "is not between the papers returned at the close and those that were out | 마감 때 돌아온 종이보다 적거나 나간 종이보다 많아요")
    need(sum(rows.values()) <= record.on_roll, f"{where}: rows", "are more than the roll has | 명부보다 많아요")
    used, invalid = back + paper["spoiled"] + paper["taken_back"], sum(batch["invalid"] for batch in record.batches)
    same(paper, {**paper, "counted": record.counted, "invalid": invalid, "issued": used + paper["unreturned"]},
         f"{where}: paper")
    need(back <= turnout["paper_returned"] + unclear, f"{where}: paper", "more than were returned | 돌아온 종이보다 많아요")
    same(alarms["papers_short"], turnout["paper_returned"] + unclear - back, "alarms.json: papers_short")
    need(kept - loose <= paper["unreturned"] <= kept + unclear + loose, f"{where}: paper: unreturned", "is not as many "
         "as people who kept a paper | 종이를 가진 사람의 수와 달라요")
    need(rows["paper_taken_back"] <= paper["taken_back"] + loose, f"{where}: paper: taken_back", "fewer than people "
         "whose paper was taken back | 종이를 돌려받은 사람보다 적어요")
    need(len({desk["desk"] for desk in result["desks"]}) == len(result["desks"]), f"{where}: desks", "twice | 두 번 있어요")
    for desk in result["desks"]:
        is_number(desk["withdrawn"], f"{where}: desks: withdrawn", 0, desk["issued"])
    same(issued, paper["issued"], f"{where}: desks: issued")
    fell = [count["number"] for count, before in zip(record.counts, [None, *record.counts]) if
            count["voters"] > sum(rows.values()) or (before and count["voters"] < before["voters"])
            or fewer_acts(count, before)]
    same(alarms["counts"], fell, "alarms.json: counts")
    told = " + ".join(map(str, (turnout["online"], turnout["assisted"], turnout["paper_returned"], unclear)))
    record.say(f"Turnout: {total} of {turnout['roll']} ({told}: online, assisted, paper, unclear). All adds up. "
               f"| 투표한 사람: {turnout['roll']}명 가운데 {total}명({told}: 온라인, 도움, 종이, 모르는 것). 합이 모두 맞아요.")


def check_breakdown(record):
    """Turnout by neighbourhood or the like; small cells are hidden, and cannot be found by subtracting."""
    if "breakdown" not in record.result:
        return
    where, turnout = "result.json: breakdown", record.result["turnout"]
    cells = is_list(record.result["breakdown"]["cells"], f"{where}: cells", 1)
    for at, cell in enumerate(cells, start=1):
        fields_of(cell, ["name", "roll", "hidden" if "hidden" in cell else "voted"], f"{where}: cells: {at}")
        is_number(cell.get("voted", 0), f"{where}: cells: {at}: voted", 0, cell["roll"])
    need(len({cell["name"] for cell in cells}) == len(cells), where, "a cell stands twice | 같은 칸이 두 번 있어요")
    hidden = [cell for cell in cells if "hidden" in cell]
    rest = turnout["total"] - sum(cell.get("voted", 0) for cell in cells)
    same(sum(cell["roll"] for cell in cells), turnout["roll"], f"{where}: roll")
    need(0 <= rest <= sum(cell["roll"] for cell in hidden), where, "does not add up to the turnout | 투표한 사람의 수와 달라요")
    need(len(hidden) in (0, len(cells)) or (len(hidden) > 1 and rest >= FEW), where, "is told by subtracting | 빼면 알아요")
    record.say(f"Breakdown: {len(cells)} cells, {len(hidden)} hidden. | 나눠 본 칸 {len(cells)}개, 가린 칸 {len(hidden)}개.")


# 4a. Who wins -------------------------------------------------------------------------------------------------------


def drawn(record, needed):
    """A draw stands in the record when it was needed, and only then."""
    need("draw" not in record.box or needed == (record.lot is not None), "draw.json", "not just for a tie | 비길 때만 있어요")


def quorum_of(record):
    """(quorum as the outcome has it, whether anything is decided)"""
    quorum, turnout = record.box.get("quorum"), record.result["turnout"]
    if not quorum:
        return {}, True
    part, of = {"min_voters": (1, 1), "min_turnout": (100, turnout["roll"]), "per_mille": (
        1000, quorum.get("of", {}).get("number"))}[quorum["kind"]]
    needed, binding = -(-quorum["value"] * of // part), "missed" not in quorum
    reached = turnout["total"] >= needed
    english, korean = ("It was reached.", "채웠어요.") if reached else (
        "It was not reached: nothing is decided.", "모자라서 아무것도 정하지 않아요.") if binding else (
        "It was not reached: the result is told and binds nobody.", "모자라서 결과를 알리지만 그대로 따르지 않아도 돼요.")
    record.say(f"The quorum: {needed} people, {turnout['total']} took part. {english} | 정족수 {needed}명, 투표한 사람 "
               f"{turnout['total']}명. {korean}")
    return {"quorum": int(reached)}, reached or not binding


def check_outcome(record):
    outcome, kind = record.result["outcome"], "budget" if "budget" in record.box else "poll"
    need(outcome.get("kind") == kind, "result.json: outcome", "is of another kind of vote | 다른 종류의 투표예요")
    if kind == "budget":
        check_budget_outcome(record, outcome)
    else:
        check_poll_outcome(record, outcome)


def check_poll_outcome(record, outcome):
    """Winners, quorum and the tie at the edge of winning; of fewer than ten ballots only what won, by number."""
    quorum, decided = quorum_of(record)
    expected = {"kind": "poll", **quorum}
    if record.small and not record.with_choices:
        check_few_winners(record, outcome, expected, decided)
        return
    selected, tied = winners(record) if decided else ([], [])
    drawn(record, bool(tied))
    expected["selected"] = sorted(selected) if record.small else selected
    same(outcome, {**expected, "tied": tied} if tied and not record.small else expected, "result.json: outcome")
    titles, equal = (", ".join(shown(record.box["options"][at - 1]["title"], 40) for at in numbers) or "-"
                     for numbers in (outcome["selected"], tied))
    if tied:
        tell_tie(record, equal)
    record.say(f"Counted again, what won: {titles}. | 다시 세어 뽑힌 것: {titles}.")


def tell_tie(record, equal):
    english, korean = ("the number of the option or its code", "항목의 번호로") if record.lot is None else (
        "the draw", "추첨으로")
    record.say(f"TIED, in the order decided by {english}: {equal}. | 똑같았던 것({korean} 정한 차례): {equal}.")


def check_few_winners(record, outcome, expected, decided):
    """The winners, where neither totals nor choices are there to count them again."""
    where, winning = "result.json: outcome: selected", record.box["winners"]
    same({**outcome, "selected": []}, {**expected, "selected": []}, "result.json: outcome")
    selected = is_list(outcome.get("selected"), where)
    shaped(selected, [whole(1, record.rule["options"])], where)
    need(selected == sorted(set(selected)), where, "is not ascending | 차례가 아니에요")
    need(winning["kind"] == "yes" or len(selected) <= winning.get("seats", 0), where, "more than seats | 뽑는 수보다 많아요")
    need(decided or not selected, where, "the quorum was not reached | 정족수를 채우지 못했어요")
    record.not_recounted.append("what won | 뽑힌 것")


def winners(record):
    """(numbers of those that won, numbers among whom the draw decided)"""
    how, totals = record.box["winners"], record.totals
    if how["kind"] == "none":
        return [], []
    if how["kind"] == "yes":
        return [total["option"] for total in totals if total["yes"] > total["no"]], []
    votes, seats = {total["option"]: total[FIGURES[record.rule["kind"]][0]] for total in totals}, how["seats"]
    ranked = sorted((at for at in votes if votes[at]), key=lambda at: (-votes[at], at))
    if len(ranked) <= seats or votes[ranked[seats - 1]] > votes[ranked[seats]]:
        return ranked[:seats], []
    last = votes[ranked[seats - 1]]
    tied = sorted((at for at in ranked if votes[at] == last), key=lambda at: record.lot[at] if record.lot else at)
    return [*(at for at in ranked if votes[at] > last), *tied][:seats], tied


class Election:
    """Input of a budget's count: codes, costs, votes, and whole ballots where the edition has them."""

    def __init__(self, record):
        options, budget, self.ballots = record.box["options"], record.box["budget"], record.result["ballots"]
        self.valid = self.ballots - record.result.get("blank", 0)
        self.codes, self.costs = [option["code"] for option in options], [option["cost"] for option in options]
        self.votes, self.amount = [total["votes"] for total in record.totals], budget["amount"]
        self.choices = self.supporters = None
        if record.with_choices:
            self.choices = [[at for at, value in enumerate(values) if value] for values in record.ballots.elements() if
                            values]
            self.supporters = [[] for _ in options]
            for voter, choice in enumerate(self.choices):
                for at in choice:
                    self.supporters[at].append(voter)
        self.bodies = {"residents": (self.votes, self.ballots)}
        if "committee" in budget:
            self.bodies["committee"] = budget["committee"]["votes"], budget["committee"]["ballots"]
        self.excluding = [set() for _ in options]
        for group in budget.get("exclusions", []):
            for option in group:
                self.excluding[option - 1] |= {other - 1 for other in group if other != option}
        self.lot = record.lot

    def tie_key(self, at):
        """Lower cost, then more votes, then the draw or the code."""
        return self.costs[at], -self.votes[at], self.lot[at + 1] if self.lot else self.codes[at]

    def tie(self, places):
        """Codes in the order decided, and what told two neighbours apart."""
        ordered = sorted(places, key=self.tie_key)
        names, used = ["cost", "votes", "lot" if self.lot else "id"], set()
        for one, other in zip(map(self.tie_key, ordered), map(self.tie_key, ordered[1:])):
            used.add(next(name for name, mine, theirs in zip(names, one, other) if mine != theirs))
        return {"projects": [self.codes[at] for at in ordered], "decided_by": [name for name in names if name in used]}

    def line(self, at):
        return {"project": self.codes[at], "cost": str(self.costs[at]), "votes": str(self.votes[at])}

    def excluded_by(self, at, won):
        """The first winner beside which this project cannot win."""
        beside = {self.codes[other] for other in self.excluding[at]}
        return next((code for code in won if code in beside), None)

    def shares(self, by):
        """Body → the share of each project of the votes of that body."""
        wholes = {body: sum(votes) if by == "marks" else ballots for body, (votes, ballots) in self.bodies.items()}
        return {body: [fractions.Fraction(marked, wholes[body] or 1) for marked in votes] for body, (votes, _) in
                self.bodies.items()}


def count(election, rules, found=None):
    """The whole count; None where equal shares has neither choices nor what was `found` in the result instead."""
    scores, told = election.votes, {"rule": rules["rule"], "rules": rules, "budget": str(election.amount), "voters":
                                    election.ballots}
    if rules["rule"] == "equal-shares" and election.choices is None and found is None:
        return None
    if rules["rule"] == "weighted":
        shares, weights = election.shares(rules["share"]), rules["weights"]
        scores = [sum(fractions.Fraction(weights[body]) * shares[body][at] for body in weights if body in shares) for at
                  in range(len(election.codes))]
        told["parts"] = {code: {body: exact_text(shares[body][at]) for body in shares} for at, code in
                         enumerate(election.codes)}
    out = {at: "below_threshold" if score else "no_votes" for at, score in enumerate(scores) if not score or
           election.votes[at] < rules["threshold"]}
    places = [at for at in range(len(election.codes)) if at not in out]
    if rules["rule"] == "equal-shares":
        more, funded, passed, ties = equal_shares(election, rules, places, found)
        told.update(more)
    else:
        funded, passed, ties = go_down(election, rules, places, scores, "greedy", election.amount, [])
    for at in sorted(out, key=lambda at: (-scores[at], election.tie_key(at))):
        line = {**election.line(at), "reason": out[at]}
        if rules["rule"] == "weighted":
            line["score"] = exact_text(scores[at])
        if out[at] == "below_threshold":
            line["threshold"] = rules["threshold"]
        passed.append(line)
    selected = [line["project"] for line in funded]
    told.update(rounds=funded, not_selected=passed, ties=ties, selected=selected)
    told["cost"] = str(sum(int(line["cost"]) for line in funded))
    if election.choices is not None:
        chosen = {election.codes.index(code) for code in selected}
        told[GLAD] = sum(not chosen.isdisjoint(choice) for choice in election.choices)
    return told


def go_down(election, rules, places, scores, stage, left, won):
    """(lines of those funded, lines of the others, ties): down the list once, funding what fits the money left."""

    def worth(at):
        if rules["order"] == "votes-per-cost":
            return (0, -fractions.Fraction(scores[at]) / election.costs[at]) if election.costs[at] else (-1, 0)
        return 0, -scores[at]

    ordered = sorted(places, key=lambda at: (worth(at), election.tie_key(at)))
    funded, passed, ties, won, stopper = [], [], [], list(won), None
    for rank, at in enumerate(ordered, start=1):
        if rank == 1 or worth(at) != worth(ordered[rank - 2]):
            equals = [other for other in ordered[rank - 1 :] if worth(other) == worth(at)]
            if len(equals) > 1:
                ties.append({**election.tie(equals), "stage": stage, "rank": rank})
        line, winner = {**election.line(at), "rank": rank}, election.excluded_by(at, won)
        if rules["rule"] == "weighted":
            line["score"] = exact_text(scores[at])
        if stopper:
            passed.append({**line, "reason": "stopped", "by": stopper["project"], "by_rank": stopper["rank"]})
        elif winner is not None:
            passed.append({**line, "reason": "excluded", "by": winner, "left": str(left)})
        elif election.costs[at] > left:
            passed.append({**line, "reason": "did_not_fit", "left": str(left)})
            stopper = None if rules["skips"] else line
        else:
            won.append(line["project"])
            line.update(round=len(won), stage=stage, left_before=str(left), left_after=str(left - election.costs[at]))
            funded.append(line)
            left -= election.costs[at]
    return funded, passed, ties


def free_ones(election, places):
    """(place, places tied with it) of what equal shares funds because it costs nothing."""
    left = sorted((at for at in places if not election.costs[at]), key=election.tie_key)
    while left:
        at, *left = left
        yield at, [other for other in left if election.votes[other] == election.votes[at]]
        left = [other for other in left if other not in election.excluding[at]]


class Run:
    """Equal shares for one share, in whole numbers: `unit` of them are one of the money. Voters who hold the same stand
    in one class; `holds` says how much, 0 for nothing."""

    def __init__(self, election, rules, places, share):
        self.election, self.by_cost, self.places, self.share = election, rules["utility"] == "cost", places, share
        self.unit, self.holds, self.paying = share.denominator, [0, share.numerator], 0
        self.class_of = [1] * len(election.choices)
        self.bought = []  # (place, price, effective votes, places tied with it)
        self.history = None
        self.open = {at: self.first_bound(at) for at in places}

    def first_bound(self, at):
        supporters, cost = len(self.election.supporters[at]), self.election.costs[at]
        return (supporters if self.by_cost else supporters / cost if cost else math.inf) * (1 + 1e-9)

    def until(self, budget=math.inf, recorded=False):
        """Funds all that can be funded; False, and stops, when that costs more than the budget."""
        self.history = {at: [self.together(at)] for at in self.places} if recorded else None
        for at, tied in free_ones(self.election, self.places):
            self.bought.append((at, fractions.Fraction(0), fractions.Fraction(self.election.votes[at]), tied))
            self.close(at)
        spent, found = 0, self.best()
        while found:
            spent += self.election.costs[found[0]]
            if spent > budget:
                return False
            self.buy(*found)
            found = self.best()
        return True

    def classes(self, at):
        """Class → how many of the project's supporters stand in it."""
        return collections.Counter(map(self.class_of.__getitem__, self.election.supporters[at]))

    def together(self, at):
        """Money that the supporters of a project hold, exactly."""
        return fractions.Fraction(sum(self.holds[each] * count for each, count in self.classes(at).items()), self.unit)

    def close(self, at):
        for other in {at, *self.election.excluding[at]}:
            self.open.pop(other, None)

    def price(self, at):
        """The most that a supporter pays; None when they do not hold the cost."""
        classes, rest = self.classes(at), self.election.costs[at] * self.unit
        payers = sum(classes.values())
        if sum(self.holds[each] * count for each, count in classes.items()) < rest:
            return None
        for each in sorted(classes, key=self.holds.__getitem__):
            if self.holds[each] * payers >= rest:
                break
            rest, payers = rest - self.holds[each] * classes[each], payers - classes[each]
        return fractions.Fraction(rest, payers * self.unit)

    def best(self):
        """(place, price, places tied with it) of the project with the highest effective vote count, or None."""
        surely, found = 0.0, []
        for at in sorted(self.open, key=self.open.__getitem__, reverse=True):
            if self.open[at] < surely:
                break
            price = self.price(at)
            if price is None:
                del self.open[at]
                continue
            value = (self.election.costs[at] if self.by_cost else 1) / price
            self.open[at] = float(value) * (1 + 1e-9)  # values only fall, so this bounds it from now on
            surely = max(surely, float(value) * (1 - 1e-9))
            found.append((value, at, price))
        highest = max((value for value, *_ in found), default=None)
        best = sorted(((at, price) for value, at, price in found if value == highest), key=lambda one:
                      self.election.tie_key(one[0]))
        return (*best[0], [at for at, _ in best[1:]]) if best else None

    def buy(self, at, price, tied):
        finer = price.denominator // math.gcd(price.denominator, self.unit)
        self.unit, self.holds = self.unit * finer, [held * finer for held in self.holds]
        paid, moved = price.numerator * (self.unit // price.denominator), {}
        for each in self.classes(at):
            moved[each] = len(self.holds) if self.holds[each] > paid else 0
            if moved[each]:
                self.holds.append(self.holds[each] - paid)
        for voter in self.election.supporters[at]:
            self.class_of[voter] = moved[self.class_of[voter]]
        self.bought.append((at, price, self.election.costs[at] / price, tied))
        self.paying += 1
        self.close(at)
        if self.history:
            for other in self.places:
                self.history[other].append(self.together(other))

    def reason(self, at):
        """Reason why a project was not funded, from what its supporters held after each round."""
        held, order = self.history[at], [self.election.codes[each] for each, *_ in self.bought]
        line = {**self.election.line(at), "held_at_start": exact_text(held[0])}
        short = next((place for place, money in enumerate(held) if money < self.election.costs[at]), None)
        if short == 0:
            return {**line, "reason": "never_enough"}
        free, winner = len(order) - self.paying, self.election.excluded_by(at, order)
        if winner is not None and (short is None or order.index(winner) < free + short):
            return {**line, "reason": "excluded", "by": winner}
        spent = [{"project": order[free + place], "amount": exact_text(held[place] - held[place + 1])} for place in
                 range(short) if held[place] > held[place + 1]]
        return {**line, "reason": "within_reach_until_round", "round": free + short, "left": exact_text(held[short]),
                "spent_on": spent}


def equal_shares(election, rules, places, found):
    """(share, steps and ending, lines of those funded, lines of the others, ties)"""
    base = fractions.Fraction(election.amount if election.ballots else 0, election.ballots or 1)
    step, steps, ending = fractions.Fraction(rules["step"]), 0, None
    if election.choices is None:
        steps = found.get("steps", 0)
        told = Told(election, rules, places, base + steps * step, found)
        if rules["completion"] != "none":
            ending = ending_of(election, rules, places, told.bought) or "infeasible"
    else:
        run = Run(election, rules, places, base)
        run.until()
        while rules["completion"] != "none" and ending is None:
            ending = ending_of(election, rules, places, run.bought)
            following = Run(election, rules, places, base + (steps + 1) * step)
            if ending is None and following.until(election.amount):
                run, steps = following, steps + 1
            else:
                ending = ending or "infeasible"
        told = Run(election, rules, places, run.share)
        told.until(recorded=True)
    more = {"share": exact_text(told.share), **({"steps": steps, "ending": ending} if ending else {})}
    return more, *lines_of_shares(election, rules, places, told)


def ending_of(election, rules, places, bought):
    """Reason why the shares need not grow any more, or None."""
    funded = {at for at, *_ in bought}
    missing = [at for at in places if at not in funded and not election.excluding[at] & funded]
    left = election.amount - sum(election.costs[at] for at in funded)
    if missing and rules["completion"] == "add1" and all(election.costs[at] > left for at in missing):
        return "exhausted"
    return None if missing else "all_funded"


class Told:
    """A run of equal shares as a record tells it without the choices, refused where no ballots could give it."""

    def __init__(self, election, rules, places, share, found):
        self.election, self.by_cost, self.share, self.highest = election, rules["utility"] == "cost", share, None
        self.lines = {line["project"]: line for line in found["rounds"] + found["not_selected"]}
        self.tied = {tie.get("round"): tie["projects"] for tie in found["ties"] if tie["stage"] == "equal-shares"}
        self.bought = [(at, fractions.Fraction(0), fractions.Fraction(election.votes[at]), tied) for at, tied in
                       free_ones(election, places)]
        self.free = len(self.bought)
        for line in [line for line in found["rounds"] if line.get("stage") == "equal-shares"][self.free :]:
            self.buy(line["project"], places)
        need(self.bought[self.free :] or not self.prices(places), COUNT_OF, "lacks rounds | 빠진 차례가 있어요")
        spent = sum(election.costs[at] for at, *_ in self.bought)
        need(spent <= min(election.amount, share * election.valid), f"{COUNT_OF}: rounds", "cost more than all shares "
             "or all money | 모든 몫이나 예산보다 많이 들어요")

    def prices(self, places):
        """Place → the least price, of what the shares can pay and nothing funded by now speaks against."""
        votes, costs, funded = self.election.votes, self.election.costs, {at for at, *_ in self.bought}
        return {at: fractions.Fraction(costs[at], votes[at]) for at in places if
                0 < costs[at] <= self.share * votes[at] and not funded & {at, *self.election.excluding[at]}}

    def value(self, at, price):
        return (self.election.costs[at] if self.by_cost else 1) / price

    def buy(self, code, places):
        """The first paid round follows from the totals; of later ones the record tells price and ties."""
        votes, costs = self.election.votes, self.election.costs
        where, price, at, lowest = f"{COUNT_OF}: rounds", None, self.election.codes.index(code), self.prices(places)
        tied = list(map(self.election.codes.index, self.tied.get(len(self.bought) + 1, [code])))
        possible = tied[:1] == [at] and len(set(tied)) == len(tied) and set(tied) <= set(lowest)
        if possible and self.highest is None:
            price, values = lowest[at], {at: self.value(at, lowest[at]) for at in lowest}
            self.highest = max(values.values())
            possible = set(tied) == {at for at in values if values[at] == self.highest}
        elif possible and votes[at] >= FEW:
            price = exact_of(self.lines[code].get("payment_per_supporter"), where)
            value = self.value(at, price)
            prices = {at: costs[at] / value if self.by_cost else price for at in tied}
            possible = value <= self.highest and all(lowest[at] <= prices[at] <= self.share for at in tied)
            self.highest = value
        elif possible:  # hidden: its value lies between those of the highest and the lowest price
            self.highest = min(self.highest, *(self.value(at, lowest[at]) for at in tied))
            possible = all(self.value(at, self.share) <= self.highest for at in tied)
        need(possible, where, "no ballots could give this round | 어떤 표로도 나올 수 없는 차례예요")
        self.bought.append((at, price, price and costs[at] / price, tied[1:]))

    def reason(self, at):
        """The line of a project that was not funded."""
        election, held, cost = self.election, self.share * self.election.votes[at], self.election.costs[at]
        line, where = {**election.line(at), "held_at_start": exact_text(held)}, f"{COUNT_OF}: not_selected"
        found, order = self.lines.get(line["project"], {}), [election.codes[each] for each, *_ in self.bought]
        if held < cost:
            return {**line, "reason": "never_enough"}
        winner = election.excluded_by(at, order)
        before = len(order) if winner is None else order.index(winner)
        if winner is not None and before <= self.free or found.get("reason") == "excluded":
            return {**line, "reason": "excluded", "by": winner}
        line["reason"] = "within_reach_until_round"
        if election.votes[at] < FEW:
            return line
        shaped(found, {"round": whole(self.free + 1, before), "*?": anything, "spent_on": [
            {"amount": is_string, "project": tuple(order[self.free :])}]}, where)
        rounds = [order.index(item["project"]) for item in found["spent_on"]]
        paid = [exact_of(item["amount"], where) for item in found["spent_on"]]
        most = [min(election.costs[each], (price or self.share) * min(election.votes[each], election.votes[at])) for
                each, price, *_ in map(self.bought.__getitem__, rounds)]
        need(rounds == sorted(set(rounds)) and rounds[-1:] == [found["round"] - 1] and all(
            0 < one <= limit for one, limit in zip(paid, most)) and sum(paid[:-1]) <= held - cost < sum(paid) <= held,
             where, "impossible payments | 낼 수 없는 돈이에요")
        spent = [{"amount": exact_text(amount), "project": order[each]} for each, amount in zip(rounds, paid)]
        return {**line, "round": found["round"], "left": exact_text(held - sum(paid)), "spent_on": spent}


def exact_of(text, where):
    need(type(text) is str and COUNTED.fullmatch(text) and fractions.Fraction(text), where, "is no number | 수가 아니에요")
    return fractions.Fraction(text)


def lines_of_shares(election, rules, places, run):
    left, funded, ties, bought = election.amount, [], [], {at for at, *_ in run.bought}
    for at, price, effective, tied in run.bought:
        line = {**election.line(at), "round": len(funded) + 1, "stage": "equal-shares", "left_before": str(left),
                "left_after": str(left - election.costs[at])}
        if price is not None:
            line.update(effective_votes=exact_text(effective), payment_per_supporter=exact_text(price))
        funded.append(line)
        left -= election.costs[at]
        if tied:
            ties.append({**election.tie([at, *tied]), "stage": "equal-shares", "round": len(funded)})
    rest = [at for at in places if at not in bought]
    if rules["fill"] == "greedy":
        won = [line["project"] for line in funded]
        more, turns, met = go_down(election, rules, rest, election.votes, "fill", left, won)
        passed, funded, ties = after_fill(election, run, turns), funded + more, ties + met
    else:
        passed = {at: run.reason(at) for at in rest}
    ordered = sorted(passed, key=lambda at: (-election.votes[at], election.tie_key(at)))
    return funded, [passed[at] for at in ordered], ties


def after_fill(election, run, turns):
    """The reasons of equal shares with the turn in the fill beside them; a winner that excludes outweighs money."""
    found = {}
    for turn in turns:
        at = election.codes.index(turn["project"])
        line = {**run.reason(at), "fill_rank": turn["rank"]}
        if turn["reason"] == "excluded":
            line = {**election.line(at), "reason": "excluded", "by": turn["by"], "fill_rank": turn["rank"],
                    "held_at_start": line["held_at_start"]}
        if turn["reason"] == "stopped":
            line["fill_stopped_by"] = turn["by"]
        else:
            line["fill_left"] = turn["left"]
        found[at] = line
    return found


def rules_beside(election, rules):
    """Name → the rules that stand beside the one of the box, for comparison."""
    plain = {"completion": "none", "fill": "none", "order": "votes", "rule": "greedy", "skips": rules["skips"],
             "step": "1", "threshold": rules["threshold"], "utility": "cost", "weights": {}}
    if rules["rule"] == "equal-shares":
        return {"greedy": plain}
    step = 100 * max(1, -(-election.amount // (election.ballots * 10_000))) if election.ballots else 100
    found = {"equal-shares": {**plain, "rule": "equal-shares", "skips": 1, "completion": "add1", "fill": "greedy",
                              "step": str(step)}}
    if rules["rule"] == "weighted":
        other = "ballots" if rules["share"] == "marks" else "marks"
        found.update({body: {**rules, "weights": {body: "1"}} for body in election.bodies})
        found.update({"greedy": plain, other: {**rules, "share": other}})
    return found


def without_single_people(told):
    """(codes of projects with fewer than ten supporters, the same count without what these supporters paid)"""
    few = sorted(line["project"] for line in told["rounds"] + told["not_selected"] if int(line["votes"]) < FEW and
                 (line.get("stage") == "equal-shares" or line.get("reason") == "within_reach_until_round"))

    kept = ["project", "stage", "cost", "votes", "left_before", "left_after", "rank", "reason", "fill_rank",
            "fill_left", "fill_stopped_by"]

    def left_out(line):
        names = [*kept, "round"] if "stage" in line else kept
        return {name: line[name] for name in names if name in line} if line["project"] in few else line

    return few, {**told, **{part: [left_out(line) for line in told[part]] for part in ("rounds", "not_selected")}}


def check_budget_outcome(record, outcome):
    """Everything a page tells of the count, counted again as far as this edition has what it needs."""
    where, rules, budget = "result.json: outcome", record.box["budget"]["rules"], record.box["budget"]
    quorum, decided = quorum_of(record)
    if not decided:
        drawn(record, False)
        same(outcome, {"kind": "budget", "selected": [], **quorum}, where)
        return
    same({name: outcome[name] for name in ("quorum",) if name in outcome}, quorum, f"{where}: quorum")
    if record.small and not record.with_choices:
        fields_of(outcome, ["kind", "selected", *quorum], where)
        codes = {option["code"]: option["cost"] for option in record.box["options"]}
        selected = is_list(outcome["selected"], f"{where}: selected")
        need(selected == sorted(filter(selected.count, codes)), f"{where}: selected", "not ascending | 차례가 틀려요")
        need(sum(codes[code] for code in selected) <= budget["amount"], f"{where}: selected", "too expensive | 돈이 모자라요")
        record.not_recounted.append("what won | 뽑힌 것")
        return
    election, unseen = Election(record), rules["rule"] == "equal-shares" and not record.with_choices
    if not record.small:
        fields_of(outcome, ["count", "kind", "others", *quorum], where, optional=["hidden"])
        if unseen:
            line = {"project": tuple(election.codes), "*?": anything}
            tie = {"projects": [line["project"]], "stage": ("equal-shares", "fill"), "round?": whole(1), "*?": anything}
            steps = "steps?" if rules["completion"] == "none" else "steps"
            shaped(outcome["count"], {steps: is_number, "not_selected": [line], "rounds": [line], "ties": [tie],
                                      "*?": anything}, where)
            record.not_recounted.append("what equal shares funds, with its numbers and reasons | 균등 몫으로 뽑힌 것과 그 수와 까닭")
    counted = count(election, rules, outcome.get("count"))
    ties = [tie["projects"] for tie in counted["ties"] if {"lot", "id"} & set(tie["decided_by"])]
    drawn(record, bool(ties))
    for codes in ties:
        tell_tie(record, ", ".join(map(shown, codes)))
    if record.small:
        same(outcome, {"kind": "budget", "selected": sorted(counted["selected"]), **quorum}, where)
        return
    few, told = [], outcome["count"]
    if rules["rule"] == "equal-shares" and record.box["publishes"] == "totals":
        few, counted = without_single_people(counted)
    same(outcome.get("hidden"), few or None, f"{where}: hidden")
    check_count(record, election, told, counted, f"{where}: count")
    beside = rules_beside(election, rules)
    fields_of(outcome["others"], beside, f"{where}: others")
    for name, other in beside.items():
        check_other(record, election, outcome["others"][name], other, f"{where}: others: {name}")
    currency, funded, projects = shown(budget["currency"]), len(told["selected"]), len(election.codes)
    record.say(f"The budget: {funded} of {projects} projects for {told['cost']} of {election.amount} {currency}. | 예산: "
               f"사업 {projects}개 가운데 {funded}개, {election.amount} {currency} 가운데 {told['cost']}.")
    for at in map(election.codes.index, told["selected"]):
        project = f"  {shown(election.codes[at])}. {shown(record.box['options'][at]['title'])}:"
        record.say(f"{project} votes {election.votes[at]} | {project} 표 {election.votes[at]}")
    if not unseen:
        record.say("Counted again: the same order, reasons and numbers. | 다시 계산해도 차례와 까닭과 수가 같아요.")


def check_count(record, election, found, counted, where):
    """Without choices the one number that they give is only bounded."""
    if GLAD in counted:
        same(found, counted, where)
    else:
        is_object(found, where)
        same({name: value for name, value in found.items() if name != GLAD}, counted, where)
        check_glad(record, election, found, where)


def check_glad(record, election, found, where):
    """The bounds that the totals give: no ballot marks more than the limit, and none that counts marks nothing."""
    chosen, rule = {election.codes.index(code) for code in found["selected"]}, record.rule
    funded, valid = [election.votes[at] for at in chosen], record.result["ballots"] - record.result["blank"]
    others = (sum(election.votes) - sum(funded)) // (rule["limit"] if "exactly" in rule else 1)
    least = max([0, valid - others, -(-sum(funded) // rule["limit"]), *funded])
    is_number(found.get(GLAD), f"{where}: {GLAD}", least, min(valid, sum(funded)))
    told = "how many voters have a funded project | 뽑힌 사업을 고른 사람의 수"
    if told not in record.not_recounted:
        record.not_recounted.append(told)


def check_other(record, election, found, rules, where):
    """Outcome by another rule: rules, projects, cost and voters with one of them."""
    names, counted = ["cost", "rules", "selected", GLAD], count(election, rules)
    fields_of(found, names, where)
    if counted is None:
        same(found["rules"], rules, f"{where}: rules")
        check_selected(record, election, found, where)
        record.not_recounted.append("the comparison with equal shares | 균등 몫과 견준 것")
    else:
        check_count(record, election, found, {name: counted[name] for name in names if name in counted}, where)


def check_selected(record, election, found, where):
    """Projects that equal shares with a fill could fund: what is free first, and as many as the money pays."""
    selected, threshold = is_list(found["selected"], f"{where}: selected"), found["rules"]["threshold"]
    places = {at for at, code in enumerate(election.codes) if code in selected}
    able = [at for at, votes in enumerate(election.votes) if votes >= max(1, threshold)]
    left = election.amount - sum(election.costs[at] for at in places)
    need(len(places) == len(selected), f"{where}: selected", "names none or one twice | 없거나 같은 사업이 있어요")
    need(found["cost"] == str(election.amount - left) and left >= 0, f"{where}: cost", "is not their cost, or too much "
         "| 사업비의 합이 아니거나 많아요")
    need(all(at in able and not election.excluding[at] & places for at in places), f"{where}: selected", "cannot be "
         "funded | 뽑힐 수 없어요")
    need(all(at in places or election.costs[at] > left or election.excluding[at] & places for at in able),
         f"{where}: selected", "leaves out what the money would pay | 돈이 남는데 빠진 사업이 있어요")
    free = [election.codes[at] for at, _ in free_ones(election, able)]
    need(selected[: len(free)] == free, f"{where}: selected", "begins not with what is free | 거저인 것이 먼저가 아니에요")
    check_glad(record, election, found, where)


CHECKS = [check_manifest, check_box, check_key, check_signatures, check_heads, check_log, check_live, check_counts,
          check_roll, check_choices, check_paper, check_objections, check_alarms, check_draw, check_confirmations,
          check_result_shape,
          check_edition, check_totals, check_reconciliation, check_breakdown, check_outcome]


def check_record(data, key, report):
    record = report.record = Record(data, key, report.say)
    for check in CHECKS:
        check(record)
    return record


# 5. What people kept ------------------------------------------------------------------------------------------------


def check_kept_head(record, head, where):
    shaped(head, {**HEAD, "consistency?": anything}, where)
    check_head(record, head, where)
    ours = record.heads[head["number"]]
    need(all(head[name] == ours[name] for name in HEAD), where, "is not one of the record's heads, though signed by "
         "the same key: one vote has two logs | 같은 열쇠로 서명했는데 기록의 확인값이 아니에요. 한 투표에 기록이 둘이에요")


def check_kept_count(record, count, where):
    """A count that somebody kept, signed for additions of the record; the very same where the record has its number."""
    shaped(count, count_shape(record), where)
    check_count_signed(record, count, where)
    ours = next((one for one in record.counts if one["number"] == count["number"]), None)
    check_additions_named(record, count, count["additions"], where)
    need(ours in (None, count), where, "is not the record's count of this number, though signed by the same key | 같은 "
         "열쇠로 서명했는데 기록에 있는 같은 번호의 수와 달라요")
    if ours is None:
        check_left_out_count(record, count, where)


def check_left_out_count(record, count, where):
    """A count that the record leaves out lies between those beside it, unless the record says that these are amiss."""
    before = [one for one in record.counts if one["number"] < count["number"]][-1:]
    after = [one for one in record.counts if one["number"] > count["number"]][:1]
    opening, closing = record.heads[:2]
    for name, first, last in (("at", opening["at"], closing["at"]), ("additions", 0, len(record.additions))):
        in_order = [first, *(one[name] for one in before), count[name], *(one[name] for one in after), last]
        need(in_order == sorted(in_order), f"{where}: {name}", "does not lie between the record's counts beside it | "
                                                               "기록에 "
             "있는 앞뒤의 수 사이에 있지 않아요")
    if not any(one["number"] in record.alarms["counts"] for one in before + after):
        least = max([0, *(one["voters"] for one in before)])
        most = min([sum(record.result["rows"].values()), *(one["voters"] for one in after)])
        need(least <= count["voters"] <= most, where, f"counted {count['voters']} voters, the record allows {least} to "
             f"{most} then, and alarms.json does not say why | 그때 {count['voters']}명이라고 서명했는데 기록대로라면 {least}명에서 "
             f"{most}명이어야 "
             "하고, alarms.json에 까닭이 없어요")
        fewer = [act for one in before for act in fewer_acts(count, one)]
        need(not fewer + [act for one in after for act in fewer_acts(one, count)], where, "tells acts of staff that do "
             "not lie between those of the record's counts beside it, and alarms.json does not say why | 담당자가 한 일이 기록에 "
             "있는 앞뒤의 수 사이에 있지 않고, alarms.json에 까닭이 없어요")
    record.say(f"Count {count['number']} was signed and the record leaves it out. | {count['number']}번 투표자 수는 서명했는데 "
               f"기록에는 "
               "없어요.")


def tracker(leaf):
    """The first 60 bits of a leaf hash as 12 characters of Crockford's base32."""
    value = int.from_bytes(leaf[:8], "big") >> 4
    letters = "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[value >> shift & 31] for shift in range(55, -1, -5))
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def check_receipt(record, receipt, where):
    """The promise, the leaf in the log, that it is this voter's alone, and whether it is the one that counts."""
    is_object(receipt, where)
    late = any(name in receipt for name in LATE)
    shaped(receipt, {**RECEIPT, **LATE} if late else RECEIPT, where)
    leaf, mine = bytes.fromhex(receipt["leaf"]), bytes.fromhex(receipt["mine"])
    of_this_vote(record, receipt, where, "promise/2", leaf)
    name, at = tracker(leaf), record.numbers.get(leaf, len(record.marks))
    need(receipt["tracker"] == name, where, "the tracker is not that of the leaf | 확인 번호가 표의 것이 아니에요")
    need(at < len(record.marks), where, f"the ballot {name} was promised to be in the log and is not: this receipt "
         f"proves it | {name} 표가 기록에 있을 거라고 약속했는데 없어요. 이 확인증이 증거예요")
    need(record.marks[at] == framed_hash("mine/2", record.fingerprint, mine), where, "the ballot in the log does not "
         "bear your mark: it is another one's | 기록의 표에 내 표시가 없어요. 다른 사람의 표예요")
    if late:
        check_kept_head(record, receipt["head"], f"{where}: head")
        hashes = record.hashes[: receipt["head"]["size"]]
        need(receipt["number"] == at < len(hashes) and receipt["proof"] == [node.hex() for node in inclusion_proof(
            hashes, at)], where, "the inclusion proof does not hold | 들어 있다는 증명이 틀려요")
    if framed_hash("live/2", record.fingerprint, mine).hex().encode("ascii") in set(record.tokens):
        record.say(f"The ballot {name} is in the log as leaf {at}, it is yours, and it counts. | {name} 표가 기록 {at}번에 "
                   "있고, 내 것이고, 세어졌어요.")
    else:
        record.say(f"The ballot {name} is in the log as leaf {at}, it is yours, and it does NOT count. If you neither "
                   f"changed it nor took paper, tell the observers. | {name} 표가 기록 {at}번에 있고 내 것이지만 세지 않았어요. 바꾸지도 "
                   "않았고 종이 투표지를 받지도 않았다면 참관인에게 알려 주세요.")


def check_same(record, other):
    """Two editions of one vote: everything that both have must be equal but for the manifests and their signatures."""
    for name in sorted(set(record.members) & set(other.members) - {"manifest.json", "signatures.json"}):
        need(record.members[name] == other.members[name], name, "is not the same in both editions | 두 판에서 달라요")
    for one, two in ((record, other), (other, record)):
        public = one.public_sha256 in (None, sha256(two.data).hex())
        need(public or two.with_choices, "manifest.json",
             "the observers' edition was made with another public file | 참관인의 판이 다른 공개 파일과 함께 만들어졌어요")
    record.say("Both editions hold and tell the same log and the same result. | 두 판이 모두 맞고 기록과 결과가 같아요.")


def of_one_edition(record, other, digest, where):
    """Statements are of the edition with choices; where that is not at hand, all of the same one."""
    theirs = [sha256(edition.data).hex() for edition in (record, other) if edition and edition.with_choices]
    record.edition = (theirs or [record.edition or digest])[0]
    need(digest == record.edition, where, "is of another edition | 다른 판이에요")


def observed_message(item):
    hashes = (bytes.fromhex(item[name]) for name in ("fingerprint", "result_sha256", "edition_sha256"))
    return frame("observed/2", *hashes, number(item["agrees"], 1), item["text"].encode("utf-8"))


def check_observers(record, kept, other, where):
    """Statements of observers named before the vote, on this result and their edition. Whoever said both refuses."""
    items, said = kept if type(kept) is list else [kept], {}
    keys = {observer["key"]: observer["name"] for observer in record.box["observers"]}
    for at, item in enumerate(items, start=1):
        here = f"{where}: {at}"
        shaped(item, OBSERVED, here)
        key, agrees = item["public_key"], item["agrees"]
        need(len(item["text"]) <= 1000, here, "the text is too long | 글이 너무 길어요")
        need(key in keys, here, "is by nobody who was named before the vote | 투표 전에 정한 참관인이 아니에요")
        need(item["fingerprint"] == record.fingerprint.hex(), here, "is of another vote | 다른 투표의 것이에요")
        need(item["result_sha256"] == sha256(record.members["result.json"]).hex(), here, "of another result | 다른 결과예요")
        of_one_edition(record, other, item["edition_sha256"], here)
        signed(bytes.fromhex(key), observed_message(item), item["signature"], here)
        said[key] = min(said.get(key, 1), agrees)
        english, korean = ("agrees", "맞다고 해요") if agrees else ("REFUSES", "틀렸다고 해요")
        name, text = shown(keys[key]), shown(item["text"], 200)
        record.say(f"Observer {name} {english}. {text} | 참관인 {name}: {korean}. {text}")
    if not items:
        record.say(f"{where} is an empty list: no observer has signed. | {where}: 빈 목록이에요. 서명한 참관인이 없어요.")
    record.agreed, record.refused = list(said.values()).count(1), list(said.values()).count(0)


def check_afterwards(record, items, other, where):
    """Acts of two officials since the record: the destruction of the key before the publication."""
    need(record.format > 2, where, "format 2 has no such file | 형식 2에는 이런 파일이 없어요")
    shaped(items, [AFTERWARDS], where)
    result, key = sha256(record.members["result.json"]).hex(), record.box["key_sha256"]
    first, done = len(record.confirmed), collections.Counter()
    for at, item in enumerate(items, start=1):
        here = f"{where}: {at}"
        act = check_confirmation(record, item, first + at, here)
        done[act["action"]] += 1
        need(act["action"] in AFTER_RECORD, here, "can only come before the record | 기록 앞에만 올 수 있어요")
        need(act["at"] >= record.heads[2]["at"], here, "is of before the final head | 마지막 확인값보다 일러요")
        need(act["result_sha256"] == result, here, "of another result | 다른 결과예요")
        of_one_edition(record, other, act["edition_sha256"], here)
        need(act.get("key_sha256") == (key if act["action"] == "destroy_key" else None), here, "of another key | 다른 "
                                                                                               "열쇠예요")
        need(done["publish"] <= done["destroy_key"] < 2, here, "published before the key was destroyed, or twice, or "
             "destroyed twice | 열쇠를 없애기 전에 또는 두 번 공개했거나, 두 번 없앴어요")
    if not done["destroy_key"]:
        record.say("NOTHING says that ballots and key were destroyed. | 표와 열쇠를 없앴다는 말이 없어요.")


# 6. The command -----------------------------------------------------------------------------------------------------


class Report:
    """Sentences about what was checked, in one language."""

    def __init__(self, language):
        self.korean, self.lines, self.record = language == "ko", [], None

    def pick(self, sentence):
        return sentence.split(" | ")[self.korean]

    def say(self, sentence):
        self.lines.append(self.pick(sentence))

    def is_disputed(self):
        """True where signatures of observers were looked at, and one refused or too few agreed."""
        record = self.record
        return record.agreed is not None and (record.refused > 0 or record.agreed < record.box["signatures"])

    def last(self, key):
        """Sentences on what holds, what was not recounted or compared, and who signed."""
        record, observers, needed = self.record, len(self.record.box["observers"]), self.record.box["signatures"]
        left_out = ", ".join(map(self.pick, record.not_recounted))
        holds = ("OK: consistent; signer not confirmed. | 맞아요: 기록이 서로 맞아요. 누가 서명했는지는 확인하지 않았어요." if key is None else
                 "OK: everything checked holds; signed by the key you named. | 맞아요: 확인한 것이 모두 맞고, 알려 주신 열쇠로 서명됐어요.")
        if self.is_disputed():
            signer = ("signer not confirmed | 누가 서명했는지는 확인하지 않았어요" if key is None else
                      "signed by the key you named | 알려 주신 열쇠로 서명됐어요").split(" | ")
            holds = (f"NOT AGREED: everything checked holds ({signer[0]}), but an observer refused or too few agreed. "
                     f"| 참관인 "
                     f"확인 필요: 확인한 것은 모두 맞지만({signer[1]}), 틀렸다는 참관인이 있거나 맞다는 참관인이 모자라요.")
        recounted = (f"NOT recounted: {left_out}. | 다시 세지 않았어요: {left_out}." if left_out else
                     "Everything was recounted. | 모두 다시 셌어요.")
        uncompared = ("NOT compared: the draw with the one drawn in public (--draw). | 견주지 않았어요: 공개된 추첨(--draw)." if
                      record.draw and not record.draw_compared else "")
        if not observers:
            signers = "The vote has no observers. | 참관인이 없는 투표예요."
        elif record.agreed is None:
            signers = (f"Signatures of observers were not looked at ({needed} of {observers} are needed). | 참관인의 서명은 "
                       f"보지 않았어요({observers}명 가운데 {needed}명이 필요해요).")
        else:
            signers = (f"{record.agreed} of {observers} observers signed that it is right, {record.refused} refused "
                       f"({needed} are needed). | 참관인 {observers}명 가운데 {record.agreed}명이 맞다고, {record.refused}명이 틀렸다고 "
                       f"서명했어요({needed}명이 필요해요).")
        return " ".join(map(self.pick, filter(None, (holds, recounted, uncompared, signers))))

    def print_lines(self, key, wrong):
        box, lines = self.record and self.record.box, list(self.lines)
        if box and box["rehearsal"]:
            rehearsal = self.pick("REHEARSAL: this was a rehearsal, not a vote. Its result counts for nothing. | 예행연습: "
                                  "진짜 투표가 아니었어요. 이 결과는 아무 효력이 없어요.")
            lines = [rehearsal, *lines, rehearsal]
        elif box and not box["observers"]:
            lines.insert(0, self.pick("NO OBSERVERS: nobody from outside the office was named to recount this vote. | "
                                      "참관인 없음: 이 투표를 다시 셀 사람을 밖에서 정하지 않았어요."))
        if wrong:
            lines += [self.pick("Keep this file and what you compared it with, and tell the observers of the vote. | 이 "
                                "파일과 견준 것을 지우지 말고 투표의 참관인에게 알려 주세요."), ("틀렸어요: " if self.korean else "WRONG: ") + wrong]
        else:
            lines.append(self.last(key))
        print("\n".join(lines))


def named(path, longest=80):
    """A path; of a long one the end, which says which file it is."""
    return shown(path if len(path) <= longest else "…" + path[1 - longest :])


def read_file(path):
    if os.path.getsize(path) > LARGEST_FILE:
        raise Unusable(named(path), "cannot be used: is larger than a record may be | 쓸 수 없어요. 기록보다 커요")
    with open(path, "rb") as file:
        return file.read(LARGEST_FILE)


def kept_json(path, shape=anything):
    """Files that people kept may have been saved with spaces, or with the mark that some editors put in front."""
    data = read_file(path)
    try:
        return shaped(parse_json(data.removeprefix(b"\xef\xbb\xbf"), "JSON"), shape, "JSON")
    except Wrong as wrong:
        raise Unusable(named(path), "cannot be used: {} | 쓸 수 없어요. {}".format(*wrong.said)) from None


def check_all(options, report):
    record, other = check_record(read_file(options.record), options.key, report), None
    if options.draw:
        need(options.draw == record.draw, "--draw", "is not the draw by which the record decided a tie | 기록이 똑같은 표를 "
                                                    "정한 추첨이 "
             "아니에요")
        record.draw_compared = True
        record.say("The draw of the record is the one that you named. | 기록의 추첨이 알려 주신 것과 같아요.")
    for path in options.head:
        kept = kept_json(path)
        for head in is_list(kept, named(path), 1) if type(kept) is list else [kept]:
            check_kept_head(record, head, named(path))
        record.say(f"The heads in {named(path)} are the record's. | {named(path)}의 기록 확인값이 기록에 있어요.")
    for path in options.count:
        kept = kept_json(path)
        for item in is_list(kept, named(path), 1) if type(kept) is list else [kept]:
            check_kept_count(record, item, named(path))
        record.say(f"The counts in {named(path)} were signed for the first of the record's additions. | {named(path)}의 "
                   "투표자 수는 기록에 더한 사람들에게 맞게 서명됐어요.")
    for path in options.receipt:
        check_receipt(record, kept_json(path), named(path))
    if options.same_as:
        other = check_record(read_file(options.same_as), options.key, Report("en"))
        check_same(record, other)
    if options.confirmations:
        check_afterwards(record, kept_json(options.confirmations), other, named(options.confirmations))
    if options.signatures:
        check_observers(record, kept_json(options.signatures), other, named(options.signatures))


def key_fingerprint(text):
    cleaned = "".join(text.split()).replace(":", "").lower()
    if len(cleaned) != 64 or not HEX.fullmatch(cleaned):
        raise argparse.ArgumentTypeError("64 hexadecimal digits / 16진수 64자")
    return cleaned


def named_draw(text):
    """NUMBER:a,b,c,d,e,f+g of the lottery 6/45, or twenty faces of dice."""
    cleaned = "".join(text.split())
    if re.fullmatch("[1-6]{20}", cleaned):
        return {"faces": list(map(int, cleaned)), "kind": "dice"}
    if not re.fullmatch("[0-9]{1,6}:[0-9]{1,2}(?:,[0-9]{1,2}){5}[+][0-9]{1,2}", cleaned):
        raise argparse.ArgumentTypeError("NUMBER:a,b,c,d,e,f+g, or 20 faces / 회:a,b,c,d,e,f+보너스, 또는 주사위 20개")
    drawing, *numbers, bonus = map(int, re.findall("[0-9]+", cleaned))
    return {"bonus": bonus, "kind": "lottery", "number": drawing, "numbers": sorted(numbers)}


class Parser(argparse.ArgumentParser):
    """Says in both languages that it was called wrongly."""

    def error(self, message):
        self.print_usage(sys.stderr)
        self.exit(2, f"Called wrongly / 잘못 불렀어요: {message}\n")


def keygen(arguments):
    """A new key of an observer, readable by its owner alone; what is published of it is printed."""
    parser = Parser(prog="verify.py keygen", description="Makes an observer's key. / 참관인의 열쇠를 만들어요.")
    parser.add_argument("file", metavar="MY.key")
    path, seed = parser.parse_args(arguments).file, os.urandom(32)
    public_key = key_of(seed)[2].hex()
    key = json.dumps({"algorithm": "Ed25519", "format": 2, "public_key": public_key, "seed": seed.hex()})
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(f"{key}\n")
    print(f"Keep {named(path)} to yourself. Give this to the office before the vote: / {named(path)} 파일은 혼자만 간직하고, 투표 "
          f"전에 구청에 이것을 알려 주세요:\n{public_key}")
    return 0


def sign(arguments):
    """An observer's statement on an edition with choices: that it holds, or what is wrong with it."""
    parser = Parser(prog="verify.py sign", description="Signs what an observer recounted. / 참관인이 다시 센 것에 서명해요.")
    parser.add_argument("record", metavar="RECORD.zip")
    parser.add_argument("--key", required=True, metavar="MY.key")
    parser.add_argument("--site-key", type=key_fingerprint, metavar="FINGERPRINT", help="of the key that must have "
                                                                                        "signed the "
                        "record, known from elsewhere / 기록에 서명했어야 하는 열쇠의 지문. 다른 곳에서 알게 된 것")
    parser.add_argument("--any-key", action="store_true", help="sign without knowing whose key the record has / 누구의 "
                                                               "열쇠인지 "
                        "모르는 채로 서명해요")
    parser.add_argument("--refuse", metavar="TEXT", help="say what is wrong / 틀렸다고 서명하고 까닭을 적어요")
    parser.add_argument("--text", default="", metavar="TEXT", help="a remark / 덧붙이는 말")
    parser.add_argument("--language", choices=("en", "ko"), default="en")
    options = parser.parse_args(arguments)
    key, agrees = kept_json(options.key, OBSERVERS_KEY), options.refuse is None
    if agrees and (options.site_key is None) == (not options.any_key):
        parser.error("--site-key FINGERPRINT, or --any-key to sign whatever key it is / 누구의 열쇠인지 모르는 채로 서명하려면 "
                     "--any-key")
    seed, text = bytes.fromhex(key["seed"]), options.text if agrees else options.refuse
    need(len(text) <= 1000, "--refuse", "more than 1,000 characters | 1,000자가 넘어요")
    data = read_file(options.record)
    record = check_record(data, options.site_key, Report("en")) if agrees else Record(data)
    need(not agrees or record.with_choices, named(options.record), "has no choices to recount | 다시 셀 선택이 없어요")
    item = {"agrees": int(agrees), "edition_sha256": sha256(data).hex(), "format": 2,
            "fingerprint": framed_hash("box/2", record.members["box.json"]).hex(), "public_key": key_of(seed)[2].hex(),
            "result_sha256": sha256(record.members["result.json"]).hex(), "text": text}
    observers = [observer["key"] for observer in parse_json(record.members["box.json"], "box.json")["observers"]]
    need(item["public_key"] in observers, named(options.key), "is no observer's key | 참관인의 열쇠가 아니에요")
    item["signature"] = signature_of(seed, observed_message(item)).hex()
    if agrees and options.any_key:
        print("You sign without knowing whose key the record has / 누구의 열쇠인지 모르는 채로 서명해요: "
              f"{sha256(record.public_key).hex()}", file=sys.stderr)
    print(json.dumps(item, ensure_ascii=False, indent=1))
    return 0


def said_of(error):
    """English and Korean. A record that confuses this program must not pass, and must not look like a crash."""
    name = type(error).__name__
    return error.said if name == "Wrong" else (f"this cannot be read as a record ({name})", f"기록으로 읽을 수 없어요({name})")


def verify(arguments):
    parser = Parser(prog="verify.py", allow_abbrev=False, description="Checks the published record of a vote. Others: "
                    "verify.py keygen, verify.py sign. / 공개된 투표 기록을 확인해요. 다른 명령: verify.py keygen, verify.py sign.",
                    epilog="Exit status: 0 everything checked holds, 1 something is wrong, 2 called wrongly or a file "
                           "cannot "
                    "be used, 3 everything checked holds but (with --signatures) an observer refused or too few "
                    "agreed. / 끝날 때의 "
                    "값: 0 모두 맞음, 1 틀린 것이 있음, 2 명령이나 파일이 잘못됨, 3 모두 맞지만 참관인의 서명이 모자라거나 틀렸다는 서명이 있음.")
    parser.add_argument("record", metavar="RECORD.zip")
    parser.add_argument("--key", type=key_fingerprint, metavar="FINGERPRINT", help="of the key / 열쇠의 지문")
    parser.add_argument("--head", action="append", default=[], metavar="HEAD.json", help="a kept head / 간직한 확인값")
    parser.add_argument("--count", action="append", default=[], metavar="COUNT.json", help="a kept count / 간직한 투표자 수")
    parser.add_argument("--receipt", action="append", default=[], metavar="RECEIPT.json", help="a receipt / 투표 확인증")
    parser.add_argument("--draw", type=named_draw, metavar="FIGURES", help="the draw as it was published, "
                        "NUMBER:a,b,c,d,e,f+g or 20 faces of dice / 공개된 추첨")
    parser.add_argument("--same-as", metavar="OTHER.zip", help="another edition of the same vote / 같은 투표의 다른 판")
    parser.add_argument("--signatures", metavar="SIGNATURES.json", help="what observers signed / 참관인의 서명")
    parser.add_argument("--confirmations", metavar="CONFIRMATIONS.json", help="what officials confirmed since the "
                                                                              "record / "
                        "기록 뒤에 담당관이 확인한 것")
    parser.add_argument("--language", choices=("en", "ko"), default="en")
    options, wrong = parser.parse_args(arguments), None
    report = Report(options.language)
    try:
        check_all(options, report)
    except Unusable:
        raise
    except (Wrong, *CONFUSED) as error:
        wrong = said_of(error)[report.korean]
    report.print_lines(options.key, wrong)
    return 1 if wrong is not None else 3 if report.is_disputed() else 0


def main(arguments):
    command = {"keygen": keygen, "sign": sign}.get(arguments[0] if arguments else "", verify)
    try:
        return command(arguments if command is verify else arguments[1:])
    except OSError as error:
        print(f"{shown(str(error.filename))} cannot be used / 쓸 수 없어요: {error.strerror}", file=sys.stderr)
        return 2
    except Unusable as error:
        print(" / ".join(error.said), file=sys.stderr)
        return 2
    except (Wrong, *CONFUSED) as error:
        print("WRONG / 틀렸어요: " + " / ".join(said_of(error)), file=sys.stderr)
        return 1


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a terminal that knows no Korean shows question marks
    sys.exit(main(sys.argv[1:]))
