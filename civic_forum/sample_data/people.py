"""The people of the sample district: invented, each joining on their day, and those of them who did something."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import sqlalchemy as sa

from civic_forum.accounts.documents import Document, REQUIRED
from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import DeskCheck, RoleGrant, User
from civic_forum.accounts.rules import AffiliationKind, Evidence, Role, Verification
from civic_forum.accounts.operations import add_user, count_residency, note_consent, put_affiliation, verify_person
from civic_forum.district import queries as district
from civic_forum.platform.base import db
from civic_forum.platform.i18n import Language, local
from civic_forum.platform.work import use_case

from .timeline import instant

DATA = Path(__file__).with_name("data")
AGES = {"14-18": 16, "20s": 25, "30s": 35, "40s": 45, "50s": 55, "60s": 65, "70s": 73, "75+": 79, "unknown": 40}
SIGN_IN = ("resident", "moderator", "official", "clerk", "observer", "administrator")
"""The accounts that have the sample password start like this; the others nobody signs in as."""
GENERATED, EARLY = 120, 50


def read(name: str) -> list[dict]:
    return json.loads((DATA / f"{name}.json").read_text("utf-8"))


@dataclass(frozen=True)
class Newcomer:
    """Somebody who joins at a moment: their entry in people.json, or one of the generated accounts."""

    at: datetime
    entry: dict
    loaded: datetime

    def join(self, password_hash: str | None) -> None:
        """Open the account with affiliations and roles; the clock stands at the moment."""
        entry = self.entry
        with use_case(None) as work:
            user = add_user(
                work.session, name=entry["name"], nickname=entry["nickname"], at=work.at,
                password_hash=password_hash if entry["name"].startswith(SIGN_IN) else None,
                neighbourhood_id=_place(entry["neighbourhood"]), email=entry["email"], mobile=entry.get("mobile"),
                language=Language.EN if entry["language"] == "en" else Language.KO,
                opened_by_id=_id_of(entry.get("opened_by")))
            user.confirmed_email, user.confirmed_mobile = user.email, user.mobile
            for document in (Document.AGE, *REQUIRED):
                note_consent(user, document, agreed=True, at=work.at)
            self._belong(work, user)
            for role in entry["roles"]:
                self._grant(work, user, role)
            work.record("sample_data.joined", user)

    def _belong(self, work, user: User) -> None:
        verified = {AffiliationKind(affiliation["kind"]): affiliation for affiliation in self.entry["affiliations"]
                    if affiliation["verified"]}
        if verified:
            how = Verification(next(iter(verified.values()))["verified"])
            places = {kind: _place(affiliation["neighbourhood"]) for kind, affiliation in verified.items()}
            person = verify_person(user, self.identity(), how=how, affiliations=places, at=work.at)
            if how is Verification.DESK and self.entry.get("opened_by"):
                clerk = _id_of(self.entry["opened_by"])
                work.session.add(DeskCheck(
                    person_id=person.id, user_id=user.id, clerk_id=clerk, purpose="open_account", at=work.at,
                    neighbourhood_id=next(iter(places.values())), evidence=Evidence.RESIDENT_CARD))
        for affiliation in self.entry["affiliations"]:
            if not affiliation["verified"]:
                put_affiliation(user, AffiliationKind(affiliation["kind"]), _place(affiliation["neighbourhood"]),
                                how=Verification.DECLARED, at=work.at)
        count_residency(user)

    def identity(self) -> Identity:
        """An invented name, and a birth date that fits the age band on the day of loading."""
        days = int(sha256(self.entry["name"].encode()).hexdigest()[:4], 16) % 300
        birth = local(self.loaded).date() - timedelta(days=AGES[self.entry["age_band"]] * 365.25 + days)
        return Identity(f"예시 {self.entry['nickname']}", birth)

    def _grant(self, work, user: User, role: dict) -> None:
        departments = {department.name_ko: department.id for department in district.departments()}
        department = role.get("department")
        work.session.add(RoleGrant(user_id=user.id, role=Role(role["role"]), granted_at=work.at,
                                   department_id=departments[department] if department else None,
                                   neighbourhood_id=_place(role.get("neighbourhood"))))


def newcomers(loaded: datetime) -> list[Newcomer]:
    """Everybody of people.json, for loading at this moment."""
    return [Newcomer(instant(entry["joined"], loaded), entry, loaded) for entry in read("people")]


def neighbours(first: datetime, loaded: datetime) -> list[Newcomer]:
    """Accounts that only read and support: EARLY of them in the first week, the others evenly until a month ago."""
    places = [neighbourhood.name_ko for neighbourhood in district.neighbourhoods()]
    early, late = timedelta(days=6) / EARLY, (loaded - timedelta(days=30) - first) / (GENERATED - EARLY)
    return [Newcomer(first + (early * number if number <= EARLY else late * (number - EARLY)), {
        "name": f"neighbour{number:03d}", "nickname": f"{places[number % len(places)]} 이웃 {number}",
        "neighbourhood": places[number % len(places)], "email": None, "language": "ko", "roles": [],
        "age_band": "30s", "affiliations": [{"kind": "work" if number % 4 == 0 else "live", "verified": None,
                                             "neighbourhood": places[number % len(places)]}],
    }, loaded) for number in range(1, GENERATED + 1)]


def _place(name: str | None) -> int | None:
    return {place.name_ko: place.id for place in district.neighbourhoods()}.get(name or "")


def _id_of(name: str | None) -> int | None:
    return db.session.scalar(sa.select(User.id).filter_by(sign_in_name=name)) if name else None


@dataclass
class Crowd:
    joined: dict[str, datetime]
    """Sign-in name → when they joined."""
    staff: frozenset[str]
    ids: dict[str, int] = field(default_factory=dict)
    kiosk: str = ""
    """The secret of the kiosk at which they vote, once there is one. It is written nowhere."""

    def user(self, name: str) -> User:
        if name not in self.ids:
            self.ids[name] = db.session.scalars(sa.select(User.id).filter_by(sign_in_name=name)).one()
        return db.session.get_one(User, self.ids[name])

    def some(self, what: str, count: int, since: datetime, *, but: str) -> list[str]:
        """`count` people who had joined by then, always the same for the same thing, staff and one other left out."""
        there = [name for name, at in self.joined.items() if at < since and name != but and name not in self.staff]
        there.sort(key=lambda name: sha256(f"{what}|{name}".encode()).digest())
        return there[:count]


def crowd_of(newcomers: Iterable) -> Crowd:
    people = list(newcomers)
    blocked_or_staff = frozenset(newcomer.entry["name"] for newcomer in people
                                 if newcomer.entry["roles"] or newcomer.entry.get("blocked"))
    return Crowd({newcomer.entry["name"]: newcomer.at for newcomer in people}, blocked_or_staff)
