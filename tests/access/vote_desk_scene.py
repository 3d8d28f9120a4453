"""Votes in the scene: one that is open, one that has closed and whose paper is being typed in."""

from datetime import timedelta

from civic_forum.accounts.models import User
from civic_forum.ballots.counting import closing
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.observing import services as objections
from civic_forum.ballots.paper.rules import LEAST_SHEETS
from civic_forum.ballots.kiosk.models import KioskDevice
from civic_forum.ballots.paper.models import PaperBatch, PaperEntry, PaperSheet
from civic_forum.ballots.rules.boxes import Channel, SheetState
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.ballots.boxes import paper_row
from tests.ballots.desk_scene import Vote, Voter
from tests.factories import saved

from .things import Thing

UNTYPED, BEGUN, TYPED, DIFFERS, SETTLED = range(1, 6)
"""Batches of ten sheets, beside ten that are in none: begun and typed by the clerk, differing between both clerks."""


def add(scene) -> None:
    """Put them into the scene, as `scene.vote` and `scene.closed_vote` beside their things."""
    here = scene.town.neighbourhood()
    scene.vote = Vote(scene.town)
    scene.voter, scene.holder = scene.vote.voter(), scene.vote.voter()
    closed = scene.closed_vote = Vote(scene.town, began=timedelta(hours=3), paper_until=timedelta(minutes=-30))
    db.session.add(PaperSheet(box_id=scene.vote.box_id, number=1, neighbourhood_id=here.id, state=SheetState.ISSUED))
    db.session.add(paper_row(scene.vote.row, _row_key(scene.vote, scene.holder), 1))
    for number in range(1, 6 * LEAST_SHEETS + 1):
        db.session.add(PaperSheet(box_id=closed.box_id, number=number, neighbourhood_id=here.id,
                                  state=SheetState.RETURNED))
        db.session.add(paper_row(closed.row, _row_key(closed), number, Channel.PAPER_RETURNED))
    db.session.commit()
    closing.close_if_due(closed.box_id)
    _batches(scene, closed)
    observer = db.session.get(User, scene.people["observer"].id)
    said = "사흘 동안 종이를 받을 곳이 없었어요."
    scene.objection = objections.lodge(closed.box_id, "종이가 모자랐어요", said, by=observer).id
    scene.withheld = objections.lodge(closed.box_id, "남의 이름이 있는 글", said, by=observer).id
    objections.withhold(closed.box_id, scene.withheld, "이름이 있어요", by=scene.people["moderator"])
    for name, vote in (("open_vote", scene.vote), ("closed_vote", closed)):
        scene.things[name] = Thing({"box": vote.hex, "number": 0})
    for name, number in (("untyped", UNTYPED), ("begun", BEGUN), ("typed", TYPED), ("differs", DIFFERS),
                         ("settled", SETTLED)):
        scene.things[f"batch_{name}"] = Thing({"box": closed.hex, "number": number, "sheet": 1})
    for name, number in (("objection", scene.objection), ("objection_withheld", scene.withheld)):
        scene.things[name] = Thing({"box": closed.hex, "objection": number})
    scene.things["kiosk"] = Thing({"device": saved(KioskDevice(
        name="1번 기기", secret_hash=bytes(32), registered_at=clock.now(),
        registered_by_id=scene.people["administrator"].id)).id})
    scene.things["no_vote"] = Thing({"box": "0" * 32, "number": 1, "sheet": 1, "objection": 1, "device": 999_999})
    scene.things["invented_key"], scene.things["no_vote_yet"] = Thing({"key_number": 1}), Thing({"key_number": 9})


def _row_key(vote: Vote, voter: Voter | None = None) -> bytes:
    """Of somebody in the roll."""
    return keyring.box_keys(vote.box_id).row_key(vote.box_id, (voter or vote.voter()).person)


def _batches(scene, vote: Vote) -> None:
    clerk, elsewhere = scene.people["clerk"], scene.people["clerk_elsewhere"]
    one, other = (vote.rule.encode({number: 1}).hex() for number in (1, 2))
    alike, differing = [one] * LEAST_SHEETS, [other, *[one] * (LEAST_SHEETS - 1)]
    typings = {BEGUN: [(clerk, [], False)], TYPED: [(clerk, alike, False)],
               DIFFERS: [(clerk, alike, True), (elsewhere, differing, True)],
               SETTLED: [(clerk, alike, True), (elsewhere, alike, True)]}
    for number in (UNTYPED, BEGUN, TYPED, DIFFERS, SETTLED):
        batch = PaperBatch(box_id=vote.box_id, number=number, sheets=LEAST_SHEETS)
        if number == SETTLED:
            batch.settled_at, batch.counted, batch.invalid = clock.now(), LEAST_SHEETS, 0
            batch.choices, batch.n, batch.n2 = bytes.fromhex("".join(alike)), bytes(32), bytes(32)
        db.session.add(batch)
        db.session.flush()
        for typist, sheets, done in typings.get(number, ()):
            db.session.add(PaperEntry(box_id=vote.box_id, batch=number, typist_id=typist.id, sheets=sheets,
                                      at=clock.now(), finished_at=clock.now() if done else None))
    db.session.commit()
