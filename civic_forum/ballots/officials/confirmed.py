"""Acts that two officials confirmed, signed by the site: those before a record stand in it, later ones in a file beside
it. Who is told by position, never by name."""

import json
from collections.abc import Mapping
from typing import Any
from zipfile import ZipFile

import sqlalchemy as sa

from civic_forum.platform.base import db

from ..models import BallotBox, Confirmation
from ..observing import queries as observed
from ..officers import queries as officers
from ..officers.rules import officers_of
from ..published import heads, records
from ..rules import signing
from ..rules.boxes import ConfirmedAction, REASONED
from ..rules.log import KEPT_FORMAT, stamp

MEMBER, MOST = "confirmations.json", 1_000
OFFICIAL = "담당관"
"""Of the record, so never in another language: somebody who is none of the officers that the box names."""
IN_WORDS = REASONED | {ConfirmedAction.DRAW}
LATER = frozenset({ConfirmedAction.DESTROY_KEY, ConfirmedAction.PUBLISH})
"""Actions that cannot stand in the record: they confirm it."""


def of_record(box: BallotBox, seed: bytes) -> list[dict[str, Any]] | None:
    """Items of `confirmations.json` in a record that is written now; None in format 2."""
    if box.format == KEPT_FORMAT:
        return None
    return [_signed(box, seed, number, act) for number, act in enumerate(
        (act for act in _acts(box) if act["action"] not in LATER), 1)]


def after_record(box: BallotBox) -> list[dict[str, Any]]:
    """Those confirmed since the record was written, each naming its result and the edition with choices."""
    seed = heads.seed_of(box.id)
    with ZipFile(records.public(box)) as record:
        before = {_moment(kept["confirmation"]) for kept in json.loads(record.read(MEMBER))}
    of = {"result_sha256": observed.result_sha256(box).hex(), "edition_sha256": box.observers_sha256.hex()}
    key = {ConfirmedAction.DESTROY_KEY: {"key_sha256": box.key_sha256.hex()}}
    later = [act | of | key.get(act["action"], {}) for act in _acts(box) if _moment(act) not in before]
    return [_signed(box, seed, number, act) for number, act in enumerate(later, len(before) + 1)]


def _moment(act: Mapping[str, Any]) -> tuple[str, str]:
    """An act whoever is told as its hands: an officer may have come back under another position since."""
    return act["action"], act["at"]


def _acts(box: BallotBox) -> list[dict[str, Any]]:
    """In the order in which they happened."""
    positions = _positions(box)
    rows = db.session.scalars(sa.select(Confirmation).filter_by(box_id=box.id).where(
        Confirmation.confirmed_at.is_not(None)).order_by(Confirmation.id).limit(MOST))
    return sorted((_act(box, confirmation, positions) for confirmation in rows), key=lambda act: act["at"])


def _act(box: BallotBox, confirmation: Confirmation, positions: dict[int, str]) -> dict[str, Any]:
    """A confirmation as it is told; its instant is the one that heads and alarms have of the same act."""
    at = {ConfirmedAction.OPEN: box.opened_at, ConfirmedAction.CLOSE_EARLY: box.closed_at}.get(confirmation.action)
    by = [positions.get(user, OFFICIAL)
          for user in dict.fromkeys((confirmation.proposed_by_id, confirmation.confirmed_by_id))]
    note = {"note": confirmation.note} if confirmation.note and confirmation.action in IN_WORDS else {}
    return {"action": confirmation.action.value, "at": stamp(at or confirmation.confirmed_at), "by": by, **note}


def _positions(box: BallotBox) -> dict[int, str]:
    """Account → position, of those whom the box names and those who came in their place."""
    named = [*officers_of(officers.parts_of(box)), *(change.comes for change in officers.changes_of(box))]
    grants = officers.rows(officer.grant for officer in named)
    return {grants[officer.grant].user_id: officer.position for officer in named if officer.grant in grants}


def _signed(box: BallotBox, seed: bytes, number: int, act: dict[str, Any]) -> dict[str, Any]:
    signature = signing.sign(seed, signing.confirmation(box.fingerprint, number, act))
    return {"confirmation": act, "number": number, "signature": signature.hex()}
