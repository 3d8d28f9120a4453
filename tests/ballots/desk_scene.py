"""A vote with people in its roll, as far as desks, typists and observers are concerned."""

from datetime import date, timedelta
from itertools import cycle

import sqlalchemy as sa

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import Person
from civic_forum.accounts.rules import Role
from civic_forum.ballots import identities
from civic_forum.ballots.box import additions_file, ledger_file, voters
from civic_forum.ballots.box import sealing as rows
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.desk import services as desk
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.operations import prepare_box
from civic_forum.ballots.paper import services as papers
from civic_forum.ballots.published import heads
from civic_forum.ballots.rolls.rules import RollRule
from civic_forum.ballots.rules.log import canonical_json, stamp
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.box.casting import CastForm
from civic_forum.ballots.models import BallotBox, ElectoralRoll, RollEntry
from civic_forum.ballots.models import Voter as VoterRow
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.ballots.rules.choices import BoxRule, Kind
from civic_forum.ballots.rules.signing import HeadKind
from civic_forum.platform import clock, keys
from civic_forum.platform.base import db
from tests.factories import saved

from .boxes import form_of
from .officers.people import staff
from .officials import KIND

REASON = "창구에서 종이 투표지를 달라고 했어요"
WITHDRAWN_FOR = "본인이 와서 종이로 바꾸겠다고 했어요"
UNDONE_FOR = "봉투를 다시 세니 이 번호가 없었어요"
TWO_OF_FIVE = BoxRule(Kind.APPROVAL, 5, 2)
HOUR = timedelta(hours=1)
_days = cycle(range(1, 20_000))  # everybody was born long ago


def choice(*numbers) -> bytes:
    """A filled-in sheet of TWO_OF_FIVE."""
    return TWO_OF_FIVE.encode(dict.fromkeys(numbers, 1)) if numbers else TWO_OF_FIVE.blank_choice()


class Vote:
    """An open vote of the district, in which the people of `voter` may take part."""

    def __init__(self, town, rule=TWO_OF_FIVE, *, source=RollSource.IMPORTED, paper_until=2 * HOUR, opened=True,
                 began=HOUR, grows=False, **of_roll):
        now = clock.now()
        self.town, self.rule, self.source = town, rule, source
        day = now.date()
        eligibility = RollRule(source, day, grows=grows, **of_roll).to_json()
        self.roll = saved(ElectoralRoll(source=source, fixed_on=day, fixed_at=now, entries=0, rule=canonical_json(
            eligibility).decode()))
        parts = {"subject_title": "빈 가게를 어떻게 쓸까요", "question": "두 가지까지 골라 주세요.", "description": "",
                 "rule": rule.to_json(), "eligibility": {"roll": eligibility},
                 "options": [{"number": n, "title": f"{n}번 쓰임새", "text": ""} for n in range(1, rule.options + 1)],
                 "opens_at": stamp(now - began), "closes_at": stamp(now - began + 2 * HOUR), "binding": "그대로 따라요.",
                 "publishes": "totals"}
        if paper_until:
            parts["paper_until"] = stamp(now + paper_until)
        box = prepare_box(db.session, f"{KIND}:1", parts, roll_id=self.roll.id, at=now)
        if opened:
            ledger_file.make(box.id)
            if grows:
                additions_file.make(box.id)
            box.opened_at = now - began
            heads.sign(box, HeadKind.OPENING, [], now - began)
        db.session.commit()
        self.box_id = box.id

    @property
    def box(self) -> BallotBox:
        db.session.rollback()
        return db.session.get(BallotBox, self.box_id, populate_existing=True)

    @property
    def row(self) -> BallotBox:
        """The box as the open session has it."""
        return db.session.get(BallotBox, self.box_id)

    @property
    def hex(self) -> str:
        return self.box_id.hex()

    def voter(self, name="김하늘", born=None, place="시흥1동", distinguisher=0) -> "Voter":
        """Somebody whom the imported list has, known to nobody else."""
        who = Identity(name, born or date(1950, 1, 1) + timedelta(days=next(_days)))
        known_as = identities.of_identity(who.hash, distinguisher)
        neighbourhood = self.town.neighbourhood(place) if place else None
        saved(RollEntry(roll_id=self.roll.id, person=known_as, neighbourhood_id=neighbourhood and neighbourhood.id))
        return Voter(self, who, known_as)

    def verified(self, voter: "Voter", distinguisher=0) -> Person:
        """The site knows this person too."""
        return saved(Person(identity_hash=voter.who.hash, distinguisher=distinguisher, created_at=clock.now(),
                            name_sealed=keys.seal("person.name", voter.who.name),
                            birth_date_sealed=keys.seal("person.birth_date", voter.who.birth_date.isoformat())))

    def issue(self, visit, *, by, **kwargs):
        return papers.issue(self.box_id, visit, by=by, **{"reason": WITHDRAWN_FOR} | kwargs)

    def undo_return(self, number: int, *, by=()) -> None:
        """A return that was noted for the wrong number is undone by two."""
        first, second = by or (staff(self.town, Role.MODERATOR), staff(self.town, Role.MODERATOR))
        assert not papers.undo_return(self.box_id, number, UNDONE_FOR, by=first)
        assert papers.undo_return(self.box_id, number, UNDONE_FOR, by=second)

    def after_the_close(self) -> None:
        """Turn the clock to ten minutes after the last moment of casting."""
        clock.shift(int((HOUR + timedelta(minutes=10)).total_seconds()))

    def after_the_last_return(self) -> None:
        clock.shift(int((2 * HOUR + timedelta(minutes=10)).total_seconds()))

    def live(self) -> int:
        """Ballots that count now, opened with the key: what nobody but the count may know."""
        db.session.rollback()
        return live_ballots(self.box_id)

    def revisions(self) -> list[int]:
        """Of every row, in no order that tells anything."""
        db.session.rollback()
        keys = keyring.box_keys(self.box_id)
        return sorted(rows.open_voter(keys, self.box_id, *row).revision for row in voters.all_rows(self.box_id))

    def by_channel(self) -> dict[Channel, int]:
        db.session.rollback()
        return dict(db.session.execute(sa.select(VoterRow.channel, sa.func.count())
                                       .filter_by(box_id=self.box_id).group_by(VoterRow.channel)).all())


