"""Two things that lie safe before a vote opens: a sealed copy of K, and a backup with the prepared box in it."""

from flask import current_app

from civic_forum.platform import last_backup
from civic_forum.platform.i18n import _

from ..models import BallotBox, Confirmation
from . import confirmations
from ..rules.boxes import ConfirmedAction


def is_needed(box: BallotBox) -> bool:
    """Rehearsals, and votes of a marked sample, open without; the page says so."""
    return not box.rehearsal and not current_app.config["SAMPLE"]


def copied(box: BallotBox) -> Confirmation | None:
    """The confirmation by which K was copied last."""
    return confirmations.confirmed(box.id, ConfirmedAction.EXPORT_KEY)


def is_backed_up(box: BallotBox) -> bool:
    """True if a backup was begun after the box was prepared."""
    made = last_backup.last()
    return made is not None and made.at >= box.created_at


def told(box: BallotBox) -> dict[str, object]:
    """State of copy and backup of a box that nobody has opened yet, for the page of its officials."""
    return {"is_needed": is_needed(box), "copied": copied(box),
            "proposed": confirmations.alive(box.id, ConfirmedAction.EXPORT_KEY), "is_backed_up": is_backed_up(box),
            "last": last_backup.last(), "asked": last_backup.asked()}


def why_not(box: BallotBox) -> str | None:
    """The first thing that is missing, with what to do."""
    if not is_needed(box):
        return None
    if copied(box) is None:
        return _("열쇠를 아직 복사하지 않았어요. ‘투표 진행하기’ 화면에서 두 담당관이 열쇠를 복사해 주세요.")
    if not is_backed_up(box):
        return _("투표함을 준비한 뒤에 만든 백업이 없어요. ‘투표 진행하기’ 화면에서 백업을 만들어 주세요.")
    return None
