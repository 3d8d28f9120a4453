"""Decisions of the district about visits."""

from functools import partial
from typing import Any

from civic_forum.platform import setting_shapes as shapes
from civic_forum.platform import settings
from civic_forum.platform.i18n import _l
from civic_forum.platform.settings import Group, Setting, declare

RULES = partial(Setting, group=Group.RULES)
declare(
    RULES(name="VISIT_KINDS", label=_l("찾아가는 날의 종류"), does=_l("찾아가는 날을 만들 때 이 가운데 골라요."),
          shape=shapes.lines(), default=[]),
    RULES(name="MAYOR_VISITS", label=_l("구청장이 가는 종류"), shape=shapes.lines(), default=[],
          does=_l("찾아가는 날의 종류 가운데 구청장이 가는 것이에요. 선거일 60일 전부터는 알리지 않아요.")),
    RULES(name="ELECTION_DAYS", label=_l("선거일"), shape=shapes.days(), default=[],
          does=_l("그 60일 전부터는 구청장이 가는 날을 알리지 않아요.")),
    RULES(name="VISIT_NAMES", label=_l("와 달라고 청하는 사람 수"), shape=shapes.count(1, 1000, _l("%(count)s명부터")), default=5,
          does=_l("종이에 적힌 이름이 이만큼이면 찾아와 달라고 청할 수 있어요.")),
    RULES(name="VISITS_A_YEAR", label=_l("동마다 한 해에 찾아가는 날"), shape=shapes.count(0, 366, _l("%(count)s번 이상")),
          default=0, does=_l("찾아가는 날 화면이 몇 동이 그만큼 되었는지 말해요. 0이면 정하지 않은 것이에요.")))


def decided(name: str) -> Any:
    """Value of one of these."""
    return settings.now().values.get(name, settings.SETTINGS[name].default)
