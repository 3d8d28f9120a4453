"""Backups that a page asked for, made by the worker."""

import logging
from pathlib import Path

from flask import current_app

from . import backups, clock, last_backup
from .errors import Refusal
from .i18n import local
from .writers import turn_at

log = logging.getLogger(__name__)
TURN = "backup-turn"


def make() -> bool:
    """Make the one that was asked for; returns whether it was made. Of several workers one does it. After a crash it is
    begun again."""
    with turn_at(Path(current_app.config["DATA"]) / TURN):
        asked = last_backup.asked()
        if asked is None or asked.failed:
            return False
        name = local(clock.now()).strftime("%Y-%m-%d-%H%M%S")
        try:
            backups.backup(str(Path(current_app.config["BACKUPS"]) / name))
        except (Refusal, OSError) as trouble:
            log.error("a backup that was asked for was not made: %s", trouble)
            last_backup.done(asked, str(trouble))
            return False
        last_backup.done(asked)
        return True
