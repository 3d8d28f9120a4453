"""Decisions of the district about changes of commitments."""

from civic_forum.platform import setting_shapes as shapes
from civic_forum.platform import settings
from civic_forum.platform.i18n import _l
from civic_forum.platform.settings import Group, Setting, declare

from .rules import Limits

BIND, MONTHS, PERCENT = "PLEDGE_CHANGES_NEED_VOTE", "PLEDGE_SLIP_MONTHS", "PLEDGE_MONEY_PERCENT"
declare(Setting(
    name=BIND, group=Group.RULES, label=_l("약속을 바꿀 때 평가단의 승인"), default=False,
    shape=shapes.switch(_l("승인이 있어야 바꿔요"), _l("승인이 없어도 바꿔요")),
    does=_l("약속을 변경하거나 폐기할 때, 날과 돈이 아래 기준보다 많이 바뀔 때 평가단이 먼저 승인해야 하는지예요.")))
declare(Setting(
    name=MONTHS, group=Group.RULES, label=_l("평가단에 묻는 미룸"), default=12,
    shape=shapes.count(0, 60, _l("%(count)s달 넘게")), does=_l("처음 약속한 날보다 이만큼 넘게 미루면 물어요. 0이면 묻지 않아요.")))
declare(Setting(
    name=PERCENT, group=Group.RULES, label=_l("평가단에 묻는 돈"), default=20,
    shape=shapes.count(0, 1000, _l("%(count)s%% 넘게")), does=_l("처음 계획한 돈보다 이만큼 넘게 바뀌면 물어요. 0이면 묻지 않아요.")))


def binds() -> bool:
    """True where a change that the limits cover takes an approval of the body."""
    return bool(_value(BIND))


def limits() -> Limits:
    return Limits(months=int(_value(MONTHS)), percent=int(_value(PERCENT)))


def _value(name: str) -> object:
    return settings.now().values.get(name, settings.SETTINGS[name].default)
