"""Decisions about people and their place in the district. Pure."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from ipaddress import ip_address
from secrets import randbelow

from typing import Any, NamedTuple
from urllib.parse import urlsplit

from civic_forum.platform import folding, plain_text

LEAST_AGE = 14
SIGN_IN_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{2,28})[a-z0-9]")
"""4 to 30 small letters, digits and . _ - inside; compared after NFKC and case folding."""
RESERVED_NAMES = frozenset("admin administrator root system moderator official clerk observer support help "
                           "webmaster postmaster abuse security null undefined me".split())
PASSWORD_LEAST, PASSWORD_MOST = 10, 128
NICKNAME_LEAST, NICKNAME_MOST = 2, 20
LOOK_UP_LEAST, LOOK_UP_MOST = 5, 200
"""Of the reason for looking into what is kept of people, wherever it is: all are in one log (`AccessRecord`)."""
TYPED_NAME_MOST, EMAIL_MOST, MOBILE_MOST = 60, 254, 30
"""Characters that are looked at: folding Unicode and parsing addresses take long for long texts."""
WORDS_OF_STAFF = tuple("운영자 운영진 운영팀 관리자 관리팀 담당 구청 주민센터 공무원 주무관 동장 탈퇴한회원 "
                       "admin administrator moderator official staff".split())
"""A nickname that holds one of these would be taken for the office, or for nobody."""
_KOREAN_MOBILE = re.compile(r"(?:\+?82)?0?(1[016789])([0-9]{3,4})([0-9]{4})")
TOTP_STEP_S = 30
MAILS_AN_HOUR = 5
"""To one account or address, so that nobody's postbox is filled through this site."""
CODES_A_DAY = 10
"""Sent to one number, whoever asks, and for one account, whatever the number."""
TRIES = 5
"""How often a code from the desk, of a letter or of a short message may be typed wrong."""
MOBILE_CODE_DIGITS = 6


class Purpose(StrEnum):
    """Purpose of a one-time code."""

    CONFIRM_EMAIL = "confirm_email"
    CONFIRM_MOBILE = "confirm_mobile"
    RESET_PASSWORD = "reset_password"
    DESK_RESET = "desk_reset"


LIFETIME = {Purpose.CONFIRM_EMAIL: timedelta(hours=24), Purpose.CONFIRM_MOBILE: timedelta(minutes=10),
            Purpose.RESET_PASSWORD: timedelta(minutes=30), Purpose.DESK_RESET: timedelta(hours=24)}
ONCE_LASTS = timedelta(hours=2)
"""Time for somebody who takes part without an account: a vote, or a forum from its beginning to its end."""
PROOF_LASTS = timedelta(minutes=10)
"""Time for which a password, and the code of a second factor, say who is at a device."""
PASSKEYS_MOST = 10
"""Of one account."""
PASSKEY_NAME_MOST = 40
CHALLENGE_LASTS = timedelta(minutes=5)
"""Time in which a browser answers what an authenticator is to sign."""
PROVIDER_LASTS = timedelta(minutes=15)
"""Time in which somebody comes back from a provider of identities."""
LINKS_MOST = 10
"""Providers' accounts by which one account may be entered."""
DEVICE_COOKIE, DEVICE_PATH = "known_device", "/sign-in"
"""By which a device knows an account; a browser that becomes a kiosk forgets it."""


SERVICE_KEY, SERVICE_NAME = "*intake", "현장에서 받은 말"
"""In the place of a sign-in name, of the account of nobody; no name has this shape."""


def sign_in_key(name: str) -> str | None:
    """The name as it is compared, or None where nobody can be called that."""
    if len(name) > TYPED_NAME_MOST:
        return None
    key = unicodedata.normalize("NFKC", name).strip().casefold()
    return key if SIGN_IN_NAME.fullmatch(key) else None


def may_be_chosen(key: str) -> bool:
    """Names that sound like the site itself are given by an administrator only."""
    return key not in RESERVED_NAMES and not any(key.startswith(name) and key[len(name):].strip("._-0123456789") == ""
                                                 for name in RESERVED_NAMES)


def nickname_fits(nickname: str) -> bool:
    """2 to 20 characters with a letter or digit, no blank letters, and not a word that staff are called by."""
    if len(nickname) > NICKNAME_MOST or len(plain_text.clean(nickname)) < NICKNAME_LEAST:
        return False
    letters = [letter for letter in nickname if letter.isalnum()]
    return bool(letters) and not folding.FILLERS & set(letters) and not folding.holds(nickname, WORDS_OF_STAFF)


