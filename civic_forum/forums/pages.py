"""Blueprints of forums, the beginning of every view, answers to forms, and the context of live pages.

Every form of a running forum carries `back` (`/host`, `/tables/3`; empty for the hall) and stands on a page that is
registered here (`shows`), so that a refusal is shown beside the form, with what was typed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from secrets import token_hex

from flask import Blueprint, flash, redirect, request, url_for
from flask_login import login_required

from civic_forum.blocks import sections
from civic_forum.blocks.pages import attempt
from civic_forum.platform import clock
from civic_forum.platform.error_pages import wants_json
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.web import limiter, never_cached, visitor, writer

from . import labels, tabs
from . import queries as forums
from .extensions import WAY
from .models import Forum
from .policy import ForumContext, may_prepare, may_read, runs
from .rules import Duty, Form

bp = Blueprint("forums", __name__, url_prefix="/forums")
desk = Blueprint("forum_desk", __name__, url_prefix="/desk/forums")
doors = Blueprint("forum_doors", __name__, url_prefix="/f")
"""Short codes."""
bp.record_once(lambda state: [state.app.register_blueprint(blueprint) for blueprint in (desk, doors)])
bp.add_app_template_filter(lambda at: f"{local(at):%H:%M}", "clock_time")
bp.add_app_template_global(labels.named, "gathering")


@bp.app_template_global()
def way_to(forum: Forum) -> list[tuple[str, str]]:
    """Lists above a gathering, with their addresses."""
    for way in WAY.ask(forum):
        return way
    of_form = [(str(labels.FORMS[forum.form]), f"/forums?form={forum.form}")]
    return [(_("공론장"), "/forums"), *(of_form if forum.form is not Form.FORUM else [])]


def forum_at(slug: str) -> Forum:
    """The forum at this address, if the visitor may know of it. Raises NotFound."""
    forum = forums.by_slug(slug)
    if may_read(visitor(), forum):
        raise forums.no_such_forum()
    return forum


def own(slug: str) -> dict[str, str]:
    """Parts of the page of a forum that is over, and on its record, for their reader alone."""
    if not visitor().is_authenticated:
        return {"seeds": "", "own": ""}
    forum = forums.by_slug(slug)
    return sections.own_parts("forums/own.html", "seeds", "own", forum=forum,
                              prepares=forum.recorded_at and may_prepare(visitor(), forum) is None)


def context(forum: Forum) -> ForumContext:
    """The forum and what the visitor is there; for what the page shows, not for what is done."""
    now = clock.now()
    return ForumContext(forum, forums.attendance(forum, visitor(), now), now)


BACK = re.compile(r"(?:/[a-z]{1,20}(?:/[1-9][0-9]{0,17})?)?")
"""Behind the address of the forum."""
_pages: dict[str, "Callable[[Forum, int | None, Refused], str]"] = {}


@dataclass(frozen=True)
class Refused:
    """A refused form of a page: the reason, and what had been typed."""

    form: str = ""
    sentence: str = ""
    typed: dict = field(default_factory=dict)

    def at(self, form: str) -> str:
        """The sentence, at the form that it is about."""
        return self.sentence if form == self.form else ""

    def text(self, form: str, name: str) -> str:
        """Text typed into that field of it."""
        return self.typed.get(name, "") if form == self.form else ""


NOTHING = Refused()


@bp.app_template_global()
def fresh_key() -> str:
    """For a form that the script does not send."""
    return token_hex(16)


def shows(back: str):
    """Register a page as where forms come from: a function(forum, number or None, refused) → page."""

    def register(page):
        _pages[back] = page
        return page

    return register


def answering(form: str, anchor: str = ""):
    """Decorates a POST view(forum, …) of the form with this name: answers when it is done, or says why it was not.

    The script gets 204, or the problem as JSON; the page without script is shown again, at `anchor` when it is done.
    """

    def decorate(view):
        @wraps(view)
        def answered(slug: str, **arguments):
            forum = forum_at(slug)
            return attempt(lambda: view(forum, **arguments), lambda refusal: refused(forum, refusal, form),
                           lambda special: special or done(forum, anchor, form))

        return never_cached(login_required(answered))

    return decorate


def done(forum: Forum, anchor: str = "", form: str = ""):
    """204 for the script, which says by itself that it is done; else back to the page and the tab of the form."""
    if wants_json():
        return "", 204
    if sentence := labels.SAID.get(form):
        flash(sentence, "success")
    back = _back()
    return redirect(url_for("forums.show", slug=forum.slug) + back + tabs.query(back, form) + anchor, 303)


def refused(forum: Forum, refusal: Refusal, form: str) -> str:
    """The page again with the sentence beside the form. Raises the refusal itself for the script, and where its page is
    none of ours."""
    name, _slash, number = _back().removeprefix("/").partition("/")
    page = _pages.get(f"/{name}" if name else "")
    if wants_json() or page is None:
        raise refusal
    return page(forum, int(number) if number else None, Refused(form, str(refusal), request.form.to_dict()))


def _back() -> str:
    back = request.form.get("back", "")
    return back if BACK.fullmatch(back) else ""


def around(forum: Forum, refused: Refused, back: str) -> dict[str, object]:
    """Context of a page that is kept as it is now (`live.js`), and to send its forms from."""
    at = context(forum)
    running = runs(visitor(), at)
    return {"forum": forum, "at": at, "standing": at.standing, "now": at.now, "refused": refused, "labels": labels,
            "runs": running, "roles": ["runs"] if running else [], "back": back}


def roles(at: ForumContext) -> list[str]:
    """Roles for which the script may show pieces: those in pieces that are the same for everybody (`data-for`)."""
    held = [f"table-{table_id}" for table_id in sorted(at.standing.hosted_table_ids | {at.standing.table_id} - {None})]
    if Duty.CAPTIONER in at.standing.duties:
        held.append("captions")
    return ["runs", *held] if runs(visitor(), at) else held


def _limit(per_minute: int, scope: str):
    return limiter.shared_limit(f"{per_minute} per minute", scope=scope, key_func=writer, methods=["POST"],
                                exempt_when=lambda: not visitor().is_authenticated)


by_speaker = _limit(30, "forum-writing")
"""Decorates views by which people in a hall write. Counted for each person and never for an address: a hall is one."""
by_hand = _limit(120, "forum-hands")
"""Decorates views by which they press a button: a support, an answer to a pulse."""
