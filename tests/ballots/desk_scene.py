"""A vote with people in its roll, as far as desks, typists and observers are concerned."""

from datetime import date, timedelta
from itertools import count
from secrets import token_bytes

import sqlalchemy as sa

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import Person
from civic_forum.ballots import heads, identities, keyring
from civic_forum.ballots.models import BallotBox, Cast, ElectoralRoll, Participation, RollEntry
from civic_forum.ballots.queries import casts
from civic_forum.ballots.rules.boxes import Channel, RollSource
from civic_forum.ballots.rules.choices import BoxRule, Kind
from civic_forum.ballots.rules.encoding import canonical_json, stamp
from civic_forum.ballots.rules.rolls import RollRule
from civic_forum.ballots.rules.sealing import CastKind
from civic_forum.ballots.rules.signing import HeadKind
from civic_forum.ballots.services import casting, desk, papers
from civic_forum.ballots.steps.casting import CastForm
from civic_forum.ballots.steps.opening import prepare_box
from civic_forum.kernel import clock, keys
from civic_forum.kernel.base import db
from tests.factories import saved

from .officials import KIND

REASON = "창구에서 종이 투표지를 달라고 했어요"
TWO_OF_FIVE = BoxRule(Kind.APPROVAL, 5, 2)
HOUR = timedelta(hours=1)
_days = count(1)


class Vote:
    """An open vote of the district, in which the people of `voter` may take part."""

    def __init__(self, town, rule=TWO_OF_FIVE, *, source=RollSource.IMPORTED, paper_until=2 * HOUR, opened=True,
                 began=HOUR):
        now = clock.now()
        self.town, self.rule, self.source = town, rule, source
        day = now.date()
        self.roll = saved(ElectoralRoll(source=source, fixed_on=day, fixed_at=now, entries=0, rule=canonical_json(
            RollRule(source, day).to_json()).decode()))
        parts = {"subject_title": "빈 가게를 어떻게 쓸까요", "question": "두 가지까지 골라 주세요.", "description": "",
                 "rule": rule.to_json(), "eligibility": {"roll": RollRule(source, day).to_json()},
                 "options": [{"number": n, "title": f"{n}번 쓰임새", "text": ""} for n in range(1, rule.options + 1)],
                 "opens_at": stamp(now - began), "closes_at": stamp(now - began + 2 * HOUR), "binding": "그대로 따라요.",
                 "publishes": "totals"}
        if paper_until:
            parts["paper_until"] = stamp(now + paper_until)
        box = prepare_box(db.session, f"{KIND}:1", parts, roll_id=self.roll.id, at=now)
        if opened:
            box.opened_at = now - began
            heads.sign(box, HeadKind.OPENING, [], now - began)
        db.session.commit()
        self.box_id = box.id

    @property
    def box(self) -> BallotBox:
        db.session.rollback()
        return db.session.get(BallotBox, self.box_id, populate_existing=True)

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
        db.session.rollback()
        return sorted(db.session.scalars(sa.select(Cast.revision).filter_by(box_id=self.box_id)))

    def by_channel(self) -> dict[Channel, int]:
        db.session.rollback()
        return dict(db.session.execute(sa.select(Participation.channel, sa.func.count())
                                       .filter_by(box_id=self.box_id).group_by(Participation.channel)).all())


def live_ballots(box_id: bytes) -> int:
    newest = {}
    for cast in casts.opened(box_id, keyring.box_keys(box_id)):
        if cast.revision > newest.get(cast.row_key, (0,))[0]:
            newest[cast.row_key] = cast.revision, cast.kind
    return sum(kind is CastKind.BALLOT for _revision, kind in newest.values())


class Voter:
    """Somebody in the roll."""

    def __init__(self, vote: Vote, who: Identity, person: bytes):
        self.vote, self.who, self.person = vote, who, person

    def form(self, *numbers, revision=None, form_key=None) -> CastForm:
        """A ballot form as it was opened now; `revision` for an old one."""
        box = db.session.get(BallotBox, self.vote.box_id)
        if revision is None:
            revision = casts.standing(self.vote.box_id, self.person).revision
        choice = self.vote.rule.encode(dict.fromkeys(numbers, 1)) if numbers else self.vote.rule.blank_choice()
        form = CastForm(box.fingerprint, form_key or token_bytes(16), revision, choice)
        db.session.rollback()
        return form

    def casts(self, *numbers, channel=Channel.ONLINE, **kwargs):
        return casting.cast(self.vote.box_id, self.person, self.form(*numbers, **kwargs), channel)

    def found_by(self, clerk) -> list[desk.Found]:
        return desk.look_up(self.vote.box_id, self.who, REASON, by=clerk)

    def visit(self, clerk) -> str:
        """The pass that a look-up gives; fails where it gives none."""
        found, = self.found_by(clerk)
        assert found.why_not is None, found.why_not
        return found.visit

    def gets_paper(self, clerk, **kwargs):
        return papers.issue(self.vote.box_id, self.visit(clerk), by=clerk, **kwargs)
