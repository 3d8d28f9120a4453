"""Accounts, verified persons, and what ties them to the district."""

from datetime import date, datetime
from types import MappingProxyType

import sqlalchemy as sa
from flask_login import UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.district.models import Department, Neighbourhood
from civic_forum.district.queries import places_within
from civic_forum.platform import clock
from civic_forum.platform.base import Key, db, enum_of, partial_index, ref
from civic_forum.platform.i18n import _

from .account import Account
from .rules import (LOOK_UP_MOST, PASSKEY_NAME_MOST, TITLE_MOST, AffiliationKind, Challenged, Evidence,
                    Role, Verification)


class User(Account, UserMixin, db.Model):
    """An account. After leaving only the row, its number and its dates stay (탈퇴한 회원)."""

    __tablename__ = "user"
    __table_args__ = (
        sa.UniqueConstraint("sign_in_key"),
        sa.UniqueConstraint("confirmed_email"),
        sa.UniqueConstraint("person_id"),
        partial_index("ix_user_once_until", "once_until", where="once_until IS NOT NULL"),
    )

    id: Mapped[Key]
    sign_in_name: Mapped[str | None] = mapped_column(sa.String(40))
    sign_in_key: Mapped[str | None] = mapped_column(sa.String(40))
    """The name as it is compared: NFKC, case folded."""
    nickname: Mapped[str | None] = mapped_column(sa.String(40))
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    email: Mapped[str | None] = mapped_column(sa.String(254))
    confirmed_email: Mapped[str | None] = mapped_column(sa.String(254))
    """The address in lower case once its owner has opened the link; one account each."""
    mobile: Mapped[str | None] = mapped_column(sa.String(20))
    confirmed_mobile: Mapped[str | None] = mapped_column(sa.String(20))
    """The same number once its owner has typed what was sent there. A household may share one."""
    neighbourhood_id: Mapped[int | None] = ref("neighbourhood.id")
    language: Mapped[str] = mapped_column(sa.String(5), default="ko")
    person_id: Mapped[int | None] = ref("person.id", index=False)
    is_resident: Mapped[bool] = mapped_column(default=False)
    """Kept by the services that change affiliations (`rules.is_resident`)."""
    totp_secret: Mapped[bytes | None]
    """Sealed; counts once `totp_confirmed_at` is set."""
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]
    """The last time step used, so that a code works once."""
    passkey_since: Mapped[date | None]
    """Day since which there is a passkey that works; kept by `operations.count_passkeys`."""
    opened_by_id: Mapped[int | None] = ref("user.id")
    staff_act_at: Mapped[datetime | None]
    """Instant of the last act by which staff could have got into it (`services.staff_acts.note`)."""
    staff_act_confirmed: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """A second clerk has seen person and paper since."""
    staff_act_unread: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Its owner has not said yet that they read of it."""
    created_at: Mapped[datetime]
    blocked_at: Mapped[datetime | None]
    blocked_until: Mapped[datetime | None]
    """When the block ends by itself; None: not by itself."""
    muted_until: Mapped[datetime | None]
    """Until then this user reads and supports, and writes nothing."""
    once_until: Mapped[datetime | None]
    """Latest moment at which somebody who takes part once, without name and password, is erased; None for an
    account."""
    left_at: Mapped[datetime | None]

    neighbourhood: Mapped[Neighbourhood | None] = relationship()
    person: Mapped["Person | None"] = relationship(foreign_keys=[person_id])
    grants: Mapped[list["RoleGrant"]] = relationship(
        primaryjoin="and_(User.id == foreign(RoleGrant.user_id), RoleGrant.withdrawn_at.is_(None))",
        viewonly=True, order_by="RoleGrant.id")

    session_key = None
    """Which of the user's sessions this request came with; set when the user is loaded."""
    beside = MappingProxyType({})
    """Facts of other features about somebody, for every page (`BESIDE_USER`); set with it."""

    def get_id(self) -> str:
        return self.session_key or ""

    @property
    def is_muted(self) -> bool:
        return self.muted_until is not None and self.muted_until > clock.now()

    @property
    def name(self) -> str:
        """Name of this person on pages."""
        return self.nickname or _("탈퇴한 회원")

    def neighbourhood_ids(self, role: Role = Role.CLERK) -> frozenset[int]:
        """The neighbourhoods for which this role was granted, with those that were merged with them."""
        return places_within(grant.neighbourhood_id for grant in self.counting_grants
                             if grant.role is role and grant.neighbourhood_id)

    def department_ids(self, role: Role = Role.OFFICIAL) -> frozenset[int]:
        return frozenset(grant.department_id for grant in self.counting_grants
                         if grant.role is role and grant.department_id)


