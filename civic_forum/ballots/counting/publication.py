"""From the count to the published result. Each step can be repeated after a crash and never comes before the last.

Count, once paper and objections are in the log; both editions written and passed by the verifier. That deletes nothing.
When two officials have confirmed the destruction: who took part written down, every cast deleted, the key destroyed.
When two have confirmed that too: the result published.
"""

import logging
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import timedelta
from hashlib import sha256
from itertools import islice
from typing import Any

import config
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.platform import erasure, storage
from civic_forum.platform.base import database_now, db
from civic_forum.platform.errors import Conflict, Refusal, Unavailable
from civic_forum.platform.i18n import _
from civic_forum.platform.subprocess_call import with_pauses
from civic_forum.platform.work import use_case

from .. import voted
from .. import queries as boxes
from ..box import additions_file, closing_file, ledger_file
from ..box import closing as draws
from ..box.sealing import Channel
from ..events import BoxRecorded
from ..keys import keyring
from ..keys import backups as backup_list
from ..models import BallotBox, Confirmation, Participated, Promise, Voter
from ..kiosk.models import KioskPass
from ..paper.models import PaperEntry
from ..observing import queries as observed
from ..officers import queries as officers
from ..officials import confirmed
from ..officials import queries as confirmations
from ..officials import services as four_eyes
from ..operations import parts_of
from ..paper import queries as papers
from ..published import heads, records
from ..record import figures, outcomes
from ..record.editions import Record, write_editions
from ..rules import signing
from ..rules.boxes import ConfirmedAction, POSSIBLE_AT, REASONED, stage_of
from ..rules.choices import NotAccepted
from ..rules.log import Canonical, canonical_json
from . import closing, queries
from .queries import Ended
from .rules import breakdown_json

log = logging.getLogger(__name__)
VERIFIER = config.ROOT / "verifier" / "verify.py"
AT_ONCE = 2_000
REPEATED = timedelta(hours=2)
EMPTIED = (Voter, Promise, PaperEntry, KioskPass)


def advance(box_id: bytes, *, copies: str | None = None, by: User) -> Confirmation | None:
    """Go as far as this official can: do what is due, then propose the next step or confirm what another proposed.
    `copies` says which copies of the key are gone; without it the destruction is not proposed. Returns what a second
    official has to confirm now: two who call it in turn bring a closed vote to its publication."""
    carry_on(box_id, by=by)
    for action in (ConfirmedAction.DESTROY_KEY, ConfirmedAction.PUBLISH):
        box = boxes.by_id(box_id)
        if four_eyes.why_not(action, box, database_now()) is not None:
            continue
        pending = confirmations.alive(box_id, action)
        note = copies if action is ConfirmedAction.DESTROY_KEY else None
        if pending is None:
            return None if action in REASONED and note is None else four_eyes.propose(action, box_id, note=note, by=by)
        if pending.proposed_by_id == by.id and not four_eyes.is_confirmed_alone(action, box_id):
            return pending
        four_eyes.confirm(pending.id, note=note, by=by)
        destroy(box_id, by=by)
    return None


def why_it_waits(box_id: bytes) -> str | None:
    """Reason that keeps the next step of two officials from being proposed; None where nothing does."""
    box, now = boxes.by_id(box_id), database_now()
    return next((four_eyes.why_not(action, box, now)
                 for action in (ConfirmedAction.DESTROY_KEY, ConfirmedAction.PUBLISH)
                 if stage_of(box, now) in POSSIBLE_AT[action]), None)


def carry_on(box_id: bytes, *, by: User | None) -> None:
    """Count and write the record; empty the box and destroy the key if two officials confirmed that. Whatever was done
    before, or cut off, is not done twice; calling it again finishes what is left."""
    require_official(by, box_id)
    count(box_id, by=by)
    write_record(box_id, by=by)
    destroy(box_id, by=by)


def destroy(box_id: bytes, *, by: User | None) -> None:
    """Empty the box and destroy its key; nothing before two officials confirmed that for this very record."""
    if confirmations.destruction(boxes.required(box_id)) is not None:
        empty(box_id, by=by)
    destroy_key(box_id, by=by)