def drawn_digits() -> str:
    """Four digits for the nickname of somebody who has not chosen one."""
    return f"{randbelow(9000) + 1000}"


def mobile_number(text: str) -> str | None:
    """`010-1234-5678` from any common way of writing it, None for anything else."""
    if len(text) > MOBILE_MOST:
        return None
    match = _KOREAN_MOBILE.fullmatch(re.sub(r"[\s().-]", "", unicodedata.normalize("NFKC", text)))
    return "-".join((f"0{match[1]}", match[2], match[3])) if match else None


def email_address(text: str) -> str | None:
    """The address in the form in which mail can be sent to it, None for anything else."""
    if len(text) > EMAIL_MOST:
        return None
    from email_validator import EmailNotValidError, validate_email
    try:
        address = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return address.ascii_email if address.ascii_email and len(address.ascii_email) <= EMAIL_MOST else None


def second_factor_needed(setting: str, sample: bool) -> bool:
    """True if roles of staff count only with a second factor."""
    return setting == "required" or setting == "auto" and not sample


class Challenged(StrEnum):
    """Use of a passkey for which a browser was given something to sign, or its way to a provider of identities."""

    MAKE = "make"
    SIGN_IN = "sign_in"
    PROVE = "prove"
    PROVIDER = "provider"


class NoPasskeys(StrEnum):
    """Reason for which browsers make no passkeys for an address."""

    NUMBERS = "numbers"
    """It is no name but the number of a machine."""
    OPEN = "open"
    """It is neither https nor this machine."""


@dataclass(frozen=True)
class RelyingParty:
    """The site as authenticators know it: `host` stands in each passkey, `origin` in each answer."""

    host: str
    origin: str


@lru_cache(maxsize=16)
def relying_party(url: str) -> RelyingParty | NoPasskeys:
    """The site at this address as it asks for passkeys, or why nobody can. (WebAuthn 3, 5.1.3 and 13.4.9)"""
    parts = urlsplit(url)
    host = (parts.hostname or "").encode("idna").decode().lower()
    if _is_number(host):
        return NoPasskeys.NUMBERS
    if parts.scheme != "https" and host != "localhost" and not host.endswith(".localhost"):
        return NoPasskeys.OPEN
    port = "" if parts.port in (None, {"https": 443}.get(parts.scheme, 80)) else f":{parts.port}"
    return RelyingParty(host, f"{parts.scheme}://{host}{port}")


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_copied(known: int, came: int) -> bool:
    """True if a sign count is not above the last one: the passkey was used elsewhere too. (WebAuthn 3, 6.1.1) Those
    that count nothing always say 0."""
    return (known > 0 or came > 0) and came <= known


class Role(StrEnum):
    MODERATOR = "moderator"
    OFFICIAL = "official"
    CLERK = "clerk"
    OBSERVER = "observer"
    ADMINISTRATOR = "administrator"
    READER = "reader"
    """The mayor's office, an auditor, a councillor: sees the figures of the office, and does nothing."""


WORKERS = frozenset((Role.MODERATOR, Role.OFFICIAL, Role.CLERK, Role.ADMINISTRATOR))
"""Roles that do something."""
STAFF = WORKERS | {Role.READER}
"""Roles that need a second factor."""
TITLE_MOST = 60
ENDS_TOLD = timedelta(days=7)
"""Before its last day, whoever has a role hears that it ends."""


class Scope(StrEnum):
    """Area for which a role is granted."""

    DISTRICT = "district"
    DEPARTMENT = "department"
    NEIGHBOURHOOD = "neighbourhood"


SCOPE_OF = {Role.OFFICIAL: Scope.DEPARTMENT, Role.CLERK: Scope.NEIGHBOURHOOD}


class Post(NamedTuple):
    """A role as it is given; the first three tell two roles of one person apart."""

    role: Role
    department_id: int | None = None
    neighbourhood_id: int | None = None
    is_head: bool = False
    title: str = ""
    ends_on: date | None = None


DEPUTIES_MOST = 3
"""In a chain: the deputy of a deputy of a deputy."""


def desk_of(person: int, away: Mapping[int, int | None], staff: Collection[int], head: int | None) -> int | None:
    """Person on whose desk the work of somebody in a department is: their own; while they are away (`away`: who is →
    deputy) that of the first deputy who is there; else that of the head; None: of the whole department."""
    holder: int | None = person
    for _deputy in range(DEPUTIES_MOST):
        if holder is None or holder not in staff or holder not in away:
            break
        holder = away[holder]
    if holder in staff and holder not in away:
        return holder
    return head if person in staff and head in staff and head not in away else None


