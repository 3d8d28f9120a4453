"""Decision of the district under which licence its records may be used."""

from civic_forum.platform import setting_shapes as shapes
from civic_forum.platform import settings
from civic_forum.platform.i18n import _l
from civic_forum.platform.settings import Group, Setting, declare

NAME, NONE, KOGL = "OPEN_LICENCE", "0", "https://www.kogl.or.kr"
LICENCES = {
    NONE: _l("정하지 않았어요"), "1": _l("제1유형: 출처표시"), "2": _l("제2유형: 출처표시, 상업적 이용금지"),
    "3": _l("제3유형: 출처표시, 변경금지"), "4": _l("제4유형: 출처표시, 상업적 이용금지, 변경금지")}
"""Types of the Korea Open Government Licence (공공누리)."""
declare(Setting(
    name=NAME, group=Group.RULES, label=_l("공공누리 유형"), default=NONE, shape=shapes.choice(LICENCES),
    does=_l("지난 기록의 글과 사진을 누구나 어떻게 쓸 수 있는지예요.")))


def licence() -> str:
    """Number of the type that the district chose; empty for none."""
    chosen = str(settings.now().values.get(NAME, NONE))
    return "" if chosen == NONE else chosen
