"""People as things to join to: by nickname only those whom the desk shows anyway, everybody else by the exact sign-in
name that they told.

An account is named `#17`, so that suggestions say no sign-in name. Nobody is taken because a nickname fits: two people
may have the same.
"""

import re
from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from wtforms import SelectChoice, SelectField

from civic_forum.blocks.pickers import Choice, Pickable, PickerField, has_words, register
from civic_forum.platform import clock, plain_text
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, _l

from .labels import ROLE
from .models import RoleGrant, User
from .queries.people import not_blocked
from .rules import sign_in_key

NUMBER = re.compile(r"#[0-9]{1,17}")
ROLES_SHOWN = 3


def people(name: str, label: object, permissions: tuple[str, ...], others: Callable[[str], sa.Select]) -> Pickable:
    """Holders of roles, and users whose ids `others` selects (within → Select)."""

    def known(within: str) -> sa.Select:
        staff = sa.exists().where(RoleGrant.user_id == User.id, RoleGrant.withdrawn_at.is_(None))
        return sa.select(User).where(User.left_at.is_(None), not_blocked(clock.now()),
                                     sa.or_(staff, User.id.in_(others(within))))

    def find(_actor, value: str, within: str) -> Choice | None:
        """A number is that of somebody who is known; a sign-in name, but for one that is a nickname of theirs, is left
        to the service, which notes look-ups."""
        if NUMBER.fullmatch(value):
            user = db.session.scalar(known(within).where(User.id == plain_text.number(value[1:])))
            return None if user is None else _choice(user)
        if not value.isascii() or sign_in_key(value) is None or db.session.scalar(
                known(within).where(sa.func.lower(User.nickname) == value.lower()).limit(1)):
            return None
        return Choice(value, value)

    def search(_actor, text: str, limit: int, within: str) -> list[Choice]:
        statement = known(within).where(has_words(text, User.nickname)).order_by(User.nickname, User.id).limit(limit)
        return [_choice(user) for user in db.session.scalars(statement)]

    return Pickable(name, label, permissions, search, find)


def _choice(user: User) -> Choice:
    roles = dict.fromkeys(str(ROLE[grant.role]) for grant in user.grants)
    return Choice(f"#{user.id}", user.name, ", ".join(list(roles)[:ROLES_SHOWN]))


class PersonField(PickerField):
    """Somebody with an account."""

    @property
    def sign_in_name(self) -> str:
        """Of who was chosen, or as it was typed; empty for nobody. Raises Refusal at the field."""
        value = self.value or ""
        if not NUMBER.fullmatch(value):
            return value
        return db.session.scalar(sa.select(User.sign_in_name).where(User.id == int(value[1:]))) or ""


class MemberField(SelectField):
    """One of the few people who can have something, as the service that gives it names them."""

    def __init__(self, label: Any = None, **options: Any) -> None:
        super().__init__(label, validate_choice=False, **options)

    def offer(self, members: Iterable[User], nobody: str | None,
              called: Callable[[User], str] = attrgetter("name")) -> None:
        """`nobody`: words for none of them; None where one has to be chosen."""
        none = [] if nobody is None else [SelectChoice("", nobody)]
        self.choices = [*none, *(SelectChoice(str(user.id), called(user)) for user in members)]

    @property
    def user_id(self) -> int | None:
        """Raises Refusal for somebody who is not in the list."""
        if self.data and self.data not in [choice.value for choice in self.choices]:
            raise Refusal(_("목록에 있는 것을 골라 주세요."), field=self.name)
        return plain_text.number(self.data or "")


STAFF = register(people("staff", _l("사람"), ("accounts.grant_role",),
                        lambda _within: sa.select(User.id).where(sa.false())))
"""Those who have a role already."""
