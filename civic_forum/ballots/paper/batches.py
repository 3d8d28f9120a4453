"""Typing paper in: two people who do not see each other's entry, a third for what they read differently."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from secrets import token_bytes
from typing import NamedTuple

import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound, Refusal
from civic_forum.platform.i18n import _, end
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from .. import queries as boxes
from ..box.locking import acting, take_lock
from ..models import BallotBox
from .models import PaperBatch, PaperEntry
from ..policy import may_settle, may_type, why_own_list
from ..rules.boxes import BoxStage, stage_of
from ..rules.choices import BoxRule, NotAccepted
from ..rules.choices import Refusal as Reason
from ..voting import refusals
from . import queries, rules
from .rules import LEAST_SHEETS, MOST_SHEETS, Misread, Unreadable

NOTE_LEAST, NOTE_MOST = 5, 200
N_BYTES = 32


class Outcome(StrEnum):
    """The state of a batch after somebody finished typing it."""

    WAITS = "waits"
    """For the second typist."""
    SETTLED = "settled"
    DIFFERS = "differs"


class Decision(NamedTuple):
    """A sheet as the third person reads and types it, and why."""

    typed: str
    note: str


def open_batch(box_id: bytes, sheets: int, *, by) -> int:
    """Put so many of the returned sheets together; returns the number of the batch. Raises Conflict while paper still
    comes back, after the log is finished, and, with the figures, for more sheets than are left and for so few, or so
    few left behind, that they make no batch."""
    with _typing(box_id, by) as (work, _actor, box):
        if not 1 <= sheets <= MOST_SHEETS:
            raise Refusal(_("한 묶음은 1장부터 %(most)s장까지예요.", most=MOST_SHEETS), field="sheets")
        figures = queries.reconciliation(box_id)
        if sheets > figures.unbatched:
            raise Conflict(_("돌아온 종이 %(returned)s장 가운데 %(batched)s장을 이미 묶어서 %(left)s장 남았어요. "
                             "%(sheets)s장은 묶을 수 없어요.", returned=figures.returned, batched=figures.in_batches,
                             left=figures.unbatched, sheets=sheets), field="sheets")
        if not rules.fits(sheets, figures.unbatched, figures.batches):
            raise Conflict(_too_few(figures), field="sheets")
        taken = {batch.number for batch in queries.batches(box_id)}
        number = next(free for free in range(1, len(taken) + 2) if free not in taken)
        work.session.add(PaperBatch(box_id=box_id, number=number, sheets=sheets))
        work.record("ballots.batch_opened", box, batch=number, sheets=sheets)
        return number


def _too_few(figures: queries.Reconciliation) -> str:
    if figures.batches and figures.unbatched < LEAST_SHEETS:
        return _("남은 종이 %(left)s장만으로는 묶음을 만들 수 없어요. 다른 묶음을 풀어 함께 묶어 주세요.",
                 left=figures.unbatched)
    return _("한 묶음은 적어도 %(least)s장이고, 묶고 남는 종이도 없거나 적어도 %(least)s장이어야 해요. 돌아온 종이가 모두 그보다 적으면 "
             "한 묶음으로 만들어요. 지금 묶지 않은 종이는 %(left)s장이에요.", least=LEAST_SHEETS,
             left=figures.unbatched)


def dissolve(box_id: bytes, number: int, *, by) -> None:
    """Take a batch apart, with everything that was typed of it: one that nobody has settled, or where the sheets that
    are left make none of their own, any."""
    with _typing(box_id, by) as (work, _actor, box):
        stranded = queries.reconciliation(box_id).stranded
        batch = queries.batch(box_id, number, lock=True) if stranded else _unsettled(box_id, number)
        work.session.execute(sa.delete(PaperEntry).where(PaperEntry.box_id == box_id, PaperEntry.batch == number))
        work.session.delete(batch)
        work.record("ballots.batch_dissolved", box, batch=number, sheets=batch.sheets)


def type_sheet(box_id: bytes, number: int, sheet: int, typed: str, *, by) -> int:
    """Type one sheet, or type it again; returns how many of the batch this person has typed. Raises Refusal with what
    to do about what cannot be read, and Conflict once they have finished."""
    with _typing(box_id, by) as (work, actor, box):
        batch = queries.batch(box_id, number, lock=True)
        require(actor, may_type, queries.typing(batch))
        choice = _read(typed, boxes.rule_of(box))
        entry = queries.own_entry(box_id, number, actor.id)
        if entry is None:
            entry = PaperEntry(box_id=box_id, batch=number, typist_id=actor.id, sheets=[], at=work.at)
            work.session.add(entry)
        if not 1 <= sheet <= min(len(entry.sheets) + 1, batch.sheets):
            raise Conflict(_("종이를 차례대로 입력해 주세요. 지금은 %(next)s번째예요.", next=len(entry.sheets) + 1))
        entry.sheets = [*entry.sheets[:sheet - 1], choice.hex(), *entry.sheets[sheet:]]
        return len(entry.sheets)


def give_up(box_id: bytes, number: int, *, by) -> None:
    """Throw away one's own unfinished typing, so that somebody else can take it on."""
    with _typing(box_id, by) as (work, actor, box):
        entry = queries.own_entry(box_id, number, actor.id)
        if entry is None or entry.finished_at is not None:
            raise NotFound(_("지울 입력이 없어요. 묶음 목록을 새로 열어 확인해 주세요."))
        work.session.delete(entry)
        work.record("ballots.batch_given_up", box, batch=number)