class UserSession(db.Model):
    """One signed-in device. The cookie carries a secret of which only the hash is kept."""

    __tablename__ = "user_session"
    __table_args__ = (sa.UniqueConstraint("secret_hash"),)

    id: Mapped[Key]
    secret_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    user_id: Mapped[int] = ref("user.id")
    device: Mapped[str] = mapped_column(sa.String(60))
    """`Chrome · Android`: never the whole user agent, never an address."""
    created_at: Mapped[datetime]
    seen_on: Mapped[date]
    """The day it was last used; no finer."""
    proved_at: Mapped[datetime | None]
    """Moment at which password and second factor were last asked for again; None: that of its opening."""
    passkey_at: Mapped[datetime | None]
    """Moment at which a passkey was last used in it, to sign in or to prove."""

    user: Mapped[User] = relationship()


class Passkey(db.Model):
    """A key of an authenticator (WebAuthn): the private half never leaves it, or the account of its maker."""

    __tablename__ = "passkey"
    __table_args__ = (sa.UniqueConstraint("credential_id"),)

    id: Mapped[Key]
    user_id: Mapped[int] = ref("user.id")
    credential_id: Mapped[bytes]
    public_key: Mapped[bytes]
    """COSE, as the authenticator gave it."""
    sign_count: Mapped[int]
    """As it was last told; 0 from those that count nothing."""
    name: Mapped[str] = mapped_column(sa.String(PASSKEY_NAME_MOST))
    created_at: Mapped[datetime]
    used_on: Mapped[date | None]
    """The day it was last used; no finer."""
    copied_on: Mapped[date | None]
    """The day on which its count went backwards; it opens nothing since."""


class ProviderLink(db.Model):
    """Account at a provider of identities by which a user signs in. Whose it is there, only a keyed hash says."""

    __tablename__ = "provider_link"
    __table_args__ = (sa.UniqueConstraint("subject_hash"),)

    id: Mapped[Key]
    user_id: Mapped[int] = ref("user.id")
    provider: Mapped[str] = mapped_column(sa.String(30))
    """Its key in the settings."""
    subject_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    linked_on: Mapped[date]


class PasskeyChallenge(db.Model):
    """Random bytes that an authenticator is to sign within minutes, or a provider of identities to send back. Whoever
    brings the answer takes the row away."""

    __tablename__ = "passkey_challenge"
    __table_args__ = (sa.UniqueConstraint("challenge"),)

    id: Mapped[Key]
    challenge: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    purpose: Mapped[Challenged] = mapped_column(enum_of(Challenged, "purpose"))
    user_id: Mapped[int | None] = ref("user.id")
    """None where anybody may answer: to sign in or up."""
    kept: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    """Form that waits to be sent while its author is at a provider, sealed."""
    expires_at: Mapped[datetime] = mapped_column(index=True)


