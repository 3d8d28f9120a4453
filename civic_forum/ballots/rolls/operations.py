"""Making and filling an electoral roll, inside the caller's transaction."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic_forum.accounts.models import Affiliation, Person, User
from civic_forum.accounts.rules import AffiliationKind, Verification
from civic_forum.district.events import Renamed
from civic_forum.district.rules import DistrictList
from civic_forum.platform import keys
from civic_forum.platform.base import db, store
from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import _, end_of, local
from civic_forum.platform.work import Work

from .. import identities
from .. import operations as opening
from ..box.sealing import new_salt
from ..models import ElectoralRoll, RollEntry
from ..queries import rolls_not_settled
from ..rules.boxes import RollSource
from ..rules.log import canonical_json
from . import queries
from .rules import Belonging, EntryState, RollRule, place_of

AT_ONCE = 2_000


def new_roll(session, rule: RollRule, key: int | None = None) -> ElectoralRoll:
    """A roll of this rule, without entries until its day, under the newest key if none is given."""
    return store(session, ElectoralRoll(source=rule.source, rule=canonical_json(rule.to_json()).decode(),
                                        fixed_on=rule.fixed_on, key_id=key or keys.newest()))


def follow_rename(fact: Renamed, session: Session) -> None:
    """Rolls that were not fixed and stand in no box name a neighbourhood as it is called now, or what it was merged
    with; the others as it was."""
    if fact.list != DistrictList.NEIGHBOURHOODS:
        return
    for roll_id in rolls_not_settled():
        roll = queries.held(roll_id)
        rule = queries.rule_of(roll)
        if roll.fixed_at is None and fact.before in rule.neighbourhoods:
            names = tuple(dict.fromkeys(fact.after if name == fact.before else name for name in rule.neighbourhoods))
            change_rule(roll, replace(rule, neighbourhoods=names))


def change_rule(roll: ElectoralRoll, rule: RollRule) -> None:
    """Before it is fixed. Raises Conflict afterwards."""
    if roll.fixed_at is not None:
        raise Conflict(_("이미 확정한 명부예요. 기준을 바꾸려면 새 명부를 만들어 주세요."))
    roll.source, roll.rule = rule.source, canonical_json(rule.to_json()).decode()
    roll.fixed_on = rule.fixed_on


def follow_rule(session, roll: ElectoralRoll | None, rule: RollRule) -> ElectoralRoll:
    """The roll of a vote whose rule may have changed: made if there is none; one that was fixed by another rule gives
    way to a new one."""
    if roll is None:
        return new_roll(session, rule)
    if queries.rule_of(roll) == rule:
        return roll
    held = queries.held(roll.id)
    if held.fixed_at is not None:
        return new_roll(session, rule)
    change_rule(held, rule)
    return held


def fix_for_opening(work: Work, roll: ElectoralRoll) -> None:
    """Fix a roll if nobody did. Raises as `fix`."""
    if roll.fixed_at is None:
        fix(work, roll)


def fix(work: Work, roll: ElectoralRoll) -> None:
    """Write everybody who belongs to a held roll today. Raises Conflict before its day, and for an imported list, which
    is fixed with its file."""
    if roll.source is RollSource.IMPORTED:
        raise Conflict(_("투표인 명부 파일을 먼저 들여와 주세요."))
    if local(work.at).date() < roll.fixed_on:
        raise Conflict(_("명부를 정하는 날이 아직 되지 않았어요. 그날이 되면 준비할 수 있어요."))
    fill(work.session, roll, entries_by_rule(queries.rule_of(roll), roll.key_id, queries.settled_at(roll)),
         at=work.at)
    work.record("ballots.roll_fixed", roll, entries=roll.entries)


def entries_by_rule(rule: RollRule, key: int, moment: datetime | None = None) -> dict[bytes, int]:
    """Everybody who belongs to a roll of this rule: hash under this key → neighbourhood, as they stood at a moment
    (now). Nobody else's data stays in memory."""
    there = queries.neighbourhood_ids(rule, moment)
    entries: dict[bytes, int] = {}
    for identity, born, belongings in _belonging(rule, key):
        place = place_of(rule, queries.present(belongings, moment), born, there)
        if place.state is EntryState.IN:
            entries[identity] = place.neighbourhood_id
    return entries


def _belonging(rule: RollRule, key: int) -> Iterator[tuple[bytes, date | None, Sequence[Belonging]]]:
    """Verified persons, with their birth date where the rule has an age, and accounts that only declared it where the
    rule takes those."""
    until = Affiliation.at < end_of(rule.fixed_on)
    columns = Affiliation.kind, Affiliation.how, Affiliation.neighbourhood_id
    wanted = sa.select(Affiliation.person_id, *columns).where(Affiliation.person_id.is_not(None), until)
    declared = rule.source is RollSource.DECLARED
    of_person = _grouped(wanted if declared else wanted.where(Affiliation.how != Verification.DECLARED))
    for person in db.session.scalars(sa.select(Person).order_by(Person.id).execution_options(yield_per=2_000)):
        if person.id in of_person:
            born = queries.birth_date(person) if rule.min_age is not None else None
            yield identities.of_person(person, key), born, of_person[person.id]
    if declared:
        accounts = sa.select(Affiliation.user_id, *columns).join(User, User.id == Affiliation.user_id).where(
            User.person_id.is_(None), User.left_at.is_(None), until)
        for user_id, belongings in _grouped(accounts).items():
            yield identities.of_account(user_id, key), None, belongings


def _grouped(wanted) -> dict[int, list[Belonging]]:
    belongings: dict[int, list[Belonging]] = defaultdict(list)
    for number, *belonging in db.session.execute(wanted):
        belongings[number].append(Belonging(*belonging))
    return belongings


def fill(session, roll: ElectoralRoll, entries: Mapping[bytes, int | None], *, at: datetime) -> None:
    """Write these entries of a held roll in order of person, once. Raises Conflict for a roll that is fixed."""
    if roll.fixed_at is not None:
        raise Conflict(_("이미 확정한 명부예요."))
    rows = [{"roll_id": roll.id, "person": person, "neighbourhood_id": entries[person], "salt": new_salt()}
            for person in sorted(entries)]
    for start in range(0, len(rows), AT_ONCE):
        session.execute(sa.insert(RollEntry), rows[start:start + AT_ONCE])
    roll.fixed_at, roll.entries = at, len(rows)
    session.flush()
    opening.follow_roll(roll.id)


def roll_of(session, users: Iterable[User], *, fixed_on: date, at: datetime) -> ElectoralRoll:
    """A fixed roll of just these users, for a rehearsal."""
    roll = new_roll(session, RollRule(RollSource.IMPORTED, fixed_on, frozenset(AffiliationKind)))
    fill(session, roll, {identities.candidates(user, roll.key_id)[0]: user.neighbourhood_id for user in users}, at=at)
    return roll
