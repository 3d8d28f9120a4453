"""Encodings, shapes and the zip file of a record."""

import hashlib
import json
import re
import struct
import zlib
from datetime import datetime, timezone
from fractions import Fraction
from math import gcd


class Bad(Exception):
    """A rule of the format that does not hold: (member, sentence)."""


def need(condition, member, rule):
    if not condition:
        raise Bad(f"{member}: {rule}.")


# ---------------------------------------------------------------- section 1: encodings

MAX_WHOLE = 2 ** 53 - 1
ZERO32 = "0" * 64


def sha(data):
    return hashlib.sha256(data).digest()


def frame(label, *fields):
    out = [label.encode("ascii")]
    for field in fields:
        out.append(len(field).to_bytes(4, "big"))
        out.append(field)
    return b"".join(out)


def H(label, *fields):
    return sha(frame(label, *fields))


def b4(number):
    return number.to_bytes(4, "big")


def b8(number):
    return number.to_bytes(8, "big")


def instant(text):
    """Seconds since 1970 of an instant as the format writes it, or None."""
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", text):
        return None
    try:
        when = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    except ValueError:
        return None
    if when.year < 1970:
        return None
    return int((when - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds())


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def read_json(data, member):
    def pairs(items):
        result = dict(items)
        need(len(result) == len(items), member, "an object names something twice")
        return result

    def refuse(_):
        raise ValueError("number")

    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=pairs, parse_float=refuse, parse_constant=refuse)
        deep(value, 1, member)
        again = canonical(value)
    except (ValueError, RecursionError):
        raise Bad(f"{member}: this is not canonical JSON (it cannot be read).") from None
    need(again == data, member, "this is not canonical JSON (written again it has other bytes)")
    return value


def deep(value, level, member):
    need(level <= 32, member, "the JSON is nested deeper than 32 levels")
    if isinstance(value, dict):
        for item in value.values():
            deep(item, level + 1, member)
    elif isinstance(value, list):
        for item in value:
            deep(item, level + 1, member)
    else:
        need(isinstance(value, str) or type(value) is int and 0 <= value <= MAX_WHOLE, member,
             "a value is neither an object, a list, a string nor a whole number up to 2^53 - 1")


WHITE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a" \
        "\u2028\u2029\u202f\u205f\u3000"


def is_text(value):
    return isinstance(value, str) and value.strip(WHITE) != ""


def is_hex(value, size):
    return isinstance(value, str) and re.fullmatch(f"[0-9a-f]{{{2 * size}}}", value) is not None


def is_whole(value, low=0, high=MAX_WHOLE):
    return type(value) is int and low <= value <= high


def read_exact(value):
    """An exact number of box.json as a Fraction, or None."""
    if not isinstance(value, str):
        return None
    match = re.fullmatch(r"(0|[1-9][0-9]{0,39})(?:/([1-9][0-9]{0,39}))?", value)
    if not match:
        return None
    p, q = int(match[1]), int(match[2] or 1)
    if match[2] and (q == 1 or gcd(p, q) != 1):
        return None
    return Fraction(p, q)