def count(box_id: bytes, *, by: User | None) -> BallotBox:
    """Close and finish the log where that is due, then count and sign the result; doing it again changes nothing. The
    result is shown to nobody before it is published. Raises Conflict while the vote or the paper goes on and where a
    tie waits for its draw, and Unavailable with an alarm in the log when anything does not add up: then nothing is
    counted."""
    require_official(by, box_id)
    if not closing.close(box_id):
        raise Conflict(_("아직 끝나지 않은 투표예요."))
    if boxes.by_id(box_id).counted_at is None:
        with records.turn(box_id):
            _count(box_id, by)
    return boxes.by_id(box_id)


def _count(box_id: bytes, by: User | None) -> None:
    """It may take a minute, so nothing is locked meanwhile; what is signed is what is still there afterwards."""
    box = boxes.by_id(box_id)
    if box.counted_at is not None:
        return
    if box.finished_at is None:
        if reason := papers.why_not_finished(box, database_now()):
            raise Conflict(reason)
        box = closing.finish(box_id, by=by)
    draw = confirmations.draw_of(box_id)
    if box.tied_at is not None and not draw:
        raise _waiting()
    before = queries.state(box_id)
    try:
        result = _counted(queries.ended(box), draw)
    except (NotAccepted, ValueError) as trouble:  # also an outcome that is none
        raise stopped(box.id, trouble) from trouble
    if result is None:
        _wait_for_draw(box_id, by)
        raise _waiting()
    signature = signing.sign(heads.seed_of(box_id), signing.result(box.fingerprint, result))
    with use_case(by) as work:
        box = boxes.held(box_id)
        if box.counted_at is None:
            if queries.state(box_id) != before:
                raise stopped(box_id, ValueError("the box is not the one that was counted"))
            box.result, box.result_signature, box.counted_at = result.decode(), signature, work.at
            work.record("ballots.counted", box)


def _wait_for_draw(box_id: bytes, by: User | None) -> None:
    with use_case(by) as work:
        box = boxes.held(box_id)
        box.tied_at = work.at
        work.record("ballots.tied", box)


def require_official(by: User | None, box_id: bytes) -> None:
    """None is the site itself, going on with what officers decided."""
    if by is not None:
        officers.required(people.users([by.id])[by.id], boxes.required(box_id))
        db.session.rollback()


def _waiting() -> Conflict:
    return Conflict(_("표가 똑같아서 추첨을 기다려요. 추첨한 뒤에 두 담당관이 그 결과를 적으면 이어서 셀 수 있어요."))


def stopped(box_id: bytes, trouble: Exception) -> Unavailable:
    """The alarm: nothing goes on until somebody has looked at it."""
    log.critical("ALARM: box %s does not add up: %s", box_id.hex(), trouble)
    return Unavailable(_("투표함의 기록이 맞지 않아서 멈췄어요: %(trouble)s. 아무것도 바꾸지 않았어요. 운영 안내서의 "
                         "'세다가 멈췄을 때'를 보고 확인해 주세요.", trouble=trouble))


