"""Taking part once: the page before it, that of somebody who does, and being led there from pages of accounts."""

from flask import redirect, render_template, request, url_for

from civic_forum.blocks import sections
from civic_forum.blocks.extensions import HOME, ONCE
from civic_forum.platform.addresses import local_path
from civic_forum.platform.errors import Denied
from civic_forum.platform.web import never_cached, visitor

from ..pages import bp
from ..policy import why_guest
from .entry import once_page


def votes_now() -> list:
    """Votes in which the visitor takes part now, for templates."""
    return [vote for some in ONCE.ask(visitor()) for vote in some]


bp.add_app_template_global(votes_now)


@bp.get("/once")
@never_cached
def take_part_once():
    user, then = visitor(), local_path(request.args.get("next"), "")
    if not user.is_authenticated:
        return once_page(then, "")
    if not user.is_guest:
        return redirect(then or "/me")
    asked = [card for answer in HOME.answers for card in sections.kept(answer) if card.act == "ask" and card.is_open]
    return render_template("accounts/once_now.html", user=user, votes=votes_now(), asked=asked)


@bp.before_request
def lead_away():
    """Pages of an account are nothing for somebody without one; those of other features ask their policies."""
    if not request.path.startswith("/me/") and request.path not in ("/me", "/welcome") or not getattr(
            visitor(), "is_guest", False):
        return None
    if request.method == "POST":
        raise Denied(why_guest(visitor()))
    return redirect(url_for("accounts.take_part_once"))
