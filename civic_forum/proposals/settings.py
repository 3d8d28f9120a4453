"""Decisions of the district about proposals."""

from collections.abc import Callable, Mapping

import sqlalchemy as sa

from civic_forum.platform import clock, settings
from civic_forum.platform import setting_shapes as shapes
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _, _l, number
from civic_forum.platform.settings import Group, Setting, Standing, declare
from civic_forum.platform.work import Work

from . import labels, operations, rules
from .models import Proposal
from .rules import State


def title_is_locked(proposal: Proposal) -> bool:
    """By what was decided when it was published."""
    lock_at = settings.value_at("TITLE_LOCK_SUPPORTS", proposal.published_at)
    return rules.title_is_locked(proposal.support_count, lock_at)


def _gathering(threshold: int) -> sa.Select[tuple[Proposal]]:
    """Those that gather supports still and need more than this."""
    return sa.select(Proposal).where(Proposal.state == State.GATHERING, Proposal.threshold > threshold,
                                     Proposal.gathering_ends_at > clock.now())


def _effect(threshold: int) -> str:
    enough = _gathering(threshold).where(Proposal.support_count >= threshold).subquery()
    count = db.session.scalar(sa.select(sa.func.count()).select_from(enough))
    return _("오늘이라면 모으고 있는 제안 %(count)s개가 바로 부서로 가요.", count=number(count or 0))


def _give_to_standing(work: Work, fields: Mapping[str, list]) -> None:
    """A lower threshold for those that gather, where it was so decided; what has enough is owed an answer from now."""
    threshold = fields["value"][1]
    if "standing" not in fields:
        return
    held = _gathering(threshold).order_by(Proposal.id).with_for_update().execution_options(populate_existing=True)
    for proposal in work.session.scalars(held):
        proposal.threshold = threshold
        operations.look_at_threshold(work, proposal)


def _above_threshold(after: int, of: Callable[[str], list]) -> str | None:
    return _("제목을 그대로 두는 공감 수는 공감 기준보다 클 수 없어요.") if after > min(of("SUPPORT_THRESHOLD")) else None


def _between_others(after: int, of: Callable[[str], list]) -> str | None:
    if after < max(of("TITLE_LOCK_SUPPORTS")):
        return _("공감 기준은 제목을 그대로 두는 공감 수보다 작을 수 없어요. 그 수를 먼저 낮춰 주세요.")
    below = any(after >= kept[0][0] for kept in of("SUPPORT_STEPS") if kept)
    return _("공감 기준은 그 위 단계보다 작아야 해요. 단계를 먼저 높여 주세요.") if below else None


def _steps_above_threshold(after: list, of: Callable[[str], list]) -> str | None:
    return _("단계는 공감 기준보다 커야 해요.") if after and after[0][0] <= max(of("SUPPORT_THRESHOLD")) else None


declare(
    Setting(name="SUPPORT_THRESHOLD", group=Group.THRESHOLDS, by_two=True, label=_l("공감 기준"),
            does=_l("공감이 이만큼 모이면 부서가 답해요. 제안은 등록한 날의 기준을 지켜요."),
            shape=shapes.count(1, 100_000, shapes.PEOPLE), contradiction=_between_others,
            compared=("TITLE_LOCK_SUPPORTS", "SUPPORT_STEPS"), carry_out=_give_to_standing,
            standing=Standing(label=_l("지금 모으고 있는 제안에도 낮은 기준을 줘요"), effect=_effect,
                              is_offered=lambda before, after: after < before)),
    Setting(name="SUPPORT_STEPS", group=Group.THRESHOLDS, by_two=True, label=_l("공감 기준 위의 단계"), default=[],
            does=_l("공감이 더 모이면 무엇을 더 하는지예요. 제안은 등록한 날의 단계를 지켜요."),
            shape=shapes.steps(labels.OWING, least=2, most=10_000, most_steps=4), contradiction=_steps_above_threshold,
            compared=("SUPPORT_THRESHOLD",)),
    Setting(name="SUPPORT_DAYS", group=Group.THRESHOLDS, by_two=True, label=_l("공감을 모으는 날"),
            does=_l("이 날 안에 공감 기준에 이르러야 해요. 제안은 등록한 날의 기간을 지켜요."), shape=shapes.count(1, 365, shapes.DAYS)),
    Setting(name="TITLE_LOCK_SUPPORTS", group=Group.THRESHOLDS, label=_l("제목을 그대로 두는 공감 수"),
            does=_l("공감이 이만큼 모이면 제목을 바꿀 수 없어요. 제안은 공개한 날의 수를 지켜요."),
            shape=shapes.count(0, 100_000, shapes.PEOPLE), contradiction=_above_threshold,
            compared=("SUPPORT_THRESHOLD",)),
    Setting(name="WHO_MAY_PROPOSE", group=Group.TAKING_PART, by_two=True, label=_l("누가 제안하나요"),
            does=_l("새 제안과 주민참여예산 제안에 쓰여요. 이미 올린 제안은 그대로예요."),
            shape=shapes.choice({"users": _l("가입한 누구나"), "residents": _l("확인된 주민과 여기서 일하거나 배우는 사람")})),
    Setting(name="HOLD_PROPOSALS", group=Group.TAKING_PART, by_two=True, label=_l("제안을 먼저 확인하나요"),
            does=_l("확인하기로 하면 운영자가 본 뒤에 모두에게 보여요."),
            shape=shapes.switch(_l("운영자가 먼저 확인해요"), _l("바로 모두에게 보여요"))))