def _counted(ended: Ended, draw: Mapping[str, Canonical]) -> bytes | None:
    """The result as it is signed; None for a tie that the draw of the box decides, which nobody has typed yet. Raises
    NotAccepted or ValueError for figures that do not come out, so nothing is counted."""
    box, rule = ended.box, boxes.rule_of(ended.box)
    alarms = ended.alarms
    if figures.need_reasons(alarms) and not alarms["reasons"]:
        raise Conflict(_late_or_amiss(alarms))
    on_paper = [choice for batch in queries.paper(box) for choice in batch.choices]
    choices = [*(live.choice for live in ended.frozen.live), *on_paper]
    totals = rule.tally(with_pauses(choices))
    order = draws.order(heads.closing(box.id).root, draw, range(1, rule.options + 1)) if draw else None
    outcome = voted.outcome(box, totals, choices, order)
    outcome = outcomes.with_quorum(parts_of(box), ended.turnout, outcome) if outcome else outcomes.of_poll(
        parts_of(box), totals, ended.turnout, sorted if order is None else lambda tied: sorted(tied, key=order.index))
    cells, final = ended.cells(), heads.newest(box.id)
    if order is None and "draw" in parts_of(box) and outcomes.met_a_tie(outcome):
        return None
    result = figures.result(
        final_root=final.root, final_size=final.size, totals=totals, rows=ended.frozen.rows(), turned_out=ended.turnout,
        paper=ended.paper, desks=queries.desks(box, ended.paper),
        outcome=outcomes.of_few(outcome) if figures.is_small(totals.ballots) else outcome,
        breakdown=breakdown_json(queries.BY_NEIGHBOURHOOD, cells) if len(cells) > 1 else None, version=box.format)
    if wrong := figures.discrepancies(result, live=len(ended.frozen.live), leaves=len(ended.frozen.leaves),
                                      sheets=alarms["sheets"]):
        raise ValueError(", ".join(wrong))
    return canonical_json(result)


def _late_or_amiss(alarms: Mapping[str, Any]) -> str:
    if not alarms.get("late") or figures.need_reasons({**alarms, "late": 0}):
        return _("투표함과 장부가 서로 달라요. 담당관 두 명이 이유를 적고 확인해야 셀 수 있어요.")
    return _("정한 때보다 %(hours)s시간 늦게 마감했어요. 담당관 두 명이 이유를 적고 확인해야 셀 수 있어요.",
             hours=alarms["late"] // 3600)


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
        records.set_aside(box_id, observed.earlier(box_id))
        counted_at = box.counted_at
        public, observers = _write_editions(box)
        _verify(box)
        with use_case(by) as work:
            box = boxes.held(box_id)
            if box.counted_at != counted_at:
                raise Conflict(_("그 사이에 세기 전으로 되돌렸어요. 다시 세어 주세요."))
            if box.recorded_at is None:
                box.public_sha256 = bytes.fromhex(public)
                box.observers_sha256 = bytes.fromhex(observers)
                box.recorded_at = work.at
                work.record("ballots.record_written", box, public=public)
                work.emit(BoxRecorded(box.id, box.subject))
    return box


def _write_editions(box: BallotBox) -> tuple[str, str]:
    ended, seed = queries.ended(box), heads.seed_of(box.id)
    record = Record(
        definition=box.definition.encode(),
        heads=[heads.to_json(head, box.fingerprint) for head in heads.of_box(box.id)],
        entries=queries.Entries(box.id), counts=ended.signed_counts(seed),
        tokens=queries.tokens(box.id), roll=ended.roll(), additions=ended.added(), live=ended.frozen.live,
        paper=queries.paper(box), objections=queries.objections(box), alarms=ended.alarms,
        draw=confirmations.draw_of(box.id), result=box.result.encode(), confirmations=confirmed.of_record(box, seed))
    with (storage.written_alone(records.public(box)) as public,
          storage.written_alone(records.observers(box)) as observers):
        return write_editions(record, seed, public=public, observers=observers)


def _verify(box: BallotBox) -> None:
    """As anybody would: another process, no library of ours."""
    public, observers = str(records.public(box)), str(records.observers(box))
    key = heads.signer(box.id)
    db.session.rollback()
    command = [sys.executable, "-I", "-S", str(VERIFIER), "--key", key]
    for arguments in ((public,), (observers, "--same-as", public)):
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, errors="replace")
        if done.returncode:
            lines = (done.stdout + done.stderr).strip().splitlines() or ["the verifier said nothing"]
            raise stopped(box.id, RuntimeError(lines[-1]))