class RoleGrant(db.Model):
    """A role given to a user for a department, a neighbourhood or the whole district."""

    __tablename__ = "role_grant"
    __table_args__ = (
        partial_index("uq_role_grant_open", "user_id", "role", sa.text("coalesce(department_id, 0)"),
                      sa.text("coalesce(neighbourhood_id, 0)"), unique=True, where="withdrawn_at IS NULL"),
        partial_index("uq_role_grant_head", "department_id", unique=True, where="is_head AND withdrawn_at IS NULL"),
        sa.CheckConstraint("department_id IS NULL OR neighbourhood_id IS NULL", name="one_scope"),
    )

    id: Mapped[Key]
    user_id: Mapped[int] = ref("user.id")
    role: Mapped[Role] = mapped_column(enum_of(Role, "role"))
    department_id: Mapped[int | None] = ref("department.id", index=False)
    neighbourhood_id: Mapped[int | None] = ref("neighbourhood.id", index=False)
    granted_by_id: Mapped[int | None] = ref("user.id", index=False)
    granted_at: Mapped[datetime]
    withdrawn_by_id: Mapped[int | None] = ref("user.id", index=False)
    withdrawn_at: Mapped[datetime | None]
    is_head: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Of a department: what nobody else stands in for falls to them."""
    title: Mapped[str | None] = mapped_column(sa.String(TITLE_MOST))
    """Of a reader: 구청장실, 감사 담당, 구의원."""
    ends_on: Mapped[date | None]
    """Last day."""
    end_told_at: Mapped[datetime | None]

    department: Mapped[Department | None] = relationship()
    neighbourhood: Mapped[Neighbourhood | None] = relationship()


class Absence(db.Model):
    """Days on which somebody of the office is not there, and who stands in."""

    __tablename__ = "absence"
    __table_args__ = (sa.Index("ix_absence_until_day", "until_day", "id"),
                      sa.CheckConstraint("from_day <= until_day", name="in_order"))

    id: Mapped[Key]
    user_id: Mapped[int] = ref("user.id")
    deputy_id: Mapped[int | None] = ref("user.id")
    from_day: Mapped[date]
    until_day: Mapped[date]
    told_at: Mapped[datetime | None]
    """Moment at which the deputy was told."""

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    deputy: Mapped[User | None] = relationship(foreign_keys=[deputy_id])


class HandOver(db.Model):
    """Proposal of who gets what somebody holds who leaves the office; the last one counts, and goes once it is done."""

    __tablename__ = "hand_over"

    user_id: Mapped[int] = ref("user.id", primary_key=True, index=False)
    receivers: Mapped[dict[str, int]] = mapped_column(sa.JSON)
    """Key of a bundle (`extensions.Bundle`) → id of the account."""


class Consent(db.Model):
    """Consent or refusal of a user, with version and moment."""

    __tablename__ = "consent"

    id: Mapped[Key]
    user_id: Mapped[int] = ref("user.id")
    document: Mapped[str] = mapped_column(sa.String(40))
    version: Mapped[str] = mapped_column(sa.String(20))
    given: Mapped[bool]
    at: Mapped[datetime]


class OneTimeCode(db.Model):
    """A link or a code that expires and works once: only its keyed hash is kept."""

    __tablename__ = "one_time_code"
    __table_args__ = (sa.UniqueConstraint("code_hash"),)

    id: Mapped[Key]
    user_id: Mapped[int] = ref("user.id")
    purpose: Mapped[str] = mapped_column(sa.String(30))
    """confirm_email, confirm_mobile, reset_password, desk_reset"""
    code_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    email: Mapped[str | None] = mapped_column(sa.String(254))
    """Where it was sent: an address, or the number of a telephone."""
    issued_by_id: Mapped[int | None] = ref("user.id", index=False)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)


class FirstLink(db.Model):
    """A link made on the machine, by which one of the first two administrators opens an account. A new one takes the
    place of one that is not used."""

    __tablename__ = "first_link"
    __table_args__ = (sa.UniqueConstraint("place"), sa.UniqueConstraint("token_hash"))

    id: Mapped[Key]
    place: Mapped[int]
    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    user_id: Mapped[int | None] = ref("user.id", index=False)
    """Account that was opened by it."""


class Person(db.Model):
    """A verified person, with or without an account. Name and birth date are sealed."""

    __tablename__ = "person"
    __table_args__ = (sa.UniqueConstraint("identity_hash", "distinguisher"),)

    id: Mapped[Key]
    identity_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    """Keyed hash of normalised name and birth date."""
    key_id: Mapped[int] = mapped_column(default=1, server_default="1")
    """Master key under which it was hashed; it stays when a newer one is made."""
    folded_hash: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32), index=True)
    """The same of the name as it is folded now, by which they are found (docs/decisions/0063); None: not made yet."""
    distinguisher: Mapped[int] = mapped_column(default=0)
    """0, or 1, 2 … for others of the same name and birthday, told apart at the desk."""
    name_sealed: Mapped[bytes]
    birth_date_sealed: Mapped[bytes]
    created_at: Mapped[datetime]


class Affiliation(db.Model):
    """Record that a user or person lives, works or studies here: declared or verified."""

    __tablename__ = "affiliation"
    __table_args__ = (
        sa.CheckConstraint("user_id IS NOT NULL OR person_id IS NOT NULL", name="belongs_to_somebody"),
        sa.UniqueConstraint("user_id", "kind"),
    )

    id: Mapped[Key]
    user_id: Mapped[int | None] = ref("user.id", index=False)
    person_id: Mapped[int | None] = ref("person.id")
    kind: Mapped[AffiliationKind] = mapped_column(enum_of(AffiliationKind, "kind"))
    how: Mapped[Verification] = mapped_column(enum_of(Verification, "how"))
    neighbourhood_id: Mapped[int] = ref("neighbourhood.id")
    at: Mapped[datetime]

    neighbourhood: Mapped[Neighbourhood] = relationship()


class DeskCheck(db.Model):
    """An act of staff on somebody's account. Kept as long as the setting says, without whose it was once they left."""

    __tablename__ = "desk_check"

    id: Mapped[Key]
    person_id: Mapped[int | None] = ref("person.id")
    user_id: Mapped[int | None] = ref("user.id")
    clerk_id: Mapped[int] = ref("user.id")
    neighbourhood_id: Mapped[int | None] = ref("neighbourhood.id", index=False)
    """None: of an administrator, at no desk."""
    purpose: Mapped[str] = mapped_column(sa.String(30))
    """`rules.StaffAct`"""
    evidence: Mapped[Evidence | None] = mapped_column(enum_of(Evidence, "evidence"))
    at: Mapped[datetime] = mapped_column(index=True)