class Chain(StrEnum):
    """Fault in who stands in for whom."""

    CIRCLE = "circle"
    DEEP = "deep"


class Away(NamedTuple):
    """Days on which somebody is not there."""

    person: int
    deputy: int | None
    from_day: date
    until_day: date


def chain_fault(absences: Collection[Away]) -> Chain | None:
    """Fault on any day of these absences."""
    for day in {absence.from_day for absence in absences}:
        away = {absence.person: absence.deputy for absence in absences if absence.from_day <= day <= absence.until_day}
        for person in away:
            chain, holder = [person], away[person]
            while holder is not None and holder in away and holder not in chain:
                chain.append(holder)
                holder = away[holder]
            if holder in chain:
                return Chain.CIRCLE
            if len(chain) - (holder is None) > DEPUTIES_MOST:
                return Chain.DEEP
    return None


class AffiliationKind(StrEnum):
    LIVE = "live"
    WORK = "work"
    STUDY = "study"


class Verification(StrEnum):
    """Way in which a person was verified."""

    DECLARED = "declared"
    DESK = "desk"
    LETTER = "letter"
    PROVIDER = "provider"


class Evidence(StrEnum):
    """Evidence that a clerk has seen. No copy and no number of it is kept."""

    RESIDENT_CARD = "resident_card"
    DRIVING_LICENCE = "driving_licence"
    PASSPORT = "passport"
    FOREIGN_RESIDENT_CARD = "foreign_resident_card"
    YOUTH_CARD = "youth_card"
    STUDENT_CARD = "student_card"
    EMPLOYMENT = "employment"
    BUSINESS = "business"
    LETTER = "letter"


class StaffAct(StrEnum):
    """Act of staff on somebody's account."""

    VERIFY = "verify"
    OPEN_ACCOUNT = "open_account"
    RESET_PASSWORD = "reset_password"
    TOLD_APART = "told_apart"
    CREATE = "create"
    SECOND_FACTOR = "second_factor"
    PROVIDER = "provider"
    SEEN = "seen"
    """By the second clerk."""
    POSTED = "letter_posted"
    SUPPORT = "support"
    """Of a proposal, said at a window; no way into the account."""
    SUPPORT_BACK = "support_back"
    """The same, taken back."""


WAYS_IN = frozenset({StaffAct.RESET_PASSWORD, StaffAct.CREATE, StaffAct.SECOND_FACTOR, StaffAct.PROVIDER})
"""Acts by which whoever did them could sign in to an account that was there."""
STAFF_ACT_COUNTS = timedelta(days=30)
"""Time before the announcement of a vote from which on an act of staff binds in it."""


def is_bound(staff_act_at: datetime | None, announced_at: datetime) -> bool:
    """True in a vote for an account into which staff could have got since, or shortly before, it was announced."""
    return staff_act_at is not None and staff_act_at >= announced_at - STAFF_ACT_COUNTS


@dataclass(frozen=True)
class Belonging:
    """One affiliation as far as it decides who counts as a resident."""

    kind: AffiliationKind
    how: Verification


def is_resident(belongings: list[Belonging]) -> bool:
    """구민: lives here. 생활권자: works or studies here. Both verified: what somebody only says counts for neither."""
    return any(belonging.how is not Verification.DECLARED for belonging in belongings)


def age_on(birth: date, day: date) -> int:
    """Full years on that day; someone born on 29 February turns older on 1 March of other years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def old_enough(birth: date, today: date) -> bool:
    return age_on(birth, today) >= LEAST_AGE


def session_is_over(opened_at: datetime, used_at: datetime | None, now: datetime, *, lasts: timedelta,
                    idle: timedelta) -> bool:
    """True for a sign-in that is that old, or was not used for that long."""
    return now - opened_at >= lasts or now - max(opened_at, used_at or opened_at) >= idle


def marks_of(user: Any) -> frozenset[tuple[str, Any]]:
    """By which the site knows the person behind an account: accounts that share one are of one person."""
    mail = user.confirmed_email or (user.email.casefold() if user.email else None)
    marks = (("account", user.id), ("person", user.person_id), ("mobile", user.mobile), ("mail", mail))
    return frozenset(mark for mark in marks if mark[1] is not None)


def same_person(account: Any, other: Any) -> bool:
    """True for two accounts of one person, as far as the site can know."""
    return bool(marks_of(account) & marks_of(other))
