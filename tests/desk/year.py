"""A year of an office on real records: what is owed, who is away, who leaves, and a department that is closed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from civic_forum.accounts import extensions
from civic_forum.accounts.models import Absence, User
from civic_forum.accounts.queries import absences as away
from civic_forum.accounts.queries import people as staff
from civic_forum.accounts.rules import Role
from civic_forum.accounts.services import absences, people
from civic_forum.answers.models import Answer, Assignment, Duty
from civic_forum.answers.services import author, texts
from civic_forum.commitments import operations as commitments
from civic_forum.commitments.models import Commitment
from civic_forum.commitments.queries.desk import SOON
from civic_forum.commitments.rules import EntryKind, Status
from civic_forum.desk.services import closing, hand_overs
from civic_forum.desk.services import district as lists
from civic_forum.district import queries as district
from civic_forum.district.rules import DistrictList
from civic_forum.platform import waiting
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import SEOUL, local
from civic_forum.platform.work import use_case
from civic_forum.proposals.models import Proposal
from tests.answers import making as answers
from tests.commitments.making import newest
from tests.polls.making import administrator

BEGINS = datetime(2030, 1, 7, 10, tzinfo=SEOUL)
WRITE, REVIEW, APPROVE, PROMISE = "answers.write", "answers.second_review", "answers.approve", "commitments.do"
KINDS = (WRITE, REVIEW, APPROVE, PROMISE)
WEEKS, CLOSING_WEEK, LEAVINGS = 50, 24, (6, 15, 24, 33, 42)
ONE_DAY = timedelta(days=1)


@dataclass
class Owed:
    """An answer that is owed, or a promise with somebody in charge; `ref` is the number of its proposal, or its own."""

    kind: str
    ref: str
    due_on: date
    person: int | None = None
    """Person in charge, or author of what waits for approval."""
    had_it: int | None = None
    """Department that had it on the day on which it was due."""
    ended_on: date | None = None


class Year:
    """An office of three departments with seven people each, and what happens to it."""

    def __init__(self, town: Any, chance: Random, at: Any):
        self.town, self.chance, self.at, self.book = town, chance, at, []
        self.sampled, self.noted, self.asked, self.gone = 0, 0, set(), set()
        self.pass_until(BEGINS)
        self.places = [town.department(name) for name in ("마을자치과", "교통행정과", "공원녹지과")]
        self.officials = [town.official(department=place) for place in self.places for _number in range(7)]
        for place, head in zip(self.places, self.officials[::7], strict=True):
            people.grant(head, Role.OFFICIAL, department_id=place.id, is_head=True, by=None)
        self.two = administrator(town), administrator(town)

    def pass_until(self, moment: datetime) -> None:
        """Let the days go by; at the end of each the book notes who has what is due."""
        while (day := local(getattr(self, "now", moment)).date()) < moment.date():
            for owed in self.open():
                if owed.due_on == day:
                    owed.had_it = self.department_of(owed)
            self._set(datetime.combine(day + ONE_DAY, time(), SEOUL))
            lists.apply_due()
            people.end_due()
        self._set(moment)
        absences.tell_deputies()

    def _set(self, moment: datetime) -> None:
        self.now = moment
        self.at(moment)
        db.session.rollback()

    @property
    def today(self) -> date:
        return self.now.date()

    def open(self) -> list[Owed]:
        return [owed for owed in self.book if owed.ended_on is None]

    def department_of(self, owed: Owed) -> int:
        """Department that has it by the records."""
        if owed.kind == PROMISE:
            return db.session.scalar(sa.select(Commitment.department_id).filter_by(id=int(owed.ref)))
        return db.session.scalars(sa.select(Assignment.department_id).join(
            Proposal, Proposal.id == Assignment.proposal_id).where(
            Proposal.number == owed.ref, Assignment.is_lead, Assignment.ended_at.is_(None))).one()

    def staff_of(self, department_id: int) -> list[User]:
        return staff.holders((Role.OFFICIAL,), department_id)

    def two_of(self, department_id: int) -> list[User]:
        return self.chance.sample(self.staff_of(department_id), 2)

    def departments(self) -> list[int]:
        return [department.id for department in district.departments()]

    def promise(self) -> None:
        place = self.chance.choice(self.departments())
        person = self.chance.choice(self.staff_of(place)).id
        due = self.today + timedelta(days=self.chance.randint(5, 90))
        with use_case(None) as work:
            promise = commitments.begin(work, "election_pledge", self.today, {
                "title": "가로등", "department": place, "person": person, "due_on": due.isoformat()})
        self.book.append(Owed(PROMISE, str(promise.id), due, person))

    def accept(self) -> None:
        """An answer that promises something, and who is in charge of it."""
        writer, second = self.two_of(self.chance.choice(self.departments()))
        answers.published(answers.on_the_table(self.town, writer), writer, second,
                          answers.text(by_when=f"{self.today + timedelta(days=60):%Y-%m}"))
        promise = newest()
        with use_case(None) as work:
            commitments.name_person(work, promise, second.id)
        self.book.append(Owed(PROMISE, str(promise.id), promise.next_due_on, second.id))

    def propose(self) -> None:
        official = self.chance.choice(self.staff_of(self.chance.choice(self.departments())))
        proposal = answers.on_the_table(self.town, official)
        self.book.append(Owed(WRITE, proposal.number, answers.duty_of(proposal).due_on))

    def go_on(self) -> None:
        """A promise is kept, or an answer goes one step further."""
        owed = self.chance.choice(self.open())
        if owed.kind == PROMISE:
            with use_case(None) as work:
                commitments.put(work, work.session.get_one(Commitment, int(owed.ref)), EntryKind.STATUS, self.today,
                                {"status": Status.DONE, "why": ""})
            owed.ended_on = self.today
            return
        proposal = db.session.scalars(sa.select(Proposal).filter_by(number=owed.ref)).one()
        members = [user for user in self.staff_of(self.department_of(owed)) if user.id != owed.person]
        by = self.chance.choice(members)
        if owed.kind == APPROVE:
            draft = db.session.scalars(sa.select(Answer).filter_by(proposal_id=proposal.id).order_by(
                Answer.id)).all()[-1]
            texts.approve(proposal.id, seen=draft.version, by=by)
            owed.ended_on = self.today
        else:
            texts.submit(proposal.id, answers.declined(), seen=0, by=by)
            owed.kind, owed.person = APPROVE, by.id

    def ask_review(self) -> None:
        """Some of those who were declined lately ask for another look, once."""
        for owed in [owed for owed in self.book if owed.kind == APPROVE and owed.ref not in self.asked
                     and owed.ended_on and owed.ended_on >= self.today - timedelta(days=14)]:
            self.asked.add(owed.ref)
            proposal = db.session.scalars(sa.select(Proposal).filter_by(number=owed.ref)).one()
            author.ask_review(proposal.id, reason="보도 폭을 다시 재어 보면 자리가 있어요.",
                              by=db.session.get(User, proposal.author_id))
            self.book.append(Owed(REVIEW, owed.ref, answers.duty_of(proposal).due_on))

    def be_away(self, user: User | None = None, deputy: User | None = None) -> None:
        pair = self.two_of(self.chance.choice(self.departments()))
        user, deputy = user or pair[0], deputy or self.chance.choice([pair[1], pair[1], None])
        start = self.today + timedelta(days=self.chance.randint(0, 5))
        until = start + timedelta(days=self.chance.randint(0, 20))
        try:
            absences.note(user.id, start, until, deputy and deputy.id, by=user)
            self.noted += 1
        except (Conflict, Refusal):  # they are noted already, or would stand in for each other
            db.session.rollback()

    def leave(self) -> None:
        """Somebody who stands in for another one leaves: what they hold goes to others, by two administrators."""
        place = self.chance.choice(self.departments())
        user, other = self.two_of(place)
        self.be_away(other, user)
        receivers = {bundle.key: self.chance.choice([
            colleague.id for colleague in self.staff_of(bundle.department_id) if colleague.id != user.id])
            for bundle in extensions.bundles(user.id)}
        hand_overs.propose(user.id, receivers, by=self.two[0])
        hand_overs.HAND_OVER.confirm(hand_overs.subject_of(user.id), seen=None, by=self.two[1])
        for owed in self.open():
            if owed.kind == PROMISE and owed.person == user.id:
                owed.person = next(number for key, number in receivers.items() if key.startswith("commitments"))
        self.gone.add(user.id)

    def close(self) -> None:
        """The first department is closed tomorrow, and the second one goes on with what it has."""
        old, new, _other = self.places
        change = closing.close(DistrictList.DEPARTMENTS, old.id, new.id, why="새해에 조직을 바꿔요.", seen=0, by=self.two[0],
                               from_day=self.today + ONE_DAY, head_id=staff.heads_of(new.id)[new.id])
        closing.CLOSING.confirm(lists.subject_of(change.id), seen=None, by=self.two[1])

    def desks(self) -> dict[tuple[str, str], tuple[set[int], set[date]]]:
        """Kind and number → who has it on their desk, and its day there."""
        db.session.rollback()
        db.session.expire_all()
        lies = defaultdict(lambda: (set(), set()))
        for number in [official.id for official in self.officials]:
            user = db.session.get(User, number)
            desk = away.desk(user, self.today)
            kinds = tuple(waiting.sources(user, self.today, elsewhere=desk.elsewhere, stands_in=desk.stands_in))
            rows = [(kind.name, thing.ref, thing.due_on) for kind in kinds if kind.is_short for thing in kind.found]
            if asked := tuple(kind for kind in kinds if not kind.is_short):
                rows += [(row[0], row[4], row[2]) for row in db.session.execute(
                    waiting.next_few(asked, waiting.Due.ALL, None, 1_000), waiting.bounds(asked, self.today))]
            for name, ref, due_on in rows:
                lies[name, ref][0].add(number)
                lies[name, ref][1].add(due_on)
        return lies

    def look(self) -> None:
        """Each thing is on one desk: of one person who is there, or of a whole department; with its first day."""
        lies, places = self.desks(), set(self.departments())
        members = {place: {user.id for user in self.staff_of(place)} for place in places}
        absent = dict(db.session.execute(sa.select(Absence.user_id, Absence.deputy_id).where(
            Absence.from_day <= self.today, Absence.until_day >= self.today)).all())
        due = dict(db.session.execute(sa.select(Proposal.number, Duty.due_on).join(
            Duty, Duty.proposal_id == Proposal.id).where(Duty.ended_at.is_(None))).all())
        self.sampled += 1
        for owed in self.open():
            place = self.department_of(owed)
            assert place in places, "of a department that is there"
            if owed.kind == PROMISE and owed.due_on > self.today + SOON:
                continue
            seen_by, days = lies.pop((owed.kind, owed.ref), (set(), set()))
            if owed.kind == PROMISE and owed.person in members[place]:
                whole = seen_by == members[place]
                assert whole and owed.person in absent or len(seen_by) == 1, (owed, seen_by)
                assert whole or not seen_by & absent.keys() and seen_by <= members[place], (owed, seen_by)
                assert owed.person in absent or seen_by == {owed.person}
            else:
                assert seen_by == members[place] - ({owed.person} if owed.kind == APPROVE else set()), (owed, seen_by)
            assert owed.kind == APPROVE or days == {owed.due_on}, "no day moves"
            assert owed.kind == PROMISE or due[owed.ref] == owed.due_on, "nor does it while somebody approves"
        assert not lies, "nothing that is done comes back"

    def late(self) -> list[Owed]:
        """Duties that ended after their day, or that are past it."""
        return [owed for owed in self.book if (owed.ended_on or self.today) > owed.due_on]

    def deputies(self) -> set[int]:
        """Those who stand in for somebody today or later."""
        return set(db.session.scalars(sa.select(Absence.deputy_id).where(
            Absence.until_day >= self.today, Absence.deputy_id.is_not(None))))


def live(town: Any, chance: Random, at: Any) -> Year:
    """The year; whoever calls it looks at the end."""
    year = Year(town, chance, at)
    for week in range(WEEKS):
        monday = BEGINS + timedelta(weeks=week)
        year.pass_until(monday)
        for _number in range(4):
            year.promise()
        (year.accept if week % 3 == 0 else year.propose)()
        year.propose()
        year.pass_until(monday + timedelta(days=chance.randint(0, 3), hours=chance.randint(1, 9)))
        for happen in (*[year.go_on] * 4, *[year.be_away] * 3):
            happen()
        if week % 2:
            year.ask_review()
        if week in LEAVINGS:
            year.leave()
            year.look()
            assert not year.deputies() & year.gone
        if week == CLOSING_WEEK:
            year.close()
        year.pass_until(monday + timedelta(days=chance.randint(4, 6), hours=chance.randint(0, 13)))
        if week % 2 or week == CLOSING_WEEK:
            year.look()
    return year