class Letter(db.Model):
    """A request to be verified by post: name, birth date and address sealed until it is done."""

    __tablename__ = "letter"
    __table_args__ = (partial_index("uq_letter_open", "user_id", "is_notice", unique=True, where="ended_at IS NULL"),)

    id: Mapped[Key]
    user_id: Mapped[int] = ref("user.id")
    neighbourhood_id: Mapped[int] = ref("neighbourhood.id")
    name_sealed: Mapped[bytes | None]
    birth_date_sealed: Mapped[bytes | None]
    address_sealed: Mapped[bytes | None]
    identity_hash: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    code_hash: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    """Keyed hash of the code and the letter's number; set when it is printed."""
    tries: Mapped[int] = mapped_column(default=0)
    requested_at: Mapped[datetime] = mapped_column(index=True)
    printed_at: Mapped[datetime | None]
    printed_by_id: Mapped[int | None] = ref("user.id", index=False)
    posted_at: Mapped[datetime | None]
    """Its code opens nothing before."""
    posted_by_id: Mapped[int | None] = ref("user.id", index=False)
    is_notice: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Tells somebody without any channel what staff did; its address is looked up where residents are registered."""
    ended_at: Mapped[datetime | None]
    """Confirmed, used up, replaced or sent to the desk: what was sealed is gone."""
    outcome: Mapped[str | None] = mapped_column(sa.String(20))


class AccessRecord(db.Model):
    """A look-up of a person by staff, or a table of people that was taken out, with its reason."""

    __tablename__ = "access_record"

    id: Mapped[Key]
    by_id: Mapped[int] = ref("user.id")
    user_id: Mapped[int | None] = ref("user.id")
    """Who was opened; None for a search that only listed."""
    reason: Mapped[str] = mapped_column(sa.String(LOOK_UP_MOST))
    at: Mapped[datetime] = mapped_column(index=True)
    what: Mapped[str | None] = mapped_column(sa.String(40))
    """The table that was taken out."""
    how_many: Mapped[int | None]
    """Rows of it."""
