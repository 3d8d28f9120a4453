"""From the count to the published result. Each step can be repeated after a crash and never comes before the last.

Count; both editions written and passed by the verifier; who took part written down and every cast deleted; the key
destroyed; the result published. The last two are confirmed by two officials.
"""

import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

import sqlalchemy as sa

import config
from civic_forum.accounts.models import User
from civic_forum.kernel import erasure
from civic_forum.kernel.base import database_now, db
from civic_forum.kernel.errors import Conflict
from civic_forum.kernel.i18n import _
from civic_forum.kernel.work import use_case

from .. import heads, keyring, records
from ..formats.record import Record, Written, write_editions
from ..models import BallotBox, Cast, Confirmation, KioskPass, PaperEntry, Participated, Participation
from ..queries import boxes, confirmations, tallies
from ..rules.boxes import BoxStage, ConfirmedAction, stage_of
from ..rules.counting import Inconsistent
from ..rules.sealing import Damaged
from . import confirmations as four_eyes
from .counting import count, require_official, stopped

VERIFIER = config.ROOT / "verifier" / "verify.py"
AT_ONCE = 2_000
REPEATED = timedelta(hours=2)
EMPTIED = ("participation", "ballot_cast", "paper_entry", "kiosk_pass")


@dataclass(frozen=True)
class Progress:
    """How far `advance` came, and what a second official has to confirm now."""

    stage: BoxStage
    proposed: Confirmation | None = None


def advance(box_id: bytes, *, copies: str | None = None, by: User) -> Progress:
    """Go as far as this official can: do what is due, then propose the next step or confirm what another proposed.

    `copies` says which copies of the key are gone; it is needed to confirm the destruction. Two officials who
    call it in turn bring a closed vote to its publication.
    """
    carry_on(box_id, by=by)
    for action in (ConfirmedAction.DESTROY_KEY, ConfirmedAction.PUBLISH):
        box = boxes.by_id(box_id)
        if four_eyes.why_not(action, box, database_now()) is not None:
            continue
        pending = confirmations.alive(box_id, action)
        if pending is None:
            return Progress(_stage(box_id), four_eyes.propose(action, box_id, by=by))
        if pending.proposed_by_id == by.id:
            return Progress(_stage(box_id), pending)
        if action is ConfirmedAction.DESTROY_KEY:
            four_eyes.confirm(pending.id, note=copies, by=by)
            carry_on(box_id, by=by)
        else:
            four_eyes.confirm(pending.id, by=by)
    return Progress(_stage(box_id))


def carry_on(box_id: bytes, *, by: User | None) -> BoxStage:
    """Count, write the record, empty the box and destroy the key if two officials confirmed that.

    Whatever was done before, or cut off, is not done twice; calling it again finishes what is left.
    """
    require_official(by)
    count(box_id, by=by)
    write_record(box_id, by=by)
    empty(box_id, by=by)
    destroy_key(box_id, by=by)
    return _stage(box_id)


def write_record(box_id: bytes, *, by: User | None) -> BallotBox:
    """Write both editions, sync them, and have the verifier of the public pass them. Raises Unavailable."""
    box = boxes.by_id(box_id)
    if box.counted_at is None:
        raise Conflict(_("먼저 표를 세어야 해요."))
    if box.recorded_at is not None:
        return box
    with records.turn(box_id):
        box = boxes.by_id(box_id)
        if box.recorded_at is not None:
            return box
        written = _write_editions(box)
        _verify(box)
        with use_case(by) as work:
            box = boxes.held(box_id)
            if box.recorded_at is None:
                box.public_sha256 = bytes.fromhex(written.public)
                box.observers_sha256 = bytes.fromhex(written.observers)
                box.recorded_at = work.at
                work.record("ballots.record_written", f"ballot_box:{box_id.hex()}", public=written.public)
    return box


