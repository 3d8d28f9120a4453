"""A slip with a code, shown once: the code waits sealed in the clerk's session and is taken out at the first look."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from flask import current_app, redirect, render_template, session, url_for

from civic_forum.accounts.models import User
from civic_forum.accounts.policy.staff import may_look_up
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import LIFETIME, Purpose
from civic_forum.platform import clock, keys
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _

from .gate import bp, shown_to

SEALED = "desk.slip"


def hand_over(user: User, code: str):
    """Lead to the page with the slip."""
    session["slip"] = [user.id, urlsafe_b64encode(keys.seal(SEALED, code)).decode(), clock.now().timestamp()]
    return redirect(url_for("desk.slip", user_id=user.id))


@bp.get("/slips/<id:user_id>")
@shown_to(may_look_up)
def slip(user_id: int):
    waiting = session.pop("slip", None)
    user = people.by_id(user_id)
    if not waiting or waiting[0] != user_id or user is None:
        raise NotFound(_("쪽지는 한 번만 볼 수 있어요. 잃어버렸다면 회원 찾기에서 새 코드를 만들어 주세요."))
    code = keys.unseal(SEALED, urlsafe_b64decode(waiting[1]))
    until = clock.now() + LIFETIME[Purpose.DESK_RESET]
    return render_template("desk/slip.html", user=user, code=code, until=until, starting=user.password_hash is None,
                           address=current_app.config["URL"])