def exact(number):
    """An exact number as result.json writes it."""
    number = Fraction(number)
    rest, twos, fives = number.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{number.numerator}/{number.denominator}"
    places = max(twos, fives)
    if places == 0:
        return str(number.numerator)
    digits = str(number.numerator * 10 ** places // number.denominator).rjust(places + 1, "0")
    return digits[:-places] + "." + digits[-places:]


# Shapes: a small language. A dict has exactly these names ("name?" may be missing, "*" lets others stand beside).

class Whole:
    def __init__(self, low=0, high=MAX_WHOLE):
        self.low, self.high = low, high


class Hex:
    def __init__(self, size):
        self.size = size


class One:
    def __init__(self, *values):
        self.values = values


TEXT, STRING, INSTANT, EXACT, ANY_OBJECT, LIST = "text", "string", "instant", "exact", "object", "list"
N, H32 = Whole(), Hex(32)
U32 = Whole(0, 2 ** 32 - 1)


def shape(value, spec, member, where="it"):
    def bad(what):
        raise Bad(f"{member}: {where} must be {what}.")

    if isinstance(spec, Whole):
        if not is_whole(value, spec.low, spec.high):
            bad(f"a whole number from {spec.low} to {spec.high}")
    elif isinstance(spec, Hex):
        if not is_hex(value, spec.size):
            bad(f"{spec.size} bytes in lower-case hex")
    elif isinstance(spec, One):
        if not any(type(value) is type(v) and value == v for v in spec.values):
            bad("one of " + ", ".join(map(str, spec.values)))
    elif spec == TEXT:
        if not is_text(value):
            bad("text that is not empty")
    elif spec == STRING:
        if not isinstance(value, str):
            bad("a string")
    elif spec == INSTANT:
        if instant(value) is None:
            bad("an instant like 2026-01-01T00:00:00Z")
    elif spec == EXACT:
        if read_exact(value) is None:
            bad("an exact number")
    elif spec == ANY_OBJECT:
        if not isinstance(value, dict):
            bad("an object")
    elif spec == LIST or isinstance(spec, list):
        if not isinstance(value, list):
            bad("a list")
        if spec == LIST:
            return
        for number, item in enumerate(value):
            shape(item, spec[0], member, f"item {number} of {where}")
    elif isinstance(spec, dict):
        if not isinstance(value, dict):
            bad("an object")
        known = {name.rstrip("?") for name in spec}
        for name, inner in spec.items():
            plain = name.rstrip("?")
            if name == "*":
                continue
            if plain in value:
                shape(value[plain], inner, member, f"`{plain}` of {where}")
            elif not name.endswith("?"):
                bad(f"an object with `{plain}`")
        if "*" not in spec and set(value) - known:
            bad("an object without the unknown name `" + min(set(value) - known) + "`")
    else:
        raise AssertionError(spec)


# ---------------------------------------------------------------- section 2: the zip file

def write_zip(members):
    body, directory = [], []
    offset = 0
    for name, data in members:
        raw = name.encode("ascii")
        common = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0x21, zlib.crc32(data), len(data), len(data), len(raw), 0)
        body.append(b"PK\3\4" + common + raw + data)
        directory.append(b"PK\1\2" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, offset) + raw)
        offset += 30 + len(raw) + len(data)
    listing = b"".join(directory)
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(listing), offset, 0)
    return b"".join(body) + listing + end


MEMBERS = ["manifest.json", "box.json", "key.json", "heads.json", "entries.txt", "counts.json", "live.txt", "roll.txt",
           "additions.txt", "choices.txt", "paper.json", "paper-choices.json", "objections.json", "alarms.json",
           "confirmations.json", "draw.json", "result.json", "signatures.json"]


def read_zip(blob):
    need(len(blob) <= 512 * 2 ** 20, "the zip", "it is larger than 512 MiB")
    members, at = [], 0
    while blob[at:at + 4] == b"PK\3\4" and len(blob) >= at + 30:
        size, name_size = struct.unpack_from("<I", blob, at + 22)[0], struct.unpack_from("<H", blob, at + 26)[0]
        name = blob[at + 30:at + 30 + name_size].decode("latin-1")
        need(name in MEMBERS, "the zip", f"it has the unknown member {name!a}")
        members.append((name, blob[at + 30 + name_size:at + 30 + name_size + size]))
        at += 30 + name_size + size
    need(write_zip(members) == blob, "the zip", "it is not written in the one way that section 2 allows")
    names = [name for name, _ in members]
    need(names == [name for name in MEMBERS if name in names], "the zip", "members stand twice or out of order")
    for name, data in members:
        need(not name.endswith(".json") or len(data) <= 32 * 2 ** 20, name, "it is larger than 32 MiB")
    return blob, dict(members)


def read_lines(data, member):
    if not data:
        return []
    need(data.endswith(b"\n"), member, "the last line does not end with LF")
    try:
        return data[:-1].decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise Bad(f"{member}: there is something else than ASCII in it.") from None


def rising(values):
    return all(a < b for a, b in zip(values, values[1:]))