def empty(box_id: bytes, *, by: User | None) -> BallotBox:
    """Write down who took part, in order of person, and delete rows, promises, ledger, what the closing froze, and
    typed paper. Raises Conflict before two officials confirmed that."""
    box = boxes.by_id(box_id)
    if box.recorded_at is None:
        raise Conflict(_("먼저 기록을 만들어 확인해야 해요."))
    if box.erased_at is None and confirmations.destruction(box) is None:
        raise Conflict(_("두 담당관이 확인한 뒤에만 투표지를 지울 수 있어요."))
    if not records.are_as_written(box) and box.erased_at is None:
        raise stopped(box_id, RuntimeError("the record is not the one that the verifier passed"))
    if box.erased_at is None:
        with use_case(by) as work:
            box = boxes.held(box_id)
            if box.erased_at is None:
                _write_participated(work.session, box)
                for table in EMPTIED:
                    work.session.execute(sa.delete(table).where(table.box_id == box_id))
                box.erased_at = work.at
                work.record("ballots.emptied", box)
    closing_file.delete(box_id)
    ledger_file.delete(box_id)
    additions_file.delete(box_id)
    if box.published_at is None:
        erasure.forget_deleted([table.__tablename__ for table in EMPTIED])
    return boxes.by_id(box_id)


def clear_remains() -> None:
    """Once more for boxes emptied lately: somebody may have been reading, and SQLite's log could not be cut off."""
    if boxes.erased_since(database_now() - REPEATED):
        erasure.forget_deleted([table.__tablename__ for table in EMPTIED])


def _write_participated(session, box: BallotBox) -> None:
    rows = ({"box_id": box.id, "person": person, "channel": state}
            for person, _place, state in queries.ended(box).people() if state not in (None, Channel.PAPER_TAKEN_BACK))
    while some := list(islice(rows, AT_ONCE)):
        session.execute(sa.insert(Participated), some)


def say_backups_gone(box_id: bytes, names: Iterable[str], *, by: User) -> None:
    """An official says that these backups, made while the box held ballots, are deleted. Raises NotFound, and Conflict
    for one that lies where it was made."""
    require_official(by, box_id)
    with use_case(by) as work:
        box = boxes.held(box_id)
        for name in names:
            backup_list.say_gone(box_id, name, by=by.sign_in_name)
            work.record("ballots.backup_deleted", box, name=name)


def destroy_key(box_id: bytes, *, by: User | None) -> BallotBox:
    """Destroy K if two officials confirmed it for this very record; the tombstone names them. The key goes before the
    row says so: after a crash between the two, repeating it only writes the row. A copy that was put where K lay is
    destroyed again."""
    box = boxes.by_id(box_id)
    if (tombstone := keyring.tombstone_of(box_id)) and box.key_destroyed_at is not None and keyring.remains(box_id):
        keyring.destroy(box_id, by=tombstone["by"], at=box.key_destroyed_at)
    confirmed = confirmations.confirmed(box_id, ConfirmedAction.DESTROY_KEY)
    if box.key_destroyed_at is not None or box.erased_at is None or confirmed is None:
        return box
    if tombstone is None and confirmed.fingerprint != confirmations.now_of(confirmed, box):
        raise Conflict(_("확인한 뒤에 기록이나 참관인의 말이 바뀌었어요. 열쇠를 없애려면 다시 제안해 주세요."))
    names = ", ".join({user.id: user.name for user in (confirmed.proposed_by, confirmed.confirmed_by)}.values())
    keyring.destroy(box_id, by=f"{names}: {confirmed.note or ''}".strip(": "), at=confirmed.confirmed_at)
    with use_case(by) as work:
        box = boxes.held(box_id)
        if box.key_destroyed_at is None:
            box.key_destroyed_at = work.at
            work.record("ballots.key_destroyed", box, confirmation=confirmed.id)
        return box


def put_key_back(box_id: bytes, key: bytes, *, by: User) -> None:
    """Put a copy of K where it was lost. Raises Refusal for another key, Conflict where it is there or destroyed."""
    require_official(by, box_id)
    with use_case(by) as work:
        box = boxes.held(box_id)
        if sha256(key).digest() != box.key_sha256:
            raise Refusal(_("이 투표함의 열쇠가 아니에요. 다른 복사본을 찾아 주세요."))
        if keyring.holds(box_id, box.key_sha256):
            raise Conflict(_("열쇠가 제자리에 있어요. 되돌릴 것이 없어요."))
        keyring.put_back(box_id, key)
        work.record("ballots.key_put_back", box)
