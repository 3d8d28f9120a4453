"""The count: after the close, once paper and objections are in the log."""

import logging

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.kernel.apart import with_pauses
from civic_forum.kernel.base import database_now, db
from civic_forum.kernel.errors import Conflict, Unavailable
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import require
from civic_forum.kernel.work import use_case

from .. import heads, keyring, records, subjects
from ..models import BallotBox
from ..policy.officials import may_officiate
from ..queries import boxes, papers, rolls, tallies
from ..rules import signing
from ..rules.choices import NotAccepted
from ..rules.counting import (Inconsistent, Participations, breakdown_json, discrepancies, result_json)
from ..rules.encoding import canonical_json
from ..rules.sealing import BoxKeys, Damaged
from . import closing

log = logging.getLogger(__name__)


def count(box_id: bytes, *, by: User | None) -> BallotBox:
    """Close and finish the log where that is due, then count and sign the result; doing it again changes nothing.

    The result is shown to nobody before it is published. Raises Conflict while the vote or the paper goes on, and
    Unavailable with an alarm in the log when anything does not add up: then nothing is counted.
    """
    require_official(by)
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
    before = tallies.state(box_id)
    result = _result(box)
    signature = signing.sign(keyring.signing_seed(), signing.result_message(box.fingerprint, result))
    with use_case(by) as work:
        box = boxes.held(box_id)
        if box.counted_at is None:
            if tallies.state(box_id) != before:
                raise stopped(box_id, Inconsistent("the box is not the one that was counted"))
            box.result, box.result_signature, box.counted_at = result.decode(), signature, work.at
            work.record("ballots.counted", f"ballot_box:{box_id.hex()}")


def require_official(by: User | None) -> None:
    """None is the site itself, going on with what officials decided."""
    if by is not None:
        require(people.users([by.id])[by.id], may_officiate)
        db.session.rollback()


def stopped(box_id: bytes, trouble: Exception) -> Unavailable:
    """The alarm: nothing goes on until somebody has looked at it."""
    log.critical("ALARM: box %s does not add up: %s", box_id.hex(), trouble)
    return Unavailable(_("투표함의 기록이 맞지 않아서 멈췄어요: %(trouble)s. 아무것도 바꾸지 않았어요. 운영 안내서의 "
                         "'세다가 멈췄을 때'를 보고 확인해 주세요.", trouble=trouble))


def _result(box: BallotBox) -> bytes:
    keys = keyring.box_keys(box.id, box.key_sha256)
    try:
        return canonical_json(_counted(box, keys))
    except (Damaged, Inconsistent, NotAccepted, ValueError) as trouble:  # the last: an outcome that is none
        raise stopped(box.id, trouble) from trouble


def _counted(box: BallotBox, keys: BoxKeys) -> dict:
    opened, rule = tallies.opened_log(box, keys), boxes.rule_of(box)
    on_paper = [choice for batch in tallies.paper(box) for choice in batch.choices]
    choices = [*(ballot.choice for ballot in opened.what), *on_paper]
    totals = rule.tally(with_pauses(choices))
    taking_part: Participations = boxes.participations(box.id)
    paper = papers.reconciliation(box.id).paper
    roll = rolls.size(box.roll_id, box.opened_at)
    cells = tallies.cells(box, keys)
    if wrong := discrepancies(opened.standing, totals, taking_part, paper, roll):
        raise Inconsistent(", ".join(wrong))
    final = heads.newest(box.id)
    return result_json(
        final_root=final.root, final_size=final.size, totals=totals, found=opened.standing,
        participations=taking_part, paper=paper, roll=roll,
        breakdown=breakdown_json(tallies.BY_NEIGHBOURHOOD, cells) if len(cells) > 1 else None,
        outcome=subjects.outcome(box, totals, choices))
