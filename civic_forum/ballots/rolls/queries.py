"""Electoral rolls: who is in one, how many they are, and how one person stands to it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.accounts.identity import SEALED_BIRTH_DATE, hash_of
from civic_forum.accounts.models import Affiliation, Person, User
from civic_forum.accounts.queries import providers
from civic_forum.accounts.queries.sessions import CallerIdentity
from civic_forum.accounts.rules import Verification
from civic_forum.district import queries as district
from civic_forum.district.models import Neighbourhood
from civic_forum.platform import keys
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, Refusal, existing
from civic_forum.platform.i18n import _, end_of
from civic_forum.platform.statements import made_once

from .. import identities, voted
from ..box.closing import STATES
from ..box.sealing import PERSON_BYTES
from ..models import BallotBox, ElectoralRoll, Participated, RollEntry, RollObjection
from ..rules.boxes import RollSource
from ..rules.log import digest, parse_canonical
from .rules import Belonging, EntryState, Place, RollRule, place_of

MOST_SHOWN = 200
AT_ONCE = 5_000
ADDED_BY_HAND = "ballots.roll_entry_added"


@dataclass(frozen=True)
class OwnEntry:
    """The standing of a person to a roll; `person` is the keyed hash under which they are in it."""

    state: EntryState
    person: bytes | None = None
    neighbourhood_id: int | None = None
    struck_reason: str | None = None
    salt: bytes | None = None
    """With it the person finds their line in the published roll."""


def rule_of(roll: ElectoralRoll) -> RollRule:
    return RollRule.from_json(parse_canonical(roll.rule.encode()))


def held(roll_id: int) -> ElectoralRoll:
    """The roll, read again and locked until the transaction ends. Raises NotFound."""
    return roll(roll_id, lock=True)


def roll(roll_id: int, *, lock: bool = False) -> ElectoralRoll:
    """Raises NotFound."""
    return existing(db.session.get(ElectoralRoll, roll_id, with_for_update=lock or None, populate_existing=lock),
                    lambda: NotFound(_("그런 투표인 명부가 없어요.")))


def entry(roll_id: int | None, person: bytes, *, lock: bool = False) -> RollEntry | None:
    """One entry, read again; `lock` where a change depends on it. None also where a box has no roll yet."""
    wanted = (roll_id, person)
    return roll_id and db.session.get(RollEntry, wanted, with_for_update=lock or None, populate_existing=True)


def due(today: date) -> list[int]:
    """Rolls whose day is over and that nobody has fixed."""
    return list(db.session.scalars(sa.select(ElectoralRoll.id).where(
        ElectoralRoll.fixed_at.is_(None), ElectoralRoll.fixed_on < today, ElectoralRoll.source != RollSource.IMPORTED)))


_keys_of_opened: dict[bytes, int] = {}


def key_of(box_id: bytes) -> int:
    """The key of the roll of a box, for casting: once it is opened neither changes, so a process asks once, and where
    there is one key never."""
    if (newest := keys.newest()) == keys.FIRST:
        return keys.FIRST
    if (known := _keys_of_opened.get(box_id)) is not None:
        return known
    roll = db.session.execute(sa.select(ElectoralRoll.key_id, BallotBox.opened_at).join(
        BallotBox, BallotBox.roll_id == ElectoralRoll.id).where(BallotBox.id == box_id)).one_or_none()
    if roll is not None and roll.opened_at is not None:
        _keys_of_opened[box_id] = roll.key_id
    return roll.key_id if roll is not None else newest


def refuse_lost_keys() -> None:
    """Raises Unavailable where a roll is under a key that is lost."""
    keys.refuse_lost(db.session.scalar(sa.select(sa.func.max(ElectoralRoll.key_id))))


def boxes_of(roll_id: int) -> list[BallotBox]:
    return list(db.session.scalars(sa.select(BallotBox).filter_by(roll_id=roll_id)))


def is_in_use(roll_id: int) -> bool:
    """True where a vote with this roll was opened; from then on entries are only struck."""
    return db.session.scalar(sa.select(sa.exists().where(
        BallotBox.roll_id == roll_id, BallotBox.opened_at.is_not(None), BallotBox.rehearsal.is_(False))))


def is_struck_meanwhile(roll: ElectoralRoll, user) -> bool:
    """True for somebody struck, while a vote with this roll is opened and not published: they may object still."""
    under_way = db.session.scalar(sa.select(sa.exists().where(
        BallotBox.roll_id == roll.id, BallotBox.opened_at.is_not(None), BallotBox.published_at.is_(None),
        BallotBox.rehearsal.is_(False))))
    return under_way and own_entry(roll, user).state is EntryState.STRUCK


def size(roll_id: int, at: datetime | None = None) -> int:
    """The number of people who may vote: entries that were not struck by then (now)."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(RollEntry).where(*standing_at(roll_id, at))) or 0


