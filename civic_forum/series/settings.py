"""Decisions of the district about assemblies."""

from typing import Any

from civic_forum.platform import setting_shapes as shapes
from civic_forum.platform import settings
from civic_forum.platform.i18n import _l
from civic_forum.platform.settings import Group, Setting, declare

declare(Setting(
    name="ASSEMBLY_NOTICE_DAYS", group=Group.RULES, label=_l("주민총회 공고"), default=7,
    shape=shapes.count(0, 60, _l("%(count)s일 이상")), does=_l("투표를 시작하기 며칠 전까지 공고하는지예요. 조례가 정한 날수를 적어요.")))


def notice_days() -> Any:
    """Days for which a notice stands before the vote of an assembly begins."""
    name = "ASSEMBLY_NOTICE_DAYS"
    return settings.now().values.get(name, settings.SETTINGS[name].default)
