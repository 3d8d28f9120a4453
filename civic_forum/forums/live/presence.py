"""Presence and rights of listeners: read once a second for all sockets of this process."""

from flask import current_app, render_template

from civic_forum.accounts.rules import STAFF, Role, second_factor_needed
from civic_forum.platform import clock
from civic_forum.platform.i18n import Language

from ..fragments import Patch
from ..policy import WATCHING
from . import queries
from .subscribers import Subscriber, Subscribers, View


def view_of(rights: queries.Rights | None, forum_id: int, language: Language) -> View:
    """View of a forum for somebody with these rights."""
    if rights is None:
        return View(language)
    runs = Role.MODERATOR in counting(rights) or forum_id in rights.hosts
    return View(language, runs, frozenset(rights.tables.get(forum_id, ())))


def counting(rights: queries.Rights) -> set[Role]:
    """The roles that count now, as `User.counting_grants` has it."""
    config = current_app.config
    lacking = second_factor_needed(config["STAFF_TOTP"], config["SAMPLE"]) and not rights.has_second_factor
    return rights.roles - STAFF if lacking and rights.roles & STAFF else rights.roles


def rights_of(subscribers: list[Subscriber]) -> dict[int, queries.Rights]:
    now = clock.now()
    sessions = sorted({subscriber.session_id for subscriber in subscribers if subscriber.session_id})
    if not sessions:
        return {}
    return queries.rights(sessions, sorted({subscriber.forum_id for subscriber in subscribers}), now)


def changed(subscribers: Subscribers) -> tuple[list[Subscriber], list[tuple[Subscriber, View]]]:
    """Subscribers whose socket is over, and those who hear more or less than before."""
    listening = list(subscribers.by_sid.values())
    rights = rights_of(listening)
    public = queries.announced(sorted(subscribers.by_forum))
    over, moved = [], []
    for subscriber in listening:
        his = rights.get(subscriber.session_id)
        is_over = subscriber.session_id is not None and his is None
        if is_over or subscriber.forum_id not in public and not (his and counting(his) & WATCHING):
            over.append(subscriber)
        elif (view := view_of(his, subscriber.forum_id, subscriber.view.language)) != subscriber.view:
            moved.append((subscriber, view))
    return over, moved


def drawn(count: int) -> Patch:
    """Number of people there, as pages show it."""
    return Patch("forum-present", render_template("forums/pieces/present.html", present=count))
