"""Looking after electoral rolls: fixing them, taking over lists, objections, corrections."""

import logging
from collections.abc import Iterator
from datetime import date, timedelta

import sqlalchemy as sa

from civic_forum.accounts.identity import NAME_MOST, NAMESAKES_PROBED, identity_hash, normalised, parsed_date, plausible
from civic_forum.accounts.models import User
from civic_forum.district import queries as district
from civic_forum.platform import clock, erasure
from civic_forum.platform.errors import Conflict, NotFound, Refusal, existing
from civic_forum.platform.folding import folded
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import use_case

from .. import identities, voted
from .. import operations as opening
from ..box import locking
from ..events import RollObjected, RollObjectionAnswered
from ..models import BallotBox, ElectoralRoll, Participated, RollEntry, RollObjection
from ..policy import WHY_NOT, may_keep_roll, may_object_to_roll
from ..queries import held as held_box
from ..rules.boxes import RollSource
from . import operations, queries
from .rules import (
    EntryState, ImportedPerson, LEAST_TEXT, MOST_REASON, MOST_TEXT, Problem, RollRule, Wrong, rows)

log = logging.getLogger(__name__)
MOST_OBJECTIONS = 5
"""Of one person to one roll that wait for an answer."""


class NotImported(Refusal):
    """Nothing of the list was taken over; `problems` says which lines are wrong, never what they say."""

    def __init__(self, problems: list[Problem]):
        super().__init__(_("명부 파일에 고칠 곳이 %(count)s군데 있어요. 아무것도 들여오지 않았어요.", count=len(problems)))
        self.problems = problems


def fix(roll_id: int, *, least: int = 0, by: User | None) -> ElectoralRoll:
    """Write everybody who belongs to the roll on its day. Raises Conflict before it, the second time, and while fewer
    than the least belong to it: what is fixed stays."""
    with use_case(by) as work:
        _require_keeper(by)
        roll = queries.held(roll_id)
        operations.fix(work, roll)
        if roll.entries < least:
            raise Conflict(_("지금은 명부에 들 사람이 한 명도 없어요. 주민을 확인한 뒤에 확정해 주세요."))
        return roll


def fix_due() -> int:
    """Fix every roll whose day is over; returns how many. Somebody may fix one by hand on the day itself."""
    fixed = 0
    for roll_id in queries.due(local(clock.now()).date()):
        try:
            with use_case(None) as work:
                roll = queries.held(roll_id)
                if is_due := roll.fixed_at is None:
                    operations.fix(work, roll)
            fixed += is_due
        except Refusal as trouble:  # a rule that names what the district no longer has waits, and holds up no other
            log.error("roll %s cannot be fixed: %s", roll_id, trouble)
    return fixed


def import_list(data: bytes, roll_id: int, *, by: User | None) -> ElectoralRoll:
    """Fill a roll from a table with the columns name, birth_date, neighbourhood (or 이름, 생년월일, 동), all of it or
    nothing. Names and birth dates become keyed hashes while they are read and are kept nowhere. Raises NotImported with
    every line that is wrong."""
    roll = queries.roll(roll_id)
    entries, rule = listed(data, roll), roll.rule
    with use_case(by) as work:
        _require_keeper(by)
        roll = queries.held(roll_id)
        if roll.source is not RollSource.IMPORTED or roll.rule != rule:
            raise Conflict(_("파일로 만드는 명부가 아니에요. 투표의 명부 만드는 방법을 먼저 바꿔 주세요."))
        roll.listed_by_id = by and by.id
        operations.fill(work.session, roll, entries, at=work.at)
        work.record("ballots.roll_imported", roll, entries=roll.entries)
        return roll


def listed(data: bytes, roll: ElectoralRoll) -> dict[bytes, int]:
    """People of a list for this roll: hash → neighbourhood. Several of one name and birthday are taken where each
    is of another neighbourhood. Raises as `import_list`."""
    rule, key = queries.rule_of(roll), roll.key_id
    moment = queries.settled_at(roll)
    asked, known = queries.neighbourhood_ids(rule, moment), district.neighbourhoods(closed=True)
    places = {folded(name): place for name, place in district.ids_by_name(known, moment).items()
              if not rule.neighbourhoods or place in asked}
    today = local(clock.now()).date()
    lines: dict[bytes, dict[int, int]] = {}
    problems: list[Problem] = []
    for row in rows(data):
        wrong = row if isinstance(row, Problem) else _wrong(row, rule, places, today)
        if wrong is None:
            place = places[row.neighbourhood]
            there = lines.setdefault(identity_hash(row.name, parsed_date(row.birth_date), key), {})
            if place in there or len(there) == NAMESAKES_PROBED:
                wrong = Problem(row.line, Wrong.DUPLICATE, there.get(place, 0))
            else:
                there[place] = row.line
        if wrong is not None:
            problems.append(wrong)
    if not lines and not problems:
        problems.append(Problem(0, Wrong.EMPTY))
    if problems:
        raise NotImported(problems)
    return dict(_entries(lines, key))