def sizes(roll_id: int) -> dict[str, int]:
    """The numbers of those who may vote now, by the Korean name of their neighbourhood, in the district's order; `-`,
    last, for entries without one."""
    rows = db.session.execute(
        sa.select(Neighbourhood.name_ko, sa.func.count()).select_from(RollEntry).outerjoin(
            Neighbourhood, Neighbourhood.id == RollEntry.neighbourhood_id).where(*standing_at(roll_id, None))
        .group_by(Neighbourhood.name_ko, Neighbourhood.position)
        .order_by(Neighbourhood.position.is_(None), Neighbourhood.position))
    return {name or "-": count for name, count in rows}


def standings(roll_ids: Iterable[int]) -> dict[int, bytes]:
    """By roll: changes with every entry that is added, struck or brought back; tells nothing of who they are."""
    ids = set(roll_ids)
    rows = dict(db.session.execute(sa.select(RollEntry.roll_id, sa.func.count()).where(
        RollEntry.roll_id.in_(ids)).group_by(RollEntry.roll_id)).all())
    struck = defaultdict(list)
    for roll_id, person in db.session.execute(sa.select(RollEntry.roll_id, RollEntry.person).where(
            RollEntry.roll_id.in_(ids), RollEntry.struck_at.is_not(None)).order_by(
                RollEntry.roll_id, RollEntry.person)):
        struck[roll_id].append(person)
    return {roll_id: digest("roll/1", b"%d" % rows.get(roll_id, 0), *struck[roll_id]) for roll_id in ids}


def standing_at(roll_id: int, at: datetime | None) -> tuple:
    """Entries of a roll that were not struck by then (now), as conditions; an instant is not later than the opening, so
    nobody was added by then."""
    of_roll, not_struck = RollEntry.roll_id == roll_id, RollEntry.struck_at.is_(None)
    if at is None:
        return of_roll, not_struck
    return of_roll, RollEntry.added.is_(False), sa.or_(not_struck, RollEntry.struck_at > at)


def salted(roll_id: int | None, at: datetime | None = None) -> list[tuple[bytes, bytes]]:
    """Person and salt of every entry that was not struck by then (now). What is nobody's hash, because somebody else
    wrote it, is left out."""
    person, salt = (sa.cast(column, sa.LargeBinary) for column in (RollEntry.person, RollEntry.salt))
    entries = db.session.execute(sa.select(person, salt).where(*standing_at(roll_id, at))) if roll_id else ()
    return [(person, salt) for person, salt in entries if len(person) == PERSON_BYTES]


def objections(roll_id: int) -> list[RollObjection]:
    """Those without an answer first, then the newest."""
    return list(db.session.scalars(
        sa.select(RollObjection).filter_by(roll_id=roll_id).options(joinedload(RollObjection.user))
        .order_by(RollObjection.answered_at.is_not(None), RollObjection.id.desc()).limit(MOST_SHOWN)))