def live_ballots(box_id: bytes) -> int:
    keys = keyring.box_keys(box_id)
    return sum(not rows.open_voter(keys, box_id, *row).channel.on_paper for row in voters.all_rows(box_id))


class Voter:
    """Somebody in the roll."""

    def __init__(self, vote: Vote, who: Identity, person: bytes):
        self.vote, self.who, self.person = vote, who, person

    def form(self, *numbers, form_key=None, mine=None) -> CastForm:
        """A ballot form as it was opened now."""
        choice = self.vote.rule.encode(dict.fromkeys(numbers, 1)) if numbers else self.vote.rule.blank_choice()
        return form_of(self.vote.box, self.person, choice, form_key=form_key, mine=mine)

    def casts(self, *numbers, channel=Channel.ONLINE, **kwargs):
        return casting.cast(self.vote.box_id, self.person, self.form(*numbers, **kwargs), channel)

    def found_by(self, clerk) -> list[desk.RollEntryAtDesk]:
        return desk.look_up(self.vote.box_id, self.who, REASON, by=clerk)

    def visit(self, clerk) -> str:
        """The pass that a look-up gives; fails where it gives none."""
        found, = self.found_by(clerk)
        assert found.why_not is None, found.why_not
        return found.visit

    def gets_paper(self, clerk, **kwargs):
        """From this clerk; where an online ballot is withdrawn for it, from a second one whom this one asked."""
        issued = self.is_handed_paper(clerk, **kwargs)
        return issued or self.is_handed_paper(staff(self.vote.town, Role.MODERATOR), **kwargs)

    def spoils(self, clerk) -> int:
        """Hands a spoiled sheet back for another one."""
        return self._changes(papers.replace, clerk)

    def gives_back(self, clerk) -> int:
        """Hands back a sheet that was not used."""
        return self._changes(papers.take_back, clerk)

    def _changes(self, act, clerk) -> int:
        found, = self.found_by(clerk)
        return act(self.vote.box_id, found.visit, found.paper_number or 0, by=clerk)

    def is_handed_paper(self, by, **kwargs):
        return self.vote.issue(self.visit(by), by=by, **kwargs)
