"""An authenticator in software: what a telephone answers a browser, and what nobody's telephone would."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from secrets import token_bytes

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from civic_forum.accounts.authenticators import Answer

SITE = "http://localhost:5000"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def data(given: str) -> bytes:
    return urlsafe_b64decode(given + "=" * (-len(given) % 4))


class Authenticator:
    """One passkey at most; `count` goes up with each use, or stays 0."""

    def __init__(self, *, counts=True, origin=SITE, host="localhost", flags=PRESENT | VERIFIED):
        self.counts, self.origin, self.host, self.flags = counts, origin, host, flags
        self.key, self.id, self.count = ec.generate_private_key(ec.SECP256R1()), token_bytes(16), 0

    def copied(self) -> "Authenticator":
        other = Authenticator(counts=self.counts, origin=self.origin, host=self.host)
        other.key, other.id, other.count = self.key, self.id, self.count
        return other

    def make(self, options: str, **changes) -> Answer:
        """The answer of `navigator.credentials.create` to these options."""
        client = self._client("webauthn.create", options, **changes)
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        told = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": self._data(self.flags | ATTESTED) + attested})
        return self._answer(clientDataJSON=client, attestationObject=told)

    def use(self, options: str, **changes) -> Answer:
        """The answer of `navigator.credentials.get` to these options."""
        self.count += self.counts
        client, said = self._client("webauthn.get", options, **changes), self._data(self.flags)
        signature = self.key.sign(said + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=said, signature=signature)

    def _client(self, kind: str, options: str, **changes) -> bytes:
        return json.dumps({"type": kind, "challenge": json.loads(options)["challenge"], "origin": self.origin,
                           "crossOrigin": False} | changes).encode()

    def _data(self, flags: int) -> bytes:
        return sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _answer(self, **response: bytes) -> Answer:
        return Answer(json.dumps({"id": text(self.id), "rawId": text(self.id), "type": "public-key",
                                  "clientExtensionResults": {},
                                  "response": {name: text(value) for name, value in response.items()}}))
