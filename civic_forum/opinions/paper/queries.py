"""SELECTs of paper: sheets that were printed, and what was typed in."""

from collections import defaultdict
from collections.abc import Mapping

import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _

from .. import keyring
from ..models import PaperRun, PaperTyping, Participant
from ..rules import Basis
from ..sealing import Keys


def sheets_counted(consultation_id: int) -> int:
    """Sheets of paper that count."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Participant).where(
        Participant.consultation_id == consultation_id, Participant.basis == Basis.PAPER)) or 0


def paper_run(consultation_id: int, sheet: int) -> PaperRun:
    """The printing to which a sheet belongs. Raises NotFound for one that was never printed."""
    return existing(db.session.scalar(sa.select(PaperRun).where(
        PaperRun.consultation_id == consultation_id, PaperRun.first <= sheet, PaperRun.last >= sheet)),
        lambda: NotFound(_("이 번호로 인쇄한 종이가 없어요. 종이 오른쪽 위의 번호를 확인해 주세요.")))


def paper_runs(consultation_id: int, limit: int = 20) -> list[PaperRun]:
    """Printings, the newest first."""
    return list(db.session.scalars(sa.select(PaperRun).filter_by(consultation_id=consultation_id)
                                   .order_by(PaperRun.first.desc()).limit(limit)))


def typed_once(consultation_id: int, limit: int = 400) -> Mapping[int, list[str]]:
    """Sheets that wait for another typing → what was typed; none where the key is not there."""
    sheets: dict[int, list[str]] = defaultdict(list)
    if keyring.is_there(consultation_id):
        keys = keyring.keys(consultation_id)
        for typing in db.session.scalars(sa.select(PaperTyping).filter_by(consultation_id=consultation_id)
                                         .order_by(PaperTyping.sheet).limit(limit)):
            sheets[typing.sheet].append(typed(keys, typing))
    return sheets


def typed(keys: Keys, typing: PaperTyping) -> str:
    """Text of a typing; nothing for a damaged one."""
    return (keys.open("typed", typing.answers, typing.sheet, typing.by_id) or b"").decode()
