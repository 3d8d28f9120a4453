"""An independent checker of vote records, format versions 2 and 3, written from FORMAT.md alone.

    python3 -m tests.verifier.format2.second_checker RECORD.zip [--key FINGERPRINT] [--same-as OTHER.zip]

Exit 0 and "OK" when everything holds, else exit 1 and one sentence naming the member and the rule.
"""

import re

from .elections import Election, Told
from .encodings import Bad, MEMBERS, need, sha
from .outcomes import Record

__all__ = ("Bad", "Election", "Record", "Told")


# ---------------------------------------------------------------- two editions, main

def same(record, other):
    for name in MEMBERS:
        if name in record.members and name in other.members and name not in ("manifest.json", "signatures.json"):
            need(record.members[name] == other.members[name], name, "the two editions differ in it")
    for one, two in ((record, other), (other, record)):
        told = one.json["manifest.json"].get("public_sha256")
        if told and not two.with_choices:
            need(told == sha(two.blob).hex(), "manifest.json", "`public_sha256` is not that of the other edition")


def read_file(path):
    with open(path, "rb") as file:
        return file.read(512 * 2 ** 20 + 1)


def main(arguments):
    path, key, other = None, None, None
    while arguments:
        word = arguments.pop(0)
        if word in ("--key", "--same-as") and arguments:
            if word == "--key":
                key = re.sub(r"[\s:]", "", arguments.pop(0)).lower()
            else:
                other = arguments.pop(0)
        elif path is None and not word.startswith("-"):
            path = word
        else:
            path = None
            break
    if path is None:
        print("Usage: second_checker.py RECORD.zip [--key FINGERPRINT] [--same-as OTHER.zip].")
        return 1
    try:
        records = [Record(read_file(path))]
        if other:
            records.append(Record(read_file(other)))
            same(*records)
        for record in records:
            need(key is None or record.key_fingerprint == key, "key.json", "the record is signed by another key")
    except Bad as bad:
        print(bad)
        return 1
    except OSError as error:
        print(f"A file could not be read: {error.strerror}.")
        return 1
    except Exception as error:
        print(f"The record is in a form that this checker did not foresee: {type(error).__name__} {error}.")
        return 1
    print("OK")
    if records[0].box["rehearsal"]:
        print("This was a rehearsal: the record counts for nothing.")
    if key is None:
        print("The signer is not confirmed: no key was named.")
    for note in records[0].notes:
        print(note)
    return 0
