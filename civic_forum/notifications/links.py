"""The address that ends a kind of mail by one click, without signing in: only this site can have written it."""

import base64
from dataclasses import dataclass
from enum import StrEnum

from flask import current_app

from civic_forum.platform import clock, keys

from .rules import LINK_DAYS, Channel, Frequency, NoticeKind

PURPOSE = "unsubscribe"
A_DAY = 86_400
MAC = 16


class BadLink(StrEnum):
    FORGED = "forged"
    OLD = "old"


@dataclass(frozen=True)
class Subscription:
    """Notices that somebody gets by a channel: a kind at once, or the digest of a frequency."""

    user_id: int
    channel: Channel
    what: NoticeKind | Frequency


def address(subscription: Subscription) -> str:
    return f"{current_app.config['URL']}/unsubscribe/{token(subscription)}"


def token(subscription: Subscription) -> str:
    today = int(clock.now().timestamp()) // A_DAY
    payload = f"{subscription.user_id}.{subscription.channel}.{subscription.what}.{today}"
    return f"{payload}.{_macs(payload)[0]}"


def read(text: str) -> Subscription | BadLink:
    """Content of a token, or the reason why it counts for nothing."""
    payload, _, mac = text[:200].rpartition(".")
    if not keys.is_one_of(mac, _macs(payload)):
        return BadLink.FORGED
    user_id, channel, what, day = payload.split(".")
    if int(clock.now().timestamp()) // A_DAY - int(day) > LINK_DAYS:
        return BadLink.OLD
    kind = NoticeKind(what) if what in set(NoticeKind) else Frequency(what)
    return Subscription(int(user_id), Channel(channel), kind)


def _macs(payload: str) -> list[str]:
    """By every key, the newest first: mail is read long after it was sent."""
    return [base64.urlsafe_b64encode(digest[:MAC]).decode().rstrip("=")
            for digest in keys.hashes(PURPOSE, payload.encode("utf-8", "surrogatepass"))]
