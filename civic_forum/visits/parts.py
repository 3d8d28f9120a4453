"""Parts of a request for a visit, as its form asks for them."""

from dataclasses import dataclass

from civic_forum.blocks.parts import Number, Part, line, paragraphs, said_by
from civic_forum.district.parts import neighbourhood_field
from civic_forum.forums.settings import decided
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, _l

from .rules import MOST_NAMES, WHY_MOST


@dataclass(frozen=True, kw_only=True)
class Asking(Part):
    """Neighbourhood, place and reason of a request, and how many names stand on its paper."""

    neighbourhood_id: int | None = said_by(neighbourhood_field(_l("동"), key="neighbourhood"), None)
    place: str = line(_l("곳"), 200, needed=True, empty="", hint=_l("예: 초등학교 뒷문 앞"))
    why: str = paragraphs(_l("왜 와야 하나요"), WHY_MOST, 4, needed=True, hint=_l("이름이나 전화번호는 적지 않아요."))
    names: int | None = said_by(Number(label=_l("종이에 적힌 이름이 몇 명인가요"), most=MOST_NAMES, hint=_l(
        "사람 수만 적어요. 종이는 구청에 갈 때 보여 주세요.")))

    def check(self) -> None:
        """Raises Refusal at the field."""
        super().check()
        if self.neighbourhood_id is None:
            raise Refusal(_("동을 골라 주세요."), field="neighbourhood_id")
        if (self.names or 0) < (least := decided("VISIT_NAMES")):
            raise Refusal(_("%(least)s명부터 청할 수 있어요.", least=least), field="names")
