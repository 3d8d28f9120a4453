"""Preparing a call: what it misses, its questions, letting everybody see it by another person."""

from datetime import datetime
from typing import Any

from civic_forum.blocks import questions_desk
from civic_forum.blocks.process import Gap, Move, PartPage, Process
from civic_forum.platform.i18n import _, _l, last_day
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work

from . import labels, policy, queries
from .extensions import TAUGHT, WHY_NOT_LOTS
from .events import CallAnnounced, CallEdited
from .models import Call
from .parts import NAMES, PARTS, Wording
from .rules import KIND, CallKind, CallStage, named_options


def gaps(call: Call, at: datetime) -> list[Gap]:
    """Gaps of a call before everybody may see it."""
    scores, closes = call.has_scores, call.closes_at
    too_early = call.scores_until is None or closes is not None and call.scores_until <= last_day(closes)
    options = [option for question in queries.lot_questions(call) for option in question.options]
    known = [option for option in named_options(call.lots) if options.count(option) == 1]
    is_known = call.is_by_lot and bool(call.places) and len(known) == len(named_options(call.lots))
    wrong = WHY_NOT_LOTS.ask(call) if is_known else []
    checks = (
        ("text", "wording", not call.text, _("왜 모으는지 적어 주세요.")),
        ("closes_at", "times", call.opens_at is None or closes is None, _("언제부터 언제까지 신청하는지 정해 주세요.")),
        ("closes_at", "times", closes is not None and closes <= at, _("마감이 지났어요. 때를 다시 정해 주세요.")),
        ("body", "choosing", scores and call.body_id is None, _("심사하는 위원회를 정해 주세요.")),
        ("criteria", "choosing", scores and (not call.criteria or call.points < (call.least_points or 0)),
         _("점수를 매기는 기준을 적어 주세요. 가장 적은 점수는 모두 더한 것보다 클 수 없어요.")),
        ("scores_until", "choosing", scores and too_early, _("점수를 매기는 마지막 날을 마감 다음 날부터로 정해 주세요.")),
        ("filled", "amounts", call.kind is CallKind.SEATS and call.filled_id is None, _("어느 위원회의 자리인지 정해 주세요.")),
        ("places", "amounts", call.is_by_lot and not call.places, _("몇을 추첨하는지 적어 주세요.")),
        ("lots", "choosing", call.is_by_lot and bool(call.lots) and call.places != sum(
            lot["places"] for lot in call.lots),
         _("추첨마다 뽑는 자리를 모두 더하면 뽑는 수가 되어야 해요.")),
        ("lots", "choosing", call.is_by_lot and len(known) != len(named_options(call.lots)),
         _("추첨에 쓰는 답이 꼭 답해야 하고 봉인하는 고르기 질문 하나에 있어야 해요.")),
        ("lots", "choosing", bool(wrong),
         _("추첨 차례 「%(lot)s」의 묶음이 서로 걸치거나, 자리보다 많이 필요하거나, 1,000칸을 넘어요.", lot=wrong[0] if wrong else "")),
        ("has_lot", "choosing", call.kind is CallKind.PRIZE and call.is_by_lot, _("포상은 추첨만으로 정하지 않아요.")),
        ("prizes", "amounts", call.kind is CallKind.PRIZE and not call.prizes, _("어떤 상을 몇 개 주는지 적어 주세요.")),
        *_hours(call), ("questions", "questions", not call.questions, _("신청하는 사람에게 물을 것을 하나 이상 적어 주세요.")))
    return [Gap(name, sentence, part) for name, part, is_missing, sentence in checks if is_missing]


def _hours(call: Call) -> tuple[tuple[str, str, bool, str], ...]:
    """Hours that a course has, and hours of a course that a call asks for."""
    most = call.course.hours or 0 if call.course else 0
    return (("hours", "sessions", call.kind is CallKind.COURSE and sum(TAUGHT.ask(call)) < 60 * (call.hours or 0),
             _("마치는 시간보다 회차가 짧아요. 회차를 더 넣어 주세요.")),
            ("course", "eligible", not 0 < (call.course_hours or 0) <= most if call.course else bool(call.course_hours),
             _("먼저 들어야 하는 교육과 시간을 함께 정해 주세요. 그 교육에서 마치는 시간보다 길 수 없어요.")))


def _in_step(work: Work, call: Call) -> None:
    """Note who edited it last, or announced it."""
    if call.announced_at is None:
        call.edited_by_id = work.actor.id
    else:
        call.announced_by_id = work.actor.id


def _changed(work: Work, call: Call, part: Any) -> None:
    """Nobody gives a call out of the own hands."""
    if isinstance(part, Wording):
        require(work.actor, policy.may_prepare, call)


PROCESS: Process[Call] = Process(
    area="calls", model=Call, stages=labels.STAGE, locked=queries.locked, gaps=gaps, keep_in_step=_in_step,
    parts={name: PartPage(part, NAMES[name], policy.may_prepare) for name, part in PARTS.items()},
    may_announce=policy.may_announce, edited=CallEdited, announced=CallAnnounced,
    outdated=_l("그 사이에 다른 사람이 이 모집을 고쳤어요. 지금 내용을 확인한 뒤 다시 저장해 주세요."),
    moves=(Move("announce", "announcements", frozenset((CallStage.PREPARING,)), CallStage.ANNOUNCED,
                lambda *arguments, by: PROCESS.announce(*arguments, by=by), _l("모두에게 알렸어요.")),),
    changed=_changed)
QUESTIONS = questions_desk.ordered(process=PROCESS, kind=KIND, may=policy.may_prepare)