def _write_editions(box: BallotBox) -> Written:
    try:
        opened = tallies.opened_log(box, keyring.box_keys(box.id, box.key_sha256))
    except (Damaged, Inconsistent) as trouble:
        raise stopped(box.id, trouble) from trouble
    record = Record(
        definition=box.definition.encode(),
        heads=[heads.to_json(head, box.fingerprint) for head in heads.of_box(box.id)],
        entries=tallies.Entries(box.id), openings=opened.who, choices=opened.what, paper=tallies.paper(box),
        objections=tallies.objections(box), participations=boxes.participations(box.id), result=box.result.encode())
    return write_editions(record, keyring.signing_seed(), public=records.public(box), observers=records.observers(box))


def _verify(box: BallotBox) -> None:
    """As anybody would: another process, no library of ours."""
    public, observers = str(records.public(box)), str(records.observers(box))
    db.session.rollback()
    command = [sys.executable, "-I", "-S", str(VERIFIER), "--key", keyring.key_fingerprint()]
    for arguments in ((public,), (observers, "--same-as", public)):
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, errors="replace")
        if done.returncode:
            said = (done.stdout + done.stderr).strip().splitlines() or ["the verifier said nothing"]
            raise stopped(box.id, RuntimeError(said[-1]))


def empty(box_id: bytes, *, by: User | None) -> BallotBox:
    """Write down who took part, in order of person, and delete every participation, cast and typed paper."""
    box = boxes.by_id(box_id)
    if box.recorded_at is None:
        raise Conflict(_("먼저 기록을 만들어 확인해야 해요."))
    if not records.are_as_written(box) and box.erased_at is None:
        raise stopped(box_id, RuntimeError("the record is not the one that the verifier passed"))
    if box.erased_at is None:
        with use_case(by) as work:
            box = boxes.held(box_id)
            if box.erased_at is None:
                _write_participated(work.session, box)
                for table in (Participation, Cast, PaperEntry, KioskPass):
                    work.session.execute(sa.delete(table).where(table.box_id == box_id))
                box.erased_at = work.at
                work.record("ballots.emptied", f"ballot_box:{box_id.hex()}")
    if box.published_at is None:
        erasure.forget_deleted(list(EMPTIED))
    return boxes.by_id(box_id)


def clear_remains() -> None:
    """Once more for boxes emptied lately: somebody may have been reading, and SQLite's log could not be cut off."""
    if boxes.erased_since(database_now() - REPEATED):
        erasure.forget_deleted(list(EMPTIED))


def _write_participated(session, box: BallotBox) -> None:
    try:
        rows = [{"box_id": box.id, "person": person, "channel": channel}
                for person, _place, channel in tallies.people(box) if channel is not None]
    except Inconsistent as trouble:
        raise stopped(box.id, trouble) from trouble
    remaining = iter(rows)
    while some := list(islice(remaining, AT_ONCE)):
        session.execute(sa.insert(Participated), some)


def destroy_key(box_id: bytes, *, by: User | None) -> BallotBox:
    """Destroy K if two officials confirmed it for this very record; the tombstone names them.

    The key goes before the row says so: after a crash between the two, repeating it only writes the row.
    """
    box = boxes.by_id(box_id)
    confirmed = confirmations.confirmed(box_id, ConfirmedAction.DESTROY_KEY)
    if box.key_destroyed_at is not None or box.erased_at is None or confirmed is None:
        return box
    if confirmed.fingerprint != confirmations.fingerprint(ConfirmedAction.DESTROY_KEY, box):
        raise Conflict(_("확인한 뒤에 기록이 바뀌었어요. 열쇠를 없애려면 다시 제안해 주세요."))
    names = ", ".join(user.name for user in (confirmed.proposed_by, confirmed.confirmed_by))
    keyring.destroy(box_id, by=f"{names}: {confirmed.note or ''}".strip(": "), at=confirmed.confirmed_at)
    with use_case(by) as work:
        box = boxes.held(box_id)
        if box.key_destroyed_at is None:
            box.key_destroyed_at = work.at
            work.record("ballots.key_destroyed", f"ballot_box:{box_id.hex()}", confirmation=confirmed.id)
        return box


def _stage(box_id: bytes) -> BoxStage:
    return stage_of(boxes.by_id(box_id), database_now())
