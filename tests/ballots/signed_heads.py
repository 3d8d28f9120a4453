"""Checking a head as people keep it."""

from civic_forum.ballots.rules import signing
from civic_forum.ballots.rules.log import instant
from civic_forum.ballots.rules.signing import HeadKind


def verify(head: dict) -> bool:
    """True if the key that the JSON of a head names signed it. Never raises for what is no head."""
    try:
        if HeadKind(head["kind"]).number != head["number"]:
            return False
        message = signing.head(bytes.fromhex(head["fingerprint"]), HeadKind(head["kind"]), head["size"],
                                bytes.fromhex(head["root"]), instant(head["at"]),
                                live=bytes.fromhex(head["live_sha256"]),
                                additions=bytes.fromhex(head["additions_root"]))
        return signing.verify(bytes.fromhex(head["public_key"]), message, bytes.fromhex(head["signature"]))
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError):
        return False
