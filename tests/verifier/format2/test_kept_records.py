"""The votes that the sample district published under format 2, as they were: both programs pass them for ever."""

import json
import lzma
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from .running import second_refusal

KEPT = Path(__file__).parent / "kept"
VOTES = {
    "napulnapul-2020": "ad0ed1bd5816c23c50b3a1de49701c301711fd95de0f6b5c9fb6fb01901f2e2c",
    "resident": "7a0ea90c4522ace871076ac7a01c53597e4f9f0d506cce951b99b2a05aeb41f4",
    "cooperation": "0ee2d75b2324611702d9fe9b00441da98f48f2a9a577ddc14e2e919e4a9a39fc",
}
"""Name → SHA-256 of the observers' edition, as they signed it."""


def edition(name, kind):
    return lzma.decompress((KEPT / f"{name}-{kind}.zip.xz").read_bytes())


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("name", VOTES)
def test_a_record_of_format_2_passes(desk, name):
    public, observers = edition(name, "public"), edition(name, "observers")
    with ZipFile(BytesIO(public)) as record:
        key = sha256(bytes.fromhex(json.loads(record.read("key.json"))["public_key"])).hexdigest()
        heads = json.loads(record.read("heads.json"))
    signed = json.loads((KEPT / f"{name}-signatures.json").read_text("utf-8"))
    assert sha256(observers).hexdigest() == VOTES[name] == signed[0]["edition_sha256"]
    status, lines = desk.verify(public, key=key, same_as=observers, head=heads, signatures=signed)
    assert status == 0 and lines[-1].startswith("OK: everything checked holds; signed by the key you named."), lines[-1]
    assert desk.verify(observers, key=key, signatures=signed)[0] == 0
    assert [second_refusal(public), second_refusal(observers)] == [None, None]