def finish_typing(box_id: bytes, number: int, *, by) -> Outcome:
    """Say that one's own typing is done. The second one is compared with the first at once. Raises Conflict with the
    figures where there are fewer sheets than the batch has."""
    with _typing(box_id, by) as (work, actor, box):
        batch = _unsettled(box_id, number)
        require(actor, may_type, queries.typing(batch))
        entry = queries.own_entry(box_id, number, actor.id)
        typed = len(entry.sheets) if entry else 0
        if typed != batch.sheets:
            raise Conflict(_("이 묶음은 %(sheets)s장인데 %(typed)s장을 입력했어요. 종이를 다시 세어 보고, 묶음의 수가 틀렸다면 "
                             "묶음을 풀어 주세요.", sheets=batch.sheets, typed=typed))
        entry.finished_at = work.at
        work.session.flush()
        work.record("ballots.batch_typed", box, batch=number)
        done = queries.finished(box_id, number)
        if len(done) < 2:
            return Outcome.WAITS
        if differing := rules.differences(*done):
            work.record("ballots.batch_differs", box, batch=number, sheets=len(differing))
            return Outcome.DIFFERS
        _settle(work, box, batch, done[0])
        return Outcome.SETTLED


def settle(box_id: bytes, number: int, decisions: Mapping[int, Decision], *, by) -> None:
    """A third person decides every sheet that the two read differently, each with a note; the batch is fixed then.
    Raises Refusal at the field `sheet-N` or `note-N` that is wrong."""
    with _typing(box_id, by) as (work, actor, box):
        batch = _unsettled(box_id, number)
        require(actor, may_settle, queries.typing(batch))
        done = queries.finished(box_id, number)
        if len(done) < 2:
            raise Conflict(_("두 사람이 모두 입력한 뒤에 정할 수 있어요."))
        differing = rules.differences(*done)
        if set(decisions) != set(differing):
            raise Conflict(_("다르게 읽은 종이를 모두 정해 주세요. 화면을 새로 열어 확인해 주세요."))
        rule = boxes.rule_of(box)
        decided = {}
        for sheet in differing:
            decision = decisions[sheet]
            decided[sheet] = _read(decision.typed, rule, field=f"sheet-{sheet}")
            if not NOTE_LEAST <= len(decision.note) <= NOTE_MOST:
                raise Refusal(_("왜 그렇게 읽었는지 5자부터 200자까지 적어 주세요."), field=f"note-{sheet}")
        batch.note = "\n".join(f"{sheet}: {decisions[sheet].note}" for sheet in differing)
        batch.settled_by_id = actor.id
        _settle(work, box, batch, rules.agreed(*done, decided))


