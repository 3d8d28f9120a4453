"""Published envelopes, ready-made: the outcome of given ballots as a record would hold it, without the vote before."""

import json
from datetime import timedelta

from civic_forum.accounts.rules import AffiliationKind, Role
from civic_forum.ballots import operations as opening
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.box.sealing import EntryType
from civic_forum.ballots.counting.rules import Paper
from civic_forum.ballots.published import heads, records
from civic_forum.ballots.rolls import operations as rolls
from civic_forum.ballots.rolls.rules import RollRule
from civic_forum.ballots.rules.log import canonical_json, stamp
from civic_forum.ballots.rules.signing import tracker
from civic_forum.ballots.events import BoxPublished
from civic_forum.ballots.models import BallotBox, LogLeaf
from civic_forum.ballots.box.closing import STATES
from civic_forum.ballots.record import figures as record_figures
from civic_forum.ballots.record.outcomes import of_few, with_quorum
from civic_forum.ballots.rules.choices import BoxRule
from civic_forum.ballots.rules.signing import HeadKind
from civic_forum.budgets.models import Envelope
from civic_forum.budgets.rules import ProjectState
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.counting.box import of_box
from civic_forum.budgets.counting.settings import CountingRules
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.platform.work import use_case
from tests.budgets import making

LEAVES = [bytes([number]) * 32 for number in range(1, 6)]


def projects(town, budget_round, costs, *, envelope=None, titles="{number}번 사업", **facts) -> list[Project]:
    """Projects that stand on the ballot with the numbers 1, 2, 3 …"""
    return [making.project(town, budget_round, envelope=envelope, cost=cost, number=number,
                           state=ProjectState.ON_BALLOT,
                           title=titles.format(number=number), **facts) for number, cost in enumerate(costs, 1)]


def definition(envelope: Envelope, made: list[Project], rules: CountingRules, publishes: str, **more) -> dict:
    """The content that the box of an envelope freezes, as far as a result shows it."""
    now = clock.now()
    rule = RollRule(source=envelope.round.roll_source, fixed_on=local(now).date(),
                    kinds=frozenset({AffiliationKind.LIVE}),
                    neighbourhoods=(), min_age=None, age_on=None)
    return ({"quorum": envelope.quorum_terms} if envelope.quorum_terms else {}) | {
        "subject_title": envelope.name, "question": "무엇을 할까요?", "description": "", "publishes": publishes,
        "rule": {"kind": "approval", "options": len(made), "limit": len(made)}, "binding": "의결해야 확정돼요.",
        "options": [{"number": one.number, "code": one.code, "cost": one.cost, "title": one.title, "text": one.text}
                    for one in made],
        "eligibility": {"sentence": "누구나", "roll": rule.to_json()},
        "opens_at": stamp(now - timedelta(days=9)), "closes_at": stamp(now - timedelta(days=2)),
        "draw": "lottery",
        "budget": {"amount": envelope.amount, "currency": "KRW", "rules": rules.to_json()} | more}


def figures(definition: dict, ballots, *, roll=200, breakdown=None) -> dict:
    """result.json; everybody voted online."""
    rule = BoxRule.from_json(definition["rule"])
    totals = rule.tally(rule.encode(dict.fromkeys(ballot, 1)) if ballot else rule.blank_choice() for ballot in ballots)
    votes = {one["option"]: one["votes"] for one in totals.options}
    states = dict.fromkeys(STATES.values(), 0)
    said = with_quorum(definition, {"total": len(ballots), "roll": roll},
                       of_box(definition, votes, len(ballots), ballots))
    rows = states | {"online": len(ballots)}
    return record_figures.result(
        final_root=bytes(32), final_size=len(LEAVES), totals=totals, rows=rows,
        turned_out=record_figures.turnout(rows, 0, roll), paper=Paper(0, 0, 0, 0, 0, 0), desks=[], breakdown=breakdown,
        outcome=of_few(said) if record_figures.is_small(len(ballots)) else said)


def box_of(envelope: Envelope, made: list[Project], *, rules=None, publishes="totals", **more) -> BallotBox:
    """The box of an envelope whose voting is over and whose ballots nobody has counted."""
    now = clock.now()
    parts = definition(envelope, made, rules or CountingRules(), publishes, **more)
    roll = rolls.new_roll(db.session, RollRule.from_json(parts["eligibility"]["roll"]))
    db.session.flush()
    box = opening.prepare_box(db.session, envelope.subject, parts, roll_id=roll.id, at=now - timedelta(days=10))
    envelope.box_id = box.id
    box.opened_at, box.closed_at = box.opens_at, box.closes_at
    envelope.round.opened_at = envelope.round.opened_at or box.opened_at
    db.session.add_all(LogLeaf(box_id=box.id, number=number, type=EntryType.BALLOT, entry=b"", hash=leaf,
                            tracker=tracker(leaf)) for number, leaf in enumerate(LEAVES))
    for kind, size in ((HeadKind.OPENING, 0), (HeadKind.CLOSING, 3), (HeadKind.FINAL, len(LEAVES))):
        heads.sign(box, kind, LEAVES[:size], now)
    db.session.commit()
    return box


def publish(box: BallotBox, ballots, *, record=b"", roll=200, breakdown=None) -> None:
    """Everything from the count to the publication, as services do it, but for what makes the record."""
    now, definition = clock.now(), json.loads(box.definition)
    for path in (records.public(box), records.observers(box)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(record)
    box_id = box.id
    with use_case(None) as work:
        box = boxes.held(box_id)
        box.result = canonical_json(figures(definition, ballots, roll=roll, breakdown=breakdown)).decode()
        box.finished_at = box.counted_at = box.recorded_at = box.erased_at = box.key_destroyed_at = now
        box.public_sha256 = box.observers_sha256 = bytes(32)
        box.published_at = now
        work.emit(BoxPublished(box.id, box.subject))
    db.session.rollback()


def published(town, costs, ballots, *, budget_round=None, envelope=None, rules=None, publishes="totals",
              amount=100_000_000,
              record=b"", roll=200, breakdown=None, committee=None, **facts) -> Envelope:
    """An envelope whose result everybody sees; `facts` go to every project, `committee` is what ten members chose."""
    budget_round = budget_round or making.new_round(town, phase=making.Phase.CHOSEN, publishes=publishes,
                                  counting=(rules or CountingRules()).to_json())
    envelope = envelope or budget_round.envelopes[0]
    envelope.amount = amount
    made = projects(town, budget_round, costs, envelope=envelope, **facts)
    box = box_of(envelope, made, rules=rules, publishes=publishes,
                 **({"committee": {"ballots": 10, "votes": committee}} if committee else {}))
    publish(box, ballots, record=record, roll=roll, breakdown=breakdown)
    return db.session.get(Envelope, envelope.id, populate_existing=True)


def observer_of(town):
    return town.staff(Role.OBSERVER)
