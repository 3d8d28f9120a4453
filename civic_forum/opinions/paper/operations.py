"""Sheets that came back are written down, inside the caller's transaction."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import same_person
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.work import Work

from .. import identities, keyring
from .. import operations as consultation_steps
from .. import queries as consultations
from ..events import SheetCounted
from ..models import Consultation, PaperRun, PaperTyping
from ..operations import BroughtIn
from ..policy import may_use_paper
from ..rules import Basis
from . import queries, rules


class State(StrEnum):
    """State of a sheet after a typing."""

    ONCE = "once"
    COUNTED = "counted"
    DIFFERS = "differs"


class Typed(NamedTuple):
    state: State
    differs_at: list[int]
    """Numbers of statements."""


def write(work: Work, consultation_id: int, sheet: int, typed: str) -> Typed:
    """Note what the actor typed of a sheet; it counts once two people typed the same. Raises as `services.type_in`."""
    by = work.actor
    consultation = consultation_steps.held(consultation_id, by, may_use_paper)
    run = queries.paper_run(consultation_id, sheet)
    text = _read(typed, run)
    mark = identities.made(consultation_id, Basis.PAPER, str(sheet))
    if consultations.participant(consultation_id, [mark.value]):
        raise Conflict(_("%(sheet)s번 종이는 이미 세었어요.", sheet=sheet), field="sheet")
    there = {typing.by_id: typing for typing in work.session.scalars(
        sa.select(PaperTyping).filter_by(consultation_id=consultation_id, sheet=sheet).with_for_update())}
    own = there.pop(by.id, None)
    _refuse_same_person(there, by=by)
    own = own or PaperTyping(consultation_id=consultation_id, sheet=sheet, by_id=by.id)
    keys = keyring.keys(consultation_id)
    own.answers = keys.seal("typed", text.encode(), sheet, by.id)
    work.session.add(own)
    work.record("opinions.sheet_typed", consultation, sheet=sheet)
    others = [queries.typed(keys, typing) for typing in there.values()]
    if text in others:
        return _count(work, consultation, run, sheet, text)
    differs = sorted({line for other in filter(None, others) for line in rules.differences(text, other)})
    return Typed(State.DIFFERS if there else State.ONCE, differs)


def _refuse_same_person(typists: Iterable[int], *, by: User) -> None:
    if any(same_person(db.session.get_one(User, typist), by) for typist in typists):
        raise Denied(_("이 종이는 같은 분의 다른 계정으로 이미 입력했어요. 두 번째는 다른 사람이 입력해요."))


def _read(typed: str, run: PaperRun) -> str:
    try:
        text = rules.read(typed, len(run.statements))
    except rules.Misread as wrong:
        if wrong.place:
            raise Refusal(_("%(place)s번째 글자를 확인해 주세요. 1, 2, 3이나 -만 적어요.", place=wrong.place), field="typed") from wrong
        raise Refusal(_("의견이 %(lines)s개예요. 한 글자씩 모두 적어 주세요.", lines=len(run.statements)), field="typed") from wrong
    if not text.strip(rules.NOTHING):
        raise Refusal(_("아무것도 표시하지 않은 종이는 적지 않아요."), field="typed")
    return text


def _count(work: Work, consultation: Consultation, run: PaperRun, sheet: int, text: str) -> Typed:
    work.session.flush()
    work.session.execute(sa.delete(PaperTyping).where(
        PaperTyping.consultation_id == consultation.id, PaperTyping.sheet == sheet))
    mark = identities.made(consultation.id, Basis.PAPER, str(sheet))
    consultation_steps.bring_in(work, consultation, [
        BroughtIn(mark.value, mark.basis, rules.answers(text, run.statements))])
    work.emit(SheetCounted(consultation.id, sheet))
    return Typed(State.COUNTED, [])
