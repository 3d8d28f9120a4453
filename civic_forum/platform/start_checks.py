"""Conditions of serving: features register them, every start asks.

A refusal stops the start with its sentence. While the database is away nothing can be asked: then every page waits
for the first answer.
"""

import logging
import sys
from collections.abc import Callable

from flask import Flask, current_app, request
from sqlalchemy.exc import DBAPIError

import config

from .base import db
from .errors import Refusal, Unavailable
from .i18n import _

log = logging.getLogger(__name__)
_checks: list[Callable[[], None]] = []


def before_serving(check: Callable[[], None]) -> Callable:
    """Call the decorated function, in an application context, at every start; it raises a Refusal to stop it."""
    if check not in _checks:
        _checks.append(check)
    return check


def run() -> None:
    """Raises the first Refusal."""
    config.mark_as_of_people(current_app.config)
    try:
        for check in _checks:
            check()
    finally:
        db.session.rollback()


def guard(app: Flask) -> Flask:
    """The application, ready to be served; ends the process when it must not be."""
    try:
        with app.app_context():
            run()
            db.session.remove()
            db.engine.dispose()  # whoever forks from here shares no connection
    except Refusal as reason:
        log.critical("ALARM: %s", reason)
        sys.exit(str(reason))
    except DBAPIError as away:
        log.warning("the database is away (%s); nothing is served before it has been looked at", type(away).__name__)
        _ask_first(app)
    return app


def _ask_first(app: Flask) -> None:
    """Ask again at every request until there is an answer."""
    passed = False

    def ask() -> None:
        nonlocal passed
        if passed or request.blueprint == "health":
            return
        try:
            run()
        except Refusal as reason:
            log.critical("ALARM: %s", reason)
            raise Unavailable(_("지금은 사이트를 열 수 없어요. 관리자가 확인하고 있어요.")) from reason
        passed = True

    app.before_request(ask)