def own_objections(roll_id: int, user_id: int) -> list[RollObjection]:
    return list(db.session.scalars(sa.select(RollObjection).filter_by(roll_id=roll_id, user_id=user_id)
                                   .order_by(RollObjection.id)))


def neighbourhood_ids(rule: RollRule, moment: datetime | None = None) -> frozenset[int]:
    """Of the neighbourhoods that the rule names, as they stood at a moment (now). Raises Refusal for a name that the
    district does not have."""
    ids = district.ids_by_name(district.neighbourhoods(closed=True), moment) if rule.neighbourhoods else {}
    if unknown := [name for name in rule.neighbourhoods if name not in ids]:
        raise Refusal(_("%(name)s: 이런 동이 없어요.", name=unknown[0]))
    return frozenset(ids[name] for name in rule.neighbourhoods)


def settled_at(roll: ElectoralRoll) -> datetime | None:
    """Moment from which it follows the district no more: fixed, or in a box. Neighbourhoods that are merged later stay
    apart in it. None where nothing was merged."""
    if not district.merged_places():
        return None
    boxed = db.session.scalar(sa.select(sa.func.min(BallotBox.created_at)).where(BallotBox.roll_id == roll.id))
    return min(filter(None, (boxed, roll.fixed_at)), default=None)


def place_in(roll: ElectoralRoll, rule: RollRule, belongings: Iterable[Belonging], birth: date | None) -> Place:
    """`rules.place_of`, by the neighbourhoods as they stood when the roll was settled."""
    moment = settled_at(roll)
    return place_of(rule, present(belongings, moment), birth, neighbourhood_ids(rule, moment))


def present(belongings: Iterable[Belonging], moment: datetime | None) -> list[Belonging]:
    return [known._replace(neighbourhood_id=district.place_at(known.neighbourhood_id, moment)) for known in belongings]


def own_entry(roll: ElectoralRoll, user, *, is_new: bool = False) -> OwnEntry:
    """The standing of the person behind a request to the roll, with the reason if they are not in it; `is_new`: the
    caller has seen that they are not."""
    if not user.is_authenticated:
        return OwnEntry(EntryState.NOT_SIGNED_IN)
    for person in () if is_new else identities.candidates(user, roll.key_id):
        if (own := entry(roll.id, person)) is not None:
            state = EntryState.STRUCK if own.struck_at else EntryState.IN
            return OwnEntry(state, person, own.neighbourhood_id, own.struck_reason, own.salt)
    rule, imported = rule_of(roll), roll.source is RollSource.IMPORTED
    if imported and roll.fixed_at is None:
        return OwnEntry(EntryState.NOT_FIXED)
    if imported and is_listed_together(roll, user.person):
        return OwnEntry(EntryState.LISTED_TOGETHER)
    if imported and not rule.grows:
        return OwnEntry(EntryState.NOT_ON_LIST if user.person_id else EntryState.NOT_VERIFIED)
    belongings = counting = belongings_of(user)
    if imported:  # whoever made the list left out who was known before
        limit = min(roll.fixed_at, end_of(rule.fixed_on))
        counting = [known for known in belongings_of(user, limit) if known.how is not Verification.DECLARED]
        if not counting:
            return OwnEntry(EntryState.NOT_ON_LIST if user.person_id else EntryState.NOT_VERIFIED)
    place = place_in(roll, rule, counting, birth_date(user.person))
    if place.state is not EntryState.IN:
        return OwnEntry(place.state)
    if roll.fixed_at is None:
        return OwnEntry(EntryState.WILL_BE_IN, neighbourhood_id=place.neighbourhood_id)
    if not rule.grows:
        return OwnEntry(EntryState.TOO_LATE, neighbourhood_id=place.neighbourhood_id)
    if reason := _why_not_added(roll, rule, user.person, belongings):
        return OwnEntry(reason)
    return OwnEntry(EntryState.MAY_BE_ADDED, identities.of_person(user.person, roll.key_id), place.neighbourhood_id)


