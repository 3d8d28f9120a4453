"""Who people are to the district. Pure decisions."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LEAST_AGE = 14
SIGN_IN_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{2,28})[a-z0-9]")
"""4 to 30 small letters, digits and . _ - inside; compared after NFKC and case folding."""
RESERVED_NAMES = frozenset("admin administrator root system moderator official clerk observer support help "
                           "webmaster postmaster abuse security null undefined me".split())
PASSWORD_LEAST, PASSWORD_MOST = 10, 128


class Role(StrEnum):
    MODERATOR = "moderator"
    OFFICIAL = "official"
    CLERK = "clerk"
    OBSERVER = "observer"
    ADMINISTRATOR = "administrator"


STAFF = frozenset((Role.MODERATOR, Role.OFFICIAL, Role.CLERK, Role.ADMINISTRATOR))
"""Roles that need a second factor."""


class Scope(StrEnum):
    """What a role is granted for."""

    DISTRICT = "district"
    DEPARTMENT = "department"
    NEIGHBOURHOOD = "neighbourhood"


SCOPE_OF = {Role.OFFICIAL: Scope.DEPARTMENT, Role.CLERK: Scope.NEIGHBOURHOOD}


class AffiliationKind(StrEnum):
    LIVE = "live"
    WORK = "work"
    STUDY = "study"


class Verification(StrEnum):
    """How a person was verified; a provider of identities (OIDC) would be one more."""

    DECLARED = "declared"
    DESK = "desk"
    LETTER = "letter"


class Evidence(StrEnum):
    """What a clerk has seen. No copy and no number of it is kept."""

    RESIDENT_CARD = "resident_card"
    DRIVING_LICENCE = "driving_licence"
    PASSPORT = "passport"
    FOREIGN_RESIDENT_CARD = "foreign_resident_card"
    YOUTH_CARD = "youth_card"
    STUDENT_CARD = "student_card"
    EMPLOYMENT = "employment"
    BUSINESS = "business"
    LETTER = "letter"


@dataclass(frozen=True)
class Belonging:
    """One affiliation as far as it decides who counts as a resident."""

    kind: AffiliationKind
    how: Verification


def is_resident(belongings: list[Belonging]) -> bool:
    """구민: lives here, verified. 생활권자: works or studies here, declared or verified."""
    return any(one.kind is not AffiliationKind.LIVE or one.how is not Verification.DECLARED for one in belongings)


def age_on(birth: date, day: date) -> int:
    """Full years on that day; someone born on 29 February turns older on 1 March of other years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def old_enough(birth: date, today: date) -> bool:
    return age_on(birth, today) >= LEAST_AGE
