"""Blueprints of moderation, and who comes in."""

from flask import Blueprint

from civic_forum.accounts import turned_away
from civic_forum.accounts.models import User
from civic_forum.platform.web import shown_to, visitor

from .policy import may_moderate

bp = Blueprint("moderation", __name__)
desk = Blueprint("moderation_desk", __name__, url_prefix="/desk")
bp.record_once(lambda state: state.app.register_blueprint(desk))


for_moderators = shown_to(may_moderate)


def concerned() -> User | None:
    """The user who is signed in, or gave the right password to an account that is blocked."""
    person = visitor()
    return person if person.is_authenticated else turned_away.user()