def belongings_of(user, since: datetime | None = None) -> list[Belonging]:
    """Places where this account belongs, declared or verified, since then (ever)."""
    rows = db.session.connection().execute(_belongings(since is not None), {"user": user.id, "since": since})
    return [Belonging(*row) for row in rows]


@made_once
def _belongings(bounded: bool) -> sa.Select:
    known = sa.select(Affiliation.kind, Affiliation.how, Affiliation.neighbourhood_id).where(
        Affiliation.user_id == sa.bindparam("user"))
    return known.where(Affiliation.at >= sa.bindparam("since")) if bounded else known


def way_of(user_id: int) -> tuple[Verification, str | None]:
    """Way in which this account, whose person is known, was verified last; the provider's key where one did it and is
    still linked."""
    verified = Affiliation.user_id == user_id, Affiliation.how != Verification.DECLARED
    newest = sa.select(Affiliation.how).where(*verified).order_by(Affiliation.at.desc()).limit(1)
    way = db.session.scalars(newest).one()
    links = providers.of_user(user_id) if way is Verification.PROVIDER else []
    return way, links[-1].provider if links else None


def additions_by_way(box: BallotBox) -> list[tuple[str | None, str | None, int]]:
    """Number of people who were added to a roll that grows, by the way in which they had been verified (None: before
    it was kept) and the provider's key."""
    way = RollEntry.way, RollEntry.provider
    return db.session.execute(sa.select(*way, sa.func.count()).where(
        RollEntry.roll_id == box.roll_id, RollEntry.added).group_by(*way).order_by(*way)).all()


def additions_by_hand(roll_ids: Iterable[int | None]) -> dict[int, int]:
    """Number of times that somebody was put into each of these rolls by hand."""
    subjects = {f"electoral_roll:{roll_id}": roll_id for roll_id in roll_ids if roll_id}
    return {subjects[subject]: count for subject, count in db.session.execute(
        sa.select(AuditEntry.subject, sa.func.count()).where(
            AuditEntry.action == ADDED_BY_HAND, AuditEntry.subject.in_(subjects)).group_by(AuditEntry.subject))}


def is_listed_together(roll: ElectoralRoll, person: Person | None) -> bool:
    """True where the list that was imported has several people of this person's name and birthday."""
    return person is not None and roll.source is RollSource.IMPORTED and bool(db.session.connection().scalar(
        _listed(), {"roll": roll.id, "persons": identities.listed_together(
            hash_of(person, roll.key_id), roll.key_id)}))


@made_once
def _listed() -> sa.Select:
    return sa.select(sa.exists().where(RollEntry.roll_id == sa.bindparam("roll"), RollEntry.person.in_(
        sa.bindparam("persons", expanding=True))))


def _why_not_added(roll: ElectoralRoll, rule: RollRule, person: Person, belongings: Sequence[Belonging]
                   ) -> EntryState | None:
    """Somebody who would belong to a roll that grows, and may have voted already as another."""
    others = {other.roll_id: other.roll for box in boxes_of(roll.id) for _name, other in voted.together(box)
              if other.roll}
    elsewhere = [(other, there) for roll_id, other in others.items() if roll_id != roll.id and (there := rule_of(other))
                 and rule.neighbourhoods and there.neighbourhoods
                 and not {*rule.neighbourhoods} & {*there.neighbourhoods}]
    for searched in (roll, *(other for other, _there in elsewhere)):
        known_as = identities.of_namesakes(hash_of(person, searched.key_id), person.distinguisher, searched.key_id)
        if db.session.scalar(sa.select(sa.exists().where(
                RollEntry.roll_id == searched.id, RollEntry.person.in_(known_as), RollEntry.has_left.is_(True)))):
            return EntryState.NAMESAKE_LEFT
    if any(is_listed_together(other, person) for other, _there in elsewhere):
        return EntryState.LISTED_TOGETHER
    born = birth_date(person)
    return EntryState.MOVED if any(
        entry(other.id, identities.of_person(person, other.key_id)) is not None
        and place_in(other, there, belongings, born).state is not EntryState.IN
        for other, there in elsewhere) else None