def _entries(lines: dict[bytes, dict[int, int]], key: int) -> Iterator[tuple[bytes, int]]:
    """Identity and neighbourhood of everybody. `lines`: of each name and birthday, neighbourhood → line."""
    for hashed, there in lines.items():
        alone = len(there) == 1
        yield from zip([identities.of_identity(hashed, key=key)] if alone else identities.listed_together(hashed, key),
                       there, strict=False)


def _wrong(person: ImportedPerson, rule: RollRule, places: dict[str, int], today: date) -> Problem | None:
    if len(person.name) > NAME_MOST or not normalised(person.name):
        return Problem(person.line, Wrong.NAME)
    birth = parsed_date(person.birth_date)
    if birth is None or not plausible(birth, today):
        return Problem(person.line, Wrong.BIRTH_DATE)
    if person.neighbourhood not in places:
        return Problem(person.line, Wrong.NEIGHBOURHOOD)
    return None if rule.old_enough(birth) else Problem(person.line, Wrong.TOO_YOUNG)


def object_to(roll_id: int, text: str, *, by: User) -> RollObjection:
    """Say before the opening that one's entry is missing or wrong; who was struck may until the publication. Raises
    Refusal at `text`, Conflict on other days."""
    with use_case(by) as work:
        require(by, may_object_to_roll)
        text = words_given(text, LEAST_TEXT, MOST_TEXT, "text")
        roll = queries.held(roll_id)
        if not queries.is_struck_meanwhile(roll, by):
            _refuse_in_use(roll)
            if reason := voted.why_not_object(roll.id):
                raise Conflict(reason)
        waiting = [objection for objection in queries.own_objections(roll.id, by.id) if objection.answered_at is None]
        if len(waiting) >= MOST_OBJECTIONS:
            raise Conflict(_("답변을 기다리는 이의가 이미 있어요. 답변이 올 때까지 기다려 주세요."))
        objection = work.store(RollObjection(roll_id=roll.id, user_id=by.id, text=text, at=work.at))
        work.record("ballots.roll_objected", objection)
        work.emit(RollObjected(objection.id))
        return objection


def answer(objection_id: int, text: str, *, by: User) -> RollObjection:
    """Answer an objection, once. What follows from it is `add` or `strike`."""
    with use_case(by) as work:
        _require_keeper(by)
        text = words_given(text, LEAST_TEXT, MOST_TEXT, "answer")
        objection = work.session.get(RollObjection, objection_id, with_for_update=True, populate_existing=True)
        if objection is None:
            raise NotFound(_("그런 이의가 없어요. 낸 사람이 거두었을 수 있어요."))
        if objection.answered_at is not None:
            raise Conflict(_("이미 답변한 이의예요."))
        objection.answer, objection.answered_at, objection.answered_by_id = text, work.at, by.id
        work.record("ballots.roll_objection_answered", objection)
        work.emit(RollObjectionAnswered(objection.id))
        return objection


def add(roll_id: int, account: User, reason: str, *, by: User) -> RollEntry:
    """Add somebody to a fixed roll before the opening, or bring back who was struck; the reason is audited. Of its rule
    the day alone is not asked: what was wrong on it is put right later. Raises Refusal at `name` with what else is
    against it."""
    with use_case(by) as work:
        _require_keeper(by)
        reason = words_given(reason, LEAST_TEXT, MOST_REASON, "reason")
        _hold_boxes(roll_id)
        roll = queries.held(roll_id)
        if roll.fixed_at is None:
            raise Conflict(_("명부를 먼저 확정해 주세요."))
        _refuse_in_use(roll)
        persons, rule = identities.candidates(account, roll.key_id), queries.rule_of(roll)
        entry = next(filter(None, (queries.entry(roll.id, person, lock=True) for person in persons)), None)
        if entry is not None and entry.struck_at is None:
            raise Conflict(_("이미 명부에 있어요."))
        place = queries.place_in(roll, rule, queries.belongings_of(account), queries.birth_date(account.person))
        if place.state is not EntryState.IN:
            raise Refusal(str(WHY_NOT[place.state]), field="name")
        if entry is None:
            entry = RollEntry(roll_id=roll.id, person=persons[0])
            work.session.add(entry)
        entry.neighbourhood_id, entry.struck_at, entry.struck_reason, entry.struck_by_id = (
            place.neighbourhood_id, None, None, None)
        roll.entries = queries.size(roll.id)
        opening.follow_roll(roll.id)
        work.record(queries.ADDED_BY_HAND, roll, reason=reason)
        return entry


