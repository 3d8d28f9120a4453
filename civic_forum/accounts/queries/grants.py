"""Roles that are held now, with their holders, and who lacks a second factor."""

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import joinedload

from civic_forum.blocks import listing
from civic_forum.blocks.filters import Filter, words
from civic_forum.blocks.listing import Listing
from civic_forum.blocks.orders import Order
from civic_forum.district.filters import neighbourhood
from civic_forum.district.queries import department_names
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _l

from ..labels import ROLE
from ..models import RoleGrant, User
from ..rules import STAFF, second_factor_needed

UNSAFE = sa.and_(RoleGrant.role.in_(STAFF), User.totp_confirmed_at.is_(None), User.passkey_since.is_(None))
"""True for a role that needs a second factor and whose holder has none."""
GRANTS = listing.declare(Listing(
    "roles", lambda: sa.select(RoleGrant, User).join(User, User.id == RoleGrant.user_id).where(
        RoleGrant.withdrawn_at.is_(None)).options(joinedload(RoleGrant.department),
                                                  joinedload(RoleGrant.neighbourhood)),
    endpoint="desk.roles", size=30,
    filters=(Filter("role", _l("권한"), RoleGrant.role, ROLE, _l("모든 권한")),
             Filter("department", _l("부서"), RoleGrant.department_id, department_names, _l("모든 부서")),
             neighbourhood(RoleGrant.neighbourhood_id),
             Filter("watched", _l("볼 것"), None, {
                 "unsafe": _l("2단계 인증 없음"), "ends": _l("마지막 날 있음"), "heads": _l("부서장")}, _l("모든 사람"),
                    {"unsafe": UNSAFE, "ends": RoleGrant.ends_on.is_not(None), "heads": RoleGrant.is_head}),
             words("q", _l("별명이나 로그인 이름"), User.nickname, User.sign_in_name, most=50)),
    orders=(Order("newest", _l("최신순"), (RoleGrant.id.desc(),)), Order("oldest", _l("오래된순"), (RoleGrant.id,)),
            Order("name", _l("이름순"), (User.nickname, RoleGrant.id)))))
"""Roles that are held now, with their holders."""


def unsafe_count() -> int:
    """Number of people whose roles wait for a second factor; 0 where none is needed."""
    if not second_factor_needed(current_app.config["STAFF_TOTP"], current_app.config["SAMPLE"]):
        return 0
    return db.session.scalar(sa.select(sa.func.count(sa.distinct(RoleGrant.user_id))).join(
        User, User.id == RoleGrant.user_id).where(RoleGrant.withdrawn_at.is_(None), UNSAFE)) or 0
