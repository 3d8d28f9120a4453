"""Ballot boxes, ready-made on either database. Say only what the test is about."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from secrets import token_bytes

import sqlalchemy as sa

from civic_forum.ballots import operations as opening
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.box import additions_file, ledger, ledger_file
from civic_forum.ballots.box import sealing as rows
from civic_forum.ballots.box.sealing import Channel, OpenedRow
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.published import heads
from civic_forum.ballots.rolls.rules import RollRule
from civic_forum.ballots.rules.log import canonical_json, stamp
from civic_forum.ballots.rules.signing import Receipt
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.box import definition as box_definition
from civic_forum.ballots.box import voters as voter_rows
from civic_forum.ballots.box.casting import CastForm
from civic_forum.ballots.models import BallotBox, ElectoralRoll, Promise, RollEntry
from civic_forum.ballots.models import Voter as VoterRow
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.ballots.rules.choices import BoxRule, Kind
from civic_forum.ballots.rules.signing import HeadKind
from civic_forum.platform.base import database_now, db
from civic_forum.platform.i18n import local

UP_TO_TWO = BoxRule(Kind.APPROVAL, options=4, limit=2)
_number = count(1)


@dataclass
class Made:
    """A box of the tests, with people who may vote in it."""

    id: bytes
    fingerprint: bytes
    rule: BoxRule
    roll_id: int
    voters: list[bytes]

    @property
    def row(self) -> BallotBox:
        """As it stands in the database now."""
        db.session.rollback()
        return db.session.get(BallotBox, self.id, populate_existing=True)

    def form(self, voter: bytes, *chosen: int, form_key: bytes | None = None, mine: bytes | None = None) -> CastForm:
        """The ballot page opened now, with these options chosen, none: the explicit blank."""
        return form_of(self.row, voter, self.choice(*chosen), form_key=form_key, mine=mine)

    def choice(self, *chosen: int) -> bytes:
        return self.rule.encode(dict.fromkeys(chosen, 1)) if chosen else self.rule.blank_choice()

    def cast(self, voter: bytes, *chosen: int, channel: Channel = Channel.ONLINE) -> Receipt:
        """Open the ballot page, choose, send."""
        return casting.cast(self.id, voter, self.form(voter, *chosen), channel)

    def row_key(self, voter: bytes) -> bytes:
        return keyring.box_keys(self.id).row_key(self.id, voter)

    def voter(self, voter: bytes) -> OpenedRow | None:
        """The opened row of somebody."""
        db.session.rollback()
        return voter_rows.by_key(self.id, keyring.box_keys(self.id), self.row_key(voter))

    def promises(self) -> int:
        """Receipts that were given."""
        db.session.rollback()
        return db.session.scalar(sa.select(sa.func.count()).select_from(Promise).filter_by(box_id=self.id))

    def named(self) -> ledger.Ledger:
        """Everything that the ledger names."""
        return ledger_file.read(self.id, keyring.box_keys(self.id))

    def channels(self) -> dict[Channel, int]:
        """Channels that anybody takes part by."""
        db.session.rollback()
        found = db.session.execute(sa.select(VoterRow.channel, sa.func.count()).filter_by(box_id=self.id)
                                  .group_by(VoterRow.channel))
        return dict(found.all())


def form_of(box: BallotBox, person: bytes, choice: bytes, *, form_key: bytes | None = None,
            mine: bytes | None = None) -> CastForm:
    """A ballot form as it is opened now, filled in with this choice."""
    box_id, fingerprint = box.id, box.fingerprint
    state = voter_rows.standing(box_id, person).state
    db.session.rollback()
    return CastForm(fingerprint, form_key or token_bytes(16), state, mine or token_bytes(16), choice)


def paper_row(box: BallotBox, row_key: bytes, number: int, channel: Channel = Channel.PAPER_ISSUED) -> VoterRow:
    """The row of somebody with paper, sealed as the desk seals it."""
    keys, voter = keyring.box_keys(box.id), OpenedRow.on_paper(channel, number, 1, boxes.rule_of(box).length)
    return VoterRow(box_id=box.id, row_key=row_key, channel=channel, paper=number,
                    sealed=rows.seal_voter(keys, box.id, row_key, voter))


def box(voters: int | list[bytes] = 3, *, rule: BoxRule = UP_TO_TWO, opens: int = -3600, closes: int = 3600,
        publishes: str = "totals", rehearsal: bool = False, subject: str | None = None, opened: bool = True,
        paper_until: int | None = None, grows: bool = False, source: RollSource | None = None,
        **parts: object) -> Made:
    """A box with that many voters (or these persons), opened; `opens`, `closes`: seconds from now; `grows`: residents
    verified until the close are added to its roll."""
    now = database_now().replace(microsecond=0)
    persons = [token_bytes(32) for _n in range(voters)] if isinstance(voters, int) else voters
    asked_of = RollRule(source or (RollSource.VERIFIED if grows else RollSource.IMPORTED), grows=grows,
                        fixed_on=local(now + timedelta(seconds=opens)).date())
    roll = ElectoralRoll(source=asked_of.source, rule=canonical_json(asked_of.to_json()).decode(),
                         fixed_on=asked_of.fixed_on, fixed_at=now + timedelta(seconds=opens - 60), entries=len(persons))
    db.session.add(roll)
    db.session.flush()
    if persons:
        db.session.execute(sa.insert(RollEntry), [{"roll_id": roll.id, "person": person} for person in persons])
    made = opening.prepare_box(db.session, subject or f"test:{next(_number)}",
                               definition(rule, now, opens, closes, publishes, asked_of, paper_until) | parts,
                               roll_id=roll.id, at=now + timedelta(seconds=opens - 60), rehearsal=rehearsal)
    if opened:
        ledger_file.make(made.id)
        if grows:
            additions_file.make(made.id)
        made.opened_at = now + timedelta(seconds=opens - 30)
        heads.sign(made, HeadKind.OPENING, [], made.opened_at)
    db.session.commit()
    if opened:
        heads.keep(made.id)
    return Made(made.id, made.fingerprint, boxes.rule_of(made), roll.id, persons)


def opened_anew(box_id: bytes, **parts: object) -> bytes:
    """As if the box had been opened with other parts: definition, opening head and what is kept of both; returns the
    fingerprint."""
    db.session.rollback()
    box = db.session.get(BallotBox, box_id)
    found = box_definition.columns(opening.defined(box, opening.parts_of(box) | parts).decode())
    head = heads.newest(box_id)
    at = head.at
    db.session.delete(head)
    db.session.execute(sa.update(BallotBox.__table__).where(BallotBox.__table__.c.id == box_id).values(**found))
    db.session.flush()
    db.session.refresh(box)
    heads.sign(box, HeadKind.OPENING, [], at)
    db.session.commit()
    for path in (keyring.beside_keys(box_id, box_definition.SUFFIX), keyring._head(box_id)):
        path.unlink(missing_ok=True)
    box_definition._kept.clear()
    heads.keep(box_id)
    return found["fingerprint"]


def definition(rule: BoxRule, now: datetime, opens: int, closes: int, publishes: str, asked_of: RollRule,
               paper_until: int | None) -> dict:
    """All that a fingerprint covers but what belongs to the box itself."""
    options = [{"number": number, "title": f"{number}번 항목", "text": "예시예요."} for number in range(1, rule.options + 1)]
    until = {} if paper_until is None else {"paper_until": stamp(now + timedelta(seconds=paper_until))}
    return {"subject_title": "우리 동네에 무엇을 할까요?", "question": "하고 싶은 것을 골라 주세요.",
            "description": "", "rule": rule.to_json(), "options": options,
            "eligibility": {"text": "명부에 있는 사람", "roll": asked_of.to_json()},
            "opens_at": stamp(now + timedelta(seconds=opens)), "closes_at": stamp(now + timedelta(seconds=closes)),
            "binding": "결과를 그대로 따라요.", "publishes": publishes} | until
