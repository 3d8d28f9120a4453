"""Values of a draw, as officials type them, and statements of observers on its list."""

import re
from collections.abc import Sequence
from datetime import datetime

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.ballots.box.closing import lottery_held_at
from civic_forum.ballots.rules import signing
from civic_forum.ballots.rules.log import stamp
from civic_forum.blocks.two_people import Strength, TwoPeople, why_not_second
from civic_forum.calls.judging import operations as judging
from civic_forum.platform import clock
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, moment
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case

from .. import operations, queries
from ..events import DrawDone
from ..models import Draw, DrawEntry, DrawObserved
from ..rules import filling, lots
from .holding import CONFIRMED_WITHIN, held, holding, may, signatory, standing

REMARK_MOST = 1_000


def lottery_at(draw: Draw) -> datetime:
    return lottery_held_at(draw.lottery)


def _state_late(work: Work, draw: Draw) -> None:
    """Nobody has the round of the beacon: the first lottery 72 hours from here counts alone."""
    draw.late_at = at = work.at.replace(microsecond=0)
    operations.sign(draw, "late", filling.late_message(draw.commit, at))
    draw.signatures = draw.signatures | {"late": {"at": stamp(at), "signature": draw.signatures["late"]}}


def may_state_late(actor: User, draw: Draw) -> str | None:
    if reason := may(actor, draw):
        return reason
    is_open = draw.definition and draw.late_at is draw.drawn_at is draw.ended_at is None
    is_time = is_open and (
        clock.now() >= lots.round_at(draw.known["round"]) + filling.NO_BEACON)
    return None if is_time else _("공개 난수가 나올 때부터 14일이 지난 뒤에만 할 수 있어요.")


LATE: TwoPeople[Draw] = TwoPeople(
    name="draws.late", strength=Strength.STRICT, lasts=CONFIRMED_WITHIN, may=may_state_late, held=held,
    shown=lambda draw: [draw.id, str(draw.late_at)], signatory=signatory, held_for=people.held_for,
    carry_out=_state_late)


def enter(slug: str, balls: Sequence[int], bonus: int, signature: str, *, by: User, attempt: int | None = None) -> bool:
    """Type the values of the lottery and the beacon, unseen by each other; of an earlier attempt that stands, where
    one is named. True once two agree on what was not known before: the result follows. Raises Refusal for what is
    none."""
    typists = queries.typists(slug)
    with holding(slug, by, *typists) as (work, call, last):
        draw = standing(queries.locked(queries.published(slug, attempt).id) if attempt else last)
        if queries.typists(slug) - {by.id, *typists}:
            raise Conflict(_("방금 다른 담당자가 적었어요. 한 번 더 눌러 주세요."))
        if work.at < lottery_at(draw) + lots.AFTER_LOTTERY:
            raise Conflict(_("로또와 공개 난수가 나온 뒤, %(moment)s부터 적어요.", moment=moment(
                lottery_at(draw) + lots.AFTER_LOTTERY)))
        try:
            figures = filling.values(draw.lottery, balls, bonus).decode()
        except ValueError as wrong:
            raise Refusal(_("당첨 번호 여섯과 보너스를 1부터 45까지 서로 다르게 적어 주세요."), field="balls") from wrong
        if signature if draw.late_at else not re.fullmatch("[0-9a-f]{96}", signature):
            raise Refusal(_("공개 난수의 서명은 0-9와 a-f로 된 96글자예요. 난수가 나오지 않았다고 한 추첨에는 비워요."), field="signature")
        entry = DrawEntry(draw_id=draw.id, by_id=by.id, at=work.at, figures=figures, signature=signature)
        entry.agrees = _agrees(draw, entry)
        known = queries.values(draw.id)
        work.session.add(entry)
        work.record("draws.values_typed", draw)
        is_new = known is None or (known.figures, known.signature) != (figures, signature)
        if not (entry.agrees and is_new):
            return False
        work.session.flush()
        if known is not None and draw.is_tie and call.decided_at is None:
            judging.reopen_equals(work, call, ())
        operations.follow(work, draw)
        work.emit(DrawDone(draw.id))
        return True


def _agrees(draw: Draw, entry: DrawEntry) -> bool:
    """True if another official, a second person by the strict rule, typed the same last. What was typed before two
    agreed the last time is settled: nobody goes back to it alone."""
    known = queries.values(draw.id)
    last = {each.by_id: each for each in queries.entries(draw.id) if known is None or each.id > known.id}
    same = [each.by_id for each in last.values() if each.by_id != entry.by_id
            and (each.figures, each.signature) == (entry.figures, entry.signature)]
    second = signatory(entry.by_id, draw)
    return any(why_not_second(signatory(first, draw), second, strength=Strength.STRICT, now=clock.now(),
                              held_for=people.held_for()) is None for first in same)


def observe(slug: str, key: str, agrees: bool, text: str, signature: str) -> None:
    """Take a statement that a named observer signed before the lottery. Raises Refusal for any other."""
    text = words_given(text, 0, REMARK_MOST, "text")
    known = queries.published(slug)
    with use_case(None) as work:
        draw = standing(queries.locked(known.id))
        if work.at >= lottery_at(draw):
            raise Conflict(_("로또를 뽑은 뒤에는 서명을 받지 않아요."))
        is_named = key in {each["key"] for each in draw.known["observers"]}
        if not is_named or not re.fullmatch("[0-9a-f]{128}", signature) or not signing.verify(
                bytes.fromhex(key), filling.observed_message(draw.commit, agrees, text), bytes.fromhex(signature)):
            raise Refusal(_("이 추첨에 이름을 올린 참관인의 서명이 아니에요."), field="signature")
        work.session.add(DrawObserved(draw_id=draw.id, key=key, agrees=agrees, text=text, signature=signature,
                                      at=work.at))
        work.record("draws.observed", draw, agrees=agrees)