def note_leaving(user: User) -> None:
    """Mark the entries of somebody who leaves in rolls that grow and whose vote is not over: whoever comes back among
    namesakes may get another number, and so another hash."""
    growing = [roll for roll in db.session.scalars(sa.select(ElectoralRoll).where(
        ElectoralRoll.source != RollSource.DECLARED, ElectoralRoll.fixed_at.is_not(None), ~sa.exists().where(
            BallotBox.roll_id == ElectoralRoll.id, BallotBox.closed_at.is_not(None)))) if rule_of(roll).grows]
    for roll in growing if user.person is not None else ():
        db.session.execute(sa.update(RollEntry).values(has_left=True).where(
            RollEntry.roll_id == roll.id, RollEntry.person == identities.of_person(user.person, roll.key_id)))


def birth_date(person: Person | None) -> date | None:
    return date.fromisoformat(keys.unseal(SEALED_BIRTH_DATE, person.birth_date_sealed)) if person else None


def kept_about(user: User) -> list[dict]:
    """For the download of one's own data: the rolls that one is in, and where one is marked as having voted."""
    persons = identities.candidates(user)
    if not persons:
        return []
    rows = db.session.execute(
        sa.select(RollEntry, ElectoralRoll, BallotBox, Participated.channel)
        .join(ElectoralRoll, ElectoralRoll.id == RollEntry.roll_id)
        .outerjoin(BallotBox, sa.and_(BallotBox.roll_id == ElectoralRoll.id, BallotBox.rehearsal.is_(False)))
        .outerjoin(Participated, sa.and_(Participated.box_id == BallotBox.id, Participated.person == RollEntry.person))
        .where(RollEntry.person.in_(persons)).order_by(ElectoralRoll.id)).all()
    return [{"roll": roll.id, "fixed_on": roll.fixed_on.isoformat(), "subject": box and box.subject,
             "struck": entry.struck_reason, "voted": channel and STATES[channel]} for entry, roll, box, channel in rows]


def objections_kept_about(user: User) -> list[dict]:
    """For the download of one's own data."""
    own = db.session.scalars(sa.select(RollObjection).filter_by(user_id=user.id).order_by(RollObjection.id))
    return [{"roll": objection.roll_id, "text": objection.text, "at": objection.at.isoformat(),
             "answer": objection.answer} for objection in own]


def took_part(box_ids: Sequence[bytes], after: int = 0) -> Iterator[list[int]]:
    """Ids of the accounts behind `after` that took part in one of these votes, by and by in order of id: of boxes that
    are empty, and no rehearsals. Nothing is known of what they chose."""
    marks = (sa.select(Participated.person, ElectoralRoll.key_id)
             .join(BallotBox, BallotBox.id == Participated.box_id)
             .join(ElectoralRoll, ElectoralRoll.id == BallotBox.roll_id)
             .where(BallotBox.id.in_(box_ids), BallotBox.rehearsal.is_(False)))
    voters = [(bytes(person), key) for person, key in db.session.execute(marks)]
    yield from accounts_of({person for person, _key in voters}, {key for _person, key in voters}, after)


def accounts_of(persons: Collection[bytes], under: Collection[int], after: int = 0) -> Iterator[list[int]]:
    """Ids of the accounts behind `after` of these persons of rolls under these keys, by and by: reads every account."""
    accounts = sa.select(User.id, *(getattr(Person, name) for name in CallerIdentity._fields)).outerjoin(
        Person, Person.id == User.person_id).where(User.left_at.is_(None)).order_by(User.id).limit(AT_ONCE)
    while persons and (rows := db.session.execute(accounts.where(User.id > after)).all()):
        after = rows[-1].id
        yield [user_id for user_id, *known in rows if any(
            identities.of_account(user_id, key) in persons
            or known[0] is not None and identities.of_person(CallerIdentity(*known), key) in persons for key in under)]