@contextmanager
def _typing(box_id: bytes, by) -> Iterator[tuple[Work, object, BallotBox]]:
    """Inside the box's lock, as somebody who may type, while there is something to type."""
    with use_case(by) as work:
        actor = acting(by, may_type)
        at = take_lock(box_id)
        box = boxes.held(box_id)
        require(actor, why_own_list, box.roll)
        if reason := why_not_typed(box, at):
            raise Conflict(reason)
        yield work, actor, box


def why_not_typed(box: BallotBox, at: datetime) -> str | None:
    """Reason of the moment against typing paper: before the close it would be a running count, and batches are made of
    all that came back."""
    if not stage_of(box, at).reached(BoxStage.CLOSED):
        return _("종이는 투표가 끝난 뒤에 입력해요. 그 전에는 아무도 중간 결과를 알 수 없어야 해요.")
    if at < queries.last_return(box):
        return _("종이 투표지를 %(until)s까지 받아요. 더 돌아올 종이가 없을 때 묶고 입력해요.",
                 until=end(queries.last_return(box)))
    if box.finished_at is not None:
        return _("이 투표의 종이는 마무리됐어요. 더 바꿀 수 없어요.")
    return None


def _unsettled(box_id: bytes, number: int) -> PaperBatch:
    batch = queries.batch(box_id, number, lock=True)
    if batch.settled_at is not None:
        raise Conflict(_("%(number)s번 묶음은 이미 정해졌어요. 바꿀 수 없어요.", number=number))
    return batch


def _settle(work: Work, box: BallotBox, batch: PaperBatch, sheets: list[bytes]) -> None:
    batch.choices, batch.counted, batch.invalid = rules.settled(boxes.rule_of(box), sheets)
    batch.n, batch.n2 = token_bytes(N_BYTES), token_bytes(N_BYTES)
    batch.settled_at = work.at
    work.record("ballots.batch_settled", box, batch=batch.number, sheets=batch.sheets)
    db.session.flush()


def _read(typed: str, rule: BoxRule, field: str = "sheet") -> bytes:
    try:
        return rules.read_sheet(typed, rule)
    except Unreadable as unread:
        raise Refusal(_misread(unread), field=field) from unread
    except NotAccepted as refused:
        raise Refusal(_against_rule(refused, rule), field=field) from refused


def _misread(unread: Unreadable) -> str:
    if unread.reason is Misread.EMPTY:
        return _("고른 번호를 적어 주세요. 아무것도 고르지 않은 종이는 무효라고 적어요.")
    if unread.reason is Misread.TWICE:
        return _("%(word)s번을 두 번 적었어요. 종이를 다시 보고 적어 주세요.", word=unread.word)
    return _("‘%(word)s’를 읽지 못했어요. 번호를 띄어 적거나 기권, 무효라고 적어 주세요.", word=unread.word[:20])


def _against_rule(refused: NotAccepted, rule: BoxRule) -> str:
    reason = refused.reason
    invalid = _("종이가 정말 그렇다면 무효라고 적어 주세요.")
    if reason is Reason.TOO_MANY:
        return _("%(limit)s까지 고를 수 있는데 더 많이 골랐어요.", limit=rule.limit) + " " + invalid
    if reason is Reason.NOT_EXACTLY:
        return _("꼭 %(limit)s개를 골라야 해요.", limit=rule.limit) + " " + invalid
    if reason is Reason.UNANSWERED:
        return _("질문마다 답을 적어 주세요. 찬성은 1, 반대는 2, 표시가 없으면 3이에요.")
    if reason is Reason.UNKNOWN_OPTION:
        return _("항목은 1번부터 %(options)s번까지예요. 번호를 다시 확인해 주세요.", options=rule.options)
    if reason is Reason.OVER_MONEY or refused.group is not None:
        return f"{refusals.not_accepted(refused, rule)} {invalid}"
    return _("이 투표에서 고를 수 없는 표시예요.") + " " + invalid
