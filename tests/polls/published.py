"""Published results, ready-made: figures as a record would hold them, without the vote before."""

import json
from datetime import timedelta

from civic_forum.accounts.rules import Role
from civic_forum.ballots.box.sealing import EntryType
from civic_forum.ballots.counting.rules import Paper
from civic_forum.ballots.published import heads, records
from civic_forum.ballots.rules.signing import tracker
from civic_forum.ballots.models import LogLeaf
from civic_forum.ballots.observing.models import Objection
from civic_forum.ballots.box.closing import STATES
from civic_forum.ballots.record import figures as record_figures
from civic_forum.ballots.record.outcomes import of_few, of_poll
from civic_forum.ballots.rules.choices import Totals
from civic_forum.ballots.rules.signing import HeadKind
from civic_forum.blocks.kinds import Ref
from civic_forum.outcomes.operations import owe_reply
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from civic_forum.polls.models import Poll

from .making import opened

LEAVES = [bytes([number]) * 32 for number in range(5)]


def figures(definition: dict, totals: list[dict], *, ballots=40, blank=0, roll=200, paper=None, breakdown=None,
            withdrawn=0, damaged=0, missing=0) -> dict:
    """result.json; everybody voted online or on paper."""
    sums = Paper(**{"issued": 0, "counted": 0, "invalid": 0, "spoiled": 0, "taken_back": 0, "unreturned": 0}
                 | (paper or {}))
    rows = dict.fromkeys(STATES.values(), 0) | {"online": ballots - sums.counted, "damaged": damaged,
                                                "missing": missing}
    turnout = record_figures.turnout(rows, sums.counted + sums.invalid, roll)
    counted = Totals(ballots, blank, totals)
    outcome = of_poll(definition, counted, turnout)
    return record_figures.result(
        final_root=bytes(32), final_size=len(LEAVES), totals=counted, rows=rows, turned_out=turnout, paper=sums,
        desks=[{"desk": "가산동", "issued": sums.issued, "withdrawn": withdrawn}] if sums.issued else [],
        breakdown=breakdown,
        outcome=of_few(outcome) if record_figures.is_small(ballots) else outcome)


def votes(*counts: int) -> list[dict]:
    return [{"option": number, "votes": count} for number, count in enumerate(counts, 1)]


def published(town, totals: list[dict], *, record: bytes = b"", **facts) -> Poll:
    """A poll whose result everybody sees. Names of `figures` go there, the others to the entry of the poll."""
    of_figures = {name: facts.pop(name) for name in ("ballots", "blank", "roll", "paper", "breakdown", "withdrawn",
                                                          "damaged", "missing")
                  if name in facts}
    poll = opened(town, **facts)
    box, now = poll.box, clock.now()
    db.session.add_all(LogLeaf(box_id=box.id, number=number, type=EntryType.BALLOT, entry=b"", hash=leaf,
                            tracker=tracker(leaf)) for number, leaf in enumerate(LEAVES))
    for kind, size in ((HeadKind.CLOSING, 3), (HeadKind.FINAL, len(LEAVES))):
        heads.sign(box, kind, LEAVES[:size], now)
    box.closed_at = box.finished_at = box.counted_at = box.recorded_at = now
    box.erased_at = box.key_destroyed_at = box.published_at = now
    box.result = json.dumps(figures(json.loads(box.definition), totals, **of_figures))
    box.public_sha256 = box.observers_sha256 = bytes(32)
    for path in (records.public(box), records.observers(box)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(record)
    db.session.commit()
    with use_case(None) as work:
        owe_reply(work, Ref("poll", poll.id))
    return db.session.get(Poll, poll.id)


def objection(poll: Poll, by, **facts) -> Objection:
    made = Objection(box_id=poll.box_id, by_id=by.id, title="종이를 받을 곳이 없었어요", text="창구가 닫혀 있었어요.",
                     lodged_at=clock.now() - timedelta(hours=1), **facts)
    db.session.add(made)
    db.session.commit()
    return made


def observer_of(town):
    return town.staff(Role.OBSERVER)