def strike(roll_id: int, person: bytes, reason: str, *, by: User) -> RollEntry:
    """Take somebody out of the roll before the opening; the reason is shown to them. Afterwards two officials do it
    (`services.strikes`). Raises Refusal at `reason`."""
    with use_case(by) as work:
        _require_keeper(by)
        reason = words_given(reason, LEAST_TEXT, MOST_REASON, "reason")
        boxes = _hold_boxes(roll_id)
        roll = queries.held(roll_id)
        if any(box.closed_at is not None and not box.rehearsal for box in boxes):
            raise Conflict(_("투표가 끝난 뒤에는 명부를 고칠 수 없어요."))
        if queries.is_in_use(roll.id):
            raise Conflict(_("투표를 연 뒤에는 두 담당관이 함께 명부에서 빼요."))
        entry = to_strike(roll.id, person)
        entry.struck_at, entry.struck_reason, entry.struck_by_id = work.at, reason, by.id
        work.session.flush()
        roll.entries = queries.size(roll.id)
        opening.follow_roll(roll.id)
        work.record("ballots.roll_entry_struck", roll)
        return entry


def to_strike(roll_id: int, person: bytes) -> RollEntry:
    """The entry of somebody who is in the roll, locked. Raises NotFound, and Conflict for one who is struck."""
    entry = existing(queries.entry(roll_id, person, lock=True), lambda: NotFound(_("명부에 없는 사람이에요.")))
    if entry.struck_at is not None:
        raise Conflict(_("이미 명부에서 뺀 사람이에요."))
    return entry


def _hold_boxes(roll_id: int) -> list[BallotBox]:
    """The boxes of a roll: their locks and rows before that of the roll, as a confirmation takes them."""
    boxes = queries.boxes_of(roll_id)
    if boxes:
        locking.take_lock_alone(*(box.id for box in boxes))
    return [held_box(box.id) for box in boxes]


def forget(days: int) -> int:
    """Delete entries, objections and marks of participation of votes published so many days ago; returns how many."""
    with use_case(None) as work:
        before = work.at - timedelta(days=days)
        over = _rolls_over(work.session, before)
        boxes = sa.select(BallotBox.id).where(BallotBox.roll_id.in_(over))
        gone = sum(work.session.execute(statement).rowcount for statement in (
            sa.delete(Participated).where(Participated.box_id.in_(boxes)),
            sa.delete(RollObjection).where(RollObjection.roll_id.in_(over)),
            sa.delete(RollEntry).where(RollEntry.roll_id.in_(over))))
    if gone:
        erasure.forget_deleted(["participated", "roll_objection", "roll_entry"])
    return gone


def _rolls_over(session, before) -> list[int]:
    """Rolls whose every vote was published before that moment, or was never opened and would be over by then."""
    needed = sa.select(BallotBox.roll_id).where(BallotBox.roll_id.is_not(None), sa.or_(
        BallotBox.published_at >= before, BallotBox.closes_at >= before, sa.and_(
            BallotBox.opened_at.is_not(None), BallotBox.published_at.is_(None), BallotBox.rehearsal.is_(False))))
    return list(session.scalars(sa.select(ElectoralRoll.id).where(
        ElectoralRoll.fixed_on < local(before).date(), ElectoralRoll.id.not_in(needed))))


def _require_keeper(by: User | None) -> None:
    """None is the site itself: a job, or a command of whoever runs the server."""
    if by is not None:
        locking.acting(by, may_keep_roll)


def _refuse_in_use(roll: ElectoralRoll) -> None:
    if queries.is_in_use(roll.id):
        raise Conflict(_("투표가 시작된 뒤에는 명부에 더 넣을 수 없어요."))
