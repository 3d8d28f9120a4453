"""An account by the clock and by its roles, apart from its table."""

from datetime import datetime
from operator import attrgetter

from flask import current_app

from civic_forum.platform import clock

from .rules import STAFF, RelyingParty, Role, is_bound, relying_party, second_factor_needed

ROLE = attrgetter("role")


class Account:
    """The state of an account by the clock, and its roles: of the record, and of a plain row (`queries.sessions`)."""

    @property
    def is_active(self) -> bool:
        return self.left_at is None and not self.is_blocked

    @property
    def is_guest(self) -> bool:
        """True for somebody who takes part once, without an account."""
        return self.once_until is not None

    @property
    def is_over(self) -> bool:
        """True for a guest whose time is over: their sessions are, before somebody erases them."""
        return self.once_until is not None and self.once_until <= clock.now()

    @property
    def is_blocked(self) -> bool:
        """By the clock: that a block is over does not wait for somebody to write it down."""
        return self.blocked_at is not None and (self.blocked_until is None or self.blocked_until > clock.now())

    def waits_for_second_clerk(self, announced_at: datetime) -> bool:
        """True in what was announced then for an account into which staff could have got, while no second clerk has
        seen whose it is."""
        return not self.staff_act_confirmed and is_bound(self.staff_act_at, announced_at)

    @property
    def lacks_second_factor(self) -> bool:
        """True if this user's roles of staff wait for a second factor. Once it is set up, nobody signs in without."""
        config = current_app.config
        needed = second_factor_needed(config["STAFF_TOTP"], config["SAMPLE"])
        return (needed and self.totp_confirmed_at is None and not self.has_passkey
                and any(grant.role in STAFF for grant in self.grants))

    @property
    def must_use_passkey(self) -> bool:
        """True if a password alone would leave out the second factor, since that is a passkey."""
        config = current_app.config
        needed = second_factor_needed(config["STAFF_TOTP"], config["SAMPLE"])
        return (needed and self.totp_confirmed_at is None and self.has_passkey
                and any(grant.role in STAFF for grant in self.grants))

    @property
    def has_passkey(self) -> bool:
        """True if a passkey can be used at the address of the site as it is now."""
        return self.passkey_since is not None and isinstance(relying_party(current_app.config["URL"]), RelyingParty)

    @property
    def types_nothing(self) -> bool:
        """True for somebody with neither password nor passkey: a provider of identities says who they are."""
        return self.password_hash is None and not self.has_passkey

    @property
    def confirms_by_passkey(self) -> bool:
        """True where what decides a vote is confirmed by a passkey and nothing else: outside a sample, wherever the
        address of the site can have them."""
        config = current_app.config
        return second_factor_needed(config["STAFF_TOTP"], config["SAMPLE"]) and isinstance(
            relying_party(config["URL"]), RelyingParty)

    @property
    def counting_grants(self) -> list:
        """The grants of roles that count now: the one place where a missing second factor takes rights away."""
        if self.lacks_second_factor:
            return [grant for grant in self.grants if grant.role not in STAFF]
        return self.grants

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(map(ROLE, self.counting_grants))

    def has(self, role: Role) -> bool:
        return role in self.roles
