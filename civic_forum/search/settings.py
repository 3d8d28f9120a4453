"""Words for the same that the district has itself."""

from civic_forum.platform import setting_shapes as shapes
from civic_forum.platform.i18n import _l
from civic_forum.platform.settings import Group, Setting, declare

declare(Setting(
    name="ALIKE_WORDS", group=Group.NAMES, label=_l("같은 뜻으로 찾을 말"), default=[], shape=shapes.lines(),
    does=_l("한 줄에 적은 말들은 하나만 찾아도 모두 찾아요. 예: 금나래 아트홀 문화회관")))
